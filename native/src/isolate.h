// One heap: how threads enter and leave it, how things are given back to it from outside, and how it ends.
#pragma once

#include <atomic>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "buffer_allocator.h"
#include "caps.h"
#include "console_budget.h"
#include "events.h"
#include "forks.h"
#include "ids.h"
#include "limits.h"
#include "linked.h"
#include "lock.h"
#include "loop.h"
#include "mailbox.h"
#include "memory.h"
#include "miniracer.h"
#include "pages.h"
#include "platform.h"
#include "realm.h"
#include "slots.h"
#include "source_maps.h"
#include "timers.h"
#include "unhandled.h"
#include "v8_compat.h"

namespace miniracer {

class Boundary;
class Isolate;
class Modules;
struct Slot;
struct Watch;

// Something of the host's that the library gives back exactly once: a userdata pointer with its finalizer.
struct HostOwned {
  virtual ~HostOwned() = default;
  void* userdata = nullptr;
  miniracer_finalizer finalize = nullptr;
  Isolate* isolate = nullptr;
  v8::Global<v8::Value> object;  // weak: the JavaScript object that keeps it; empty: the isolate does
  Link<HostOwned> link;
  // Those with the same userdata, where it is to be found by that: see Isolate::MakeFindable.
  bool findable = false;
  HostOwned* older = nullptr;
  HostOwned* newer = nullptr;
};

struct ContextEntry {
  v8::Global<v8::Context> context;
  miniracer_context id = 0;
  v8::Global<v8::Function> strict_set;         // see objects.cc; made when first needed
  v8::Global<v8::Value> function_prototype{};  // see host_objects.cc; likewise
  std::shared_ptr<Modules> modules;            // likewise
  SourceMaps source_maps;

  // The entry of a context, for callbacks of V8's; null for one that was disposed of and for the library's own.
  static ContextEntry* Of(v8::Local<v8::Context> context);
  void Register(v8::Isolate* v8);
};

using HandleSlots = Slots<v8::Global<v8::Value>, 128>;
using ContextSlots = Slots<ContextEntry, 8>;

// What exists as long as the heap does. Touched under the slot's lock, except where said.
class Isolate {
 public:
  // Takes what is to be finalized, which `options` does not have any more then.
  Isolate(Slot& slot, uint32_t serial, miniracer_isolate_options& options);
  ~Isolate();

  static Isolate& Of(v8::Isolate* v8) { return *static_cast<Isolate*>(v8->GetData(0)); }

  Slot& slot() const { return slot_; }

  v8::Isolate* v8() const { return v8_; }
  uint32_t serial() const { return serial_; }
  uint64_t stack_limit() const { return stack_limit_; }
  // MINIRACER_ISOLATE_* bits.
  uint32_t flags() const { return flags_; }
  bool explicit_microtasks() const { return explicit_microtasks_; }

  // The time as guests see it: see Clock.
  uint64_t GuestNow() const { return limits.clock.Now(limits.running()); }
  uint64_t GuestAfter(uint64_t duration) const { return limits.clock.After(duration, limits.running()); }
  double GuestWallClock() const { return static_cast<double>(limits.clock.WallClock(limits.running())) / 1e6; }

  // 0 when there are too many.
  miniracer_handle NewHandle(v8::Local<v8::Value> value) {
    HandleSlots::Position at;
    if (handles.count() >= caps.handles || !handles.Add(v8::Global<v8::Value>(v8_, value), &at)) return 0;
    return Id::Make(IdKind::kHandle, serial_, at.generation, at.index);
  }
  bool FindHandle(miniracer_handle handle, v8::Local<v8::Value>* value) {
    if (!Id::Is(handle, IdKind::kHandle) || Id::Serial(handle) != serial_) return false;
    auto* found = handles.Find(Id::Generation(handle), Id::Index(handle));
    if (found == nullptr) return false;
    *value = found->Get(v8_);
    return true;
  }
  bool Drop(uint64_t id);  // a handle or a context

