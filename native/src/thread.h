// What the library needs to know about the calling thread.
#pragma once

#include <signal.h>
#include <time.h>

#include <cstdint>

namespace miniracer {

// A number that no other thread has or ever had: a thread may end with a lock, and the next one have its memory.
extern constinit thread_local uint64_t this_thread __attribute__((tls_model("initial-exec")));
uint64_t NumberThisThread();
inline uint64_t ThisThread() { return this_thread != 0 ? this_thread : NumberThisThread(); }

// The calling thread's number as the system knows it (gettid), asked before its first run.
int32_t FindThreadNumber();
extern constinit thread_local int32_t thread_number __attribute__((tls_model("initial-exec")));
inline int32_t ThreadNumber() { return thread_number != 0 ? thread_number : FindThreadNumber(); }

// The lowest stack address that guest code may reach on the calling thread: the end of its stack plus a reserve for what
// V8 and host functions do after the last check. `budget` caps the distance from here; 0 means no cap.
uintptr_t StackLimit(uint64_t budget);

// Whether the calling thread has used up most of that reserve.
bool StackIsAtItsEnd();

// While threads of ours are started: they inherit the mask, and signals are for the host's threads to take.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_;
};

// What a clock of the system's shows, in nanoseconds; 0 where there is no such clock.
uint64_t TimeOf(clockid_t clock);

inline uint64_t Now() { return TimeOf(CLOCK_MONOTONIC); }

// Now() + duration; UINT64_MAX, which is never, where that is beyond what the system's clocks can count to.
inline uint64_t After(uint64_t duration) {
  uint64_t now = Now();
  return duration > static_cast<uint64_t>(INT64_MAX) - now ? UINT64_MAX : now + duration;
}

}  // namespace miniracer
