// Calling JavaScript from the host, and the host from JavaScript.
#pragma once

#include "miniracer.h"
#include "scope.h"

namespace miniracer {

// Arguments of a call, as the host gives them.
struct HostArguments {
  const miniracer_value* values;
  uint32_t count;
};

miniracer_status CallFunction(Scope& scope, miniracer_handle function, const miniracer_value* this_value,
                              HostArguments arguments, miniracer_value* result);
miniracer_status Construct(Scope& scope, miniracer_handle function, HostArguments arguments, miniracer_value* result);
miniracer_status CallMethod(Scope& scope, miniracer_handle object, const miniracer_value& key, HostArguments arguments,
                            miniracer_value* result);

// Takes over options.userdata whatever comes of it.
miniracer_status NewFunction(Scope& scope, const miniracer_function_options& options, miniracer_value* result);

// What a callback may do with its call. INVALID_ARGUMENT where `call` is not one that is under way on this thread.
miniracer_status CallReturn(miniracer_call* call, const miniracer_value& value);
miniracer_status CallThrow(miniracer_call* call, const miniracer_value& thrown);
miniracer_status CallThrowError(miniracer_call* call, uint32_t constructor, const miniracer_value* name,
                                const miniracer_value* message, void* host_error, miniracer_finalizer finalize);

}  // namespace miniracer
