// How threads enter and leave isolates, and the registry of them all.
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <system_error>
#include <tuple>

#include "boundary.h"
#include "deaths.h"
#include "engine_memory.h"
#include "host_code.h"
#include "isolate.h"
#include "modules.h"
#include "thread.h"

namespace miniracer {

// ---- Entries ----

constinit thread_local Stay* top_stay = nullptr;

namespace {

// From the serial in every identity to the slot. Entries stay when an isolate is gone, to tell "closed" from "never was".
std::atomic<Slot*> slots_by_serial[Id::kSerials];

Slot* FindSlot(uint64_t id) {
  return id >> 62 == 0 ? nullptr : slots_by_serial[Id::Serial(id)].load(std::memory_order_acquire);
}

// The slot of an identity that may be used in this process.
miniracer_status FindUsable(uint64_t id, Slot** slot) {
  *slot = FindSlot(id);
  if (*slot == nullptr) return EnginePlatform() == nullptr ? MINIRACER_NOT_INITIALIZED : MINIRACER_INVALID_HANDLE;
  return (*slot)->fork_epoch.load(std::memory_order_relaxed) == Forks::Epoch() ? MINIRACER_OK : MINIRACER_FORKED;
}

struct Registry {
  std::mutex mutex;
  std::vector<Slot*> free;
  uint32_t last_serial = 0;
};

Registry* registry = new Registry;  // never destroyed: threads may look at it while the process exits

thread_local const char* last_death __attribute__((tls_model("initial-exec"))) = "";

// Of an identity whose isolate is not there to be used.
miniracer_status Gone(const Slot& slot, uint64_t id) {
  if (slot.dead.load(std::memory_order_acquire) != Id::Serial(id)) return MINIRACER_CLOSED;
  last_death = slot.death;
  return MINIRACER_ENGINE_DEAD;
}

// Outside of the lock: what the watchdog did not come to, and then the host's callback is finalized.
void TellRest(void* events) {
  std::unique_ptr<std::shared_ptr<Events>> last(static_cast<std::shared_ptr<Events>*>(events));
  Events::DeliverRest(*last);
}

// Under the lock, from outside of V8: frees the heap of a slot that is closing. Gives what the host is to be told.
std::vector<Finalizer> Destroy(Slot& slot) {
  Forks::Section section;
  Isolate* isolate = slot.isolate.get();
  std::vector<Finalizer> finalizers;
  if (!isolate->dead() && !isolate->pages()->Keep()) {
    Isolates::Die(slot, isolate->pages()->lost());
    isolate->GiveBack(&finalizers);
  }
  Watchdog::Drop(&isolate->limits);
  std::unique_ptr<Isolate> going;
  {
    std::lock_guard<std::mutex> gate(slot.gate);
    going = std::move(slot.isolate);
    slot.dropped = {};
    slot.has_dropped.store(false, std::memory_order_relaxed);
  }
  for (const Finalizer& one : going->DisownAll()) finalizers.push_back(one);
  std::shared_ptr<Mailbox> mailbox = going->mailbox;
  if (std::shared_ptr<Events> events = going->limits.events(); events != nullptr) {
    auto last = std::make_unique<std::shared_ptr<Events>>(std::move(events));
    finalizers.push_back({last.release(), TellRest});
  }
  // Of one that died, all that V8 is part of stays.
  if (going->dead()) {
    going->limits.ForgetEvents();
    std::ignore = going.release();
  }
  going.reset();
  EngineMemory::Trim();
  mailbox->Close();
  mailbox->Empty(&finalizers);
  slot.depth = slot.held = 0;
  slot.stack_limit = 0;
  slot.closing.store(false, std::memory_order_seq_cst);
  return finalizers;
}

void Call(const std::vector<Finalizer>& finalizers) {
  for (const Finalizer& one : finalizers) CallHost(one.finalize, one.userdata);
}

// The last one out closes: whoever finds nobody inside of a slot that is closing.
void DestroyIfClosing(Slot& slot) {
  // Again after a look that found nothing: whoever closed the slot meanwhile could not get the lock.
  while (slot.closing.load(std::memory_order_seq_cst) && slot.lock.TryAcquire()) {
    bool closing = slot.closing.load(std::memory_order_seq_cst) && slot.isolate != nullptr;
    std::vector<Finalizer> finalizers;
    if (closing) finalizers = Destroy(slot);
    slot.lock.Release();
    if (!closing) continue;
    {
      std::lock_guard<std::mutex> guard(registry->mutex);
      registry->free.push_back(&slot);
    }
    return Call(finalizers);
  }
}

miniracer_status Acquire(Slot& slot, uint64_t deadline, const uint32_t* cancel) {
  if (slot.lock.TryAcquire()) return MINIRACER_OK;
  if (cancel == nullptr) return slot.lock.Acquire(deadline, nullptr);
  Lock::Waiter waiter{cancel};
  {
    std::lock_guard<std::mutex> gate(slot.gate);
    slot.waiters.Add(&waiter);
  }
  miniracer_status status = slot.lock.Acquire(deadline, &waiter);
  std::lock_guard<std::mutex> gate(slot.gate);
  slot.waiters.Remove(&waiter);
  return status;
}

}  // namespace

void Entry::GiveBackDropped(Slot& slot) {
  {
    std::lock_guard<std::mutex> gate(slot.gate);
    slot.dropping.swap(slot.dropped);
    slot.has_dropped.store(false, std::memory_order_relaxed);
  }
  for (uint64_t id : slot.dropping) slot.isolate->Drop(id);
  slot.dropping.clear();
}

void Entry::Push(Stay* stay, Slot& slot) {
  stay->slot = &slot;
  stay->below = top_stay;
  stay->depth = slot.depth;
  stay->kept = false;
  top_stay = stay;
  slot.isolate->v8()->Enter();
}

miniracer_status Entry::EnterAnother(uint64_t id, uint64_t timeout, uint64_t* deadline, const uint32_t* cancel,
                                     bool runs) {
  Slot* slot;
  if (miniracer_status status = FindUsable(id, &slot); status != MINIRACER_OK) return status;
  *deadline = Deadline(*slot, timeout);
  bool inside = slot->lock.HeldByThisThread();
  if (slot->serial.load(std::memory_order_acquire) != Id::Serial(id)) return Gone(*slot, id);
  if (!inside) {
    // Whoever runs may be at it until its own time is up, and ends after that.
    uint64_t more = runs ? 0 : slot->grace.load(std::memory_order_relaxed);
    uint64_t until = *deadline > kNoDeadline - more ? kNoDeadline : *deadline + more;
    if (miniracer_status status = Acquire(*slot, until, cancel); status != MINIRACER_OK) return status;
    if (slot->serial.load(std::memory_order_acquire) != Id::Serial(id)) {
      slot->lock.Release();
      miniracer_status status = Gone(*slot, id);
      DestroyIfClosing(*slot);
      return status;
    }
  }
  ++slot->depth;
  slot_ = slot;
  if (top_stay == nullptr || top_stay->slot != slot) Push(&stay_, *slot);
  if (!inside) {
    uintptr_t limit = StackLimit(slot->isolate->stack_limit());
    if (limit != slot->stack_limit) {
      slot->isolate->v8()->SetStackLimit(limit);
      slot->stack_limit = limit;
    }
  }
  if (slot->has_dropped.load(std::memory_order_acquire)) GiveBackDropped(*slot);
  return MINIRACER_OK;
}

void Entry::LeaveStay(Slot& slot) {
  if (top_stay->depth == slot.depth) {
    Stay* stay = top_stay;
    top_stay = stay->below;
    slot.isolate->v8()->Exit();
    if (stay->kept) delete stay;
  }
  if (--slot.depth != 0) return;
  std::vector<Finalizer> finalizers;
  if (!slot.isolate->finalizers.empty()) finalizers.swap(slot.isolate->finalizers);
  if (slot.isolate->mailbox->full()) slot.isolate->mailbox->Empty(&finalizers);
  std::list<std::shared_ptr<WakeCallback>> replaced;
  if (slot.isolate->loop->MayHaveReplaced()) replaced = slot.isolate->loop->TakeReplaced();
  if (slot.isolate->dead()) slot.isolate->GiveBack(&finalizers);
  slot.lock.Release();
  DestroyIfClosing(slot);
  if (!finalizers.empty()) Call(finalizers);
}

void Entry::LeaveHeld() {
  for (; top_stay != nullptr; Leave(*top_stay->slot)) {
    Slot& slot = *top_stay->slot;
    if (slot.depth != slot.held || slot.fork_epoch.load(std::memory_order_relaxed) != Forks::Epoch()) return;
    --slot.held;
  }
}

HostTurn::HostTurn(Isolate* isolate)
    : isolate_(isolate), boundary_(Boundary::Leave()), run_(Run::LeaveHere()), top_(top_stay) {
  if (isolate == nullptr) return;
  dead_ = isolate->dead();
  ++isolate->host_turns;
  Slot& slot = isolate->slot();
  depth_ = slot.depth;
  held_ = std::exchange(slot.held, 0);  // what was locked outside cannot be unlocked here
}

HostTurn::HostTurn() : HostTurn(top_stay != nullptr ? top_stay->slot->isolate.get() : nullptr) {}

HostTurn::~HostTurn() {
  while (top_stay != top_) {
    top_stay->slot->held -= top_stay->slot->held != 0;
    Entry::Leave(*top_stay->slot);
  }
  if (isolate_ != nullptr) {
    Slot& slot = isolate_->slot();
    slot.depth = depth_;
    slot.held = held_;
  }
  Boundary::Return(boundary_);
  // It died while the host was at it: what is below on the stack must not go on.
  if (isolate_ != nullptr && isolate_->dead() && !dead_) Boundary::GiveUp(isolate_->slot().death);
  Run::ReturnHere(run_);
  if (isolate_ != nullptr && !dead_) isolate_->limits.KeepEnding();
}

// ---- Isolates ----

miniracer_status Isolates::New(miniracer_isolate_options& options, miniracer_isolate* id) {
  Slot* slot;
  uint32_t serial;
  {
    std::lock_guard<std::mutex> guard(registry->mutex);
    if (registry->free.empty()) registry->free.push_back(new Slot);
    do {
      registry->last_serial = registry->last_serial % (Id::kSerials - 1) + 1;
      serial = registry->last_serial;
      slot = slots_by_serial[serial].load(std::memory_order_relaxed);
    } while (slot != nullptr && (slot->serial.load(std::memory_order_relaxed) == serial ||
                                 slot->dead.load(std::memory_order_relaxed) == serial));
    slot = registry->free.back();
    registry->free.pop_back();
  }
  slot->fork_epoch.store(Forks::Epoch(), std::memory_order_relaxed);
  try {
    Forks::Section section;
    if (!EnginePlatform()->StartWorkers()) throw std::system_error(EAGAIN, std::generic_category());
    slot->isolate = std::make_unique<Isolate>(*slot, serial, options);
    Watchdog::Watch(&slot->isolate->limits);
  } catch (...) {  // no memory, or no thread
    slot->isolate.reset();
    std::lock_guard<std::mutex> guard(registry->mutex);
    registry->free.push_back(slot);
    throw;
  }
  slot->default_timeout.store(options.timeout, std::memory_order_relaxed);
  slot->default_cpu_time.store(options.cpu_time, std::memory_order_relaxed);
  slot->grace.store(slot->isolate->limits.grace(), std::memory_order_relaxed);
  slots_by_serial[serial].store(slot, std::memory_order_release);
  slot->serial.store(serial, std::memory_order_release);
  *id = Id::Make(IdKind::kIsolate, serial, 0, 0);
  return MINIRACER_OK;
}

miniracer_status Isolates::Dispose(miniracer_isolate id) {
  Slot* slot;
  if (miniracer_status status = FindUsable(id, &slot); status != MINIRACER_OK) return status;
  std::shared_ptr<Loop> loop;
  {
    std::lock_guard<std::mutex> gate(slot->gate);
    bool dead = slot->dead.load(std::memory_order_acquire) == Id::Serial(id);
    if (!dead && slot->serial.load(std::memory_order_acquire) != Id::Serial(id)) return MINIRACER_CLOSED;
    slot->serial.store(0, std::memory_order_release);
    slot->dead.store(0, std::memory_order_release);
    slot->isolate->limits.Close();
    loop = slot->isolate->loop;
    slot->closing.store(true, std::memory_order_seq_cst);
  }
  std::unique_ptr<Loop::Remains> remains = loop->Close();
  if (slot->lock.HeldByThisThread()) {
    slot->isolate->finalizers.push_back({remains.get(), [](void* all) { delete static_cast<Loop::Remains*>(all); }});
    remains.release();
  } else {
    remains.reset();
    DestroyIfClosing(*slot);
  }
  return MINIRACER_OK;
}

namespace {

// A thread that ends gives back what it locked, as far as no call of its own is under way. The process's first does
// not: it ends with the process, when the host's finalizers may not run any more.
struct LastLocks {
  ~LastLocks() {
    if (ThreadNumber() != getpid()) Entry::LeaveHeld();
  }
};

}  // namespace

miniracer_status Isolates::Hold(miniracer_isolate id) {
  static thread_local LastLocks last;
  std::ignore = last;
  auto stay = std::make_unique<Stay>();
  Entry entry;
  if (miniracer_status status = entry.Enter(id); status != MINIRACER_OK) return status;
  Slot& slot = *entry.slot_;
  if (top_stay == &entry.stay_) {  // outlive this function
    *stay = entry.stay_;
    stay->kept = true;
    top_stay = stay.release();
  }
  ++slot.held;
  entry.slot_ = nullptr;
  return MINIRACER_OK;
}

miniracer_status Isolates::Unhold(miniracer_isolate id) {
  Slot* slot;
  if (miniracer_status status = FindUsable(id, &slot); status != MINIRACER_OK) return status;
  if (!slot->lock.HeldByThisThread() || slot->held == 0 || top_stay->slot != slot) return MINIRACER_NOT_LOCKED;
  // Not `slot->serial`: of one that was disposed of meanwhile, the lock is still there to be undone.
  if (slot->isolate->serial() != Id::Serial(id)) return MINIRACER_NOT_LOCKED;
  --slot->held;
  Entry::Leave(*slot);
  return MINIRACER_OK;
}

miniracer_status Isolates::Cancel(miniracer_isolate id, const uint32_t* cancel) {
  Slot* slot;
  if (miniracer_status status = FindUsable(id, &slot); status != MINIRACER_OK) return status;
  std::lock_guard<std::mutex> gate(slot->gate);
  if (slot->serial.load(std::memory_order_acquire) != Id::Serial(id)) return Gone(*slot, id);
  slot->isolate->loop->CancelWaiters(cancel);
  if (cancel == nullptr) {
    slot->isolate->limits.EndAll(MINIRACER_CANCELLED);
  } else {
    slot->isolate->limits.Cancel(cancel);
    for (Lock::Waiter* waiter = slot->waiters.first(); waiter != nullptr; waiter = slot->waiters.After(*waiter)) {
      if (waiter->cancel == cancel) waiter->cancelled.store(true, std::memory_order_relaxed);
    }
  }
  return MINIRACER_OK;
}

miniracer_status Isolates::FindLoop(uint64_t id, std::shared_ptr<Loop>* loop) {
  Slot* slot;
  if (miniracer_status status = FindUsable(id, &slot); status != MINIRACER_OK) return status;
  std::lock_guard<std::mutex> gate(slot->gate);
  if (slot->serial.load(std::memory_order_acquire) != Id::Serial(id)) return Gone(*slot, id);
  *loop = slot->isolate->loop;
  return MINIRACER_OK;
}

miniracer_status Isolates::Drop(uint64_t id) {
  Slot* slot;
  if (miniracer_status status = FindUsable(id, &slot); status != MINIRACER_OK) return status;
  // Of a dead isolate nothing is given back one by one.
  if (slot->dead.load(std::memory_order_acquire) == Id::Serial(id)) return MINIRACER_OK;
  // The numbers of a closing isolate still count for the thread that is inside of it.
  auto drop = [slot, id] {
    bool here = slot->isolate != nullptr && slot->isolate->serial() == Id::Serial(id);
    return here && slot->isolate->Drop(id) ? MINIRACER_OK : MINIRACER_CLOSED;
  };
  if (slot->lock.HeldByThisThread()) return drop();
  if (slot->lock.TryAcquire()) {
    // The serial first: a slot that is just being used again is not to be looked into.
    bool current = slot->serial.load(std::memory_order_acquire) == Id::Serial(id);
    miniracer_status status = current ? drop() : miniracer_status{MINIRACER_CLOSED};
    slot->lock.Release();
    DestroyIfClosing(*slot);
    return status;
  }
  std::lock_guard<std::mutex> gate(slot->gate);
  if (slot->serial.load(std::memory_order_acquire) != Id::Serial(id)) return Gone(*slot, id);
  try {
    slot->dropped.push_back(id);
  } catch (const std::bad_alloc&) {  // callers cannot be told: the handle lives as long as the isolate
    return MINIRACER_HOST_OUT_OF_MEMORY;
  }
  slot->has_dropped.store(true, std::memory_order_release);
  return MINIRACER_OK;
}

void Isolates::RestartAfterFork() {
  // The parent's slots may be locked by threads that do not exist here; they are left alone.
  uint32_t last = registry->last_serial;
  registry = new Registry;
  registry->last_serial = last;
}

// ---- Deaths ----

void Isolates::Die(Slot& slot, const char* reason) {
  Isolate& isolate = *slot.isolate;
  if (isolate.dead()) return;
  std::lock_guard<std::mutex> gate(slot.gate);
  strncpy(slot.death, *reason != '\0' ? reason : "V8 gave up", sizeof slot.death - 1);
  uint32_t serial = slot.serial.load(std::memory_order_relaxed);
  if (serial != 0) {  // else it was disposed of meanwhile
    slot.dead.store(serial, std::memory_order_release);
    slot.serial.store(0, std::memory_order_release);
  }
  isolate.Die();
  Deaths::CountOne();
}

// The thread may still be inside further up on its stack: then the last one of its calls does this again.
void Isolates::LeaveDead(Slot& slot) {
  std::shared_ptr<Loop> loop = slot.isolate->loop;
  std::shared_ptr<Events> events = slot.isolate->TakeDeath();
  std::vector<Finalizer> finalizers;
  if (slot.depth == 0) {
    slot.isolate->GiveBack(&finalizers);
    slot.lock.Release();
    DestroyIfClosing(slot);
  }
  if (events != nullptr) events->TellDead(slot.death);
  Call(finalizers);
  std::unique_ptr<Loop::Remains> remains = loop->Close();  // what is finalized as it goes
}

const char* Isolates::LastDeath() { return last_death; }

uint64_t Isolates::count() {
  uint64_t count = 0;
  for (auto& one : slots_by_serial) {
    Slot* slot = one.load(std::memory_order_acquire);
    if (slot == nullptr) continue;
    uint32_t serial = static_cast<uint32_t>(&one - slots_by_serial);
    bool here = slot->fork_epoch.load(std::memory_order_relaxed) == Forks::Epoch();
    count += here && (slot->serial.load(std::memory_order_relaxed) == serial ||
                      slot->dead.load(std::memory_order_relaxed) == serial);
  }
  return count;
}

}  // namespace miniracer
