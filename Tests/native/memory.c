/* The heap limit: what grows little by little is ended, and the isolate works on. */
#include "test.h"

static miniracer_isolate limited(uint64_t heap_limit) {
  miniracer_isolate_options options = isolate_options();
  options.heap_limit = heap_limit;
  return isolate_with(&options);
}

static void ends_and_works_on(void) {
  miniracer_isolate isolate = limited(32 << 20), other = limited(32 << 20);
  miniracer_context context = new_context(isolate), in_other = new_context(other);
  const char *growing[] = {
      "{ const a = []; for (;;) a.push({a: a.length}); }",
      "{ let s = ''; const a = []; for (;;) { s = 'x' + a.length; a.push(s + s); } }",
      "{ const m = new Map; for (let i = 0;; ++i) m.set(i, [i]); }",
      "{ let o = {}; for (;;) o = {o}; }",
      "(function f(a) { for (;;) a.push(() => a); })([])",
      "try { const a = []; for (;;) a.push([1]); } catch (e) { for (;;); } finally { for (;;); }",
      "(async () => { const a = []; for (;;) { a.push({}); await 1; } })()",
      "{ const a = []; for (;;) a.push(new Promise(() => 1)); }",
      "{ const o = {}; for (let i = 0;; ++i) o['k' + i] = i; }",
      "{ const a = []; for (;;) a.push(/x/g, new Date, Symbol(), 1n << 100n); }",
  };
  EXECUTE(in_other, "var kept = Array.from({length: 1000}, (_, i) => ({i}))");
  for (size_t i = 0; i < COUNT(growing); ++i) {
    miniracer_error *error = NULL;
    miniracer_value result = int32(6);
    if (!CHECK_STATUS(MINIRACER_OUT_OF_MEMORY, evaluate(context, growing[i], NULL, &result, &error))) {
      fprintf(stderr, "  %s\n", growing[i]);
    }
    CHECK(error != NULL && error->status == MINIRACER_OUT_OF_MEMORY);
    miniracer_error_free(error);
    CHECK_NUMBER(6, result);
    miniracer_heap_statistics statistics = statistics_of(isolate);
    CHECK(statistics.heap_used < (16 << 20));
    CHECK(statistics.heap_limit < (48 << 20)); /* back at what it was */
    CHECK_SCRIPT(context, "let sum = 0; for (let i = 0; i < 1e5; ++i) sum += [i][0] % 2; sum", 50000);
    CHECK_SCRIPT(in_other, "kept.length", 1000);
    OK(miniracer_context_dispose(context));
    context = new_context(isolate);
  }
  OK(miniracer_isolate_dispose(isolate));
  OK(miniracer_isolate_dispose(other));
}

/* What the guest keeps in its globals stays; a limit reached again ends the run that grows, not one that does not. */
static void kept_by_globals(void) {
  miniracer_isolate isolate = limited(32 << 20);
  miniracer_context context = new_context(isolate);
  EXECUTE(context, "var all = []");
  for (int i = 0; i < 3; ++i) {
    CHECK_STATUS(MINIRACER_OUT_OF_MEMORY, run_status(context, "for (;;) all.push({})", NULL));
  }
  EXECUTE(context, "all = null");
  collect_all(isolate);
  CHECK(statistics_of(isolate).heap_used < (16 << 20));
  CHECK_SCRIPT(context, "1 + 1", 2);
  OK(miniracer_isolate_dispose(isolate));
}

static miniracer_status seen;

static int32_t grow_nested(void *userdata, miniracer_call *call) {
  (void)userdata;
  seen = run_status(call->context, "{ const a = []; for (;;) a.push({}); }", NULL);
  return 0;
}

/* All runs on the isolate end: there is one heap. */
static void nested(void) {
  miniracer_isolate isolate = limited(32 << 20);
  miniracer_context context = new_context(isolate);
  define(context, "growNested", grow_nested, NULL);
  CHECK_STATUS(MINIRACER_OUT_OF_MEMORY, run_status(context, "growNested(); for (;;);", NULL));
  CHECK_STATUS(MINIRACER_OUT_OF_MEMORY, seen);
  CHECK_SCRIPT(context, "1 + 1", 2);
  OK(miniracer_isolate_dispose(isolate));
}

/* Garbage in any amount is no reason. */
static void garbage(void) {
  miniracer_isolate isolate = limited(16 << 20);
  miniracer_context context = new_context(isolate);
  CHECK_SCRIPT(context, "let n = 0; for (let i = 0; i < 3e6; ++i) n += [i, {i}].length; n / 1e6", 6);
  for (int i = 0; i < 2000; ++i) {
    miniracer_value object = EVALUATE(context, "({a: new Array(1000).fill(1)})");
    release(&object);
  }
  OK(miniracer_isolate_dispose(isolate));
}

/* ---- A limit that changes ---- */

