/* Where the system gives no threads: what needs one says so, what can wait does, and a fork goes well. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* pthread_setattr_default_np */
#endif
#include <pthread.h>
#include <unistd.h>

#include "child.h"

static pthread_attr_t usual;

/* Without them: there is no room for a stack. */
static void give_threads(int given) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  REQUIRE(pthread_attr_setstacksize(&attributes, (size_t)1 << 46) == 0);
  REQUIRE(pthread_setattr_default_np(given ? &usual : &attributes) == 0);
  pthread_attr_destroy(&attributes);
}

static void isolates_wait_for_threads(void) {
  give_threads(0);
  miniracer_isolate isolate = 0;
  miniracer_error *error = NULL;
  OK(miniracer_init(NULL, NULL));
  CHECK_STATUS(MINIRACER_HOST_OUT_OF_MEMORY, miniracer_isolate_new(NULL, &isolate, &error));
  if (CHECK(error != NULL)) CHECK_TEXT("the system gives the process no more threads", error->message);
  miniracer_error_free(error);
  give_threads(1);
  isolate = new_isolate();
  CHECK_SCRIPT(new_context(isolate), "6 * 7", 42);
  OK(miniracer_isolate_dispose(isolate));
}

/* A fork may be had where a thread is not. */
static void forks_without_threads(void) {
  OK(miniracer_isolate_dispose(new_isolate()));
  give_threads(0);
  in_child(isolates_wait_for_threads, 60);
  give_threads(1);
}

static uint32_t called;

static void post_called(void *userdata) {
  (void)userdata;
  __atomic_add_fetch(&called, 1, __ATOMIC_SEQ_CST);
}

static int32_t call_called(void *userdata, miniracer_call *call) {
  (void)call;
  post_called(userdata);
  return 0;
}

static int becomes_called(uint32_t times) {
  for (uint64_t until = now() + 10 * SECOND; now() < until; sleep_for(MILLISECOND)) {
    if (__atomic_load_n(&called, __ATOMIC_SEQ_CST) == times) return 1;
  }
  return 0;
}

/* What was posted without a thread, and a timer that was set, come once there are threads: nobody tells the loop
 * again. */
static void loops_wait_for_threads(void) {
  miniracer_isolate_options options = isolate_options();
  options.flags = MINIRACER_ISOLATE_BACKGROUND_LOOP;
  miniracer_isolate isolate = isolate_with(&options);
  miniracer_context context = context_with(isolate, MINIRACER_CONTEXT_TIMERS);
  define(context, "call", call_called, NULL);
  for (uint32_t round = 0; round < 2; ++round) {
    __atomic_store_n(&called, 0, __ATOMIC_SEQ_CST);
    give_threads(0);
    if (round == 0) {
      OK(miniracer_isolate_post(isolate, post_called, NULL, NULL));
    } else {
      EXECUTE(context, "setTimeout(call, 1)");
    }
    sleep_for(100 * MILLISECOND);
    CHECK_INT(0, __atomic_load_n(&called, __ATOMIC_SEQ_CST));
    give_threads(1);
    CHECK(becomes_called(1));
    sleep_for(1500 * MILLISECOND); /* the thread is gone again */
  }
  OK(miniracer_isolate_dispose(isolate));
}

int main(void) {
  REQUIRE(pthread_getattr_default_np(&usual) == 0);
  RUN(isolates_wait_for_threads);
  RUN(forks_without_threads);
  RUN(loops_wait_for_threads);
  return test_result();
}
