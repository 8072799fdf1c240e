/* The event loop: timers, tasks of the engine and of the host, rejections nobody handled, and who runs it all. */
#include <pthread.h>

#include "test.h"

static miniracer_isolate looping_isolate(uint32_t flags, uint64_t timeout) {
  miniracer_isolate_options options = isolate_options();
  options.flags = flags;
  options.timeout = timeout;
  return isolate_with(&options);
}

static miniracer_context with_timers(miniracer_isolate isolate) {
  return context_with(isolate, MINIRACER_CONTEXT_TIMERS);
}

/* The engine's own threads may still be tidying up. */
static int nothing_waits(uint64_t next) { return next == MINIRACER_NO_TIMEOUT || next == MILLISECOND; }

/* Turns until nothing is left to do. */
static void run_all(miniracer_isolate isolate) {
  for (;;) {
    uint64_t next = 0;
    if (!OK(miniracer_isolate_run_pending(isolate, NULL, &next, NULL)) || next == MINIRACER_NO_TIMEOUT) return;
    sleep_for(next);
  }
}

/* Until a script of the other thread's making gives 1, or ten seconds have passed. */
static void await_script(miniracer_context context, const char *source) {
  for (int i = 0; i < 10000; ++i) {
    miniracer_value value = undefined();
    miniracer_run_options patient = with_timeout(MINIRACER_NO_TIMEOUT); /* a timer may be at its own */
    OK(evaluate(context, source, &patient, &value, NULL));
    int done = value.tag == MINIRACER_INT32 && value.as.int32 == 1;
    release(&value);
    if (done) return;
    sleep_for(MILLISECOND);
  }
  CHECK(!"it never came");
}

static void timers_by_the_host(void) {
  miniracer_isolate isolate = looping_isolate(0, 0);
  miniracer_context context = with_timers(isolate);
  uint64_t next = 0;
  OK(miniracer_isolate_run_pending(isolate, NULL, &next, NULL));
  CHECK(nothing_waits(next));
  EXECUTE(context,
          "var log = [];"
          "setTimeout((a, b) => log.push('late', a, b), 20, 1, 2);"
          "setTimeout(() => { log.push('soon'); Promise.resolve().then(() => log.push('micro')) }, 1);"
          "setTimeout(() => log.push('soon too'), 1);"
          "setImmediate(x => log.push('now ' + x), 'x');"
          "queueMicrotask(() => log.push('first'));"
          "const gone = setTimeout(() => log.push('never'), 5); clearTimeout(gone); clearTimeout(gone);"
          "clearTimeout('nonsense'); clearTimeout();"
          "var ticks = 0; const every = setInterval(() => { if (++ticks == 3) clearInterval(every) }, 2);");
  CHECK_SCRIPT_TEXT(context, "log.join()", "first");
  OK(miniracer_isolate_run_pending(isolate, NULL, &next, NULL));
  CHECK(next <= 2 * MILLISECOND);
  run_all(isolate);
  CHECK_SCRIPT_TEXT(context, "log.join()", "first,now x,soon,micro,soon too,late,1,2");
  CHECK_SCRIPT(context, "ticks", 3);
  CHECK_SCRIPT_TEXT(context, "try { setTimeout('code') } catch (e) { e.name }", "TypeError");
  CHECK_SCRIPT_TEXT(context, "[setTimeout.name, setTimeout.length, typeof setTimeout(() => {}, -5)].join()",
                    "setTimeout,1,number");
  /* A context that is closed takes its timers with it. */
  miniracer_context other = with_timers(isolate);
  run_all(isolate);
  EXECUTE(other, "setTimeout(() => {}, 1e9)");
  OK(miniracer_context_dispose(other));
  OK(miniracer_isolate_run_pending(isolate, NULL, &next, NULL));
  CHECK(nothing_waits(next));
  /* Without the option there are none. */
  CHECK_SCRIPT_TEXT(new_context(isolate), "typeof setTimeout", "undefined");
  OK(miniracer_isolate_dispose(isolate));
}

