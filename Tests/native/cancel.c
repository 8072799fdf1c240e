/* Cancelling: by flag, by call, before, during, after, the inner run alone, from other threads. */
#include <pthread.h>

#include "test.h"

static miniracer_isolate isolate;
static miniracer_context context;

struct canceller {
  uint64_t after;
  uint32_t *flag; /* set first, if there */
  const uint32_t *name;
};

static void *cancel_later(void *data) {
  struct canceller *canceller = data;
  sleep_for(canceller->after);
  if (canceller->flag != NULL) __atomic_store_n(canceller->flag, 1, __ATOMIC_SEQ_CST);
  OK(miniracer_isolate_cancel(isolate, canceller->name));
  return NULL;
}

static void before(void) {
  uint32_t flag = 1;
  miniracer_run_options run = with_cancel(&flag);
  miniracer_error *error = NULL;
  miniracer_value result = int32(4);
  CHECK_STATUS(MINIRACER_CANCELLED, evaluate(context, "globalThis.ran = 1", &run, &result, &error));
  CHECK(error != NULL && error->status == MINIRACER_CANCELLED);
  miniracer_error_free(error);
  CHECK_NUMBER(4, result);
  CHECK_SCRIPT_TEXT(context, "typeof ran", "undefined");
  CHECK_STATUS(MINIRACER_CANCELLED, miniracer_isolate_run_microtasks(isolate, &run, NULL));
  flag = 0;
  OK(run_status(context, "1", &run));
}

static void during(void) {
  uint32_t flag = 0;
  miniracer_run_options run = with_cancel(&flag);
  pthread_t thread;
  struct canceller by_flag = {15 * MILLISECOND, &flag, &flag};
  pthread_create(&thread, NULL, cancel_later, &by_flag);
  CHECK_STATUS(MINIRACER_CANCELLED, run_status(context, "for (;;);", &run));
  pthread_join(thread, NULL);
  CHECK_STATUS(MINIRACER_CANCELLED, run_status(context, "1", &run));
  OK(run_status(context, "1", NULL));
  /* By name, without the flag being set. */
  flag = 0;
  struct canceller by_name = {15 * MILLISECOND, NULL, &flag};
  pthread_create(&thread, NULL, cancel_later, &by_name);
  CHECK_STATUS(MINIRACER_CANCELLED, run_status(context, "(async () => { for (;;) await 1; })()", &run));
  pthread_join(thread, NULL);
  OK(run_status(context, "1", &run));
  /* Whatever runs. */
  struct canceller all = {15 * MILLISECOND, NULL, NULL};
  pthread_create(&thread, NULL, cancel_later, &all);
  CHECK_STATUS(MINIRACER_CANCELLED, run_status(context, "for (;;);", NULL));
  pthread_join(thread, NULL);
  OK(run_status(context, "1", NULL));
}

static void *run_long(void *flag) {
  miniracer_run_options run = with_cancel(flag);
  CHECK_STATUS(MINIRACER_CANCELLED, run_status(context, "for (;;);", &run));
  return NULL;
}

/* A call that another thread's run keeps waiting. */
static void while_waiting(void) {
  uint32_t others = 0, flag = 0;
  pthread_t running, cancelling;
  REQUIRE(pthread_create(&running, NULL, run_long, &others) == 0);
  sleep_for(20 * MILLISECOND);
  struct canceller later = {15 * MILLISECOND, &flag, &flag};
  REQUIRE(pthread_create(&cancelling, NULL, cancel_later, &later) == 0);
  miniracer_run_options run = with_cancel(&flag);
  CHECK_STATUS(MINIRACER_CANCELLED, run_status(context, "1", &run));
  CHECK_STATUS(MINIRACER_CANCELLED, miniracer_isolate_run_pending(isolate, &run, NULL, NULL));
  pthread_join(cancelling, NULL);
  flag = 0;
  later.flag = NULL; /* by name */
  REQUIRE(pthread_create(&cancelling, NULL, cancel_later, &later) == 0);
  CHECK_STATUS(MINIRACER_CANCELLED, run_status(context, "1", &run));
  pthread_join(cancelling, NULL);
  __atomic_store_n(&others, 1, __ATOMIC_SEQ_CST);
  OK(miniracer_isolate_cancel(isolate, &others));
  pthread_join(running, NULL);
  OK(run_status(context, "1", NULL));
}

static void nobody(void) {
  uint32_t flag = 0, other = 0;
  miniracer_run_options run = with_cancel(&flag);
  OK(miniracer_isolate_cancel(isolate, NULL));
  OK(miniracer_isolate_cancel(isolate, &flag));
  CHECK_SCRIPT(context, "1 + 1", 2); /* no later run is hit */
  OK(run_status(context, "1", &run));
  CHECK_STATUS(MINIRACER_INVALID_HANDLE, miniracer_isolate_cancel(0, NULL));
  CHECK_STATUS(MINIRACER_INVALID_HANDLE, miniracer_isolate_cancel(context, NULL));
  /* One that runs under another name. */
  pthread_t thread;
  struct canceller canceller = {5 * MILLISECOND, NULL, &other};
  pthread_create(&thread, NULL, cancel_later, &canceller);
  run.timeout = 40 * MILLISECOND;
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, "for (;;);", &run));
  pthread_join(thread, NULL);
}

struct nested {
  const uint32_t *flag;
  const char *source;
  miniracer_status seen;
};

