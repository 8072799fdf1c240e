// How a thread is brought back from where the engine does not look up.
//
// Some built-in functions go through billions of elements without ever asking whether their run is to be ended. The thread
// is sent a signal, whose handler jumps to the thread's Boundary: only where the thread runs guest code of a run that is
// being cut off, is in the engine's code just then and not in the C library's or the host's, and holds no lock that
// others could wait for. Of the C library, memset and its like alone count as the engine's code that called them: they hold
// nothing, and V8 spends its time in them. Else the thread goes on, and is asked again a little later.
#pragma once

#include <cstdint>

namespace miniracer::CutOffs {

// Why an isolate died of it.
inline constexpr const char* kReason = "a run did not end when told to, and was cut off";

// Takes a real-time signal that nobody in the process has. False where there is none: nothing is cut off then.
bool Start();

// Before a thread's first run: some hosts' threads (libdispatch's, for one) block all signals.
void LetIn();

// Nothing where the host has taken the signal's handler away.
void Signal(int32_t thread);

// For the thread itself, where V8 calls us anyway: the same without a signal. A built-in may be in V8's own code for so short a
// time, between calls of ICU say, that no signal ever meets it there.
void Look();

}  // namespace miniracer::CutOffs
