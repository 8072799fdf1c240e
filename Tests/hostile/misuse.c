/* What a host can do wrong, or at a bad moment: functions in place of scripts. Each may use an engine that runs; those that
 * are about a whole process are in processes.c. */
#include "misuse.h"

#include <pthread.h>

#include "../native/test.h"

static miniracer_isolate isolate;
static miniracer_context context;

static void begin(void) {
  isolate = new_isolate();
  context = new_context(isolate);
}

static void end(void) {
  CHECK_SCRIPT(context, "6 * 7", 42);
  OK(miniracer_isolate_dispose(isolate));
}

/* ---- Arguments ---- */

static void null_arguments(void) {
  begin();
  miniracer_value result = int32(5), *list = &result;
  uint32_t count = 5;
  miniracer_script made = script("1");
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_isolate_new(NULL, NULL, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_new(isolate, NULL, NULL, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_evaluate(context, NULL, NULL, &result, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_evaluate(context, &made, NULL, NULL, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_object_get(context, 1, NULL, NULL, &result, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_object_keys(context, 1, 0, NULL, &list, NULL, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_call_return(NULL, &result));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_isolate_get_heap_statistics(isolate, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_isolate_options_preset(0, NULL));
  miniracer_error_free(NULL);
  miniracer_values_free(NULL, 7);
  miniracer_buffer_free(NULL);
  miniracer_graph_free(NULL);
  CHECK(result.as.int32 == 5 && list == &result && count == 5);
  end();
}

static void wrong_lengths(void) {
  begin();
  miniracer_value result = undefined();
  miniracer_script made = script("1");
  made.source.as.data = NULL;
  made.source.length = 10;
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_evaluate(context, &made, NULL, &result, NULL));
  made.source = bytes("'\xff\xfe'", 4, MINIRACER_UTF8);
  CHECK_STATUS(MINIRACER_INVALID_TEXT, miniracer_context_evaluate(context, &made, NULL, &result, NULL));
  made.source = bytes("1", 1, 77);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_evaluate(context, &made, NULL, &result, NULL));
  static const uint16_t units[] = {'1', '2'};
  made.source = bytes((const char *)units + 1, 1, MINIRACER_UTF16);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_evaluate(context, &made, NULL, &result, NULL));
  made.source = bytes("1", UINT32_MAX, MINIRACER_LATIN1);
  CHECK_STATUS(MINIRACER_TOO_LARGE, miniracer_context_evaluate(context, &made, NULL, &result, NULL));
  end();
}

static void wrong_tags(void) {
  begin();
  miniracer_value result = undefined(), wrong = undefined();
  for (int tag = MINIRACER_OBJECT + 1; tag < 256; ++tag) {
    wrong.tag = (uint8_t)tag;
    CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_value_to_string(context, &wrong, NULL, &result, NULL));
  }
  wrong = undefined();
  wrong.tag = MINIRACER_BIGINT;
  wrong.subtype = MINIRACER_BIGINT_WORDS;
  wrong.length = 3;
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_value_to_string(context, &wrong, NULL, &result, NULL));
  wrong.subtype = 99;
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_value_to_string(context, &wrong, NULL, &result, NULL));
  end();
}

static void wrong_structs(void) {
  begin();
  miniracer_value result = undefined();
  struct {
    miniracer_script script;
    uint64_t more;
  } longer;
  memset(&longer, 0, sizeof longer);
  longer.script = script("1");
  longer.script.struct_size = sizeof longer;
  OK(miniracer_context_evaluate(context, &longer.script, NULL, &result, NULL));
  longer.more = 1;
  CHECK_STATUS(MINIRACER_UNKNOWN_FIELD, miniracer_context_evaluate(context, &longer.script, NULL, &result, NULL));
  longer.script.struct_size = 0;
  CHECK(miniracer_context_evaluate(context, &longer.script, NULL, &result, NULL) != MINIRACER_OK);
  longer.script = script("1");
  longer.script.flags = UINT32_MAX;
  CHECK_STATUS(MINIRACER_UNKNOWN_FLAG, miniracer_context_evaluate(context, &longer.script, NULL, &result, NULL));
  miniracer_isolate_options options;
  memset(&options, 0xff, sizeof options);
  options.struct_size = sizeof options;
  options.event = NULL;
  options.event_finalize = NULL; /* it would be called, as of a call that fails */
  miniracer_isolate made = 0;
  CHECK(miniracer_isolate_new(&options, &made, NULL) != MINIRACER_OK && made == 0);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_isolate_options_preset(77, &options));
  end();
}

