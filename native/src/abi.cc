// The extern "C" boundary: checks the arguments, enters the isolate, calls the noun, turns every failure into a status.
// No logic lives here, and no C++ exception gets past; calls.h has the frames.
#include <stdlib.h>

#include <string>

#include "calls.h"
#include "context.h"
#include "functions.h"
#include "globals.h"
#include "host_calls.h"
#include "host_code.h"
#include "miniracer.h"
#include "objects.h"

using namespace miniracer;  // NOLINT: this file is the boundary

extern "C" {

// ---- Values ----

void miniracer_value_release(miniracer_value* values, uint64_t count) { Release(values, count); }

void miniracer_values_free(miniracer_value* values, uint32_t count) {
  Release(values, count);
  free(values);
}

void miniracer_error_free(miniracer_error* error) { FreeError(error); }

// ---- The library ----

uint32_t miniracer_abi_version(void) { return MINIRACER_ABI_VERSION; }

uint32_t miniracer_struct_size(uint32_t structure) {
  switch (structure) {
    case MINIRACER_STRUCT_VALUE:
      return sizeof(miniracer_value);
    case MINIRACER_STRUCT_LIBRARY_INFO:
      return sizeof(miniracer_library_info);
    case MINIRACER_STRUCT_INIT_OPTIONS:
      return sizeof(miniracer_init_options);
    case MINIRACER_STRUCT_FRAME:
      return sizeof(miniracer_frame);
    case MINIRACER_STRUCT_ERROR:
      return sizeof(miniracer_error);
    case MINIRACER_STRUCT_ISOLATE_OPTIONS:
      return sizeof(miniracer_isolate_options);
    case MINIRACER_STRUCT_HEAP_STATISTICS:
      return sizeof(miniracer_heap_statistics);
    case MINIRACER_STRUCT_CONTEXT_OPTIONS:
      return sizeof(miniracer_context_options);
    case MINIRACER_STRUCT_RUN_OPTIONS:
      return sizeof(miniracer_run_options);
    case MINIRACER_STRUCT_SCRIPT:
      return sizeof(miniracer_script);
    case MINIRACER_STRUCT_CALL:
      return sizeof(miniracer_call);
    case MINIRACER_STRUCT_FUNCTION_OPTIONS:
      return sizeof(miniracer_function_options);
    case MINIRACER_STRUCT_PROPERTY:
      return sizeof(miniracer_property);
    case MINIRACER_STRUCT_BUFFER:
      return sizeof(miniracer_buffer);
    case MINIRACER_STRUCT_BUFFER_OPTIONS:
      return sizeof(miniracer_buffer_options);
    case MINIRACER_STRUCT_HOST_OBJECT_OPTIONS:
      return sizeof(miniracer_host_object_options);
    case MINIRACER_STRUCT_GRAPH:
      return sizeof(miniracer_graph);
    case MINIRACER_STRUCT_GRAPH_OPTIONS:
      return sizeof(miniracer_graph_options);
    case MINIRACER_STRUCT_MODULE_LOADER:
      return sizeof(miniracer_module_loader);
    case MINIRACER_STRUCT_FILE_LOADER:
      return sizeof(miniracer_file_loader);
    case MINIRACER_STRUCT_INSPECT_OPTIONS:
      return sizeof(miniracer_inspect_options);
    case MINIRACER_STRUCT_ISOLATE_EVENT:
      return sizeof(miniracer_isolate_event);
    case MINIRACER_STRUCT_PROCESS_STATISTICS:
      return sizeof(miniracer_process_statistics);
    default:
      return 0;
  }
}

miniracer_status miniracer_library_get_info(miniracer_library_info* info) {
  miniracer_library_info facts{};
  facts.abi_version = MINIRACER_ABI_VERSION;
  facts.features = MINIRACER_FEATURE_INTL | MINIRACER_FEATURE_WEBASSEMBLY | MINIRACER_FEATURE_SHARED_MEMORY;
#ifndef NDEBUG
  facts.features |= MINIRACER_FEATURE_DEBUG_BUILD;
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  facts.features |= MINIRACER_FEATURE_SANITIZER_BUILD;
#endif
  facts.library_version = MINIRACER_VERSION;
  facts.engine_name = "V8";
  facts.engine_version = v8::V8::GetVersion();
  facts.build_id = MINIRACER_BUILD_ID;
  facts.maximum_string_length = v8::String::kMaxLength;
  facts.maximum_handles = Id::kIndexes;
  return WriteStruct(facts, info);
}

const char* miniracer_status_name(miniracer_status status) { return StatusName(status); }

miniracer_status miniracer_init(const miniracer_init_options* options, miniracer_error** error) {
  return Guarded(error, [&] {
    miniracer_init_options read{};
    std::string problem;
    miniracer_status status = ReadStruct(options, &read, "options", &problem);
    if (status != MINIRACER_OK) return Report(error, status, problem);
    constexpr uint32_t kFlags = MINIRACER_INIT_SINGLE_THREADED | MINIRACER_INIT_JITLESS | MINIRACER_INIT_NO_SIGNALS;
    if (uint32_t unknown = read.flags & ~kFlags; unknown != 0) {
      return UnknownFlags(error, "options.flags", unknown);
    }
    if (read.v8_flags == nullptr && read.v8_flags_length != 0) return MissingArgument(error, "options.v8_flags");
    if (read.worker_threads > 64) {
      return Report(error, MINIRACER_INVALID_ARGUMENT, "options.worker_threads: more than 64");
    }
    status = StartEngine(read, &problem);
    return status == MINIRACER_OK ? status : Report(error, status, problem);
  });
}

// ---- Isolates ----

miniracer_status miniracer_isolate_dispose(miniracer_isolate isolate) {
  if (!Id::Is(isolate, IdKind::kIsolate)) return MINIRACER_INVALID_HANDLE;
  return Guarded(nullptr, [&] { return Isolates::Dispose(isolate); });
}

miniracer_status miniracer_isolate_lock(miniracer_isolate isolate) {
  if (!Id::Is(isolate, IdKind::kIsolate)) return MINIRACER_INVALID_HANDLE;
  return Guarded(nullptr, [&] { return Isolates::Hold(isolate); });
}

miniracer_status miniracer_isolate_unlock(miniracer_isolate isolate) {
  if (!Id::Is(isolate, IdKind::kIsolate)) return MINIRACER_INVALID_HANDLE;
  return Guarded(nullptr, [&] { return Isolates::Unhold(isolate); });
}

miniracer_status miniracer_isolate_cancel(miniracer_isolate isolate, const uint32_t* cancel) {
  if (!Id::Is(isolate, IdKind::kIsolate)) return MINIRACER_INVALID_HANDLE;
  return Guarded(nullptr, [&] { return Isolates::Cancel(isolate, cancel); });
}

miniracer_status miniracer_isolate_collect_garbage(miniracer_isolate isolate, uint32_t kind) {
  if (kind > MINIRACER_COLLECT_FULL) return MINIRACER_INVALID_ARGUMENT;
  return InIsolate(isolate, nullptr, [&](Isolate& inside) {
    inside.CollectGarbage(kind);
    return MINIRACER_OK;
  });
}

miniracer_status miniracer_isolate_run_microtasks(miniracer_isolate id, const miniracer_run_options* options,
                                                  miniracer_error** error) {
  return Guarded(error, [&] {
    if (!Id::Is(id, IdKind::kIsolate)) return Report(error, MINIRACER_INVALID_HANDLE, "isolate: not an isolate");
    const miniracer_run_options* asked = options;
    miniracer_run_options copy;
    miniracer_status status = ReadRunOptions(&asked, &copy, error);
    if (status != MINIRACER_OK) return status;
    Entry entry;
    uint64_t deadline;
    const uint32_t* cancel = asked != nullptr ? asked->cancel : nullptr;
    status = entry.Enter(id, asked != nullptr ? asked->timeout : 0, &deadline, cancel);
    if (status != MINIRACER_OK) return Report(error, status);
    Isolate& isolate = entry.isolate();
    v8::HandleScope handles(isolate.v8());
    ConsoleTurn turn(isolate);
    {
      RunLimits limits{deadline, cancel, entry.CpuTime(asked != nullptr ? asked->cpu_time : 0)};
      Run run(isolate.limits, limits);
      v8::TryCatch caught(isolate.v8());
      status = run.status_at_start();
      if (status == MINIRACER_OK && !RunPending(isolate, caught, true)) {
        status = run.reason();
        CleanUpEnded(isolate, run);
      }
    }
    if (!isolate.limits.running()) isolate.AfterRun();
    return status == MINIRACER_OK ? status : Report(error, status);
  });
}

// ---- Contexts ----

miniracer_status miniracer_context_new(miniracer_isolate isolate, const miniracer_context_options* options,
                                       miniracer_context* context, miniracer_error** error) {
  miniracer_context_options read{};
  miniracer_status status = Guarded(error, [&] {
    std::string problem;
    miniracer_status outcome = ReadStruct(options, &read, "options", &problem);
    if (outcome != MINIRACER_OK) return Report(error, outcome, problem);
    if (context == nullptr) return MissingArgument(error, "context");
    if ((read.flags & ~kContextFlags) != 0) return UnknownFlags(error, "options.flags", read.flags & ~kContextFlags);
    return InIsolate(isolate, error, [&](Isolate& inside) { return NewContext(inside, read, context); });
  });
  // What the new context did not take over.
  if (read.console_finalize != nullptr) CallHost(read.console_finalize, read.console_userdata);
  return status;
}

miniracer_status miniracer_context_dispose(miniracer_context context) {
  if (!Id::Is(context, IdKind::kContext)) return MINIRACER_INVALID_HANDLE;
  return Guarded(nullptr, [&] { return Isolates::Drop(context); });
}

miniracer_status miniracer_context_get_isolate(miniracer_context context, miniracer_isolate* isolate) {
  if (isolate == nullptr) return MINIRACER_INVALID_ARGUMENT;
  if (!Id::Is(context, IdKind::kContext)) return MINIRACER_INVALID_HANDLE;
  *isolate = Id::Make(IdKind::kIsolate, Id::Serial(context), 0, 0);
  return MINIRACER_OK;
}

miniracer_status miniracer_context_get_global(miniracer_context context, miniracer_value* global,
                                              miniracer_error** error) {
  return Making(global, context, error,
                [](Scope& scope, miniracer_value* made) { return ToHost(scope, scope.context->Global(), made); });
}

miniracer_status miniracer_context_evaluate(miniracer_context context, const miniracer_script* script,
                                            const miniracer_run_options* run, miniracer_value* result,
                                            miniracer_error** error) {
  if (script == nullptr) return Guarded(error, [&] { return MissingArgument(error, "script"); });
  return RunningFor(result, context, run, error, [&](Scope& scope, miniracer_value* made) {
    miniracer_script read{};
    miniracer_status status = ReadStruct(script, &read, "script", &scope.problem);
    if (status != MINIRACER_OK) return status;
    if (read.flags != 0) return scope.Fail(MINIRACER_UNKNOWN_FLAG, "script.flags: unknown bits");
    return Evaluate(scope, read, made);
  });
}

// ---- Values in a context ----

miniracer_status miniracer_value_equals(miniracer_context context, const miniracer_value* a, const miniracer_value* b,
                                        int32_t* equal, miniracer_error** error) {
  if (a == nullptr || b == nullptr || equal == nullptr) {
    return Guarded(error, [&] { return MissingArgument(error, "a, b or equal"); });
  }
  return InContext(context, error, [&](Scope& scope) { return StrictEquals(scope, *a, *b, equal); });
}

miniracer_status miniracer_value_to_string(miniracer_context context, const miniracer_value* value,
                                           const miniracer_run_options* run, miniracer_value* result,
                                           miniracer_error** error) {
  if (value == nullptr) return Guarded(error, [&] { return MissingArgument(error, "value"); });
  return RunningFor(result, context, run, error,
                    [&](Scope& scope, miniracer_value* made) { return ToText(scope, *value, made); });
}

miniracer_status miniracer_json_parse(miniracer_context context, const miniracer_value* text, miniracer_value* result,
                                      miniracer_error** error) {
  if (text == nullptr) return Guarded(error, [&] { return MissingArgument(error, "text"); });
  return Making(result, context, error,
                [&](Scope& scope, miniracer_value* made) { return ParseJson(scope, *text, made); });
}

miniracer_status miniracer_json_stringify(miniracer_context context, const miniracer_value* value, uint32_t indent,
                                          const miniracer_run_options* run, miniracer_value* result,
                                          miniracer_error** error) {
  if (value == nullptr) return Guarded(error, [&] { return MissingArgument(error, "value"); });
  return RunningFor(result, context, run, error,
                    [&](Scope& scope, miniracer_value* made) { return StringifyJson(scope, *value, indent, made); });
}

// ---- Objects ----

miniracer_status miniracer_object_new(miniracer_context context, miniracer_value* result, miniracer_error** error) {
  return Making(result, context, error, [&](Scope& scope, miniracer_value* made) { return NewObject(scope, made); });
}

miniracer_status miniracer_array_new(miniracer_context context, const miniracer_value* elements, uint32_t count,
                                     miniracer_value* result, miniracer_error** error) {
  return Making(result, context, error,
                [&](Scope& scope, miniracer_value* made) { return NewArray(scope, elements, count, made); });
}

miniracer_status miniracer_date_new(miniracer_context context, double time, miniracer_value* result,
                                    miniracer_error** error) {
  return Making(result, context, error,
                [&](Scope& scope, miniracer_value* made) { return NewDate(scope, time, made); });
}

miniracer_status miniracer_date_get_time(miniracer_context context, miniracer_handle date, double* time,
                                         miniracer_error** error) {
  if (time == nullptr) return Guarded(error, [&] { return MissingArgument(error, "time"); });
  return InContext(context, error, [&](Scope& scope) { return DateTime(scope, date, time); });
}

miniracer_status miniracer_handle_duplicate(miniracer_handle handle, miniracer_handle* duplicate) {
  if (duplicate == nullptr) return MINIRACER_INVALID_ARGUMENT;
  if (!Id::Is(handle, IdKind::kHandle)) return MINIRACER_INVALID_HANDLE;
  return Guarded(nullptr, [&] {
    Entry entry;
    if (miniracer_status status = entry.Enter(handle); status != MINIRACER_OK) return status;
    v8::HandleScope handles(entry.isolate().v8());
    v8::Local<v8::Value> value;
    if (!entry.isolate().FindHandle(handle, &value)) return miniracer_status{MINIRACER_INVALID_HANDLE};
    miniracer_handle made = entry.isolate().NewHandle(value);
    if (made == 0) return miniracer_status{MINIRACER_TOO_MANY_HANDLES};
    *duplicate = made;
    return miniracer_status{MINIRACER_OK};
  });
}

miniracer_status miniracer_object_get_hash(miniracer_context context, miniracer_handle object, int32_t* hash,
                                           miniracer_error** error) {
  if (hash == nullptr) return Guarded(error, [&] { return MissingArgument(error, "hash"); });
  return InContext(context, error, [&](Scope& scope) { return ObjectHash(scope, object, hash); });
}

miniracer_status miniracer_object_get_class_name(miniracer_context context, miniracer_handle object,
                                                 miniracer_value* name, miniracer_error** error) {
  return Making(name, context, error,
                [&](Scope& scope, miniracer_value* made) { return ClassName(scope, object, made); });
}

miniracer_status miniracer_object_get(miniracer_context context, miniracer_handle object, const miniracer_value* key,
                                      const miniracer_run_options* run, miniracer_value* result,
                                      miniracer_error** error) {
  if (key == nullptr) return Guarded(error, [&] { return MissingArgument(error, "key"); });
  return RunningFor(result, context, run, error,
                    [&](Scope& scope, miniracer_value* made) { return GetProperty(scope, object, *key, made); });
}

miniracer_status miniracer_object_set(miniracer_context context, miniracer_handle object, const miniracer_value* key,
                                      const miniracer_value* value, const miniracer_run_options* run,
                                      miniracer_error** error) {
  if (key == nullptr || value == nullptr) {
    return Guarded(error, [&] { return MissingArgument(error, key == nullptr ? "key" : "value"); });
  }
  return Running(context, run, error, [&](Scope& scope) { return SetProperty(scope, object, *key, *value); });
}

miniracer_status miniracer_object_has(miniracer_context context, miniracer_handle object, const miniracer_value* key,
                                      const miniracer_run_options* run, int32_t* present, miniracer_error** error) {
  if (key == nullptr || present == nullptr) {
    return Guarded(error, [&] { return MissingArgument(error, key == nullptr ? "key" : "present"); });
  }
  int32_t found = 0;
  miniracer_status status =
      Running(context, run, error, [&](Scope& scope) { return HasProperty(scope, object, *key, &found); });
  if (status == MINIRACER_OK) *present = found;
  return status;
}

miniracer_status miniracer_object_delete(miniracer_context context, miniracer_handle object, const miniracer_value* key,
                                         const miniracer_run_options* run, int32_t* deleted, miniracer_error** error) {
  if (key == nullptr || deleted == nullptr) {
    return Guarded(error, [&] { return MissingArgument(error, key == nullptr ? "key" : "deleted"); });
  }
  int32_t gone = 0;
  miniracer_status status =
      Running(context, run, error, [&](Scope& scope) { return DeleteProperty(scope, object, *key, &gone); });
  if (status == MINIRACER_OK) *deleted = gone;
  return status;
}

miniracer_status miniracer_object_keys(miniracer_context context, miniracer_handle object, uint32_t flags,
                                       const miniracer_run_options* run, miniracer_value** keys, uint32_t* count,
                                       miniracer_error** error) {
  if (keys == nullptr || count == nullptr) {
    return Guarded(error, [&] { return MissingArgument(error, keys == nullptr ? "keys" : "count"); });
  }
  miniracer_value* list = nullptr;
  uint32_t length = 0;
  miniracer_status status =
      Running(context, run, error, [&](Scope& scope) { return Keys(scope, object, flags, &list, &length); });
  if (status == MINIRACER_OK) {
    *keys = list;
    *count = length;
  } else {
    miniracer_values_free(list, length);
  }
  return status;
}

miniracer_status miniracer_object_call(miniracer_context context, miniracer_handle object, const miniracer_value* key,
                                       const miniracer_value* arguments, uint32_t argument_count,
                                       const miniracer_run_options* run, miniracer_value* result,
                                       miniracer_error** error) {
  if (key == nullptr) return Guarded(error, [&] { return MissingArgument(error, "key"); });
  return RunningFor(result, context, run, error, [&](Scope& scope, miniracer_value* made) {
    return CallMethod(scope, object, *key, {arguments, argument_count}, made);
  });
}

// ---- Functions ----

miniracer_status miniracer_function_call(miniracer_context context, miniracer_handle function,
                                         const miniracer_value* this_value, const miniracer_value* arguments,
                                         uint32_t argument_count, const miniracer_run_options* run,
                                         miniracer_value* result, miniracer_error** error) {
  return RunningFor(result, context, run, error, [&](Scope& scope, miniracer_value* made) {
    return CallFunction(scope, function, this_value, {arguments, argument_count}, made);
  });
}

miniracer_status miniracer_function_construct(miniracer_context context, miniracer_handle function,
                                              const miniracer_value* arguments, uint32_t argument_count,
                                              const miniracer_run_options* run, miniracer_value* result,
                                              miniracer_error** error) {
  return RunningFor(result, context, run, error, [&](Scope& scope, miniracer_value* made) {
    return Construct(scope, function, {arguments, argument_count}, made);
  });
}

miniracer_status miniracer_function_new(miniracer_context context, const miniracer_function_options* options,
                                        miniracer_value* result, miniracer_error** error) {
  miniracer_function_options read{};
  miniracer_status status = Guarded(error, [&] {
    std::string problem;
    if (options == nullptr) return MissingArgument(error, "options");
    miniracer_status outcome = ReadStruct(options, &read, "options", &problem);
    if (outcome != MINIRACER_OK) return Report(error, outcome, problem);
    if (result == nullptr) return MissingArgument(error, "result");
    if (read.callback == nullptr) return MissingArgument(error, "options.callback");
    if (read.length < 0) return Report(error, MINIRACER_INVALID_ARGUMENT, "options.length: negative");
    constexpr uint32_t kKnown = MINIRACER_FUNCTION_RECEIVER | MINIRACER_FUNCTION_CONSTRUCTOR;
    if ((read.flags & ~kKnown) != 0) return UnknownFlags(error, "options.flags", read.flags & ~kKnown);
    return Making(result, context, error,
                  [&](Scope& scope, miniracer_value* made) { return NewFunction(scope, read, made); });
  });
  if (status != MINIRACER_OK && read.finalize != nullptr) CallHost(read.finalize, read.userdata);
  return status;
}

miniracer_status miniracer_call_return(miniracer_call* call, const miniracer_value* value) {
  if (value == nullptr) return MINIRACER_INVALID_ARGUMENT;
  return Guarded(nullptr, [&] { return CallReturn(call, *value); });
}

miniracer_status miniracer_call_throw(miniracer_call* call, const miniracer_value* thrown) {
  if (thrown == nullptr) return MINIRACER_INVALID_ARGUMENT;
  return Guarded(nullptr, [&] { return CallThrow(call, *thrown); });
}

miniracer_status miniracer_call_throw_error(miniracer_call* call, uint32_t constructor, const miniracer_value* name,
                                            const miniracer_value* message, void* host_error,
                                            miniracer_finalizer finalize) {
  miniracer_status status =
      Guarded(nullptr, [&] { return CallThrowError(call, {constructor, name, message, host_error, finalize}); });
  if (status != MINIRACER_OK && finalize != nullptr) CallHost(finalize, host_error);
  return status;
}

}  // extern "C"
