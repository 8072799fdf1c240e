/* Built-in functions that never look whether their run is to be ended are cut off, and their isolate with them. */
#include <signal.h>

#include "test.h"

static const char *const stuck[] = {
    "{ const a = []; a.length = 2**32 - 1; a.indexOf(1) }",
    "{ const a = []; a.length = 2**32 - 1; a.lastIndexOf(1) }",
    "{ const a = []; a.length = 2**32 - 1; a[5] = 1; a.reverse() }",
    "Array.prototype.fill.call({length: 2**31}, 0)",
    "new Array(2**32 - 1).fill(0)",
    "{ const a = []; a.length = 2**32 - 1; a[2**31] = 1; a[3] = 2; a.sort() }",
    "Array.prototype.copyWithin.call({length: 2**53 - 1}, 0, 5)",
    "Array.prototype.includes.call({length: 2**53 - 1}, 1)",
};

static miniracer_isolate with_grace(uint64_t grace, miniracer_event_callback event, void *userdata) {
  miniracer_isolate_options options = isolate_options();
  options.grace = grace;
  options.memory_limit = UINT64_C(512) << 20;
  options.event = event;
  options.event_userdata = userdata;
  return isolate_with(&options);
}

static void built_ins(void) {
  miniracer_isolate other = new_isolate();
  miniracer_context in_other = new_context(other);
  int cut_off = 0;
  for (size_t i = 0; i < COUNT(stuck); ++i) {
    miniracer_isolate isolate = with_grace(100 * MILLISECOND, NULL, NULL);
    miniracer_context context = new_context(isolate);
    miniracer_run_options run = with_timeout(50 * MILLISECOND);
    uint64_t start = now();
    miniracer_status status = run_status(context, stuck[i], &run);
    uint64_t took = now() - start;
    if (!CHECK(status == MINIRACER_ENGINE_DEAD || status == MINIRACER_TIMEOUT || status == MINIRACER_OUT_OF_MEMORY)) {
      fprintf(stderr, "  %s: %s\n", stuck[i], miniracer_status_name(status));
    }
    if (!CHECK(took < 5 * SECOND)) fprintf(stderr, "  %s: %d ms\n", stuck[i], (int)(took / MILLISECOND));
    cut_off += status == MINIRACER_ENGINE_DEAD;
    CHECK_STATUS(status == MINIRACER_ENGINE_DEAD ? MINIRACER_ENGINE_DEAD : MINIRACER_OK,
                 run_status(context, "1", NULL));
    OK(miniracer_isolate_dispose(isolate));
    CHECK_SCRIPT(in_other, "6 * 7", 42);
  }
  CHECK(cut_off >= 4);
  OK(miniracer_isolate_dispose(other));
}

/* A run that does end takes nothing with it, however tight its deadline. */
static void no_innocents(void) {
  miniracer_isolate isolate = with_grace(100 * MILLISECOND, NULL, NULL);
  miniracer_context context = new_context(isolate);
  for (int i = 0; i < 300; ++i) {
    miniracer_run_options run = with_timeout(MILLISECOND / 2);
    CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, "for (;;) [3, 1, 2].sort().map(String).join()", &run));
  }
  CHECK_SCRIPT(context, "6 * 7", 42);
  OK(miniracer_isolate_dispose(isolate));
}

/* The host's code is never cut off, whatever it does meanwhile: the run ends as soon as it returns. */
static int waits_long(void *userdata, miniracer_call *call) {
  (void)call;
  sleep_for(300 * MILLISECOND);
  ++*(int *)userdata;
  return 0;
}

static void told(void *userdata, const miniracer_isolate_event *event) {
  if (event->kind == MINIRACER_EVENT_UNRESPONSIVE && event->overdue > 0) {
    __atomic_add_fetch((int *)userdata, 1, __ATOMIC_SEQ_CST);
  }
}

