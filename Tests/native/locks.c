/* Locks that nobody undoes. */
#include <pthread.h>

#include "test.h"

static miniracer_isolate isolate;
static miniracer_context context;

static void on_thread(void* (*run)(void*), void* argument) {
  pthread_t thread;
  REQUIRE(pthread_create(&thread, NULL, run, argument) == 0);
  pthread_join(thread, NULL);
}

/* ---- A thread that ends with them ---- */

static void* lock_twice(void* other) {
  OK(miniracer_isolate_lock(isolate));
  if (other != NULL) OK(miniracer_isolate_lock(*(miniracer_isolate*)other));
  OK(miniracer_isolate_lock(isolate));
  return NULL;
}

/* It may have the memory of the thread before. */
static void* unlock(void* unused) {
  CHECK_STATUS(MINIRACER_NOT_LOCKED, miniracer_isolate_unlock(isolate));
  miniracer_run_options run = with_timeout(10 * SECOND);
  OK(run_status(context, "1", &run));
  return unused;
}

static void ended_threads(void) {
  miniracer_isolate other = new_isolate();
  for (int i = 0; i < 3; ++i) {
    on_thread(lock_twice, i == 1 ? &other : NULL);
    on_thread(unlock, NULL);
  }
  CHECK_SCRIPT(new_context(other), "6 * 7", 42);
  OK(miniracer_isolate_dispose(other));
}

/* The last one out frees the heap, and tells the host. */
static void* lock_and_dispose(void* going) {
  OK(miniracer_isolate_lock(*(miniracer_isolate*)going));
  OK(miniracer_isolate_dispose(*(miniracer_isolate*)going));
  return NULL;
}

static int32_t nothing(void* userdata, miniracer_call* call) {
  (void)userdata, (void)call;
  return 0;
}

static void ended_thread_of_a_closed_isolate(void) {
  int finalized = 0;
  miniracer_isolate going = new_isolate();
  miniracer_function_options options = function_options(nothing, &finalized);
  options.finalize = count_finalized;
  define_with(new_context(going), "f", &options);
  on_thread(lock_and_dispose, &going);
  CHECK_INT(1, finalized);
}

int main(void) {
  isolate = new_isolate();
  context = new_context(isolate);
  RUN(ended_threads);
  RUN(ended_thread_of_a_closed_isolate);
  OK(miniracer_isolate_dispose(isolate));
  return test_result();
}
