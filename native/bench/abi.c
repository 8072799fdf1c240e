/* The same work through the C interface. */
#include "cases.h"
#include "miniracer.h"

struct state {
  miniracer_isolate isolate;
  miniracer_context context;
  miniracer_value add, loop;
};

static void check(miniracer_status status, const char *what) {
  if (status == MINIRACER_OK) return;
  fprintf(stderr, "abi: %s: %s\n", what, miniracer_status_name(status));
  exit(1);
}

static miniracer_value text(const char *ascii) {
  miniracer_value value = {0};
  value.tag = MINIRACER_STRING;
  value.length = (uint32_t)strlen(ascii);
  value.as.data = ascii;
  return value;
}

static miniracer_value int32(int32_t number) {
  miniracer_value value = {0};
  value.tag = MINIRACER_INT32;
  value.as.int32 = number;
  return value;
}

static miniracer_value evaluate(struct state *state, const char *source, const miniracer_run_options *run) {
  miniracer_script script = {0};
  miniracer_value result;
  script.struct_size = sizeof script;
  script.source = text(source);
  check(miniracer_context_evaluate(state->context, &script, run, &result, NULL), source);
  return result;
}

static void call_with(struct state *state, uint64_t count, const miniracer_run_options *run) {
  miniracer_value arguments[2];
  arguments[0] = int32(1);
  arguments[1] = int32(2);
  while (count-- > 0) {
    miniracer_value result;
    check(miniracer_function_call(state->context, state->add.as.handle, NULL, arguments, 2, run, &result, NULL),
          "call");
    if (result.tag != MINIRACER_INT32 || result.as.int32 != 3) check(MINIRACER_INTERNAL, "f(1, 2) is not 3");
  }
}

static void call(void *state, uint64_t count) { call_with(state, count, NULL); }

static void call_with_timeout(void *state, uint64_t count) {
  miniracer_run_options run = {0};
  run.struct_size = sizeof run;
  run.timeout = 1000000000;
  call_with(state, count, &run);
}

static void call_held(void *data, uint64_t count) {
  struct state *state = data;
  check(miniracer_isolate_lock(state->isolate), "lock");
  call_with(state, count, NULL);
  check(miniracer_isolate_unlock(state->isolate), "unlock");
}

static void evaluate_sum(void *data, uint64_t count) {
  while (count-- > 0) {
    if (evaluate(data, "1+1", NULL).as.int32 != 2) check(MINIRACER_INTERNAL, "1+1 is not 2");
  }
}

static void evaluate_held(void *data, uint64_t count) {
  struct state *state = data;
  check(miniracer_isolate_lock(state->isolate), "lock");
  evaluate_sum(data, count);
  check(miniracer_isolate_unlock(state->isolate), "unlock");
}

static void property(void *data, uint64_t count) {
  struct state *state = data;
  miniracer_value object = evaluate(state, "({a: 1})", NULL), key = text("a"), result;
  while (count-- > 0) {
    check(miniracer_object_get(state->context, object.as.handle, &key, NULL, &result, NULL), "get");
  }
  miniracer_value_release(&object, 1);
}

static void object_result(void *data, uint64_t count) {
  struct state *state = data;
  miniracer_value make = evaluate(state, "(function () { return {}; })", NULL), result;
  while (count-- > 0) {
    check(miniracer_function_call(state->context, make.as.handle, NULL, NULL, 0, NULL, &result, NULL), "make");
    miniracer_value_release(&result, 1);
  }
  miniracer_value_release(&make, 1);
}

static int32_t host(void *userdata, miniracer_call *call) {
  (void)userdata;
  call->result = int32(call->arguments[0].as.int32 + 1);
  return 0;
}

static void callback_loop(void *data, uint64_t count) {
  struct state *state = data;
  miniracer_value n = {0}, result;
  n.tag = MINIRACER_DOUBLE;
  n.as.number = (double)count;
  check(miniracer_function_call(state->context, state->loop.as.handle, NULL, &n, 1, NULL, &result, NULL), "loop");
}

