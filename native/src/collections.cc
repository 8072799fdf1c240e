#include "collections.h"

#include "values.h"

namespace miniracer {
namespace {

// A Map or a Set: one of the two is not empty.
struct Collection {
  v8::Local<v8::Map> map;
  v8::Local<v8::Set> set;
  bool IsMap() const { return !map.IsEmpty(); }
};

miniracer_status Find(Scope& scope, miniracer_handle handle, Collection* collection) {
  v8::Local<v8::Object> object;
  miniracer_status status = ResolveObject(scope, handle, "collection", &object);
  if (status != MINIRACER_OK) return status;
  if (object->IsMap()) {
    collection->map = object.As<v8::Map>();
  } else if (object->IsSet()) {
    collection->set = object.As<v8::Set>();
  } else {
    return scope.Fail(MINIRACER_WRONG_TYPE, "collection: the object is neither a Map nor a Set");
  }
  return MINIRACER_OK;
}

miniracer_status Find(Scope& scope, miniracer_handle handle, const miniracer_value& key, Collection* collection,
                      v8::Local<v8::Value>* js_key) {
  miniracer_status status = Find(scope, handle, collection);
  return status == MINIRACER_OK ? ToJs(scope, key, "key", js_key) : status;
}

miniracer_status Answer(Scope& scope, v8::Maybe<bool> maybe, int32_t* present) {
  bool answer;
  if (!maybe.To(&answer)) return scope.Thrown();
  *present = answer;
  return MINIRACER_OK;
}

}  // namespace

miniracer_status NewMap(Scope& scope, miniracer_value* result) { return ToHost(scope, v8::Map::New(scope.v8), result); }

miniracer_status NewSet(Scope& scope, miniracer_value* result) { return ToHost(scope, v8::Set::New(scope.v8), result); }

miniracer_status CollectionSize(Scope& scope, miniracer_handle handle, uint32_t* size) {
  Collection found;
  if (miniracer_status status = Find(scope, handle, &found); status != MINIRACER_OK) return status;
  *size = static_cast<uint32_t>(found.IsMap() ? found.map->Size() : found.set->Size());
  return MINIRACER_OK;
}

miniracer_status CollectionGet(Scope& scope, miniracer_handle handle, const miniracer_value& key,
                               miniracer_value* result) {
  Collection found;
  v8::Local<v8::Value> js_key, value;
  miniracer_status status = Find(scope, handle, key, &found, &js_key);
  if (status != MINIRACER_OK) return status;
  if (!found.IsMap()) return scope.Fail(MINIRACER_WRONG_TYPE, "map: a Set has no values to its keys");
  return found.map->Get(scope.context, js_key).ToLocal(&value) ? ToHost(scope, value, result) : scope.Thrown();
}

miniracer_status CollectionSet(Scope& scope, miniracer_handle handle, const miniracer_value& key,
                               const miniracer_value* value) {
  Collection found;
  v8::Local<v8::Value> js_key, js_value;
  miniracer_status status = Find(scope, handle, key, &found, &js_key);
  if (status != MINIRACER_OK) return status;
  if (found.IsMap() != (value != nullptr)) {
    return scope.Fail(MINIRACER_INVALID_ARGUMENT, found.IsMap() ? "value: NULL" : "value: a Set has keys alone");
  }
  if (value != nullptr) status = ToJs(scope, *value, "value", &js_value);
  if (status != MINIRACER_OK) return status;
  v8::TryCatch swallow(scope.v8);  // V8 throws a RangeError where a table is full
  bool done = found.IsMap() ? !found.map->Set(scope.context, js_key, js_value).IsEmpty()
                            : !found.set->Add(scope.context, js_key).IsEmpty();
  return done ? MINIRACER_OK : scope.Fail(MINIRACER_TOO_LARGE, "collection: it has as many entries as it can");
}

miniracer_status CollectionHas(Scope& scope, miniracer_handle handle, const miniracer_value& key, int32_t* present) {
  Collection found;
  v8::Local<v8::Value> js_key;
  miniracer_status status = Find(scope, handle, key, &found, &js_key);
  if (status != MINIRACER_OK) return status;
  auto answer = found.IsMap() ? found.map->Has(scope.context, js_key) : found.set->Has(scope.context, js_key);
  return Answer(scope, answer, present);
}

miniracer_status CollectionDelete(Scope& scope, miniracer_handle handle, const miniracer_value& key, int32_t* present) {
  Collection found;
  v8::Local<v8::Value> js_key;
  miniracer_status status = Find(scope, handle, key, &found, &js_key);
  if (status != MINIRACER_OK) return status;
  auto answer = found.IsMap() ? found.map->Delete(scope.context, js_key) : found.set->Delete(scope.context, js_key);
  return Answer(scope, answer, present);
}

miniracer_status CollectionClear(Scope& scope, miniracer_handle handle) {
  Collection found;
  if (miniracer_status status = Find(scope, handle, &found); status != MINIRACER_OK) return status;
  found.IsMap() ? found.map->Clear() : found.set->Clear();
  return MINIRACER_OK;
}

miniracer_status CollectionEntries(Scope& scope, miniracer_handle handle, miniracer_value** entries, uint32_t* count) {
  Collection found;
  if (miniracer_status status = Find(scope, handle, &found); status != MINIRACER_OK) return status;
  return ListToHost(scope, found.IsMap() ? found.map->AsArray() : found.set->AsArray(), entries, count);
}

}  // namespace miniracer
