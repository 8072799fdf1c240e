/* Isolates and contexts: making, disposing of, their options, their statistics. */
#include "test.h"

static void options_are_checked(void) {
  miniracer_isolate isolate = 9;
  miniracer_error *error = NULL;
  miniracer_isolate_options options = isolate_options();
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_isolate_new(&options, NULL, &error));
  CHECK(error != NULL);
  miniracer_error_free(error);
  options.flags = 1u << 31;
  CHECK_STATUS(MINIRACER_UNKNOWN_FLAG, miniracer_isolate_new(&options, &isolate, NULL));
  options = isolate_options();
  options.struct_size = 0;
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_isolate_new(&options, &isolate, NULL));
  options.struct_size = 3;
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_isolate_new(&options, &isolate, NULL));
  options = isolate_options();
  options.heap_limit = 1000;
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_isolate_new(&options, &isolate, NULL));
  struct {
    miniracer_isolate_options options;
    unsigned char more[100];
  } newer;
  memset(&newer, 0, sizeof newer);
  newer.options.struct_size = sizeof newer;
  newer.more[99] = 1;
  CHECK_STATUS(MINIRACER_UNKNOWN_FIELD, miniracer_isolate_new(&newer.options, &isolate, NULL));
  CHECK_INT(9, isolate);
  newer.more[99] = 0;
  OK(miniracer_isolate_new(&newer.options, &isolate, NULL));
  OK(miniracer_isolate_dispose(isolate));
  options = isolate_options();
  options.struct_size = 4;
  options.flags = 0xffffffff; /* not there for a struct of 4 bytes */
  OK(miniracer_isolate_new(&options, &isolate, NULL));
  OK(miniracer_isolate_dispose(isolate));
}

static void contexts(void) {
  miniracer_isolate isolate = new_isolate(), found = 0;
  miniracer_context context = 9, other = new_context(isolate);
  miniracer_context_options options = context_options(1u << 31);
  CHECK_STATUS(MINIRACER_UNKNOWN_FLAG, miniracer_context_new(isolate, &options, &context, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_new(isolate, NULL, NULL, NULL));
  options.flags = 0;
  options.struct_size = 0;
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_new(isolate, &options, &context, NULL));
  CHECK_STATUS(MINIRACER_INVALID_HANDLE, miniracer_context_new(other, NULL, &context, NULL));
  CHECK_INT(9, context);
  options.struct_size = sizeof options;
  OK(miniracer_context_new(isolate, &options, &context, NULL));
  OK(miniracer_context_get_isolate(context, &found));
  CHECK(found == isolate);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_context_get_isolate(context, NULL));
  CHECK_STATUS(MINIRACER_INVALID_HANDLE, miniracer_context_get_isolate(isolate, &found));
  CHECK_STATUS(MINIRACER_INVALID_HANDLE, miniracer_context_get_isolate(0, &found));
  CHECK_INT(2, statistics_of(isolate).context_count);

  /* Each has a global object of its own; objects may be shared. */
  EXECUTE(context, "var mine = 1; Array.prototype.added = 1;");
  CHECK_SCRIPT_TEXT(other, "typeof mine + ' ' + typeof [].added", "undefined undefined");
  miniracer_value object = EVALUATE(context, "({here: {there: 3}})"), key = text("here");
  set_global(other, "shared", &object);
  CHECK_SCRIPT(other, "shared.here.there += 4; shared.here.there", 7);
  OK(miniracer_context_dispose(context));
  CHECK_SCRIPT(other, "shared.here.there", 7);
  miniracer_value inner = undefined();
  OK(miniracer_object_get(other, object.as.handle, &key, NULL, &inner, NULL));
  release(&inner);
  CHECK_STATUS(MINIRACER_CLOSED, miniracer_object_get(context, object.as.handle, &key, NULL, &inner, NULL));
  CHECK_STATUS(MINIRACER_CLOSED, run_status(context, "1", NULL));
  CHECK_STATUS(MINIRACER_CLOSED, miniracer_context_dispose(context));
  CHECK_INT(1, statistics_of(isolate).context_count);
  release(&object);

  /* An isolate's number is no context's, and the other way round. */
  CHECK_STATUS(MINIRACER_INVALID_HANDLE, run_status(isolate, "1", NULL));
  CHECK_STATUS(MINIRACER_INVALID_HANDLE, miniracer_isolate_dispose(other));
  CHECK_STATUS(MINIRACER_INVALID_HANDLE, miniracer_context_dispose(isolate));
  OK(miniracer_isolate_dispose(isolate));
  CHECK_STATUS(MINIRACER_CLOSED, run_status(other, "1", NULL));
  CHECK_STATUS(MINIRACER_CLOSED, miniracer_context_dispose(other));
}

