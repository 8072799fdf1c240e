/* Guests that V8 ends the process for end their isolate alone: every call says so and why, until it is disposed of. */
#include <pthread.h>
#include <unistd.h>

#include "test.h"

static const char *const fatal[] = {
    "new Array(2**27).fill(0); for (;;);",
    "'x'.repeat(2**28).replace(/x/g, 'yy')",
    "Array.from({length: 2**30})",
    "'x'.repeat(2**29 - 24).split('')",
    "{ let a = ['x'.repeat(2**20)]; for (let i = 0; i < 7; ++i) a = a.concat(a); a.join('').length }",
    "JSON.stringify(Array.from({length: 2**20}, (_, i) => i).concat('x'.repeat(2**27)))",
};

static miniracer_isolate limited(uint64_t bytes) {
  miniracer_isolate_options options = isolate_options();
  options.memory_limit = bytes;
  return isolate_with(&options);
}

static miniracer_process_statistics process(void) {
  miniracer_process_statistics statistics;
  memset(&statistics, 0, sizeof statistics);
  statistics.struct_size = sizeof statistics;
  OK(miniracer_process_get_statistics(&statistics));
  return statistics;
}

/* A run that takes the isolate with it; what may also be is that V8 stops in time. */
static int dies(miniracer_context context, const char *source) {
  miniracer_error *error = NULL;
  miniracer_value result = int32(7);
  miniracer_run_options run = with_timeout(20 * SECOND);
  miniracer_status status = evaluate(context, source, &run, &result, &error);
  if (status == MINIRACER_ENGINE_DEAD) {
    CHECK_NUMBER(7, result);
    if (CHECK(error != NULL)) CHECK(error->status == MINIRACER_ENGINE_DEAD && error->message.length > 5);
  } else if (!CHECK_STATUS(MINIRACER_OUT_OF_MEMORY, status)) {
    fprintf(stderr, "  %s\n", source);
  }
  miniracer_error_free(error);
  return status == MINIRACER_ENGINE_DEAD;
}

static void dead(miniracer_isolate isolate, miniracer_context context) {
  miniracer_error *error = NULL;
  miniracer_value result = int32(7);
  CHECK_STATUS(MINIRACER_ENGINE_DEAD, evaluate(context, "1", NULL, &result, &error));
  CHECK(error != NULL && error->message.length > 5);
  miniracer_error_free(error);
  CHECK_STATUS(MINIRACER_ENGINE_DEAD, miniracer_object_new(context, &result, NULL));
  CHECK_STATUS(MINIRACER_ENGINE_DEAD, miniracer_context_new(isolate, NULL, &context, NULL));
  CHECK_STATUS(MINIRACER_ENGINE_DEAD, miniracer_isolate_run_microtasks(isolate, NULL, NULL));
  CHECK_STATUS(MINIRACER_ENGINE_DEAD, miniracer_isolate_lock(isolate));
  CHECK_STATUS(MINIRACER_ENGINE_DEAD, miniracer_isolate_cancel(isolate, NULL));
  CHECK_NUMBER(7, result);
}

static void the_isolate_alone(void) {
  miniracer_isolate other = new_isolate();
  miniracer_context in_other = new_context(other);
  EXECUTE(in_other, "var count = 0");
  int deaths = 0;
  for (size_t round = 0; round < 3; ++round) {
    for (size_t i = 0; i < COUNT(fatal); ++i) {
      miniracer_isolate isolate = limited(32 << 20);
      miniracer_context context = new_context(isolate);
      miniracer_value held = EVALUATE(context, "({kept: 1})");
      uint64_t before = process().deaths;
      if (dies(context, fatal[i])) {
        ++deaths;
        dead(isolate, context);
        CHECK_INT(before + 1, process().deaths);
      } else {
        CHECK_SCRIPT(context, "6 * 7", 42);
      }
      release(&held);
      OK(miniracer_context_dispose(context));
      OK(miniracer_isolate_dispose(isolate));
      CHECK_STATUS(MINIRACER_CLOSED, miniracer_isolate_dispose(isolate));
      CHECK_SCRIPT(in_other, "++count", (int)(round * COUNT(fatal) + i + 1));
    }
  }
  CHECK(deaths >= 6);
  CHECK(process().given_back > 0);
  OK(miniracer_isolate_dispose(other));
}

