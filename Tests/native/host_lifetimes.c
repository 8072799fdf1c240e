/* Functions of the host's that JavaScript calls: how long things live, misuse, and what is undone meanwhile. */
#include <pthread.h>

#include "test.h"

static miniracer_isolate isolate;
static miniracer_context context;

static int32_t never_called(void *userdata, miniracer_call *call) {
  (void)userdata, (void)call;
  CHECK(!"called");
  return 0;
}

static int finalized_errors;

/* Collects until the finalizers of what is garbage have been called. */
static void settle(void) {
  for (int i = 0; i < 3; ++i) {
    collect_all(isolate);
    EXECUTE(context, "0");
  }
}

/* ---- Lifetimes ---- */

static void finalizers(void) {
  int count = 0;
  miniracer_value function = undefined();
  miniracer_function_options options = function_options(never_called, &count);
  options.finalize = count_finalized;
  OK(miniracer_function_new(context, &options, &function, NULL));
  settle();
  CHECK_INT(0, count);
  release(&function);
  settle();
  CHECK_INT(1, count);

  /* Kept by JavaScript, then not. */
  define_with(context, "kept", &options);
  settle();
  CHECK_INT(1, count);
  EXECUTE(context, "kept = null");
  settle();
  CHECK_INT(2, count);

  /* A call that fails finalizes, too. */
  miniracer_error *error = NULL;
  options.name = int32(1);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_function_new(context, &options, &function, &error));
  miniracer_error_free(error);
  CHECK_INT(3, count);
  options.name = undefined();
  options.flags = 8;
  CHECK_STATUS(MINIRACER_UNKNOWN_FLAG, miniracer_function_new(context, &options, &function, NULL));
  CHECK_INT(4, count);
  options.flags = 0;
  options.length = -1;
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_function_new(context, &options, &function, NULL));
  CHECK_INT(5, count);
  options.length = 0;
  CHECK_STATUS(MINIRACER_INVALID_HANDLE, miniracer_function_new(isolate, &options, &function, NULL));
  CHECK_INT(6, count);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_function_new(context, &options, NULL, NULL));
  CHECK_INT(7, count);
  options.callback = NULL;
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_function_new(context, &options, &function, NULL));
  CHECK_INT(8, count);
  options.callback = never_called;
  struct {
    miniracer_function_options options;
    uint64_t more;
  } newer = {options, 1};
  newer.options.struct_size = sizeof newer;
  CHECK_STATUS(MINIRACER_UNKNOWN_FIELD, miniracer_function_new(context, &newer.options, &function, NULL));
  CHECK_INT(9, count);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_function_new(context, NULL, &function, NULL));
  newer.more = 0;
  OK(miniracer_function_new(context, &newer.options, &function, NULL));
  release(&function);
  settle();
  CHECK_INT(10, count);

  /* The end of the isolate is the latest; not while it is held. */
  miniracer_isolate other = new_isolate();
  miniracer_context in_other = new_context(other);
  count = 0;
  for (int i = 0; i < 100; ++i) {
    define_with(in_other, "f", &options);
  }
  OK(miniracer_isolate_lock(other));
  collect_all(other);
  OK(miniracer_isolate_dispose(other));
  CHECK_INT(0, count);
  OK(miniracer_isolate_unlock(other));
  CHECK_INT(100, count);
  miniracer_context closed = new_context(isolate);
  OK(miniracer_context_dispose(closed));
  CHECK_STATUS(MINIRACER_CLOSED, miniracer_function_new(closed, &options, &function, NULL));
  CHECK_INT(101, count);
}

/* A finalizer may call anything. */
static void finalize_by_calling(void *userdata) {
  CHECK_SCRIPT(context, "2 * 3", 6);
  miniracer_value object = undefined();
  OK(miniracer_object_new(context, &object, NULL));
  release(&object);
  CHECK_STATUS(MINIRACER_NOT_LOCKED, miniracer_isolate_unlock(isolate)); /* the lock is not held */
  ++*(int *)userdata;
}

static void finalizers_call(void) {
  int count = 0;
  miniracer_value function = undefined();
  miniracer_function_options options = function_options(never_called, &count);
  options.finalize = finalize_by_calling;
  for (int i = 0; i < 10; ++i) {
    OK(miniracer_function_new(context, &options, &function, NULL));
    release(&function);
  }
  settle();
  CHECK_INT(10, count);
}

