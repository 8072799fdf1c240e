/* Every function with every argument missing or of the wrong kind: a status each time, out-parameters untouched. */
#include <sys/mman.h>
#include <unistd.h>

#include "test.h"

static miniracer_isolate isolate;
static miniracer_context context;
static miniracer_value object;

/* What all of these must leave alone. */
static miniracer_value result, *list;
static int32_t number32;
static uint32_t count;
static double real;

static void reset(void) {
  result = int32(1234);
  list = &result;
  number32 = 1234;
  count = 1234;
  real = 1234;
}

static void untouched(int line) {
  if (result.tag == MINIRACER_INT32 && result.as.int32 == 1234 && list == &result && number32 == 1234 &&
      count == 1234 && real == 1234) {
    return;
  }
  check_failed(__FILE__, line);
  fprintf(stderr, "an out-parameter was written to\n");
  reset();
}

/* With a record and without one. */
#define REFUSED(expected, call)                                                                       \
  do {                                                                                                \
    miniracer_error *record = NULL, **error = &record;                                                \
    CHECK_STATUS(expected, call);                                                                     \
    if (CHECK(record != NULL)) CHECK_STATUS(expected, record->status);                                \
    if (record != NULL) CHECK(record->message.tag == MINIRACER_STRING && record->message.length > 0); \
    miniracer_error_free(record);                                                                     \
    error = NULL;                                                                                     \
    CHECK_STATUS(expected, call);                                                                     \
    untouched(__LINE__);                                                                              \
  } while (0)
#define MISSING(call) REFUSED(MINIRACER_INVALID_ARGUMENT, call)

