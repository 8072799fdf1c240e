// The extern "C" boundary of promises and the event loop. See abi.cc.
#include "calls.h"
#include "host_code.h"
#include "host_errors.h"
#include "isolate.h"
#include "loop.h"
#include "miniracer.h"
#include "promises.h"
#include "turn.h"

using namespace miniracer;  // NOLINT: this file is the boundary

extern "C" {

// ---- Promises ----

miniracer_status miniracer_promise_new(miniracer_context context, miniracer_value* promise, miniracer_error** error) {
  return Making(promise, context, error, [](Scope& scope, miniracer_value* made) { return NewPromise(scope, made); });
}

miniracer_status miniracer_promise_settle(miniracer_context context, miniracer_handle promise, uint32_t state,
                                          const miniracer_value* value, const miniracer_run_options* run,
                                          miniracer_error** error) {
  if (value == nullptr) return Guarded(error, [&] { return MissingArgument(error, "value"); });
  return Running(context, run, error, [&](Scope& scope) {
    if (state != MINIRACER_PROMISE_FULFILLED && state != MINIRACER_PROMISE_REJECTED) {
      return scope.Fail(MINIRACER_INVALID_ARGUMENT, "state: neither fulfilled nor rejected");
    }
    v8::Local<v8::Promise::Resolver> resolver;
    miniracer_status status = ResolveUnsettled(scope, promise, &resolver);
    v8::Local<v8::Value> converted;
    if (status == MINIRACER_OK) status = ToJs(scope, *value, "value", &converted);
    if (status != MINIRACER_OK) return status;
    return Settle(scope, resolver, state == MINIRACER_PROMISE_FULFILLED, converted);
  });
}

miniracer_status miniracer_promise_reject_error(miniracer_context context, miniracer_handle promise,
                                                uint32_t constructor, const miniracer_value* name,
                                                const miniracer_value* message, void* host_error,
                                                miniracer_finalizer finalize, const miniracer_run_options* run,
                                                miniracer_error** error) {
  bool taken = false;
  miniracer_status status = Running(context, run, error, [&](Scope& scope) {
    v8::Local<v8::Promise::Resolver> resolver;
    miniracer_status outcome = ResolveUnsettled(scope, promise, &resolver);
    if (outcome != MINIRACER_OK) return outcome;
    v8::Local<v8::Value> reason;
    outcome = NewHostError(scope, {constructor, name, message, host_error, finalize}, &reason);
    if (outcome != MINIRACER_OK) return outcome;
    taken = true;
    return Settle(scope, resolver, false, reason);
  });
  if (!taken && finalize != nullptr) CallHost(finalize, host_error);
  return status;
}

miniracer_status miniracer_promise_get_state(miniracer_context context, miniracer_handle promise, uint32_t* state,
                                             miniracer_value* result, miniracer_error** error) {
  if (state == nullptr) return Guarded(error, [&] { return MissingArgument(error, "state"); });
  miniracer_value made{};
  uint32_t found = 0;
  miniracer_status status =
      InContext(context, error, [&](Scope& scope) { return PromiseState(scope, promise, &found, &made); });
  if (status == MINIRACER_OK) *state = found;
  if (status == MINIRACER_OK && result != nullptr) {
    *result = made;
  } else {
    Release(&made, 1);
  }
  return status;
}

miniracer_status miniracer_promise_watch(miniracer_context context, miniracer_handle promise, miniracer_settled settled,
                                         void* userdata, miniracer_finalizer finalize, const miniracer_run_options* run,
                                         miniracer_error** error) {
  bool taken = false;
  miniracer_status status = MINIRACER_INVALID_ARGUMENT;
  if (settled == nullptr) {
    status = Guarded(error, [&] { return MissingArgument(error, "settled"); });
  } else {
    status = Running(context, run, error, [&](Scope& scope) {
      miniracer_status outcome = WatchPromise(scope, promise, settled, userdata, finalize);
      taken = outcome == MINIRACER_OK;
      return outcome;
    });
  }
  if (!taken && finalize != nullptr) CallHost(finalize, userdata);
  return status;
}

miniracer_status miniracer_promise_wait(miniracer_context context, miniracer_handle promise,
                                        const miniracer_run_options* run, miniracer_value* result,
                                        miniracer_error** error) {
  return Guarded(error, [&] { return WaitForPromise(context, promise, run, result, error); });
}

// ---- The event loop ----

miniracer_status miniracer_isolate_run_pending(miniracer_isolate isolate, const miniracer_run_options* run,
                                               uint64_t* next, miniracer_error** error) {
  return Guarded(error, [&] { return RunTurn(isolate, run, next, error); });
}

miniracer_status miniracer_isolate_set_wake(miniracer_isolate isolate, miniracer_wake wake, void* userdata,
                                            miniracer_finalizer finalize) {
  // Finalizes where something fails, too.
  return Guarded(nullptr, [&]() -> miniracer_status {
    auto callback = std::make_shared<WakeCallback>(wake, userdata, finalize);
    if (!Id::Is(isolate, IdKind::kIsolate)) return MINIRACER_INVALID_HANDLE;
    std::shared_ptr<Loop> loop;
    if (miniracer_status status = Isolates::FindLoop(isolate, &loop); status != MINIRACER_OK) return status;
    if (loop->background() && wake != nullptr) return MINIRACER_INVALID_ARGUMENT;
    if (wake == nullptr) {
      loop->SetWake(nullptr);
    } else {
      loop->SetWake(std::move(callback));
    }
    return MINIRACER_OK;
  });
}

miniracer_status miniracer_isolate_post(miniracer_isolate isolate, miniracer_finalizer task, void* userdata,
                                        miniracer_finalizer finalize) {
  return Guarded(nullptr, [&]() -> miniracer_status {
    auto posted = std::make_shared<PostedTask>(task, userdata, finalize);
    if (task == nullptr) return MINIRACER_INVALID_ARGUMENT;
    if (!Id::Is(isolate, IdKind::kIsolate)) return MINIRACER_INVALID_HANDLE;
    std::shared_ptr<Loop> loop;
    if (miniracer_status status = Isolates::FindLoop(isolate, &loop); status != MINIRACER_OK) return status;
    return loop->Post(std::move(posted)) ? MINIRACER_OK : MINIRACER_CLOSED;
  });
}

miniracer_status miniracer_isolate_set_unhandled(miniracer_isolate isolate, miniracer_unhandled unhandled,
                                                 void* userdata, miniracer_finalizer finalize) {
  miniracer_status status = InIsolate(isolate, nullptr, [&](Isolate& inside) {
    inside.unhandled.SetHandler(inside, unhandled, userdata, finalize);
    return MINIRACER_OK;
  });
  if ((status != MINIRACER_OK || unhandled == nullptr) && finalize != nullptr) CallHost(finalize, userdata);
  return status;
}

miniracer_status miniracer_library_drain(uint64_t timeout) {
  uint64_t deadline = timeout == MINIRACER_NO_TIMEOUT ? kNoDeadline : After(timeout);
  return Loops::Drain(deadline);
}

}  // extern "C"