/* ---- Misuse ---- */

static miniracer_call *kept_call;

static int32_t keep_call(void *userdata, miniracer_call *call) {
  (void)userdata;
  kept_call = call;
  return 0;
}

static void *use_elsewhere(void *call) {
  miniracer_value value = int32(1);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_call_return(call, &value));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_call_throw(call, &value));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_call_throw_error(call, 0, NULL, &value, NULL, NULL));
  return NULL;
}

static int32_t on_other_thread(void *userdata, miniracer_call *call) {
  pthread_t thread;
  (void)userdata;
  pthread_create(&thread, NULL, use_elsewhere, call);
  pthread_join(thread, NULL);
  return 0;
}

static int32_t use_outer(void *userdata, miniracer_call *call) {
  miniracer_value value = text("for the outer call");
  (void)userdata, (void)call;
  /* That call is under way, but it is not its turn. */
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_call_return(kept_call, &value));
  return 0;
}

static int32_t keep_and_nest(void *userdata, miniracer_call *call) {
  miniracer_value result = undefined(), value = int32(3);
  (void)userdata;
  kept_call = call;
  OK(evaluate(context, "useOuter()", NULL, &result, NULL));
  collect_all(isolate);
  OK(miniracer_call_return(call, &value));
  return 0;
}

static void misuse(void) {
  miniracer_value value = int32(1);
  miniracer_call made_up;
  memset(&made_up, 0, sizeof made_up);
  made_up.struct_size = sizeof made_up;
  define(context, "keepCall", keep_call, NULL);
  EXECUTE(context, "keepCall()");
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_call_return(kept_call, &value));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_call_throw(kept_call, &value));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_call_return(&made_up, &value));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_call_return(NULL, &value));
  int count = 0;
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT,
               miniracer_call_throw_error(kept_call, 0, NULL, NULL, &count, count_finalized));
  CHECK_INT(1, count);
  define(context, "otherThread", on_other_thread, NULL);
  EXECUTE(context, "otherThread()");
  define(context, "useOuter", use_outer, NULL);
  define(context, "keepAndNest", keep_and_nest, NULL);
  CHECK_SCRIPT(context, "keepAndNest()", 3);
}

static int32_t leave_locks(void *userdata, miniracer_call *call) {
  miniracer_isolate other = *(miniracer_isolate *)userdata;
  (void)call;
  CHECK_STATUS(MINIRACER_NOT_LOCKED, miniracer_isolate_unlock(isolate)); /* the caller's locks are not the callback's */
  OK(miniracer_isolate_lock(isolate));
  OK(miniracer_isolate_lock(other));
  OK(miniracer_isolate_lock(isolate));
  OK(miniracer_isolate_lock(other));
  return 0;
}

static void *lock_elsewhere(void *data) {
  OK(miniracer_isolate_lock(*(miniracer_isolate *)data));
  OK(miniracer_isolate_unlock(*(miniracer_isolate *)data));
  return NULL;
}

static void locks_left_behind(void) {
  miniracer_isolate other = new_isolate();
  define(context, "leaveLocks", leave_locks, &other);
  OK(miniracer_isolate_lock(isolate));
  EXECUTE(context, "leaveLocks(); leaveLocks()");
  OK(miniracer_isolate_unlock(isolate));
  CHECK_STATUS(MINIRACER_NOT_LOCKED, miniracer_isolate_unlock(isolate));
  CHECK_STATUS(MINIRACER_NOT_LOCKED, miniracer_isolate_unlock(other));
  miniracer_isolate both[] = {isolate, other};
  for (int i = 0; i < 2; ++i) {
    pthread_t thread;
    pthread_create(&thread, NULL, lock_elsewhere, &both[i]);
    pthread_join(thread, NULL);
  }
  OK(miniracer_isolate_dispose(other));
}

/* ---- Disposing from within ---- */

