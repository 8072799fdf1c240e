// Deadlines, cancellation, memory ceilings, and *why* a run ended. The reason is decided once, here, for one run, and is
// gone when that run has returned: no later run can be hit by it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "clock.h"
#include "miniracer.h"
#include "thread.h"
#include "v8_compat.h"
#include "watchdog.h"

namespace miniracer {

constexpr uint64_t kNoDeadline = UINT64_MAX;
constexpr uint64_t kDefaultGrace = 250'000'000;  // nanoseconds

class Events;
class Limits;

// The processor time of the calling thread so far, in nanoseconds.
uint64_t CpuTimeHere();

// What the host asked for.
struct RunLimits {
  uint64_t deadline = kNoDeadline;   // in Now()'s clock
  const uint32_t* cancel = nullptr;  // as in miniracer_run_options
  uint64_t cpu_time = kNoDeadline;   // nanoseconds of this thread's
};

// One stretch of guest code as the host asked for it, on the stack of the call that runs it.
class Run {
 public:
  inline Run(Limits& limits, const RunLimits& asked);
  inline ~Run();
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  bool outermost() const { return outer_ == nullptr; }

  // What keeps it from starting, or MINIRACER_OK: its flag is set, or a run around it is being ended.
  miniracer_status status_at_start() const { return status_at_start_; }

  // Why guest code was terminated in it. To be asked before the run leaves.
  miniracer_status reason() const;

  Limits& limits() const { return limits_; }

  // The innermost run of any isolate in which the calling thread runs guest code; null where it does not, or where the host
  // runs inside of it.
  static Run* innermost_here() { return here_; }
  // The host's turn begins, or ends.
  static Run* LeaveHere() {
    Run* left = here_;
    here_ = nullptr;
    return left;
  }
  static void ReturnHere(Run* left) { here_ = left; }

 private:
  friend class Limits;
  void SetCpuTime(uint64_t budget);
  inline void EnterOutermost();
  void EnterNested();
  void LeaveMarked();
  void LeaveNested();

  static constinit thread_local Run* here_ __attribute__((tls_model("initial-exec")));

  Limits& limits_;
  Run* const outer_;
  Run* const outer_here_;
  uint64_t deadline_;
  uint64_t cpu_end_ = kNoDeadline;  // in the thread's own clock
  const uint32_t* const cancel_;
  uint32_t depth_ = 0;      // 0: the outermost
  bool registered_ = true;  // false: nested, with nothing to say that the runs around it do not
  uint64_t earliest_;       // of its own deadline and those around it
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
  // Before there are runs. `grace`: nanoseconds, or kNoDeadline: nothing is cut off, and the host only told.
  void SetGrace(uint64_t grace, std::shared_ptr<Events> events);
  uint64_t grace() const { return grace_; }
  // Whether V8 describes the stack at what is thrown.
  void CaptureStacks(bool capture);
  // Where the code lies that V8 makes.
  void SetCode(uintptr_t begin, size_t length);

  Clock clock;  // touched by the thread inside alone

  // The number of the outermost run, 0 where there is none. Any thread.
  uint64_t run_number() const { return state_.load(std::memory_order_relaxed) >> 1; }

  // Whether a run is there. For the thread inside.
  bool running() const { return innermost_ != nullptr; }

