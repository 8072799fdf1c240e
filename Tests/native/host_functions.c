/* Functions of the host's that JavaScript calls: values both ways, errors, nesting. */
#include <pthread.h>

#include "test.h"

static miniracer_isolate isolate;
static miniracer_context context;

/* ---- Values ---- */

static int32_t sum(void *userdata, miniracer_call *call) {
  double total = 0;
  ++*(int *)userdata;
  for (uint32_t i = 0; i < call->argument_count; ++i) {
    total += call->arguments[i].tag == MINIRACER_INT32 ? call->arguments[i].as.int32 : call->arguments[i].as.number;
  }
  call->result = number(total);
  return 0;
}

static int32_t echo(void *userdata, miniracer_call *call) {
  CHECK(userdata == NULL);
  CHECK(call->struct_size == sizeof *call && call->context == context);
  CHECK_INT(MINIRACER_UNDEFINED, call->result.tag);
  CHECK_INT(MINIRACER_UNDEFINED, call->this_value.tag);
  return call->argument_count == 0 ? 0 : miniracer_call_return(call, &call->arguments[0]);
}

static void values(void) {
  int calls = 0;
  define(context, "sum", sum, &calls);
  CHECK_SCRIPT(context, "sum()", 0);
  CHECK_SCRIPT(context, "sum(1, 2.5, 3.5)", 7);
  CHECK_SCRIPT(context, "sum(...Array(1000).fill(1))", 1000);
  CHECK_SCRIPT(context, "let n = 0; for (let i = 0; i < 100000; ++i) n += sum(i & 1); n", 50000);
  CHECK_INT(100003, calls);
  define(context, "echo", echo, NULL);
  CHECK_SCRIPT_TEXT(
      context,
      "[undefined, null, true, 0, -0, 1.5, NaN, 2 ** 40, 'x', '\\ud800\\u1234', '', 7n, -(2n ** 90n), "
      "Symbol.iterator, globalThis, [1], echo].map(v => Object.is(echo(v), v)).join().replace(/true,?/g, '')",
      "");
  CHECK_SCRIPT_TEXT(context, "typeof echo()", "undefined");
  CHECK_SCRIPT_TEXT(context, "echo.name + '|' + echo.length + '|' + ('prototype' in echo)", "|0|false");
  CHECK_INT(0, handle_count(isolate)); /* what was lent came back */
}

static int32_t direct(void *userdata, miniracer_call *call) {
  call->result = *(miniracer_value *)userdata;
  return 0;
}

static void results(void) {
  miniracer_value given;
  define(context, "direct", direct, &given);
  given = int32(5);
  CHECK_SCRIPT(context, "direct()", 5);
  given = boolean(1);
  CHECK_SCRIPT_TEXT(context, "typeof direct()", "boolean");
  given = null();
  CHECK_SCRIPT_TEXT(context, "String(direct())", "null");
  given = EVALUATE(context, "globalThis.given = {}");
  CHECK_SCRIPT_TEXT(context, "String(direct() === given)", "true");
  miniracer_value copy = given;
  release(&copy);
  CHECK_SCRIPT_TEXT(context, "try { direct(); 'no' } catch (e) { e.name }", "Error"); /* stale */
  given = text("text is for miniracer_call_return");
  CHECK_SCRIPT_TEXT(context, "try { direct(); 'no' } catch (e) { e.name }", "Error");
  const uint64_t words[] = {1, 2};
  given = undefined();
  given.tag = MINIRACER_BIGINT, given.subtype = MINIRACER_BIGINT_WORDS, given.length = 2, given.as.words = words;
  CHECK_SCRIPT_TEXT(context, "try { direct(); 'no' } catch (e) { e.name }", "Error");
  given = undefined();
  given.tag = 77;
  CHECK_SCRIPT_TEXT(context, "try { direct(); 'no' } catch (e) { e.name }", "Error");
}

static int32_t returns_many(void *userdata, miniracer_call *call) {
  miniracer_value value = int32(1), bad = bytes("\xff", 1, MINIRACER_UTF8);
  (void)userdata;
  OK(miniracer_call_return(call, &value));
  value = text("caf\xc3\xa9 \xf0\x9f\x98\x80");
  OK(miniracer_call_return(call, &value));
  CHECK_STATUS(MINIRACER_INVALID_TEXT, miniracer_call_return(call, &bad)); /* changes nothing */
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_call_return(call, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_call_throw(call, NULL));
  return 0;
}

