// What each status is called, and what it means.
#include "errors.h"

namespace miniracer {
namespace {

struct StatusText {
  miniracer_status status;
  const char* name;
  const char* meaning;
};

constexpr StatusText kStatuses[] = {
    {MINIRACER_OK, "ok", "success"},
    {MINIRACER_INVALID_ARGUMENT, "invalid_argument", "an argument is NULL or out of range"},
    {MINIRACER_INVALID_HANDLE, "invalid_handle", "not a live handle of this isolate"},
    {MINIRACER_INVALID_TEXT, "invalid_text", "ill-formed UTF-8"},
    {MINIRACER_WRONG_TYPE, "wrong_type", "the object cannot do this"},
    {MINIRACER_UNKNOWN_FIELD, "unknown_field", "a struct carries fields that this binary does not know"},
    {MINIRACER_UNKNOWN_FLAG, "unknown_flag", "a flag that this binary does not know"},
    {MINIRACER_TOO_LATE, "too_late", "V8 runs already"},
    {MINIRACER_TOO_LARGE, "too_large", "more than the engine can hold"},
    {MINIRACER_NOT_LOCKED, "not_locked", "the thread does not hold this lock, or holds another one taken since"},
    {MINIRACER_NOT_SUPPORTED, "not_supported", "not supported by this binary"},
    {MINIRACER_WOULD_DEADLOCK, "would_deadlock", "waiting, inside of JavaScript, for JavaScript that runs after it"},
    {MINIRACER_EXCEPTION, "exception", "an uncaught exception"},
    {MINIRACER_SYNTAX_ERROR, "syntax_error", "the source text did not compile"},
    {MINIRACER_TIMEOUT, "timeout", "the run took longer than its timeout"},
    {MINIRACER_CPU_TIME, "cpu_time", "the run used up its CPU time"},
    {MINIRACER_OUT_OF_MEMORY, "out_of_memory", "the run reached the heap limit"},
    {MINIRACER_CANCELLED, "cancelled", "the run was cancelled"},
    {MINIRACER_TOO_MANY_HANDLES, "too_many_handles", "the isolate has as many live handles as it can"},
    {MINIRACER_NOT_INITIALIZED, "not_initialized", "miniracer_init has not been called"},
    {MINIRACER_CLOSED, "closed", "the isolate or context is closed"},
    {MINIRACER_FORKED, "forked", "the isolate belongs to the process that forked this one"},
    {MINIRACER_ENGINE_DEAD, "engine_dead", "V8 gave this isolate up"},
    {MINIRACER_INTERNAL, "internal", "an internal error of the library"},
    {MINIRACER_HOST_OUT_OF_MEMORY, "host_out_of_memory", "the process is out of memory"},
};

const StatusText* Find(miniracer_status status) {
  for (const StatusText& text : kStatuses) {
    if (text.status == status) return &text;
  }
  return nullptr;
}

}  // namespace

const char* StatusName(miniracer_status status) {
  const StatusText* found = Find(status);
  return found != nullptr ? found->name : "unknown";
}

const char* StatusMeaning(miniracer_status status) {
  const StatusText* found = Find(status);
  return found != nullptr ? found->meaning : "unknown status";
}

}  // namespace miniracer
