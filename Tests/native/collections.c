/* Maps and Sets from the host's side: by the engine, whatever the guest made of their methods. */
#include "test.h"

static miniracer_isolate isolate;
static miniracer_context context;

static miniracer_value get(miniracer_handle map, miniracer_value key) {
  miniracer_value value = undefined();
  OK(miniracer_collection_get(context, map, &key, &value, NULL));
  return value;
}

static void check_entry(miniracer_handle map, miniracer_value key, int32_t expected) {
  miniracer_value value = get(map, key);
  CHECK_NUMBER(expected, value);
}

static void set(miniracer_handle collection, miniracer_value key, miniracer_value value) {
  OK(miniracer_collection_set(context, collection, &key, &value, NULL));
}

static int32_t has(miniracer_handle collection, miniracer_value key) {
  int32_t present = -1;
  OK(miniracer_collection_has(context, collection, &key, &present, NULL));
  return present;
}

static int32_t delete(miniracer_handle collection, miniracer_value key) {
  int32_t present = -1;
  OK(miniracer_collection_delete(context, collection, &key, &present, NULL));
  return present;
}

static uint32_t size_of(miniracer_handle collection) {
  uint32_t size = UINT32_MAX;
  OK(miniracer_collection_get_size(context, collection, &size, NULL));
  return size;
}

static void maps(void) {
  miniracer_value map = undefined();
  OK(miniracer_map_new(context, &map, NULL));
  CHECK_INT(MINIRACER_OBJECT_MAP, map.subtype);
  miniracer_handle handle = map.as.handle;
  set(handle, text("a"), int32(1));
  set(handle, number(0.0 / 0.0), int32(2));
  set(handle, number(-0.0), int32(3));
  set(handle, map, int32(4));
  set(handle, text("a"), int32(5));
  CHECK_INT(4, size_of(handle));
  check_entry(handle, text("a"), 5);
  check_entry(handle, number(0.0 / 0.0), 2);
  check_entry(handle, int32(0), 3);
  check_entry(handle, map, 4);
  CHECK_INT(MINIRACER_UNDEFINED, get(handle, text("b")).tag);
  CHECK_INT(1, has(handle, text("a")));
  CHECK_INT(0, has(handle, int32(1)));
  set_global(context, "map", &map);
  CHECK_SCRIPT_TEXT(context, "(map instanceof Map) + [...map.values()].join()", "true5,2,3,4");
  CHECK_INT(1, delete(handle, map));
  CHECK_INT(0, delete(handle, map));
  miniracer_value *entries = NULL;
  uint32_t count = 0;
  OK(miniracer_collection_entries(context, handle, &entries, &count, NULL));
  if (CHECK_INT(6, count)) {
    CHECK_TEXT("a", entries[0]);
    CHECK_NUMBER(5, entries[1]);
    CHECK(entries[2].as.number != entries[2].as.number);
    CHECK_NUMBER(3, entries[5]);
  }
  miniracer_values_free(entries, count);
  OK(miniracer_collection_clear(context, handle, NULL));
  CHECK_INT(0, size_of(handle));
  entries = NULL;
  OK(miniracer_collection_entries(context, handle, &entries, &count, NULL));
  CHECK_INT(0, count);
  miniracer_values_free(entries, count);
  release(&map);
}

