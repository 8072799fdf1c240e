/* What the host is told of an isolate, and that its userdata comes back once, whatever happens to the isolate. */
#define _GNU_SOURCE /* pthread_setattr_default_np, which is of the GNU C library */
#include <pthread.h>

#include "test.h"

static int warnings, finalized;

static void told(void *userdata, const miniracer_isolate_event *event) {
  CHECK(userdata == &finalized);
  if (event->kind == MINIRACER_EVENT_MEMORY_WARNING && event->memory > (16 << 20)) {
    __atomic_add_fetch(&warnings, 1, __ATOMIC_SEQ_CST);
  }
}

static miniracer_isolate_options listening(miniracer_event_callback event) {
  miniracer_isolate_options options = isolate_options();
  options.memory_warning = 16 << 20;
  options.event = event;
  options.event_userdata = &finalized;
  options.event_finalize = count_finalized;
  warnings = finalized = 0;
  return options;
}

/* Another thread counts. */
static int now_at(const int *count) { return __atomic_load_n(count, __ATOMIC_SEQ_CST); }

static void wait_for(const int *count) {
  for (int i = 0; i < 1000 && now_at(count) == 0; ++i) sleep_for(MILLISECOND);
}

/* Until then, no thread can be started: there is no room for its stack. */
static pthread_attr_t usual;

static void forbid_threads(void) {
  pthread_attr_t attributes;
  REQUIRE(pthread_getattr_default_np(&usual) == 0 && pthread_getattr_default_np(&attributes) == 0);
  REQUIRE(pthread_attr_setstacksize(&attributes, (size_t)1 << 46) == 0);
  REQUIRE(pthread_setattr_default_np(&attributes) == 0);
  pthread_attr_destroy(&attributes);
}

static void allow_threads(void) {
  REQUIRE(pthread_setattr_default_np(&usual) == 0);
  pthread_attr_destroy(&usual);
}

/* The first one wants a thread that keeps the deadlines, and V8's. */
static void no_thread_for_the_isolate(void) {
  miniracer_isolate isolate = 0;
  miniracer_isolate_options options = listening(told);
  forbid_threads();
  CHECK_STATUS(MINIRACER_HOST_OUT_OF_MEMORY, miniracer_isolate_new(&options, &isolate, NULL));
  CHECK_INT(1, finalized);
  allow_threads();
  OK(miniracer_isolate_new(&options, &isolate, NULL));
  OK(miniracer_isolate_dispose(isolate));
  CHECK_INT(2, finalized);
}

static void refused(void) {
  miniracer_isolate isolate = 0;
  miniracer_isolate_options options = listening(told);
  options.heap_limit = 1;
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_isolate_new(&options, &isolate, NULL));
  CHECK_INT(1, finalized);
}

/* Nobody would ever be told. */
static void no_callback(void) {
  miniracer_isolate_options options = listening(NULL);
  miniracer_isolate isolate = isolate_with(&options);
  CHECK_INT(1, finalized);
  OK(miniracer_isolate_dispose(isolate));
  CHECK_INT(1, finalized);
}

static void memory_warning(void) {
  miniracer_isolate_options options = listening(told);
  miniracer_isolate isolate = isolate_with(&options);
  miniracer_context context = new_context(isolate);
  EXECUTE(context, "var buffer = new ArrayBuffer(32 << 20)");
  wait_for(&warnings);
  CHECK_INT(1, now_at(&warnings));
  EXECUTE(context, "buffer = new ArrayBuffer(1 << 20)"); /* above it all the time */
  CHECK_INT(1, now_at(&warnings));
  OK(miniracer_isolate_dispose(isolate));
  wait_for(&finalized);
  CHECK_INT(1, now_at(&finalized));
}

/* Nothing is lost when an isolate is disposed of before its host was told. */
static void disposed_of_at_once(void) {
  for (int i = 0; i < 50; ++i) {
    miniracer_isolate_options options = listening(told);
    miniracer_isolate isolate = isolate_with(&options);
    EXECUTE(new_context(isolate), "var buffer = new ArrayBuffer(32 << 20)");
    OK(miniracer_isolate_dispose(isolate));
    wait_for(&finalized);
    CHECK_INT(1, now_at(&warnings));
    CHECK_INT(1, now_at(&finalized));
  }
}

static void disposed_of_without_a_thread(void) {
  miniracer_isolate_options options = listening(told);
  miniracer_isolate isolate = isolate_with(&options);
  miniracer_context context = new_context(isolate);
  forbid_threads();
  EXECUTE(context, "var buffer = new ArrayBuffer(32 << 20)");
  OK(miniracer_isolate_dispose(isolate));
  CHECK_INT(1, now_at(&warnings));
  CHECK_INT(1, now_at(&finalized));
  allow_threads();
}

/* What cannot be told at once is told when it can. */
static void no_thread_to_tell(void) {
  miniracer_isolate_options options = listening(told);
  miniracer_isolate isolate = isolate_with(&options);
  miniracer_context context = new_context(isolate);
  forbid_threads();
  EXECUTE(context, "var buffer = new ArrayBuffer(32 << 20)");
  sleep_for(20 * MILLISECOND);
  CHECK_INT(0, now_at(&warnings));
  allow_threads();
  wait_for(&warnings);
  CHECK_INT(1, now_at(&warnings));
  OK(miniracer_isolate_dispose(isolate));
}

int main(void) {
  REQUIRE_OK(miniracer_init(NULL, NULL));
  RUN(no_thread_for_the_isolate);
  RUN(refused);
  RUN(no_callback);
  RUN(memory_warning);
  RUN(disposed_of_at_once);
  RUN(disposed_of_without_a_thread);
  RUN(no_thread_to_tell);
  return test_result();
}
