#include "functions.h"

#include <memory>
#include <new>
#include <string>

#include "errors.h"
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

struct HostFunction final : HostOwned {
  miniracer_callback callback = nullptr;
  uint32_t flags = 0;
  miniracer_context context = 0;
};

// A call of the host under way. The host sees its first part.
struct HostCall : miniracer_call {
  explicit HostCall(Scope& in) : miniracer_call{}, scope(in), outer(innermost) { innermost = this; }
  ~HostCall() { innermost = outer; }
  HostCall(const HostCall&) = delete;

  // Null where the pointer is not that of the innermost call on this thread: what V8 is given for another one would not
  // outlive the innermost.
  static HostCall* Find(miniracer_call* call) { return innermost == call ? innermost : nullptr; }

  Scope& scope;
  HostCall* const outer;
  v8::Local<v8::Value> returned;
  v8::Local<v8::Value> thrown;
  static thread_local HostCall* innermost __attribute__((tls_model("initial-exec")));
};

thread_local HostCall* HostCall::innermost = nullptr;

// What the callback is given, on the stack where it is short; gives back what the callback did not take.
class CallValues {
 public:
  explicit CallValues(uint32_t count) : count_(count) {
    if (count > kFew) more_ = std::make_unique<miniracer_value[]>(count);
  }
  ~CallValues() {
    for (uint32_t i = 0; i < filled; ++i) {
      if ((data()[i].flags & MINIRACER_VALUE_OWNED) != 0) Release(&data()[i], 1);
    }
  }
  miniracer_value* data() { return more_ ? more_.get() : few_; }
  uint32_t filled = 0;
  uint32_t count() const { return count_; }

 private:
  static constexpr uint32_t kFew = 8;
  const uint32_t count_;
  miniracer_value few_[kFew];
  std::unique_ptr<miniracer_value[]> more_;
};

void Throw(v8::Isolate* v8, const std::string& text) {
  v8::Local<v8::String> message;
  if (!v8::String::NewFromUtf8(v8, text.data(), v8::NewStringType::kNormal, static_cast<int>(text.size()))
           .ToLocal(&message)) {
    message = v8::String::Empty(v8);
  }
  v8->ThrowException(v8::Exception::Error(message));
}

// Lets V8 end the run that is to be ended at once, and not when JavaScript next looks whether it should: a script's first
// step is such a look.
void EndNow(Scope& scope) {
  v8::Local<v8::Script> script;
  v8::Local<v8::Value> nothing;
  if (!v8::Script::Compile(scope.Context(), v8::String::Empty(scope.v8)).ToLocal(&script)) return;
  if (!script->Run(scope.Context()).ToLocal(&nothing)) return;
}

// The result of a callback that returned 0: what it set by miniracer_call_return, or else put into `result`.
miniracer_status TakeResult(HostCall& call, v8::Local<v8::Value>* value) {
  if (call.result.tag == MINIRACER_UNDEFINED && !call.returned.IsEmpty()) {
    *value = call.returned;
    return MINIRACER_OK;
  }
  bool pointer = call.result.tag == MINIRACER_STRING ||
                 (call.result.tag == MINIRACER_BIGINT && call.result.subtype != MINIRACER_BIGINT_INT64);
  if (pointer) {
    return call.scope.Fail(MINIRACER_INVALID_ARGUMENT, "text and large BigInts are returned by miniracer_call_return");
  }
  return ToJs(call.scope, call.result, "result", value);
}

void Invoke(Scope& scope, HostFunction& function, const v8::FunctionCallbackInfo<v8::Value>& info) {
  HostCall call(scope);
  call.struct_size = sizeof(miniracer_call);
  call.flags = info.IsConstructCall() ? MINIRACER_CALL_CONSTRUCT : 0;
  call.context = function.context;
  call.argument_count = static_cast<uint32_t>(info.Length());
  CallValues values(call.argument_count);
  call.arguments = values.data();
  miniracer_status status = MINIRACER_OK;
  for (uint32_t i = 0; i < call.argument_count && status == MINIRACER_OK; ++i) {
    status = ToHost(scope, info[static_cast<int>(i)], &call.arguments[i]);
    ++values.filled;
  }
  bool receiver = (function.flags & MINIRACER_FUNCTION_RECEIVER) != 0;
  if (receiver && status == MINIRACER_OK) status = ToHost(scope, info.This(), &call.this_value);
  if (status != MINIRACER_OK) {
    Release(&call.this_value, 1);
    return Throw(scope.v8, scope.problem);
  }

  int32_t outcome;
  {
    HostTurn turn(scope.isolate);
    outcome = function.callback(function.userdata, &call);
  }
  if (receiver) Release(&call.this_value, 1);
  if (scope.isolate.limits.ending() != MINIRACER_OK) return EndNow(scope);

  if (outcome != 0) {
    if (call.thrown.IsEmpty()) {
      Throw(scope.v8, "the host function failed with code " + std::to_string(outcome));
    } else {
      scope.v8->ThrowException(call.thrown);
    }
    return;
  }
  if (call.result.tag == MINIRACER_INT32) return info.GetReturnValue().Set(call.result.as.int32);
  if (call.result.tag == MINIRACER_DOUBLE) return info.GetReturnValue().Set(call.result.as.number);
  v8::Local<v8::Value> value;
  status = TakeResult(call, &value);
  if (status != MINIRACER_OK) return Throw(scope.v8, "the host function's result: " + scope.problem);
  // Of a construct call V8 keeps `this` unless an object is returned, as ECMA-262 has it.
  info.GetReturnValue().Set(value);
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
  miniracer_status status = ToHost(scope, made, result);
  if (status != MINIRACER_OK) return status;
  // From here on the function keeps the userdata; before, a failure left it with the caller.
  function->userdata = options.userdata;
  function->finalize = options.finalize;
  scope.isolate.Own(function.release(), made);
  return MINIRACER_OK;
}

