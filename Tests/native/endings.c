/* A run that was ended is over, whatever the guest left behind, and none but it is touched. */
#include <pthread.h>

#include "test.h"

/* V8 runs FinalizationRegistry callbacks in a task of its own, which swallows a termination. */
static void endless_finalization_callback(void) {
  miniracer_isolate isolate = new_isolate();
  miniracer_context context = new_context(isolate);
  miniracer_run_options run = with_timeout(100 * MILLISECOND);
  EXECUTE(context,
          "var registry = new FinalizationRegistry(() => {"
          "  Promise.resolve().then(() => { for (;;); });"
          "  for (;;);"
          "});"
          "(() => { for (let i = 0; i < 10; ++i) registry.register({}, i); })()");
  collect_all(isolate);
  uint64_t start = now();
  int ended = 0;
  for (int i = 0; i < 5; ++i) {
    miniracer_status status = run_status(context, "1", &run);
    CHECK(status == MINIRACER_OK || status == MINIRACER_TIMEOUT);
    ended += status == MINIRACER_TIMEOUT;
  }
  CHECK(ended > 0); /* the callback ran, and was cut off */
  CHECK(now() - start < 5 * SECOND);
  OK(miniracer_isolate_dispose(isolate));
}

/* The reactions of a run that was ended do not hold the next one up. */
static void reactions_left_behind(void) {
  miniracer_isolate isolate = new_isolate();
  miniracer_context context = new_context(isolate);
  miniracer_run_options run = with_timeout(50 * MILLISECOND);
  const char *source = "var ran = 0; Promise.resolve().then(() => { ran = 1; for (;;); }); for (;;);";
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, source, &run));
  CHECK_STATUS(MINIRACER_OK, run_status(context, "1 + 1", &run));
  CHECK_SCRIPT(context, "ran", 0);
  CHECK_SCRIPT(context, "var later = 0; Promise.resolve().then(() => { later = 1; }); 5", 5);
  CHECK_SCRIPT(context, "later", 1); /* reactions work as before */
  OK(miniracer_isolate_dispose(isolate));
}

static void *evaluate_for_ever(void *data) {
  miniracer_context context = *(miniracer_context *)data;
  miniracer_status status = run_status(context, "for (;;);", NULL);
  CHECK_STATUS(MINIRACER_CLOSED, status);
  return NULL;
}

/* A disposal that comes while a run is just beginning ends that run, too: join would never return. */
static void dispose_meets_a_beginning_run(void) {
  for (int i = 0; i < 300; ++i) {
    miniracer_isolate isolate = new_isolate();
    miniracer_context context = new_context(isolate);
    pthread_t thread;
    REQUIRE(pthread_create(&thread, NULL, evaluate_for_ever, &context) == 0);
    for (volatile int spin = 0; spin < i * 200; ++spin) {
    }
    OK(miniracer_isolate_dispose(isolate));
    REQUIRE(pthread_join(thread, NULL) == 0);
  }
}

static int32_t throws_from_within_another(void *userdata, miniracer_call *call) {
  miniracer_isolate other = *(miniracer_isolate *)userdata;
  miniracer_value message = text("of the right isolate"), answer = text("answer");
  OK(miniracer_isolate_lock(other));
  OK(miniracer_call_return(call, &answer));
  OK(miniracer_call_throw_error(call, MINIRACER_THROW_RANGE_ERROR, NULL, &message, NULL, NULL));
  OK(miniracer_isolate_unlock(other));
  return 1;
}

/* What a callback throws belongs to the isolate that called it, whichever it has entered since. */
static void callback_inside_another_isolate(void) {
  miniracer_isolate isolate = new_isolate(), other = new_isolate();
  miniracer_context context = new_context(isolate);
  define(context, "host", throws_from_within_another, &other);
  CHECK_SCRIPT_TEXT(context, "try { host() } catch (e) { `${e instanceof RangeError} ${e.message}` }",
                    "true of the right isolate");
  OK(miniracer_isolate_dispose(isolate));
  OK(miniracer_isolate_dispose(other));
}

