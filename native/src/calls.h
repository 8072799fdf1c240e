// The frames that every function of the interface is put into: they check, enter the isolate, call the noun's body, and
// turn every failure into a status with a record. No C++ exception gets past.
#pragma once

#include <string.h>

#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <system_error>

#include "boundary.h"
#include "errors.h"
#include "isolate.h"
#include "miniracer.h"
#include "modules.h"
#include "platform.h"
#include "promises.h"
#include "scope.h"
#include "values.h"

namespace miniracer {

inline miniracer_status Report(miniracer_error** error, miniracer_status status, std::string_view problem = {}) {
  ReportProblem(error, status, problem);
  return status;
}

// What every function here is wrapped in.
template <class Body>
miniracer_status Guarded(miniracer_error** error, Body&& body) noexcept {
  Boundary boundary(error);
  if (_setjmp(boundary.place()) != 0) return boundary.Arrive();
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return MINIRACER_HOST_OUT_OF_MEMORY;
  } catch (const std::system_error&) {
    try {
      return Report(error, MINIRACER_HOST_OUT_OF_MEMORY, "the system gives the process no more threads");
    } catch (...) {
      return MINIRACER_HOST_OUT_OF_MEMORY;
    }
  } catch (const std::exception& e) {
    try {
      return Report(error, MINIRACER_INTERNAL, e.what());
    } catch (...) {
      return MINIRACER_INTERNAL;
    }
  } catch (...) {
    return MINIRACER_INTERNAL;
  }
}

// No struct will ever be larger.
constexpr uint32_t kLargestStruct = 1 << 16;

// Reads a growing struct of the host's, of its time, into one of ours. See rule 7 of the header.
template <class Struct>
miniracer_status ReadStruct(const Struct* from, Struct* to, const char* what, std::string* problem) {
  if (from == nullptr) return MINIRACER_OK;
  uint32_t size = from->struct_size;
  if (size < sizeof(uint32_t) || size > kLargestStruct) {  // never set: what follows may not even be memory
    *problem = std::string(what) + ": struct_size is " + std::to_string(size) + ", set it to the struct's sizeof";
    return MINIRACER_INVALID_ARGUMENT;
  }
  memcpy(static_cast<void*>(to), from, size < sizeof(Struct) ? size : sizeof(Struct));
  auto* bytes = reinterpret_cast<const unsigned char*>(from);
  for (uint32_t i = sizeof(Struct); i < size; ++i) {
    if (bytes[i] == 0) continue;
    *problem = std::string(what) + ": unknown field at byte " + std::to_string(i) + ": this binary knows " +
               std::to_string(sizeof(Struct)) + " bytes (ABI " + std::to_string(MINIRACER_ABI_VERSION) + ")";
    return MINIRACER_UNKNOWN_FIELD;
  }
  return MINIRACER_OK;
}

// Writes a struct of ours into the host's, of its time.
template <class Struct>
miniracer_status WriteStruct(Struct& from, Struct* to) {
  if (to == nullptr || to->struct_size < sizeof(uint32_t)) return MINIRACER_INVALID_ARGUMENT;
  uint32_t size = to->struct_size < sizeof(Struct) ? to->struct_size : static_cast<uint32_t>(sizeof(Struct));
  from.struct_size = size;
  memcpy(static_cast<void*>(to), &from, size);
  return MINIRACER_OK;
}

inline miniracer_status UnknownFlags(miniracer_error** error, const char* what, uint32_t flags) {
  return Report(error, MINIRACER_UNKNOWN_FLAG, std::string(what) + ": unknown bits " + std::to_string(flags));
}

inline miniracer_status MissingArgument(miniracer_error** error, const char* name) {
  return Report(error, MINIRACER_INVALID_ARGUMENT, std::string(name) + ": NULL");
}

// The context behind an identity, for a thread that is inside its isolate.
inline miniracer_status FindContext(Isolate& isolate, miniracer_context id, ContextEntry** entry) {
  if (!Id::Is(id, IdKind::kContext)) return MINIRACER_INVALID_HANDLE;
  *entry = isolate.contexts.Find(Id::Generation(id), Id::Index(id));
  return *entry == nullptr ? MINIRACER_CLOSED : MINIRACER_OK;
}

inline miniracer_status WrongContext(miniracer_error** error, miniracer_status status) {
  return Report(error, status, status == MINIRACER_INVALID_HANDLE ? "context: not a context" : "");
}

// Where no exception was caught.
inline miniracer_status ReportFailure(Scope& scope, miniracer_error** error, miniracer_status status) {
  if (scope.rejection.IsEmpty()) return Report(error, status, scope.problem);
  ReportRejection(scope, error, scope.rejection);
  return status;
}