/* Of host functions that a dead isolate called nothing is skipped: each returns, and the call around it says the same. */
static int reenter(void *userdata, miniracer_call *call) {
  int *returned = userdata;
  if (returned[1]-- > 0) {
    miniracer_status status = run_status(call->context, "again()", NULL);
    CHECK_STATUS(MINIRACER_ENGINE_DEAD, status);
  } else {
    CHECK_STATUS(MINIRACER_ENGINE_DEAD, run_status(call->context, fatal[1], NULL));
  }
  miniracer_value text_to_return = text("for nobody");
  CHECK_STATUS(MINIRACER_ENGINE_DEAD, miniracer_call_return(call, &text_to_return));
  ++returned[0];
  return 0;
}

static void through_host_functions(void) {
  miniracer_isolate isolate = limited(32 << 20);
  miniracer_context context = new_context(isolate);
  int returned[2] = {0, 4}, finalized = 0;
  miniracer_function_options options = function_options(reenter, returned);
  define_with(context, "again", &options);
  options = function_options(reenter, &finalized);
  options.finalize = count_finalized;
  define_with(context, "unused", &options);
  OK(miniracer_isolate_lock(isolate));
  CHECK_STATUS(MINIRACER_ENGINE_DEAD, run_status(context, "[1].map(() => again())", NULL));
  CHECK_INT(5, returned[0]);
  dead(isolate, context);
  OK(miniracer_isolate_unlock(isolate));
  CHECK_STATUS(MINIRACER_NOT_LOCKED, miniracer_isolate_unlock(isolate));
  CHECK_INT(1, finalized); /* as the thread left */
  OK(miniracer_isolate_dispose(isolate));
  CHECK_INT(1, finalized);
}

/* An isolate in the middle lives on when the one around it and within it dies. */
static miniracer_context outer_context, middle_context;

static int into_outer(void *userdata, miniracer_call *call) {
  (void)call;
  CHECK_STATUS(MINIRACER_ENGINE_DEAD, run_status(outer_context, fatal[1], NULL));
  ++*(int *)userdata;
  return 0;
}

static int into_middle(void *userdata, miniracer_call *call) {
  (void)call;
  CHECK_SCRIPT(middle_context, "into_outer(); 5", 5);
  ++*(int *)userdata;
  return 0;
}

static void between_isolates(void) {
  miniracer_isolate outer = limited(32 << 20), middle = new_isolate();
  int calls = 0;
  outer_context = new_context(outer), middle_context = new_context(middle);
  define(outer_context, "into_middle", into_middle, &calls);
  define(middle_context, "into_outer", into_outer, &calls);
  CHECK_STATUS(MINIRACER_ENGINE_DEAD, run_status(outer_context, "into_middle()", NULL));
  CHECK_INT(2, calls);
  CHECK_SCRIPT(middle_context, "6 * 7", 42);
  dead(outer, outer_context);
  OK(miniracer_isolate_dispose(outer));
  OK(miniracer_isolate_dispose(middle));
}

