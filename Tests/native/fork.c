/* The child of a fork: what it inherited is FORKED, new isolates work, the parent notices nothing. */
#include <pthread.h>
#include <unistd.h>

#include "child.h"

static void works(void) {
  miniracer_isolate isolate = new_isolate();
  miniracer_context context = new_context(isolate);
  CHECK_SCRIPT(context, "let s = 0; for (let i = 0; i < 1e6; ++i) s = (s + i) % 7; [1, 2].map(x => x * 2)[1]", 4);
  miniracer_run_options run = with_timeout(20 * MILLISECOND);
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, "for (;;);", &run));
  EXECUTE(context, "var a = []; for (let i = 0; i < 2e5; ++i) a.push({i}); a = null");
  collect_all(isolate);
  miniracer_value memory = EVALUATE(context, "JSON.parse(JSON.stringify([1, {a: 2}]))");
  release(&memory);
  OK(miniracer_isolate_dispose(isolate));
}

static miniracer_isolate inherited;
static miniracer_context inherited_context;
static miniracer_value inherited_object;
static miniracer_error *inherited_error;

static void inherits(void) {
  miniracer_value result = int32(3), key = text("k");
  miniracer_context context = 7;
  miniracer_handle duplicate = 7;
  miniracer_heap_statistics statistics;
  miniracer_error *error = NULL;
  memset(&statistics, 0, sizeof statistics);
  statistics.struct_size = sizeof statistics;
  CHECK_STATUS(MINIRACER_FORKED, evaluate(inherited_context, "1", NULL, &result, &error));
  CHECK(error != NULL && error->status == MINIRACER_FORKED);
  miniracer_error_free(error);
  CHECK_STATUS(MINIRACER_FORKED, miniracer_context_new(inherited, NULL, &context, NULL));
  CHECK_STATUS(MINIRACER_FORKED, miniracer_isolate_lock(inherited));
  CHECK_STATUS(MINIRACER_FORKED, miniracer_isolate_unlock(inherited));
  CHECK_STATUS(MINIRACER_FORKED, miniracer_isolate_cancel(inherited, NULL));
  CHECK_STATUS(MINIRACER_FORKED, miniracer_isolate_collect_garbage(inherited, 0));
  CHECK_STATUS(MINIRACER_FORKED, miniracer_isolate_get_heap_statistics(inherited, &statistics));
  CHECK_STATUS(MINIRACER_FORKED, miniracer_isolate_run_microtasks(inherited, NULL, NULL));
  CHECK_STATUS(MINIRACER_FORKED, miniracer_handle_duplicate(inherited_object.as.handle, &duplicate));
  CHECK_STATUS(MINIRACER_FORKED,
               miniracer_object_get(inherited_context, inherited_object.as.handle, &key, NULL, &result, NULL));
  CHECK_STATUS(MINIRACER_FORKED, miniracer_object_new(inherited_context, &result, NULL));
  CHECK_STATUS(MINIRACER_FORKED, miniracer_context_dispose(inherited_context));
  CHECK_STATUS(MINIRACER_FORKED, miniracer_isolate_dispose(inherited));
  CHECK(context == 7 && duplicate == 7);
  CHECK_NUMBER(3, result);
  release(&inherited_object); /* harmless */
  CHECK_TEXT("inherited", inherited_error->message);
  miniracer_error_free(inherited_error);
  OK(miniracer_init(NULL, NULL));
  works();
#ifndef __SANITIZE_ADDRESS__
  in_child(works, 30); /* and its own child */
#endif
}

static void before_init(void) { in_child(works, 30); }

/* The parent's are not this process's. */
static void counts(void) {
  miniracer_process_statistics statistics;
  memset(&statistics, 0, sizeof statistics);
  statistics.struct_size = sizeof statistics;
  OK(miniracer_process_get_statistics(&statistics));
  CHECK_INT(0, statistics.isolate_count);
}