static int32_t disposes_and_forges(void *userdata, miniracer_call *call) {
  (void)userdata;
  miniracer_context made = 0;
  OK(miniracer_isolate_dispose(isolate_of(call->context)));
  CHECK_STATUS(MINIRACER_INVALID_HANDLE, miniracer_context_new(UINT64_C(1) << 62, NULL, &made, NULL));
  return 0;
}

/* A number that nobody issued opens no isolate, not even one that is closing. */
static void made_up_number(void) {
  miniracer_isolate isolate = new_isolate();
  miniracer_context context = new_context(isolate);
  define(context, "host", disposes_and_forges, NULL);
  CHECK_STATUS(MINIRACER_CLOSED, run_status(context, "host(); for (;;);", NULL));
}

/* Tables that double at the heap limit end their run, or their isolate where the next one would be too large, and not the
 * process. */
static void growing_tables(void) {
  miniracer_isolate_options options;
  const char *growing[] = {
      "{ const m = new Map(); for (let i = 0;; i++) m.set({i}, i); }",
      "{ const s = new Set(); for (let i = 0;; i++) s.add({i}); }",
      "{ const o = {}; for (let i = 0;; i++) o['key' + i] = i; }",
      "{ let a = [1]; for (;;) a = a.concat(a); }",
  };
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.heap_limit = 64 << 20;
  for (size_t i = 0; i < COUNT(growing); ++i) {
    miniracer_isolate isolate = 0;
    REQUIRE_OK(miniracer_isolate_new(&options, &isolate, NULL));
    miniracer_context context = new_context(isolate);
    miniracer_status status = run_status(context, growing[i], NULL);
    /* Some come upon the engine's own limit first: a RangeError. */
    if (status != MINIRACER_ENGINE_DEAD) {
      CHECK(status == MINIRACER_OUT_OF_MEMORY || status == MINIRACER_EXCEPTION);
      CHECK_SCRIPT(context, "6 * 7", 42);
    }
    OK(miniracer_isolate_dispose(isolate));
  }
}

/* More elements than V8 can take are the host's error and not the process's end. */
static void too_many_elements(void) {
  miniracer_isolate isolate = new_isolate();
  miniracer_context context = new_context(isolate);
  miniracer_value one = int32(1), result = int32(6);
  CHECK_STATUS(MINIRACER_TOO_LARGE, miniracer_array_new(context, &one, 1u << 27, &result, NULL));
  CHECK_NUMBER(6, result);
  OK(miniracer_isolate_dispose(isolate));
}

static int32_t limit_later(void *userdata, miniracer_call *call) {
  uint64_t bytes = *(uint64_t *)userdata;
  OK(miniracer_isolate_set_heap_limit(isolate_of(call->context), bytes));
  return 0;
}

/* The heap limit may change at any time, also from within a run. */
static void heap_limit_later(void) {
  miniracer_isolate isolate = new_isolate();
  miniracer_context context = new_context(isolate);
  uint64_t before = statistics_of(isolate).heap_limit, small = 32 << 20;
  define(context, "limit", limit_later, &small);
  CHECK_STATUS(MINIRACER_OUT_OF_MEMORY, run_status(context, "limit(); { const a = []; for (;;) a.push([1]); }", NULL));
  CHECK_INT(small, statistics_of(isolate).heap_limit);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_isolate_set_heap_limit(isolate, 1 << 20));
  OK(miniracer_isolate_set_heap_limit(isolate, 256 << 20));
  CHECK_SCRIPT(context, "new Array(1e7).fill(0.5).length", 10000000); /* 80 MB */
  OK(miniracer_isolate_set_heap_limit(isolate, 0));
  CHECK_INT(before, statistics_of(isolate).heap_limit);
  OK(miniracer_isolate_dispose(isolate));
}

int main(void) {
  REQUIRE_OK(miniracer_init(NULL, NULL));
  RUN(endless_finalization_callback);
  RUN(reactions_left_behind);
  RUN(dispose_meets_a_beginning_run);
  RUN(callback_inside_another_isolate);
  RUN(made_up_number);
  RUN(growing_tables);
  RUN(too_many_elements);
  RUN(heap_limit_later);
  return test_result();
}