static void a_turn_keeps_its_limits(void) {
  miniracer_isolate isolate = looping_isolate(0, 0);
  miniracer_context context = with_timers(isolate);
  EXECUTE(context, "var after = 0; setTimeout(() => { for (;;); }); setTimeout(() => ++after)");
  sleep_for(3 * MILLISECOND);
  miniracer_run_options run = with_timeout(20 * MILLISECOND);
  CHECK_STATUS(MINIRACER_TIMEOUT, miniracer_isolate_run_pending(isolate, &run, NULL, NULL));
  run_all(isolate);
  CHECK_SCRIPT(context, "after", 1);
  /* A turn of timers that make more of them ends by itself. */
  EXECUTE(context, "function again() { setImmediate(again) } again()");
  uint64_t next = 1;
  OK(miniracer_isolate_run_pending(isolate, NULL, &next, NULL));
  CHECK_INT(0, next);
  OK(miniracer_isolate_dispose(isolate));
  CHECK_STATUS(MINIRACER_CLOSED, miniracer_isolate_run_pending(isolate, NULL, &next, NULL));
  CHECK_STATUS(MINIRACER_INVALID_HANDLE, miniracer_isolate_run_pending(77, NULL, &next, NULL));
}

/* Not each of the timers has it anew. */
static void processor_time_is_for_all_of_a_turn(void) {
  miniracer_isolate isolate = looping_isolate(0, 0);
  miniracer_context context = with_timers(isolate);
  EXECUTE(context,
          "var fired = 0; function busy() { ++fired; const t = Date.now(); while (Date.now() < t + 20); }"
          "for (let i = 0; i < 50; ++i) setTimeout(busy)");
  sleep_for(3 * MILLISECOND);
  miniracer_run_options run = with_timeout(MINIRACER_NO_TIMEOUT);
  run.cpu_time = 100 * MILLISECOND;
  CHECK_STATUS(MINIRACER_CPU_TIME, miniracer_isolate_run_pending(isolate, &run, NULL, NULL));
  CHECK_SCRIPT(context, "fired < 20 ? 1 : fired", 1);
  miniracer_value promise = EVALUATE(context, "new Promise(f => setTimeout(f, 60000))"), result = undefined();
  CHECK_STATUS(MINIRACER_CPU_TIME, miniracer_promise_wait(context, promise.as.handle, &run, &result, NULL));
  release(&promise);
  OK(miniracer_isolate_dispose(isolate));
}

/* ---- What nobody handled ---- */

static void errors_of_nobody_come_with_the_next_turn(void) {
  miniracer_isolate isolate = looping_isolate(0, 0);
  miniracer_context context = with_timers(isolate);
  EXECUTE(context,
          "Promise.reject(new TypeError('lost')); var p = Promise.reject(1); p.catch(() => {});"
          "queueMicrotask(() => { throw new Error('micro') }); setImmediate(() => { throw 'timer' });");
  miniracer_error *error = NULL;
  uint64_t next = 5;
  CHECK_STATUS(MINIRACER_EXCEPTION, miniracer_isolate_run_pending(isolate, NULL, &next, &error));
  CHECK_TEXT("micro", error->message);
  CHECK_INT(0, error->flags & MINIRACER_ERROR_REJECTION);
  miniracer_error_free(error);
  CHECK_INT(0, next); /* there are more */
  CHECK_STATUS(MINIRACER_EXCEPTION, miniracer_isolate_run_pending(isolate, NULL, &next, &error));
  CHECK_TEXT("lost", error->message);
  CHECK_TEXT("TypeError", error->name);
  CHECK(error->flags & MINIRACER_ERROR_REJECTION);
  CHECK_INT(1, error->line);
  miniracer_error_free(error);
  CHECK_STATUS(MINIRACER_EXCEPTION, miniracer_isolate_run_pending(isolate, NULL, &next, &error));
  CHECK_TEXT("timer", error->message);
  miniracer_error_free(error);
  OK(miniracer_isolate_run_pending(isolate, NULL, &next, NULL));
  /* One that the host holds is the host's to look at; when it lets go of it unseen, it is told of. */
  miniracer_value held = EVALUATE(context, "Promise.reject(new Error('held'))"), again = held;
  OK(miniracer_isolate_run_pending(isolate, NULL, NULL, NULL));
  OK(miniracer_handle_duplicate(held.as.handle, &again.as.handle));
  release(&held);
  OK(miniracer_isolate_run_pending(isolate, NULL, NULL, NULL));
  release(&again);
  CHECK_STATUS(MINIRACER_EXCEPTION, miniracer_isolate_run_pending(isolate, NULL, NULL, &error));
  CHECK_TEXT("held", error->message);
  miniracer_error_free(error);
  held = EVALUATE(context, "Promise.reject(new Error('seen'))");
  uint32_t state = 0;
  OK(miniracer_promise_get_state(context, held.as.handle, &state, NULL, NULL));
  CHECK_INT(MINIRACER_PROMISE_REJECTED, state);
  release(&held);
  OK(miniracer_isolate_run_pending(isolate, NULL, NULL, NULL));
  /* Kept until the end, they are freed then. */
  EXECUTE(context, "Promise.reject({})");
  OK(miniracer_isolate_dispose(isolate));
}

