#include "loop.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "host_code.h"
#include "isolate.h"
#include "turn.h"
#include "watchdog.h"

namespace miniracer {
namespace {

constexpr uint64_t kLinger = 1'000'000'000;  // nanoseconds that the library's thread stays without anything to do

std::chrono::steady_clock::time_point TimePoint(uint64_t when) {  // CLOCK_MONOTONIC, as Now()
  return std::chrono::steady_clock::time_point(std::chrono::nanoseconds(std::min<uint64_t>(when, INT64_MAX)));
}

// Waits for a change until `until`. TSan's run-time does not know every form of it.
void WaitUntil(std::condition_variable& changed, std::unique_lock<std::mutex>& lock, uint64_t until) {
  if (until == Loop::kNever) {
    changed.wait(lock);
  } else {
    changed.wait_until(lock, TimePoint(until));
  }
}

}  // namespace

// ---- What is due, and who is told ----

void Loop::Notify(uint64_t due) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (due >= told_ || closed_) return;
  told_ = due;
  Tell(lock);
}

void Loop::BeginTurn() {
  std::lock_guard<std::mutex> guard(mutex_);
  told_ = kNever;
}

void Loop::EndTurn(uint64_t next) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (next >= told_ || closed_) return;
  told_ = next;
  if (background_) Tell(lock);  // whose thread may have fallen asleep in a turn of another's
}

bool Loop::StartThread() {
  std::lock_guard<std::mutex> guard(mutex_);
  return StartThreadLocked();
}

bool Loop::StartThreadLocked() {
  if (threaded_ || closed_) return true;
  SignalsBlocked blocked;
  try {
    std::thread(Keep, shared_from_this()).detach();
    threaded_ = true;
  } catch (const std::exception&) {  // no thread to be had, or no memory
  }
  return threaded_;
}

// Gives up the lock.
void Loop::Tell(std::unique_lock<std::mutex>& lock) {
  StirLocked();  // those who wait run turns as well
  if (background_) {
    bool started = StartThreadLocked();
    lock.unlock();
    if (started || Watchdog::AwaitThread(shared_from_this())) return;
    lock.lock();
    told_ = kNever;  // the next one who tells tries again
    return;
  }
  std::shared_ptr<WakeCallback> wake = wake_;
  uint64_t due = told_;
  lock.unlock();
  if (wake == nullptr) return;
  uint64_t now = Now();
  Loops::Busy busy;  // the thread may be one of V8's workers
  HostTurn turn;
  CallHost(wake->call, wake->userdata, isolate_, due > now ? due - now : 0);
}

void Loop::Keep(std::shared_ptr<Loop> self) {
  pthread_setname_np(pthread_self(), "miniracer-loop");
  std::unique_lock<std::mutex> lock(self->mutex_);
  uint64_t idle = 0;  // since when; 0: not
  while (!self->closed_) {
    uint64_t now = Now();
    if (self->told_ <= now) {
      lock.unlock();
      {
        Loops::Busy busy;
        HostTurn turn;
        RunBackgroundTurn(self->isolate_, *self);
      }
      lock.lock();
      idle = 0;
    } else if (self->told_ != kNever) {
      WaitUntil(self->changed_, lock, self->told_);
      idle = 0;
    } else {
      if (idle == 0) idle = now;
      if (now >= idle + kLinger) break;
      WaitUntil(self->changed_, lock, idle + kLinger);
    }
  }
  self->threaded_ = false;
}

bool Loop::Post(std::shared_ptr<PostedTask> task) {
  {
    std::lock_guard<std::mutex> guard(mutex_);
    if (closed_) return false;
    posted_.push_back(std::move(task));
  }
  Notify(0);
  return true;
}

std::deque<std::shared_ptr<PostedTask>> Loop::TakePosted() {
  std::lock_guard<std::mutex> guard(mutex_);
  return std::move(posted_);
}

