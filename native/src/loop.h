// An isolate's event loop: when the next thing is due, and who is told so. What a turn of it does is turn.h's.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <list>
#include <memory>
#include <mutex>

#include "host_code.h"
#include "miniracer.h"
#include "thread.h"

namespace miniracer {

// A function of the host's with its userdata, finalized when the last one lets go of it.
template <class Function>
struct HostCallback {
  HostCallback(Function function, void* given, miniracer_finalizer last)
      : call(function), userdata(given), finalize(last) {}
  HostCallback(const HostCallback&) = delete;
  ~HostCallback() {
    if (finalize != nullptr) CallHost(finalize, userdata);
  }
  const Function call;
  void* const userdata;
  const miniracer_finalizer finalize;
};

using PostedTask = HostCallback<miniracer_finalizer>;
using WakeCallback = HostCallback<miniracer_wake>;

// Any thread may call any of this; nothing of the host's runs while its mutex is held. Outlives its isolate while threads
// look at it.
class Loop : public std::enable_shared_from_this<Loop> {
 public:
  static constexpr uint64_t kNever = UINT64_MAX;

  explicit Loop(bool background) : background_(background) {}

  void SetIsolate(miniracer_isolate isolate) { isolate_ = isolate; }
  bool background() const { return background_; }

  // A turn is worth it at `due`, in Now()'s clock; 0: at once.
  void Notify(uint64_t due);

  // Between the two, what comes is not known to whoever runs the turn. `next`: what is due after it.
  void BeginTurn();
  void EndTurn(uint64_t next);

  // The library's thread, where it is wanted and not there. False where there is none to be had.
  bool StartThread();

  // False when the loop is closed.
  bool Post(std::shared_ptr<PostedTask> task);
  std::deque<std::shared_ptr<PostedTask>> TakePosted();

  void SetWake(std::shared_ptr<WakeCallback> wake);

  // The isolate is going: nothing is told any more, and nobody waits. Gives what is finalized as it goes.
  struct Remains {
    std::shared_ptr<WakeCallback> wake;
    std::list<std::shared_ptr<WakeCallback>> wakes;
    std::deque<std::shared_ptr<PostedTask>> posted;
  };
  std::unique_ptr<Remains> Close();

  // Wake callbacks that were replaced while a thread, which may be one of V8's, was just calling them: finalized by one that
  // is leaving the isolate.
  bool MayHaveReplaced() const { return has_replaced_.load(std::memory_order_relaxed); }
  std::list<std::shared_ptr<WakeCallback>> TakeReplaced();

  // A thread that waits, outside of the isolate, for what others may do inside.
  class Waiter {
   public:
    Waiter(Loop& loop, const uint32_t* cancel);
    ~Waiter();
    // What has happened so far. To be asked before the look that decides to wait.
    uint64_t Seen();
    // Until something else happens, or `until`. False when the wait was cancelled.
    bool Wait(uint64_t seen, uint64_t until);

   private:
    friend class Loop;
    // What other threads see, which is not on the stack: that may be put away while the host runs, as greenlets do.
    struct Place {
      const uint32_t* cancel;
      bool cancelled;
    };
    Loop& loop_;
    std::list<Place>::iterator place_;
  };
  // Something happened that they may wait for.
  void Stir();
  // Those with this flag; NULL: all.
  void CancelWaiters(const uint32_t* cancel);

 private:
  static void Keep(std::shared_ptr<Loop> self);
  void Tell(std::unique_lock<std::mutex>& lock);
  void StirLocked();
  bool StartThreadLocked();

  const bool background_;
  miniracer_isolate isolate_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;
  uint64_t told_ = kNever;  // when the next turn is worth it, as far as was told
  bool threaded_ = false;   // the library's thread is there
  bool closed_ = false;
  uint64_t seen_ = 0;
  std::list<Waiter::Place> waiters_;
  std::deque<std::shared_ptr<PostedTask>> posted_;
  std::shared_ptr<WakeCallback> wake_;
  std::list<std::shared_ptr<WakeCallback>> replaced_;  // that may be being called
  std::atomic<bool> has_replaced_{false};
};

namespace Loops {

// While it is there, a thread of the library's may be inside of the host's code.
struct Busy {
  Busy();
  ~Busy();
};

// The same for a thread that is about to start, until it has a Busy of its own, or does not start.
void Expect();
void Arrive();

// Waits until none is. TIMEOUT when `deadline` passed; WOULD_DEADLOCK where this thread is one.
miniracer_status Drain(uint64_t deadline);

void RestartAfterFork();

}  // namespace Loops

}  // namespace miniracer