static void the_host_takes_its_time(void) {
  int returned = 0, unresponsive = 0;
  miniracer_isolate isolate = with_grace(20 * MILLISECOND, told, &unresponsive);
  miniracer_context context = new_context(isolate);
  define(context, "wait", waits_long, &returned);
  miniracer_run_options run = with_timeout(10 * MILLISECOND);
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, "wait()", &run));
  CHECK_INT(1, returned);
  CHECK_SCRIPT(context, "6 * 7", 42);
  for (int i = 0; i < 1000 && __atomic_load_n(&unresponsive, __ATOMIC_SEQ_CST) == 0; ++i) sleep_for(MILLISECOND);
  CHECK_INT(1, unresponsive); /* told while it lasted */
  OK(miniracer_isolate_dispose(isolate));
}

/* Nothing is ever cut off then, but the host is told. How long a length takes is up to the machine: the next one is twice that. */
static void never(void) {
  int unresponsive = 0;
  miniracer_isolate isolate = with_grace(MINIRACER_NO_TIMEOUT, told, &unresponsive);
  miniracer_context context = new_context(isolate);
  for (int bits = 22; bits < 28 && __atomic_load_n(&unresponsive, __ATOMIC_SEQ_CST) == 0; ++bits) {
    char script[80];
    snprintf(script, sizeof script, "Array.prototype.fill.call({length: 2 ** %d}, 0); for (;;);", bits);
    miniracer_run_options run = with_timeout(10 * MILLISECOND);
    CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, script, &run));
    CHECK_SCRIPT(context, "6 * 7", 42);
    for (int i = 0; i < 100 && __atomic_load_n(&unresponsive, __ATOMIC_SEQ_CST) == 0; ++i) sleep_for(MILLISECOND);
  }
  CHECK_INT(1, unresponsive);
  OK(miniracer_isolate_dispose(isolate));
}

/* What a process may do that is about to start another program: the library's signal would end it. Where V8
 * calls the library meanwhile, the run is cut off all the same. */
static void signals_set_back(void) {
  for (int one = SIGRTMIN; one <= SIGRTMAX; ++one) signal(one, SIG_DFL);
  for (int bits = 22; bits < 28; ++bits) {
    miniracer_isolate isolate = with_grace(20 * MILLISECOND, NULL, NULL);
    char script[80];
    snprintf(script, sizeof script, "Array.prototype.fill.call({length: 2 ** %d}, 0); for (;;);", bits);
    miniracer_run_options run = with_timeout(10 * MILLISECOND);
    miniracer_status status = run_status(new_context(isolate), script, &run);
    CHECK(status == MINIRACER_TIMEOUT || status == MINIRACER_ENGINE_DEAD);
    OK(miniracer_isolate_dispose(isolate));
  }
}

/* No clock counts to a time that is so far away, nor to the double of it. */
static void not_in_centuries(void) {
  const uint64_t graces[] = {UINT64_MAX - 1, UINT64_MAX / 2, UINT64_MAX / 4, UINT64_MAX / 16};
  for (size_t i = 0; i < COUNT(graces); ++i) {
    miniracer_isolate isolate = with_grace(graces[i], NULL, NULL);
    miniracer_context context = new_context(isolate);
    miniracer_run_options run = with_timeout(10 * MILLISECOND);
    const char *script = "Array.prototype.fill.call({length: 2 ** 22}, 0); for (;;);";
    CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, script, &run));
    CHECK_SCRIPT(context, "6 * 7", 42);
    OK(miniracer_isolate_dispose(isolate));
  }
}

static void large_collections_are_waited_for(void) {
  miniracer_isolate isolate = with_grace(100 * MILLISECOND, NULL, NULL);
  miniracer_context context = new_context(isolate);
  EXECUTE(context, "var all = []; for (let i = 0; i < 2e6; ++i) all.push({i})");
  for (int i = 0; i < 20; ++i) {
    miniracer_run_options run = with_timeout(2 * MILLISECOND);
    CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, "for (;;) new Array(1e4).fill({})", &run));
  }
  CHECK_SCRIPT(context, "all.length", 2000000);
  OK(miniracer_isolate_dispose(isolate));
}

int main(void) {
  REQUIRE_OK(miniracer_init(NULL, NULL));
  RUN(built_ins);
  RUN(no_innocents);
  RUN(the_host_takes_its_time);
  RUN(never);
  RUN(not_in_centuries);
  RUN(large_collections_are_waited_for);
  RUN(signals_set_back); /* last: there is no signal from here on */
  return test_result();
}