static void new_context(void *data, uint64_t count) {
  struct state *state = data;
  while (count-- > 0) {
    miniracer_context context;
    check(miniracer_context_new(state->isolate, NULL, &context, NULL), "context");
    miniracer_context_dispose(context);
  }
}

static void new_isolate(void *data, uint64_t count) {
  (void)data;
  while (count-- > 0) {
    miniracer_isolate isolate;
    miniracer_context context;
    check(miniracer_isolate_new(NULL, &isolate, NULL), "isolate");
    check(miniracer_context_new(isolate, NULL, &context, NULL), "context");
    check(miniracer_isolate_dispose(isolate), "dispose");
  }
}

/* What each of many isolates with a context adds to resident memory, in KiB. */
static void memory_per_isolate(void) {
  enum { MANY = 50 };
  miniracer_isolate isolates[MANY];
  miniracer_context context;
  double before = ResidentKiB();
  for (int i = 0; i < MANY; ++i) {
    check(miniracer_isolate_new(NULL, &isolates[i], NULL), "isolate");
    check(miniracer_context_new(isolates[i], NULL, &context, NULL), "context");
  }
  printf("memory of an isolate and context, KiB\t%.1f\n", (ResidentKiB() - before) / MANY);
  for (int i = 0; i < MANY; ++i) miniracer_isolate_dispose(isolates[i]);
}

/* How resident memory grows over many operations, in KiB: after a tenth of them, and after all. */
static void growth(const char *name, Operation operation, struct state *state, uint64_t count) {
  operation(state, count / 10);
  miniracer_isolate_collect_garbage(state->isolate, MINIRACER_COLLECT_FULL);
  double before = ResidentKiB();
  operation(state, count - count / 10);
  miniracer_isolate_collect_garbage(state->isolate, MINIRACER_COLLECT_FULL);
  printf("%s\t%.1f\n", name, ResidentKiB() - before);
  fflush(stdout);
}

int main(int argc, char **argv) {
  struct state state;
  miniracer_function_options options = {0};
  miniracer_value function, global, key = text("host");
  miniracer_init_options init = {0};
  init.struct_size = sizeof init;
  if (argc > 2 && strcmp(argv[1], "flags") == 0) { /* bench_abi flags '--short-builtin-calls' */
    init.v8_flags = argv[2];
    init.v8_flags_length = (uint32_t)strlen(argv[2]);
  }
  check(miniracer_init(&init, NULL), "init");
  check(miniracer_isolate_new(NULL, &state.isolate, NULL), "isolate");
  check(miniracer_context_new(state.isolate, NULL, &state.context, NULL), "context");
  options.struct_size = sizeof options;
  options.callback = host;
  check(miniracer_function_new(state.context, &options, &function, NULL), "function");
  check(miniracer_context_get_global(state.context, &global, NULL), "global");
  check(miniracer_object_set(state.context, global.as.handle, &key, &function, NULL, NULL), "set");
  state.add = evaluate(&state, "(function (a, b) { return a + b; })", NULL);
  state.loop =
      evaluate(&state, "(function (n) { let x = 0; for (let i = 0; i < n; i++) x = host(x); return x; })", NULL);

  Measure("call", call, &state);
  Measure("call, isolate held", call_held, &state);
  Measure("call with a timeout", call_with_timeout, &state);
  Measure("evaluate", evaluate_sum, &state);
  Measure("evaluate, isolate held", evaluate_held, &state);
  Measure("callback", callback_loop, &state);
  Measure("get a property", property, &state);
  Measure("call for an object", object_result, &state);
  Measure("new context", new_context, &state);
  Measure("new isolate and context", new_isolate, &state);
  memory_per_isolate();
  if (argc > 1 && strcmp(argv[1], "growth") == 0) {
    growth("growth over 100,000 contexts, KiB", new_context, &state, 100000);
    growth("growth over 1,000,000 calls with objects, KiB", object_result, &state, 1000000);
  }
  check(miniracer_isolate_dispose(state.isolate), "dispose");
  return 0;
}
