/* One case, in this process: the steps of README.md. */
#include <stdarg.h>

#include "../native/test.h"
#include "hostile.h"

/* What is there while a case runs. */
typedef struct run {
  const hostile_case *tested;
  hostile_result *result;
  miniracer_isolate isolate;
  miniracer_context context;
  uint64_t longest, console_bytes;
} run;

double time_scale(void) {
  const char *text = getenv("MINIRACER_SELFTEST_SCALE");
  char *end;
  if (text == NULL || *text == 0) return 1;
  double scale = strtod(text, &end);
  return *end == 0 && scale > 0 && scale <= 10000 ? scale : 0;
}

static void problem(hostile_result *result, const char *format, ...) {
  size_t length = strlen(result->problem);
  if (length > 0 && length + 2 < sizeof result->problem) {
    strcat(result->problem, "; ");
    length += 2;
  }
  va_list list;
  va_start(list, format);
  vsnprintf(result->problem + length, sizeof result->problem - length, format, list);
  va_end(list);
}

/* ---- The process ---- */

/* A line of /proc/self/status in KB, 0 where there is none. */
static long process_kb(const char *name) {
  FILE *file = fopen("/proc/self/status", "r");
  char line[256];
  long kb = 0;
  if (file == NULL) return 0;
  while (fgets(line, sizeof line, file) != NULL) {
    if (strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ':')
      kb = strtol(line + strlen(name) + 1, NULL, 10);
  }
  fclose(file);
  return kb;
}

static void reset_peak(void) {
  FILE *file = fopen("/proc/self/clear_refs", "w");
  if (file == NULL) return;
  fputs("5", file);
  fclose(file);
}

int is_sanitized(void) {
  miniracer_library_info info;
  memset(&info, 0, sizeof info);
  info.struct_size = sizeof info;
  return miniracer_library_get_info(&info) == MINIRACER_OK && (info.features & MINIRACER_FEATURE_SANITIZER_BUILD) != 0;
}

static long left_behind(void) {
  miniracer_process_statistics statistics;
  memset(&statistics, 0, sizeof statistics);
  statistics.struct_size = sizeof statistics;
  if (miniracer_process_get_statistics(&statistics) != MINIRACER_OK) return 0;
  return (long)(statistics.left_behind >> 10);
}

/* ---- Outcomes ---- */

static void print_outcome(const miniracer_value *value, char *text, size_t size) {
  if (value->tag == MINIRACER_UNDEFINED) {
    snprintf(text, size, "ok undefined");
  } else if (value->tag == MINIRACER_NULL) {
    snprintf(text, size, "ok null");
  } else if (value->tag == MINIRACER_BOOLEAN) {
    snprintf(text, size, "ok %s", value->as.int32 != 0 ? "true" : "false");
  } else if (value->tag == MINIRACER_INT32) {
    snprintf(text, size, "ok %d", value->as.int32);
  } else if (value->tag == MINIRACER_DOUBLE) {
    snprintf(text, size, "ok %.17g", value->as.number);
  } else if (value->tag == MINIRACER_STRING && value->subtype == MINIRACER_LATIN1 && value->length < 200) {
    snprintf(text, size, "ok \"%.*s\"", (int)value->length, (const char *)value->as.data);
    for (char *at = text; *at != 0; ++at) {
      if ((unsigned char)*at < ' ' || (unsigned char)*at > '~') *at = '.';
    }
  } else {
    snprintf(text, size, "ok");
  }
}

static void print_failure(miniracer_status status, const miniracer_error *error, char *text, size_t size) {
  const char *name = miniracer_status_name(status);
  if (status == MINIRACER_EXCEPTION && error != NULL && error->name.tag == MINIRACER_STRING &&
      error->name.subtype == MINIRACER_LATIN1 && error->name.length < 100) {
    snprintf(text, size, "%s %.*s", name, (int)error->name.length, (const char *)error->name.as.data);
  } else {
    snprintf(text, size, "%s", name);
  }
}

