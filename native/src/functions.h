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

}  // namespace miniracer
