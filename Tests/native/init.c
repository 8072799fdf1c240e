/* The library before and after its start: versions, sizes, facts, flags. */
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

static miniracer_init_options init_options(const char *v8_flags) {
  miniracer_init_options options;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.v8_flags = v8_flags;
  options.v8_flags_length = v8_flags == NULL ? 0 : (uint32_t)strlen(v8_flags);
  return options;
}

/* A failing call, whose record's message must hold a word. */
static void check_init(const miniracer_init_options *options, miniracer_status expected, const char *word) {
  miniracer_error *error = NULL;
  CHECK_STATUS(expected, miniracer_init(options, &error));
  if (!CHECK(error != NULL)) return;
  CHECK_STATUS(expected, error->status);
  CHECK_INT(MINIRACER_STRING, error->message.tag);
  CHECK_INT(sizeof *error, error->struct_size);
  char message[500] = "";
  snprintf(message, sizeof message, "%.*s", (int)error->message.length, (const char *)error->message.as.data);
  if (strstr(message, word) == NULL) {
    check_failed(__FILE__, __LINE__);
    fprintf(stderr, "no \"%s\" in \"%s\"\n", word, message);
  }
  miniracer_error_free(error);
}

static void before_init(void) {
  miniracer_isolate isolate = 77;
  miniracer_context context = 77;
  miniracer_value value = int32(5);
  miniracer_error *error = NULL;
  CHECK_INT(MINIRACER_ABI_VERSION, miniracer_abi_version());
  CHECK_STATUS(MINIRACER_NOT_INITIALIZED, miniracer_isolate_new(NULL, &isolate, &error));
  CHECK(error != NULL && error->status == MINIRACER_NOT_INITIALIZED);
  miniracer_error_free(error);
  CHECK_INT(77, isolate);
  /* Numbers that look real and numbers that do not. */
  const uint64_t made_up[] = {0, 1, UINT64_MAX, UINT64_C(1) << 62 | UINT64_C(1) << 44, UINT64_C(2) << 62, 0xdeadbeef};
  for (size_t i = 0; i < COUNT(made_up); ++i) {
    miniracer_status status = miniracer_context_new(made_up[i], NULL, &context, NULL);
    CHECK(status == MINIRACER_NOT_INITIALIZED || status == MINIRACER_INVALID_HANDLE);
    status = miniracer_isolate_dispose(made_up[i]);
    CHECK(status == MINIRACER_NOT_INITIALIZED || status == MINIRACER_INVALID_HANDLE);
    status = miniracer_object_new(made_up[i], &value, NULL);
    CHECK(status == MINIRACER_NOT_INITIALIZED || status == MINIRACER_INVALID_HANDLE);
    status = run_status(made_up[i], "1", NULL);
    CHECK(status == MINIRACER_NOT_INITIALIZED || status == MINIRACER_INVALID_HANDLE);
    status = miniracer_isolate_lock(made_up[i]);
    CHECK(status == MINIRACER_NOT_INITIALIZED || status == MINIRACER_INVALID_HANDLE);
    status = miniracer_isolate_unlock(made_up[i]);
    CHECK(status == MINIRACER_NOT_INITIALIZED || status == MINIRACER_INVALID_HANDLE);
  }
  CHECK_INT(77, context);
  CHECK_NUMBER(5, value);
  miniracer_value_release(&value, 1);
  miniracer_value_release(NULL, 10);
  miniracer_values_free(NULL, 10);
  miniracer_error_free(NULL);
}

