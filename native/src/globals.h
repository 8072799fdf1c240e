// What a context has beyond ECMAScript: the groups of miniracer_context_options.flags.
#pragma once

#include "miniracer.h"
#include "scope.h"

namespace miniracer {

constexpr uint32_t kContextFlags =
    MINIRACER_CONTEXT_TIMERS | MINIRACER_CONTEXT_CONSOLE | MINIRACER_CONTEXT_WEB | MINIRACER_CONTEXT_CONSOLE_COLORS;

// Installs them in scope.context, which is new. Takes over options.console_userdata, and sets console_finalize to NULL
// when it has done so.
miniracer_status InstallGlobals(Scope& scope, miniracer_context_options& options);

}  // namespace miniracer