static void small_limits(void) {
  begin();
  miniracer_isolate_options options = isolate_options();
  miniracer_isolate made = 0;
  options.heap_limit = 1;
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_isolate_new(&options, &made, NULL));
  options.heap_limit = 0;
  options.memory_limit = 1;
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_isolate_new(&options, &made, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_isolate_set_heap_limit(isolate, 1));
  miniracer_run_options brief = with_timeout(1);
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, "for (;;);", &brief));
  end();
}

/* ---- Handles ---- */

static void stale_handles(void) {
  begin();
  miniracer_value object = EVALUATE(context, "({ x: 1 })"), key = text("x"), result = undefined();
  miniracer_handle stale = object.as.handle;
  release(&object);
  release(&object);
  CHECK_STATUS(MINIRACER_INVALID_HANDLE, miniracer_object_get(context, stale, &key, NULL, &result, NULL));
  miniracer_value again = EVALUATE(context, "({ x: 2 })");
  CHECK_STATUS(MINIRACER_INVALID_HANDLE, miniracer_object_get(context, stale, &key, NULL, &result, NULL));
  miniracer_value twice = again;
  release(&again);
  release(&twice); /* a copy of what was released before */
  end();
}

static void made_up_handles(void) {
  begin();
  miniracer_value key = text("x"), result = undefined(), object = EVALUATE(context, "({})");
  uint64_t seed = 88172645463325252u;
  for (int i = 0; i < 20000; ++i) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    miniracer_handle handle = i % 2 == 0 ? seed : object.as.handle ^ (UINT64_C(1) << (i / 2 % 64));
    miniracer_status status = miniracer_object_get(context, handle, &key, NULL, &result, NULL);
    if (status == MINIRACER_OK) release(&result); /* one bit away may be another live object */
    miniracer_value wrong = undefined();
    wrong.tag = MINIRACER_OBJECT;
    wrong.flags = MINIRACER_VALUE_OWNED;
    wrong.as.handle = seed;
    release(&wrong);
  }
  OK(miniracer_object_get(context, object.as.handle, &key, NULL, &result, NULL));
  release(&object);
  end();
}

static void foreign_handles(void) {
  begin();
  miniracer_context elsewhere = new_context(new_isolate());
  miniracer_value object = EVALUATE(elsewhere, "({ x: 1 })"), key = text("x"), result = undefined();
  CHECK_STATUS(MINIRACER_INVALID_HANDLE, miniracer_object_get(context, object.as.handle, &key, NULL, &result, NULL));
  CHECK_STATUS(MINIRACER_INVALID_HANDLE, miniracer_value_to_string(context, &object, NULL, &result, NULL));
  OK(miniracer_isolate_dispose(isolate_of(elsewhere)));
  CHECK(miniracer_object_get(context, object.as.handle, &key, NULL, &result, NULL) != MINIRACER_OK);
  CHECK(miniracer_object_get(elsewhere, object.as.handle, &key, NULL, &result, NULL) != MINIRACER_OK);
  release(&object);
  end();
}

static void after_dispose(void) {
  begin();
  miniracer_value object = EVALUATE(context, "({ x: 1 })"), result = undefined(), key = text("x");
  miniracer_buffer *buffer = NULL;
  miniracer_value bytes_of = EVALUATE(context, "new Uint8Array(8)");
  OK(miniracer_buffer_open(context, bytes_of.as.handle, &buffer, NULL));
  OK(miniracer_isolate_dispose(isolate));
  CHECK_STATUS(MINIRACER_CLOSED, miniracer_isolate_dispose(isolate));
  CHECK_STATUS(MINIRACER_CLOSED, run_status(context, "1", NULL));
  CHECK_STATUS(MINIRACER_CLOSED, miniracer_isolate_lock(isolate));
  CHECK_STATUS(MINIRACER_CLOSED, miniracer_isolate_cancel(isolate, NULL));
  CHECK(miniracer_object_get(context, object.as.handle, &key, NULL, &result, NULL) != MINIRACER_OK);
  memset(buffer->data, 7, buffer->byte_length); /* what was opened stays */
  miniracer_buffer_free(buffer);
  release(&object);
  release(&bytes_of);
}

static void errors_outlive(void) {
  begin();
  miniracer_value result = undefined();
  miniracer_error *error = NULL;
  CHECK_STATUS(MINIRACER_EXCEPTION,
               evaluate(context, "throw Object.assign(new Error('x'), { a: [] })", NULL, &result, &error));
  OK(miniracer_isolate_dispose(isolate));
  CHECK(error != NULL && is_text(&error->message, "x"));
  miniracer_error_free(error);
}

