#include "limits.h"

#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <thread>
#include <vector>

namespace miniracer {

// ---- Runs ----

void Run::EnterNested() {
  std::lock_guard<std::mutex> guard(limits_.mutex_);
  if ((limits_.state_.load(std::memory_order_relaxed) & Limits::kEnding) != 0) status_at_start_ = limits_.reason_;
  earliest_ = std::min(outer_->earliest_, deadline_);
  depth_ = outer_->depth_;
  registered_ = cancel_ != nullptr || deadline_ < outer_->earliest_;
  if (!registered_) return;
  ++depth_;
  outer_nested_ = limits_.nested_;
  limits_.nested_ = this;
}

// Whoever marked the run holds the mutex until it is done with it.
void Run::LeaveMarked() {
  std::lock_guard<std::mutex> guard(limits_.mutex_);
  limits_.TakeBack();
}

void Run::LeaveNested() {
  if (!registered_) return;
  std::lock_guard<std::mutex> guard(limits_.mutex_);
  limits_.nested_ = outer_nested_;
  bool ending = (limits_.state_.load(std::memory_order_relaxed) & Limits::kEnding) != 0;
  if (!ending || limits_.target_depth_ != depth_) return;
  limits_.state_.fetch_and(~Limits::kEnding, std::memory_order_relaxed);
  limits_.TakeBack();
}

miniracer_status Run::reason() const {
  std::lock_guard<std::mutex> guard(limits_.mutex_);
  return limits_.reason_;
}

// ---- Limits ----

// Under the mutex. An end that is under way for an outer run stands; one for an inner run gives way.
void Limits::End(uint32_t depth, miniracer_status reason) {
  uint64_t state = state_.load(std::memory_order_seq_cst);
  do {
    if (state == 0) return;
    if ((state & kEnding) != 0 && target_depth_ <= depth) return;
  } while (!state_.compare_exchange_weak(state, state | kEnding, std::memory_order_seq_cst));
  target_depth_ = depth;
  reason_ = reason;
  isolate_->TerminateExecution();
}

// Under the mutex: the run that was being ended has returned.
void Limits::TakeBack() {
  reason_ = MINIRACER_OK;
  isolate_->CancelTerminateExecution();
}

void Limits::EndAll(miniracer_status reason) {
  std::lock_guard<std::mutex> guard(mutex_);
  End(0, reason);
}

void Limits::Cancel(const uint32_t* cancel) {
  std::lock_guard<std::mutex> guard(mutex_);
  // Pairs with the run's exchange (see Run::EnterOutermost): of the two, the later one sees what came before the earlier.
  uint64_t state = state_.fetch_add(0, std::memory_order_seq_cst);
  if (state == 0) return;
  if (outermost_cancel_.load(std::memory_order_relaxed) == cancel) {
    // Only this very run: if it has left since, another run's number is there and the mark fails.
    if ((state & kEnding) != 0 && target_depth_ == 0) return;
    if (!state_.compare_exchange_strong(state, state | kEnding, std::memory_order_seq_cst)) return;
    target_depth_ = 0;
    reason_ = MINIRACER_CANCELLED;
    isolate_->TerminateExecution();
    return;
  }
  Run* found = nullptr;
  for (Run* run = nested_; run != nullptr; run = run->outer_nested_) {
    if (run->cancel_ == cancel) found = run;
  }
  if (found != nullptr) End(found->depth_, MINIRACER_CANCELLED);
}

uint64_t Limits::EndOverdue(uint64_t now) {
  std::lock_guard<std::mutex> guard(mutex_);
  uint64_t state = state_.load(std::memory_order_seq_cst);
  if (state == 0) return kNoDeadline;
  uint64_t deadline = outermost_deadline_.load(std::memory_order_relaxed);
  if (deadline <= now) {
    bool ended = (state & kEnding) != 0 && target_depth_ == 0;
    // The number proves that the deadline read is that of the run marked.
    if (!ended && state_.compare_exchange_strong(state, state | kEnding, std::memory_order_seq_cst)) {
      target_depth_ = 0;
      reason_ = MINIRACER_TIMEOUT;
      isolate_->TerminateExecution();
    }
    return kNoDeadline;  // a run that came meanwhile arms its own
  }
  Run* overdue = nullptr;
  for (Run* run = nested_; run != nullptr; run = run->outer_nested_) {
    if (run->deadline_ <= now) {
      overdue = run;
    } else {
      deadline = std::min(deadline, run->deadline_);
    }
  }
  if (overdue != nullptr) End(overdue->depth_, MINIRACER_TIMEOUT);
  return deadline;
}

// ---- Watchdog ----

namespace Watchdog {
namespace {

struct State {
  std::mutex mutex;
  std::condition_variable wake;
  std::vector<Limits*> watched;
  bool running = false;
  bool again = false;
};

// Never destroyed: the thread may outlive the process's static objects.
State* state = new State;

// When the thread looks next. An armer that finds its own deadline later than that has nothing to do.
std::atomic<uint64_t> alarm{kNoDeadline};

[[noreturn]] void Keep(State* own) {
  pthread_setname_np(pthread_self(), "miniracer-watch");
  prctl(PR_SET_TIMERSLACK, 1000UL, 0UL, 0UL, 0UL);  // nanoseconds; the default is 50 times that
  std::unique_lock<std::mutex> lock(own->mutex);
  for (;;) {
    own->again = false;
    alarm.store(kNoDeadline, std::memory_order_seq_cst);  // from here on, whoever arms says so
    uint64_t now = Now(), next = kNoDeadline;
    for (Limits* limits : own->watched) next = std::min(next, limits->EndOverdue(now));
    alarm.store(next, std::memory_order_seq_cst);
    auto woken = [own] { return own->again; };
    if (next == kNoDeadline) {
      own->wake.wait(lock, woken);
    } else {
      using std::chrono::nanoseconds;
      using std::chrono::steady_clock;  // CLOCK_MONOTONIC, as Now()
      own->wake.wait_until(lock, steady_clock::time_point(nanoseconds(next)), woken);
    }
  }
}

}  // namespace

void Watch(Limits* limits) {
  std::lock_guard<std::mutex> guard(state->mutex);
  if (!state->running) {
    SignalsBlocked blocked;
    std::thread(Keep, state).detach();
    state->running = true;
  }
  state->watched.push_back(limits);
}

void Drop(Limits* limits) {
  std::lock_guard<std::mutex> guard(state->mutex);
  state->watched.erase(std::remove(state->watched.begin(), state->watched.end(), limits), state->watched.end());
}

void Arm(uint64_t deadline) {
  if (deadline >= alarm.load(std::memory_order_seq_cst)) return;
  {
    std::lock_guard<std::mutex> guard(state->mutex);
    state->again = true;
  }
  state->wake.notify_one();
}

void RestartAfterFork() {
  state = new State;  // the parent's may be locked by a thread that does not exist here
  alarm.store(kNoDeadline, std::memory_order_relaxed);
}

}  // namespace Watchdog

}  // namespace miniracer
