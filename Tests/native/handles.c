/* Handles: what keeps them alive, what makes them void, who may release them. */
#include <pthread.h>

#include "test.h"

static miniracer_isolate isolate;
static miniracer_context context;

/* A handle that is none in every function that takes one. */
static void check_void(int line, miniracer_context in, miniracer_handle handle) {
  miniracer_value key = text("k"), value = int32(1), result = int32(8), object = undefined(), *keys = NULL;
  miniracer_handle duplicate = 0;
  miniracer_status statuses[18];
  int32_t flag = 8, hash = 8;
  double time = 8;
  uint32_t count = 8;
  size_t n = 0;
  object.tag = MINIRACER_OBJECT;
  object.as.handle = handle;
  statuses[n++] = miniracer_object_get(in, handle, &key, NULL, &result, NULL);
  statuses[n++] = miniracer_object_set(in, handle, &key, &value, NULL, NULL);
  statuses[n++] = miniracer_object_has(in, handle, &key, NULL, &flag, NULL);
  statuses[n++] = miniracer_object_delete(in, handle, &key, NULL, &flag, NULL);
  statuses[n++] = miniracer_object_keys(in, handle, 0, NULL, &keys, &count, NULL);
  statuses[n++] = miniracer_object_call(in, handle, &key, NULL, 0, NULL, &result, NULL);
  statuses[n++] = miniracer_object_get_hash(in, handle, &hash, NULL);
  statuses[n++] = miniracer_object_get_class_name(in, handle, &result, NULL);
  statuses[n++] = miniracer_date_get_time(in, handle, &time, NULL);
  statuses[n++] = miniracer_function_call(in, handle, NULL, NULL, 0, NULL, &result, NULL);
  statuses[n++] = miniracer_function_construct(in, handle, NULL, 0, NULL, &result, NULL);
  statuses[n++] = miniracer_array_new(in, &object, 1, &result, NULL);
  statuses[n++] = miniracer_value_equals(in, &object, &object, &flag, NULL);
  statuses[n++] = miniracer_value_to_string(in, &object, NULL, &result, NULL);
  statuses[n++] = miniracer_json_stringify(in, &object, 0, NULL, &result, NULL);
  for (size_t i = 0; i < n; ++i) {
    if (statuses[i] == MINIRACER_INVALID_HANDLE) continue;
    check_failed(__FILE__, line);
    fprintf(stderr, "call %d: %s\n", (int)i, miniracer_status_name(statuses[i]));
  }
  miniracer_status status = miniracer_handle_duplicate(handle, &duplicate);
  /* OK, CLOSED: live, or once was, in another isolate. */
  CHECK(status == MINIRACER_INVALID_HANDLE || status == MINIRACER_OK || status == MINIRACER_CLOSED);
  if (status == MINIRACER_OK) {
    object.as.handle = duplicate;
    object.flags = MINIRACER_VALUE_OWNED;
    release(&object);
  }
  CHECK_NUMBER(8, result);
  CHECK(flag == 8 && hash == 8 && time == 8 && count == 8 && keys == NULL);
}
#define CHECK_VOID(in, handle) check_void(__LINE__, in, handle)

static void void_ones(void) {
  miniracer_value object = EVALUATE(context, "({k: 1})"), copy = object;
  release(&object);
  CHECK_INT(MINIRACER_UNDEFINED, object.tag);
  CHECK_VOID(context, copy.as.handle);
  miniracer_value again = EVALUATE(context, "({k: 2})"); /* takes the same place under another number */
  CHECK(again.as.handle != copy.as.handle);
  miniracer_handle stale = copy.as.handle;
  release(&copy); /* released twice: ignored */
  CHECK_VOID(context, stale);
  CHECK_INT(1, handle_count(isolate));

  miniracer_isolate other = new_isolate();
  miniracer_context in_other = new_context(other);
  miniracer_value foreign = EVALUATE(in_other, "({k: 3})");
  CHECK_VOID(context, foreign.as.handle);
  CHECK_VOID(in_other, again.as.handle);

  CHECK_VOID(context, 0);
  CHECK_VOID(context, UINT64_MAX);
  CHECK_VOID(context, context);
  CHECK_VOID(context, isolate);
  /* Every bit matters. */
  for (int bit = 0; bit < 64; ++bit) CHECK_VOID(context, again.as.handle ^ UINT64_C(1) << bit);
  uint64_t random = 88172645463325252u;
  for (int i = 0; i < 2000; ++i) {
    random ^= random << 13, random ^= random >> 7, random ^= random << 17;
    CHECK_VOID(context, random);
    miniracer_value made_up = again;
    made_up.as.handle = random;
    release(&made_up);
  }
  miniracer_value key = text("k"), result = undefined();
  OK(miniracer_object_get(context, again.as.handle, &key, NULL, &result, NULL));
  CHECK_NUMBER(2, result);
  release(&again);
  OK(miniracer_isolate_dispose(other));
  CHECK_VOID(context, foreign.as.handle);
  release(&foreign);
}