static void types_confused(void) {
  begin();
  const char *sources[] = {"({})",
                           "[]",
                           "() => 1",
                           "Symbol('s')",
                           "new Map()",
                           "new Proxy({}, {})",
                           "new Date(NaN)",
                           "Promise.resolve(1)",
                           "new Uint8Array(1)",
                           "/x/",
                           "new Proxy(() => 1, {})",
                           "globalThis"};
  for (size_t i = 0; i < COUNT(sources); ++i) {
    miniracer_value object = EVALUATE(context, sources[i]), result = undefined(), *list = NULL;
    miniracer_handle handle = object.as.handle;
    uint32_t count = 0, state = 0;
    double time = 0;
    miniracer_buffer *buffer = NULL;
    void *userdata = NULL;
    if (miniracer_function_call(context, handle, NULL, NULL, 0, NULL, &result, NULL) == MINIRACER_OK) release(&result);
    if (miniracer_function_construct(context, handle, NULL, 0, NULL, &result, NULL) == MINIRACER_OK) release(&result);
    miniracer_date_get_time(context, handle, &time, NULL);
    miniracer_collection_get_size(context, handle, &count, NULL);
    if (miniracer_collection_entries(context, handle, &list, &count, NULL) == MINIRACER_OK) {
      miniracer_values_free(list, count);
    }
    if (miniracer_buffer_open(context, handle, &buffer, NULL) == MINIRACER_OK) miniracer_buffer_free(buffer);
    miniracer_array_buffer_detach(context, handle, NULL);
    if (miniracer_typed_array_new(context, handle, 99, 3, UINT64_MAX, &result, NULL) == MINIRACER_OK) release(&result);
    if (miniracer_promise_get_state(context, handle, &state, &result, NULL) == MINIRACER_OK) release(&result);
    CHECK(miniracer_promise_settle(context, handle, 77, &object, NULL, NULL) != MINIRACER_OK);
    CHECK(miniracer_host_object_get_userdata(context, handle, &userdata, NULL) != MINIRACER_OK);
    miniracer_symbol_get_description(context, handle, &result, NULL);
    release(&result);
    release(&object);
  }
  end();
}

/* ---- Callbacks ---- */

static int32_t dispose_here(void *userdata, miniracer_call *call) {
  (void)userdata;
  OK(miniracer_isolate_dispose(isolate_of(call->context)));
  CHECK_STATUS(MINIRACER_CLOSED, run_status(call->context, "1", NULL));
  return 0;
}

static void dispose_in_callback(void) {
  begin();
  define(context, "f", dispose_here, NULL);
  CHECK_STATUS(MINIRACER_CLOSED, run_status(context, "f(); for (;;);", NULL));
  CHECK_STATUS(MINIRACER_CLOSED, run_status(context, "1", NULL));
}

static int32_t dispose_context_here(void *userdata, miniracer_call *call) {
  (void)userdata;
  OK(miniracer_context_dispose(call->context));
  return 0;
}

static void dispose_context_in_callback(void) {
  begin();
  define(context, "f", dispose_context_here, NULL);
  miniracer_status status = run_status(context, "f(); 1", NULL);
  CHECK(status == MINIRACER_OK || status == MINIRACER_CLOSED);
  CHECK_STATUS(MINIRACER_CLOSED, run_status(context, "1", NULL));
  context = new_context(isolate);
  end();
}

static int32_t garbage(void *userdata, miniracer_call *call) {
  int kind = *(int *)userdata;
  memset(&call->result, 0xff, sizeof call->result);
  if (kind == 1) {
    call->result = undefined();
    call->result.tag = MINIRACER_OBJECT;
    call->result.as.handle = 12345;
  } else if (kind == 2) {
    call->result = text("text is not to be put there");
  } else if (kind == 3) {
    call->result = undefined();
    return -77;
  } else if (kind == 4) {
    call->arguments = NULL;
    call->argument_count = UINT32_MAX;
    call->context = 7;
    call->result = undefined();
  }
  return 0;
}

static void callback_returns_garbage(void) {
  begin();
  static int kind;
  define(context, "f", garbage, &kind);
  for (kind = 0; kind < 5; ++kind) {
    miniracer_status status = run_status(context, "f(1, {}, 'x')", NULL);
    CHECK(status == MINIRACER_OK || status == MINIRACER_EXCEPTION);
  }
  end();
}