static void after_init(void) {
  inherited = new_isolate();
  inherited_context = new_context(inherited);
  inherited_object = EVALUATE(inherited_context, "({k: 1})");
  miniracer_value result = undefined();
  inherited_error = NULL;
  CHECK_STATUS(MINIRACER_EXCEPTION,
               evaluate(inherited_context, "throw new Error('inherited')", NULL, &result, &inherited_error));
  in_child(inherits, 30);
  in_child(counts, 30);
  CHECK_SCRIPT(inherited_context, "1 + 1", 2);
  /* With its lock held. */
  OK(miniracer_isolate_lock(inherited));
  in_child(inherits, 30);
  CHECK_SCRIPT(inherited_context, "1 + 1", 2);
  OK(miniracer_isolate_unlock(inherited));
}

#ifndef __SANITIZE_THREAD__

static uint32_t stop;

static void *run_inherited(void *unused) {
  miniracer_run_options run = with_cancel(&stop);
  CHECK_STATUS(MINIRACER_CANCELLED, run_status(inherited_context, "for (;;);", &run));
  return unused;
}

/* On another thread, in this very isolate. Its script has been compiled by the time of the forks: a thread that holds a
 * lock of V8's at the very moment of a fork (compiling, say) leaves it taken for ever in the child, and nobody can help
 * that. */
static void while_another_runs(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, run_inherited, NULL);
  sleep_for(SECOND);
  for (int i = 0; i < 12; ++i) {
    sleep_for((uint64_t)i * 137000);
    in_child(i % 2 == 0 ? works : inherits, 30);
  }
  __atomic_store_n(&stop, 1, __ATOMIC_SEQ_CST);
  OK(miniracer_isolate_cancel(inherited, &stop));
  pthread_join(thread, NULL);
  CHECK_SCRIPT(inherited_context, "1 + 1", 2);
}

static void *make_and_dispose(void *unused) {
  while (__atomic_load_n(&stop, __ATOMIC_SEQ_CST) == 0) OK(miniracer_isolate_dispose(new_isolate()));
  return unused;
}

static void makes_one(void) {
  miniracer_isolate isolate = new_isolate();
  OK(miniracer_isolate_dispose(isolate));
}

/* V8 takes locks of its own for it, which a child would never get. */
static void while_others_make_isolates(void) {
  pthread_t threads[3];
  __atomic_store_n(&stop, 0, __ATOMIC_SEQ_CST);
  for (size_t i = 0; i < COUNT(threads); ++i) pthread_create(&threads[i], NULL, make_and_dispose, NULL);
  for (int i = 0; i < 100; ++i) {
    sleep_for((uint64_t)i % 7 * 300000);
    in_child(makes_one, 30);
  }
  __atomic_store_n(&stop, 1, __ATOMIC_SEQ_CST);
  for (size_t i = 0; i < COUNT(threads); ++i) pthread_join(threads[i], NULL);
}

static uint64_t delay;

static void *init_once(void *unused) {
  OK(miniracer_init(NULL, NULL));
  return unused;
}

static void forks_soon(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, init_once, NULL);
  sleep_for(delay);
  in_child(makes_one, 30);
  pthread_join(thread, NULL);
  makes_one();
}

/* For the first time, which takes some milliseconds. */
static void while_another_starts_v8(void) {
  for (delay = 0; delay < 20 * MILLISECOND; delay += MILLISECOND) in_child(forks_soon, 30);
}

#endif

/* From within a host function: the child's JavaScript cannot go on, its process can. */
static int32_t forks(void *userdata, miniracer_call *call) {
  (void)userdata, (void)call;
  in_child(inherits, 30);
  return 0;
}

static void within_a_call(void) {
  define(inherited_context, "forks", forks, NULL);
  CHECK_SCRIPT(inherited_context, "forks(); 6", 6);
}

int main(void) {
  RUN(before_init);
#ifndef __SANITIZE_THREAD__ /* it gives up when the child of a process with threads makes threads */
  RUN(while_another_starts_v8);
#endif
  REQUIRE_OK(miniracer_init(NULL, NULL));
  in_child(works, 30);
  RUN(after_init);
  RUN(within_a_call);
#ifndef __SANITIZE_THREAD__
  RUN(while_another_runs);
  RUN(while_others_make_isolates);
#endif
  release(&inherited_object);
  miniracer_error_free(inherited_error);
  OK(miniracer_isolate_dispose(inherited));
  return test_result();
}