static int32_t run_nested(void *userdata, miniracer_call *call) {
  struct nested *nested = userdata;
  miniracer_run_options run = with_cancel(nested->flag);
  nested->seen = run_status(call->context, nested->source, &run);
  return 0;
}

static int32_t cancel_here(void *userdata, miniracer_call *call) {
  (void)call;
  OK(miniracer_isolate_cancel(isolate, userdata));
  return 0;
}

static void inner_alone(void) {
  uint32_t inner = 0, outer = 0;
  struct nested nested = {&inner, "for (;;);", MINIRACER_OK};
  miniracer_run_options run = with_cancel(&outer);
  pthread_t thread;
  struct canceller canceller = {15 * MILLISECOND, NULL, &inner};
  define(context, "nested", run_nested, &nested);
  define(context, "cancelInner", cancel_here, &inner);
  define(context, "cancelOuter", cancel_here, &outer);
  define(context, "cancelAll", cancel_here, NULL);
  pthread_create(&thread, NULL, cancel_later, &canceller);
  OK(run_status(context, "nested(); for (let i = 0; i < 1e6; ++i);", &run));
  CHECK_STATUS(MINIRACER_CANCELLED, nested.seen);
  pthread_join(thread, NULL);
  /* The outer one takes the inner with it. */
  canceller.name = &outer;
  pthread_create(&thread, NULL, cancel_later, &canceller);
  CHECK_STATUS(MINIRACER_CANCELLED, run_status(context, "nested(); for (;;);", &run));
  CHECK_STATUS(MINIRACER_CANCELLED, nested.seen);
  pthread_join(thread, NULL);
  /* NULL: from the outermost inwards. */
  canceller.name = NULL;
  pthread_create(&thread, NULL, cancel_later, &canceller);
  CHECK_STATUS(MINIRACER_CANCELLED, run_status(context, "nested(); for (;;);", &run));
  CHECK_STATUS(MINIRACER_CANCELLED, nested.seen);
  pthread_join(thread, NULL);
  /* By a host function on the thread itself. */
  nested.source = "cancelInner(); for (;;);";
  OK(run_status(context, "nested();", &run));
  CHECK_STATUS(MINIRACER_CANCELLED, nested.seen);
  nested.source = "cancelOuter(); for (;;);";
  CHECK_STATUS(MINIRACER_CANCELLED, run_status(context, "nested(); globalThis.after = 1", &run));
  CHECK_STATUS(MINIRACER_CANCELLED, nested.seen);
  CHECK_STATUS(MINIRACER_CANCELLED, run_status(context, "cancelAll()", &run));
  CHECK_SCRIPT_TEXT(context, "typeof after", "undefined");
  /* A nested run whose flag is set before it begins, in an outer run that goes on. */
  inner = 1;
  nested.source = "globalThis.after = 1";
  CHECK_SCRIPT(context, "nested(); 5", 5);
  CHECK_STATUS(MINIRACER_CANCELLED, nested.seen);
  CHECK_SCRIPT_TEXT(context, "typeof after", "undefined");
  /* The same flag for both. */
  inner = 0;
  nested.flag = &outer;
  canceller.name = &outer;
  nested.source = "for (;;);";
  pthread_create(&thread, NULL, cancel_later, &canceller);
  CHECK_STATUS(MINIRACER_CANCELLED, run_status(context, "nested(); for (;;);", &run));
  pthread_join(thread, NULL);
  CHECK_SCRIPT(context, "1 + 1", 2);
}

/* A cancel that comes at any moment of a run hits that run or none. */
static int racing; /* atomic */
static uint32_t race_flag;

static void *cancel_often(void *unused) {
  while (__atomic_load_n(&racing, __ATOMIC_SEQ_CST)) {
    OK(miniracer_isolate_cancel(isolate, &race_flag));
    sleep_for(20000);
  }
  return unused;
}

static void racing_cancels(void) {
  miniracer_run_options named = with_cancel(&race_flag), run = with_timeout(0);
  miniracer_value spin = EVALUATE(context, "(() => { let x = 0; for (let i = 0; i < 20000; ++i) x += i; return 5; })");
  miniracer_value result = undefined();
  pthread_t thread;
  int cancelled = 0;
  __atomic_store_n(&racing, 1, __ATOMIC_SEQ_CST);
  pthread_create(&thread, NULL, cancel_often, NULL);
  for (int i = 0; i < 3000 && failed_checks == 0; ++i) {
    miniracer_status status = miniracer_function_call(context, spin.as.handle, NULL, NULL, 0, &named, &result, NULL);
    CHECK(status == MINIRACER_OK || status == MINIRACER_CANCELLED);
    cancelled += status == MINIRACER_CANCELLED;
    OK(miniracer_function_call(context, spin.as.handle, NULL, NULL, 0, &run, &result, NULL));
    CHECK_NUMBER(5, result);
  }
  __atomic_store_n(&racing, 0, __ATOMIC_SEQ_CST);
  pthread_join(thread, NULL);
  CHECK(cancelled > 0);
  release(&spin);
}

int main(void) {
  isolate = new_isolate();
  context = new_context(isolate);
  RUN(before);
  RUN(during);
  RUN(while_waiting);
  RUN(nobody);
  RUN(inner_alone);
  RUN(racing_cancels);
  CHECK_INT(0, handle_count(isolate));
  OK(miniracer_isolate_dispose(isolate));
  return test_result();
}