/* Whether an outcome is what `expected` (not NUL-terminated) says. */
static int is_as_expected(const char *outcome, const char *expected, size_t length) {
  if (strncmp(outcome, expected, length) == 0 && (outcome[length] == 0 || outcome[length] == ' ')) {
    return outcome[length] == 0 || memchr(expected, ' ', length) == NULL;
  }
  if (strncmp(outcome, "ok ", 3) != 0 || length < 4 || strncmp(expected, "ok ", 3) != 0) return 0;
  char wanted[256] = "", *end, *seen_end;
  memcpy(wanted, expected + 3, length - 3 < 255 ? length - 3 : 255);
  double number = strtod(wanted, &end), seen = strtod(outcome + 3, &seen_end);
  return end != wanted && *end == 0 && seen_end != outcome + 3 && *seen_end == 0 && number == seen;
}

static int is_expected(const char *outcome, const char *expect) {
  while (1) {
    const char *end = strstr(expect, " or ");
    if (is_as_expected(outcome, expect, end != NULL ? (size_t)(end - expect) : strlen(expect))) return 1;
    if (end == NULL) return 0;
    expect = end + 4;
  }
}

/* ---- The isolate and the context of a case ---- */

static int32_t count_console(void *userdata, miniracer_call *call) {
  if (call->argument_count == 3) ((run *)userdata)->console_bytes += call->arguments[2].length;
  return 0;
}

static uint64_t limit(uint64_t given) { return given == UNLIMITED ? 0 : given; }

static miniracer_isolate_options case_options(const hostile_case *tested) {
  miniracer_isolate_options options = isolate_options();
  OK(miniracer_isolate_options_preset(tested->preset, &options));
  int all = tested->preset == MINIRACER_PRESET_TRUSTED;
  uint32_t given = all ? UINT32_MAX : tested->given;
  options.flags |= tested->isolate_flags;
  if (given & GIVEN_TIMEOUT) options.timeout = limit(tested->timeout);
  if (given & GIVEN_CPU) options.cpu_time = limit(tested->cpu);
  if (given & GIVEN_GRACE) options.grace = tested->grace;
  if (given & GIVEN_MEMORY) options.memory_limit = limit(tested->memory);
  if (given & GIVEN_HEAP) options.heap_limit = limit(tested->heap);
  if (given & GIVEN_STACK) options.stack_limit = limit(tested->stack);
  if (given & GIVEN_HANDLES) options.maximum_handles = (uint32_t)tested->handles;
  if (given & GIVEN_TIMERS) options.maximum_timers = (uint32_t)tested->timers;
  if (given & GIVEN_MODULES) options.maximum_modules = (uint32_t)tested->modules;
  if (given & GIVEN_CONSOLE) options.maximum_console = tested->console;
  if (given & GIVEN_CLOCK) options.clock_resolution = tested->clock;
  return options;
}

static void make(run *running) {
  miniracer_isolate_options options = case_options(running->tested);
  REQUIRE_OK(miniracer_isolate_new(&options, &running->isolate, NULL));
  miniracer_context_options in = context_options(running->tested->context_flags);
  in.console = (in.flags & MINIRACER_CONTEXT_CONSOLE) != 0 ? count_console : NULL;
  in.console_userdata = running;
  REQUIRE_OK(miniracer_context_new(running->isolate, &in, &running->context, NULL));
}

/* ---- Body and action ---- */

/* Makes a call of the case: how long it took counts, and its failure is the outcome. */
#define STEP(call)                                                                              \
  do {                                                                                          \
    uint64_t begun = now();                                                                     \
    miniracer_error *error = NULL;                                                              \
    miniracer_status stepped = (call);                                                          \
    uint64_t took = now() - begun;                                                              \
    if (took > running->longest) running->longest = took;                                       \
    if (stepped != MINIRACER_OK) {                                                              \
      print_failure(stepped, error, running->result->outcome, sizeof running->result->outcome); \
      miniracer_error_free(error);                                                              \
      return 0;                                                                                 \
    }                                                                                           \
  } while (0)