  // Why the run that the thread is inside of is being ended, or MINIRACER_OK.
  miniracer_status ending() {
    if ((state_.load(std::memory_order_relaxed) & kEnding) == 0) return MINIRACER_OK;
    return Reason();
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
  // Ends the outermost of the runs whose deadline has passed or whose processor time is used up, and has one cut off that
  // did not end when told to. Gives when to look again, or kNoDeadline.
  uint64_t EndOverdue(uint64_t now);

  // For the thread inside, as V8 is about to collect: whether guest code that was told to end came here again and again
  // instead. A built-in that fills the memory up to the limit spends its time in collecting, where it is not cut off.
  bool CollectsInsteadOfEnding();
  // For the thread inside, as V8 has it wait for another one: whether its run should have ended long ago.
  bool WaitsInsteadOfEnding();
  // For the thread inside, in a signal's handler, too: whether it is to be cut off, if it is where it can be.
  bool ToBeCutOff() const;
  // Likewise: whether the address is in V8's code or in code that V8 made.
  bool InGuestCode(uintptr_t address) const;
  bool collecting() const { return collecting_.load(std::memory_order_relaxed); }
  // The isolate died: no run of it ever returns, and none begins any more.
  void Abandon();

  // V8 collects, and does not look up meanwhile. By the thread inside.
  void SetCollecting(bool collecting);
  const std::shared_ptr<Events>& events() const { return events_; }
  // Of one that stays though its isolate is gone. The watchdog must not look any more.
  void ForgetEvents() { events_ = nullptr; }

  // While one is there, a run that is to end is told so as V8 next looks up, and no sooner: V8 10.2 fails a CHECK where it is
  // told as it begins to evaluate modules. V8 lets go of it as guest code begins, which may need another. By the thread inside.
  class Held {
   public:
    explicit Held(Limits& limits);
    ~Held() { limits_.LetGo(); }
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;

   private:
    Limits& limits_;
  };

  // After the host returned to JavaScript: a run that is being ended must not go on.
  void KeepEnding() {
    if ((state_.load(std::memory_order_relaxed) & kEnding) != 0) isolate_->TerminateExecution();
  }

 private:
  friend class Run;
  static constexpr uint64_t kEnding = 1;

  // How much later than a run is to be cut off the host is told that it could not be.
  static constexpr uint64_t kTold = 100'000'000;

  miniracer_status Reason();
  // While kEnding: whether the run was told so two graces ago, and, if it is at work and does not wait, has run for half of the
  // time since. It may be so and not be seen yet.
  bool ShouldBeOver(bool works);
  void ArmCutOff();
  void LetGo();
  // These are for who has the mutex.
  void Terminate();
  bool End(uint32_t depth, miniracer_status reason);
  bool EndOutermost(uint64_t state, miniracer_status reason);
  void TakeBack();
  uint64_t EndOverdueNested(uint64_t now);
  uint64_t CutOff(uint64_t now);
  void BeginGrace();

  v8::Isolate* isolate_ = nullptr;
  std::atomic<uint64_t> state_{0};  // the outermost run's number << 1 | kEnding; 0: no run
  std::atomic<bool> closed_{false};
  std::atomic<uint64_t> outermost_deadline_{kNoDeadline};
  std::atomic<const uint32_t*> outermost_cancel_{nullptr};
  std::atomic<uint64_t> outermost_cpu_end_{kNoDeadline};
  std::atomic<int32_t> thread_{0};    // the one inside, as the system knows it
  std::atomic<uint64_t> cut_off_{0};  // the number of the run that is to be cut off
  std::atomic<bool> collecting_{false};
  std::atomic<uint64_t> collected_{0};  // nanoseconds, in all
  uint64_t collecting_since_ = 0;       // touched by the thread inside alone
  uint64_t collections_of_ = 0;  // likewise: the number of a run that is being ended, and how often V8 collected since
  uint32_t collections_ = 0;
  uint64_t number_ = 0;       // touched by the thread inside alone
  Run* innermost_ = nullptr;  // likewise

  uint64_t grace_ = kNoDeadline;
  uintptr_t code_begin_ = 0;
  uintptr_t code_end_ = 0;
  std::shared_ptr<Events> events_;

  // What other threads see of a registered nested run. Not the run itself: its stack may be put away while the host runs, as
  // greenlets do.
  struct Nested {
    uint32_t depth;
    uint64_t deadline;
    uint64_t cpu_end;
    const uint32_t* cancel;
  };

  std::mutex mutex_;            // guards what follows, and makes setting kEnding exclusive
  std::vector<Nested> nested_;  // the innermost last
  bool held_ = false;           // see Held
  uint32_t target_depth_ = 0;   // while kEnding: the run being ended
  miniracer_status reason_ = MINIRACER_OK;
  uint64_t ending_since_ = 0;      // while kEnding
  uint64_t ending_cpu_ = 0;        // the thread's processor time then
  uint64_t ending_collected_ = 0;  // and what V8 had collected
  uint64_t unresponsive_ = 0;      // the number of the run that the host was told of
};

// The outermost run is every call's price, so it is inline.

Run::Run(Limits& limits, const RunLimits& asked)
    : limits_(limits),
      outer_(limits.innermost_),
      outer_here_(here_),
      deadline_(asked.deadline),
      cancel_(asked.cancel),
      earliest_(asked.deadline) {
  if (asked.cpu_time != kNoDeadline) SetCpuTime(asked.cpu_time);
  if (outermost()) {
    EnterOutermost();
  } else {
    EnterNested();
  }
  limits.innermost_ = here_ = this;
  if (cancel_ != nullptr && status_at_start_ == MINIRACER_OK && __atomic_load_n(cancel_, __ATOMIC_SEQ_CST) != 0) {
    status_at_start_ = MINIRACER_CANCELLED;
  }
  if (registered_ && deadline_ != kNoDeadline) Watchdog::Arm(deadline_);
  if (asked.cpu_time != kNoDeadline) Watchdog::Arm(After(asked.cpu_time));
}

void Run::EnterOutermost() {
  limits_.clock.RunBegins();
  limits_.outermost_deadline_.store(deadline_, std::memory_order_relaxed);
  limits_.outermost_cancel_.store(cancel_, std::memory_order_relaxed);
  limits_.outermost_cpu_end_.store(cpu_end_, std::memory_order_relaxed);
  limits_.thread_.store(ThreadNumber(), std::memory_order_relaxed);
  uint64_t state = ++limits_.number_ << 1;
  // Ordered before the looks at closed_, *cancel and the watchdog's alarm: either they see the run, or it sees them.
  limits_.state_.exchange(state, std::memory_order_seq_cst);
  if (limits_.closed_.load(std::memory_order_seq_cst)) status_at_start_ = MINIRACER_CLOSED;
}

Run::~Run() {
  limits_.innermost_ = outer_;
  here_ = outer_here_;
  if (!outermost()) {
    LeaveNested();
  } else if ((limits_.state_.exchange(0, std::memory_order_seq_cst) & Limits::kEnding) != 0) {
    LeaveMarked();
  }
}

}  // namespace miniracer