static void sets(void) {
  miniracer_value collection = undefined(), key = text("x");
  OK(miniracer_set_new(context, &collection, NULL));
  CHECK_INT(MINIRACER_OBJECT_SET, collection.subtype);
  miniracer_handle handle = collection.as.handle;
  for (int i = 0; i < 3; ++i) OK(miniracer_collection_set(context, handle, &key, NULL, NULL));
  key = int32(7);
  OK(miniracer_collection_set(context, handle, &key, NULL, NULL));
  CHECK_INT(2, size_of(handle));
  CHECK_INT(1, has(handle, text("x")));
  set_global(context, "set", &collection);
  CHECK_SCRIPT_TEXT(context, "(set instanceof Set) + [...set].join()", "truex,7");
  miniracer_value *entries = NULL;
  uint32_t count = 0;
  OK(miniracer_collection_entries(context, handle, &entries, &count, NULL));
  if (CHECK_INT(2, count)) CHECK_NUMBER(7, entries[1]);
  miniracer_values_free(entries, count);
  CHECK_INT(1, delete(handle, text("x")));
  OK(miniracer_collection_clear(context, handle, NULL));
  CHECK_INT(0, size_of(handle));
  miniracer_value value = undefined();
  CHECK_STATUS(MINIRACER_WRONG_TYPE, miniracer_collection_get(context, handle, &key, &value, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_collection_set(context, handle, &key, &value, NULL));
  release(&collection);
}

/* No method of the guest's runs, not even of a subclass. */
static void engine_not_guest(void) {
  EXECUTE(context,
          "for (const name of ['get', 'set', 'has', 'delete', 'clear', 'entries', Symbol.iterator])"
          "  Map.prototype[name] = () => { throw 'guest code'; };"
          "Object.defineProperty(Map.prototype, 'size', {get() { throw 'guest code'; }});"
          "globalThis.RealMap = Map; globalThis.Map = null");
  miniracer_value map = EVALUATE(context, "new (class extends RealMap { get() { throw 'guest code'; } })");
  set(map.as.handle, text("a"), int32(1));
  check_entry(map.as.handle, text("a"), 1);
  CHECK_INT(1, size_of(map.as.handle));
  release(&map);
  OK(miniracer_map_new(context, &map, NULL));
  set(map.as.handle, text("a"), int32(1));
  CHECK_INT(1, has(map.as.handle, text("a")));
  release(&map);
}

static void misuse(void) {
  const char *others[] = {"({})", "new WeakMap", "new Proxy(new Set, {})", "Object.create(RealMap.prototype)"};
  miniracer_value key = int32(1), value = undefined();
  for (size_t i = 0; i < COUNT(others); ++i) {
    miniracer_value object = EVALUATE(context, others[i]), *entries = NULL;
    miniracer_handle handle = object.as.handle;
    uint32_t count = 0;
    int32_t present = 0;
    CHECK_STATUS(MINIRACER_WRONG_TYPE, miniracer_collection_get_size(context, handle, &count, NULL));
    CHECK_STATUS(MINIRACER_WRONG_TYPE, miniracer_collection_get(context, handle, &key, &value, NULL));
    CHECK_STATUS(MINIRACER_WRONG_TYPE, miniracer_collection_set(context, handle, &key, &value, NULL));
    CHECK_STATUS(MINIRACER_WRONG_TYPE, miniracer_collection_has(context, handle, &key, &present, NULL));
    CHECK_STATUS(MINIRACER_WRONG_TYPE, miniracer_collection_delete(context, handle, &key, &present, NULL));
    CHECK_STATUS(MINIRACER_WRONG_TYPE, miniracer_collection_clear(context, handle, NULL));
    CHECK_STATUS(MINIRACER_WRONG_TYPE, miniracer_collection_entries(context, handle, &entries, &count, NULL));
    release(&object);
  }
  miniracer_value map = undefined();
  OK(miniracer_map_new(context, &map, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_collection_set(context, map.as.handle, &key, NULL, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_collection_set(context, map.as.handle, NULL, &key, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_collection_get_size(context, map.as.handle, NULL, NULL));
  CHECK_STATUS(MINIRACER_INVALID_HANDLE, miniracer_collection_clear(context, 9, NULL));
  CHECK_STATUS(MINIRACER_INVALID_ARGUMENT, miniracer_map_new(context, NULL, NULL));
  release(&map);
}

int main(void) {
  isolate = new_isolate();
  context = new_context(isolate);
  RUN(maps);
  RUN(sets);
  RUN(engine_not_guest);
  RUN(misuse);
  CHECK_INT(0, handle_count(isolate));
  OK(miniracer_isolate_dispose(isolate));
  return test_result();
}
