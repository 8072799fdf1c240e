// One thread for the process that keeps all deadlines. It sleeps until the earliest of those that were there when it last
// looked; arming a later one therefore costs a comparison.
#pragma once

#include <cstdint>
#include <memory>

namespace miniracer {

class Limits;
class Loop;

namespace Watchdog {

// `limits` must be dropped before it goes away; dropping waits for a look at it to end, a few microseconds.
void Watch(Limits* limits);
void Drop(Limits* limits);

// Has the thread look at all of them at `deadline`, in Now()'s clock. Called after a deadline was stored, and with 0 after
// something is to be told to the host. Not under the lock of a Limits.
void Arm(uint64_t deadline);

// A loop that wants its thread where there is none to be had: tried again until there is. False where there is no
// memory to remember it.
bool AwaitThread(const std::shared_ptr<Loop>& loop);

void RestartAfterFork();

}  // namespace Watchdog

}  // namespace miniracer
