// Faults of V8's own that damage nothing: it ran out of its thread's stack, which it does not look at everywhere, or went to
// an address that nobody has. The isolate dies of them, as of all that V8 cannot go on after.
//
// The signal is the process's. What is not such a fault is left to whoever had the signal before, as if nobody else did.
#pragma once

#include <cstdint>

namespace miniracer::Faults {

// Takes SIGSEGV. Before the first run; once.
void Start();

// Before a thread's first run: the handler needs a stack where the thread, whose own begins at `low`, has none left.
void LetIn(uintptr_t low);

}  // namespace miniracer::Faults