void Loop::SetWake(std::shared_ptr<WakeCallback> wake) {
  std::list<std::shared_ptr<WakeCallback>> place(1);
  std::unique_lock<std::mutex> lock(mutex_);
  if (!closed_) wake_.swap(wake);
  if (wake.use_count() > 1) {  // a thread is calling it, and must not be the last to let go of it
    place.front() = std::move(wake);
    replaced_.splice(replaced_.end(), place);
    has_replaced_.store(true, std::memory_order_relaxed);
  }
  if (wake_ != nullptr && told_ != kNever) {
    Tell(lock);
  } else {
    lock.unlock();
  }
  // The one before is finalized here, outside of the lock.
}

std::list<std::shared_ptr<WakeCallback>> Loop::TakeReplaced() {
  std::lock_guard<std::mutex> guard(mutex_);
  std::list<std::shared_ptr<WakeCallback>> taken;
  for (auto one = replaced_.begin(); one != replaced_.end();) {
    auto next = std::next(one);
    if (one->use_count() == 1) taken.splice(taken.end(), replaced_, one);
    one = next;
  }
  has_replaced_.store(!replaced_.empty(), std::memory_order_relaxed);
  return taken;
}

std::unique_ptr<Loop::Remains> Loop::Close() {
  auto remains = std::make_unique<Remains>();
  std::lock_guard<std::mutex> guard(mutex_);
  closed_ = true;
  remains->wakes.swap(replaced_);
  remains->wake.swap(wake_);
  has_replaced_.store(false, std::memory_order_relaxed);
  remains->posted.swap(posted_);
  StirLocked();
  return remains;
}

// ---- Waiting ----

Loop::Waiter::Waiter(Loop& loop, const uint32_t* cancel) : loop_(loop) {
  std::lock_guard<std::mutex> guard(loop.mutex_);
  place_ = loop.waiters_.insert(loop.waiters_.end(), {cancel, false});
}

Loop::Waiter::~Waiter() {
  std::lock_guard<std::mutex> guard(loop_.mutex_);
  loop_.waiters_.erase(place_);
}

uint64_t Loop::Waiter::Seen() {
  std::lock_guard<std::mutex> guard(loop_.mutex_);
  return loop_.seen_;
}

bool Loop::Waiter::Wait(uint64_t seen, uint64_t until) {
  std::unique_lock<std::mutex> lock(loop_.mutex_);
  while (loop_.seen_ == seen && !place_->cancelled && !loop_.closed_ && Now() < until) {
    WaitUntil(loop_.changed_, lock, until);
  }
  return !place_->cancelled;
}

void Loop::Stir() {
  std::lock_guard<std::mutex> guard(mutex_);
  StirLocked();
}

void Loop::StirLocked() {
  ++seen_;
  changed_.notify_all();
}

void Loop::CancelWaiters(const uint32_t* cancel) {
  std::lock_guard<std::mutex> guard(mutex_);
  for (Waiter::Place& place : waiters_) {
    if (cancel == nullptr || place.cancel == cancel) place.cancelled = true;
  }
  changed_.notify_all();
}

// ---- All loops ----

namespace Loops {
namespace {

struct State {
  std::mutex mutex;
  std::condition_variable idle;
  uint32_t busy = 0;
};

State* state = new State;  // never destroyed: threads may look at it while the process exits

thread_local uint32_t busy_here __attribute__((tls_model("initial-exec"))) = 0;

}  // namespace

Busy::Busy() {
  ++busy_here;
  Expect();
}

Busy::~Busy() {
  --busy_here;
  Arrive();
}

void Expect() {
  std::lock_guard<std::mutex> guard(state->mutex);
  ++state->busy;
}

void Arrive() {
  std::lock_guard<std::mutex> guard(state->mutex);
  if (--state->busy == 0) state->idle.notify_all();
}

miniracer_status Drain(uint64_t deadline) {
  if (busy_here != 0) return MINIRACER_WOULD_DEADLOCK;
  std::unique_lock<std::mutex> lock(state->mutex);
  while (state->busy != 0) {
    if (Now() >= deadline) return MINIRACER_TIMEOUT;
    WaitUntil(state->idle, lock, deadline);
  }
  return MINIRACER_OK;
}

void RestartAfterFork() { state = new State; }

}  // namespace Loops

}  // namespace miniracer
