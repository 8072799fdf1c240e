/* What the tests share: checks that say where, what and which status, and short ways to make values and run scripts. */
#ifndef MINIRACER_TEST_H
#define MINIRACER_TEST_H

#include <miniracer.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MILLISECOND UINT64_C(1000000)
#define SECOND UINT64_C(1000000000)
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- Checks. A failed one is told and counted, and the test goes on; the exit status says whether all held. ---- */

static int failed_checks = 0;

static inline int check_failed(const char* file, int line) {
  ++failed_checks;
  fprintf(stderr, "%s:%d: ", file, line);
  return 0;
}

static inline int check_true(const char* file, int line, int holds, const char* expression) {
  if (holds) return 1;
  check_failed(file, line);
  fprintf(stderr, "not true: %s\n", expression);
  return 0;
}

static inline int check_int(const char* file, int line, long long expected, long long actual, const char* expression) {
  if (expected == actual) return 1;
  check_failed(file, line);
  fprintf(stderr, "%s: expected %lld, is %lld\n", expression, expected, actual);
  return 0;
}

static inline int check_status(const char* file, int line, miniracer_status expected, miniracer_status actual,
                               const char* expression) {
  if (expected == actual) return 1;
  check_failed(file, line);
  fprintf(stderr, "%s: expected %s (%d), is %s (%d)\n", expression, miniracer_status_name(expected), expected,
          miniracer_status_name(actual), actual);
  return 0;
}

#define CHECK(condition) check_true(__FILE__, __LINE__, (condition) ? 1 : 0, #condition)
#define CHECK_INT(expected, actual) check_int(__FILE__, __LINE__, (long long)(expected), (long long)(actual), #actual)
#define CHECK_STATUS(expected, call) check_status(__FILE__, __LINE__, (expected), (call), #call)
#define OK(call) CHECK_STATUS(MINIRACER_OK, call)

/* Without this the rest makes no sense. */
#define REQUIRE(condition)          \
  do {                              \
    if (!CHECK(condition)) exit(1); \
  } while (0)
#define REQUIRE_OK(call)    \
  do {                      \
    if (!OK(call)) exit(1); \
  } while (0)