typedef struct report {
  int count;
  miniracer_context context;
  char last[100];
  uint32_t flags;
  int finalized;
  const char *then;
} report;

static void unhandled(void *userdata, miniracer_context context, miniracer_error *error) {
  report *to = userdata;
  to->context = context;
  to->flags = error->flags;
  snprintf(to->last, sizeof to->last, "%.*s", (int)error->message.length, (const char *)error->message.as.data);
  miniracer_error_free(error);
  if (to->then != NULL) EXECUTE(context, to->then);
  __atomic_add_fetch(&to->count, 1, __ATOMIC_SEQ_CST);
}

static void report_finalized(void *userdata) { ++((report *)userdata)->finalized; }

static void a_handler_is_told(void) {
  miniracer_isolate isolate = looping_isolate(0, 0);
  miniracer_context context = with_timers(isolate);
  report first, second;
  memset(&first, 0, sizeof first);
  second = first;
  OK(miniracer_isolate_set_unhandled(isolate, unhandled, &first, report_finalized));
  first.then = "var told = (globalThis.told || 0) + 1";
  EXECUTE(context, "Promise.reject(new Error('one')); 5");
  CHECK_INT(1, first.count);
  CHECK(first.context == context);
  CHECK(strcmp(first.last, "one") == 0);
  CHECK_SCRIPT(context, "told", 1);
  /* Handled in time: nothing to tell. */
  EXECUTE(context, "var p = Promise.reject(1); Promise.resolve().then(() => p.catch(() => {}))");
  CHECK_INT(1, first.count);
  OK(miniracer_isolate_set_unhandled(isolate, unhandled, &second, report_finalized));
  CHECK_INT(1, first.finalized);
  EXECUTE(context, "setImmediate(() => { throw new Error('two') })");
  OK(miniracer_isolate_run_pending(isolate, NULL, NULL, NULL));
  CHECK_INT(1, second.count);
  CHECK_INT(0, second.flags & MINIRACER_ERROR_REJECTION);
  OK(miniracer_isolate_dispose(isolate));
  CHECK_INT(1, second.finalized);
  CHECK_STATUS(MINIRACER_CLOSED, miniracer_isolate_set_unhandled(isolate, unhandled, &second, report_finalized));
  CHECK_INT(2, second.finalized);
}

/* ---- Who runs it ---- */

typedef struct waker {
  int count;
  uint64_t delay;
  int finalized;
} waker;

static void wake(void *userdata, miniracer_isolate isolate, uint64_t delay) {
  (void)isolate;
  __atomic_store_n(&((waker *)userdata)->delay, delay, __ATOMIC_SEQ_CST);
  __atomic_add_fetch(&((waker *)userdata)->count, 1, __ATOMIC_SEQ_CST);
}

static void waker_finalized(void *userdata) { ++((waker *)userdata)->finalized; }

static void count_task(void *userdata) { __atomic_add_fetch((int *)userdata, 1, __ATOMIC_SEQ_CST); }