static void disposing(void) {
  miniracer_isolate isolate = new_isolate(), next;
  miniracer_context context = new_context(isolate);
  miniracer_value object = EVALUATE(context, "({})"), result = undefined();
  miniracer_handle duplicate = 0;
  miniracer_heap_statistics statistics = statistics_of(isolate);
  OK(miniracer_isolate_dispose(isolate));
  CHECK_STATUS(MINIRACER_CLOSED, miniracer_isolate_dispose(isolate));
  next = new_isolate(); /* takes the same place */
  CHECK(next != isolate);
  CHECK_STATUS(MINIRACER_CLOSED, miniracer_isolate_dispose(isolate));
  CHECK_STATUS(MINIRACER_CLOSED, miniracer_isolate_lock(isolate));
  CHECK_STATUS(MINIRACER_CLOSED, miniracer_isolate_cancel(isolate, NULL));
  CHECK_STATUS(MINIRACER_CLOSED, miniracer_isolate_collect_garbage(isolate, MINIRACER_COLLECT_FULL));
  CHECK_STATUS(MINIRACER_CLOSED, miniracer_isolate_get_heap_statistics(isolate, &statistics));
  CHECK_STATUS(MINIRACER_CLOSED, miniracer_isolate_run_microtasks(isolate, NULL, NULL));
  CHECK_STATUS(MINIRACER_CLOSED, miniracer_context_new(isolate, NULL, &context, NULL));
  CHECK_STATUS(MINIRACER_CLOSED, run_status(context, "1", NULL));
  CHECK_STATUS(MINIRACER_CLOSED, miniracer_object_new(context, &result, NULL));
  CHECK_STATUS(MINIRACER_CLOSED, miniracer_handle_duplicate(object.as.handle, &duplicate));
  release(&object);
  CHECK_INT(MINIRACER_UNDEFINED, object.tag);

  /* The lock of the isolate that came after it is not the old one's to undo. */
  OK(miniracer_isolate_lock(next));
  CHECK_STATUS(MINIRACER_NOT_LOCKED, miniracer_isolate_unlock(isolate));
  OK(miniracer_isolate_unlock(next));
  CHECK_STATUS(MINIRACER_NOT_LOCKED, miniracer_isolate_unlock(next));
  OK(miniracer_isolate_dispose(next));
}

/* Held while it is disposed of: its numbers are void at once, unlocking is in order. */
static void disposing_while_held(void) {
  miniracer_isolate isolate = new_isolate();
  miniracer_context context = new_context(isolate);
  OK(miniracer_isolate_lock(isolate));
  OK(miniracer_isolate_lock(isolate));
  OK(miniracer_isolate_dispose(isolate));
  CHECK_STATUS(MINIRACER_CLOSED, run_status(context, "1", NULL));
  CHECK_STATUS(MINIRACER_CLOSED, miniracer_isolate_lock(isolate));
  CHECK_STATUS(MINIRACER_CLOSED, miniracer_isolate_dispose(isolate));
  OK(miniracer_isolate_unlock(isolate));
  OK(miniracer_isolate_unlock(isolate));
  miniracer_status status = miniracer_isolate_unlock(isolate);
  CHECK(status == MINIRACER_NOT_LOCKED || status == MINIRACER_CLOSED);
}

static void locking(void) {
  miniracer_isolate a = new_isolate(), b = new_isolate();
  miniracer_context in_a = new_context(a), in_b = new_context(b);
  CHECK_STATUS(MINIRACER_NOT_LOCKED, miniracer_isolate_unlock(a));
  CHECK_STATUS(MINIRACER_INVALID_HANDLE, miniracer_isolate_lock(0));
  CHECK_STATUS(MINIRACER_INVALID_HANDLE, miniracer_isolate_lock(in_a));
  CHECK_STATUS(MINIRACER_INVALID_HANDLE, miniracer_isolate_unlock(in_a));
  OK(miniracer_isolate_lock(a));
  CHECK_SCRIPT(in_a, "1", 1);
  OK(miniracer_isolate_lock(b));
  CHECK_SCRIPT(in_a, "2", 2);
  CHECK_SCRIPT(in_b, "3", 3);
  CHECK_STATUS(MINIRACER_NOT_LOCKED, miniracer_isolate_unlock(a)); /* the one locked last is unlocked first */
  OK(miniracer_isolate_lock(a));
  CHECK_SCRIPT(in_b, "4", 4);
  CHECK_STATUS(MINIRACER_NOT_LOCKED, miniracer_isolate_unlock(b));
  OK(miniracer_isolate_unlock(a));
  OK(miniracer_isolate_unlock(b));
  CHECK_SCRIPT(in_b, "5", 5);
  CHECK_SCRIPT(in_a, "6", 6);
  OK(miniracer_isolate_unlock(a));
  CHECK_STATUS(MINIRACER_NOT_LOCKED, miniracer_isolate_unlock(a));
  CHECK_STATUS(MINIRACER_NOT_LOCKED, miniracer_isolate_unlock(b));
  for (int i = 0; i < 1000; ++i) OK(miniracer_isolate_lock(a));
  for (int i = 0; i < 1000; ++i) OK(miniracer_isolate_unlock(a));
  CHECK_STATUS(MINIRACER_NOT_LOCKED, miniracer_isolate_unlock(a));
  OK(miniracer_isolate_dispose(a));
  OK(miniracer_isolate_dispose(b));
}