static int32_t returns_last(void *userdata, miniracer_call *call) {
  miniracer_value value = int32(2);
  (void)userdata;
  call->result = int32(1);
  OK(miniracer_call_return(call, &value));
  return 0;
}

static void call_return(void) {
  define(context, "many", returns_many, NULL);
  CHECK_SCRIPT_TEXT(context, "String(many() === 'caf\\xe9 \\u{1f600}')", "true");
  define(context, "last", returns_last, NULL);
  CHECK_SCRIPT(context, "last()", 2);
}

/* ---- Receivers, constructors, names ---- */

static int32_t receiver(void *userdata, miniracer_call *call) {
  (void)userdata;
  if ((call->flags & MINIRACER_CALL_CONSTRUCT) != 0) {
    miniracer_value key = text("made"), value = call->argument_count > 0 ? call->arguments[0] : undefined();
    CHECK_INT(MINIRACER_OBJECT, call->this_value.tag);
    OK(miniracer_object_set(call->context, call->this_value.as.handle, &key, &value, NULL, NULL));
    return 0;
  }
  return miniracer_call_return(call, &call->this_value);
}

static int32_t returns_object(void *userdata, miniracer_call *call) {
  (void)userdata;
  miniracer_value object = undefined();
  OK(miniracer_object_new(call->context, &object, NULL));
  OK(miniracer_call_return(call, &object));
  release(&object);
  return 0;
}

static void kinds(void) {
  miniracer_function_options options = function_options(receiver, NULL);
  options.flags = MINIRACER_FUNCTION_RECEIVER | MINIRACER_FUNCTION_CONSTRUCTOR;
  options.length = 2;
  options.name = text("Fran\xc3\xa7ois");
  define_with(context, "receiver", &options);
  CHECK_SCRIPT_TEXT(context, "String(receiver.name === 'Fran\\xe7ois') + receiver.length", "true2");
  CHECK_SCRIPT_TEXT(context, "String((o => o.receiver() === o)({receiver}))", "true");
  CHECK_SCRIPT_TEXT(context, "String(receiver.call('s') == 's')", "true");
  CHECK_SCRIPT(context, "new receiver(4).made", 4);
  CHECK_SCRIPT_TEXT(context, "String(new receiver instanceof receiver)", "true");
  CHECK_SCRIPT_TEXT(
      context, "class Sub extends receiver {}; const sub = new Sub(5); sub.made + String(sub instanceof Sub)", "5true");
  CHECK_SCRIPT(context, "Reflect.construct(receiver, [6]).made", 6);
  options = function_options(returns_object, NULL);
  options.flags = MINIRACER_FUNCTION_CONSTRUCTOR;
  define_with(context, "Factory", &options);
  CHECK_SCRIPT_TEXT(context, "String(new Factory instanceof Factory)", "false");
  define(context, "plain", echo, NULL);
  CHECK_SCRIPT_TEXT(context, "try { new plain; 'no' } catch (e) { e.name }", "TypeError");
  CHECK_SCRIPT_TEXT(context, "try { class X extends plain {}; 'no' } catch (e) { e.name }", "TypeError");
  CHECK_INT(0, handle_count(isolate));
}

/* ---- Taking arguments ---- */

static int32_t take(void *userdata, miniracer_call *call) {
  miniracer_value *taken = userdata;
  taken[0] = call->arguments[0];
  call->arguments[0].tag = MINIRACER_UNDEFINED;
  taken[1] = call->this_value;
  call->this_value.tag = MINIRACER_UNDEFINED;
  return 0;
}

static void taking(void) {
  miniracer_value taken[2], key = text("k"), result = undefined();
  miniracer_function_options options = function_options(take, taken);
  options.flags = MINIRACER_FUNCTION_RECEIVER;
  define_with(context, "take", &options);
  EXECUTE(context, "take.call({k: 1}, {k: 2}, {k: 3})");
  CHECK_INT(2, handle_count(isolate));
  collect_all(isolate);
  OK(miniracer_object_get(context, taken[0].as.handle, &key, NULL, &result, NULL));
  CHECK_NUMBER(2, result);
  OK(miniracer_object_get(context, taken[1].as.handle, &key, NULL, &result, NULL));
  CHECK_NUMBER(1, result);
  miniracer_value_release(taken, 2);
  EXECUTE(context, "take.call({k: 1}, 'a text, which is taken as well')");
  CHECK_INT(MINIRACER_STRING, taken[0].tag);
  miniracer_value_release(taken, 2);
}