// For functions that cannot run guest code.
template <class Body>
miniracer_status InContext(miniracer_context id, miniracer_error** error, Body&& body) noexcept {
  return Guarded(error, [&] {
    Entry entry;
    miniracer_status status = entry.Enter(id);
    if (status != MINIRACER_OK) return WrongContext(error, status);
    Isolate& isolate = entry.isolate();
    if (status = isolate.limits.ending(); status != MINIRACER_OK) return Report(error, status);
    v8::HandleScope handles(isolate.v8());
    ContextEntry* found;
    if (status = FindContext(isolate, id, &found); status != MINIRACER_OK) return WrongContext(error, status);
    Scope scope{isolate, isolate.v8(), found->context.Get(isolate.v8()), id, found, {}};
    v8::Context::Scope entered(scope.context);
    v8::TryCatch caught(scope.v8);
    status = body(scope);
    if (status == MINIRACER_OK) return status;
    if (caught.HasCaught() && !caught.HasTerminated()) {
      ReportException(scope, error, status, caught);
      return status;
    }
    return ReportFailure(scope, error, status);
  });
}

inline bool Terminated(const v8::TryCatch& caught, v8::Isolate* v8) {
  return caught.HasTerminated() || (caught.HasCaught() && v8->IsExecutionTerminating());
}

// What the outermost run does before it returns: promise reactions, and tasks of the engine that are due. False when the
// run was ended in it; other exceptions cannot come out.
inline bool RunPending(Isolate& isolate, const v8::TryCatch& caught, bool microtasks) {
  if (microtasks) isolate.v8()->PerformMicrotaskCheckpoint();
  if (isolate.tasks->MayHaveWork() && !caught.HasTerminated()) {
    if (!isolate.tasks->RunDue(isolate.v8(), isolate.limits)) return false;
    if (microtasks) isolate.v8()->PerformMicrotaskCheckpoint();
  }
  if (!microtasks) {
    isolate.loop->Notify(0);  // a turn will run them
  } else if (isolate.unhandled.pending() && !caught.HasTerminated()) {
    isolate.unhandled.ReportRejections(isolate);
    if (isolate.limits.ending() == MINIRACER_OK) isolate.v8()->PerformMicrotaskCheckpoint();
  }
  if (isolate.modules_ended) {
    if (isolate.limits.ending() != MINIRACER_OK) return false;  // V8 did not notice: see PutOff
    isolate.loop->Notify(0);                                    // a nested run was ended: the next one goes on
  }
  return !caught.HasCaught() || !Terminated(caught, isolate.v8());
}

// Checks what the host asked for; `copy` is where a struct of another time is read into.
inline miniracer_status ReadRunOptions(const miniracer_run_options** run, miniracer_run_options* copy,
                                       miniracer_error** error) {
  if (*run == nullptr) return MINIRACER_OK;
  if ((*run)->struct_size != sizeof(miniracer_run_options)) {
    *copy = {};
    std::string problem;
    miniracer_status status = ReadStruct(*run, copy, "run", &problem);
    if (status != MINIRACER_OK) return Report(error, status, problem);
    copy->struct_size = sizeof *copy;  // it may be read again
    *run = copy;
  }
  return (*run)->flags == 0 ? MINIRACER_OK : UnknownFlags(error, "run.flags", (*run)->flags);
}

// Imports whose next step a run takes along as it is ended go on in the next one, but for those that promise reactions began.
// Where the run is a nested one, those belong to the one around it, which goes on.
inline void ImportsCutOff(Isolate& isolate, const Run& run) {
  isolate.modules_ended = false;
  isolate.contexts.Any([&](ContextEntry& entry) {
    if (entry.modules == nullptr) return false;
    if (run.outermost()) entry.modules->EndWith(isolate.limits.run_number());
    isolate.modules_ended |= entry.modules->importing();
    return false;
  });
  if (isolate.modules_ended) isolate.loop->Notify(0);
}

// Throws the promise reactions away that a run left behind when it was ended: they are its own, and no later run is to be
// held up by them. V8 drops its queue when it is terminated while at it.
inline void DropMicrotasks(v8::Isolate* v8) {
  v8::TryCatch caught(v8);
  v8->TerminateExecution();
  v8->PerformMicrotaskCheckpoint();
}

// What a run leaves behind that was ended, and has or would have run microtasks.
inline void CleanUpEnded(Isolate& isolate, const Run& run) {
  bool held = HoldWatches(isolate);  // before anything can be collected
  ImportsCutOff(isolate, run);
  if (run.outermost() && !isolate.explicit_microtasks()) DropMicrotasks(isolate.v8());
  if (held) TellHeld(isolate);
}

// A run that was ended: says why.
inline miniracer_status Ended(Scope& scope, const Run& run, miniracer_error** error) {
  if (run.outermost()) CleanUpEnded(scope.isolate, run);
  miniracer_status reason = run.reason();
  return Report(error, reason == MINIRACER_OK ? MINIRACER_INTERNAL : reason);
}