static void the_host_is_woken(void) {
  miniracer_isolate isolate = looping_isolate(0, 0);
  miniracer_context context = with_timers(isolate);
  waker self;
  memset(&self, 0, sizeof self);
  OK(miniracer_isolate_set_wake(isolate, wake, &self, waker_finalized));
  EXECUTE(context, "1 + 1");
  CHECK_INT(0, self.count);
  EXECUTE(context, "setTimeout(() => {}, 10000); setTimeout(() => {}, 20000)");
  CHECK_INT(1, self.count);
  CHECK(self.delay > 9 * SECOND && self.delay <= 10 * SECOND);
  EXECUTE(context, "setTimeout(() => {}, 500)");
  CHECK_INT(2, self.count);
  int ran = 0, finalized = 0;
  OK(miniracer_isolate_post(isolate, count_task, &ran, count_finalized));
  CHECK_INT(3, self.count);
  CHECK_INT(0, self.delay);
  uint64_t next = 0;
  OK(miniracer_isolate_run_pending(isolate, NULL, &next, NULL));
  CHECK_INT(2, ran); /* run and finalized, both count here */
  CHECK(next > 400 * MILLISECOND && next <= 500 * MILLISECOND);
  OK(miniracer_isolate_set_wake(isolate, NULL, NULL, NULL));
  CHECK_INT(1, self.finalized);
  OK(miniracer_isolate_post(isolate, count_task, &ran, NULL));
  OK(miniracer_isolate_post(isolate, count_task, &finalized, count_finalized));
  OK(miniracer_isolate_dispose(isolate));
  CHECK_INT(2, ran);
  CHECK_INT(1, finalized);
  CHECK_STATUS(MINIRACER_CLOSED, miniracer_isolate_post(isolate, count_task, &ran, count_finalized));
  CHECK_INT(3, ran);
}

/* A turn that failed, or whose caller did not ask, has told nobody when the next one is due. */
static void the_host_is_woken_for_what_is_left(void) {
  miniracer_isolate isolate = looping_isolate(0, 0);
  miniracer_context context = with_timers(isolate);
  waker self;
  memset(&self, 0, sizeof self);
  OK(miniracer_isolate_set_wake(isolate, wake, &self, NULL));
  EXECUTE(context, "setTimeout(() => {}, 10000)");
  CHECK_INT(1, self.count);
  OK(miniracer_isolate_run_pending(isolate, NULL, NULL, NULL));
  CHECK_INT(2, self.count);
  CHECK(self.delay > 9 * SECOND && self.delay <= 10 * SECOND);
  EXECUTE(context, "setTimeout(() => { for (;;); }); 0");
  CHECK_INT(3, self.count);
  sleep_for(3 * MILLISECOND);
  miniracer_run_options run = with_timeout(20 * MILLISECOND);
  uint64_t next = 5;
  CHECK_STATUS(MINIRACER_TIMEOUT, miniracer_isolate_run_pending(isolate, &run, &next, NULL));
  CHECK_INT(5, next);
  CHECK_INT(4, self.count);
  CHECK(self.delay > 9 * SECOND && self.delay <= 10 * SECOND);
  OK(miniracer_isolate_run_pending(isolate, NULL, &next, NULL));
  CHECK_INT(4, self.count);
  OK(miniracer_isolate_dispose(isolate));
}

/* What timers keep counts for the heap's limit. */
static void timers_are_part_of_the_heap(void) {
  miniracer_isolate_options options = isolate_options();
  options.heap_limit = UINT64_C(32) << 20;
  miniracer_isolate isolate = 0;
  REQUIRE_OK(miniracer_isolate_new(&options, &isolate, NULL));
  miniracer_context context = with_timers(isolate);
  EXECUTE(context, "globalThis.seen = 0; setTimeout((...all) => { seen = all.length + all[2]; }, 1, 5, 6, 7); 0");
  run_all(isolate);
  CHECK_SCRIPT(context, "seen", 10);
  CHECK_STATUS(MINIRACER_OUT_OF_MEMORY, run_status(context,
                                                   "const many = new Array(5000).fill(0);"
                                                   "for (let i = 0; i < 4000; ++i) setTimeout(() => {}, 1e9, ...many);",
                                                   NULL));
  OK(miniracer_isolate_dispose(isolate));
}

