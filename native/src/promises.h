// Promises: those the host settles, and what the host is told of any.
#pragma once

#include "miniracer.h"
#include "scope.h"

namespace miniracer {

miniracer_status NewPromise(Scope& scope, miniracer_value* promise);

// A promise of NewPromise's that is not settled yet.
miniracer_status ResolveUnsettled(Scope& scope, miniracer_handle handle, v8::Local<v8::Promise::Resolver>* promise);
// `fulfil`: by `resolve`, which adopts thenables; else by `reject`.
miniracer_status Settle(Scope& scope, v8::Local<v8::Promise::Resolver> promise, bool fulfil,
                        v8::Local<v8::Value> value);

miniracer_status PromiseState(Scope& scope, miniracer_handle handle, uint32_t* state, miniracer_value* result);

// Takes over the userdata if it succeeds. `waited`: FindWaited gives it from then on.
miniracer_status WatchPromise(Scope& scope, miniracer_handle handle, miniracer_settled settled, void* userdata,
                              miniracer_finalizer finalize, bool waited = false);
// The userdata of such a watch of a promise that is pending; or null.
void* FindWaited(Scope& scope, miniracer_handle handle);

// Microtasks are lost with the run that is ended in them, and with them what would have told that a promise is settled. To
// be asked as soon as a run was ended: keeps what is told of promises that are settled. False when there is nothing to tell.
bool HoldWatches(Isolate& isolate);
// Has the next run tell it.
void TellHeld(Isolate& isolate);

// The outcome of a promise, if it is no longer pending: its value, or EXCEPTION and the scope's rejection. Sets *settled.
miniracer_status PromiseOutcome(Scope& scope, miniracer_handle handle, bool* settled, miniracer_value* result);

}  // namespace miniracer
