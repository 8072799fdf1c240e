// Deadlines, cancellation, memory ceilings, and *why* a run ended. The reason is decided once, here, for one run, and is
// gone when that run has returned: no later run can be hit by it.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>

#include "miniracer.h"
#include "thread.h"
#include "v8_compat.h"

namespace miniracer {

constexpr uint64_t kNoDeadline = UINT64_MAX;

class Limits;

// One stretch of guest code as the host asked for it, on the stack of the call that runs it.
class Run {
 public:
  // `deadline` in Now()'s clock, or kNoDeadline; `cancel` as in miniracer_run_options.
  inline Run(Limits& limits, uint64_t deadline, const uint32_t* cancel);
  inline ~Run();
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  bool outermost() const { return outer_ == nullptr; }

  // What keeps it from starting, or MINIRACER_OK: its flag is set, or a run around it is being ended.
  miniracer_status status_at_start() const { return status_at_start_; }

  // Why guest code was terminated in it. To be asked before the run leaves.
  miniracer_status reason() const;

 private:
  friend class Limits;
  inline void EnterOutermost();
  void EnterNested();
  void LeaveMarked();
  void LeaveNested();

  Limits& limits_;
  Run* const outer_;
  uint64_t deadline_;
  const uint32_t* const cancel_;
  uint32_t depth_ = 0;      // 0: the outermost
  bool registered_ = true;  // false: nested, with nothing to say that the runs around it do not
  uint64_t earliest_;       // of its own deadline and those around it
  Run* outer_nested_ = nullptr;
  miniracer_status status_at_start_ = MINIRACER_OK;
};

// The limits of one isolate. Runs begin and end under the isolate's lock; everything else may be called by any thread.
//
// The outermost run costs an atomic exchange at each end: `state_` holds the run's number, and whoever wants to end it
// marks that very number with kEnding, which succeeds only while the run is there. A run that finds the mark as it leaves
// takes the mutex, so that the one who marked is done, and takes the termination back. Nested runs, which are rarer, take
// the mutex always.
class Limits {
 public:
  void SetIsolate(v8::Isolate* isolate) { isolate_ = isolate; }

  // Whether a run is there. For the thread inside.
  bool running() const { return innermost_ != nullptr; }

  // Why the run that the thread is inside of is being ended, or MINIRACER_OK.
  miniracer_status ending() {
    if ((state_.load(std::memory_order_relaxed) & kEnding) == 0) return MINIRACER_OK;
    std::lock_guard<std::mutex> guard(mutex_);
    return reason_;
  }

  // Ends the outermost run, if there is one.
  void EndAll(miniracer_status reason);
  // The same for good: no run begins any more.
  void Close() {
    closed_.store(true, std::memory_order_seq_cst);
    EndAll(MINIRACER_CLOSED);
  }
  // Ends the run that has this flag, if it is there.
  void Cancel(const uint32_t* cancel);
  // Ends the outermost of the runs whose deadline has passed; gives the earliest deadline that is left, or kNoDeadline.
  uint64_t EndOverdue(uint64_t now);

  // After the host returned to JavaScript: a run that is being ended must not go on.
  void KeepEnding() {
    if ((state_.load(std::memory_order_relaxed) & kEnding) != 0) isolate_->TerminateExecution();
  }

 private:
  friend class Run;
  static constexpr uint64_t kEnding = 1;

  void End(uint32_t depth, miniracer_status reason);
  void TakeBack();

  v8::Isolate* isolate_ = nullptr;
  std::atomic<uint64_t> state_{0};  // the outermost run's number << 1 | kEnding; 0: no run
  std::atomic<bool> closed_{false};
  std::atomic<uint64_t> outermost_deadline_{kNoDeadline};
  std::atomic<const uint32_t*> outermost_cancel_{nullptr};
  uint64_t number_ = 0;       // touched by the thread inside alone
  Run* innermost_ = nullptr;  // likewise

  std::mutex mutex_;           // guards what follows, and makes setting kEnding exclusive
  Run* nested_ = nullptr;      // the innermost of the registered nested runs
  uint32_t target_depth_ = 0;  // while kEnding: the run being ended
  miniracer_status reason_ = MINIRACER_OK;
};

// One thread for the process that keeps all deadlines. It sleeps until the earliest of those that were there when it last
// looked; arming a later one therefore costs a comparison.
namespace Watchdog {

// `limits` must be dropped before it goes away; dropping waits for a look at it to end, a few microseconds.
void Watch(Limits* limits);
void Drop(Limits* limits);

// Called after a deadline was stored.
void Arm(uint64_t deadline);

void RestartAfterFork();

}  // namespace Watchdog

// The outermost run is every call's price, so it is inline.

Run::Run(Limits& limits, uint64_t deadline, const uint32_t* cancel)
    : limits_(limits), outer_(limits.innermost_), deadline_(deadline), cancel_(cancel), earliest_(deadline) {
  if (outermost()) {
    EnterOutermost();
  } else {
    EnterNested();
  }
  limits.innermost_ = this;
  if (cancel != nullptr && status_at_start_ == MINIRACER_OK && __atomic_load_n(cancel, __ATOMIC_SEQ_CST) != 0) {
    status_at_start_ = MINIRACER_CANCELLED;
  }
  if (registered_ && deadline != kNoDeadline) Watchdog::Arm(deadline);
}

void Run::EnterOutermost() {
  limits_.outermost_deadline_.store(deadline_, std::memory_order_relaxed);
  limits_.outermost_cancel_.store(cancel_, std::memory_order_relaxed);
  uint64_t state = ++limits_.number_ << 1;
  // Ordered before the looks at closed_, *cancel and the watchdog's alarm: either they see the run, or it sees them.
  limits_.state_.exchange(state, std::memory_order_seq_cst);
  if (limits_.closed_.load(std::memory_order_seq_cst)) status_at_start_ = MINIRACER_CLOSED;
}

Run::~Run() {
  limits_.innermost_ = outer_;
  if (!outermost()) {
    LeaveNested();
  } else if ((limits_.state_.exchange(0, std::memory_order_seq_cst) & Limits::kEnding) != 0) {
    LeaveMarked();
  }
}

}  // namespace miniracer