miniracer_status CallReturn(miniracer_call* call, const miniracer_value& value) {
  HostCall* found = HostCall::Find(call);
  if (found == nullptr) return MINIRACER_INVALID_ARGUMENT;
  Entry entry;  // the callback may have entered another isolate since
  if (miniracer_status status = entry.Enter(found->scope.id); status != MINIRACER_OK) return status;
  v8::Local<v8::Value> returned;
  if (miniracer_status status = ToJs(found->scope, value, "value", &returned); status != MINIRACER_OK) return status;
  found->returned = returned;
  found->result = {};  // what was said last counts
  return MINIRACER_OK;
}

miniracer_status CallThrow(miniracer_call* call, const miniracer_value& thrown) {
  HostCall* found = HostCall::Find(call);
  if (found == nullptr) return MINIRACER_INVALID_ARGUMENT;
  Entry entry;
  if (miniracer_status status = entry.Enter(found->scope.id); status != MINIRACER_OK) return status;
  v8::Local<v8::Value> value;
  if (miniracer_status status = ToJs(found->scope, thrown, "thrown", &value); status != MINIRACER_OK) return status;
  found->thrown = value;
  return MINIRACER_OK;
}

miniracer_status CallThrowError(miniracer_call* call, uint32_t constructor, const miniracer_value* name,
                                const miniracer_value* message, void* host_error, miniracer_finalizer finalize) {
  HostCall* found = HostCall::Find(call);
  if (found == nullptr || constructor > MINIRACER_THROW_SYNTAX_ERROR) return MINIRACER_INVALID_ARGUMENT;
  Scope& scope = found->scope;
  Entry entry;
  if (miniracer_status status = entry.Enter(scope.id); status != MINIRACER_OK) return status;
  // V8 defines no properties while it unwinds.
  if (miniracer_status status = scope.isolate.limits.ending(); status != MINIRACER_OK) return status;
  auto share = std::make_unique<std::shared_ptr<HostError>>(std::make_shared<HostError>());
  auto owned = std::make_unique<HostErrorLink>();
  v8::Local<v8::String> text = v8::String::Empty(scope.v8), name_text;
  auto convert = [&](const miniracer_value* from, const char* what, v8::Local<v8::String>* to) {
    bool given = from != nullptr && from->tag != MINIRACER_UNDEFINED;
    return given ? TextToJs(scope, *from, what, v8::NewStringType::kNormal, to) : MINIRACER_OK;
  };
  miniracer_status status = convert(message, "message", &text);
  if (status == MINIRACER_OK) status = convert(name, "name", &name_text);
  if (status != MINIRACER_OK) return status;

  using Make = v8::Local<v8::Value> (*)(v8::Local<v8::String>);
  constexpr Make kConstructors[] = {
      [](v8::Local<v8::String> m) { return v8::Exception::Error(m); },
      [](v8::Local<v8::String> m) { return v8::Exception::TypeError(m); },
      [](v8::Local<v8::String> m) { return v8::Exception::RangeError(m); },
      [](v8::Local<v8::String> m) { return v8::Exception::ReferenceError(m); },
      [](v8::Local<v8::String> m) { return v8::Exception::SyntaxError(m); },
  };
  auto error = kConstructors[constructor](text).As<v8::Object>();
  if (!name_text.IsEmpty()) {
    // Defined, not set: Error.prototype may have a setter for it that is the guest's.
    auto defined = error->DefineOwnProperty(scope.Context(), Ascii(scope.v8, "name"), name_text, v8::DontEnum);
    if (!defined.FromMaybe(false)) return MINIRACER_INTERNAL;
  }
  auto link = v8::External::New(scope.v8, owned.get());
  if (error->SetPrivate(scope.Context(), scope.isolate.host_error_key.Get(scope.v8), link).IsNothing()) {
    return MINIRACER_INTERNAL;
  }
  (*share)->value = host_error;
  (*share)->finalize = finalize;
  owned->userdata = share.release();
  owned->finalize = [](void* given) { delete static_cast<std::shared_ptr<HostError>*>(given); };
  scope.isolate.Own(owned.release(), error);
  found->thrown = error;
  return MINIRACER_OK;
}

}  // namespace miniracer
