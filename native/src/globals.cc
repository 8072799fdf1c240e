#include "globals.h"

#include "console.h"
#include "functions.h"
#include "timers.h"
#include "values.h"
#include "web.h"

namespace miniracer {
namespace {

miniracer_status InstallHostConsole(Scope& scope, miniracer_context_options& options) {
  miniracer_function_options function{};
  function.callback = options.console;
  function.userdata = options.console_userdata;
  function.finalize = options.console_finalize;
  miniracer_value made{};
  miniracer_status status = NewFunction(scope, function, &made);
  if (status != MINIRACER_OK) return status;
  options.console_finalize = nullptr;  // it is the function's now
  v8::Local<v8::Value> sink;
  bool colors = (options.flags & MINIRACER_CONTEXT_CONSOLE_COLORS) != 0;
  bool done = scope.isolate.FindHandle(made.as.handle, &sink) && InstallConsole(scope, sink.As<v8::Function>(), colors);
  Release(&made, 1);
  return done ? MINIRACER_OK : MINIRACER_INTERNAL;
}

}  // namespace

miniracer_status InstallGlobals(Scope& scope, miniracer_context_options& options) {
  miniracer_status status = MINIRACER_OK;
  // Before the web group, whose AbortSignal.timeout uses them.
  bool timers = (options.flags & MINIRACER_CONTEXT_TIMERS) != 0;
  if (timers && !InstallTimers(scope.isolate, scope.context)) return MINIRACER_OUT_OF_MEMORY;
  if (options.console != nullptr) status = InstallHostConsole(scope, options);
  bool web = (options.flags & MINIRACER_CONTEXT_WEB) != 0;
  if (status == MINIRACER_OK && web && !InstallWeb(scope)) status = MINIRACER_INTERNAL;
  return status;
}

}  // namespace miniracer