static int32_t dispose_own(void *userdata, miniracer_call *call) {
  miniracer_isolate own = isolate_of(call->context);
  miniracer_value result = undefined(), value = int32(1);
  (void)userdata;
  OK(miniracer_isolate_dispose(own));
  CHECK_STATUS(MINIRACER_CLOSED, miniracer_isolate_dispose(own));
  CHECK_STATUS(MINIRACER_CLOSED, evaluate(call->context, "1", NULL, &result, NULL));
  CHECK_STATUS(MINIRACER_CLOSED, miniracer_object_new(call->context, &result, NULL));
  miniracer_call_return(call, &value);
  return 0;
}

static void disposing_from_within(void) {
  const char *sources[] = {"disposeOwn(); for (;;);", "try { disposeOwn(); } finally { for (;;); }",
                           "[1].map(disposeOwn)[0]; while (1) {}"};
  for (size_t i = 0; i < COUNT(sources); ++i) {
    miniracer_isolate other = new_isolate();
    miniracer_context in_other = new_context(other);
    int count = 0;
    miniracer_function_options options = function_options(dispose_own, &count);
    options.finalize = count_finalized;
    define_with(in_other, "disposeOwn", &options);
    miniracer_value result = undefined();
    miniracer_error *error = NULL;
    CHECK_STATUS(MINIRACER_CLOSED, evaluate(in_other, sources[i], NULL, &result, &error));
    CHECK(error != NULL && error->status == MINIRACER_CLOSED);
    miniracer_error_free(error);
    CHECK_INT(1, count);
    CHECK_STATUS(MINIRACER_CLOSED, run_status(in_other, "1", NULL));
  }
}

static int32_t dispose_context(void *userdata, miniracer_call *call) {
  miniracer_value result = undefined();
  (void)userdata;
  OK(miniracer_context_dispose(call->context));
  CHECK_STATUS(MINIRACER_CLOSED, evaluate(call->context, "1", NULL, &result, NULL));
  miniracer_context another = new_context(isolate);
  CHECK_SCRIPT(another, "5", 5);
  OK(miniracer_context_dispose(another));
  call->result = int32(4);
  return 0;
}

static void disposing_context_from_within(void) {
  miniracer_context other = new_context(isolate);
  define(other, "disposeContext", dispose_context, NULL);
  CHECK_SCRIPT(other, "disposeContext() + 1", 5); /* the run goes on: nothing said that it must end */
  CHECK_STATUS(MINIRACER_CLOSED, run_status(other, "1", NULL));
}

/* ---- Ends that come while the host is at work ---- */

static int32_t outlast(void *userdata, miniracer_call *call) {
  miniracer_status *seen = userdata;
  miniracer_value result = undefined(), message = text("late");
  sleep_for(400 * MILLISECOND);
  seen[0] = evaluate(call->context, "for (;;);", NULL, &result, NULL);
  seen[1] = evaluate(call->context, "1", NULL, &result, NULL);
  seen[2] = miniracer_json_parse(call->context, &message, &result, NULL);
  miniracer_value name = text("Named");
  miniracer_status status =
      miniracer_call_throw_error(call, MINIRACER_THROW_ERROR, &name, &message, &finalized_errors, count_finalized);
  (void)status;
  return 1;
}

static void ended_meanwhile(void) {
  miniracer_status seen[4] = {0, 0, 0, 0};
  miniracer_run_options run = with_timeout(100 * MILLISECOND);
  finalized_errors = 0;
  define(context, "outlast", outlast, seen);
  CHECK_STATUS(MINIRACER_TIMEOUT,
               run_status(context, "var after = 0; try { outlast(); } catch { for (;;); } after = 1", &run));
  CHECK_STATUS(MINIRACER_TIMEOUT, seen[0]);
  CHECK_STATUS(MINIRACER_TIMEOUT, seen[1]);
  CHECK_STATUS(MINIRACER_TIMEOUT, seen[2]);
  CHECK_SCRIPT(context, "after", 0);
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, "outlast()", &run));
  CHECK_SCRIPT(context, "1 + 1", 2);
  settle();
  CHECK_INT(2, finalized_errors);
}

int main(void) {
  isolate = new_isolate();
  context = new_context(isolate);
  RUN(finalizers);
  RUN(finalizers_call);
  RUN(misuse);
  RUN(locks_left_behind);
  RUN(disposing_from_within);
  RUN(disposing_context_from_within);
  RUN(ended_meanwhile);
  CHECK_INT(0, handle_count(isolate));
  OK(miniracer_isolate_dispose(isolate));
  return test_result();
}
