/* Running scripts: completion values, microtasks, options, re-use after every kind of end. */
#include "test.h"

static miniracer_isolate isolate;
static miniracer_context context;

static void completion_values(void) {
  CHECK_SCRIPT(context, "40 + 2", 42);
  CHECK_SCRIPT(context, "var kept = 5; kept", 5);
  CHECK_SCRIPT(context, "kept + 1", 6);
  CHECK_SCRIPT(context, "let also = 7; also", 7);
  CHECK_SCRIPT(context, "also", 7);
  CHECK_SCRIPT(context, "if (true) { 8; } else { 9; }", 8);
  CHECK_SCRIPT_TEXT(context, "typeof console + typeof require + typeof setTimeout", "objectundefinedundefined");
  CHECK_SCRIPT_TEXT(context, "typeof this", "object");
  CHECK_STATUS(MINIRACER_SYNTAX_ERROR, run_status(context, "let also = 8;;;)", NULL));
  CHECK_STATUS(MINIRACER_EXCEPTION, run_status(context, "throw 1", NULL));
  CHECK_SCRIPT(context, "also", 7);
  CHECK_SCRIPT_TEXT(context, "new Intl.NumberFormat('de').format(1234567.5)", "1.234.567,5");
}

static void options(void) {
  miniracer_value result = int32(4);
  miniracer_script made = script("1");
  miniracer_run_options run = with_timeout(0);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_evaluate(context, NULL, NULL, &result, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_evaluate(context, &made, NULL, NULL, NULL));
  made.flags = 1;
  CHECK_STATUS(MINIRACER_UNKNOWN_FLAG, miniracer_context_evaluate(context, &made, NULL, &result, NULL));
  made = script("1");
  made.source = int32(1);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_evaluate(context, &made, NULL, &result, NULL));
  made.source = undefined();
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_evaluate(context, &made, NULL, &result, NULL));
  made = script("1");
  made.name = int32(1);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_evaluate(context, &made, NULL, &result, NULL));
  made = script("1");
  made.line = -1;
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_evaluate(context, &made, NULL, &result, NULL));
  made.line = 0, made.column = -1;
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_evaluate(context, &made, NULL, &result, NULL));
  made = script("1");
  made.struct_size = 0;
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_evaluate(context, &made, NULL, &result, NULL));
  made = script("1");
  run.flags = 2;
  CHECK_STATUS(MINIRACER_UNKNOWN_FLAG, miniracer_context_evaluate(context, &made, &run, &result, NULL));
  run.flags = 0;
  run.struct_size = 2;
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_evaluate(context, &made, &run, &result, NULL));
  struct {
    miniracer_run_options run;
    uint64_t more[2];
  } newer_run = {with_timeout(SECOND), {0, 0}};
  newer_run.run.struct_size = sizeof newer_run;
  OK(miniracer_context_evaluate(context, &made, &newer_run.run, &result, NULL));
  CHECK_NUMBER(1, result);
  newer_run.more[1] = 1;
  result = int32(4);
  miniracer_error *error = NULL;
  CHECK_STATUS(MINIRACER_UNKNOWN_FIELD, miniracer_context_evaluate(context, &made, &newer_run.run, &result, &error));
  CHECK(error != NULL && error->status == MINIRACER_UNKNOWN_FIELD);
  miniracer_error_free(error);
  struct {
    miniracer_script script;
    uint64_t more[2];
  } newer;
  memset(&newer, 0, sizeof newer);
  newer.script = script("2");
  newer.script.struct_size = sizeof newer;
  newer.more[0] = 1;
  CHECK_STATUS(MINIRACER_UNKNOWN_FIELD, miniracer_context_evaluate(context, &newer.script, NULL, &result, NULL));
  CHECK_NUMBER(4, result);
  newer.more[0] = 0;
  OK(miniracer_context_evaluate(context, &newer.script, NULL, &result, NULL));
  CHECK_NUMBER(2, result);
  made = script("3");
  made.struct_size = 8 + 16; /* an older host's: only the source */
  made.line = -5;
  OK(miniracer_context_evaluate(context, &made, NULL, &result, NULL));
  CHECK_NUMBER(3, result);
  run = with_timeout(0);
  run.struct_size = 8;
  run.timeout = 1; /* not there for 8 bytes */
  for (int i = 0; i < 100; ++i) OK(run_status(context, "for (let i = 0; i < 1e4; ++i);", &run));
}

static void microtasks(void) {
  CHECK_SCRIPT(context, "var order = []; Promise.resolve().then(() => order.push(2)); order.push(1)", 1);
  CHECK_SCRIPT_TEXT(context, "order.join()", "1,2");
  /* After an exception too. */
  CHECK_STATUS(MINIRACER_EXCEPTION, run_status(context, "Promise.resolve().then(() => order.push(3)); throw 1", NULL));
  CHECK_SCRIPT_TEXT(context, "order.join()", "1,2,3");
  /* After a call, a property, a conversion. */
  miniracer_value object = EVALUATE(context,
                                    "({get k() { Promise.resolve().then(() => order.push(4)); }, toString() { "
                                    "Promise.resolve().then(() => order.push(5)); return ''; }})");
  miniracer_value key = text("k"), result = undefined();
  OK(miniracer_object_get(context, object.as.handle, &key, NULL, &result, NULL));
  OK(miniracer_value_to_string(context, &object, NULL, &result, NULL));
  CHECK_SCRIPT_TEXT(context, "order.join()", "1,2,3,4,5");
  release(&object);
  /* What throws in one hurts nobody. */
  CHECK_SCRIPT(context, "Promise.resolve().then(() => { throw 1; }); Promise.reject(2); 6", 6);
  OK(miniracer_isolate_run_microtasks(isolate, NULL, NULL));
}