/* Whether this many small objects fit. */
static int fits(miniracer_context context, int objects) {
  char source[100];
  snprintf(source, sizeof source, "{ const a = []; for (let i = 0; i < %d; ++i) a.push([i]); }", objects);
  miniracer_status status = run_status(context, source, NULL);
  CHECK(status == MINIRACER_OK || status == MINIRACER_OUT_OF_MEMORY);
  return status == MINIRACER_OK;
}

static int32_t change_limit(void *userdata, miniracer_call *call) {
  (void)userdata;
  return miniracer_isolate_set_heap_limit(isolate_of(call->context), (uint64_t)call->arguments[0].as.int32 << 20);
}

static void changing(void) {
  const int objects = 700000; /* about 40 MB */
  miniracer_isolate isolate = limited(32 << 20);
  miniracer_context context = new_context(isolate);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_isolate_set_heap_limit(isolate, 1));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_isolate_set_heap_limit(isolate, (4 << 20) - 1));
  CHECK_STATUS(MINIRACER_INVALID_HANDLE, miniracer_isolate_set_heap_limit(context, 32 << 20));
  CHECK_STATUS(MINIRACER_INVALID_HANDLE, miniracer_isolate_set_heap_limit(0, 32 << 20));
  CHECK(!fits(context, objects));
  OK(miniracer_isolate_set_heap_limit(isolate, 200 << 20));
  CHECK(fits(context, objects));
  OK(miniracer_isolate_set_heap_limit(isolate, 16 << 20));
  CHECK(!fits(context, objects));
  CHECK(!fits(context, objects));
  OK(miniracer_isolate_set_heap_limit(isolate, 0)); /* as it was made */
  CHECK(!fits(context, objects));
  OK(miniracer_isolate_set_heap_limit(isolate, 400 << 20));
  CHECK(fits(context, objects));
  /* In the middle of a run. */
  OK(miniracer_isolate_set_heap_limit(isolate, 16 << 20));
  define(context, "changeLimit", change_limit, NULL);
  OK(run_status(context, "{ changeLimit(200); const a = []; for (let i = 0; i < 7e5; ++i) a.push([i]); }", NULL));
  CHECK_STATUS(
      MINIRACER_OUT_OF_MEMORY,
      run_status(context, "{ changeLimit(16); const a = []; for (let i = 0; i < 7e5; ++i) a.push([i]); }", NULL));
  CHECK_SCRIPT(context, "1 + 1", 2);
  OK(miniracer_isolate_dispose(isolate));
  CHECK_STATUS(MINIRACER_CLOSED, miniracer_isolate_set_heap_limit(isolate, 32 << 20));
}

/* What else than V8's heap is part of the one number. */
static void one_number(void) {
  miniracer_isolate isolate = new_isolate();
  miniracer_context context = new_context(isolate);
  CHECK(statistics_of(isolate).webassembly == 0);
  uint64_t before = statistics_of(isolate).memory;
  EXECUTE(context, "var memory = new WebAssembly.Memory({initial: 160})");
  CHECK(statistics_of(isolate).webassembly == 160 * 65536);
  EXECUTE(context, "var buffer = new ArrayBuffer(5000000)");
  CHECK(statistics_of(isolate).array_buffers == 5000000);
  CHECK(statistics_of(isolate).memory >= before + 160 * 65536 + 5000000);
  before = statistics_of(isolate).memory;
  /* V8 has next to nothing of them in its own heap. */
  EXECUTE(context, "var formats = Array.from({length: 100}, () => new Intl.DateTimeFormat('de'))");
  CHECK(statistics_of(isolate).memory >= before + 100 * 20000);
  OK(miniracer_isolate_dispose(isolate));
}

/* Bytes as people count them, not only whole pages. */
static void any_number(void) {
  const uint64_t limits[] = {50000000, 100000000, 120000001, (64 << 20) | 1, 140000000, 8000001};
  for (size_t i = 0; i < COUNT(limits); ++i) {
    miniracer_isolate_options options = isolate_options();
    options.memory_limit = limits[i];
    miniracer_isolate isolate = isolate_with(&options);
    CHECK_SCRIPT(new_context(isolate), "6 * 7", 42);
    CHECK(statistics_of(isolate).memory_limit == limits[i]);
    OK(miniracer_isolate_dispose(isolate));
    options.memory_limit = 0;
    options.heap_limit = limits[i];
    isolate = isolate_with(&options);
    CHECK_SCRIPT(new_context(isolate), "6 * 7", 42);
    OK(miniracer_isolate_dispose(isolate));
  }
}

int main(void) {
  REQUIRE_OK(miniracer_init(NULL, NULL));
  RUN(any_number);
  RUN(one_number);
  RUN(ends_and_works_on);
  RUN(kept_by_globals);
  RUN(nested);
  RUN(garbage);
  RUN(changing);
  return test_result();
}