/* ---- Nesting ---- */

static int32_t nest(void *userdata, miniracer_call *call) {
  int depth = call->arguments[0].as.int32, *deepest = userdata;
  if (depth > *deepest) *deepest = depth;
  char source[40];
  snprintf(source, sizeof source, "nest(%d) + 1", depth + 1);
  if (depth == 250) {
    call->result = int32(0);
    return 0;
  }
  return evaluate(context, source, NULL, &call->result, NULL);
}

static int32_t nest_for_ever(void *userdata, miniracer_call *call) {
  miniracer_error *error = NULL;
  ++*(int *)userdata;
  miniracer_status status = evaluate(context, "nestForEver()", NULL, &call->result, &error);
  if (error != NULL) miniracer_call_throw(call, &error->thrown);
  miniracer_error_free(error);
  return status;
}

/* ---- To a depth of 1000, on the 8 MB of stack that a main thread has ---- */

enum { kDeepest = 1000 };

/* JavaScript calls this, which calls JavaScript: by turns a function that it holds, and text. */
static int32_t descend(void *userdata, miniracer_call *call) {
  int *deepest = userdata, depth = call->arguments[0].as.int32;
  if (depth > *deepest) *deepest = depth;
  if (depth == kDeepest) {
    miniracer_error *error = NULL;
    evaluate(context, "throw new RangeError('at the bottom')", NULL, &call->result, &error);
    if (CHECK(error != NULL)) miniracer_call_throw(call, &error->thrown);
    miniracer_error_free(error);
    return 1;
  }
  miniracer_error *error = NULL;
  miniracer_status status;
  if (depth % 2 == 0) {
    miniracer_value next = int32(depth + 1);
    status =
        miniracer_function_call(context, call->arguments[1].as.handle, NULL, &next, 1, NULL, &call->result, &error);
  } else {
    char source[40];
    snprintf(source, sizeof source, "below(%d) + 1", depth + 1);
    status = evaluate(context, source, NULL, &call->result, &error);
  }
  if (error != NULL) miniracer_call_throw(call, &error->thrown);
  miniracer_error_free(error);
  return status;
}

static void *go_deep(void *deepest) {
  miniracer_isolate shared = isolate;
  miniracer_context above = context;
  isolate = new_isolate();
  context = new_context(isolate);
  define(context, "descend", descend, deepest);
  EXECUTE(context, "globalThis.below = (depth) => depth < 0 ? 0 : descend(depth, below)");
  CHECK_SCRIPT_TEXT(context, "try { below(0) } catch (e) { String(e) }", "RangeError: at the bottom");
  CHECK_SCRIPT(context, "1 + 1", 2);
  CHECK_INT(0, handle_count(isolate));
  OK(miniracer_isolate_dispose(isolate));
  isolate = shared;
  context = above;
  return NULL;
}

static void nesting_deeply(void) {
  miniracer_library_info info;
  memset(&info, 0, sizeof info);
  info.struct_size = sizeof info;
  OK(miniracer_library_get_info(&info));
  int deepest = 0, sanitizer = (info.features & MINIRACER_FEATURE_SANITIZER_BUILD) != 0;
  pthread_attr_t attributes;
  pthread_t thread;
  REQUIRE(pthread_attr_init(&attributes) == 0);
  /* A sanitizer's frames are several times as large. */
  REQUIRE(pthread_attr_setstacksize(&attributes, (size_t)(sanitizer ? 64 : 8) << 20) == 0);
  REQUIRE(pthread_create(&thread, &attributes, go_deep, &deepest) == 0);
  CHECK(pthread_join(thread, NULL) == 0);
  pthread_attr_destroy(&attributes);
  CHECK_INT(kDeepest, deepest);
}

static void nesting(void) {
  int deepest = 0, count = 0;
  define(context, "nest", nest, &deepest);
  CHECK_SCRIPT(context, "nest(0)", 250);
  CHECK_INT(250, deepest);
  define(context, "nestForEver", nest_for_ever, &count);
  miniracer_error *error = NULL;
  miniracer_value result = undefined();
  CHECK_STATUS(MINIRACER_EXCEPTION, evaluate(context, "nestForEver()", NULL, &result, &error));
  if (CHECK(error != NULL)) CHECK_TEXT("RangeError", error->name);
  miniracer_error_free(error);
  CHECK(count > 300);
  CHECK_SCRIPT(context, "1 + 1", 2);
  CHECK_INT(0, handle_count(isolate));
}