static miniracer_call *kept_call;

static int32_t keep_call(void *userdata, miniracer_call *call) {
  (void)userdata;
  if (kept_call != NULL) CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_call_return(kept_call, &call->result));
  kept_call = call;
  if (call->argument_count > 0) return 0;
  CHECK_STATUS(MINIRACER_OK, run_status(call->context, "f(1)", NULL));
  kept_call = NULL;
  return 0;
}

static void outer_call_from_inner(void) {
  begin();
  define(context, "f", keep_call, NULL);
  CHECK_STATUS(MINIRACER_OK, run_status(context, "f()", NULL));
  end();
}

static int32_t wait_inside(void *userdata, miniracer_call *call) {
  (void)userdata;
  miniracer_value result = undefined(), promise = EVALUATE(call->context, "new Promise(() => {})");
  CHECK_STATUS(MINIRACER_WOULD_DEADLOCK, miniracer_promise_wait(call->context, promise.as.handle, NULL, &result, NULL));
  CHECK_STATUS(MINIRACER_WOULD_DEADLOCK, miniracer_isolate_run_pending(isolate, NULL, NULL, NULL));
  CHECK_STATUS(MINIRACER_NOT_LOCKED, miniracer_isolate_unlock(isolate));
  release(&promise);
  return 0;
}

static void wait_in_callback(void) {
  begin();
  define(context, "f", wait_inside, NULL);
  CHECK_STATUS(MINIRACER_OK, run_status(context, "f()", NULL));
  end();
}

static int32_t evaluate_again(void *userdata, miniracer_call *call) {
  (void)userdata;
  miniracer_status status = run_status(call->context, "f()", NULL);
  return status == MINIRACER_OK ? 0 : 1;
}

static void recursion_through_host(void) {
  begin();
  define(context, "f", evaluate_again, NULL);
  CHECK_STATUS(MINIRACER_EXCEPTION, run_status(context, "f()", NULL));
  end();
}

static int32_t lock_and_leave(void *userdata, miniracer_call *call) {
  (void)userdata, (void)call;
  OK(miniracer_isolate_lock(isolate));
  return 0;
}

static void lock_left_in_callback(void) {
  begin();
  define(context, "f", lock_and_leave, NULL);
  miniracer_status status = run_status(context, "f(); 1", NULL);
  CHECK(status == MINIRACER_OK || status == MINIRACER_EXCEPTION);
  miniracer_isolate_unlock(isolate);
  end();
}

static int32_t release_arguments(void *userdata, miniracer_call *call) {
  (void)userdata;
  miniracer_value_release(call->arguments, call->argument_count);
  miniracer_value_release(call->arguments, call->argument_count);
  return 0;
}

static void arguments_released(void) {
  begin();
  define(context, "f", release_arguments, NULL);
  CHECK_STATUS(MINIRACER_OK,
               run_status(context, "for (let i = 0; i < 1000; ++i) f({}, 'x', 1n << 100n, Symbol('s'))", NULL));
  end();
}

/* ---- Threads ---- */

static void *run_for_ever(void *expected) {
  CHECK_STATUS(*(miniracer_status *)expected, run_status(context, "for (let a = {};; a = { a: 1 });", NULL));
  return NULL;
}

static void *release_it(void *value) {
  miniracer_value copy = *(const miniracer_value *)value; /* of the handle, which all threads let go of */
  release(&copy);
  return NULL;
}

static void with_a_run(miniracer_status expected, void (*meanwhile)(void)) {
  begin();
  pthread_t thread;
  REQUIRE(pthread_create(&thread, NULL, run_for_ever, &expected) == 0);
  sleep_for(50 * MILLISECOND);
  meanwhile();
  pthread_join(thread, NULL);
}

static void do_dispose(void) { OK(miniracer_isolate_dispose(isolate)); }
static void dispose_during_run(void) { with_a_run(MINIRACER_CLOSED, do_dispose); }
static void do_cancel(void) { OK(miniracer_isolate_cancel(isolate, NULL)); }

static void cancel_during_run(void) {
  with_a_run(MINIRACER_CANCELLED, do_cancel);
  end();
}

static miniracer_value held_value;

static void do_release(void) {
  pthread_t threads[4];
  for (size_t i = 0; i < COUNT(threads); ++i) pthread_create(&threads[i], NULL, release_it, &held_value);
  for (size_t i = 0; i < COUNT(threads); ++i) pthread_join(threads[i], NULL);
  OK(miniracer_isolate_cancel(isolate, NULL));
}

