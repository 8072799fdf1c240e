/* Locks that nobody undoes. */
#include <pthread.h>

#include "test.h"

static miniracer_isolate isolate;
static miniracer_context context;

static void on_thread(void *(*run)(void *), void *argument) {
  pthread_t thread;
  REQUIRE(pthread_create(&thread, NULL, run, argument) == 0);
  pthread_join(thread, NULL);
}

/* ---- A thread that ends with them ---- */

static void *lock_twice(void *other) {
  OK(miniracer_isolate_lock(isolate));
  if (other != NULL) OK(miniracer_isolate_lock(*(miniracer_isolate *)other));
  OK(miniracer_isolate_lock(isolate));
  return NULL;
}

/* It may have the memory of the thread before. */
static void *unlock(void *unused) {
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
static void *lock_and_dispose(void *going) {
  OK(miniracer_isolate_lock(*(miniracer_isolate *)going));
  OK(miniracer_isolate_dispose(*(miniracer_isolate *)going));
  return NULL;
}

static int32_t nothing(void *userdata, miniracer_call *call) {
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

/* ---- A callback that leaves them ---- */

static int locked, counted;

static void lock_here(void *unused) {
  (void)unused;
  miniracer_status status = miniracer_isolate_lock(isolate);
  if (status == MINIRACER_OK) __atomic_add_fetch(&locked, 1, __ATOMIC_SEQ_CST);
}

static void lock_in_wake(void *userdata, miniracer_isolate where, uint64_t delay) {
  (void)where, (void)delay;
  lock_here(userdata);
}

static int32_t lock_in_writer(void *userdata, const void *data, uint64_t length) {
  (void)data, (void)length;
  lock_here(userdata);
  return 0;
}

/* Nothing is left that this thread or another could trip over. */
static void check_unlocked(void) {
  CHECK(__atomic_load_n(&locked, __ATOMIC_SEQ_CST) > 0);
  __atomic_store_n(&locked, 0, __ATOMIC_SEQ_CST);
  CHECK_STATUS(MINIRACER_NOT_LOCKED, miniracer_isolate_unlock(isolate));
  on_thread(unlock, NULL);
  CHECK_SCRIPT(context, "1 + 1", 2);
}

static void wake_callbacks(void) {
  OK(miniracer_isolate_set_wake(isolate, lock_in_wake, NULL, NULL));
  EXECUTE(context, "setTimeout(() => 1, 1)"); /* inside */
  check_unlocked();
  OK(miniracer_isolate_run_pending(isolate, NULL, NULL, NULL));
  __atomic_store_n(&locked, 0, __ATOMIC_SEQ_CST);
  OK(miniracer_isolate_post(isolate, count_finalized, &counted, NULL)); /* and outside */
  check_unlocked();
  OK(miniracer_isolate_set_wake(isolate, NULL, NULL, NULL));
  OK(miniracer_isolate_run_pending(isolate, NULL, NULL, NULL));
}

static void writers_of_snapshots(void) {
  OK(miniracer_isolate_write_heap_snapshot(isolate, lock_in_writer, NULL, NULL));
  check_unlocked();
  OK(miniracer_isolate_lock(isolate));
  OK(miniracer_isolate_write_heap_snapshot(isolate, lock_in_writer, NULL, NULL));
  OK(miniracer_isolate_unlock(isolate));
  check_unlocked();
}

/* On the library's thread. */
static void posted_tasks(void) {
  miniracer_isolate_options options = isolate_options();
  miniracer_isolate outer = isolate;
  miniracer_context outer_context = context;
  options.flags = MINIRACER_ISOLATE_BACKGROUND_LOOP;
  isolate = isolate_with(&options);
  context = new_context(isolate);
  OK(miniracer_isolate_post(isolate, lock_here, NULL, NULL));
  for (uint64_t until = now() + 10 * SECOND; now() < until; sleep_for(MILLISECOND)) {
    if (__atomic_load_n(&locked, __ATOMIC_SEQ_CST) != 0) break;
  }
  check_unlocked();
  OK(miniracer_isolate_dispose(isolate));
  isolate = outer;
  context = outer_context;
}

int main(void) {
  isolate = new_isolate();
  context = context_with(isolate, MINIRACER_CONTEXT_TIMERS);
  RUN(ended_threads);
  RUN(ended_thread_of_a_closed_isolate);
  RUN(wake_callbacks);
  RUN(writers_of_snapshots);
  RUN(posted_tasks);
  OK(miniracer_isolate_dispose(isolate));
  return test_result();
}
