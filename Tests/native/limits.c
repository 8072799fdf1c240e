/* Timeouts: of everything that can run, nested, very many, and that each one hits what it was meant for. */
#include <pthread.h>
#include <sys/resource.h>

#include "test.h"

static miniracer_isolate isolate;
static miniracer_context context;

static void everything_ends(void) {
  const char *sources[] = {
      "for (;;);",
      "while (true) { try { while (true); } catch {} finally { continue; } }",
      "({get k() { for (;;); }}).k",
      "(async () => { for (;;) await 1; })()",
      "Promise.resolve().then(function again() { return Promise.resolve().then(again); })",
      "queueMicrotask = null; (function f() { Promise.resolve().then(f); })()",
      "/(a+)+$/.test('a'.repeat(40) + 'b')",
      "JSON.stringify({toJSON() { for (;;); }})",
      "[3, 2, 1].sort(() => { for (;;); })",
      "new Proxy({}, {get() { for (;;); }}).x",
      "for (const x of (function* () { for (;;) yield 1; })());",
      "'x'.replace(/x/, () => { for (;;); })",
      "`${{toString() { for (;;); }}}`",
      "Array.from({length: 1}, () => { for (;;); })",
      "new Function('for (;;);')()",
      "eval('for (;;);')",
      "Reflect.construct(function () { for (;;); }, [])",
      "let n = 0; function f() { n++; f(); } for (;;) try { f() } catch {}",
      "throw {toString() { for (;;); }, x: (() => { for (;;); })()}",
  };
  for (size_t i = 0; i < COUNT(sources); ++i) {
    miniracer_run_options run = with_timeout(15 * MILLISECOND);
    miniracer_error *error = NULL;
    miniracer_value result = int32(5);
    uint64_t start = now();
    char source[300];
    snprintf(source, sizeof source, "{ %s }", sources[i]);
    if (!CHECK_STATUS(MINIRACER_TIMEOUT, evaluate(context, source, &run, &result, &error))) {
      fprintf(stderr, "  %s\n", sources[i]);
    }
    uint64_t took = now() - start;
    CHECK(took >= 15 * MILLISECOND && took < SECOND);
    CHECK_NUMBER(5, result);
    if (CHECK(error != NULL)) {
      CHECK_STATUS(MINIRACER_TIMEOUT, error->status);
      CHECK(error->thrown.tag == MINIRACER_UNDEFINED && error->message.length > 0);
    }
    miniracer_error_free(error);
    CHECK_SCRIPT(context, "1 + 1", 2);
  }
}

static void defaults(void) {
  miniracer_isolate_options options = isolate_options();
  options.timeout = 20 * MILLISECOND;
  miniracer_isolate other = 0;
  REQUIRE_OK(miniracer_isolate_new(&options, &other, NULL));
  miniracer_context in_other = new_context(other);
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(in_other, "for (;;);", NULL));
  miniracer_run_options run = with_timeout(0);
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(in_other, "for (;;);", &run));
  run = with_timeout(60 * MILLISECOND);
  uint64_t start = now();
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(in_other, "for (;;);", &run));
  CHECK(now() - start >= 60 * MILLISECOND);
  const char *long_one = "{ const end = Date.now() + 50; while (Date.now() < end); }";
  run = with_timeout(MINIRACER_NO_TIMEOUT);
  OK(run_status(in_other, long_one, &run));
  const uint64_t longs[] = {MINIRACER_NO_TIMEOUT - 1, INT64_MAX, (uint64_t)INT64_MAX + 1, UINT64_C(1) << 62,
                            10 * SECOND};
  for (size_t i = 0; i < COUNT(longs); ++i) {
    run = with_timeout(longs[i]);
    OK(run_status(in_other, long_one, &run));
  }
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(in_other, long_one, NULL));
  OK(miniracer_isolate_dispose(other));
}

/* ---- Very long timeouts must not keep the watchdog busy. ---- */

static int32_t sleeps(void *userdata, miniracer_call *call) {
  (void)call;
  sleep_for(*(uint64_t *)userdata);
  return 0;
}

