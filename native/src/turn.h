// Turns of an isolate's event loop, and waiting for what they bring.
#pragma once

#include "miniracer.h"

namespace miniracer {

class Loop;

// See miniracer_isolate_run_pending.
miniracer_status RunTurn(miniracer_isolate isolate, const miniracer_run_options* run, uint64_t* next,
                         miniracer_error** error);

// The same by the library's own thread: each thing has the isolate's default timeout, and what goes wrong is told to the
// isolate's handler.
void RunBackgroundTurn(miniracer_isolate isolate, Loop& loop);

// See miniracer_promise_wait.
miniracer_status WaitForPromise(miniracer_context context, miniracer_handle promise, const miniracer_run_options* run,
                                miniracer_value* result, miniracer_error** error);

}  // namespace miniracer
