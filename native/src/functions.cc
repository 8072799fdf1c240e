#include "functions.h"

#include <memory>
#include <new>
#include <string>

#include "errors.h"
#include "host_calls.h"
#include "host_objects.h"
#include "objects.h"
#include "text.h"
#include "values.h"

namespace miniracer {

// ---- JavaScript from the host ----

namespace {

miniracer_status ResolveCallable(Scope& scope, miniracer_handle handle, v8::Local<v8::Object>* function) {
  miniracer_status status = ResolveObject(scope, handle, "function", function);
  if (status != MINIRACER_OK) return status;
  return (*function)->IsCallable() ? MINIRACER_OK
                                   : scope.Fail(MINIRACER_WRONG_TYPE, "function: the object is not callable");
}

}  // namespace

miniracer_status CallFunction(Scope& scope, miniracer_handle handle, const miniracer_value* this_value,
                              HostArguments arguments, miniracer_value* result) {
  v8::Local<v8::Value> function, receiver = v8::Undefined(scope.v8), value;
  bool plain = scope.isolate.FindHandle(handle, &function) && function->IsFunction();
  v8::Local<v8::Object> callable;
  if (!plain) {
    miniracer_status status = ResolveCallable(scope, handle, &callable);
    if (status != MINIRACER_OK) return status;
  }
  if (this_value != nullptr) {
    miniracer_status status = ToJs(scope, *this_value, "this_value", &receiver);
    if (status != MINIRACER_OK) return status;
  }
  JsArguments list;
  miniracer_status status = list.Convert(scope, arguments.values, arguments.count);
  if (status != MINIRACER_OK) return status;
  bool done =
      plain ? function.As<v8::Function>()->Call(scope.context, receiver, list.count(), list.data()).ToLocal(&value)
            : callable->CallAsFunction(scope.context, receiver, list.count(), list.data()).ToLocal(&value);
  return done ? ToHost(scope, value, result) : scope.Thrown();
}

miniracer_status Construct(Scope& scope, miniracer_handle handle, HostArguments arguments, miniracer_value* result) {
  v8::Local<v8::Object> function;
  if (miniracer_status status = ResolveCallable(scope, handle, &function); status != MINIRACER_OK) return status;
  JsArguments list;
  miniracer_status status = list.Convert(scope, arguments.values, arguments.count);
  if (status != MINIRACER_OK) return status;
  v8::Local<v8::Value> value;
  if (!function->CallAsConstructor(scope.context, list.count(), list.data()).ToLocal(&value)) return scope.Thrown();
  return ToHost(scope, value, result);
}

miniracer_status CallMethod(Scope& scope, miniracer_handle handle, const miniracer_value& key, HostArguments arguments,
                            miniracer_value* result) {
  v8::Local<v8::Object> object;
  v8::Local<v8::Value> name, method, value;
  miniracer_status status = ResolveObject(scope, handle, "object", &object);
  if (status == MINIRACER_OK) status = KeyToJs(scope, key, &name);
  JsArguments list;
  if (status == MINIRACER_OK) status = list.Convert(scope, arguments.values, arguments.count);
  if (status != MINIRACER_OK) return status;
  if (!object->Get(scope.context, name).ToLocal(&method)) return scope.Thrown();
  if (!method->IsObject() || !method.As<v8::Object>()->IsCallable()) {
    std::string text = name->IsSymbol() ? "the symbol" : Utf8(scope.v8, name);
    return scope.Fail(MINIRACER_WRONG_TYPE, "key: the property " + text + " is not callable");
  }
  if (!method.As<v8::Object>()->CallAsFunction(scope.context, object, list.count(), list.data()).ToLocal(&value)) {
    return scope.Thrown();
  }
  return ToHost(scope, value, result);
}

// ---- The host from JavaScript ----

namespace {

struct HostFunction final : HostCallee {};

// What `new` of a subclass gives is the subclass's, as if the host had made it by ECMA-262 OrdinaryCreateFromConstructor.
bool TakeSubclass(Scope& scope, HostFunction& function, const v8::FunctionCallbackInfo<v8::Value>& info,
                  v8::Local<v8::Value> made) {
  if (!info.IsConstructCall() || info.NewTarget() == function.object) return true;
  if (!made->IsObject() || !IsHostObject(made.As<v8::Object>())) return true;
  return SetPrototypeOf(scope.Context(), made.As<v8::Object>(), PrototypeOf(info.This())).FromMaybe(false);
}

void Invoke(Scope& scope, HostFunction& function, const v8::FunctionCallbackInfo<v8::Value>& info) {
  HostCall call(scope, function);
  if (info.IsConstructCall()) call.flags = MINIRACER_CALL_CONSTRUCT;
  CallValues values(static_cast<uint32_t>(info.Length()));
  if (!values.Give(info, &call)) return;
  bool receiver = (function.flags & MINIRACER_FUNCTION_RECEIVER) != 0;
  if (receiver && !call.GiveReceiver(info.This())) return;
  bool done = call.Run();
  if (receiver) Release(&call.this_value, 1);
  if (!done) return;
  if (call.result.tag == MINIRACER_INT32) return info.GetReturnValue().Set(call.result.as.int32);
  if (call.result.tag == MINIRACER_DOUBLE) return info.GetReturnValue().Set(call.result.as.number);
  v8::Local<v8::Value> value;
  // Of a construct call V8 keeps `this` unless an object is returned, as ECMA-262 has it.
  if (call.TakeResult(&value) && TakeSubclass(scope, function, info, value)) info.GetReturnValue().Set(value);
}

// V8 calls this for every host function. No C++ exception may pass through V8.
void Trampoline(const v8::FunctionCallbackInfo<v8::Value>& info) {
  auto* function = static_cast<HostFunction*>(info.Data().As<v8::External>()->Value());
  v8::Isolate* v8 = info.GetIsolate();
  try {
    Scope scope{*function->isolate, v8, {}, function->context, nullptr, {}};
    Invoke(scope, *function, info);
  } catch (const std::bad_alloc&) {
    Throw(v8, "the process is out of memory");
  }
}

}  // namespace

miniracer_status NewFunction(Scope& scope, const miniracer_function_options& options, miniracer_value* result) {
  auto function = std::make_unique<HostFunction>();
  function->callback = options.callback;
  function->flags = options.flags;
  function->context = scope.id;
  v8::Local<v8::String> name;
  if (options.name.tag != MINIRACER_UNDEFINED) {
    miniracer_status status = TextToJs(scope, options.name, "name", v8::NewStringType::kInternalized, &name);
    if (status != MINIRACER_OK) return status;
  }
  v8::Local<v8::External> data = v8::External::New(scope.v8, function.get());
  bool constructor = (options.flags & MINIRACER_FUNCTION_CONSTRUCTOR) != 0;
  v8::Local<v8::Function> made;
  if (!v8::Function::New(scope.context, Trampoline, data, options.length,
                         constructor ? v8::ConstructorBehavior::kAllow : v8::ConstructorBehavior::kThrow)
           .ToLocal(&made)) {
    return scope.Fail(MINIRACER_OUT_OF_MEMORY, "V8 has no room for the function");
  }
  if (!name.IsEmpty()) made->SetName(name);
  auto key = scope.isolate.host_function_key.Get(scope.v8);
  if (made->SetPrivate(scope.context, key, data).IsNothing()) return MINIRACER_INTERNAL;
  miniracer_status status = ToHost(scope, made, result);
  if (status != MINIRACER_OK) return status;
  // From here on the function keeps the userdata; before, a failure left it with the caller.
  function->userdata = options.userdata;
  function->finalize = options.finalize;
  scope.isolate.MakeFindable(function.get());
  scope.isolate.Own(function.release(), made);
  return MINIRACER_OK;
}

}  // namespace miniracer