/* Four threads let go of copies of one value, while JavaScript runs. */
static void release_during_run(void) {
  begin();
  miniracer_isolate other = isolate;
  held_value = EVALUATE(context, "({})");
  static miniracer_status expected = MINIRACER_CANCELLED;
  pthread_t thread;
  REQUIRE(pthread_create(&thread, NULL, run_for_ever, &expected) == 0);
  sleep_for(50 * MILLISECOND);
  do_release();
  pthread_join(thread, NULL);
  CHECK(isolate == other);
  end();
}

static void *unlock_it(void *unused) {
  CHECK_STATUS(MINIRACER_NOT_LOCKED, miniracer_isolate_unlock(isolate));
  return unused;
}

static void unlock_on_wrong_thread(void) {
  begin();
  OK(miniracer_isolate_lock(isolate));
  pthread_t thread;
  pthread_create(&thread, NULL, unlock_it, NULL);
  pthread_join(thread, NULL);
  OK(miniracer_isolate_unlock(isolate));
  CHECK_STATUS(MINIRACER_NOT_LOCKED, miniracer_isolate_unlock(isolate));
  end();
}

static void *lock_and_die(void *unused) {
  OK(miniracer_isolate_lock(isolate));
  return unused;
}

/* A thread that ends with the lock held: others wait no longer than they were told to. */
static void thread_ends_with_lock(void) {
  begin();
  pthread_t thread;
  pthread_create(&thread, NULL, lock_and_die, NULL);
  pthread_join(thread, NULL);
  miniracer_run_options brief = with_timeout(100 * MILLISECOND);
  miniracer_status status = run_status(context, "1", &brief);
  CHECK(status == MINIRACER_TIMEOUT || status == MINIRACER_OK);
  OK(miniracer_isolate_dispose(isolate));
}

static void *overflow(void *unused) {
  CHECK_STATUS(MINIRACER_EXCEPTION, run_status(context, "(function f() { f(); })()", NULL));
  CHECK_STATUS(MINIRACER_EXCEPTION, run_status(context, "JSON.parse('['.repeat(1e6))", NULL));
  CHECK_SCRIPT(context, "6 * 7", 42);
  return unused;
}

static void small_stack(void) {
  begin();
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 128 * 1024);
  pthread_t thread;
  REQUIRE(pthread_create(&thread, &attributes, overflow, NULL) == 0);
  pthread_join(thread, NULL);
  pthread_attr_destroy(&attributes);
  end();
}

static void *evaluate_some(void *unused) {
  for (int i = 0; i < 200; ++i) CHECK_SCRIPT(context, "6 * 7", 42);
  return unused;
}

static void many_threads(void) {
  begin();
  pthread_t threads[16];
  for (size_t i = 0; i < COUNT(threads); ++i) pthread_create(&threads[i], NULL, evaluate_some, NULL);
  for (size_t i = 0; i < COUNT(threads); ++i) pthread_join(threads[i], NULL);
  end();
}

static void *make_and_dispose(void *unused) {
  for (int i = 0; i < 5; ++i) {
    miniracer_context made = new_context(new_isolate());
    miniracer_run_options brief = with_timeout(20 * MILLISECOND);
    CHECK_STATUS(MINIRACER_TIMEOUT, run_status(made, "for (;;);", &brief));
    OK(miniracer_isolate_dispose(isolate_of(made)));
  }
  return unused;
}

static void many_isolates(void) {
  begin();
  pthread_t threads[8];
  for (size_t i = 0; i < COUNT(threads); ++i) pthread_create(&threads[i], NULL, make_and_dispose, NULL);
  for (size_t i = 0; i < COUNT(threads); ++i) pthread_join(threads[i], NULL);
  end();
}

int misuse_failures(void) { return failed_checks + process_failures(); }

