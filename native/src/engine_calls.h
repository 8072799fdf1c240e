// What V8's library asks of the C library where that decides over the process: which locks a thread holds for it, what it
// prints and how it aborts. Its calls go through a table in its own data, which is pointed here when the engine starts;
// nothing else in the process is touched.
#pragma once

#include <cstddef>
#include <cstdint>

namespace miniracer {

namespace EngineCalls {

// Before V8 is initialised. False where the library's table cannot be changed: then nothing is watched, V8's fatal errors
// end the process as V8 wants, and no run is cut off.
bool Watch();

// Whether an address is in the code of V8's library.
bool InEngine(uintptr_t address);

// Whether the calling thread holds locks of the engine's, or does what must not be cut off; see Uncut.
bool HoldsLocks();

// Gives back all that the calling thread holds, and ends what it is in the midst of.
void ReleaseLocks();

// What V8 printed last on stderr on this thread, which was kept from there: why it aborts. NUL-terminated.
const char* LastWords();

// While one is there, its thread is not to be cut off. To be had around locks of ours under which V8 is called.
struct Uncut {
  Uncut();
  ~Uncut();
};

}  // namespace EngineCalls

}  // namespace miniracer