static void explicit_microtasks(void) {
  miniracer_isolate_options asked = isolate_options();
  asked.flags = MINIRACER_ISOLATE_EXPLICIT_MICROTASKS;
  miniracer_isolate other = 0;
  REQUIRE_OK(miniracer_isolate_new(&asked, &other, NULL));
  miniracer_context in_other = new_context(other);
  EXECUTE(in_other, "var ran = 0; Promise.resolve().then(() => ++ran).then(() => ++ran)");
  CHECK_SCRIPT(in_other, "ran", 0);
  OK(miniracer_isolate_run_microtasks(other, NULL, NULL));
  CHECK_SCRIPT(in_other, "ran", 2);
  OK(miniracer_isolate_run_microtasks(other, NULL, NULL));
  CHECK_SCRIPT(in_other, "ran", 2);
  EXECUTE(in_other, "(async () => { for (;;) await 1; })()");
  miniracer_run_options run = with_timeout(20 * MILLISECOND);
  miniracer_error *error = NULL;
  CHECK_STATUS(MINIRACER_TIMEOUT, miniracer_isolate_run_microtasks(other, &run, &error));
  CHECK(error != NULL && error->status == MINIRACER_TIMEOUT);
  miniracer_error_free(error);
  CHECK_SCRIPT(in_other, "ran", 2);
  run.flags = 1;
  CHECK_STATUS(MINIRACER_UNKNOWN_FLAG, miniracer_isolate_run_microtasks(other, &run, NULL));
  CHECK_STATUS(MINIRACER_INVALID_HANDLE, miniracer_isolate_run_microtasks(in_other, NULL, NULL));
  OK(miniracer_isolate_dispose(other));
}

/* Clean-up callbacks of the engine's are tasks of its platform. */
static void finalization_registry(void) {
  EXECUTE(context,
          "var finalized = []; var registry = new FinalizationRegistry(held => finalized.push(held)); (() => { "
          "registry.register({}, 'first'); registry.register({}, 'second'); })()");
  for (int i = 0; i < 3; ++i) {
    collect_all(isolate);
    EXECUTE(context, "");
  }
  CHECK_SCRIPT_TEXT(context, "finalized.sort().join()", "first,second");
}

/* As any overflow of the stack: there is nothing wrong with the text. */
static void too_deep_to_compile(const char *source) {
  miniracer_value result = undefined();
  miniracer_script made = script(source);
  for (int module = 0; module < 2; ++module) {
    miniracer_error *error = NULL;
    CHECK_STATUS(MINIRACER_EXCEPTION, module ? miniracer_context_evaluate_module(context, &made, NULL, &result, &error)
                                             : miniracer_context_evaluate(context, &made, NULL, &result, &error));
    REQUIRE(error != NULL);
    CHECK_STATUS(MINIRACER_EXCEPTION, error->status);
    CHECK_TEXT("RangeError", error->name);
    CHECK_TEXT("Maximum call stack size exceeded", error->message);
    CHECK(error->thrown.tag == MINIRACER_OBJECT && error->thrown.subtype == MINIRACER_OBJECT_ERROR);
    miniracer_error_free(error);
  }
}

static void deep(void) {
  CHECK_STATUS(MINIRACER_EXCEPTION, run_status(context, "(function f() { return f() + 1; })()", NULL));
  CHECK_STATUS(MINIRACER_EXCEPTION, run_status(context,
                                               "JSON.stringify((a => { for (let i = 0; i < 1e6; ++i) a = [a]; "
                                               "return a; })([]))",
                                               NULL));
  /* Too deep for the parser, for the regular expression compiler, for a chain of Proxies and of bound functions. */
  CHECK_STATUS(MINIRACER_EXCEPTION, run_status(context, "eval('('.repeat(1e6) + ')'.repeat(1e6))", NULL));
  CHECK_STATUS(MINIRACER_EXCEPTION, run_status(context, "new RegExp('('.repeat(1e6) + ')'.repeat(1e6))", NULL));
  CHECK_STATUS(MINIRACER_EXCEPTION, run_status(context,
                                               "{ let p = {}; for (let i = 0; i < 1e6; ++i) p = new Proxy(p, "
                                               "{}); p.x }",
                                               NULL));
  run_status(context, "{ let f = () => 1; for (let i = 0; i < 1e5; ++i) f = f.bind(); f() }", NULL);
  size_t depth = 1000000;
  char *nested = malloc(2 * depth + 1);
  REQUIRE(nested != NULL);
  memset(nested, '[', depth);
  memset(nested + depth, ']', depth);
  nested[2 * depth] = 0;
  too_deep_to_compile(nested);
  free(nested);
  CHECK_SCRIPT(context, "1 + 1", 2);
}

int main(void) {
  isolate = new_isolate();
  context = new_context(isolate);
  RUN(completion_values);
  RUN(options);
  RUN(microtasks);
  RUN(explicit_microtasks);
  RUN(finalization_registry);
  RUN(deep);
  CHECK_INT(0, handle_count(isolate));
  OK(miniracer_isolate_dispose(isolate));
  return test_result();
}