static double processor_seconds(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void idle_watchdog(void) {
  uint64_t duration = 100 * MILLISECOND;
  const uint64_t timeouts[] = {10 * SECOND, INT64_MAX, (uint64_t)INT64_MAX + 1, MINIRACER_NO_TIMEOUT - 1};
  define(context, "sleep", sleeps, &duration);
  for (size_t i = 0; i < COUNT(timeouts); ++i) {
    miniracer_run_options run = with_timeout(timeouts[i]);
    double before = processor_seconds();
    OK(run_status(context, "sleep()", &run));
    CHECK(processor_seconds() - before < 0.07);
  }
}

/* ---- Nested runs ---- */

struct nested {
  uint64_t inner;
  const char *source;
  miniracer_status seen;
};

static int32_t run_nested(void *userdata, miniracer_call *call) {
  struct nested *nested = userdata;
  miniracer_run_options run = with_timeout(nested->inner);
  nested->seen = run_status(call->context, nested->source, &run);
  return 0;
}

static void nested_runs(void) {
  struct nested nested = {10 * MILLISECOND, "for (;;);", MINIRACER_OK};
  miniracer_run_options outer = with_timeout(SECOND);
  define(context, "nested", run_nested, &nested);
  /* The inner one ends, the outer goes on. */
  CHECK_SCRIPT(context, "nested(); nested(); 7", 7);
  CHECK_STATUS(MINIRACER_TIMEOUT, nested.seen);
  nested.seen = MINIRACER_OK;
  OK(run_status(context, "nested(); let after = 0; for (let i = 0; i < 1e6; ++i) ++after;", &outer));
  CHECK_STATUS(MINIRACER_TIMEOUT, nested.seen);
  /* The outer deadline ends all. */
  outer = with_timeout(15 * MILLISECOND);
  nested.inner = 10 * SECOND;
  uint64_t start = now();
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, "nested(); globalThis.reached = 1; for (;;);", &outer));
  CHECK_STATUS(MINIRACER_TIMEOUT, nested.seen);
  CHECK(now() - start < SECOND);
  CHECK_SCRIPT_TEXT(context, "typeof reached", "undefined");
  nested.inner = MINIRACER_NO_TIMEOUT;
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, "nested()", &outer));
  CHECK_STATUS(MINIRACER_TIMEOUT, nested.seen);
  /* Three deep: the innermost, then the middle one. */
  struct nested middle = {30 * MILLISECOND, "nested(); for (;;);", MINIRACER_OK};
  define(context, "middle", run_nested, &middle);
  nested.inner = 5 * MILLISECOND;
  OK(run_status(context, "middle()", NULL));
  CHECK_STATUS(MINIRACER_TIMEOUT, nested.seen);
  CHECK_STATUS(MINIRACER_TIMEOUT, middle.seen);
  middle.inner = 5 * MILLISECOND, nested.inner = SECOND;
  start = now();
  OK(run_status(context, "middle()", NULL));
  CHECK_STATUS(MINIRACER_TIMEOUT, nested.seen);
  CHECK_STATUS(MINIRACER_TIMEOUT, middle.seen);
  CHECK(now() - start < 500 * MILLISECOND);
  /* An exception of the inner run is only that. */
  nested.source = "throw 1", nested.inner = SECOND;
  CHECK_SCRIPT(context, "nested(); 3", 3);
  CHECK_STATUS(MINIRACER_EXCEPTION, nested.seen);
  CHECK_SCRIPT(context, "1 + 1", 2);
}

/* A timeout at any moment of a run: the next one is never hit, and never blamed. */
static void very_many(void) {
  miniracer_value spin = EVALUATE(context, "(n => { let x = 0; for (let i = 0; i < n; ++i) x += i; return x; })");
  miniracer_value quick = EVALUATE(context, "(() => 5)"), result = undefined(), count;
  uint64_t random = 88172645463325252u;
  int timeouts = 0, ended = 0;
  OK(miniracer_isolate_lock(isolate));
  for (int i = 0; i < 10000 && failed_checks == 0; ++i) {
    random ^= random << 13, random ^= random >> 7, random ^= random << 17;
    miniracer_run_options run = with_timeout(1 + random % (i % 10 == 0 ? MILLISECOND : 100000));
    count = int32((int32_t)(random >> 40) % 200000);
    miniracer_status status = miniracer_function_call(context, spin.as.handle, NULL, &count, 1, &run, &result, NULL);
    CHECK(status == MINIRACER_OK || status == MINIRACER_TIMEOUT);
    if (status == MINIRACER_TIMEOUT)
      ++timeouts;
    else
      ++ended;
    OK(miniracer_function_call(context, quick.as.handle, NULL, NULL, 0, NULL, &result, NULL));
    CHECK_NUMBER(5, result);
  }
  OK(miniracer_isolate_unlock(isolate));
  CHECK(timeouts > 500 && ended > 100);
  release(&spin);
  release(&quick);
}