// One run of `body`, and of what it leaves pending.
template <class Body>
miniracer_status Execute(Scope& scope, const RunLimits& limits, miniracer_error** error, Body&& body) {
  Run run(scope.isolate.limits, limits);
  if (run.status_at_start() != MINIRACER_OK) return Report(error, run.status_at_start());
  ++scope.isolate.host_turns;
  bool microtasks = !scope.isolate.explicit_microtasks();
  v8::TryCatch caught(scope.v8);
  if (scope.isolate.modules_ended && run.outermost()) Modules::GoOn(scope.isolate);
  miniracer_status status = body(scope);
  if (status == MINIRACER_OK) {
    bool done = !run.outermost() || RunPending(scope.isolate, caught, microtasks);
    return done ? status : Ended(scope, run, error);
  }
  if (scope.terminated || Terminated(caught, scope.v8)) return Ended(scope, run, error);
  // The guest was denied a buffer at the limit, and did not get as far as being ended for it.
  if (scope.isolate.TakeDenied()) return Report(error, MINIRACER_OUT_OF_MEMORY);
  if (caught.HasCaught()) {
    // There was too little stack to compile with: the text may be right.
    if (status == MINIRACER_SYNTAX_ERROR && IsRangeError(scope.v8, caught.Exception())) status = MINIRACER_EXCEPTION;
    ReportException(scope, error, status, caught);
  } else {
    ReportFailure(scope, error, status);
  }
  // An exception leaves promise reactions behind as well; if they are cut off, that is what the host must know.
  v8::TryCatch pending(scope.v8);
  if (!run.outermost() || RunPending(scope.isolate, pending, microtasks)) return status;
  if (error != nullptr) {
    FreeError(*error);
    *error = nullptr;
  }
  return Ended(scope, run, error);
}

// For functions that can run guest code.
template <class Body>
miniracer_status Running(miniracer_context id, const miniracer_run_options* options, miniracer_error** error,
                         Body&& body) noexcept {
  return Guarded(error, [&] {
    const miniracer_run_options* run = options;
    miniracer_run_options copy;
    miniracer_status status = ReadRunOptions(&run, &copy, error);
    if (status != MINIRACER_OK) return status;
    Entry entry;
    RunLimits limits;
    if (run != nullptr) limits.cancel = run->cancel;
    status = entry.Enter(id, run != nullptr ? run->timeout : 0, &limits.deadline, limits.cancel);
    if (status != MINIRACER_OK) return WrongContext(error, status);
    Isolate& isolate = entry.isolate();
    v8::HandleScope handles(isolate.v8());
    ContextEntry* found;
    if (status = FindContext(isolate, id, &found); status != MINIRACER_OK) return WrongContext(error, status);
    Scope scope{isolate, isolate.v8(), found->context.Get(isolate.v8()), id, found, {}};
    v8::Context::Scope entered(scope.context);
    ConsoleTurn turn(isolate);
    limits.cpu_time = entry.CpuTime(run != nullptr ? run->cpu_time : 0);
    status = Execute(scope, limits, error, body);
    if (!isolate.limits.running()) isolate.AfterRun();
    return status;
  });
}

// The same for functions with a value as their result, which the host gets only on success.
template <class Body>
miniracer_status RunningFor(miniracer_value* result, miniracer_context id, const miniracer_run_options* options,
                            miniracer_error** error, Body&& body) noexcept {
  if (result == nullptr) return Guarded(error, [&] { return MissingArgument(error, "result"); });
  miniracer_value made{};
  miniracer_status status = Running(id, options, error, [&](Scope& scope) { return body(scope, &made); });
  if (status == MINIRACER_OK) {
    *result = made;
  } else {
    Release(&made, 1);
  }
  return status;
}

// The same for functions that cannot run guest code.
template <class Body>
miniracer_status Making(miniracer_value* result, miniracer_context id, miniracer_error** error, Body&& body) noexcept {
  if (result == nullptr) return Guarded(error, [&] { return MissingArgument(error, "result"); });
  miniracer_value made{};
  miniracer_status status = InContext(id, error, [&](Scope& scope) { return body(scope, &made); });
  if (status == MINIRACER_OK) {
    *result = made;
  } else {
    Release(&made, 1);
  }
  return status;
}

// For functions on an isolate that cannot run guest code.
template <class Body>
miniracer_status InIsolate(miniracer_isolate id, miniracer_error** error, Body&& body) noexcept {
  return Guarded(error, [&] {
    if (!Id::Is(id, IdKind::kIsolate)) return Report(error, MINIRACER_INVALID_HANDLE, "isolate: not an isolate");
    Entry entry;
    miniracer_status status = entry.Enter(id);
    if (status != MINIRACER_OK) return Report(error, status);
    v8::HandleScope handles(entry.isolate().v8());
    status = body(entry.isolate());
    return status == MINIRACER_OK ? status : Report(error, status);
  });
}

}  // namespace miniracer