static int count_keys(run *running, miniracer_handle object, miniracer_value *result) {
  miniracer_value *keys = NULL;
  uint32_t count = 0;
  STEP(miniracer_object_keys(running->context, object, 0, NULL, &keys, &count, &error));
  miniracer_values_free(keys, count);
  *result = int32((int32_t)count);
  return 1;
}

static int encode(run *running, const miniracer_value *value) {
  miniracer_graph_options options;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.flags = MINIRACER_GRAPH_HANDLE;
  miniracer_graph *graph = NULL;
  STEP(miniracer_graph_encode(running->context, value, &options, NULL, &graph, &error));
  miniracer_graph_free(graph);
  return 1;
}

static int inspect(run *running, const miniracer_value *value) {
  miniracer_inspect_options options;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.levels = MINIRACER_INSPECT_ALL_LEVELS;
  miniracer_value shown = undefined();
  STEP(miniracer_value_inspect(running->context, value, &options, NULL, &shown, &error));
  release(&shown);
  return 1;
}

enum { MOST_KEPT = 1000000 };

static int keep_some(run *running, miniracer_handle function, miniracer_value *kept, uint64_t *count) {
  for (; *count < MOST_KEPT; ++*count) {
    STEP(miniracer_function_call(running->context, function, NULL, NULL, 0, NULL, &kept[*count], &error));
  }
  return 1;
}

static int keep(run *running, miniracer_handle function) {
  miniracer_value *kept = calloc(MOST_KEPT, sizeof *kept);
  REQUIRE(kept != NULL);
  uint64_t count = 0;
  int kept_all = keep_some(running, function, kept, &count);
  miniracer_value_release(kept, count);
  free(kept);
  return kept_all;
}

static int turn(run *running) {
  if ((running->tested->isolate_flags & MINIRACER_ISOLATE_BACKGROUND_LOOP) != 0) {
    sleep_for(SECOND);
    return 1;
  }
  for (int i = 0; i < 20; ++i) {
    uint64_t next = 0;
    STEP(miniracer_isolate_run_pending(running->isolate, NULL, &next, &error));
    if (next == MINIRACER_NO_TIMEOUT) break;
    sleep_for(next < 50 * MILLISECOND ? next : 50 * MILLISECOND);
  }
  return 1;
}

static int import(run *running, const miniracer_value *load) {
  miniracer_module_loader loader;
  memset(&loader, 0, sizeof loader);
  loader.struct_size = sizeof loader;
  loader.load = *load;
  miniracer_value name = text("main"), promise = undefined(), space = undefined();
  STEP(miniracer_context_set_module_loader(running->context, &loader, &error));
  STEP(miniracer_context_import(running->context, &name, NULL, NULL, &promise, &error));
  STEP(miniracer_promise_wait(running->context, promise.as.handle, NULL, &space, &error));
  release(&promise);
  release(&space);
  return 1;
}

static int act(run *running, miniracer_value *value, miniracer_value *result) {
  miniracer_context context = running->context;
  miniracer_handle handle = value->tag == MINIRACER_OBJECT ? value->as.handle : 0;
  miniracer_value key = text("x"), one = int32(1);
  int32_t truth = 0;
  switch (running->tested->action) {
    case ACTION_CALL:
      STEP(miniracer_function_call(context, handle, NULL, NULL, 0, NULL, result, &error));
      return 1;
    case ACTION_CONSTRUCT:
      STEP(miniracer_function_construct(context, handle, NULL, 0, NULL, result, &error));
      return 1;
    case ACTION_GET:
      STEP(miniracer_object_get(context, handle, &key, NULL, result, &error));
      return 1;
    case ACTION_SET:
      STEP(miniracer_object_set(context, handle, &key, &one, NULL, &error));
      return 1;
    case ACTION_HAS:
      STEP(miniracer_object_has(context, handle, &key, NULL, &truth, &error));
      *result = boolean(truth);
      return 1;
    case ACTION_DELETE:
      STEP(miniracer_object_delete(context, handle, &key, NULL, &truth, &error));
      *result = boolean(truth);
      return 1;
    case ACTION_KEYS:
      return count_keys(running, handle, result);
    case ACTION_TO_STRING:
      STEP(miniracer_value_to_string(context, value, NULL, result, &error));
      return 1;
    case ACTION_JSON:
      STEP(miniracer_json_stringify(context, value, 0, NULL, result, &error));
      return 1;
    case ACTION_GRAPH:
      return encode(running, value);
    case ACTION_INSPECT:
      return inspect(running, value);
    case ACTION_KEEP:
      return keep(running, handle);
    case ACTION_PROMISE:
      STEP(miniracer_promise_wait(context, handle, NULL, result, &error));
      return 1;
    case ACTION_TURN:
      return turn(running);
    case ACTION_MODULE:
      return import(running, value);
    default:
      *result = *value;
      *value = undefined();
      return 1;
  }
}