/* One test: its name is shown only if it fails. */
#define RUN(test)                                                               \
  do {                                                                          \
    int failed_before = failed_checks;                                          \
    test();                                                                     \
    if (failed_checks != failed_before) fprintf(stderr, "FAILED: %s\n", #test); \
  } while (0)

static inline int test_result(void) { return failed_checks == 0 ? 0 : 1; }

/* ---- Values ---- */

static inline miniracer_value undefined(void) {
  miniracer_value value;
  memset(&value, 0, sizeof value);
  return value;
}

static inline miniracer_value null(void) {
  miniracer_value value = undefined();
  value.tag = MINIRACER_NULL;
  return value;
}

static inline miniracer_value boolean(int truth) {
  miniracer_value value = undefined();
  value.tag = MINIRACER_BOOLEAN;
  value.as.int32 = truth;
  return value;
}

static inline miniracer_value int32(int32_t number) {
  miniracer_value value = undefined();
  value.tag = MINIRACER_INT32;
  value.as.int32 = number;
  return value;
}

static inline miniracer_value number(double real) {
  miniracer_value value = undefined();
  value.tag = MINIRACER_DOUBLE;
  value.as.number = real;
  return value;
}

static inline miniracer_value bytes(const void* data, size_t length, int encoding) {
  miniracer_value value = undefined();
  value.tag = MINIRACER_STRING;
  value.subtype = (uint8_t)encoding;
  value.length = (uint32_t)length;
  value.as.data = data;
  return value;
}

static inline miniracer_value text(const char* utf8) { return bytes(utf8, strlen(utf8), MINIRACER_UTF8); }

static inline void release(miniracer_value* value) { miniracer_value_release(value, 1); }

/* Whether a value is this ASCII text. */
static inline int is_text(const miniracer_value* value, const char* ascii) {
  return value->tag == MINIRACER_STRING && value->subtype == MINIRACER_LATIN1 && value->length == strlen(ascii) &&
         memcmp(value->as.data, ascii, value->length) == 0;
}

static inline void print_value(const miniracer_value* value) {
  if (value->tag == MINIRACER_STRING && value->subtype == MINIRACER_LATIN1) {
    fprintf(stderr, "\"%.*s\"", (int)value->length, (const char*)value->as.data);
  } else if (value->tag == MINIRACER_INT32 || value->tag == MINIRACER_BOOLEAN) {
    fprintf(stderr, "tag %d: %d", value->tag, value->as.int32);
  } else if (value->tag == MINIRACER_DOUBLE) {
    fprintf(stderr, "%.17g", value->as.number);
  } else {
    fprintf(stderr, "tag %d subtype %d length %u", value->tag, value->subtype, value->length);
  }
}

static inline int check_text(const char* file, int line, const char* expected, const miniracer_value* actual,
                             const char* expression) {
  if (is_text(actual, expected)) return 1;
  check_failed(file, line);
  fprintf(stderr, "%s: expected \"%s\", is ", expression, expected);
  print_value(actual);
  fputc('\n', stderr);
  return 0;
}

static inline int check_number(const char* file, int line, int32_t expected, const miniracer_value* actual,
                               const char* expression) {
  if (actual->tag == MINIRACER_INT32 && actual->as.int32 == expected) return 1;
  check_failed(file, line);
  fprintf(stderr, "%s: expected %d, is ", expression, expected);
  print_value(actual);
  fputc('\n', stderr);
  return 0;
}

#define CHECK_TEXT(expected, value) check_text(__FILE__, __LINE__, (expected), &(value), #value)
#define CHECK_NUMBER(expected, value) check_number(__FILE__, __LINE__, (expected), &(value), #value)

/* ---- Isolates, contexts, scripts ---- */

static inline miniracer_isolate_options isolate_options(void) {
  miniracer_isolate_options options;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  return options;
}

static inline miniracer_isolate isolate_with(const miniracer_isolate_options* options) {
  miniracer_isolate isolate = 0;
  REQUIRE_OK(miniracer_init(NULL, NULL));
  REQUIRE_OK(miniracer_isolate_new(options, &isolate, NULL));
  return isolate;
}

static inline miniracer_isolate new_isolate(void) { return isolate_with(NULL); }

/* `flags`: MINIRACER_CONTEXT_*. */
static inline miniracer_context_options context_options(uint32_t flags) {
  miniracer_context_options options;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.flags = flags;
  return options;
}

static inline miniracer_context context_with(miniracer_isolate isolate, uint32_t flags) {
  miniracer_context context = 0;
  miniracer_context_options options = context_options(flags);
  REQUIRE_OK(miniracer_context_new(isolate, &options, &context, NULL));
  return context;
}

static inline miniracer_context new_context(miniracer_isolate isolate) {
  miniracer_context context = 0;
  REQUIRE_OK(miniracer_context_new(isolate, NULL, &context, NULL));
  return context;
}

static inline miniracer_isolate isolate_of(miniracer_context context) {
  miniracer_isolate isolate = 0;
  REQUIRE_OK(miniracer_context_get_isolate(context, &isolate));
  return isolate;
}

static inline miniracer_run_options with_timeout(uint64_t nanoseconds) {
  miniracer_run_options run;
  memset(&run, 0, sizeof run);
  run.struct_size = sizeof run;
  run.timeout = nanoseconds;
  return run;
}

static inline miniracer_run_options with_cancel(const uint32_t* cancel) {
  miniracer_run_options run = with_timeout(0);
  run.cancel = cancel;
  return run;
}

static inline miniracer_script script(const char* source) {
  miniracer_script made;
  memset(&made, 0, sizeof made);
  made.struct_size = sizeof made;
  made.source = text(source);
  made.name = text("test.js");
  return made;
}

static inline miniracer_status evaluate(miniracer_context context, const char* source, const miniracer_run_options* run,
                                        miniracer_value* result, miniracer_error** error) {
  miniracer_script made = script(source);
  return miniracer_context_evaluate(context, &made, run, result, error);
}

/* The status alone. */
static inline miniracer_status run_status(miniracer_context context, const char* source,
                                          const miniracer_run_options* run) {
  miniracer_value result = undefined();
  miniracer_status status = evaluate(context, source, run, &result, NULL);
  release(&result);
  return status;
}

static inline void print_error(const miniracer_error* error) {
  if (error == NULL) return;
  fprintf(stderr, "  %s: name ", miniracer_status_name(error->status));
  print_value(&error->name);
  fprintf(stderr, ", message ");
  print_value(&error->message);
  fprintf(stderr, ", %d:%d\n", error->line, error->column);
}

/* The value of a script that must succeed. */
static inline miniracer_value must_evaluate(const char* file, int line, miniracer_context context, const char* source) {
  miniracer_value result = undefined();
  miniracer_error* error = NULL;
  miniracer_status status = evaluate(context, source, NULL, &result, &error);
  if (!check_status(file, line, MINIRACER_OK, status, source)) print_error(error);
  miniracer_error_free(error);
  return result;
}

#define EVALUATE(context, source) must_evaluate(__FILE__, __LINE__, (context), (source))
#define EXECUTE(context, source)                         \
  do {                                                   \
    miniracer_value ignored = EVALUATE(context, source); \
    release(&ignored);                                   \
  } while (0)

/* Whether a script gives this int32, or this text. */
#define CHECK_SCRIPT(context, source, expected)           \
  do {                                                    \
    miniracer_value scripted = EVALUATE(context, source); \
    CHECK_NUMBER(expected, scripted);                     \
    release(&scripted);                                   \
  } while (0)
#define CHECK_SCRIPT_TEXT(context, source, expected)      \
  do {                                                    \
    miniracer_value scripted = EVALUATE(context, source); \
    CHECK_TEXT(expected, scripted);                       \
    release(&scripted);                                   \
  } while (0)

/* ---- Host functions ---- */

static inline miniracer_function_options function_options(miniracer_callback callback, void* userdata) {
  miniracer_function_options options;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.callback = callback;
  options.userdata = userdata;
  return options;
}

static inline void set_global(miniracer_context context, const char* name, const miniracer_value* value) {
  miniracer_value global = undefined(), key = text(name);
  REQUIRE_OK(miniracer_context_get_global(context, &global, NULL));
  OK(miniracer_object_set(context, global.as.handle, &key, value, NULL, NULL));
  release(&global);
}

/* Puts a host function into a global variable. */
static inline void define_with(miniracer_context context, const char* name, const miniracer_function_options* options) {
  miniracer_value function = undefined();
  REQUIRE_OK(miniracer_function_new(context, options, &function, NULL));
  set_global(context, name, &function);
  release(&function);
}

static inline void define(miniracer_context context, const char* name, miniracer_callback callback, void* userdata) {
  miniracer_function_options options = function_options(callback, userdata);
  define_with(context, name, &options);
}

/* Puts a host object into a global variable. */
static inline void define_host_object(miniracer_context context, const char* name, uint32_t flags,
                                      miniracer_callback callback) {
  miniracer_host_object_options options;
  miniracer_value object = undefined();
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.flags = flags;
  options.callback = callback;
  REQUIRE_OK(miniracer_host_object_new(context, &options, &object, NULL));
  set_global(context, name, &object);
  release(&object);
}

/* A finalizer that counts. */
static inline void count_finalized(void* userdata) { __atomic_add_fetch((int*)userdata, 1, __ATOMIC_SEQ_CST); }

/* ---- Facts and time ---- */

static inline miniracer_heap_statistics statistics_of(miniracer_isolate isolate) {
  miniracer_heap_statistics statistics;
  memset(&statistics, 0, sizeof statistics);
  statistics.struct_size = sizeof statistics;
  OK(miniracer_isolate_get_heap_statistics(isolate, &statistics));
  return statistics;
}

static inline uint64_t handle_count(miniracer_isolate isolate) { return statistics_of(isolate).handle_count; }

static inline void collect_all(miniracer_isolate isolate) {
  OK(miniracer_isolate_collect_garbage(isolate, MINIRACER_COLLECT_FULL));
}

static inline uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * SECOND + (uint64_t)time.tv_nsec;
}

static inline void sleep_for(uint64_t nanoseconds) {
  struct timespec time;
  time.tv_sec = (time_t)(nanoseconds / SECOND);
  time.tv_nsec = (long)(nanoseconds % SECOND);
  nanosleep(&time, NULL);
}

#endif
