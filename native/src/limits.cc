#include "limits.h"

#include <algorithm>
#include <utility>

#include "cut_off.h"
#include "engine_calls.h"
#include "events.h"

namespace miniracer {
namespace {

// The processor time of another thread. Linux makes the clock's number of the thread's (pthread_getcpuclockid would do the
// same from a pthread_t). 0 where the thread is gone.
uint64_t CpuTimeOf(int32_t thread) {
  constexpr uint32_t kPerThread = 4, kScheduled = 2;
  return TimeOf(static_cast<clockid_t>(~static_cast<uint32_t>(thread) << 3 | kPerThread | kScheduled));
}

// The mutex of a Limits, under which V8 is told to end a run: its thread must not be cut off meanwhile.
class Guard {
 public:
  explicit Guard(std::mutex& mutex) : guard_(mutex) {}

 private:
  EngineCalls::Uncut uncut_;
  std::lock_guard<std::mutex> guard_;
};

}  // namespace

constinit thread_local Run* Run::here_ = nullptr;

uint64_t CpuTimeHere() { return TimeOf(CLOCK_THREAD_CPUTIME_ID); }

// ---- Runs ----

void Run::SetCpuTime(uint64_t budget) {
  uint64_t used = CpuTimeHere();
  cpu_end_ = budget > kNoDeadline - used ? kNoDeadline : used + budget;
}

void Run::EnterNested() {
  Guard guard(limits_.mutex_);
  if ((limits_.state_.load(std::memory_order_relaxed) & Limits::kEnding) != 0) status_at_start_ = limits_.reason_;
  earliest_ = std::min(outer_->earliest_, deadline_);
  depth_ = outer_->depth_;
  registered_ = cancel_ != nullptr || deadline_ < outer_->earliest_ || cpu_end_ != kNoDeadline;
  if (!registered_) return;
  ++depth_;
  limits_.nested_.push_back({depth_, deadline_, cpu_end_, cancel_});
}

// Whoever marked the run holds the mutex until it is done with it.
void Run::LeaveMarked() {
  Guard guard(limits_.mutex_);
  limits_.TakeBack();
}

void Run::LeaveNested() {
  if (!registered_) return;
  Guard guard(limits_.mutex_);
  if (!limits_.nested_.empty()) limits_.nested_.pop_back();  // else the isolate died meanwhile
  bool ending = (limits_.state_.load(std::memory_order_relaxed) & Limits::kEnding) != 0;
  if (!ending || limits_.target_depth_ != depth_) return;
  limits_.state_.fetch_and(~Limits::kEnding, std::memory_order_relaxed);
  limits_.TakeBack();
}

miniracer_status Run::reason() const { return limits_.Reason(); }

// ---- Limits ----

void Limits::SetGrace(uint64_t grace, std::shared_ptr<Events> events) {
  grace_ = grace;
  events_ = std::move(events);
}

void Limits::SetCode(uintptr_t begin, size_t length) {
  code_begin_ = begin;
  code_end_ = begin + length;
}

miniracer_status Limits::Reason() {
  Guard guard(mutex_);
  return reason_;
}

// An end that is under way for an outer run stands; one for an inner run gives way.
bool Limits::End(uint32_t depth, miniracer_status reason) {
  uint64_t state = state_.load(std::memory_order_seq_cst);
  do {
    if (state == 0) return false;
    if ((state & kEnding) != 0 && target_depth_ <= depth) return false;
  } while (!state_.compare_exchange_weak(state, state | kEnding, std::memory_order_seq_cst));
  if ((state & kEnding) == 0) BeginGrace();
  target_depth_ = depth;
  reason_ = reason;
  Terminate();
  return true;
}

// The same for the outermost run, which must be the one that `state` was read of: if it has left since, another run's number
// is there and the mark fails.
bool Limits::EndOutermost(uint64_t state, miniracer_status reason) {
  if ((state & kEnding) != 0 && target_depth_ == 0) return false;
  if (!state_.compare_exchange_strong(state, state | kEnding, std::memory_order_seq_cst)) return false;
  if ((state & kEnding) == 0) BeginGrace();
  target_depth_ = 0;
  reason_ = reason;
  Terminate();
  return true;
}

void Limits::Terminate() {
  CaptureStacks(false);
  if (!held_) isolate_->TerminateExecution();
}

// As a run ends, V8 10.2 would describe the stack to nobody, and where a built-in looks up without a context, as comparing a
// BigInt with a string does, it goes to address 0 for it.
void Limits::CaptureStacks(bool capture) {
  constexpr int kStackFrames = 50;
  isolate_->SetCaptureStackTraceForUncaughtExceptions(capture, kStackFrames, v8::StackTrace::kDetailed);
}

Limits::Held::Held(Limits& limits) : limits_(limits) {
  Guard guard(limits.mutex_);
  limits.held_ = true;
  limits.isolate_->RequestInterrupt([](v8::Isolate*, void* to) { static_cast<Limits*>(to)->LetGo(); }, &limits);
}

void Limits::LetGo() {
  Guard guard(mutex_);
  if (std::exchange(held_, false)) KeepEnding();
}

// The run that was being ended has returned.
void Limits::TakeBack() {
  reason_ = MINIRACER_OK;
  isolate_->CancelTerminateExecution();
  CaptureStacks(true);
}

void Limits::EndAll(miniracer_status reason) {
  {
    Guard guard(mutex_);
    if (!End(0, reason)) return;
  }
  ArmCutOff();
}

void Limits::Cancel(const uint32_t* cancel) {
  {
    Guard guard(mutex_);
    // Pairs with the run's exchange (see Run::EnterOutermost): of the two, the later one sees what came before the earlier.
    uint64_t state = state_.fetch_add(0, std::memory_order_seq_cst);
    if (state == 0) return;
    if (outermost_cancel_.load(std::memory_order_relaxed) == cancel) {
      if (!EndOutermost(state, MINIRACER_CANCELLED)) return;
    } else {
      auto found =
          std::find_if(nested_.begin(), nested_.end(), [=](const Nested& run) { return run.cancel == cancel; });
      if (found == nested_.end() || !End(found->depth, MINIRACER_CANCELLED)) return;
    }
  }
  ArmCutOff();
}

void Limits::ArmCutOff() { Watchdog::Arm(After(grace_ == kNoDeadline ? kDefaultGrace : grace_)); }

void Limits::Abandon() {
  Guard guard(mutex_);
  closed_.store(true, std::memory_order_seq_cst);
  state_.store(0, std::memory_order_seq_cst);
  innermost_ = nullptr;
  nested_.clear();
}

uint64_t Limits::EndOverdue(uint64_t now) {
  Guard guard(mutex_);
  uint64_t state = state_.load(std::memory_order_seq_cst);
  if (state == 0) return kNoDeadline;
  // The number proves that what was read is of the run that is marked.
  uint64_t deadline = outermost_deadline_.load(std::memory_order_relaxed);
  if (deadline <= now) {
    EndOutermost(state, MINIRACER_TIMEOUT);
    deadline = kNoDeadline;  // a run that came meanwhile arms its own
  }
  uint64_t cpu_end = outermost_cpu_end_.load(std::memory_order_relaxed);
  if (cpu_end != kNoDeadline) {
    uint64_t used = CpuTimeOf(thread_.load(std::memory_order_relaxed));
    if (used >= cpu_end) {
      EndOutermost(state, MINIRACER_CPU_TIME);
    } else {
      deadline = std::min(deadline, now + (cpu_end - used));
    }
  }
  deadline = std::min(deadline, EndOverdueNested(now));
  return std::min(deadline, CutOff(now));
}

uint64_t Limits::EndOverdueNested(uint64_t now) {
  uint64_t next = kNoDeadline;
  for (const Nested& run : nested_) {  // the outermost of those that are overdue takes the others along
    uint64_t used = run.cpu_end == kNoDeadline ? 0 : CpuTimeOf(thread_.load(std::memory_order_relaxed));
    if (run.deadline <= now || (run.cpu_end != kNoDeadline && used >= run.cpu_end)) {
      End(run.depth, run.deadline <= now ? MINIRACER_TIMEOUT : MINIRACER_CPU_TIME);
      return next;
    }
    next = std::min(next, run.deadline);
    if (run.cpu_end != kNoDeadline) next = std::min(next, now + (run.cpu_end - used));
  }
  return next;
}

void Limits::SetCollecting(bool collecting) {
  if (collecting) {
    collecting_since_ = Now();
  } else {
    collected_.fetch_add(Now() - collecting_since_, std::memory_order_relaxed);
  }
  collecting_.store(collecting, std::memory_order_relaxed);
}

// JavaScript looks up before V8 collects twice.
bool Limits::CollectsInsteadOfEnding() {
  constexpr uint32_t kOften = 3;
  uint64_t state = state_.load(std::memory_order_relaxed);
  if ((state & kEnding) == 0 || grace_ == kNoDeadline || Run::innermost_here() == nullptr) return false;
  if (collections_of_ != state >> 1) {
    collections_of_ = state >> 1;
    collections_ = 0;
  }
  return ++collections_ >= kOften && ShouldBeOver(true);
}

bool Limits::WaitsInsteadOfEnding() {
  if ((state_.load(std::memory_order_relaxed) & kEnding) == 0 || grace_ == kNoDeadline) return false;
  return !collecting_.load(std::memory_order_relaxed) && ShouldBeOver(false);
}

// Locks of V8's may be held here that whoever has the mutex waits for as it tells V8 to end: never waited for, but asked again.
bool Limits::ShouldBeOver(bool works) {
  EngineCalls::Uncut uncut;
  std::unique_lock<std::mutex> guard(mutex_, std::try_to_lock);
  if (!guard.owns_lock() || Now() - ending_since_ <= 2 * grace_) return false;
  return !works || CpuTimeHere() - ending_cpu_ > grace_;
}

void Limits::BeginGrace() {
  ending_since_ = Now();
  ending_cpu_ = CpuTimeOf(thread_.load(std::memory_order_relaxed));
  ending_collected_ = collected_.load(std::memory_order_relaxed);
}

// Looks again and again: where the thread is right now it may not be cut off. What V8 collects meanwhile is no guest's trick
// and does not count, nor does the time that a busy machine lets the thread wait.
uint64_t Limits::CutOff(uint64_t now) {
  constexpr uint64_t kSoon = 1'000'000, kLate = 50'000'000;
  uint64_t state = state_.load(std::memory_order_seq_cst);
  if ((state & kEnding) == 0) return kNoDeadline;
  uint64_t grace = grace_ == kNoDeadline ? kDefaultGrace : grace_;
  uint64_t collected = collected_.load(std::memory_order_relaxed) - ending_collected_;
  uint64_t since = ending_since_ + collected;
  if (now < since + grace) return since + grace;
  uint64_t again = now + std::min(kSoon + (now - since) / 64, kLate);
  if (collecting_.load(std::memory_order_relaxed)) return again;
  int32_t thread = thread_.load(std::memory_order_relaxed);
  if (grace_ != kNoDeadline && CpuTimeOf(thread) - ending_cpu_ >= collected + grace / 2) {
    cut_off_.store(state >> 1, std::memory_order_relaxed);
    CutOffs::Signal(thread);
  }
  if (now - since > 2 * grace + kTold && unresponsive_ != state >> 1 && events_ != nullptr) {
    unresponsive_ = state >> 1;
    events_->TellUnresponsive(now - ending_since_);
  }
  return again;
}

bool Limits::ToBeCutOff() const {
  uint64_t state = state_.load(std::memory_order_relaxed);
  // V8's threads that help it to collect work on this one's stack.
  if ((state & kEnding) == 0 || collecting_.load(std::memory_order_relaxed)) return false;
  return cut_off_.load(std::memory_order_relaxed) == state >> 1;
}

bool Limits::InGuestCode(uintptr_t address) const {
  return (address >= code_begin_ && address < code_end_) || EngineCalls::InEngine(address);
}

}  // namespace miniracer