  // Takes over what the host handed in; if `object` is given, until that is collected. The isolate's end is the latest.
  void Own(HostOwned* owned, v8::Local<v8::Value> object);
  // Gives it back: its finalizer is called once the lock is given up.
  void Disown(HostOwned* owned);
  // From now on FindOwned finds it by its userdata, where that is not null.
  void MakeFindable(HostOwned* owned);
  // The newest that is alive, or null.
  HostOwned* FindOwned(void* userdata) const;
  // At the end: all that is left to be told to the host.
  std::vector<Finalizer> DisownAll();

  void ReportStatistics(miniracer_heap_statistics* statistics);
  void CollectGarbage(uint32_t kind);
  // 0: as V8 was started with.
  void SetHeapLimit(uint64_t bytes);
  // After the outermost run: where one was ended for memory, collect, and go back to the limit as it was.
  void AfterRun() {
    memory_->TakeDenied();
    pages_->ForgetMalloc();
    if (raised_from_ != 0 || exceeded_) CollectAfterRun();
  }
  // Whether a buffer was denied to this run at the limit. It is to be ended for that, and what it holds collected.
  bool TakeDenied() { return memory_->denied() && (exceeded_ = memory_->TakeDenied()); }

  // By the thread inside.
  void SetCollecting(bool collecting) {
    memory_->SetCollecting(collecting);
    limits.SetCollecting(collecting);
  }

  // What Memory tells. Any thread, in the middle of anything.
  void ExceededMemory();
  // V8 waits for ever for a thread that helped it: see Work. It dies as it next looks up, or at the next turn of its loop.
  void LostHelp();
  void WarnOfMemory(uint64_t bytes);

  // V8 gave up inside of it: nothing of it may be touched but by DisownAll and GiveBackMemory. For the thread inside.
  bool dead() const { return dead_; }
  void Die();
  // Whom to tell, once.
  std::shared_ptr<Events> TakeDeath();
  // Once no thread is inside: what can go back goes back, to the system and to the host.
  void GiveBack(std::vector<Finalizer>* finalizers);

  const Caps caps;
  ConsoleBudget console;
  uint32_t unsettled_promises = 0;  // of miniracer_promise_new
  HandleSlots handles;
  ContextSlots contexts;
  Limits limits;
  OwnCode own_code;
  v8::Global<v8::Private> settle_key;  // marks the promises that the host has yet to settle
  v8::Global<v8::Private> waited_key;  // a pending promise's link to the Watch of those who wait for it
  std::map<uint64_t, Watch*> watches;  // by number: see promises.cc
  uint64_t last_watch = 0;
  Modules* evaluating = nullptr;           // whose module V8 evaluates right now
  v8::Global<v8::Private> host_error_key;  // the Error object's link to its HostOwned
  const std::shared_ptr<Loop> loop;
  v8::Global<v8::Private> host_function_key;                // a host function's
  v8::Global<v8::ObjectTemplate> host_object_templates[4];  // see host_objects.cc; made when first needed
  std::shared_ptr<ForegroundTasks> tasks;
  Timers timers;
  Unhandled unhandled;
  bool modules_ended = false;         // a run was ended that may have had imports in it: see Modules::GoOn
  uint64_t host_turns = 0;            // grows with each time that the host may have done something
  std::vector<Finalizer> finalizers;  // to be called when the lock is given up; see Entry::Leave
  // The same from threads that do not hold the lock. Outlives the isolate in whatever may still post.
  const std::shared_ptr<Mailbox> mailbox = std::make_shared<Mailbox>();
  const std::shared_ptr<BufferAllocator>& buffers() const { return buffers_; }
  const std::shared_ptr<PageAccount>& pages() const { return pages_; }
  const Memory& memory() const { return *memory_; }
  const std::shared_ptr<Memory>& shared_memory() const { return memory_; }

 private:
  void ListenToEngine();
  void TakeEvents(miniracer_isolate_options& options);
  static size_t NearHeapLimit(void* isolate, size_t current, size_t initial);
  static void LookAtMemory(v8::Isolate* v8, void* isolate);
  uint64_t Used();
  bool CollectToLimit(v8::Isolate* v8);
  void CollectAfterRun();
  void LowerHeapLimit(size_t limit);
  void ForgetCollectedContexts();
  void LetGoOfPromise(miniracer_handle handle);
  static void Collected(const v8::WeakCallbackInfo<HostOwned>& info);

