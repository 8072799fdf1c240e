// Single values across the border.
#pragma once

#include <memory>

#include "miniracer.h"
#include "scope.h"

namespace miniracer {

// `what` names the parameter in what the host is told. Runs no guest code.
miniracer_status ToJs(Scope& scope, const miniracer_value& value, const char* what, v8::Local<v8::Value>* result);

// The values that need neither memory nor a look-up, which most arguments are. Empty for the others.
inline v8::Local<v8::Value> ScalarToJs(v8::Isolate* v8, const miniracer_value& value) {
  if (value.tag == MINIRACER_INT32) return v8::Integer::New(v8, value.as.int32);
  if (value.tag == MINIRACER_DOUBLE) return v8::Number::New(v8, value.as.number);
  return {};
}

// A list of values, in V8's terms. Short ones stay off the heap.
class JsArguments {
 public:
  miniracer_status Convert(Scope& scope, const miniracer_value* values, uint32_t count);
  int count() const { return count_; }
  v8::Local<v8::Value>* data() {
    return more_ == nullptr ? reinterpret_cast<v8::Local<v8::Value>*>(few_) : more_.get();
  }

 private:
  static constexpr uint32_t kFew = 8;
  alignas(v8::Local<v8::Value>) unsigned char few_[kFew * sizeof(v8::Local<v8::Value>)];  // filled as they come
  std::unique_ptr<v8::Local<v8::Value>[]> more_;
  int count_ = 0;
};

// Runs no guest code. TOO_MANY_HANDLES; throws std::bad_alloc.
miniracer_status ToHost(Scope& scope, v8::Local<v8::Value> value, miniracer_value* result);

// What kind of object it is: MINIRACER_OBJECT_*.
uint8_t SubtypeOf(v8::Local<v8::Object> object);
// The elements of a fresh array of the engine's own, behind which no guest code can be; for miniracer_values_free.
miniracer_status ListToHost(Scope& scope, v8::Local<v8::Array> array, miniracer_value** list, uint32_t* count);

// The object or symbol behind a handle: INVALID_HANDLE.
miniracer_status Resolve(Scope& scope, miniracer_handle handle, const char* what, v8::Local<v8::Value>* result);
// An object: WRONG_TYPE for a symbol.
miniracer_status ResolveObject(Scope& scope, miniracer_handle handle, const char* what, v8::Local<v8::Object>* result);

void Release(miniracer_value* values, uint64_t count);

}  // namespace miniracer
