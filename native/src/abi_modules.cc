// The interface's functions for modules.
#include "calls.h"
#include "modules.h"

using namespace miniracer;

extern "C" {

miniracer_status miniracer_context_set_module_loader(miniracer_context context, const miniracer_module_loader* loader,
                                                     miniracer_error** error) {
  if (loader == nullptr) return Guarded(error, [&] { return MissingArgument(error, "loader"); });
  return InContext(context, error, [&](Scope& scope) {
    miniracer_module_loader read{};
    miniracer_status status = ReadStruct(loader, &read, "loader", &scope.problem);
    if (status != MINIRACER_OK) return status;
    if (read.flags != 0) return scope.Fail(MINIRACER_UNKNOWN_FLAG, "loader.flags: unknown bits");
    return SetModuleLoader(scope, read);
  });
}

miniracer_status miniracer_context_set_file_loader(miniracer_context context, const miniracer_file_loader* loader,
                                                   miniracer_error** error) {
  if (loader == nullptr) return Guarded(error, [&] { return MissingArgument(error, "loader"); });
  return InContext(context, error, [&](Scope& scope) {
    miniracer_file_loader read{};
    miniracer_status status = ReadStruct(loader, &read, "loader", &scope.problem);
    if (status != MINIRACER_OK) return status;
    if ((read.flags & ~uint32_t{MINIRACER_FILES_REQUIRE}) != 0) {
      return scope.Fail(MINIRACER_UNKNOWN_FLAG, "loader.flags: unknown bits");
    }
    return SetFileLoader(scope, read);
  });
}

miniracer_status miniracer_context_import(miniracer_context context, const miniracer_value* specifier,
                                          const miniracer_value* referrer, const miniracer_run_options* run,
                                          miniracer_value* result, miniracer_error** error) {
  if (specifier == nullptr) return Guarded(error, [&] { return MissingArgument(error, "specifier"); });
  return RunningFor(result, context, run, error, [&](Scope& scope, miniracer_value* made) {
    return ImportModule(scope, *specifier, referrer, made);
  });
}

miniracer_status miniracer_context_evaluate_module(miniracer_context context, const miniracer_script* script,
                                                   const miniracer_run_options* run, miniracer_value* result,
                                                   miniracer_error** error) {
  if (script == nullptr) return Guarded(error, [&] { return MissingArgument(error, "script"); });
  return RunningFor(result, context, run, error, [&](Scope& scope, miniracer_value* made) {
    miniracer_script read{};
    miniracer_status status = ReadStruct(script, &read, "script", &scope.problem);
    if (status != MINIRACER_OK) return status;
    if (read.flags != 0) return scope.Fail(MINIRACER_UNKNOWN_FLAG, "script.flags: unknown bits");
    return EvaluateModule(scope, read, made);
  });
}

}  // extern "C"