/* What the host lent comes back when the isolate dies; what it looks into stays as long as it looks. */
static void buffers(void) {
  miniracer_isolate isolate = limited(32 << 20);
  miniracer_context context = new_context(isolate);
  static uint64_t memory[16];
  int finalized = 0;
  miniracer_buffer_options options;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.data = memory;
  options.length = sizeof memory;
  options.userdata = &finalized;
  options.finalize = count_finalized;
  miniracer_value lent = undefined(), made = EVALUATE(context, "new Uint8Array(1e6).fill(3)");
  REQUIRE_OK(miniracer_array_buffer_new(context, &options, &lent, NULL));
  miniracer_buffer *buffer = NULL;
  REQUIRE_OK(miniracer_buffer_open(context, made.as.handle, &buffer, NULL));
  CHECK_STATUS(MINIRACER_ENGINE_DEAD, run_status(context, fatal[1], NULL));
  OK(miniracer_isolate_dispose(isolate));
  CHECK_INT(1, finalized);
  for (size_t i = 0; i < buffer->byte_length; i += 4096) CHECK_INT(3, ((unsigned char *)buffer->data)[i]);
  miniracer_buffer_free(buffer);
  CHECK_INT(1, finalized);
  release(&lent);
  release(&made);
}

static void *waits(void *context) {
  CHECK_STATUS(MINIRACER_ENGINE_DEAD, run_status(*(miniracer_context *)context, "1", NULL));
  return NULL;
}

static int pauses(void *userdata, miniracer_call *call) {
  (void)call;
  (void)userdata;
  sleep_for(50 * MILLISECOND);
  return 0;
}

static void threads_that_wait(void) {
  miniracer_isolate isolate = limited(32 << 20);
  miniracer_context context = new_context(isolate);
  define(context, "pause", pauses, NULL);
  pthread_t threads[3];
  OK(miniracer_isolate_lock(isolate));
  for (size_t i = 0; i < COUNT(threads); ++i) REQUIRE(pthread_create(&threads[i], NULL, waits, &context) == 0);
  char source[200];
  snprintf(source, sizeof source, "pause(); %s", fatal[1]);
  CHECK_STATUS(MINIRACER_ENGINE_DEAD, run_status(context, source, NULL));
  OK(miniracer_isolate_unlock(isolate));
  for (size_t i = 0; i < COUNT(threads); ++i) pthread_join(threads[i], NULL);
  OK(miniracer_isolate_dispose(isolate));
}

static void told(void *userdata, const miniracer_isolate_event *event) {
  if (event->kind == MINIRACER_EVENT_DEAD && event->text != NULL && strlen(event->text) > 5) {
    __atomic_add_fetch((int *)userdata, 1, __ATOMIC_SEQ_CST);
  }
}

static void the_host_is_told(void) {
  int counts[2] = {0, 0};
  miniracer_isolate_options options = isolate_options();
  options.memory_limit = 32 << 20;
  options.event = told;
  options.event_userdata = counts;
  miniracer_isolate isolate = isolate_with(&options);
  miniracer_context context = new_context(isolate);
  CHECK_STATUS(MINIRACER_ENGINE_DEAD, run_status(context, fatal[1], NULL));
  OK(miniracer_isolate_dispose(isolate));
  for (int i = 0; i < 1000 && __atomic_load_n(counts, __ATOMIC_SEQ_CST) == 0; ++i) sleep_for(MILLISECOND);
  CHECK_INT(1, counts[0]);
}

static int forty_two(void *userdata, miniracer_call *call) {
  (void)userdata;
  call->result = int32(42);
  return 0;
}

/* What the thread was about within the dead isolate does not hold for others: a graph is encoded without running anything. */
static void the_thread_goes_on(void) {
  miniracer_isolate other = new_isolate();
  miniracer_context in_other = new_context(other);
  define(in_other, "host", forty_two, NULL);
  for (int i = 0; i < 5; ++i) {
    miniracer_isolate_options options = isolate_options();
    options.grace = 4 * MILLISECOND;
    miniracer_isolate isolate = isolate_with(&options);
    miniracer_context context = new_context(isolate);
    miniracer_value object = EVALUATE(context, "{ const o = {}; for (let i = 0; i < 1e6; ++i) o[i] = i; o }");
    miniracer_run_options run = with_timeout(MILLISECOND);
    miniracer_graph *graph = NULL;
    miniracer_status status = miniracer_graph_encode(context, &object, NULL, &run, &graph, NULL);
    CHECK(status == MINIRACER_ENGINE_DEAD || status == MINIRACER_TIMEOUT);
    release(&object);
    OK(miniracer_isolate_dispose(isolate));
    CHECK_SCRIPT(in_other, "host()", 42);
  }
  OK(miniracer_isolate_dispose(other));
}

