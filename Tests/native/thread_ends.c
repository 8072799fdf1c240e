/* A callback that ends its thread, as CPython does with daemon threads while the interpreter ends: the thread stays
 * there for ever, other isolates work, and the process ends well. */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

static miniracer_isolate isolate;
static miniracer_context context;
static int entered, gone;

static int read_of(const int *flag) { return __atomic_load_n(flag, __ATOMIC_SEQ_CST); }

static void end_thread(void *unused) {
  (void)unused;
  __atomic_store_n(&entered, 1, __ATOMIC_SEQ_CST);
  pthread_exit(NULL);
}

/* ---- The kinds of callbacks ---- */

static int32_t end_in_call(void *userdata, miniracer_call *call) {
  (void)call;
  end_thread(userdata);
  return 0;
}

static int32_t do_nothing(void *userdata, miniracer_call *call) {
  (void)userdata, (void)call;
  return 0;
}

static void end_in_settled(void *userdata, uint32_t state, miniracer_value *value, miniracer_error *error) {
  (void)state, (void)value, (void)error;
  end_thread(userdata);
}

static void end_in_unhandled(void *userdata, miniracer_context where, miniracer_error *error) {
  (void)where, (void)error;
  end_thread(userdata);
}

static void end_in_event(void *userdata, const miniracer_isolate_event *event) {
  (void)event;
  end_thread(userdata);
}

static void end_in_wake(void *userdata, miniracer_isolate where, uint64_t delay) {
  (void)where, (void)delay;
  end_thread(userdata);
}

static int32_t end_in_writer(void *userdata, const void *data, uint64_t length) {
  (void)data, (void)length;
  end_thread(userdata);
  return 0;
}

/* ---- How each comes to be called: on the thread itself, or on one of the library's ---- */

static void in_function(void) {
  define(context, "end", end_in_call, NULL);
  EXECUTE(context, "try { [1].map(end) } finally { }");
}

static void in_host_object(void) {
  define_host_object(context, "object", 0, end_in_call);
  EXECUTE(context, "object.x");
}

static void in_module_loader(void) {
  miniracer_module_loader loader;
  miniracer_value promise = undefined(), name = text("x"), from = undefined();
  memset(&loader, 0, sizeof loader);
  loader.struct_size = sizeof loader;
  define(context, "end", end_in_call, NULL);
  loader.load = EVALUATE(context, "end");
  OK(miniracer_context_set_module_loader(context, &loader, NULL));
  OK(miniracer_context_import(context, &name, &from, NULL, &promise, NULL));
}

static void in_settled(void) {
  miniracer_value promise = EVALUATE(context, "Promise.resolve(1)");
  OK(miniracer_promise_watch(context, promise.as.handle, end_in_settled, NULL, NULL, NULL, NULL));
}

static void in_unhandled(void) {
  OK(miniracer_isolate_set_unhandled(isolate, end_in_unhandled, NULL, NULL));
  EXECUTE(context, "Promise.reject(1); 1");
}

static void in_event(void) {
  miniracer_isolate_options options = isolate_options();
  options.event = end_in_event;
  options.memory_warning = 32 << 20;
  EXECUTE(new_context(isolate_with(&options)), "var kept = new ArrayBuffer(40 * 2 ** 20); 1");
}

static void in_wake(void) {
  OK(miniracer_isolate_set_wake(isolate, end_in_wake, NULL, NULL));
  EXECUTE(context, "setTimeout(() => 1, 1)");
}

static void in_task(void) {
  OK(miniracer_isolate_post(isolate, end_thread, NULL, NULL));
  OK(miniracer_isolate_run_pending(isolate, NULL, NULL, NULL));
}

static void in_task_of_the_background(void) {
  miniracer_isolate_options options = isolate_options();
  options.flags = MINIRACER_ISOLATE_BACKGROUND_LOOP;
  OK(miniracer_isolate_post(isolate_with(&options), end_thread, NULL, NULL));
}

static void in_finalizer(void) {
  miniracer_function_options options = function_options(do_nothing, NULL);
  miniracer_value function = undefined();
  options.finalize = end_thread;
  OK(miniracer_function_new(context, &options, &function, NULL));
  release(&function);
  collect_all(isolate);
}

static void in_finalizer_of_a_task(void) {
  OK(miniracer_isolate_post(isolate, count_finalized, &gone, end_thread));
  OK(miniracer_isolate_dispose(isolate));
}

static void in_finalizer_of_a_failed_call(void) {
  miniracer_function_options options = function_options(NULL, NULL);
  miniracer_value function = undefined();
  options.finalize = end_thread;
  miniracer_function_new(context, &options, &function, NULL);
}

static void in_writer(void) { miniracer_isolate_write_heap_snapshot(isolate, end_in_writer, NULL, NULL); }

/* ---- A process for each ---- */

static void *go(void *how) {
  void (*call)(void);
  memcpy(&call, how, sizeof call);
  call();
  return NULL;
}

static void end_in(const char *name, void (*call)(void)) {
  fflush(NULL);
  pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    alarm(60);
    isolate = new_isolate();
    context = context_with(isolate, MINIRACER_CONTEXT_TIMERS);
    pthread_t thread;
    REQUIRE(pthread_create(&thread, NULL, go, &call) == 0 && pthread_detach(thread) == 0);
    for (uint64_t until = now() + 10 * SECOND; now() < until && read_of(&entered) == 0;) sleep_for(MILLISECOND);
    CHECK(read_of(&entered) != 0);
    sleep_for(20 * MILLISECOND);
    CHECK_SCRIPT(new_context(new_isolate()), "6 * 7", 42);
    exit(test_result());
  }
  int status = -1;
  CHECK(waitpid(child, &status, 0) == child);
  if (!CHECK_INT(0, WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status))) {
    fprintf(stderr, "FAILED: %s\n", name);
  }
}

#define END(call) end_in(#call, call)

int main(void) {
  END(in_function);
  END(in_host_object);
  END(in_module_loader);
  END(in_settled);
  END(in_unhandled);
  END(in_event);
  END(in_wake);
  END(in_task);
  END(in_task_of_the_background);
  END(in_finalizer);
  END(in_finalizer_of_a_task);
  END(in_finalizer_of_a_failed_call);
  END(in_writer);
  return test_result();
}
