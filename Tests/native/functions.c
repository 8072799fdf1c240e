/* Calling and constructing JavaScript's functions. */
#include "test.h"

static miniracer_isolate isolate;
static miniracer_context context;

static void calls(void) {
  miniracer_value add = EVALUATE(context, "((a, b) => a + b)"), arguments[2], result = undefined();
  arguments[0] = int32(1), arguments[1] = int32(2);
  OK(miniracer_function_call(context, add.as.handle, NULL, arguments, 2, NULL, &result, NULL));
  CHECK_NUMBER(3, result);
  arguments[0] = text("a");
  OK(miniracer_function_call(context, add.as.handle, NULL, arguments, 2, NULL, &result, NULL));
  CHECK_TEXT("a2", result);
  release(&result);
  OK(miniracer_function_call(context, add.as.handle, NULL, NULL, 0, NULL, &result, NULL));
  CHECK(result.tag == MINIRACER_DOUBLE && result.as.number != result.as.number);
  result = int32(6);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT,
               miniracer_function_call(context, add.as.handle, NULL, NULL, 1, NULL, &result, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT,
               miniracer_function_call(context, add.as.handle, NULL, arguments, 2, NULL, NULL, NULL));
  CHECK_NUMBER(6, result);
  release(&add);
}

static void receivers(void) {
  miniracer_value strict = EVALUATE(context, "(function () { 'use strict'; return this; })");
  miniracer_value sloppy = EVALUATE(context, "(function () { return typeof this; })"), result = undefined();
  miniracer_value receiver = int32(7);
  OK(miniracer_function_call(context, strict.as.handle, NULL, NULL, 0, NULL, &result, NULL));
  CHECK_INT(MINIRACER_UNDEFINED, result.tag);
  OK(miniracer_function_call(context, strict.as.handle, &receiver, NULL, 0, NULL, &result, NULL));
  CHECK_NUMBER(7, result);
  OK(miniracer_function_call(context, sloppy.as.handle, &receiver, NULL, 0, NULL, &result, NULL));
  CHECK_TEXT("object", result);
  release(&result);
  OK(miniracer_function_call(context, sloppy.as.handle, NULL, NULL, 0, NULL, &result, NULL));
  CHECK_TEXT("object", result);
  release(&result);
  receiver = EVALUATE(context, "({k: 8})");
  miniracer_value method = EVALUATE(context, "(function () { return this.k; })");
  OK(miniracer_function_call(context, method.as.handle, &receiver, NULL, 0, NULL, &result, NULL));
  CHECK_NUMBER(8, result);
  release(&receiver);
  release(&method);
  release(&strict);
  release(&sloppy);
}

static void many_arguments(void) {
  static miniracer_value list[70000];
  miniracer_value count = EVALUATE(context, "((...a) => a.length + a[a.length - 1])"), result = undefined();
  for (size_t i = 0; i < COUNT(list); ++i) list[i] = int32((int32_t)i);
  const uint32_t counts[] = {1, 7, 8, 9, 255, 256, 1000, 60000};
  for (size_t i = 0; i < COUNT(counts); ++i) {
    OK(miniracer_function_call(context, count.as.handle, NULL, list, counts[i], NULL, &result, NULL));
    CHECK_NUMBER((int32_t)counts[i] * 2 - 1, result);
  }
  CHECK_STATUS(MINIRACER_TOO_LARGE,
               miniracer_function_call(context, count.as.handle, NULL, list, COUNT(list), NULL, &result, NULL));
  CHECK_STATUS(MINIRACER_TOO_LARGE,
               miniracer_function_call(context, count.as.handle, NULL, list, UINT32_MAX, NULL, &result, NULL));
  /* A bad one among many is named. */
  list[300].tag = 99;
  miniracer_error *error = NULL;
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT,
               miniracer_function_call(context, count.as.handle, NULL, list, 1000, NULL, &result, &error));
  CHECK(error != NULL && error->message.length > 14 && memcmp(error->message.as.data, "arguments[300]", 14) == 0);
  miniracer_error_free(error);
  release(&count);
}