static void missing_arguments(void) {
  miniracer_handle handle = object.as.handle;
  miniracer_value key = text("k"), value = int32(1);
  miniracer_script made = script("1");
  miniracer_function_options options = function_options(NULL, NULL);
  MISSING(miniracer_isolate_new(NULL, NULL, error));
  MISSING(miniracer_context_new(isolate, NULL, NULL, error));
  MISSING(miniracer_context_get_global(context, NULL, error));
  MISSING(miniracer_context_evaluate(context, NULL, NULL, &result, error));
  MISSING(miniracer_context_evaluate(context, &made, NULL, NULL, error));
  MISSING(miniracer_value_equals(context, NULL, &value, &number32, error));
  MISSING(miniracer_value_equals(context, &value, NULL, &number32, error));
  MISSING(miniracer_value_equals(context, &value, &value, NULL, error));
  MISSING(miniracer_value_to_string(context, NULL, NULL, &result, error));
  MISSING(miniracer_value_to_string(context, &value, NULL, NULL, error));
  MISSING(miniracer_json_parse(context, NULL, &result, error));
  MISSING(miniracer_json_parse(context, &key, NULL, error));
  MISSING(miniracer_json_stringify(context, NULL, 0, NULL, &result, error));
  MISSING(miniracer_json_stringify(context, &value, 0, NULL, NULL, error));
  MISSING(miniracer_object_new(context, NULL, error));
  MISSING(miniracer_array_new(context, &value, 1, NULL, error));
  MISSING(miniracer_array_new(context, NULL, 1, &result, error));
  MISSING(miniracer_date_new(context, 0, NULL, error));
  MISSING(miniracer_date_get_time(context, handle, NULL, error));
  MISSING(miniracer_object_get_hash(context, handle, NULL, error));
  MISSING(miniracer_object_get_class_name(context, handle, NULL, error));
  MISSING(miniracer_object_get(context, handle, NULL, NULL, &result, error));
  MISSING(miniracer_object_get(context, handle, &key, NULL, NULL, error));
  MISSING(miniracer_object_set(context, handle, NULL, &value, NULL, error));
  MISSING(miniracer_object_set(context, handle, &key, NULL, NULL, error));
  MISSING(miniracer_object_has(context, handle, NULL, NULL, &number32, error));
  MISSING(miniracer_object_has(context, handle, &key, NULL, NULL, error));
  MISSING(miniracer_object_delete(context, handle, NULL, NULL, &number32, error));
  MISSING(miniracer_object_delete(context, handle, &key, NULL, NULL, error));
  MISSING(miniracer_object_keys(context, handle, 0, NULL, NULL, &count, error));
  MISSING(miniracer_object_keys(context, handle, 0, NULL, &list, NULL, error));
  MISSING(miniracer_object_call(context, handle, NULL, NULL, 0, NULL, &result, error));
  MISSING(miniracer_object_call(context, handle, &key, NULL, 0, NULL, NULL, error));
  MISSING(miniracer_object_call(context, handle, &key, NULL, 1, NULL, &result, error));
  MISSING(miniracer_function_call(context, handle, NULL, NULL, 0, NULL, NULL, error));
  MISSING(miniracer_function_construct(context, handle, NULL, 0, NULL, NULL, error));
  MISSING(miniracer_function_new(context, NULL, &result, error));
  MISSING(miniracer_function_new(context, &options, &result, error));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_get_isolate(context, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_handle_duplicate(handle, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_isolate_get_heap_statistics(isolate, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_library_get_info(NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_call_return(NULL, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_call_throw(NULL, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_call_throw_error(NULL, 0, NULL, NULL, NULL, NULL));
  CHECK_STATUS(MINIRACER_OK, miniracer_init(NULL, NULL));
}

static int32_t never(void *userdata, miniracer_call *call) {
  (void)userdata, (void)call;
  CHECK(!"called");
  return 0;
}

/* A context that is closed, or none, in every function that takes one; the run options before it. */
static void check_context(miniracer_status expected, miniracer_context in) {
  miniracer_handle handle = object.as.handle;
  miniracer_value key = text("k"), value = int32(1);
  miniracer_script made = script("1");
  miniracer_function_options options = function_options(never, NULL);
  REFUSED(expected, miniracer_context_get_global(in, &result, error));
  REFUSED(expected, miniracer_context_evaluate(in, &made, NULL, &result, error));
  REFUSED(expected, miniracer_value_equals(in, &value, &value, &number32, error));
  REFUSED(expected, miniracer_value_to_string(in, &value, NULL, &result, error));
  REFUSED(expected, miniracer_json_parse(in, &key, &result, error));
  REFUSED(expected, miniracer_json_stringify(in, &value, 0, NULL, &result, error));
  REFUSED(expected, miniracer_object_new(in, &result, error));
  REFUSED(expected, miniracer_array_new(in, &value, 1, &result, error));
  REFUSED(expected, miniracer_date_new(in, 0, &result, error));
  REFUSED(expected, miniracer_date_get_time(in, handle, &real, error));
  REFUSED(expected, miniracer_object_get_hash(in, handle, &number32, error));
  REFUSED(expected, miniracer_object_get_class_name(in, handle, &result, error));
  REFUSED(expected, miniracer_object_get(in, handle, &key, NULL, &result, error));
  REFUSED(expected, miniracer_object_set(in, handle, &key, &value, NULL, error));
  REFUSED(expected, miniracer_object_has(in, handle, &key, NULL, &number32, error));
  REFUSED(expected, miniracer_object_delete(in, handle, &key, NULL, &number32, error));
  REFUSED(expected, miniracer_object_keys(in, handle, 0, NULL, &list, &count, error));
  REFUSED(expected, miniracer_object_call(in, handle, &key, NULL, 0, NULL, &result, error));
  REFUSED(expected, miniracer_function_call(in, handle, NULL, NULL, 0, NULL, &result, error));
  REFUSED(expected, miniracer_function_construct(in, handle, NULL, 0, NULL, &result, error));
  REFUSED(expected, miniracer_function_new(in, &options, &result, error));
}

static void wrong_contexts(void) {
  check_context(MINIRACER_INVALID_HANDLE, 0);
  check_context(MINIRACER_INVALID_HANDLE, 12345);
  check_context(MINIRACER_INVALID_HANDLE, isolate);
  check_context(MINIRACER_INVALID_HANDLE, object.as.handle);
  miniracer_context closed = new_context(isolate);
  OK(miniracer_context_dispose(closed));
  check_context(MINIRACER_CLOSED, closed);
  miniracer_isolate other = new_isolate();
  miniracer_context in_other = new_context(other);
  OK(miniracer_isolate_dispose(other));
  check_context(MINIRACER_CLOSED, in_other);
  check_context(MINIRACER_CLOSED, closed);
}

static void wrong_run_options(void) {
  miniracer_handle handle = object.as.handle;
  miniracer_value key = text("k"), value = int32(1);
  miniracer_script made = script("1");
  struct {
    miniracer_run_options run;
    uint64_t more;
  } newer;
  for (int i = 0; i < 3; ++i) {
    const miniracer_status statuses[] = {MINIRACER_UNKNOWN_FLAG, MINIRACER_INVALID_ARGUMENT, MINIRACER_UNKNOWN_FIELD};
    miniracer_status expected = statuses[i];
    newer.run = with_timeout(0);
    newer.more = 1;
    if (i == 0) newer.run.flags = 1;
    if (i == 1) newer.run.struct_size = 1;
    if (i == 2) newer.run.struct_size = sizeof newer;
    const miniracer_run_options *run = &newer.run;
    REFUSED(expected, miniracer_context_evaluate(context, &made, run, &result, error));
    REFUSED(expected, miniracer_value_to_string(context, &value, run, &result, error));
    REFUSED(expected, miniracer_json_stringify(context, &value, 0, run, &result, error));
    REFUSED(expected, miniracer_object_get(context, handle, &key, run, &result, error));
    REFUSED(expected, miniracer_object_set(context, handle, &key, &value, run, error));
    REFUSED(expected, miniracer_object_has(context, handle, &key, run, &number32, error));
    REFUSED(expected, miniracer_object_delete(context, handle, &key, run, &number32, error));
    REFUSED(expected, miniracer_object_keys(context, handle, 0, run, &list, &count, error));
    REFUSED(expected, miniracer_object_call(context, handle, &key, NULL, 0, run, &result, error));
    REFUSED(expected, miniracer_function_call(context, handle, NULL, NULL, 0, run, &result, error));
    REFUSED(expected, miniracer_function_construct(context, handle, NULL, 0, run, &result, error));
    REFUSED(expected, miniracer_isolate_run_microtasks(isolate, run, error));
  }
}

/* With struct_size never set: what comes after the struct is not even memory. */
static void sizes_that_no_struct_has(void) {
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  FILE *empty = tmpfile();
  REQUIRE(empty != NULL);
  char *memory = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE, fileno(empty), 0);
  REQUIRE(memory != MAP_FAILED && ftruncate(fileno(empty), (off_t)page) == 0);
  miniracer_run_options *run = (void *)(memory + page - sizeof *run);
  const uint32_t sizes[] = {0, 3, (1 << 16) + 1, UINT32_MAX};
  for (size_t i = 0; i < COUNT(sizes); ++i) {
    miniracer_script made = script("1");
    memset(run, 0, sizeof *run);
    run->struct_size = sizes[i];
    REFUSED(MINIRACER_INVALID_ARGUMENT, miniracer_context_evaluate(context, &made, run, &result, error));
  }
  munmap(memory, 2 * page);
  fclose(empty);
}

int main(void) {
  isolate = new_isolate();
  context = new_context(isolate);
  object = EVALUATE(context, "({k() {}})");
  reset();
  RUN(missing_arguments);
  RUN(wrong_contexts);
  RUN(wrong_run_options);
  RUN(sizes_that_no_struct_has);
  release(&object);
  CHECK_INT(0, handle_count(isolate));
  OK(miniracer_isolate_dispose(isolate));
  return test_result();
}