static void struct_sizes(void) {
  CHECK_INT(sizeof(miniracer_value), miniracer_struct_size(MINIRACER_STRUCT_VALUE));
  CHECK_INT(16, sizeof(miniracer_value));
  CHECK_INT(sizeof(miniracer_library_info), miniracer_struct_size(MINIRACER_STRUCT_LIBRARY_INFO));
  CHECK_INT(sizeof(miniracer_init_options), miniracer_struct_size(MINIRACER_STRUCT_INIT_OPTIONS));
  CHECK_INT(sizeof(miniracer_frame), miniracer_struct_size(MINIRACER_STRUCT_FRAME));
  CHECK_INT(sizeof(miniracer_error), miniracer_struct_size(MINIRACER_STRUCT_ERROR));
  CHECK_INT(sizeof(miniracer_isolate_options), miniracer_struct_size(MINIRACER_STRUCT_ISOLATE_OPTIONS));
  CHECK_INT(sizeof(miniracer_heap_statistics), miniracer_struct_size(MINIRACER_STRUCT_HEAP_STATISTICS));
  CHECK_INT(sizeof(miniracer_isolate_event), miniracer_struct_size(MINIRACER_STRUCT_ISOLATE_EVENT));
  CHECK_INT(sizeof(miniracer_process_statistics), miniracer_struct_size(MINIRACER_STRUCT_PROCESS_STATISTICS));
  CHECK_INT(sizeof(miniracer_context_options), miniracer_struct_size(MINIRACER_STRUCT_CONTEXT_OPTIONS));
  CHECK_INT(sizeof(miniracer_run_options), miniracer_struct_size(MINIRACER_STRUCT_RUN_OPTIONS));
  CHECK_INT(sizeof(miniracer_script), miniracer_struct_size(MINIRACER_STRUCT_SCRIPT));
  CHECK_INT(sizeof(miniracer_call), miniracer_struct_size(MINIRACER_STRUCT_CALL));
  CHECK_INT(sizeof(miniracer_function_options), miniracer_struct_size(MINIRACER_STRUCT_FUNCTION_OPTIONS));
  CHECK_INT(sizeof(miniracer_property), miniracer_struct_size(MINIRACER_STRUCT_PROPERTY));
  CHECK_INT(sizeof(miniracer_buffer), miniracer_struct_size(MINIRACER_STRUCT_BUFFER));
  CHECK_INT(sizeof(miniracer_buffer_options), miniracer_struct_size(MINIRACER_STRUCT_BUFFER_OPTIONS));
  CHECK_INT(sizeof(miniracer_host_object_options), miniracer_struct_size(MINIRACER_STRUCT_HOST_OBJECT_OPTIONS));
  CHECK_INT(sizeof(miniracer_graph), miniracer_struct_size(MINIRACER_STRUCT_GRAPH));
  CHECK_INT(sizeof(miniracer_graph_options), miniracer_struct_size(MINIRACER_STRUCT_GRAPH_OPTIONS));
  CHECK_INT(sizeof(miniracer_module_loader), miniracer_struct_size(MINIRACER_STRUCT_MODULE_LOADER));
  CHECK_INT(sizeof(miniracer_file_loader), miniracer_struct_size(MINIRACER_STRUCT_FILE_LOADER));
  CHECK_INT(sizeof(miniracer_inspect_options), miniracer_struct_size(MINIRACER_STRUCT_INSPECT_OPTIONS));
  CHECK_INT(0, miniracer_struct_size(0));
  CHECK_INT(sizeof(miniracer_isolate_event), miniracer_struct_size(MINIRACER_STRUCT_ISOLATE_EVENT));
  CHECK_INT(sizeof(miniracer_process_statistics), miniracer_struct_size(MINIRACER_STRUCT_PROCESS_STATISTICS));
  CHECK_INT(0, miniracer_struct_size(24));
  CHECK_INT(0, miniracer_struct_size(UINT32_MAX));
}

static void status_names(void) {
  const struct {
    miniracer_status status;
    const char *name;
  } names[] = {
      {MINIRACER_OK, "ok"},
      {MINIRACER_INVALID_ARGUMENT, "invalid_argument"},
      {MINIRACER_INVALID_HANDLE, "invalid_handle"},
      {MINIRACER_INVALID_TEXT, "invalid_text"},
      {MINIRACER_WRONG_TYPE, "wrong_type"},
      {MINIRACER_UNKNOWN_FIELD, "unknown_field"},
      {MINIRACER_UNKNOWN_FLAG, "unknown_flag"},
      {MINIRACER_TOO_LATE, "too_late"},
      {MINIRACER_TOO_LARGE, "too_large"},
      {MINIRACER_NOT_LOCKED, "not_locked"},
      {MINIRACER_NOT_SUPPORTED, "not_supported"},
      {MINIRACER_EXCEPTION, "exception"},
      {MINIRACER_SYNTAX_ERROR, "syntax_error"},
      {MINIRACER_TIMEOUT, "timeout"},
      {MINIRACER_CPU_TIME, "cpu_time"},
      {MINIRACER_OUT_OF_MEMORY, "out_of_memory"},
      {MINIRACER_CANCELLED, "cancelled"},
      {MINIRACER_TOO_MANY_HANDLES, "too_many_handles"},
      {MINIRACER_NOT_INITIALIZED, "not_initialized"},
      {MINIRACER_CLOSED, "closed"},
      {MINIRACER_FORKED, "forked"},
      {MINIRACER_ENGINE_DEAD, "engine_dead"},
      {MINIRACER_INTERNAL, "internal"},
      {MINIRACER_HOST_OUT_OF_MEMORY, "host_out_of_memory"},
      {1, "unknown"},
      {-1, "unknown"},
      {INT32_MAX, "unknown"},
      {INT32_MIN, "unknown"},
  };
  for (size_t i = 0; i < COUNT(names); ++i) CHECK(strcmp(names[i].name, miniracer_status_name(names[i].status)) == 0);
}

