// What went wrong, as data. Describing an error runs no guest code: no getter, no Proxy trap, no
// Error.prepareStackTrace, no toString.
#pragma once

#include <memory>
#include <string_view>

#include "miniracer.h"
#include "scope.h"

namespace miniracer {

// What the host gave miniracer_call_throw_error. Shared by the Error object and all records of it; the last one to let go
// of it gives it back.
struct HostError {
  HostError() = default;
  HostError(const HostError&) = delete;
  ~HostError() {
    if (finalize != nullptr) finalize(value);
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

void FreeError(miniracer_error* error);

const char* StatusName(miniracer_status status);
// What a status means where there is nothing more to say.
const char* StatusMeaning(miniracer_status status);

}  // namespace miniracer