static void statistics(void) {
  miniracer_isolate isolate = 0;
  miniracer_isolate_options options = isolate_options();
  options.heap_limit = 64 << 20;
  OK(miniracer_isolate_new(&options, &isolate, NULL));
  miniracer_context context = new_context(isolate);
  miniracer_heap_statistics before = statistics_of(isolate), after;
  CHECK_INT(sizeof before, before.struct_size);
  CHECK(before.heap_used > 0 && before.heap_committed >= before.heap_used && before.heap_physical > 0);
  CHECK(before.heap_limit >= (48 << 20) && before.heap_limit <= (80 << 20));
  CHECK_INT(0, before.array_buffers);
  CHECK_INT(0, before.handle_count);
  CHECK_INT(1, before.context_count);
  miniracer_value buffer = EVALUATE(context, "new ArrayBuffer(1000000)");
  after = statistics_of(isolate);
  CHECK_INT(1000000, after.array_buffers);
  CHECK(after.external >= 1000000);
  CHECK_INT(1, after.handle_count);
  release(&buffer);
  collect_all(isolate);
  after = statistics_of(isolate);
  CHECK_INT(0, after.array_buffers);
  CHECK_INT(0, after.handle_count);
  OK(miniracer_isolate_collect_garbage(isolate, MINIRACER_COLLECT_HINT));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_isolate_collect_garbage(isolate, 2));
  CHECK_STATUS(MINIRACER_INVALID_HANDLE, miniracer_isolate_collect_garbage(context, 0));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_isolate_get_heap_statistics(isolate, NULL));
  after.struct_size = 0;
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_isolate_get_heap_statistics(isolate, &after));
  after.struct_size = 24;
  after.heap_limit = 1;
  OK(miniracer_isolate_get_heap_statistics(isolate, &after));
  CHECK_INT(24, after.struct_size);
  CHECK_INT(1, after.heap_limit);
  /* A context that something else still reaches is counted as detached. */
  miniracer_context other = new_context(isolate);
  miniracer_value function = EVALUATE(other, "(function () { return 1; })");
  OK(miniracer_context_dispose(other));
  collect_all(isolate);
  CHECK_INT(1, statistics_of(isolate).context_count);
  CHECK_INT(1, statistics_of(isolate).detached_context_count);
  release(&function);
  collect_all(isolate);
  collect_all(isolate);
  CHECK_INT(0, statistics_of(isolate).detached_context_count);
  OK(miniracer_isolate_dispose(isolate));
}

static void many(void) {
  for (int i = 0; i < 50; ++i) {
    miniracer_isolate isolate = new_isolate();
    miniracer_context context = new_context(isolate);
    CHECK_SCRIPT(context, "6 * 7", 42);
    OK(miniracer_isolate_dispose(isolate));
  }
  miniracer_isolate isolates[12];
  for (size_t i = 0; i < COUNT(isolates); ++i) isolates[i] = new_isolate();
  for (size_t i = 0; i < COUNT(isolates); ++i) {
    miniracer_context context = new_context(isolates[i]);
    CHECK_SCRIPT(context, "6 * 7", 42);
  }
  for (size_t i = 0; i < COUNT(isolates); ++i) OK(miniracer_isolate_dispose(isolates[i]));
  miniracer_isolate isolate = new_isolate();
  for (int i = 0; i < 2000; ++i) {
    miniracer_context context = new_context(isolate);
    OK(miniracer_context_dispose(context));
  }
  CHECK_INT(0, statistics_of(isolate).context_count);
  OK(miniracer_isolate_dispose(isolate));
}

static void least_heap(void) {
  const uint64_t limits[] = {4 << 20, 5 << 20, 8 << 20, UINT64_C(1) << 40, UINT64_MAX};
  for (size_t i = 0; i < COUNT(limits); ++i) {
    miniracer_isolate isolate = 0;
    miniracer_isolate_options options = isolate_options();
    options.heap_limit = limits[i];
    OK(miniracer_isolate_new(&options, &isolate, NULL));
    miniracer_context context = new_context(isolate);
    CHECK_SCRIPT(context, "JSON.parse('[1, 2]').length", 2);
    OK(miniracer_isolate_dispose(isolate));
  }
}

int main(void) {
  REQUIRE_OK(miniracer_init(NULL, NULL));
  RUN(options_are_checked);
  RUN(contexts);
  RUN(disposing);
  RUN(disposing_while_held);
  RUN(locking);
  RUN(statistics);
  RUN(many);
  RUN(least_heap);
  return test_result();
}
