// An isolate's lock: recursive, with a deadline. It stands in for v8::Locker, which costs three times as much a call.
#pragma once

#include <pthread.h>
#include <sched.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "linked.h"
#include "miniracer.h"
#include "thread.h"

namespace miniracer {

class Lock {
 public:
  static constexpr uint64_t kForever = UINT64_MAX;

  bool HeldByThisThread() const { return owner_.load(std::memory_order_relaxed) == ThisThread(); }

  // One who waits and can be cancelled.
  struct Waiter {
    const uint32_t* cancel;  // as in miniracer_run_options
    std::atomic<bool> cancelled{false};
    Link<Waiter> link{};
    bool Cancelled() const {
      return cancelled.load(std::memory_order_relaxed) || __atomic_load_n(cancel, __ATOMIC_SEQ_CST) != 0;
    }
  };

  // Waits until `deadline` (Now()'s clock), or until `waiter`, if it is given, is cancelled: TIMEOUT, CANCELLED. Not for a
  // thread that holds it.
  miniracer_status Acquire(uint64_t deadline, const Waiter* waiter) {
    if (pthread_mutex_trylock(&mutex_) != 0) {
      waiting_.fetch_add(1, std::memory_order_relaxed);
      miniracer_status status = waiter == nullptr ? Wait(deadline) : WaitOrCancel(deadline, *waiter);
      waiting_.fetch_sub(1, std::memory_order_relaxed);
      if (status != MINIRACER_OK) return status;
    }
    owner_.store(ThisThread(), std::memory_order_relaxed);
    return MINIRACER_OK;
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

  bool HasWaiters() const { return waiting_.load(std::memory_order_relaxed) != 0; }

  // For a thread that has just released it and would have it again at once: those who wait are woken, and one of them comes
  // first, if it does so in time.
  void LetOthersIn() const {
    uint32_t waiting = waiting_.load(std::memory_order_relaxed);
    if (waiting == 0) return;
    constexpr timespec kMoment{0, 50'000};
    for (uint64_t until = Now() + 100'000'000; Now() < until; nanosleep(&kMoment, nullptr)) {
      if (waiting_.load(std::memory_order_relaxed) < waiting) return;
    }
  }

 private:
  // The mutex cannot be told of it.
  miniracer_status WaitOrCancel(uint64_t deadline, const Waiter& waiter) {
    constexpr uint64_t kLook = 5'000'000;
    for (;;) {
      if (waiter.Cancelled()) return MINIRACER_CANCELLED;
      uint64_t look = Now() + kLook;
      if (Wait(std::min(look, deadline)) == MINIRACER_OK) return MINIRACER_OK;
      if (deadline <= look) return MINIRACER_TIMEOUT;
    }
  }

  miniracer_status Wait(uint64_t deadline) {
    if (deadline == kForever) {
      pthread_mutex_lock(&mutex_);
      return MINIRACER_OK;
    }
#ifdef __SANITIZE_THREAD__  // whose run-time does not know pthread_mutex_clocklock
    while (pthread_mutex_trylock(&mutex_) != 0) {
      if (Now() >= deadline) return MINIRACER_TIMEOUT;
      sched_yield();
    }
    return MINIRACER_OK;
#else
    timespec until{static_cast<time_t>(deadline / 1'000'000'000), static_cast<long>(deadline % 1'000'000'000)};
    return pthread_mutex_clocklock(&mutex_, CLOCK_MONOTONIC, &until) == 0 ? MINIRACER_OK : MINIRACER_TIMEOUT;
#endif
  }

  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
  std::atomic<uint64_t> owner_{0};  // ThisThread(); 0: none
  std::atomic<uint32_t> waiting_{0};
};

}  // namespace miniracer