static void the_library_runs_it(void) {
  miniracer_isolate isolate = looping_isolate(MINIRACER_ISOLATE_BACKGROUND_LOOP, 50 * MILLISECOND);
  miniracer_context context = with_timers(isolate);
  waker nobody;
  memset(&nobody, 0, sizeof nobody);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_isolate_set_wake(isolate, wake, &nobody, waker_finalized));
  CHECK_INT(1, nobody.finalized);
  report told;
  memset(&told, 0, sizeof told);
  OK(miniracer_isolate_set_unhandled(isolate, unhandled, &told, NULL));
  EXECUTE(context, "var n = 0; setTimeout(() => { n = 1 }, 2)");
  await_script(context, "n");
  /* One that does not end is ended, told of, and keeps nobody else from its turn. */
  EXECUTE(context, "var m = 0; setTimeout(() => { for (;;); }, 1); setTimeout(() => { m = 1 }, 2)");
  await_script(context, "m");
  CHECK_INT(1, __atomic_load_n(&told.count, __ATOMIC_SEQ_CST));
  int ran = 0;
  OK(miniracer_isolate_post(isolate, count_task, &ran, NULL));
  for (int i = 0; i < 10000 && __atomic_load_n(&ran, __ATOMIC_SEQ_CST) == 0; ++i) sleep_for(MILLISECOND);
  CHECK_INT(1, __atomic_load_n(&ran, __ATOMIC_SEQ_CST));
  /* Its thread goes when there is nothing to do, and is there again when there is. */
  sleep_for(1200 * MILLISECOND);
  EXECUTE(context, "var k = 0; setImmediate(() => { k = 1 })");
  await_script(context, "k");
  EXECUTE(context, "setInterval(() => {}, 1)");
  OK(miniracer_isolate_dispose(isolate));
  OK(miniracer_library_drain(10 * SECOND));
}

/* However many of them do not end, the host waits for one at the most. */
static void busy_timers_let_others_in(void) {
  miniracer_isolate isolate = looping_isolate(MINIRACER_ISOLATE_BACKGROUND_LOOP, 100 * MILLISECOND);
  miniracer_context context = with_timers(isolate);
  report told;
  memset(&told, 0, sizeof told);
  OK(miniracer_isolate_set_unhandled(isolate, unhandled, &told, NULL));
  EXECUTE(context, "for (let i = 0; i < 100; ++i) setInterval(() => { for (;;); }, 1)");
  miniracer_run_options patient = with_timeout(5 * SECOND);
  for (int i = 0; i < 3; ++i) {
    sleep_for(20 * MILLISECOND);
    CHECK_STATUS(MINIRACER_OK, run_status(context, "1", &patient));
  }
  OK(miniracer_isolate_dispose(isolate));
}

static void tasks_of_the_engine(void) {
  for (int background = 0; background < 2; ++background) {
    miniracer_isolate isolate = looping_isolate(background ? MINIRACER_ISOLATE_BACKGROUND_LOOP : 0, 0);
    miniracer_context context = with_timers(isolate);
    miniracer_value result = undefined();
    miniracer_value promise = EVALUATE(
        context, "WebAssembly.instantiate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(r => 'instance')");
    OK(miniracer_promise_wait(context, promise.as.handle, NULL, &result, NULL));
    CHECK_TEXT("instance", result);
    release(&result), release(&promise);
    promise = EVALUATE(context,
                       "var cell = new Int32Array(new SharedArrayBuffer(4));"
                       "Atomics.waitAsync(cell, 0, 0, 5).value");
    OK(miniracer_promise_wait(context, promise.as.handle, NULL, &result, NULL));
    CHECK_TEXT("timed-out", result);
    release(&result), release(&promise);
    promise = EVALUATE(context, "setTimeout(() => Atomics.notify(cell, 0), 2); Atomics.waitAsync(cell, 0, 0).value");
    OK(miniracer_promise_wait(context, promise.as.handle, NULL, &result, NULL));
    CHECK_TEXT("ok", result);
    release(&result), release(&promise);
    promise = EVALUATE(context,
                       "new Promise(done => { globalThis.registry = new FinalizationRegistry(done);"
                       "(() => registry.register({}, 'collected'))() })");
    collect_all(isolate);
    OK(miniracer_promise_wait(context, promise.as.handle, NULL, &result, NULL));
    CHECK_TEXT("collected", result);
    release(&result), release(&promise);
    OK(miniracer_isolate_dispose(isolate));
  }
}

