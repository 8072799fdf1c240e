#include "objects.h"

#include <vector>

#include "text.h"
#include "values.h"

namespace miniracer {
namespace {

// An array index (ECMA-262 6.1.7), the keys for which V8 has a way without a string.
bool IsIndex(v8::Local<v8::Value> key, uint32_t* index) {
  if (!key->IsUint32()) return false;
  *index = key.As<v8::Uint32>()->Value();
  return *index != UINT32_MAX;
}

miniracer_status ObjectAndKey(Scope& scope, miniracer_handle handle, const miniracer_value& key,
                              v8::Local<v8::Object>* object, v8::Local<v8::Value>* js_key) {
  miniracer_status status = ResolveObject(scope, handle, "object", object);
  return status == MINIRACER_OK ? KeyToJs(scope, key, js_key) : status;
}

// object[key] = value in strict code.
bool StrictSet(Scope& scope, v8::Local<v8::Object> object, v8::Local<v8::Value> key, v8::Local<v8::Value> value) {
  v8::Local<v8::Function> set = scope.entry->strict_set.Get(scope.v8);
  if (set.IsEmpty()) {
    v8::Local<v8::Value> made;
    if (!RunOwnScript(scope.isolate, "strict_set").ToLocal(&made)) return false;
    set = made.As<v8::Function>();
    scope.entry->strict_set.Reset(scope.v8, set);
  }
  v8::Local<v8::Value> arguments[] = {object, key, value};
  return !set->Call(scope.context, v8::Undefined(scope.v8), 3, arguments).IsEmpty();
}

}  // namespace

miniracer_status KeyToJs(Scope& scope, const miniracer_value& key, v8::Local<v8::Value>* result) {
  switch (key.tag) {
    case MINIRACER_STRING: {
      v8::Local<v8::String> string;
      miniracer_status status = TextToJs(scope, key, "key", v8::NewStringType::kInternalized, &string);
      *result = string;
      return status;
    }
    case MINIRACER_INT32:
    case MINIRACER_DOUBLE:
    case MINIRACER_SYMBOL: {
      miniracer_status status = ToJs(scope, key, "key", result);
      bool wrong = status == MINIRACER_OK && key.tag == MINIRACER_SYMBOL && !(*result)->IsSymbol();
      return wrong ? scope.Fail(MINIRACER_WRONG_TYPE, "key: tagged as a symbol, but its handle is an object's")
                   : status;
    }
    default:
      return scope.Fail(MINIRACER_INVALID_ARGUMENT, "key: a string, a symbol or a number is needed");
  }
}

miniracer_status NewObject(Scope& scope, miniracer_value* result) {
  return ToHost(scope, v8::Object::New(scope.v8), result);
}

miniracer_status NewArray(Scope& scope, const miniracer_value* elements, uint32_t count, miniracer_value* result) {
  if (elements == nullptr && count != 0) return scope.Fail(MINIRACER_INVALID_ARGUMENT, "elements: NULL");
  constexpr uint32_t kMost = (1u << 27) - 1;  // V8 ends the process for more (FixedArray::kMaxLength)
  if (count > kMost) {
    return scope.Fail(MINIRACER_TOO_LARGE, "elements: " + std::to_string(count) + ", an array can have " +
                                               std::to_string(kMost) + " that are given at once");
  }
  std::vector<v8::Local<v8::Value>> values(count);
  for (uint32_t i = 0; i < count; ++i) {
    miniracer_status status = ToJs(scope, elements[i], "]", &values[i]);
    if (status != MINIRACER_OK) return scope.Fail(status, "elements[" + std::to_string(i) + scope.problem);
  }
  return ToHost(scope, v8::Array::New(scope.v8, values.data(), values.size()), result);
}

miniracer_status NewDate(Scope& scope, double time, miniracer_value* result) {
  v8::Local<v8::Value> date;
  if (!v8::Date::New(scope.context, time).ToLocal(&date)) return MINIRACER_INTERNAL;
  return ToHost(scope, date, result);
}

miniracer_status DateTime(Scope& scope, miniracer_handle date, double* time) {
  v8::Local<v8::Value> value;
  if (miniracer_status status = Resolve(scope, date, "date", &value); status != MINIRACER_OK) return status;
  if (!value->IsDate()) return scope.Fail(MINIRACER_WRONG_TYPE, "date: the object is no Date");
  *time = value.As<v8::Date>()->ValueOf();
  return MINIRACER_OK;
}

miniracer_status ObjectHash(Scope& scope, miniracer_handle handle, int32_t* hash) {
  v8::Local<v8::Value> value;
  if (miniracer_status status = Resolve(scope, handle, "object", &value); status != MINIRACER_OK) return status;
  *hash = value->IsObject() ? value.As<v8::Object>()->GetIdentityHash() : value.As<v8::Name>()->GetIdentityHash();
  return MINIRACER_OK;
}

miniracer_status ClassName(Scope& scope, miniracer_handle handle, miniracer_value* name) {
  v8::Local<v8::Object> object;
  if (miniracer_status status = ResolveObject(scope, handle, "object", &object); status != MINIRACER_OK) return status;
  // V8 would ask a Proxy's handler.
  if (object->IsProxy()) return ToHost(scope, Ascii(scope.v8, object->IsCallable() ? "Function" : "Object"), name);
  return ToHost(scope, object->GetConstructorName(), name);
}

miniracer_status StrictEquals(Scope& scope, const miniracer_value& a, const miniracer_value& b, int32_t* equal) {
  v8::Local<v8::Value> left, right;
  if (miniracer_status status = ToJs(scope, a, "a", &left); status != MINIRACER_OK) return status;
  if (miniracer_status status = ToJs(scope, b, "b", &right); status != MINIRACER_OK) return status;
  *equal = left->StrictEquals(right);
  return MINIRACER_OK;
}

miniracer_status ToText(Scope& scope, const miniracer_value& value, miniracer_value* result) {
  v8::Local<v8::Value> converted;
  if (miniracer_status status = ToJs(scope, value, "value", &converted); status != MINIRACER_OK) return status;
  v8::Local<v8::String> text;
  if (converted->IsSymbol()) {
    v8::Local<v8::Value> description = converted.As<v8::Symbol>()->Description(scope.v8);
    text = Ascii(scope.v8, "Symbol(");
    if (description->IsString()) text = v8::String::Concat(scope.v8, text, description.As<v8::String>());
    if (!text.IsEmpty()) text = v8::String::Concat(scope.v8, text, Ascii(scope.v8, ")"));
    // V8 has nothing to give where the sum is longer than a string can be.
    if (text.IsEmpty()) return scope.Fail(MINIRACER_TOO_LARGE, "value: the symbol's description is too long");
  } else if (!converted->ToString(scope.context).ToLocal(&text)) {
    return scope.Thrown();
  }
  return ToHost(scope, text, result);
}

miniracer_status GetProperty(Scope& scope, miniracer_handle handle, const miniracer_value& key,
                             miniracer_value* result) {
  v8::Local<v8::Object> object;
  v8::Local<v8::Value> name, value;
  miniracer_status status = ObjectAndKey(scope, handle, key, &object, &name);
  if (status != MINIRACER_OK) return status;
  uint32_t index;
  v8::TryCatch caught(scope.v8);
  bool done = IsIndex(name, &index) ? object->Get(scope.context, index).ToLocal(&value)
                                    : object->Get(scope.context, name).ToLocal(&value);
  // V8 gives undefined as well as an exception for what a module has not initialized yet.
  if (done && !caught.HasCaught()) return ToHost(scope, value, result);
  scope.terminated = caught.HasTerminated();
  if (!scope.terminated) caught.ReThrow();
  return scope.Thrown();
}

miniracer_status SetProperty(Scope& scope, miniracer_handle handle, const miniracer_value& key,
                             const miniracer_value& value) {
  v8::Local<v8::Object> object;
  v8::Local<v8::Value> name, converted;
  miniracer_status status = ObjectAndKey(scope, handle, key, &object, &name);
  if (status == MINIRACER_OK) status = ToJs(scope, value, "value", &converted);
  if (status != MINIRACER_OK) return status;
  return StrictSet(scope, object, name, converted) ? MINIRACER_OK : scope.Thrown();
}

miniracer_status HasProperty(Scope& scope, miniracer_handle handle, const miniracer_value& key, int32_t* present) {
  v8::Local<v8::Object> object;
  v8::Local<v8::Value> name;
  miniracer_status status = ObjectAndKey(scope, handle, key, &object, &name);
  if (status != MINIRACER_OK) return status;
  bool found;
  if (!object->Has(scope.context, name).To(&found)) return scope.Thrown();
  *present = found;
  return MINIRACER_OK;
}

miniracer_status DeleteProperty(Scope& scope, miniracer_handle handle, const miniracer_value& key, int32_t* deleted) {
  v8::Local<v8::Object> object;
  v8::Local<v8::Value> name;
  miniracer_status status = ObjectAndKey(scope, handle, key, &object, &name);
  if (status != MINIRACER_OK) return status;
  bool gone;
  if (!object->Delete(scope.context, name).To(&gone)) return scope.Thrown();
  *deleted = gone;
  return MINIRACER_OK;
}

miniracer_status Keys(Scope& scope, miniracer_handle handle, uint32_t flags, miniracer_value** keys, uint32_t* count) {
  constexpr uint32_t kKnown = MINIRACER_KEYS_HIDDEN | MINIRACER_KEYS_SYMBOLS | MINIRACER_KEYS_INHERITED;
  if ((flags & ~kKnown) != 0) return scope.Fail(MINIRACER_UNKNOWN_FLAG, "flags: unknown bits");
  v8::Local<v8::Object> object;
  if (miniracer_status status = ResolveObject(scope, handle, "object", &object); status != MINIRACER_OK) return status;
  int filter = v8::ALL_PROPERTIES;
  if ((flags & MINIRACER_KEYS_HIDDEN) == 0) filter |= v8::ONLY_ENUMERABLE;
  if ((flags & MINIRACER_KEYS_SYMBOLS) == 0) filter |= v8::SKIP_SYMBOLS;
  auto mode = (flags & MINIRACER_KEYS_INHERITED) != 0 ? v8::KeyCollectionMode::kIncludePrototypes
                                                      : v8::KeyCollectionMode::kOwnOnly;
  v8::Local<v8::Array> names;
  if (!object
           ->GetPropertyNames(scope.context, mode, static_cast<v8::PropertyFilter>(filter),
                              v8::IndexFilter::kIncludeIndices, v8::KeyConversionMode::kKeepNumbers)
           .ToLocal(&names)) {
    return scope.Thrown();
  }
  return ListToHost(scope, names, keys, count);
}

}  // namespace miniracer