static void library_info(void) {
  miniracer_library_info info;
  memset(&info, 0xff, sizeof info);
  info.struct_size = sizeof info;
  OK(miniracer_library_get_info(&info));
  CHECK_INT(sizeof info, info.struct_size);
  CHECK_INT(MINIRACER_ABI_VERSION, info.abi_version);
  CHECK(strcmp(info.engine_name, "V8") == 0);
  CHECK(strchr(info.engine_version, '.') != NULL);
  CHECK(strchr(info.library_version, '.') != NULL);
  CHECK(info.build_id != NULL && info.build_id[0] != 0);
  CHECK(info.maximum_string_length > (1 << 28));
  CHECK(info.maximum_handles >= 1000000);
  CHECK((info.features & MINIRACER_FEATURE_INTL) != 0);
  CHECK((info.features & MINIRACER_FEATURE_WEBASSEMBLY) != 0);
  CHECK((info.features & ~UINT64_C(31)) == 0);
  /* An older host's struct: what it has room for is filled, and no byte more. */
  miniracer_library_info old;
  memset(&old, 0xee, sizeof old);
  old.struct_size = 16;
  OK(miniracer_library_get_info(&old));
  CHECK_INT(16, old.struct_size);
  CHECK(old.features == info.features);
  CHECK_INT(0xee, *(unsigned char *)&old.library_version);
  /* A newer host's: it is told how much is there. */
  struct {
    miniracer_library_info info;
    uint64_t more;
  } newer;
  memset(&newer, 0xee, sizeof newer);
  newer.info.struct_size = sizeof newer;
  OK(miniracer_library_get_info(&newer.info));
  CHECK_INT(sizeof info, newer.info.struct_size);
  CHECK(newer.more == UINT64_C(0xeeeeeeeeeeeeeeee));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_library_get_info(NULL));
  info.struct_size = 0;
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_library_get_info(&info));
  info.struct_size = 3;
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_library_get_info(&info));
}

/* None of these starts V8, and none of them may print or exit. */
static void refused_options(void) {
  miniracer_init_options options = init_options(NULL);
  options.flags = 1u << 31;
  check_init(&options, MINIRACER_UNKNOWN_FLAG, "2147483648");
  options.flags = 8;
  check_init(&options, MINIRACER_UNKNOWN_FLAG, "8");
  options = init_options(NULL);
  options.v8_flags_length = 3;
  check_init(&options, MINIRACER_INVALID_ARGUMENT, "v8_flags");
  options = init_options(NULL);
  options.worker_threads = UINT32_MAX;
  check_init(&options, MINIRACER_INVALID_ARGUMENT, "worker_threads");
  options = init_options(NULL);
  options.struct_size = 0;
  check_init(&options, MINIRACER_INVALID_ARGUMENT, "struct_size");
  const char *unknown[] = {"--no-such-flag",
                           "--max-lazy --no-such-flag",
                           "words",
                           "-",
                           "--",
                           "--help",
                           "-help",
                           "--help=1",
                           "--no-such-flag=3",
                           "--max-lazy --",
                           "--stack-sizee=3"};
  for (size_t i = 0; i < COUNT(unknown); ++i) {
    const char *word = strrchr(unknown[i], ' ');
    options = init_options(unknown[i]);
    check_init(&options, MINIRACER_UNKNOWN_FLAG, word == NULL ? unknown[i] : word + 1);
  }
  struct {
    miniracer_init_options options;
    uint64_t more;
  } newer;
  newer.options = init_options(NULL);
  newer.options.struct_size = sizeof newer;
  newer.more = UINT64_C(1) << 63;
  check_init(&newer.options, MINIRACER_UNKNOWN_FIELD, "options");
  CHECK_STATUS(MINIRACER_UNKNOWN_FIELD, miniracer_init(&newer.options, NULL));
}