static void microtasks_when_the_host_says_so(void) {
  miniracer_isolate isolate = looping_isolate(MINIRACER_ISOLATE_EXPLICIT_MICROTASKS, 0);
  miniracer_context context = with_timers(isolate);
  waker self;
  memset(&self, 0, sizeof self);
  OK(miniracer_isolate_set_wake(isolate, wake, &self, NULL));
  EXECUTE(context, "var done = 0; Promise.resolve().then(() => { done = 1 })");
  CHECK_SCRIPT(context, "done", 0);
  CHECK(self.count > 0);
  OK(miniracer_isolate_run_pending(isolate, NULL, NULL, NULL));
  CHECK_SCRIPT(context, "done", 1);
  miniracer_value promise = EVALUATE(context, "Promise.resolve().then(() => 3)"), result = undefined();
  OK(miniracer_promise_wait(context, promise.as.handle, NULL, &result, NULL));
  CHECK_NUMBER(3, result);
  release(&promise);
  OK(miniracer_isolate_dispose(isolate));
}

/* The host's own code must not wait for itself. */
static miniracer_status drained;
static void drain_task(void *userdata) {
  drained = miniracer_library_drain(10 * SECOND);
  count_finalized(userdata);
}

static void draining_inside(void) {
  miniracer_isolate isolate = looping_isolate(MINIRACER_ISOLATE_BACKGROUND_LOOP, 0);
  int ran = 0;
  OK(miniracer_isolate_post(isolate, drain_task, &ran, NULL));
  for (int i = 0; i < 10000 && __atomic_load_n(&ran, __ATOMIC_SEQ_CST) == 0; ++i) sleep_for(MILLISECOND);
  CHECK_INT(1, __atomic_load_n(&ran, __ATOMIC_SEQ_CST));
  CHECK_STATUS(MINIRACER_WOULD_DEADLOCK, drained);
  OK(miniracer_isolate_dispose(isolate));
  OK(miniracer_library_drain(10 * SECOND));
}

/* The thread that tells the host of an event may be the last to know of its isolate. */
typedef struct {
  int inside, closed, finalized;
} telling;

static void tells_until_closed(void *userdata, const miniracer_isolate_event *event) {
  telling *self = userdata;
  (void)event;
  __atomic_store_n(&self->inside, 1, __ATOMIC_SEQ_CST);
  while (__atomic_load_n(&self->closed, __ATOMIC_SEQ_CST) == 0) sleep_for(MILLISECOND);
}

static void finalizes_slowly(void *userdata) {
  sleep_for(50 * MILLISECOND);
  __atomic_store_n(&((telling *)userdata)->finalized, 1, __ATOMIC_SEQ_CST);
}

static void draining_waits_for_what_an_event_ends_with(void) {
  telling self = {0, 0, 0};
  miniracer_isolate_options options = isolate_options();
  options.memory_warning = UINT64_C(1) << 20;
  options.event = tells_until_closed;
  options.event_userdata = &self;
  options.event_finalize = finalizes_slowly;
  miniracer_isolate isolate = isolate_with(&options);
  EXECUTE(new_context(isolate), "new ArrayBuffer(8 * 2 ** 20)");
  for (int i = 0; i < 10000 && __atomic_load_n(&self.inside, __ATOMIC_SEQ_CST) == 0; ++i) sleep_for(MILLISECOND);
  CHECK_INT(1, __atomic_load_n(&self.inside, __ATOMIC_SEQ_CST));
  OK(miniracer_isolate_dispose(isolate));
  CHECK_INT(0, __atomic_load_n(&self.finalized, __ATOMIC_SEQ_CST));
  __atomic_store_n(&self.closed, 1, __ATOMIC_SEQ_CST);
  OK(miniracer_library_drain(10 * SECOND));
  CHECK_INT(1, __atomic_load_n(&self.finalized, __ATOMIC_SEQ_CST));
}

