// Calls of the host by JavaScript: of its functions, and of what stands behind its objects.
#pragma once

#include <memory>
#include <string_view>

#include "host_errors.h"
#include "miniracer.h"
#include "scope.h"

namespace miniracer {

// What is called.
struct HostCallee : HostOwned {
  miniracer_callback callback = nullptr;
  uint32_t flags = 0;
  miniracer_context context = 0;
};

// A call of the host under way. The host sees its first part.
class HostCall : public miniracer_call {
 public:
  HostCall(Scope& in, HostCallee& callee) : miniracer_call{}, scope(in), callee_(callee), outer_(innermost_) {
    innermost_ = this;
    struct_size = sizeof(miniracer_call);
    context = callee.context;
  }
  ~HostCall() { innermost_ = outer_; }
  HostCall(const HostCall&) = delete;

  // Null where the pointer is not that of the innermost call on this thread: what V8 is given for another one would not
  // outlive the innermost.
  static HostCall* Find(miniracer_call* call) { return innermost_ == call ? innermost_ : nullptr; }

  // Those whose frames a jump to `frame`, further up on the same stack, leaves behind.
  static void LeaveAllAbove(const void* frame) {
    while (innermost_ != nullptr && static_cast<const void*>(innermost_) < frame) innermost_ = innermost_->outer_;
  }

  // These give false where JavaScript has been told why: by an exception, or by the end of the run.
  bool GiveReceiver(v8::Local<v8::Value> receiver);  // this_value is to be released
  bool Run();
  // After Run: what the callback set by miniracer_call_return, or else put into `result`.
  bool TakeResult(v8::Local<v8::Value>* value);

  Scope& scope;
  v8::Local<v8::Value> returned;
  v8::Local<v8::Value> thrown;

 private:
  HostCallee& callee_;
  HostCall* const outer_;
  static thread_local HostCall* innermost_ __attribute__((tls_model("initial-exec")));
};

// What the callback is given, on the stack where it is short; gives back what the callback did not take.
class CallValues {
 public:
  explicit CallValues(uint32_t count) {
    if (count > kFew) more_ = std::make_unique<miniracer_value[]>(count);
  }
  ~CallValues();
  CallValues(const CallValues&) = delete;

  // False where JavaScript has been told why.
  bool Add(Scope& scope, v8::Local<v8::Value> value);
  bool Give(const v8::FunctionCallbackInfo<v8::Value>& info, HostCall* call);
  void Give(HostCall* call) {
    call->arguments = data();
    call->argument_count = filled_;
  }

 private:
  miniracer_value* data() { return more_ ? more_.get() : few_; }

  static constexpr uint32_t kFew = 8;
  uint32_t filled_ = 0;
  miniracer_value few_[kFew];
  std::unique_ptr<miniracer_value[]> more_;
};

// Lets V8 end the run that is to be ended at once, and not when JavaScript next looks whether it should: a script's first
// step is such a look.
void EndNow(Scope& scope);

void Throw(v8::Isolate* v8, std::string_view text);
void ThrowTypeError(v8::Isolate* v8, std::string_view ascii);

// What a callback may do with its call. INVALID_ARGUMENT where `call` is not one that is under way on this thread.
miniracer_status CallReturn(miniracer_call* call, const miniracer_value& value);
miniracer_status CallThrow(miniracer_call* call, const miniracer_value& thrown);
miniracer_status CallThrowError(miniracer_call* call, const HostErrorParts& parts);

// Lets V8 end the run that is to be ended at once, and not when JavaScript next looks whether it should: a script's first
// step is such a look.
void EndNow(Scope& scope);

}  // namespace miniracer