/* V8 warns of what --jitless switches off. */
static void conflicting_flags(void) {
  fflush(NULL);
  pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    miniracer_init_options options = init_options("--jitless --expose-gc");
    OK(miniracer_init(&options, NULL));
    miniracer_isolate isolate = new_isolate();
    miniracer_context context = new_context(isolate);
    CHECK_SCRIPT_TEXT(context, "typeof WebAssembly", "undefined");
    OK(miniracer_isolate_dispose(isolate));
    fflush(NULL);
    _exit(test_result());
  }
  int status = -1;
  CHECK(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void starts(void) {
  /* A longer struct with nothing in its tail, and flags with all kinds of space between them. */
  struct {
    miniracer_init_options options;
    unsigned char more[24];
  } newer;
  memset(&newer, 0, sizeof newer);
  newer.options = init_options("  --expose-gc \t\n --max-lazy ");
  newer.options.struct_size = sizeof newer;
  newer.options.worker_threads = 2;
  REQUIRE_OK(miniracer_init(&newer.options, NULL));
  miniracer_isolate isolate = new_isolate();
  miniracer_context context = new_context(isolate);
  CHECK_SCRIPT_TEXT(context, "typeof gc", "function");
  OK(miniracer_isolate_dispose(isolate));
}

static void again(void) {
  miniracer_init_options options = init_options(NULL);
  OK(miniracer_init(NULL, NULL));
  OK(miniracer_init(&options, NULL));
  options = init_options("--expose-gc");
  OK(miniracer_init(&options, NULL));
  options.worker_threads = 2;
  OK(miniracer_init(&options, NULL));
  /* An old host's struct ends earlier. */
  options.struct_size = 8;
  OK(miniracer_init(&options, NULL));
  options = init_options("--jitless");
  check_init(&options, MINIRACER_TOO_LATE, "--jitless");
  options = init_options("--expose-gc --jitless");
  check_init(&options, MINIRACER_TOO_LATE, "--jitless");
  options = init_options(NULL);
  options.worker_threads = 3;
  check_init(&options, MINIRACER_TOO_LATE, "2");
  options = init_options(NULL);
  options.flags = MINIRACER_INIT_SINGLE_THREADED;
  check_init(&options, MINIRACER_TOO_LATE, "2");
  options.flags = 8;
  check_init(&options, MINIRACER_UNKNOWN_FLAG, "8");
}

/* Rule 9: the library never prints. What the process wrote to stderr meanwhile is compared with nothing. */
static void prints_nothing(void (*test)(void)) {
  char path[] = "/tmp/miniracer-init-XXXXXX", output[300] = "";
  int kept = dup(2), file = mkstemp(path);
  REQUIRE(file >= 0);
  unlink(path);
  fflush(stderr);
  dup2(file, 2);
  int before = failed_checks;
  test();
  fflush(stderr);
  dup2(kept, 2);
  close(kept);
  lseek(file, 0, SEEK_SET);
  ssize_t length = read(file, output, sizeof output - 1);
  close(file);
  if (length > 0) {
    if (failed_checks == before) check_failed(__FILE__, __LINE__);
    fprintf(stderr, "printed: %s\n", output);
  }
}

static void ill_formed_flags(void) {
  const char *flags[] = {"--stack-size=abc", "--no-stack-size=5", "--expose-gc=2", "--stack-size"};
  for (size_t i = 0; i < COUNT(flags); ++i) {
    miniracer_init_options options = init_options(flags[i]);
    check_init(&options, MINIRACER_UNKNOWN_FLAG, flags[i]);
  }
}

int main(void) {
  RUN(before_init);
  RUN(struct_sizes);
  RUN(status_names);
  RUN(library_info);
  prints_nothing(refused_options);
  prints_nothing(ill_formed_flags);
  prints_nothing(conflicting_flags);
  RUN(starts);
  RUN(again);
  RUN(library_info);
  return test_result();
}