/* Finalizers wait until the lock is given up. */
static int32_t dispose_inside(void *userdata, miniracer_call *call) {
  OK(miniracer_isolate_dispose(isolate_of(call->context)));
  CHECK_INT(0, *(int *)userdata);
  return 0;
}

static void no_wake(void *userdata, miniracer_isolate isolate, uint64_t delay) {
  (void)userdata, (void)isolate, (void)delay;
}

static void disposing_inside_of_javascript(void) {
  miniracer_isolate isolate = looping_isolate(0, 0);
  miniracer_context context = new_context(isolate);
  int finalized = 0;
  OK(miniracer_isolate_set_wake(isolate, no_wake, &finalized, count_finalized));
  OK(miniracer_isolate_post(isolate, count_task, &finalized, count_finalized));
  define(context, "dispose", dispose_inside, &finalized);
  CHECK_STATUS(MINIRACER_CLOSED, run_status(context, "dispose(); for (;;);", NULL));
  CHECK_INT(2, finalized);
}

/* A wake callback that is replaced while another thread calls it is finalized by one that leaves. */
static int inside_of_wake, go_on;
static pthread_t waking_thread;
static int finalized_by_waking;

static void slow_wake(void *userdata, miniracer_isolate isolate, uint64_t delay) {
  (void)userdata, (void)isolate, (void)delay;
  __atomic_store_n(&inside_of_wake, 1, __ATOMIC_SEQ_CST);
  while (__atomic_load_n(&go_on, __ATOMIC_SEQ_CST) == 0) sleep_for(MILLISECOND);
}

static void wake_finalized(void *userdata) {
  finalized_by_waking = pthread_equal(pthread_self(), waking_thread);
  count_finalized(userdata);
}

static void *post_one(void *isolate) {
  static int ran;
  OK(miniracer_isolate_post(*(miniracer_isolate *)isolate, count_task, &ran, NULL));
  return NULL;
}

static void a_wake_callback_is_replaced(void) {
  miniracer_isolate isolate = looping_isolate(0, 0);
  miniracer_context context = new_context(isolate);
  int finalized = 0;
  OK(miniracer_isolate_set_wake(isolate, slow_wake, &finalized, wake_finalized));
  REQUIRE(pthread_create(&waking_thread, NULL, post_one, &isolate) == 0);
  while (__atomic_load_n(&inside_of_wake, __ATOMIC_SEQ_CST) == 0) sleep_for(MILLISECOND);
  OK(miniracer_isolate_set_wake(isolate, NULL, NULL, NULL));
  EXECUTE(context, "0");
  CHECK_INT(0, finalized);
  __atomic_store_n(&go_on, 1, __ATOMIC_SEQ_CST);
  pthread_join(waking_thread, NULL);
  CHECK_INT(0, finalized);
  EXECUTE(context, "0");
  CHECK_INT(1, finalized);
  CHECK_INT(0, finalized_by_waking);
  OK(miniracer_isolate_dispose(isolate));
}

int main(void) {
  RUN(timers_by_the_host);
  RUN(a_turn_keeps_its_limits);
  RUN(processor_time_is_for_all_of_a_turn);
  RUN(errors_of_nobody_come_with_the_next_turn);
  RUN(a_handler_is_told);
  RUN(the_host_is_woken);
  RUN(the_host_is_woken_for_what_is_left);
  RUN(timers_are_part_of_the_heap);
  RUN(the_library_runs_it);
  RUN(busy_timers_let_others_in);
  RUN(tasks_of_the_engine);
  RUN(microtasks_when_the_host_says_so);
  RUN(draining_inside);
  RUN(draining_waits_for_what_an_event_ends_with);
  RUN(disposing_inside_of_javascript);
  RUN(a_wake_callback_is_replaced);
  return test_result();
}
