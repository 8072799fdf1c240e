/* The process may end at any time: with isolates not disposed of, held, or running on other threads. */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

static void *run_for_ever(void *context) {
  run_status(*(miniracer_context *)context, "for (let a = [];; a = [a.length]);", NULL);
  return NULL;
}

static void start(miniracer_context *context) {
  pthread_t thread;
  *context = new_context(new_isolate());
  pthread_create(&thread, NULL, run_for_ever, context);
  pthread_detach(thread);
  sleep_for(20 * MILLISECOND);
}

static void undisposed(void) {
  miniracer_context context = new_context(new_isolate());
  EXECUTE(context, "globalThis.kept = new Array(1000).fill({})");
}

static void held(void) {
  miniracer_isolate isolate = new_isolate();
  new_context(isolate);
  OK(miniracer_isolate_lock(isolate));
}

static miniracer_context contexts[3];

static void running(void) {
  for (size_t i = 0; i < COUNT(contexts); ++i) start(&contexts[i]);
}

static void at_exit(void) {
  /* The host may clean up this late. */
  OK(miniracer_isolate_dispose(isolate_of(contexts[0])));
  CHECK_STATUS(MINIRACER_CLOSED, run_status(contexts[0], "1", NULL));
  miniracer_isolate isolate = new_isolate();
  CHECK_SCRIPT(new_context(isolate), "2", 2);
  OK(miniracer_isolate_dispose(isolate));
  if (failed_checks != 0) _exit(1);
}

static void running_with_handler(void) {
  running();
  atexit(at_exit);
}

static int32_t leave(void *userdata, miniracer_call *call) {
  (void)userdata, (void)call;
  exit(test_result());
}

static void from_a_callback(void) {
  miniracer_context context = new_context(new_isolate());
  define(context, "leave", leave, NULL);
  EXECUTE(context, "leave()");
  CHECK(!"reached");
}

static void *return_from_thread(void *test) {
  ((void (*)(void))(uintptr_t)test)();
  exit(test_result());
}

static void on_a_thread(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, return_from_thread, (void *)(uintptr_t)running);
  pthread_join(thread, NULL);
}

int main(void) {
  void (*tests[])(void) = {undisposed, held, running, running_with_handler, from_a_callback, on_a_thread};
  for (int i = 0; i < 3 * (int)COUNT(tests); ++i) {
    fflush(NULL);
    pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      alarm(30);
      tests[i % (int)COUNT(tests)]();
      return test_result();
    }
    int status = -1;
    CHECK(waitpid(child, &status, 0) == child);
    if (!CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0)) {
      fprintf(stderr, "test %d: status %x\n", i % (int)COUNT(tests), (unsigned)status);
    }
  }
  return test_result();
}