/* ---- Throwing ---- */

static int32_t fail(void *userdata, miniracer_call *call) {
  (void)call;
  return *(int32_t *)userdata;
}

static int32_t throw_value(void *userdata, miniracer_call *call) {
  (void)userdata;
  OK(miniracer_call_throw(call, &call->arguments[0]));
  return 1;
}

static int32_t pass_through(void *userdata, miniracer_call *call) {
  (void)userdata;
  miniracer_value result = undefined();
  miniracer_error *error = NULL;
  CHECK_STATUS(MINIRACER_EXCEPTION,
               miniracer_function_call(context, call->arguments[0].as.handle, NULL, NULL, 0, NULL, &result, &error));
  miniracer_status status = miniracer_call_throw(call, &error->thrown);
  miniracer_error_free(error);
  return OK(status) ? 1 : 0;
}

static void throwing(void) {
  int32_t code = 42;
  define(context, "fail", fail, &code);
  CHECK_SCRIPT_TEXT(context, "try { fail(); 'no' } catch (e) { e.name + ' ' + /42/.test(e.message) }", "Error true");
  code = -1;
  CHECK_SCRIPT_TEXT(context, "try { fail(); 'no' } catch (e) { e.constructor.name }", "Error");
  define(context, "throwValue", throw_value, NULL);
  CHECK_SCRIPT(context, "try { throwValue(5); } catch (e) { e }", 5);
  CHECK_SCRIPT_TEXT(context, "try { throwValue('text'); } catch (e) { e }", "text");
  CHECK_SCRIPT_TEXT(context, "try { throwValue(undefined); 'no' } catch (e) { String(e) }", "undefined");
  CHECK_SCRIPT_TEXT(context, "try { throwValue(globalThis); } catch (e) { String(e === globalThis) }", "true");
  define(context, "passThrough", pass_through, NULL);
  CHECK_SCRIPT_TEXT(
      context,
      "const thrown = new RangeError('mine'); try { passThrough(() => { throw thrown; }); 'no' } catch (e) { "
      "String(e === thrown) }",
      "true");
  CHECK_INT(0, handle_count(isolate));
}

static int finalized_errors;

struct host_error {
  uint32_t constructor;
  const char *name, *message;
};

static int32_t throw_host_error(void *userdata, miniracer_call *call) {
  struct host_error *asked = userdata;
  miniracer_value name = asked->name == NULL ? undefined() : text(asked->name), message = text(asked->message);
  OK(miniracer_call_throw_error(call, asked->constructor, &name, &message, &finalized_errors, count_finalized));
  return 1;
}

static int32_t throw_twice(void *userdata, miniracer_call *call) {
  (void)userdata;
  miniracer_value message = text("first");
  OK(miniracer_call_throw_error(call, MINIRACER_THROW_ERROR, NULL, &message, &finalized_errors, count_finalized));
  message = text("second");
  OK(miniracer_call_throw_error(call, MINIRACER_THROW_ERROR, NULL, &message, &finalized_errors, count_finalized));
  /* These fail: the finalizer is called at once, once each. */
  message = int32(1);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_call_throw_error(call, MINIRACER_THROW_ERROR, NULL, &message,
                                                                      &finalized_errors, count_finalized));
  message = text("third");
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT,
               miniracer_call_throw_error(call, 5, NULL, &message, &finalized_errors, count_finalized));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_call_throw_error(NULL, MINIRACER_THROW_ERROR, NULL, &message,
                                                                      &finalized_errors, count_finalized));
  return 1;
}

/* Collects until the finalizers of what is garbage have been called. */
static void settle(void) {
  for (int i = 0; i < 3; ++i) {
    collect_all(isolate);
    EXECUTE(context, "0");
  }
}

