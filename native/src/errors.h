// What went wrong, as data. Describing an error runs no guest code: no getter, no Proxy trap, no
// Error.prepareStackTrace, no toString.
#pragma once

#include <memory>
#include <string_view>

#include "host_code.h"
#include "miniracer.h"
#include "scope.h"

namespace miniracer {

// What the host gave miniracer_call_throw_error. Shared by the Error object and all records of it; the last one to let go
// of it gives it back.
struct HostError {
  HostError() = default;
  HostError(const HostError&) = delete;
  ~HostError() {
    if (finalize != nullptr) CallHost(finalize, value);
  }
  void* value = nullptr;
  miniracer_finalizer finalize = nullptr;
};

// The Error object's share: its userdata is a std::shared_ptr<HostError>*.
struct HostErrorLink final : HostOwned {};

// A record of what the host did wrong, or of how a run ended. Null when `error` is.
void ReportProblem(miniracer_error** error, miniracer_status status, std::string_view problem);

// A record of an exception that `caught` holds.
void ReportException(Scope& scope, miniracer_error** error, miniracer_status status, const v8::TryCatch& caught);

// A record of why a promise was rejected, with the frames that were waiting.
void ReportRejection(Scope& scope, miniracer_error** error, v8::Local<v8::Value> reason);

// The same for what was thrown or rejected with, where V8's message may be empty.
void DescribeThrown(Scope& scope, miniracer_error** error, miniracer_status status, v8::Local<v8::Value> thrown,
                    v8::Local<v8::Message> message);

// The value of an own data property; empty where that cannot be told without running guest code.
v8::Local<v8::Value> OwnData(Scope& scope, v8::Local<v8::Object> object, std::string_view name);

// Whether the engine threw it for want of stack, or of room in something of its own.
bool IsRangeError(v8::Isolate* v8, v8::Local<v8::Value> thrown);

void FreeError(miniracer_error* error);

const char* StatusName(miniracer_status status);
// What a status means where there is nothing more to say.
const char* StatusMeaning(miniracer_status status);

}  // namespace miniracer
