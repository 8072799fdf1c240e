#include "host_calls.h"

#include <exception>
#include <memory>
#include <new>
#include <string>

#include "errors.h"
#include "host_code.h"
#include "quiet.h"
#include "text.h"
#include "values.h"

namespace miniracer {

thread_local HostCall* HostCall::innermost_ = nullptr;
thread_local bool Quiet::here_ = false;

void Throw(v8::Isolate* v8, std::string_view text) {
  v8::Local<v8::String> message;
  if (!v8::String::NewFromUtf8(v8, text.data(), v8::NewStringType::kNormal, static_cast<int>(text.size()))
           .ToLocal(&message)) {
    message = v8::String::Empty(v8);
  }
  v8->ThrowException(v8::Exception::Error(message));
}

void ThrowTypeError(v8::Isolate* v8, std::string_view ascii) {
  v8->ThrowException(v8::Exception::TypeError(Ascii(v8, ascii)));
}

void EndNow(Scope& scope) {
  v8::Local<v8::Script> script;
  v8::Local<v8::Value> nothing;
  if (!v8::Script::Compile(scope.Context(), v8::String::Empty(scope.v8)).ToLocal(&script)) return;
  if (!script->Run(scope.Context()).ToLocal(&nothing)) return;
}

bool HostCall::GiveReceiver(v8::Local<v8::Value> receiver) {
  if (ToHost(scope, receiver, &this_value) == MINIRACER_OK) return true;
  Release(&this_value, 1);
  Throw(scope.v8, scope.problem);
  return false;
}

bool HostCall::Run() {
  if (Quiet::here()) {
    Throw(scope.v8, "");
    return false;
  }
  int32_t outcome = 0;
  std::string escaped;
  {
    HostTurn turn(scope.isolate);
    try {
      outcome = CallHost(callee_.callback, callee_.userdata, this);
    } catch (const std::exception& e) {  // of a host in C++: nothing may unwind V8
      escaped = std::string("the host function threw a C++ exception: ") + e.what();
    } catch (...) {
      escaped = "the host function threw a C++ exception";
    }
  }
  if (scope.isolate.limits.ending() != MINIRACER_OK) {
    EndNow(scope);
    return false;
  }
  if (!escaped.empty()) {
    Throw(scope.v8, escaped);
    return false;
  }
  if (outcome == 0) return true;
  if (thrown.IsEmpty()) {
    Throw(scope.v8, "the host function failed with code " + std::to_string(outcome));
  } else {
    scope.v8->ThrowException(thrown);
  }
  return false;
}

bool HostCall::TakeResult(v8::Local<v8::Value>* value) {
  if (result.tag == MINIRACER_UNDEFINED && !returned.IsEmpty()) {
    *value = returned;
    return true;
  }
  bool pointer =
      result.tag == MINIRACER_STRING || (result.tag == MINIRACER_BIGINT && result.subtype != MINIRACER_BIGINT_INT64);
  miniracer_status status =
      pointer ? scope.Fail(MINIRACER_INVALID_ARGUMENT, "text and large BigInts are returned by miniracer_call_return")
              : ToJs(scope, result, "result", value);
  if (status == MINIRACER_OK) return true;
  Throw(scope.v8, "the host function's result: " + scope.problem);
  return false;
}

CallValues::~CallValues() {
  for (uint32_t i = 0; i < filled_; ++i) {
    if ((data()[i].flags & MINIRACER_VALUE_OWNED) != 0) Release(&data()[i], 1);
  }
}

bool CallValues::Add(Scope& scope, v8::Local<v8::Value> value) {
  miniracer_status status = ToHost(scope, value, &data()[filled_]);
  ++filled_;
  if (status == MINIRACER_OK) return true;
  Throw(scope.v8, scope.problem);
  return false;
}

bool CallValues::Give(const v8::FunctionCallbackInfo<v8::Value>& info, HostCall* call) {
  for (int i = 0; i < info.Length(); ++i) {
    if (!Add(call->scope, info[i])) return false;
  }
  Give(call);
  return true;
}

// ---- What a callback may do with its call ----

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

miniracer_status CallThrowError(miniracer_call* call, const HostErrorParts& parts) {
  HostCall* found = HostCall::Find(call);
  if (found == nullptr) return MINIRACER_INVALID_ARGUMENT;
  Entry entry;
  if (miniracer_status status = entry.Enter(found->scope.id); status != MINIRACER_OK) return status;
  return NewHostError(found->scope, parts, &found->thrown);
}

}  // namespace miniracer