static void not_callable(void) {
  const char *sources[] = {"({})", "[]", "/x/", "new Proxy({}, {apply() { return 1; }})", "new Number(1)"};
  miniracer_value result = int32(6);
  for (size_t i = 0; i < COUNT(sources); ++i) {
    miniracer_value object = EVALUATE(context, sources[i]);
    CHECK_STATUS(MINIRACER_WRONG_TYPE,
                 miniracer_function_call(context, object.as.handle, NULL, NULL, 0, NULL, &result, NULL));
    CHECK_STATUS(MINIRACER_WRONG_TYPE,
                 miniracer_function_construct(context, object.as.handle, NULL, 0, NULL, &result, NULL));
    release(&object);
  }
  CHECK_NUMBER(6, result);
  miniracer_value proxy = EVALUATE(context, "new Proxy(() => 1, {apply() { return 2; }})");
  OK(miniracer_function_call(context, proxy.as.handle, NULL, NULL, 0, NULL, &result, NULL));
  CHECK_NUMBER(2, result);
  release(&proxy);
  miniracer_value class = EVALUATE(context, "(class {})");
  CHECK_STATUS(MINIRACER_EXCEPTION,
               miniracer_function_call(context, class.as.handle, NULL, NULL, 0, NULL, &result, NULL));
  release(&class);
}

static void constructs(void) {
  miniracer_value class =
      EVALUATE(context, "(class Point { constructor(x) { this.x = x; this.target = new.target.name; } })");
  miniracer_value argument = int32(3), made = undefined(), key = text("x"), x = undefined();
  OK(miniracer_function_construct(context, class.as.handle, &argument, 1, NULL, &made, NULL));
  OK(miniracer_object_get(context, made.as.handle, &key, NULL, &x, NULL));
  CHECK_NUMBER(3, x);
  key = text("target");
  OK(miniracer_object_get(context, made.as.handle, &key, NULL, &x, NULL));
  CHECK_TEXT("Point", x);
  release(&x);
  release(&made);
  release(&class);
  const char *none[] = {"(() => 1)",    "Math.max", "(async function () {})",
                        "({m() {}}).m", "Symbol",   "(class { constructor() { throw new TypeError('no'); } })"};
  for (size_t i = 0; i < COUNT(none); ++i) {
    miniracer_value function = EVALUATE(context, none[i]);
    miniracer_error *error = NULL;
    CHECK_STATUS(MINIRACER_EXCEPTION,
                 miniracer_function_construct(context, function.as.handle, NULL, 0, NULL, &made, &error));
    CHECK(error != NULL && is_text(&error->name, "TypeError"));
    miniracer_error_free(error);
    release(&function);
  }
  miniracer_value map = EVALUATE(context, "Map");
  OK(miniracer_function_construct(context, map.as.handle, NULL, 0, NULL, &made, NULL));
  CHECK_INT(MINIRACER_OBJECT_MAP, made.subtype);
  release(&made);
  release(&map);
  miniracer_value loop = EVALUATE(context, "(class { constructor() { for (;;); } })");
  miniracer_run_options run = with_timeout(10 * MILLISECOND);
  CHECK_STATUS(MINIRACER_TIMEOUT, miniracer_function_construct(context, loop.as.handle, NULL, 0, &run, &made, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT,
               miniracer_function_construct(context, loop.as.handle, NULL, 0, &run, NULL, NULL));
  release(&loop);
}

/* A function of one context called by way of another: it sees its own globals. */
static void across_contexts(void) {
  miniracer_context other = new_context(isolate);
  EXECUTE(other, "var here = 'other'");
  EXECUTE(context, "var here = 'first'");
  miniracer_value function = EVALUATE(other, "(function () { return here; })"), result = undefined();
  OK(miniracer_function_call(context, function.as.handle, NULL, NULL, 0, NULL, &result, NULL));
  CHECK_TEXT("other", result);
  release(&result);
  OK(miniracer_context_dispose(other));
  OK(miniracer_function_call(context, function.as.handle, NULL, NULL, 0, NULL, &result, NULL));
  CHECK_TEXT("other", result);
  release(&result);
  release(&function);
}

int main(void) {
  isolate = new_isolate();
  context = new_context(isolate);
  RUN(calls);
  RUN(receivers);
  RUN(many_arguments);
  RUN(not_callable);
  RUN(constructs);
  RUN(across_contexts);
  CHECK_INT(0, handle_count(isolate));
  OK(miniracer_isolate_dispose(isolate));
  return test_result();
}
