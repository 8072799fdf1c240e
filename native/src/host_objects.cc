#include "host_objects.h"

#include <memory>
#include <new>
#include <string>
#include <type_traits>
#include <vector>

#include "host_calls.h"
#include "text.h"
#include "values.h"

namespace miniracer {
namespace {

constexpr uint32_t kMostKeys = (1u << 27) - 1;  // V8 ends the process for more (FixedArray::kMaxLength)
constexpr uint32_t kMostIndices = 10'000'000;   // of a list: all of them together take ten times as many bytes

// Internal fields. Nothing else in an isolate has as many, and no guest can make such an object.
enum { kTag, kPointer, kUnused, kFields };
alignas(8) constexpr char kHostObject[8] = {};

struct HostObject final : HostCallee {
  bool made = false;  // until then its own properties are defined, and the host is not asked
  bool Is(uint32_t flag) const { return (flags & flag) != 0; }
  // Names that came with the index keys: V8 asks for those first, and for these right after if there are none. Any other
  // question makes them outdated, and so does the host's turn in between.
  v8::Global<v8::Array> names;
  uint64_t names_turn = 0;  // when they came; see Isolate::host_turns
  v8::Global<v8::String> class_name;
};

HostObject* Find(v8::Local<v8::Object> object) {
  return static_cast<HostObject*>(object->GetAlignedPointerFromInternalField(kPointer));
}

// V8's keys as values.
v8::Local<v8::Value> KeyOf(v8::Isolate*, v8::Local<v8::Name> name) { return name; }
v8::Local<v8::Value> KeyOf(v8::Isolate* v8, uint32_t index) { return v8::Integer::NewFromUnsigned(v8, index); }

// One question to the host. `answer` stays empty where the host says that it is not its own. False where JavaScript has
// been told why there is no answer.
bool Ask(v8::Isolate* v8, HostObject& object, uint32_t operation, v8::Local<v8::Value> key, v8::Local<v8::Value> value,
         v8::Local<v8::Value>* answer) {
  object.names.Reset();
  try {
    Scope scope{*object.isolate, v8, {}, object.context, nullptr, {}};
    HostCall call(scope, object);
    call.operation = operation;
    CallValues values(2);
    if (!key.IsEmpty() && !values.Add(scope, key)) return false;
    if (!value.IsEmpty() && !values.Add(scope, value)) return false;
    values.Give(&call);
    if (!call.Run()) return false;
    if ((call.flags & MINIRACER_CALL_NOT_MINE) != 0) return true;
    return call.TakeResult(answer);
  } catch (const std::bad_alloc&) {
    Throw(v8, "the process is out of memory");
    return false;
  }
}

// ---- Properties ----
//
// Interceptors: true says that the question was dealt with, be it by an exception.

bool IsLength(v8::Isolate* v8, v8::Local<v8::Name> key) {
  return key->IsString() && key.As<v8::String>()->Length() == 6 && key->StrictEquals(Ascii(v8, "length"));
}

bool IsListLength(v8::Isolate*, const HostObject&, uint32_t) { return false; }
bool IsListLength(v8::Isolate* v8, const HostObject& object, v8::Local<v8::Name> key) {
  return object.Is(MINIRACER_HOST_OBJECT_LIST) && IsLength(v8, key);
}

// Whether the host is asked for such a property at all.
bool IsAsked(v8::Isolate*, const HostObject& object, uint32_t) { return object.made; }
bool IsAsked(v8::Isolate* v8, const HostObject& object, v8::Local<v8::Name> key) {
  return object.made && (!object.Is(MINIRACER_HOST_OBJECT_LIST) || IsLength(v8, key));
}

// V8 does not tell its setters reliably whether the code is strict, so a refusal is an exception in all code.
void Refuse(v8::Isolate* v8) { ThrowTypeError(v8, "the host does not let this property be changed"); }

template <class Key>
void Assign(v8::Isolate* v8, HostObject& object, Key key, v8::Local<v8::Value> value) {
  v8::Local<v8::Value> answer;
  if (!Ask(v8, object, MINIRACER_ACCESS_SET, KeyOf(v8, key), value, &answer)) return;
  if (answer.IsEmpty()) Refuse(v8);
}

// Up to V8 12 an interceptor that changes something says by any result that it did.
template <class Result>
void SayDone(const v8::PropertyCallbackInfo<Result>& info) {
  if constexpr (!std::is_void_v<Result>) info.GetReturnValue().Set(v8::True(info.GetIsolate()));
}

template <class Key>
bool Get(Key key, const v8::PropertyCallbackInfo<v8::Value>& info) {
  HostObject& object = *Find(info.Holder());
  v8::Isolate* v8 = info.GetIsolate();
  if (!IsAsked(v8, object, key)) return false;
  v8::Local<v8::Value> answer;
  if (!Ask(v8, object, MINIRACER_ACCESS_GET, KeyOf(v8, key), {}, &answer)) return true;
  if (answer.IsEmpty()) return false;
  info.GetReturnValue().Set(answer);
  return true;
}

template <class Key, class Info>
bool Set(Key key, v8::Local<v8::Value> value, const Info& info) {
  HostObject& object = *Find(info.Holder());
  v8::Isolate* v8 = info.GetIsolate();
  if (!object.made) return false;
  if (object.Is(MINIRACER_HOST_OBJECT_READ_ONLY)) {
    Refuse(v8);
  } else if (IsAsked(v8, object, key)) {
    Assign(v8, object, key, value);
  } else {
    return false;
  }
  SayDone(info);
  return true;
}

template <class Key>
bool Query(Key key, const v8::PropertyCallbackInfo<v8::Integer>& info) {
  HostObject& object = *Find(info.Holder());
  v8::Isolate* v8 = info.GetIsolate();
  if (!IsAsked(v8, object, key)) return false;
  int attributes = object.Is(MINIRACER_HOST_OBJECT_READ_ONLY) ? v8::ReadOnly : v8::None;
  if (IsListLength(v8, object, key)) {
    attributes |= v8::DontEnum;
  } else {
    v8::Local<v8::Value> answer;
    if (!Ask(v8, object, MINIRACER_ACCESS_HAS, KeyOf(v8, key), {}, &answer)) return true;
    if (answer.IsEmpty() || !answer->BooleanValue(v8)) return false;
  }
  info.GetReturnValue().Set(attributes);
  return true;
}

template <class Key>
bool Delete(Key key, const v8::PropertyCallbackInfo<v8::Boolean>& info) {
  HostObject& object = *Find(info.Holder());
  v8::Isolate* v8 = info.GetIsolate();
  if (!IsAsked(v8, object, key)) return false;
  bool deleted = false;
  if (!object.Is(MINIRACER_HOST_OBJECT_READ_ONLY) && !IsListLength(v8, object, key)) {
    v8::Local<v8::Value> answer;
    if (!Ask(v8, object, MINIRACER_ACCESS_DELETE, KeyOf(v8, key), {}, &answer)) return true;
    deleted = !answer.IsEmpty() && !answer->IsFalse();
  }
  if (!deleted && info.ShouldThrowOnError()) {
    Refuse(v8);
  } else {
    info.GetReturnValue().Set(deleted);
  }
  return true;
}

// Object.defineProperty. A plain data property is the same as an assignment; nothing else can be said to the host.
template <class Key, class Info>
bool Define(Key key, const v8::PropertyDescriptor& descriptor, const Info& info) {
  HostObject& object = *Find(info.Holder());
  v8::Isolate* v8 = info.GetIsolate();
  if (!IsAsked(v8, object, key)) return false;
  bool plain = descriptor.has_value() && !descriptor.has_get() && !descriptor.has_set() &&
               (!descriptor.has_enumerable() || descriptor.enumerable()) &&
               (!descriptor.has_configurable() || descriptor.configurable()) &&
               (!descriptor.has_writable() || descriptor.writable());
  if (plain && !object.Is(MINIRACER_HOST_OBJECT_READ_ONLY)) {
    Assign(v8, object, key, descriptor.value());
  } else {
    Refuse(v8);
  }
  SayDone(info);
  return true;
}

// ---- Keys ----

// What the host's list of keys holds, in two parts.
bool Sort(v8::Isolate* v8, v8::Local<v8::Value> keys, std::vector<v8::Local<v8::Value>>* indices,
          std::vector<v8::Local<v8::Value>>* names) {
  if (keys.IsEmpty()) return true;
  if (!keys->IsArray()) {
    ThrowTypeError(v8, "the host object's keys are no Array");
    return false;
  }
  v8::Local<v8::Context> context = v8->GetCurrentContext();
  auto list = keys.As<v8::Array>();
  if (list->Length() > kMostKeys) {
    v8->ThrowException(v8::Exception::RangeError(Ascii(v8, "the host object has too many keys")));
    return false;
  }
  for (uint32_t i = 0; i < list->Length(); ++i) {
    v8::Local<v8::Value> key;
    if (!list->Get(context, i).ToLocal(&key)) return false;
    if (key->IsSymbol()) continue;
    v8::Local<v8::String> name;
    if (!key->IsUint32() || key.As<v8::Uint32>()->Value() == UINT32_MAX) {
      if (!key->ToString(context).ToLocal(&name)) return false;
      v8::Local<v8::Uint32> index;
      if (!name->ToArrayIndex(context).ToLocal(&index)) {
        names->push_back(name);
        continue;
      }
      key = index;
    }
    indices->push_back(key);
  }
  return true;
}

bool Ask(v8::Isolate* v8, HostObject& object, std::vector<v8::Local<v8::Value>>* indices,
         std::vector<v8::Local<v8::Value>>* names) {
  v8::Local<v8::Value> keys;
  return Ask(v8, object, MINIRACER_ACCESS_KEYS, {}, {}, &keys) && Sort(v8, keys, indices, names);
}

// How long the host says that its list is; too long for an array of all that is in it is an exception.
bool ListLength(v8::Isolate* v8, HostObject& list, uint32_t* result) {
  v8::Local<v8::Value> length;
  if (!Ask(v8, list, MINIRACER_ACCESS_GET, Ascii(v8, "length"), {}, &length)) return false;
  double count = length.IsEmpty() || !length->IsNumber() ? 0 : length.As<v8::Number>()->Value();
  if (count > kMostIndices) {
    v8->ThrowException(v8::Exception::RangeError(Ascii(v8, "the host's list is too long to list its indices")));
    return false;
  }
  *result = count > 0 ? static_cast<uint32_t>(count) : 0;
  return true;
}

// An array of what `element(index, &value)` gives, with no more handles at a time than for one; empty where that is false.
template <class Element>
v8::MaybeLocal<v8::Array> NewArray(v8::Isolate* v8, uint32_t count, Element&& element) {
  v8::Local<v8::Context> context = v8->GetCurrentContext();
  v8::Local<v8::Array> array = v8::Array::New(v8, static_cast<int>(count));
  for (uint32_t i = 0; i < count; ++i) {
    if (i % 4096 == 0 && Isolate::Of(v8).limits.ending() != MINIRACER_OK) return {};
    v8::HandleScope handles(v8);
    v8::Local<v8::Value> value;
    if (!element(i, &value) || array->CreateDataProperty(context, i, value).IsNothing()) return {};
  }
  return array;
}

void EnumerateIndices(const v8::PropertyCallbackInfo<v8::Array>& info) try {
  HostObject& object = *Find(info.Holder());
  v8::Isolate* v8 = info.GetIsolate();
  if (!object.made) return;
  if (object.Is(MINIRACER_HOST_OBJECT_LIST)) {
    uint32_t length;
    v8::Local<v8::Array> all;
    auto index = [&](uint32_t i, v8::Local<v8::Value>* value) {
      *value = v8::Integer::NewFromUnsigned(v8, i);
      return true;
    };
    if (ListLength(v8, object, &length) && NewArray(v8, length, index).ToLocal(&all)) info.GetReturnValue().Set(all);
    return;
  }
  std::vector<v8::Local<v8::Value>> indices, names;
  if (!Ask(v8, object, &indices, &names)) return;
  if (indices.empty()) {
    object.names.Reset(v8, v8::Array::New(v8, names.data(), names.size()));
    object.names_turn = object.isolate->host_turns;
  }
  info.GetReturnValue().Set(v8::Array::New(v8, indices.data(), indices.size()));
} catch (const std::bad_alloc&) {
  Throw(info.GetIsolate(), "the process is out of memory");
}

void EnumerateNames(const v8::PropertyCallbackInfo<v8::Array>& info) try {
  HostObject& object = *Find(info.Holder());
  v8::Isolate* v8 = info.GetIsolate();
  if (!object.made) return;
  std::vector<v8::Local<v8::Value>> indices, names;
  if (!object.names.IsEmpty() && object.names_turn == object.isolate->host_turns) {
    info.GetReturnValue().Set(object.names.Get(v8));
    return object.names.Reset();
  }
  if (object.Is(MINIRACER_HOST_OBJECT_LIST)) {
    names.push_back(Ascii(v8, "length"));
  } else if (!Ask(v8, object, &indices, &names)) {
    return;
  }
  info.GetReturnValue().Set(v8::Array::New(v8, names.data(), names.size()));
} catch (const std::bad_alloc&) {
  Throw(info.GetIsolate(), "the process is out of memory");
}

// ---- Calls ----

void Called(const v8::FunctionCallbackInfo<v8::Value>& info) {
  HostObject& object = *Find(info.This());
  v8::Isolate* v8 = info.GetIsolate();
  object.names.Reset();
  try {
    Scope scope{*object.isolate, v8, {}, object.context, nullptr, {}};
    HostCall call(scope, object);
    bool construct = info.IsConstructCall();
    call.operation = construct ? MINIRACER_ACCESS_CONSTRUCT : MINIRACER_ACCESS_APPLY;
    if (construct) call.flags = MINIRACER_CALL_CONSTRUCT;
    CallValues values(static_cast<uint32_t>(info.Length()));
    if (!values.Give(info, &call) || !call.Run()) return;
    if ((call.flags & MINIRACER_CALL_NOT_MINE) != 0) {
      return ThrowTypeError(v8,
                            construct ? "the host object is not a constructor" : "the host object is not a function");
    }
    v8::Local<v8::Value> value;
    if (!call.TakeResult(&value)) return;
    if (construct && !value->IsObject()) return ThrowTypeError(v8, "the host object constructed no object");
    info.GetReturnValue().Set(value);
  } catch (const std::bad_alloc&) {
    Throw(v8, "the process is out of memory");
  }
}

// What JSON.stringify calls: to it a list is no array.
void ListToJson(const v8::FunctionCallbackInfo<v8::Value>& info) try {
  v8::Isolate* v8 = info.GetIsolate();
  v8::Local<v8::Context> context = v8->GetCurrentContext();
  if (!IsHostObject(info.This())) return info.GetReturnValue().Set(info.This());
  uint32_t length;
  v8::Local<v8::Array> all;
  auto element = [&](uint32_t i, v8::Local<v8::Value>* value) { return info.This()->Get(context, i).ToLocal(value); };
  if (!ListLength(v8, *Find(info.This()), &length)) return;
  if (NewArray(v8, length, element).ToLocal(&all)) info.GetReturnValue().Set(all);
} catch (const std::bad_alloc&) {
  Throw(info.GetIsolate(), "the process is out of memory");
}

// ---- Making ----

#if V8_MAJOR_VERSION >= 13
template <auto kInterceptor, class... Arguments>
v8::Intercepted Intercept(Arguments... arguments) {
  return kInterceptor(arguments...) ? v8::Intercepted::kYes : v8::Intercepted::kNo;
}
using Change = v8::PropertyCallbackInfo<void>;
#else
template <auto kInterceptor, class... Arguments>
void Intercept(Arguments... arguments) {
  kInterceptor(arguments...);
}
using Change = v8::PropertyCallbackInfo<v8::Value>;
#endif

template <class Configuration, class Key>
Configuration Handlers(void (*enumerator)(const v8::PropertyCallbackInfo<v8::Array>&), v8::PropertyHandlerFlags flags) {
  return Configuration(Intercept<Get<Key>>, Intercept<Set<Key, Change>>, Intercept<Query<Key>>, Intercept<Delete<Key>>,
                       enumerator, Intercept<Define<Key, Change>>, nullptr, v8::Local<v8::Value>(), flags);
}

v8::Local<v8::ObjectTemplate> Template(Scope& scope, uint32_t flags) {
  bool callable = (flags & MINIRACER_HOST_OBJECT_CALLABLE) != 0, list = (flags & MINIRACER_HOST_OBJECT_LIST) != 0;
  v8::Global<v8::ObjectTemplate>& kept = scope.isolate.host_object_templates[callable + 2 * list];
  if (!kept.IsEmpty()) return kept.Get(scope.v8);
  auto made = v8::ObjectTemplate::New(scope.v8);
  made->SetInternalFieldCount(kFields);
  auto named = list ? v8::PropertyHandlerFlags::kOnlyInterceptStrings : v8::PropertyHandlerFlags::kNone;
  made->SetHandler(Handlers<v8::NamedPropertyHandlerConfiguration, v8::Local<v8::Name>>(EnumerateNames, named));
  made->SetHandler(
      Handlers<v8::IndexedPropertyHandlerConfiguration, uint32_t>(EnumerateIndices, v8::PropertyHandlerFlags::kNone));
  if (callable) made->SetCallAsFunctionHandler(Called);
  if (list) {  // what looks for arrays and not for lists
    made->Set(v8::Symbol::GetIsConcatSpreadable(scope.v8), v8::True(scope.v8), v8::DontEnum);
    made->Set(Ascii(scope.v8, "toJSON"), v8::FunctionTemplate::New(scope.v8, ListToJson), v8::DontEnum);
  }
  kept.Reset(scope.v8, made);
  return made;
}

void Nothing(const v8::FunctionCallbackInfo<v8::Value>&) {}

// The one that the engine made, not what the guest put into a global variable.
v8::Local<v8::Value> DefaultPrototype(Scope& scope, uint32_t flags) {
  if ((flags & MINIRACER_HOST_OBJECT_CALLABLE) != 0) {
    auto& kept = scope.entry->function_prototype;
    v8::Local<v8::Function> function;
    if (kept.IsEmpty() && v8::Function::New(scope.context, Nothing).ToLocal(&function)) {
      kept.Reset(scope.v8, PrototypeOf(function));
    }
    return kept.Get(scope.v8);
  }
  bool list = (flags & MINIRACER_HOST_OBJECT_LIST) != 0;
  return PrototypeOf(list ? v8::Array::New(scope.v8).As<v8::Object>() : v8::Object::New(scope.v8));
}

miniracer_status Prototype(Scope& scope, const miniracer_host_object_options& options, v8::Local<v8::Value>* result) {
  if (options.prototype.tag == MINIRACER_UNDEFINED) {
    *result = DefaultPrototype(scope, options.flags);
    return result->IsEmpty() ? miniracer_status{MINIRACER_OUT_OF_MEMORY} : miniracer_status{MINIRACER_OK};
  }
  if (miniracer_status status = ToJs(scope, options.prototype, "prototype", result); status != MINIRACER_OK) {
    return status;
  }
  return (*result)->IsObject() || (*result)->IsNull()
             ? MINIRACER_OK
             : scope.Fail(MINIRACER_INVALID_ARGUMENT, "prototype: an object or null is needed");
}

}  // namespace

bool IsHostObject(v8::Local<v8::Object> object) {
  return object->InternalFieldCount() == kFields && object->GetAlignedPointerFromInternalField(kTag) == kHostObject;
}

v8::Local<v8::String> HostClassName(v8::Isolate* v8, v8::Local<v8::Object> object) {
  return Find(object)->class_name.Get(v8);
}

miniracer_status NewHostObject(Scope& scope, const miniracer_host_object_options& options, miniracer_value* result) {
  v8::Local<v8::Value> prototype;
  v8::Local<v8::String> class_name;
  miniracer_status status = Prototype(scope, options, &prototype);
  if (status == MINIRACER_OK && options.class_name.tag != MINIRACER_UNDEFINED) {
    status = TextToJs(scope, options.class_name, "class_name", v8::NewStringType::kInternalized, &class_name);
  }
  if (status != MINIRACER_OK) return status;
  auto owned = std::make_unique<HostObject>();
  owned->callback = options.callback;
  owned->flags = options.flags;
  owned->context = scope.id;
  v8::Local<v8::Object> made;
  if (!Template(scope, options.flags)->NewInstance(scope.context).ToLocal(&made)) {
    return scope.Fail(MINIRACER_OUT_OF_MEMORY, "V8 has no room for the object");
  }
  made->SetAlignedPointerInInternalField(kTag, const_cast<char*>(kHostObject));
  made->SetAlignedPointerInInternalField(kPointer, owned.get());
  bool done = SetPrototypeOf(scope.context, made, prototype).FromMaybe(false);
  if (done && !class_name.IsEmpty()) {
    owned->class_name.Reset(scope.v8, class_name);
    auto tag = v8::Symbol::GetToStringTag(scope.v8);
    done = made->DefineOwnProperty(scope.context, tag, class_name, v8::DontEnum).FromMaybe(false);
  }
  if (!done) return scope.Fail(MINIRACER_INVALID_ARGUMENT, "prototype: the object cannot have this one");
  status = ToHost(scope, made, result);
  if (status != MINIRACER_OK) return status;
  owned->made = true;
  owned->userdata = options.userdata;
  owned->finalize = options.finalize;
  scope.isolate.MakeFindable(owned.get());
  scope.isolate.Own(owned.release(), made);
  return MINIRACER_OK;
}

miniracer_status FindHostObject(Scope& scope, void* userdata, miniracer_value* result) {
  HostOwned* owned = scope.isolate.FindOwned(userdata);
  *result = {};
  return owned == nullptr ? miniracer_status{MINIRACER_OK} : ToHost(scope, owned->object.Get(scope.v8), result);
}

miniracer_status HostUserdata(Scope& scope, miniracer_handle handle, void** userdata) {
  v8::Local<v8::Object> object;
  if (miniracer_status status = ResolveObject(scope, handle, "object", &object); status != MINIRACER_OK) return status;
  if (IsHostObject(object)) {
    *userdata = Find(object)->userdata;
    return MINIRACER_OK;
  }
  v8::Local<v8::Value> link;
  bool function = object->IsFunction() && !object->IsProxy() &&
                  object->GetPrivate(scope.context, scope.isolate.host_function_key.Get(scope.v8)).ToLocal(&link) &&
                  link->IsExternal();
  if (!function) return scope.Fail(MINIRACER_WRONG_TYPE, "object: neither a host object nor a host function");
  *userdata = static_cast<HostCallee*>(link.As<v8::External>()->Value())->userdata;
  return MINIRACER_OK;
}

}  // namespace miniracer