static void duplicates(void) {
  miniracer_value object = EVALUATE(context, "({k: 1})"), second = object, key = text("k"), result = undefined();
  OK(miniracer_handle_duplicate(object.as.handle, &second.as.handle));
  CHECK(second.as.handle != object.as.handle);
  CHECK_INT(2, handle_count(isolate));
  release(&object);
  collect_all(isolate);
  OK(miniracer_object_get(context, second.as.handle, &key, NULL, &result, NULL));
  CHECK_NUMBER(1, result);
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_handle_duplicate(second.as.handle, NULL));
  release(&second);
  miniracer_value symbol = EVALUATE(context, "Symbol('x')");
  second = symbol;
  OK(miniracer_handle_duplicate(symbol.as.handle, &second.as.handle));
  release(&symbol);
  OK(miniracer_value_to_string(context, &second, NULL, &result, NULL));
  CHECK_TEXT("Symbol(x)", result);
  release(&result);
  release(&second);
}

/* They keep their object alive and nothing else does. */
static void lifetime(void) {
  EXECUTE(context, "var ref = new WeakRef({})");
  miniracer_value object = EVALUATE(context, "ref = new WeakRef({big: 1}); ref.deref()");
  collect_all(isolate);
  CHECK_SCRIPT_TEXT(context, "typeof ref.deref()", "object");
  EXECUTE(context, "");
  release(&object);
  collect_all(isolate);
  EXECUTE(context, "");
  collect_all(isolate);
  CHECK_SCRIPT_TEXT(context, "typeof ref.deref()", "undefined");
}

static void many(void) {
  uint64_t before = handle_count(isolate);
  miniracer_value object = undefined();
  for (int i = 0; i < 100000; ++i) {
    if (miniracer_object_new(context, &object, NULL) != MINIRACER_OK) break;
    release(&object);
  }
  CHECK_INT(before, handle_count(isolate));
  const uint32_t count = 100000;
  miniracer_value *objects = calloc(count, sizeof *objects);
  REQUIRE(objects != NULL);
  for (uint32_t i = 0; i < count; ++i) {
    if (miniracer_object_new(context, &objects[i], NULL) != MINIRACER_OK) break;
  }
  CHECK_INT(before + count, handle_count(isolate));
  collect_all(isolate);
  miniracer_value_release(objects, count);
  CHECK_INT(before, handle_count(isolate));
  free(objects);
  /* In a held isolate. */
  OK(miniracer_isolate_lock(isolate));
  for (int i = 0; i < 100000; ++i) {
    if (miniracer_object_new(context, &object, NULL) != MINIRACER_OK) break;
    release(&object);
  }
  OK(miniracer_isolate_unlock(isolate));
  CHECK_INT(before, handle_count(isolate));
}

struct releaser {
  miniracer_value *objects;
  uint64_t count, took;
};

static void *release_all(void *data) {
  struct releaser *releaser = data;
  uint64_t start = now();
  for (uint64_t i = 0; i < releaser->count; ++i) release(&releaser->objects[i]);
  releaser->took = now() - start;
  return NULL;
}

/* By another thread while a script runs, without waiting for it. */
static void while_running(void) {
  miniracer_value objects[1000];
  struct releaser releaser = {objects, COUNT(objects), 0};
  uint64_t before = handle_count(isolate);
  for (size_t i = 0; i < COUNT(objects); ++i) OK(miniracer_object_new(context, &objects[i], NULL));
  miniracer_context second = new_context(isolate);
  pthread_t thread;
  OK(miniracer_isolate_lock(isolate));
  pthread_create(&thread, NULL, release_all, &releaser);
  miniracer_run_options run = with_timeout(400 * MILLISECOND);
  CHECK_STATUS(MINIRACER_TIMEOUT, run_status(context, "for (;;);", &run));
  pthread_join(thread, NULL); /* would hang if a release needed the lock */
  CHECK(releaser.took < 300 * MILLISECOND);
  OK(miniracer_isolate_unlock(isolate));
  CHECK_INT(before, handle_count(isolate));
  OK(miniracer_context_dispose(second));
}

int main(void) {
  isolate = new_isolate();
  context = new_context(isolate);
  RUN(void_ones);
  RUN(duplicates);
  RUN(lifetime);
  RUN(many);
  RUN(while_running);
  CHECK_INT(0, handle_count(isolate));
  OK(miniracer_isolate_dispose(isolate));
  return test_result();
}
