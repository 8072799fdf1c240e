// The functions on what contexts have beyond ECMAScript.
#include "calls.h"
#include "inspect.h"

using namespace miniracer;

miniracer_status miniracer_value_inspect(miniracer_context context, const miniracer_value* value,
                                         const miniracer_inspect_options* options, const miniracer_run_options* run,
                                         miniracer_value* result, miniracer_error** error) {
  if (value == nullptr) return Guarded(error, [&] { return MissingArgument(error, "value"); });
  return RunningFor(result, context, run, error, [&](Scope& scope, miniracer_value* made) {
    miniracer_inspect_options read{};
    miniracer_status status = ReadStruct(options, &read, "options", &scope.problem);
    if (status != MINIRACER_OK) return status;
    if ((read.flags & ~uint32_t{MINIRACER_INSPECT_COLORS}) != 0) {
      return scope.Fail(MINIRACER_UNKNOWN_FLAG, "options.flags: unknown bits");
    }
    return Inspect(scope, *value, read, made);
  });
}
