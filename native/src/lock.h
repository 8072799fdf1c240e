// An isolate's lock: recursive, with a deadline. It stands in for v8::Locker, which costs three times as much a call.
#pragma once

#include <pthread.h>
#include <sched.h>
#include <time.h>

#include <atomic>
#include <cstdint>

#include "thread.h"

namespace miniracer {

class Lock {
 public:
  static constexpr uint64_t kForever = UINT64_MAX;

  bool HeldByThisThread() const { return owner_.load(std::memory_order_relaxed) == ThisThread(); }

  // Waits until `deadline` (Now()'s clock). False when it passed. Not for a thread that holds it.
  bool Acquire(uint64_t deadline) {
    if (deadline == kForever) {
      pthread_mutex_lock(&mutex_);
    } else if (pthread_mutex_trylock(&mutex_) != 0) {
#ifdef __SANITIZE_THREAD__  // whose run-time does not know pthread_mutex_clocklock
      while (pthread_mutex_trylock(&mutex_) != 0) {
        if (Now() >= deadline) return false;
        sched_yield();
      }
#else
      timespec until{static_cast<time_t>(deadline / 1'000'000'000), static_cast<long>(deadline % 1'000'000'000)};
      if (pthread_mutex_clocklock(&mutex_, CLOCK_MONOTONIC, &until) != 0) return false;
#endif
    }
    owner_.store(ThisThread(), std::memory_order_relaxed);
    return true;
  }

  bool TryAcquire() {
    if (pthread_mutex_trylock(&mutex_) != 0) return false;
    owner_.store(ThisThread(), std::memory_order_relaxed);
    return true;
  }

  void Release() {
    owner_.store(0, std::memory_order_relaxed);
    pthread_mutex_unlock(&mutex_);
  }

 private:
  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
  std::atomic<uintptr_t> owner_{0};
};

}  // namespace miniracer
