/* What stays of isolates that died: little, and no more than is told. What is not theirs stays whole. */
#include "test.h"

/* ASan's allocator knows no mallinfo2. */
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#include <malloc.h>

static uint64_t malloced(void) {
  struct mallinfo2 all = mallinfo2();
  return all.uordblks + all.hblkhd;
}
#else
static uint64_t malloced(void) { return 0; }
#endif

#define KB UINT64_C(1024)

static miniracer_process_statistics process(void) {
  miniracer_process_statistics statistics;
  memset(&statistics, 0, sizeof statistics);
  statistics.struct_size = sizeof statistics;
  OK(miniracer_process_get_statistics(&statistics));
  return statistics;
}

static miniracer_isolate limited(uint64_t bytes) {
  miniracer_isolate_options options = isolate_options();
  options.memory_limit = bytes;
  options.grace = 20 * MILLISECOND;
  return isolate_with(&options);
}

static void die(miniracer_context context, const char *source) {
  miniracer_run_options run = with_timeout(strstr(source, "indexOf") != NULL ? 10 * MILLISECOND : 20 * SECOND);
  CHECK_STATUS(MINIRACER_ENGINE_DEAD, run_status(context, source, &run));
}

/* With what an isolate has when it has been used: runs behind it, code that was compiled, values that the host holds. */
static void a_death(const char *source) {
  static miniracer_value held[20000];
  uint64_t given_back = process().given_back;
  miniracer_isolate isolate = limited(32 << 20);
  miniracer_context context = new_context(isolate);
  for (size_t i = 0; i < COUNT(held); ++i) OK(miniracer_object_new(context, &held[i], NULL));
  EXECUTE(context, "function twice(n) { return 2 * n } for (let i = 0; i < 1e5; ++i) twice(i)");
  die(context, source);
  for (size_t i = 0; i < COUNT(held); ++i) release(&held[i]);
  OK(miniracer_isolate_dispose(isolate));
  /* V8's workers may be at it for a moment more. */
  for (int i = 0; i < 10000 && process().given_back < given_back + 1024 * KB; ++i) sleep_for(MILLISECOND);
}

static void little_and_told(void) {
  static const char *const fatal[] = {
      "'x'.repeat(2**28).replace(/x/g, 'yy')",                /* a refused string */
      "'x'.repeat(2**29 - 24).split('')",                     /* in a table */
      "eval('[' + '1,'.repeat(2**24) + ']')",                 /* while parsing, with what the parser has on its stack */
      "{ const a = []; a.length = 2**32 - 1; a.indexOf(1) }", /* cut off */
  };
  enum { kRounds = 4 };
  for (size_t i = 0; i < COUNT(fatal); ++i) {
    a_death(fatal[i]); /* what V8 makes once */
    uint64_t memory = malloced();
    miniracer_process_statistics before = process();
    for (int round = 0; round < kRounds; ++round) a_death(fatal[i]);
    miniracer_process_statistics after = process();
    uint64_t left = (after.left_behind - before.left_behind) / kRounds;
    CHECK_INT(kRounds, after.deaths - before.deaths);
    if (!CHECK(left >= 64 * KB && left < 320 * KB)) fprintf(stderr, "  %s: %d KB\n", fatal[i], (int)(left / KB));
    int64_t more = (int64_t)(malloced() - memory) / kRounds;
    if (malloced() != 0 && !CHECK(more < (int64_t)(left + 96 * KB))) {
      fprintf(stderr, "  %s: %d KB, of which %d KB are told\n", fatal[i], (int)(more / 1024), (int)(left / KB));
    }
  }
}

/* V8 has a list of all isolates, which grows as one is made: it is not that one's, though it should die. */
static void lists_of_all(void) {
  for (int i = 0; i < 320; ++i) {
    miniracer_isolate isolate = limited(16 << 20);
    die(new_context(isolate), "'x'.repeat(2**28).replace(/x/g, 'yy')");
    OK(miniracer_isolate_dispose(isolate));
  }
}

/* What an isolate takes while it is made is its own, also where a host function of another one has it made. */
static miniracer_isolate made;

static int makes(void *userdata, miniracer_call *call) {
  (void)call;
  made = new_isolate();
  CHECK_SCRIPT(new_context(made), "6 * 7", 42);
  ++*(int *)userdata;
  return 0;
}

