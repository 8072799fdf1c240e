#include "values.h"

#include <stdlib.h>

#include <memory>
#include <new>

#include "host_objects.h"
#include "text.h"

namespace miniracer {

namespace {

miniracer_status HandleToHost(Scope& scope, v8::Local<v8::Value> value, miniracer_value* result) {
  result->as.handle = scope.isolate.NewHandle(value);
  if (result->as.handle == 0) {
    return scope.Fail(MINIRACER_TOO_MANY_HANDLES, "the isolate has as many live handles as it can: release some");
  }
  result->flags = MINIRACER_VALUE_OWNED;
  if (value->IsSymbol()) {
    result->tag = MINIRACER_SYMBOL;
    return MINIRACER_OK;
  }
  result->tag = MINIRACER_OBJECT;
  auto object = value.As<v8::Object>();
  result->subtype = SubtypeOf(object);
  if (result->subtype == MINIRACER_OBJECT_ARRAY) result->length = object.As<v8::Array>()->Length();
  if (object->IsCallable()) result->flags |= MINIRACER_VALUE_CALLABLE;
  if (value->IsAsyncFunction()) result->flags |= MINIRACER_VALUE_ASYNC;
  return MINIRACER_OK;
}

void BigIntToHost(v8::Local<v8::BigInt> bigint, miniracer_value* result) {
  result->tag = MINIRACER_BIGINT;
  bool lossless = false;
  int64_t small = bigint->Int64Value(&lossless);
  if (lossless) {
    result->as.int64 = small;
    return;
  }
  int count = bigint->WordCount(), sign = 0;
  auto* words = static_cast<uint64_t*>(malloc(static_cast<size_t>(count) * sizeof(uint64_t)));
  if (words == nullptr) throw std::bad_alloc();
  bigint->ToWordsArray(&sign, &count, words);
  result->subtype = MINIRACER_BIGINT_WORDS;
  result->flags = MINIRACER_VALUE_OWNED;
  if (sign != 0) result->flags |= MINIRACER_VALUE_NEGATIVE;
  result->length = static_cast<uint32_t>(count);
  result->as.words = words;
}

miniracer_status BigIntToJs(Scope& scope, const miniracer_value& value, const char* what,
                            v8::Local<v8::Value>* result) {
  if (value.subtype == MINIRACER_BIGINT_INT64) {
    *result = v8::BigInt::New(scope.v8, value.as.int64);
    return MINIRACER_OK;
  }
  if (value.subtype != MINIRACER_BIGINT_WORDS || (value.length != 0 && value.as.words == nullptr)) {
    return scope.Fail(MINIRACER_INVALID_ARGUMENT, std::string(what) + ": not a BigInt's form");
  }
  constexpr uint32_t kMaxWords = (1u << 30) / 64;  // V8: BigInt::kMaxLengthBits
  v8::Local<v8::BigInt> made;
  int sign = (value.flags & MINIRACER_VALUE_NEGATIVE) != 0;
  // V8 throws a RangeError for what is too long, which is the host's doing here and not the guest's.
  v8::TryCatch swallow(scope.v8);
  if (value.length >= kMaxWords ||
      !v8::BigInt::NewFromWords(scope.Context(), sign, static_cast<int>(value.length), value.as.words).ToLocal(&made)) {
    return scope.Fail(MINIRACER_TOO_LARGE, std::string(what) + ": a BigInt of " + std::to_string(value.length) +
                                               " words is more than the engine can hold");
  }
  *result = made;
  return MINIRACER_OK;
}

// What V8's interface does not ask for. An object that is not an ordinary one has the name of the constructor of V8's that
// it was made by, in subclasses too, and no guest can change that.
uint8_t SubtypeByName(v8::Local<v8::Object> object) {
  static constexpr struct {
    std::string_view name;
    uint8_t subtype;
  } kNames[] = {{"WeakRef", MINIRACER_OBJECT_WEAK_REF},
                {"Table", MINIRACER_OBJECT_WASM},
                {"Global", MINIRACER_OBJECT_WASM},
                {"Instance", MINIRACER_OBJECT_WASM},
                {"Tag", MINIRACER_OBJECT_WASM},
                {"Array Iterator", MINIRACER_OBJECT_ITERATOR},
                {"StringIterator", MINIRACER_OBJECT_ITERATOR},
                {"String Iterator", MINIRACER_OBJECT_ITERATOR},
                {"RegExpStringIterator", MINIRACER_OBJECT_ITERATOR},
                {"RegExp String Iterator", MINIRACER_OBJECT_ITERATOR},
                {"Segment Iterator", MINIRACER_OBJECT_ITERATOR}};
  char made_by[32];
  v8::Local<v8::String> name = object->GetConstructorName();
  int length = name->Length();
  if (length > static_cast<int>(sizeof made_by) || !name->IsOneByte()) return MINIRACER_OBJECT_PLAIN;
  WriteOneByte(v8::Isolate::GetCurrent(), name, reinterpret_cast<uint8_t*>(made_by), length);
  std::string_view known(made_by, static_cast<size_t>(length));
  for (const auto& one : kNames) {
    if (one.name == known) return one.subtype;
  }
  return MINIRACER_OBJECT_PLAIN;
}

}  // namespace

uint8_t SubtypeOf(v8::Local<v8::Object> object) {
  if (IsOrdinary(object)) return MINIRACER_OBJECT_PLAIN;
  if (object->IsArray()) return MINIRACER_OBJECT_ARRAY;
  if (object->IsProxy()) return MINIRACER_OBJECT_PROXY;    // before the question whether it is callable
  if (IsHostObject(object)) return MINIRACER_OBJECT_HOST;  // likewise
  if (object->IsFunction()) return MINIRACER_OBJECT_FUNCTION;
  if (object->IsNativeError()) return MINIRACER_OBJECT_ERROR;
  if (object->IsDate()) return MINIRACER_OBJECT_DATE;
  if (object->IsRegExp()) return MINIRACER_OBJECT_REGEXP;
  if (object->IsPromise()) return MINIRACER_OBJECT_PROMISE;
  if (object->IsMap()) return MINIRACER_OBJECT_MAP;
  if (object->IsSet()) return MINIRACER_OBJECT_SET;
  if (object->IsWeakMap()) return MINIRACER_OBJECT_WEAK_MAP;
  if (object->IsWeakSet()) return MINIRACER_OBJECT_WEAK_SET;
  if (object->IsArrayBuffer()) return MINIRACER_OBJECT_ARRAY_BUFFER;
  if (object->IsSharedArrayBuffer()) return MINIRACER_OBJECT_SHARED_ARRAY_BUFFER;
  if (object->IsTypedArray()) return MINIRACER_OBJECT_TYPED_ARRAY;
  if (object->IsDataView()) return MINIRACER_OBJECT_DATA_VIEW;
  if (object->IsGeneratorObject()) return MINIRACER_OBJECT_GENERATOR;
  if (object->IsArgumentsObject()) return MINIRACER_OBJECT_ARGUMENTS;
  if (object->IsModuleNamespaceObject()) return MINIRACER_OBJECT_MODULE_NAMESPACE;
  if (object->IsWasmModuleObject() || object->IsWasmMemoryObject()) return MINIRACER_OBJECT_WASM;
  if (object->IsMapIterator() || object->IsSetIterator()) return MINIRACER_OBJECT_ITERATOR;
  bool boxed = object->IsNumberObject() || object->IsStringObject() || object->IsBooleanObject() ||
               object->IsBigIntObject() || object->IsSymbolObject();
  if (boxed) return MINIRACER_OBJECT_BOXED;
  return SubtypeByName(object);
}

miniracer_status ToJs(Scope& scope, const miniracer_value& value, const char* what, v8::Local<v8::Value>* result) {
  switch (value.tag) {
    case MINIRACER_UNDEFINED:
      *result = v8::Undefined(scope.v8);
      return MINIRACER_OK;
    case MINIRACER_NULL:
      *result = v8::Null(scope.v8);
      return MINIRACER_OK;
    case MINIRACER_BOOLEAN:
      *result = v8::Boolean::New(scope.v8, value.as.int32 != 0);
      return MINIRACER_OK;
    case MINIRACER_INT32:
      *result = v8::Integer::New(scope.v8, value.as.int32);
      return MINIRACER_OK;
    case MINIRACER_DOUBLE:
      *result = v8::Number::New(scope.v8, value.as.number);
      return MINIRACER_OK;
    case MINIRACER_STRING: {
      v8::Local<v8::String> string;
      miniracer_status status = TextToJs(scope, value, what, v8::NewStringType::kNormal, &string);
      *result = string;
      return status;
    }
    case MINIRACER_BIGINT:
      return BigIntToJs(scope, value, what, result);
    case MINIRACER_SYMBOL:
    case MINIRACER_OBJECT:
      return Resolve(scope, value.as.handle, what, result);
    default:
      return scope.Fail(MINIRACER_INVALID_ARGUMENT, std::string(what) + ": unknown tag " + std::to_string(value.tag));
  }
}

miniracer_status JsArguments::Convert(Scope& scope, const miniracer_value* values, uint32_t count) {
  constexpr uint32_t kMost = 65534;  // what a call can take in V8 (Code::kMaxArguments)
  if (count == 0) return MINIRACER_OK;
  if (values == nullptr) return scope.Fail(MINIRACER_INVALID_ARGUMENT, "arguments: NULL with a count of more than 0");
  if (count > kMost) {
    return scope.Fail(MINIRACER_TOO_LARGE, "arguments: " + std::to_string(count) + ", a call can have 65534");
  }
  if (count > kFew) more_ = std::make_unique<v8::Local<v8::Value>[]>(count);
  count_ = static_cast<int>(count);
  for (uint32_t i = 0; i < count; ++i) {
    auto* local = new (&data()[i]) v8::Local<v8::Value>(ScalarToJs(scope.v8, values[i]));
    if (!local->IsEmpty()) continue;
    miniracer_status status = ToJs(scope, values[i], "]", local);
    if (status != MINIRACER_OK) return scope.Fail(status, "arguments[" + std::to_string(i) + scope.problem);
  }
  return MINIRACER_OK;
}

miniracer_status ToHost(Scope& scope, v8::Local<v8::Value> value, miniracer_value* result) {
  *result = {};
  if (value->IsInt32()) {
    result->tag = MINIRACER_INT32;
    result->as.int32 = value.As<v8::Int32>()->Value();
  } else if (value->IsString()) {
    *result = TextToHost(scope.v8, value.As<v8::String>());
  } else if (value->IsUndefined()) {
    result->tag = MINIRACER_UNDEFINED;
  } else if (value->IsObject()) {
    return HandleToHost(scope, value, result);
  } else if (value->IsBoolean()) {
    result->tag = MINIRACER_BOOLEAN;
    result->as.int32 = value->IsTrue();
  } else if (value->IsNumber()) {
    result->tag = MINIRACER_DOUBLE;
    result->as.number = value.As<v8::Number>()->Value();
  } else if (value->IsNull()) {
    result->tag = MINIRACER_NULL;
  } else if (value->IsBigInt()) {
    BigIntToHost(value.As<v8::BigInt>(), result);
  } else if (value->IsSymbol()) {
    return HandleToHost(scope, value, result);
  } else {
    return scope.Fail(MINIRACER_INTERNAL, "a value of a kind that ECMAScript does not have");
  }
  return MINIRACER_OK;
}

miniracer_status ListToHost(Scope& scope, v8::Local<v8::Array> array, miniracer_value** list, uint32_t* count) {
  uint32_t length = array->Length();
  miniracer_value* values = nullptr;
  if (length != 0) {
    values = static_cast<miniracer_value*>(calloc(length, sizeof(miniracer_value)));
    if (values == nullptr) throw std::bad_alloc();
  }
  for (uint32_t i = 0; i < length; ++i) {
    v8::HandleScope handles(scope.v8);
    v8::Local<v8::Value> value;
    miniracer_status status =
        array->Get(scope.context, i).ToLocal(&value) ? ToHost(scope, value, &values[i]) : scope.Thrown();
    if (status != MINIRACER_OK) {
      Release(values, i);
      free(values);
      return status;
    }
  }
  *list = values;
  *count = length;
  return MINIRACER_OK;
}

miniracer_status Resolve(Scope& scope, miniracer_handle handle, const char* what, v8::Local<v8::Value>* result) {
  if (scope.isolate.FindHandle(handle, result)) return MINIRACER_OK;
  return scope.Fail(MINIRACER_INVALID_HANDLE,
                    std::string(what) + ": not a live handle of this isolate (released, foreign or never issued)");
}

miniracer_status ResolveObject(Scope& scope, miniracer_handle handle, const char* what, v8::Local<v8::Object>* result) {
  v8::Local<v8::Value> value;
  if (miniracer_status status = Resolve(scope, handle, what, &value); status != MINIRACER_OK) return status;
  if (!value->IsObject()) {
    return scope.Fail(MINIRACER_WRONG_TYPE, std::string(what) + ": an object is needed, this is a symbol");
  }
  *result = value.As<v8::Object>();
  return MINIRACER_OK;
}

void Release(miniracer_value* values, uint64_t count) {
  if (values == nullptr) return;
  for (uint64_t i = 0; i < count; ++i) {
    miniracer_value& value = values[i];
    if ((value.flags & MINIRACER_VALUE_OWNED) != 0) {
      if (value.tag == MINIRACER_OBJECT || value.tag == MINIRACER_SYMBOL) {
        Isolates::Drop(value.as.handle);
      } else if (value.tag == MINIRACER_STRING || value.tag == MINIRACER_BIGINT) {
        free(const_cast<void*>(value.as.data));
      }
    }
    value = {};
  }
}

}  // namespace miniracer
