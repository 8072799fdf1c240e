// Errors of the host's as Error objects of JavaScript.
#pragma once

#include "miniracer.h"
#include "scope.h"

namespace miniracer {

// As miniracer_call_throw_error takes it.
struct HostErrorParts {
  uint32_t constructor;
  const miniracer_value* name;
  const miniracer_value* message;
  void* host_error;
  miniracer_finalizer finalize;
};

// Takes over host_error if it succeeds.
miniracer_status NewHostError(Scope& scope, const HostErrorParts& parts, v8::Local<v8::Value>* error);

}  // namespace miniracer