static void made_within(void) {
  for (int round = 0; round < 3; ++round) {
    miniracer_isolate isolate = limited(32 << 20);
    miniracer_context context = new_context(isolate);
    int calls = 0;
    define(context, "make", makes, &calls);
    EXECUTE(context, "make()");
    die(context, "'x'.repeat(2**28).replace(/x/g, 'yy')");
    OK(miniracer_isolate_dispose(isolate));
    CHECK_INT(1, calls);
    CHECK_SCRIPT(new_context(made), "Array.from({length: 1e5}, (_, i) => ({i})).at(-1).i", 99999);
    OK(miniracer_isolate_collect_garbage(made, MINIRACER_COLLECT_FULL));
    OK(miniracer_isolate_dispose(made));
  }
}

/* The text of a clone is V8's until it is read: it goes back once. */
static void clones(void) {
  miniracer_isolate isolate = limited(64 << 20);
  miniracer_context context = context_with(isolate, MINIRACER_CONTEXT_WEB);
  CHECK_SCRIPT(context, "for (let i = 0; i < 20; ++i) structuredClone('x'.repeat(1e5 * i)); 42", 42);
  char *blocks[64];
  for (size_t i = 0; i < COUNT(blocks); ++i) {
    blocks[i] = malloc(30000 * i + 1);
    memset(blocks[i], (int)i, 30000 * i + 1);
  }
  die(context, "'x'.repeat(2**28).replace(/x/g, 'yy')");
  OK(miniracer_isolate_dispose(isolate));
  for (size_t i = 0; i < COUNT(blocks); ++i) {
    CHECK(blocks[i][0] == (char)i && blocks[i][30000 * i] == (char)i);
    free(blocks[i]);
  }
}

/* Whoever compiles a module of WebAssembly waits for another isolate that compiles the same: but not for one that died of it. */
static const char module[] =
    "const leb = (n) => { const all = []; do { const low = n & 127; n >>>= 7; all.push(n ? low | 128 : low) } while "
    "(n);"
    "                     return all };"
    "const count = 14000, body = [0];"
    "for (let i = 0; i < 300; ++i) body.push(0x20, 0, 0x41, 1, 0x6a, 0x21, 0);"
    "body.push(0x20, 0, 0x0b);"
    "const code = [...leb(body.length), ...body], types = [...leb(count), ...new Array(count).fill(0)];"
    "const head = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f, 3, ...leb(types.length), ...types,"
    "              10, ...leb(leb(count).length + count * code.length), ...leb(count)];"
    "const bytes = new Uint8Array(head.length + count * code.length);"
    "bytes.set(head);"
    "for (let i = 0; i < count; ++i) bytes.set(code, head.length + i * code.length);"
    "new WebAssembly.Module(bytes).constructor.name";

static void the_same_module(void) {
  miniracer_isolate first = limited(70 << 20), second = limited(256 << 20);
  miniracer_run_options run = with_timeout(20 * SECOND);
  miniracer_context context = new_context(first);
  uint64_t before = process().left_behind;
  miniracer_status status = run_status(context, module, &run);
  CHECK(status == MINIRACER_ENGINE_DEAD || status == MINIRACER_OUT_OF_MEMORY || status == MINIRACER_OK);
  OK(miniracer_isolate_dispose(first));
  run = with_timeout(SECOND);
  status = run_status(new_context(second), module, &run);
  CHECK(status == MINIRACER_ENGINE_DEAD || status == MINIRACER_TIMEOUT || status == MINIRACER_OK);
  OK(miniracer_isolate_dispose(second));
  for (int i = 0; i < 2000 && status == MINIRACER_ENGINE_DEAD && process().left_behind == before; ++i) {
    sleep_for(MILLISECOND);
  }
  if (status == MINIRACER_ENGINE_DEAD)
    CHECK(process().left_behind > before + 15000 * KB); /* the module's bytes, for one */
  miniracer_isolate other = new_isolate();
  CHECK_SCRIPT(new_context(other), "new WebAssembly.Module(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])), 42", 42);
  OK(miniracer_isolate_dispose(other));
}

int main(void) {
  REQUIRE_OK(miniracer_init(NULL, NULL));
  RUN(little_and_told);
  RUN(lists_of_all);
  RUN(made_within);
  RUN(clones);
  RUN(the_same_module);
  return test_result();
}