static int32_t never_called(void *userdata, miniracer_call *call) {
  (void)userdata, (void)call;
  return 0;
}

/* Also of the function that V8 had no room for any more. */
static void finalizers_are_called_once(void) {
  static int finalized[4000];
  miniracer_isolate_options options = isolate_options();
  options.heap_limit = 600 << 20;
  miniracer_isolate isolate = isolate_with(&options);
  miniracer_context context = new_context(isolate);
  EXECUTE(context, "var kept = []; for (let i = 0; i < 25e5; ++i) kept.push({i, a: i, b: i})");
  OK(miniracer_isolate_set_heap_limit(isolate, 16 << 20));
  miniracer_status status = MINIRACER_OK;
  size_t made = 0;
  for (; status == MINIRACER_OK && made < COUNT(finalized); ++made) {
    miniracer_function_options function = function_options(never_called, &finalized[made]);
    function.finalize = count_finalized;
    miniracer_value result = undefined();
    status = miniracer_function_new(context, &function, &result, NULL);
  }
  CHECK_STATUS(MINIRACER_ENGINE_DEAD, status);
  OK(miniracer_isolate_dispose(isolate));
  for (size_t i = 0; i < made; ++i) CHECK_INT(1, finalized[i]);
}

/* V8 takes no refusal from operator new, and no exception may pass through it. */
static void operator_new(void) {
  miniracer_isolate isolate = limited(64 << 20);
  miniracer_context context = new_context(isolate);
  miniracer_error *error = NULL;
  miniracer_value result = undefined();
  CHECK_STATUS(MINIRACER_ENGINE_DEAD,
               evaluate(context, "JSON.parse('[' + '0,'.repeat(2 ** 23) + '0]')", NULL, &result, &error));
  if (CHECK(error != NULL)) CHECK_TEXT("V8 ran out of memory: operator new", error->message);
  miniracer_error_free(error);
  OK(miniracer_isolate_dispose(isolate));
}

/* A function of WebAssembly's whose compiling takes long is under way as its isolate goes: nobody waits for V8's thread. */
static void while_it_compiles(void) {
  miniracer_isolate other = new_isolate();
  miniracer_isolate isolate = new_isolate();
  miniracer_context context = new_context(isolate);
  EXECUTE(context,
          "const n = 1e6, leb = (n) => (n < 128 ? [n] : [(n & 127) | 128, ...leb(n >>> 7)]);"
          "const head = [1, ...leb(49000), 0x7e, 2, 0x40], size = head.length + 4 * n + 2;"
          "const start = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, ...leb(5 + size), 1, "
          "...leb(size), ...head];"
          "const bytes = new Uint8Array(start.length - head.length + size).fill(11);"
          "bytes.set(start); for (let i = 0; i < n; ++i) bytes.set([0x41, 1, 0x0d, 0], start.length + 4 * i);"
          "WebAssembly.compile(bytes); 1");
  uint64_t start = now();
  OK(miniracer_isolate_dispose(isolate));
  CHECK(now() - start < 5 * SECOND);
  CHECK_SCRIPT(new_context(other), "6 * 7", 42);
  OK(miniracer_isolate_dispose(other));
}

int main(void) {
  REQUIRE_OK(miniracer_init(NULL, NULL));
  RUN(the_isolate_alone);
  RUN(through_host_functions);
  RUN(between_isolates);
  RUN(buffers);
  RUN(threads_that_wait);
  RUN(the_host_is_told);
  RUN(the_thread_goes_on);
  RUN(finalizers_are_called_once);
  RUN(operator_new);
  RUN(while_it_compiles);
  return test_result();
}