  Slot& slot_;
  const uint32_t serial_;
  const uint64_t stack_limit_;
  const uint32_t flags_;
  const bool explicit_microtasks_;
  v8::Isolate* v8_ = nullptr;
  const uint64_t first_memory_limit_;
  const bool memory_follows_heap_;
  const std::shared_ptr<Memory> memory_;
  const std::shared_ptr<PageAccount> pages_;
  const std::shared_ptr<BufferAllocator> buffers_;
  std::atomic<uint64_t> look_asked_{0};  // the number of the run that LookAtMemory is to be called in
  bool exceeded_ = false;                // a run was ended for memory
  bool dead_ = false;
  bool death_told_ = false;
  std::list<v8::Global<v8::Context>> detached_;  // weak: disposed of, emptied by V8 when collected
  size_t detached_left_ = 0;                     // of them, when it was looked last
  Linked<HostOwned, &HostOwned::link> owned_;
  std::unordered_map<void*, HostOwned*> findable_;  // the newest by its userdata
  size_t initial_heap_limit_ = 0;
  size_t heap_limit_ = 0;   // set later than the isolate was made; 0: not
  size_t raised_from_ = 0;  // the heap limit before it was raised to let a run end; 0: it was not
};

// Where an isolate lives. Slots are never freed, only used again, so that a thread with an outdated number, or one that
// waits for a lock, never touches freed memory.
struct Slot {
  std::atomic<uint32_t> serial{0};  // of the isolate in it; 0: none, or closed
  std::atomic<uint32_t> dead{0};    // of the isolate in it that died and was not disposed of; else 0
  std::atomic<uint64_t> default_timeout{0};
  std::atomic<uint64_t> default_cpu_time{0};
  std::atomic<uint64_t> grace{0};  // kNoDeadline: none
  char death[256] = {};            // why, of the last one that died
  std::atomic<uint32_t> fork_epoch{0};
  Lock lock;
  // Under the lock.
  std::unique_ptr<Isolate> isolate;
  uint32_t depth = 0;              // entries of the thread that holds the lock
  uint32_t held = 0;               // how many of them are miniracer_isolate_lock's
  uintptr_t stack_limit = 0;       // what V8 was told last
  std::vector<uint64_t> dropping;  // empty, but for its capacity
  std::atomic<bool> closing{false};
  // For those who do not wait for the lock. Also guards `isolate` going away.
  std::mutex gate;
  std::vector<uint64_t> dropped;  // handles and contexts given back by threads outside
  std::atomic<bool> has_dropped{false};
  Linked<Lock::Waiter, &Lock::Waiter::link> waiters;
};

// A thread's stay inside a slot's V8 isolate. A thread's stays form a stack, innermost on top.
struct Stay {
  Stay() {}  // filled in by Entry::Push, where there is one: most entries need none
  Slot* slot;
  Stay* below;
  uint32_t depth;  // the slot's depth at which it began
  bool kept;       // by miniracer_isolate_lock: on the heap
};

// The innermost stay of the calling thread.
extern constinit thread_local Stay* top_stay __attribute__((tls_model("initial-exec")));

// An entry of the calling thread into an isolate: takes the lock if the thread has not got it, and enters V8.
class Entry {
 public:
  Entry() = default;
  ~Entry() {
    if (slot_ != nullptr) Leave(*slot_);
  }
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;

  // `id`: of the isolate or of anything in it. Waits for the lock as long as a run may take by default, and to end after that.
  miniracer_status Enter(uint64_t id) {
    uint64_t ignored;
    return Enter(id, 0, &ignored, nullptr, false);
  }
  // For a run with a timeout, as in miniracer_run_options, which bounds the wait too, as `cancel` does. Gives the deadline, or
  // kNoDeadline.
  miniracer_status Enter(uint64_t id, uint64_t timeout, uint64_t* deadline, const uint32_t* cancel = nullptr,
                         bool runs = true) {
    // A thread that is inside already, the case that has to be fast.
    Slot* slot = top_stay != nullptr ? top_stay->slot : nullptr;
    bool inside = slot != nullptr && slot->serial.load(std::memory_order_relaxed) == Id::Serial(id) &&
                  Id::Serial(id) != 0 && id >> 62 != 0 && slot->fork_epoch == Forks::Epoch();
    if (!inside) return EnterAnother(id, timeout, deadline, cancel, runs);
    *deadline = Deadline(*slot, timeout);
    ++slot->depth;
    slot_ = slot;
    if (slot->has_dropped.load(std::memory_order_acquire)) GiveBackDropped(*slot);
    return MINIRACER_OK;
  }