/* The same with the short run nested, in an outer one that must come to its end. */
static int32_t spin_briefly(void *userdata, miniracer_call *call) {
  static uint64_t random = 362436069;
  random ^= random << 13, random ^= random >> 7, random ^= random << 17;
  miniracer_run_options run = with_timeout(1 + random % 60000);
  miniracer_status status = run_status(call->context, "{ let x = 0; for (let i = 0; i < 30000; ++i) x += i; }", &run);
  CHECK(status == MINIRACER_OK || status == MINIRACER_TIMEOUT);
  ++((int *)userdata)[status == MINIRACER_TIMEOUT];
  return 0;
}

static void very_many_nested(void) {
  int counts[2] = {0, 0};
  miniracer_run_options run = with_timeout(60 * SECOND);
  define(context, "spinBriefly", spin_briefly, counts);
  OK(run_status(context, "for (let i = 0; i < 5000; ++i) spinBriefly()", &run));
  CHECK_INT(5000, counts[0] + counts[1]);
  CHECK(counts[1] > 100);
  CHECK_SCRIPT(context, "1 + 1", 2);
}

/* ---- Waiting for the lock counts ---- */

static void *hold(void *held) {
  OK(miniracer_isolate_lock(isolate));
  __atomic_store_n((int *)held, 1, __ATOMIC_SEQ_CST);
  sleep_for(400 * MILLISECOND);
  OK(miniracer_isolate_unlock(isolate));
  return NULL;
}

static void waiting(void) {
  int held = 0;
  pthread_t thread;
  pthread_create(&thread, NULL, hold, &held);
  while (!__atomic_load_n(&held, __ATOMIC_SEQ_CST)) sleep_for(MILLISECOND);
  miniracer_run_options run = with_timeout(20 * MILLISECOND);
  miniracer_error *error = NULL;
  miniracer_value result = int32(3);
  uint64_t start = now();
  CHECK_STATUS(MINIRACER_TIMEOUT, evaluate(context, "1", &run, &result, &error));
  CHECK(now() - start < 300 * MILLISECOND);
  CHECK(error != NULL && error->status == MINIRACER_TIMEOUT);
  miniracer_error_free(error);
  CHECK_STATUS(MINIRACER_TIMEOUT, miniracer_isolate_run_microtasks(isolate, &run, NULL));
  CHECK_NUMBER(3, result);
  CHECK_SCRIPT(context, "2", 2);
  pthread_join(thread, NULL);
}

/* What runs nothing waits for as long as a run may take, and for its end after that. */
static void waiting_for_the_end_of_a_run(void) {
  miniracer_isolate_options options = isolate_options();
  options.timeout = 100 * MILLISECOND;
  options.grace = 5 * SECOND;
  miniracer_isolate other = isolate;
  isolate = isolate_with(&options);
  int held = 0;
  pthread_t thread;
  pthread_create(&thread, NULL, hold, &held);
  while (!__atomic_load_n(&held, __ATOMIC_SEQ_CST)) sleep_for(MILLISECOND);
  miniracer_context made = 0;
  CHECK_STATUS(MINIRACER_OK, miniracer_context_new(isolate, NULL, &made, NULL));
  pthread_join(thread, NULL);
  OK(miniracer_isolate_dispose(isolate));
  isolate = other;
}

/* What came to an end only late, in the host: the run is over all the same. */
static void late_hosts(void) {
  uint64_t duration = 400 * MILLISECOND;
  miniracer_run_options run = with_timeout(100 * MILLISECOND);
  define(context, "sleep", sleeps, &duration);
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, "sleep(); for (;;);", &run));
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, "sleep()", &run));
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, "sleep(); globalThis.later = 1", &run));
  CHECK_SCRIPT_TEXT(context, "typeof later", "undefined");
}

int main(void) {
  isolate = new_isolate();
  context = new_context(isolate);
  RUN(everything_ends);
  RUN(defaults);
  RUN(idle_watchdog);
  RUN(nested_runs);
  RUN(very_many);
  RUN(very_many_nested);
  RUN(waiting);
  RUN(waiting_for_the_end_of_a_run);
  RUN(late_hosts);
  CHECK_INT(0, handle_count(isolate));
  OK(miniracer_isolate_dispose(isolate));
  return test_result();
}