static int evaluate_body(run *running, miniracer_value *value) {
  char name[200];
  snprintf(name, sizeof name, "%s.js", running->tested->name);
  miniracer_script body = script(running->tested->body);
  body.name = text(name);
  STEP(miniracer_context_evaluate(running->context, &body, NULL, value, &error));
  return 1;
}

static void perform(run *running) {
  miniracer_value value = undefined(), result = undefined();
  if (evaluate_body(running, &value) && act(running, &value, &result)) {
    print_outcome(&result, running->result->outcome, sizeof running->result->outcome);
  }
  release(&value);
  release(&result);
}

/* ---- Checks ---- */

/* What the last failed check was told. */
static char reason[200];

static int read_reason(const miniracer_error *error) {
  if (error == NULL || error->message.tag != MINIRACER_STRING || error->message.length == 0) return 0;
  if (error->message.subtype != MINIRACER_LATIN1) return 1;
  snprintf(reason, sizeof reason, "%.*s", (int)error->message.length, (const char *)error->message.as.data);
  for (char *at = reason; *at != 0; ++at) {
    if (*at == '\t' || *at == '\n') *at = ' ';
  }
  return 1;
}

static miniracer_status six_times_seven(miniracer_context context, const char *source, int32_t expected, int *told) {
  miniracer_run_options patient = with_timeout(10 * SECOND);
  patient.cpu_time = MINIRACER_NO_TIMEOUT;
  miniracer_value result = undefined();
  miniracer_error *error = NULL;
  miniracer_status status = evaluate(context, source, &patient, &result, &error);
  *told = read_reason(error);
  if (status == MINIRACER_OK && (result.tag != MINIRACER_INT32 || result.as.int32 != expected))
    status = MINIRACER_INTERNAL;
  miniracer_error_free(error);
  release(&result);
  return status;
}

static miniracer_status in_new_context(miniracer_isolate isolate, int *told) {
  miniracer_context context = 0;
  miniracer_error *error = NULL;
  miniracer_status status = miniracer_context_new(isolate, NULL, &context, &error);
  *told = read_reason(error);
  miniracer_error_free(error);
  if (status != MINIRACER_OK) return status;
  status = six_times_seven(context, "6 * 7", 42, told);
  miniracer_context_dispose(context);
  return status;
}

static void check_after(run *running) {
  hostile_result *result = running->result;
  int told = 0, told_new = 0;
  miniracer_status same = six_times_seven(running->context, "6 * 7", 42, &told);
  miniracer_status made = in_new_context(running->isolate, &told_new);
  const char *state = "broken";
  if (same == MINIRACER_OK && made == MINIRACER_OK) state = "usable";
  if (same == MINIRACER_ENGINE_DEAD && made == MINIRACER_ENGINE_DEAD && told && told_new) state = "dead";
  if (same == MINIRACER_OUT_OF_MEMORY) state = "full";
  strcpy(result->after, state);
  int wanted = running->tested->after;
  int usable = strcmp(state, "usable") == 0, dead = strcmp(state, "dead") == 0, full = strcmp(state, "full") == 0;
  if ((usable && wanted != AFTER_DEAD) || (dead && wanted != AFTER_USABLE) || (full && wanted == AFTER_FULL)) return;
  problem(result, "afterwards 6 * 7 is %s, in a new context %s (%s)", miniracer_status_name(same),
          miniracer_status_name(made), reason);
}