static void host_errors(void) {
  struct host_error asked = {MINIRACER_THROW_TYPE_ERROR, NULL, "from the host"};
  define(context, "hostError", throw_host_error, &asked);
  const char *names[] = {"Error", "TypeError", "RangeError", "ReferenceError", "SyntaxError"};
  miniracer_value result = undefined();
  finalized_errors = 0;
  for (uint32_t i = 0; i < COUNT(names); ++i) {
    miniracer_error *error = NULL;
    asked.constructor = i;
    CHECK_STATUS(MINIRACER_EXCEPTION, evaluate(context, "hostError()", NULL, &result, &error));
    if (!CHECK(error != NULL)) continue;
    CHECK_TEXT(names[i], error->name);
    CHECK_TEXT("from the host", error->message);
    CHECK(error->host_error == &finalized_errors);
    CHECK((error->flags & MINIRACER_ERROR_NATIVE) != 0);
    CHECK_INT(1, error->line);
    settle();
    CHECK_INT(i, finalized_errors); /* the record holds it */
    miniracer_error_free(error);
    settle();
    CHECK_INT(i + 1, finalized_errors);
  }
  /* Caught in JavaScript and thrown again later, wrapped as a cause, named by the host. */
  asked.name = "ValueError";
  EXECUTE(context, "var kept; try { hostError(); } catch (e) { kept = e; }");
  settle();
  CHECK_INT(5, finalized_errors);
  miniracer_error *error = NULL;
  CHECK_STATUS(MINIRACER_EXCEPTION, evaluate(context, "throw kept", NULL, &result, &error));
  if (CHECK(error != NULL)) {
    CHECK_TEXT("ValueError", error->name);
    CHECK(error->host_error == &finalized_errors);
  }
  miniracer_error_free(error);
  error = NULL;
  CHECK_STATUS(MINIRACER_EXCEPTION,
               evaluate(context, "throw new Error('outer', {cause: kept})", NULL, &result, &error));
  if (CHECK(error != NULL && error->cause != NULL)) {
    CHECK(error->host_error == NULL);
    CHECK(error->cause->host_error == &finalized_errors);
  }
  miniracer_error_free(error);
  CHECK_SCRIPT_TEXT(context, "kept.name + Object.keys(kept).length + Reflect.ownKeys(kept).join()",
                    "ValueError0stack,message,name");
  EXECUTE(context, "kept = null");
  settle();
  CHECK_INT(6, finalized_errors);
  /* A copy of the Error or an object below it is not the host's. */
  CHECK_STATUS(MINIRACER_EXCEPTION,
               evaluate(context, "try { hostError(); } catch (e) { throw Object.create(e); }", NULL, &result, &error));
  CHECK(error != NULL && error->host_error == NULL);
  miniracer_error_free(error);
  settle();
  CHECK_INT(7, finalized_errors);
  finalized_errors = 0;
  define(context, "twice", throw_twice, NULL);
  CHECK_SCRIPT_TEXT(context, "try { twice(); } catch (e) { e.message }", "second");
  CHECK(finalized_errors >= 3);
  settle();
  CHECK_INT(5, finalized_errors);
}

/* A record outlives its isolate, and with it what the host put into the Error. */
static void host_error_outlives(void) {
  miniracer_isolate other = new_isolate();
  miniracer_context in_other = new_context(other);
  struct host_error asked = {MINIRACER_THROW_ERROR, NULL, "late"};
  miniracer_error *error = NULL;
  miniracer_value result = undefined(), taken;
  finalized_errors = 0;
  define(in_other, "hostError", throw_host_error, &asked);
  CHECK_STATUS(MINIRACER_EXCEPTION, evaluate(in_other, "hostError()", NULL, &result, &error));
  REQUIRE(error != NULL);
  /* The host takes the thrown value and lets go of it. */
  taken = error->thrown;
  error->thrown.tag = MINIRACER_UNDEFINED;
  release(&taken);
  for (int i = 0; i < 3; ++i) {
    collect_all(other);
    EXECUTE(in_other, "0");
  }
  CHECK_INT(0, finalized_errors);
  OK(miniracer_isolate_dispose(other));
  CHECK_INT(0, finalized_errors);
  CHECK(error->host_error == &finalized_errors);
  miniracer_error_free(error);
  CHECK_INT(1, finalized_errors);
}

int main(void) {
  isolate = new_isolate();
  context = new_context(isolate);
  RUN(values);
  RUN(results);
  RUN(call_return);
  RUN(kinds);
  RUN(taking);
  RUN(nesting);
  RUN(nesting_deeply);
  RUN(throwing);
  RUN(host_errors);
  RUN(host_error_outlives);
  CHECK_INT(0, handle_count(isolate));
  OK(miniracer_isolate_dispose(isolate));
  return test_result();
}