const hostile_case misuse_cases[] = {
    {.name = "null-arguments", .why = "NULL where something is needed is a status", .misuse = null_arguments},
    {.name = "wrong-lengths", .why = "text that is not what it says", .misuse = wrong_lengths},
    {.name = "wrong-tags", .why = "values that there are none of", .misuse = wrong_tags},
    {.name = "wrong-structs", .why = "structs of other sizes, with other flags", .misuse = wrong_structs},
    {.name = "small-limits", .why = "limits in which nothing can run", .misuse = small_limits},
    {.name = "stale-handles", .why = "handles that were released, and released twice", .misuse = stale_handles},
    {.name = "made-up-handles", .why = "handles that were never issued", .misuse = made_up_handles},
    {.name = "foreign-handles", .why = "handles of another isolate, alive and dead", .misuse = foreign_handles},
    {.name = "after-dispose", .why = "everything after an isolate is gone", .misuse = after_dispose},
    {.name = "errors-outlive", .why = "a record that outlives its isolate", .misuse = errors_outlive},
    {.name = "types-confused", .why = "each function on each kind of object", .misuse = types_confused},
    {.name = "dispose-in-callback", .why = "an isolate that goes below its own feet", .misuse = dispose_in_callback},
    {.name = "dispose-context-in-callback", .why = "a context likewise", .misuse = dispose_context_in_callback},
    {.name = "callback-returns-garbage", .why = "results that are no values", .misuse = callback_returns_garbage},
    {.name = "outer-call-from-inner",
     .why = "only the innermost call can be answered",
     .misuse = outer_call_from_inner},
    {.name = "wait-in-callback", .why = "waiting for what can only run later", .misuse = wait_in_callback},
    {.name = "recursion-through-host", .why = "guest and host that call each other", .misuse = recursion_through_host},
    {.name = "lock-left-in-callback",
     .why = "a callback that locks and does not unlock",
     .misuse = lock_left_in_callback},
    {.name = "arguments-released", .why = "arguments that the callback gives back", .misuse = arguments_released},
    {.name = "dispose-during-run", .why = "a run is ended when its isolate goes", .misuse = dispose_during_run},
    {.name = "cancel-during-run", .why = "or is cancelled", .misuse = cancel_during_run},
    {.name = "release-during-run", .why = "letting go waits for no script", .misuse = release_during_run},
    {.name = "unlock-on-wrong-thread", .why = "a lock is its thread's", .misuse = unlock_on_wrong_thread},
    {.name = "thread-ends-with-lock", .why = "a thread that took its lock along", .misuse = thread_ends_with_lock},
    {.name = "small-stack", .why = "a thread with 128 KB of stack", .misuse = small_stack},
    {.name = "many-threads", .why = "sixteen threads, one isolate", .misuse = many_threads},
    {.name = "many-isolates", .why = "isolates that come and go on eight threads", .misuse = many_isolates},
    {.name = "neighbour-of-loop", .why = "an endless loop slows no other isolate down", .misuse = neighbour_of_loop},
    {.name = "neighbour-of-stuck", .why = "nor does what is cut off", .misuse = neighbour_of_stuck},
    {.name = "neighbour-of-memory", .why = "nor what takes all memory", .misuse = neighbour_of_memory},
    {.name = "neighbour-of-burst", .why = "nor what dies of it", .misuse = neighbour_of_burst},
    {.name = "exit-while-running", .why = "exit with runs under way", .misuse = exit_while_running, .whole = 1},
    {.name = "exit-in-callback", .why = "exit in a host function", .misuse = exit_in_callback, .whole = 1},
    {.name = "exit-with-lock", .why = "exit with a lock held", .misuse = exit_with_lock, .whole = 1},
    {.name = "fork-before-start",
     .why = "a child of a process without engine",
     .misuse = fork_before_start,
     .whole = 1},
    {.name = "fork-after-start", .why = "a child of one with isolates", .misuse = fork_after_start, .whole = 1},
    {.name = "fork-during-run", .why = "while another thread runs a script", .misuse = fork_during_run, .whole = 1},
    {.name = "fork-in-callback", .why = "in a host function", .misuse = fork_in_callback, .whole = 1},
    {.name = "not-initialized", .why = "before the engine is started", .misuse = not_initialized, .whole = 1},
    {.name = "start-again-otherwise",
     .why = "an engine that runs otherwise",
     .misuse = start_again_otherwise,
     .whole = 1},
    {.name = "unknown-flags", .why = "flags that nobody knows", .misuse = unknown_flags, .whole = 1},
    {.name = "address-space-is-small", .why = "RLIMIT_AS", .misuse = address_space_is_small, .whole = 1},
    {.name = "descriptors-are-gone", .why = "no descriptor is free", .misuse = descriptors_are_gone, .whole = 1},
    {.name = "signals-are-blocked",
     .why = "a thread with all signals blocked",
     .misuse = signals_are_blocked,
     .whole = 1},
    {.name = "signal-handler-of-host", .why = "handlers of the host's", .misuse = signal_handler_of_host, .whole = 1},
    {.name = "two-copies", .why = "the library loaded twice", .misuse = two_copies, .whole = 1},
    {.name = NULL},
};