static void check_neighbour(hostile_result *result, miniracer_context neighbour) {
  int told = 0;
  for (int32_t i = 1; i <= 2; ++i) {
    miniracer_status status = six_times_seven(neighbour, "++count", i, &told);
    if (status != MINIRACER_OK) problem(result, "the neighbour says %s", miniracer_status_name(status));
  }
}

static void check_new(hostile_result *result) {
  miniracer_isolate isolate = 0;
  int told = 0;
  miniracer_status status = miniracer_isolate_new(NULL, &isolate, NULL);
  if (status == MINIRACER_OK) status = in_new_context(isolate, &told);
  if (status != MINIRACER_OK) problem(result, "a new isolate says %s", miniracer_status_name(status));
  check_status(__FILE__, __LINE__, MINIRACER_OK, miniracer_isolate_dispose(isolate), "dispose of the new isolate");
}

static void check_limits(run *running, long before) {
  const hostile_case *tested = running->tested;
  hostile_result *result = running->result;
  uint64_t most = tested->timeout != UNLIMITED ? tested->timeout : tested->cpu != UNLIMITED ? tested->cpu : SECOND;
  double allowed = (double)(most + tested->grace + SECOND) * time_scale();
  result->milliseconds = (long)(running->longest / MILLISECOND);
  if ((double)running->longest > allowed) problem(result, "a call took %ld ms", result->milliseconds);
  result->peak = process_kb("VmHWM") - before;
  if (tested->memory == UNLIMITED || is_sanitized()) return;
  double peak = (double)(tested->memory >> 10) * 1.5 + 64 * 1024;
  if ((double)result->peak > peak) problem(result, "memory grew by %ld MB", result->peak >> 10);
}

static void check_left(hostile_result *result, long before) {
  for (int i = 0; i < 20; ++i) {
    result->left = process_kb("VmRSS") - before;
    if (result->left < 40 * 1024) return;
    sleep_for(100 * MILLISECOND);
  }
  if (!is_sanitized() && result->left > 40 * 1024 + left_behind())
    problem(result, "%ld MB are left", result->left >> 10);
}

static void start(const hostile_case *tested) {
  miniracer_init_options options;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.flags = tested->init_flags;
  REQUIRE_OK(miniracer_init(&options, NULL));
  miniracer_isolate warm = new_isolate();
  EXECUTE(new_context(warm), "[1, 2, 3].map(x => x * x).join()");
  OK(miniracer_isolate_dispose(warm));
}

static void run_misuse(run *running) {
  uint64_t begun = now();
  running->tested->misuse();
  running->result->milliseconds = (long)((now() - begun) / MILLISECOND);
  strcpy(running->result->outcome, misuse_failures() == 0 ? "ok" : "failed");
  if (misuse_failures() != 0) problem(running->result, "%d checks failed", misuse_failures());
}

void run_case(const hostile_case *tested, hostile_result *result) {
  run running;
  memset(&running, 0, sizeof running);
  memset(result, 0, sizeof *result);
  running.tested = tested;
  running.result = result;
  strcpy(result->after, "-");
  if (tested->whole) {
    run_misuse(&running);
    return;
  }
  start(tested);
  miniracer_isolate neighbouring = new_isolate();
  miniracer_context neighbour = new_context(neighbouring);
  EXECUTE(neighbour, "globalThis.count = 0");
  long before = process_kb("VmRSS");
  reset_peak();
  if (tested->misuse != NULL) {
    run_misuse(&running);
  } else {
    make(&running);
    perform(&running);
    if (!is_expected(result->outcome, tested->expect)) problem(result, "expected %s", tested->expect);
    check_limits(&running, before);
  }
  check_neighbour(result, neighbour);
  if (tested->misuse == NULL) check_after(&running);
  check_new(result);
  if (running.isolate != 0) OK(miniracer_isolate_dispose(running.isolate));
  OK(miniracer_isolate_dispose(neighbouring));
  check_left(result, before);
  if (failed_checks != 0) problem(result, "%d checks of the runner failed", failed_checks);
}