  Isolate& isolate() const { return *slot_->isolate; }
  // As in miniracer_run_options, for a run of this entry.
  uint64_t CpuTime(uint64_t asked) const {
    if (asked == 0) asked = slot_->default_cpu_time.load(std::memory_order_relaxed);
    return asked == 0 || asked == MINIRACER_NO_TIMEOUT ? kNoDeadline : asked;
  }

  // Undoes what the calling thread has from miniracer_isolate_lock, unless there is more around it.
  static void LeaveHeld();

 private:
  friend class HostTurn;
  friend struct Isolates;
  static uint64_t Deadline(const Slot& slot, uint64_t timeout) {
    if (timeout == 0) timeout = slot.default_timeout.load(std::memory_order_relaxed);
    return timeout == 0 || timeout == MINIRACER_NO_TIMEOUT ? kNoDeadline : After(timeout);
  }
  static void Leave(Slot& slot) {
    if (slot.depth > 1 && top_stay->depth != slot.depth) {
      --slot.depth;
    } else {
      LeaveStay(slot);
    }
  }
  static void LeaveStay(Slot& slot);
  static void Push(Stay* stay, Slot& slot);
  static void GiveBackDropped(Slot& slot);
  miniracer_status EnterAnother(uint64_t id, uint64_t timeout, uint64_t* deadline, const uint32_t* cancel, bool runs);

  Slot* slot_ = nullptr;
  Stay stay_;
};

// While the host runs inside of JavaScript, or on a thread of the library's. Whatever isolates it locks and forgets to
// unlock are left when it returns.
class HostTurn {
 public:
  explicit HostTurn(Isolate& isolate) : HostTurn(&isolate) {}
  HostTurn();  // wherever the thread is, if it is inside of any
  ~HostTurn();
  HostTurn(const HostTurn&) = delete;

 private:
  explicit HostTurn(Isolate* isolate);

  Isolate* const isolate_;
  Boundary* const boundary_;
  Run* const run_;
  Stay* const top_;
  bool dead_ = false;  // it was so before
  uint32_t depth_ = 0;
  uint32_t held_ = 0;
};

ConsoleTurn::ConsoleTurn(Isolate& isolate)
    : isolate_(isolate.console.limited() && !isolate.limits.running() ? &isolate : nullptr) {
  if (isolate_ != nullptr) isolate_->console.used_ = 0;
}

ConsoleTurn::~ConsoleTurn() {
  if (isolate_ != nullptr && !isolate_->console.sink_.IsEmpty()) End();
}

// The registry of isolates.
struct Isolates {
  static miniracer_status New(miniracer_isolate_options& options, miniracer_isolate* id);
  static miniracer_status Dispose(miniracer_isolate id);
  static miniracer_status Hold(miniracer_isolate id);
  static miniracer_status Unhold(miniracer_isolate id);
  static miniracer_status Cancel(miniracer_isolate id, const uint32_t* cancel);
  // The loop of the isolate that an identity is of.
  static miniracer_status FindLoop(uint64_t id, std::shared_ptr<Loop>* loop);
  // Gives back a handle or a context: now if this thread is inside, else when the next one is.
  static miniracer_status Drop(uint64_t id);
  static void RestartAfterFork();
  // The isolate in a slot that the thread is inside of dies. May be called by a signal's handler.
  static void Die(Slot& slot, const char* reason);
  // What is left to do once the thread has jumped out of it.
  static void LeaveDead(Slot& slot);
  // Why the isolate died that the calling thread asked for last.
  static const char* LastDeath();
  static uint64_t count();
};

}  // namespace miniracer
