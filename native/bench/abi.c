/* The same work through the C interface. */
#include "cases.h"
#include "host.h"

struct state {
  struct host host;
  miniracer_value add, loop;
};

static miniracer_value int32(int32_t number) {
  miniracer_value value = {0};
  value.tag = MINIRACER_INT32;
  value.as.int32 = number;
  return value;
}

static void call_with(struct state *state, uint64_t count, const miniracer_run_options *run) {
  miniracer_value arguments[2];
  arguments[0] = int32(1);
  arguments[1] = int32(2);
  while (count-- > 0) {
    miniracer_value result;
    check(miniracer_function_call(state->host.context, state->add.as.handle, NULL, arguments, 2, run, &result, NULL),
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
  check(miniracer_isolate_lock(state->host.isolate), "lock");
  call_with(state, count, NULL);
  check(miniracer_isolate_unlock(state->host.isolate), "unlock");
}

static void evaluate_sum(void *data, uint64_t count) {
  struct state *state = data;
  while (count-- > 0) {
    if (evaluate(&state->host, "1+1", NULL).as.int32 != 2) check(MINIRACER_INTERNAL, "1+1 is not 2");
  }
}

static void evaluate_held(void *data, uint64_t count) {
  struct state *state = data;
  check(miniracer_isolate_lock(state->host.isolate), "lock");
  evaluate_sum(data, count);
  check(miniracer_isolate_unlock(state->host.isolate), "unlock");
}

static void property(void *data, uint64_t count) {
  struct state *state = data;
  miniracer_value object = evaluate(&state->host, "({a: 1})", NULL), key = text("a"), result;
  while (count-- > 0) {
    check(miniracer_object_get(state->host.context, object.as.handle, &key, NULL, &result, NULL), "get");
  }
  miniracer_value_release(&object, 1);
}

static void object_result(void *data, uint64_t count) {
  struct state *state = data;
  miniracer_value make = evaluate(&state->host, "(function () { return {}; })", NULL), result;
  while (count-- > 0) {
    check(miniracer_function_call(state->host.context, make.as.handle, NULL, NULL, 0, NULL, &result, NULL), "make");
    miniracer_value_release(&result, 1);
  }
  miniracer_value_release(&make, 1);
}

static int32_t increment(void *userdata, miniracer_call *call) {
  (void)userdata;
  call->result = int32(call->arguments[0].as.int32 + 1);
  return 0;
}

static void callback_loop(void *data, uint64_t count) {
  struct state *state = data;
  miniracer_value n = {0}, result;
  n.tag = MINIRACER_DOUBLE;
  n.as.number = (double)count;
  check(miniracer_function_call(state->host.context, state->loop.as.handle, NULL, &n, 1, NULL, &result, NULL), "loop");
}

static void context_with(struct state *state, uint64_t count, uint32_t flags) {
  miniracer_context_options options = {0};
  options.struct_size = sizeof options;
  options.flags = flags;
  options.console = flags & MINIRACER_CONTEXT_CONSOLE ? increment : NULL;
  while (count-- > 0) {
    miniracer_context context;
    check(miniracer_context_new(state->host.isolate, &options, &context, NULL), "context");
    miniracer_context_dispose(context);
  }
}

static void new_context(void *state, uint64_t count) { context_with(state, count, 0); }

static void with_console(void *state, uint64_t count) { context_with(state, count, MINIRACER_CONTEXT_CONSOLE); }

static void with_web(void *state, uint64_t count) { context_with(state, count, MINIRACER_CONTEXT_WEB); }

/* Makes the hidden realm, the first time in an isolate, and starts the inspector in it. */
static void inspect(void *data, uint64_t count) {
  struct state *state = data;
  miniracer_value value = evaluate(&state->host, "({a: 1})", NULL), shown;
  while (count-- > 0) {
    check(miniracer_value_inspect(state->host.context, &value, NULL, NULL, &shown, NULL), "inspect");
    miniracer_value_release(&shown, 1);
  }
  miniracer_value_release(&value, 1);
}

/* The first time in an isolate that has a plain context: the library's own scripts are compiled then. */
static double first_time(void *data) {
  Operation *operation = data;
  struct state fresh;
  start(&fresh.host);
  double begun = Seconds();
  (*operation)(&fresh, 1);
  double took = Seconds() - begun;
  check(miniracer_isolate_dispose(fresh.host.isolate), "dispose");
  return took;
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

/* What each of many isolates with a context adds to resident memory, and then its first inspection, in KiB. */
static void memory_per_isolate(void) {
  enum { MANY = 50 };
  struct state states[MANY];
  double before = ResidentKiB(), made;
  for (int i = 0; i < MANY; ++i) start(&states[i].host);
  made = ResidentKiB();
  printf("memory of an isolate and context, KiB\t%.1f\n", (made - before) / MANY);
  for (int i = 0; i < MANY; ++i) inspect(&states[i], 1);
  printf("memory of the first inspect, KiB\t%.1f\n", (ResidentKiB() - made) / MANY);
  for (int i = 0; i < MANY; ++i) miniracer_isolate_dispose(states[i].host.isolate);
}

/* How resident memory grows over many operations, in KiB: after a tenth of them, and after all. */
static void growth(const char *name, Operation operation, struct state *state, uint64_t count) {
  operation(state, count / 10);
  miniracer_isolate_collect_garbage(state->host.isolate, MINIRACER_COLLECT_FULL);
  double before = ResidentKiB();
  operation(state, count - count / 10);
  miniracer_isolate_collect_garbage(state->host.isolate, MINIRACER_COLLECT_FULL);
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
  start(&state.host);
  options.struct_size = sizeof options;
  options.callback = increment;
  check(miniracer_function_new(state.host.context, &options, &function, NULL), "function");
  check(miniracer_context_get_global(state.host.context, &global, NULL), "global");
  check(miniracer_object_set(state.host.context, global.as.handle, &key, &function, NULL, NULL), "set");
  state.add = evaluate(&state.host, "(function (a, b) { return a + b; })", NULL);
  state.loop =
      evaluate(&state.host, "(function (n) { let x = 0; for (let i = 0; i < n; i++) x = host(x); return x; })", NULL);

  Measure("call", call, &state);
  Measure("call, isolate held", call_held, &state);
  Measure("call with a timeout", call_with_timeout, &state);
  Measure("evaluate", evaluate_sum, &state);
  Measure("evaluate, isolate held", evaluate_held, &state);
  Measure("callback", callback_loop, &state);
  Measure("get a property", property, &state);
  Measure("call for an object", object_result, &state);
  Measure("new context", new_context, &state);
  Measure("new context with console", with_console, &state);
  Measure("new context with web globals", with_web, &state);
  MeasureFirst("new context, second in an isolate", first_time, &(Operation){new_context});
  MeasureFirst("new context with console, first in an isolate", first_time, &(Operation){with_console});
  MeasureFirst("new context with web globals, first in an isolate", first_time, &(Operation){with_web});
  Measure("inspect", inspect, &state);
  MeasureFirst("inspect, first in an isolate", first_time, &(Operation){inspect});
  Measure("new isolate and context", new_isolate, &state);
  memory_per_isolate();
  if (argc > 1 && strcmp(argv[1], "growth") == 0) {
    growth("growth over 100,000 contexts, KiB", new_context, &state, 100000);
    growth("growth over 1,000,000 calls with objects, KiB", object_result, &state, 1000000);
  }
  check(miniracer_isolate_dispose(state.host.isolate), "dispose");
  return 0;
}
