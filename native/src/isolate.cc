#include "isolate.h"

#include <stdlib.h>
#include <unistd.h>

#include <algorithm>

#include "modules.h"
#include "thread.h"

namespace miniracer {

// ---- Buffers ----

void* BufferAllocator::Allocate(size_t length) {
  void* data = calloc(length == 0 ? 1 : length, 1);
  if (data != nullptr) bytes_.fetch_add(length, std::memory_order_relaxed);
  return data;
}

void* BufferAllocator::AllocateUninitialized(size_t length) {
  void* data = malloc(length == 0 ? 1 : length);
  if (data != nullptr) bytes_.fetch_add(length, std::memory_order_relaxed);
  return data;
}

void BufferAllocator::Free(void* data, size_t length) {
  bytes_.fetch_sub(length, std::memory_order_relaxed);
  free(data);
}

// ---- Contexts ----

constexpr int kEntryField = 1;  // of a context's embedder data

ContextEntry* ContextEntry::Of(v8::Local<v8::Context> context) {
  if (static_cast<int>(context->GetNumberOfEmbedderDataFields()) <= kEntryField) return nullptr;
  auto* entry = static_cast<ContextEntry*>(context->GetAlignedPointerFromEmbedderData(kEntryField));
  // Entries are used again.
  return entry != nullptr && entry->context == context ? entry : nullptr;
}

void ContextEntry::Register(v8::Isolate* v8) { context.Get(v8)->SetAlignedPointerInEmbedderData(kEntryField, this); }

// ---- Isolate ----

namespace {

constexpr int kStackFrames = 50;
constexpr size_t kHeapSlack = size_t{256} << 20;  // what a run gets at the least to come to its end in

}  // namespace

Isolate::Isolate(Slot& slot, uint32_t serial, const miniracer_isolate_options& options)
    : loop(std::make_shared<Loop>((options.flags & MINIRACER_ISOLATE_BACKGROUND_LOOP) != 0)),
      slot_(slot),
      serial_(serial),
      stack_limit_(options.stack_limit),
      explicit_microtasks_((options.flags & MINIRACER_ISOLATE_EXPLICIT_MICROTASKS) != 0),
      buffers_(std::make_shared<BufferAllocator>()) {
  v8::Isolate::CreateParams parameters;
  parameters.array_buffer_allocator_shared = buffers_;
  if (options.heap_limit != 0) {
    parameters.constraints.ConfigureDefaultsFromHeapSize(0, options.heap_limit);
  } else {
    uint64_t pages = static_cast<uint64_t>(std::max(sysconf(_SC_PHYS_PAGES), 0L));
    parameters.constraints.ConfigureDefaults(pages * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)), 0);
  }
  v8_ = v8::Isolate::Allocate();
  tasks = EnginePlatform()->Register(v8_);
  tasks->SetLoop(loop);
  v8::Isolate::Initialize(v8_, parameters);
  v8_->SetData(0, this);
  limits.SetIsolate(v8_);
  loop->SetIsolate(Id::Make(IdKind::kIsolate, serial_, 0, 0));
  v8_->SetMicrotasksPolicy(v8::MicrotasksPolicy::kExplicit);
  v8_->SetCaptureStackTraceForUncaughtExceptions(true, kStackFrames, v8::StackTrace::kDetailed);
  SetModuleHooks(v8_);
  v8::HeapStatistics heap;
  v8_->GetHeapStatistics(&heap);
  initial_heap_limit_ = heap.heap_size_limit();
  v8_->AddNearHeapLimitCallback(NearHeapLimit, this);
  v8::Isolate::Scope scope(v8_);
  v8::HandleScope handles(v8_);
  host_error_key.Reset(v8_, v8::Private::New(v8_));
  settle_key.Reset(v8_, v8::Private::New(v8_));
  waited_key.Reset(v8_, v8::Private::New(v8_));
  unhandled.Watch(*this);
  host_function_key.Reset(v8_, v8::Private::New(v8_));
}

Isolate::~Isolate() {
  {
    v8::Isolate::Scope scope(v8_);
    host_error_key.Reset();
    settle_key.Reset();
    waited_key.Reset();
    unhandled.Clear();
    timers.Clear();
    host_function_key.Reset();
    for (auto& one : host_object_templates) one.Reset();
    own_code = {};
    handles.Clear();
    contexts.Clear();
    detached_.clear();
  }
  EnginePlatform()->Unregister(v8_);
  v8_->Dispose();
}

bool Isolate::Drop(uint64_t id) {
  if (Id::Is(id, IdKind::kHandle)) {
    if (unhandled.holding()) LetGoOfPromise(id);
    return handles.Remove(Id::Generation(id), Id::Index(id));
  }
  ContextEntry* context = Id::Is(id, IdKind::kContext) ? contexts.Find(Id::Generation(id), Id::Index(id)) : nullptr;
  if (context == nullptr) return false;
  {
    v8::HandleScope scope(v8_);
    timers.Forget(v8_, context->context.Get(v8_));
  }
  detached_.push_back(std::move(context->context));
  detached_.back().SetWeak();
  if (detached_.size() >= 2 * detached_left_ + 16) ForgetCollectedContexts();
  contexts.Remove(Id::Generation(id), Id::Index(id));
  v8_->ContextDisposedNotification();
  return true;
}

void Isolate::LetGoOfPromise(miniracer_handle handle) {
  auto* value = handles.Find(Id::Generation(handle), Id::Index(handle));
  if (value != nullptr && unhandled.LetGo(v8_, *value)) loop->Notify(0);
}

void Isolate::ForgetCollectedContexts() {
  detached_.remove_if([](const v8::Global<v8::Context>& context) { return context.IsEmpty(); });
  detached_left_ = detached_.size();
}

void Isolate::Own(HostOwned* owned, v8::Local<v8::Value> object) {
  owned->isolate = this;
  owned->next = owned_;
  if (owned_ != nullptr) owned_->previous = owned;
  owned_ = owned;
  if (object.IsEmpty()) return;
  owned->object.Reset(v8_, object);
  owned->object.SetWeak(owned, Collected, v8::WeakCallbackType::kParameter);
}

// In the middle of a garbage collection: the host's turn comes later.
void Isolate::Collected(const v8::WeakCallbackInfo<HostOwned>& info) {
  HostOwned* owned = info.GetParameter();
  owned->isolate->Disown(owned);
}

void Isolate::Disown(HostOwned* owned) {
  owned->object.Reset();
  if (owned->findable) {
    if (owned->newer != nullptr) {
      owned->newer->older = owned->older;
    } else if (owned->older != nullptr) {
      findable_[owned->userdata] = owned->older;
    } else {
      findable_.erase(owned->userdata);
    }
    if (owned->older != nullptr) owned->older->newer = owned->newer;
  }
  if (owned->previous != nullptr) owned->previous->next = owned->next;
  if (owned->next != nullptr) owned->next->previous = owned->previous;
  if (owned_ == owned) owned_ = owned->next;
  if (owned->finalize != nullptr) finalizers.push_back({owned->userdata, owned->finalize});
  delete owned;
}

void Isolate::MakeFindable(HostOwned* owned) {
  if (owned->userdata == nullptr) return;
  HostOwned*& newest = findable_[owned->userdata];
  owned->findable = true;
  owned->older = newest;
  if (newest != nullptr) newest->newer = owned;
  newest = owned;
}

HostOwned* Isolate::FindOwned(void* userdata) const {
  auto found = findable_.find(userdata);
  return found == findable_.end() ? nullptr : found->second;
}

std::vector<Finalizer> Isolate::DisownAll() {
  while (owned_ != nullptr) Disown(owned_);
  return std::move(finalizers);
}

// Called by V8 inside of a collection that did not free enough. Ending the run needs some room.
size_t Isolate::NearHeapLimit(void* data, size_t current, size_t initial) {
  auto* isolate = static_cast<Isolate*>(data);
  size_t limit = isolate->heap_limit_ != 0 ? isolate->heap_limit_ : initial;
  if (current < limit) return limit;  // V8 takes a higher limit in this place only
  if (isolate->raised_from_ == 0) isolate->raised_from_ = limit;
  isolate->limits.EndAll(MINIRACER_OUT_OF_MEMORY);
  // Counted from what is committed and with room for one growing table: where V8 cannot get what it asks for next, it
  // ends the process. The room is a permission and not memory, and the run is over at its next check.
  v8::HeapStatistics heap;
  isolate->v8_->GetHeapStatistics(&heap);
  return std::max(current, heap.total_heap_size()) + std::max(current, kHeapSlack);
}

void Isolate::LowerHeapLimit() {
  size_t limit = raised_from_;
  raised_from_ = 0;
  v8_->LowMemoryNotification();
  LowerHeapLimit(limit);
}

// V8's way to lower it; a higher one it ignores here.
void Isolate::LowerHeapLimit(size_t limit) {
  v8_->RemoveNearHeapLimitCallback(NearHeapLimit, limit);
  v8_->AddNearHeapLimitCallback(NearHeapLimit, this);
}

void Isolate::SetHeapLimit(uint64_t bytes) {
  heap_limit_ = bytes != 0 ? bytes : initial_heap_limit_;
  if (raised_from_ != 0) {
    raised_from_ = heap_limit_;  // a run is being ended; what comes after it has the new limit
  } else {
    // V8 keeps room for all that it has now, garbage included.
    v8::HeapStatistics heap;
    v8_->GetHeapStatistics(&heap);
    if (heap.used_heap_size() > heap_limit_ / 2) v8_->LowMemoryNotification();
    LowerHeapLimit(heap_limit_);
  }
}

void Isolate::CollectGarbage(uint32_t kind) {
  if (kind == MINIRACER_COLLECT_FULL) {
    v8_->LowMemoryNotification();
  } else {
    v8_->MemoryPressureNotification(v8::MemoryPressureLevel::kModerate);
  }
}

void Isolate::ReportStatistics(miniracer_heap_statistics* statistics) {
  v8::HeapStatistics heap;
  v8_->GetHeapStatistics(&heap);
  statistics->heap_used = heap.used_heap_size();
  statistics->heap_committed = heap.total_heap_size();
  statistics->heap_limit = heap_limit_ != 0 ? heap_limit_ : heap.heap_size_limit();
  statistics->heap_physical = heap.total_physical_size();
  statistics->array_buffers = buffers_->bytes();
  statistics->external = heap.external_memory();
  statistics->engine_malloced = heap.malloced_memory();
  statistics->engine_malloced_peak = heap.peak_malloced_memory();
  statistics->handle_count = handles.count();
  statistics->context_count = contexts.count();
  ForgetCollectedContexts();
  statistics->detached_context_count = detached_.size();  // V8's own number counts only those it was told to detach
}

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
  return (*slot)->fork_epoch.load(std::memory_order_relaxed) == ForkEpoch() ? MINIRACER_OK : MINIRACER_FORKED;
}

struct Registry {
  std::mutex mutex;
  std::vector<Slot*> free;
  uint32_t last_serial = 0;
};

Registry* registry = new Registry;  // never destroyed: threads may look at it while the process exits

// Under the lock, from outside of V8: frees the heap of a slot that is closing. Gives what the host is to be told.
std::vector<Finalizer> Destroy(Slot& slot) {
  Isolate* isolate = slot.isolate.get();
  Watchdog::Drop(&isolate->limits);
  std::unique_ptr<Isolate> going;
  {
    std::lock_guard<std::mutex> gate(slot.gate);
    going = std::move(slot.isolate);
    slot.dropped = {};
    slot.has_dropped.store(false, std::memory_order_relaxed);
  }
  std::vector<Finalizer> finalizers = going->DisownAll();
  std::shared_ptr<Mailbox> mailbox = going->mailbox;
  going.reset();
  mailbox->Close();
  mailbox->Empty(&finalizers);
  slot.depth = slot.held = 0;
  slot.stack_limit = 0;
  slot.closing.store(false, std::memory_order_seq_cst);
  return finalizers;
}

void Call(const std::vector<Finalizer>& finalizers) {
  for (const Finalizer& one : finalizers) one.finalize(one.userdata);
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

miniracer_status Entry::EnterAnother(uint64_t id, uint64_t timeout, uint64_t* deadline) {
  Slot* slot;
  if (miniracer_status status = FindUsable(id, &slot); status != MINIRACER_OK) return status;
  *deadline = Deadline(*slot, timeout);
  bool inside = slot->lock.HeldByThisThread();
  if (slot->serial.load(std::memory_order_acquire) != Id::Serial(id)) return MINIRACER_CLOSED;
  if (!inside) {
    if (!slot->lock.Acquire(*deadline)) return MINIRACER_TIMEOUT;
    if (slot->serial.load(std::memory_order_acquire) != Id::Serial(id)) {
      slot->lock.Release();
      DestroyIfClosing(*slot);
      return MINIRACER_CLOSED;
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
  slot.lock.Release();
  DestroyIfClosing(slot);
  if (!finalizers.empty()) Call(finalizers);
}

HostTurn::HostTurn(Isolate& isolate)
    : isolate_(isolate), slot_(isolate.slot()), top_(top_stay), depth_(slot_.depth), held_(slot_.held) {
  ++isolate.host_turns;
  slot_.held = 0;  // what was locked outside cannot be unlocked here
}

HostTurn::~HostTurn() {
  while (top_stay != top_) {
    top_stay->slot->held -= top_stay->slot->held != 0;
    Entry::Leave(*top_stay->slot);
  }
  slot_.depth = depth_;
  slot_.held = held_;
  isolate_.limits.KeepEnding();
}

// ---- Isolates ----

miniracer_status Isolates::New(const miniracer_isolate_options& options, miniracer_isolate* id) {
  Slot* slot;
  uint32_t serial;
  {
    std::lock_guard<std::mutex> guard(registry->mutex);
    if (registry->free.empty()) registry->free.push_back(new Slot);
    do {
      registry->last_serial = registry->last_serial % (Id::kSerials - 1) + 1;
      serial = registry->last_serial;
      slot = slots_by_serial[serial].load(std::memory_order_relaxed);
    } while (slot != nullptr && slot->serial.load(std::memory_order_relaxed) == serial);
    slot = registry->free.back();
    registry->free.pop_back();
  }
  slot->fork_epoch.store(ForkEpoch(), std::memory_order_relaxed);
  try {
    slot->isolate = std::make_unique<Isolate>(*slot, serial, options);
    Watchdog::Watch(&slot->isolate->limits);
  } catch (...) {  // no memory, or no thread for the watchdog
    slot->isolate.reset();
    std::lock_guard<std::mutex> guard(registry->mutex);
    registry->free.push_back(slot);
    throw;
  }
  slot->default_timeout.store(options.timeout, std::memory_order_relaxed);
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
    if (slot->serial.load(std::memory_order_acquire) != Id::Serial(id)) return MINIRACER_CLOSED;
    slot->serial.store(0, std::memory_order_release);
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

miniracer_status Isolates::Hold(miniracer_isolate id) {
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
  if (slot->serial.load(std::memory_order_acquire) != Id::Serial(id)) return MINIRACER_CLOSED;
  slot->isolate->loop->CancelWaiters(cancel);
  if (cancel == nullptr) {
    slot->isolate->limits.EndAll(MINIRACER_CANCELLED);
  } else {
    slot->isolate->limits.Cancel(cancel);
  }
  return MINIRACER_OK;
}

miniracer_status Isolates::FindLoop(uint64_t id, std::shared_ptr<Loop>* loop) {
  Slot* slot;
  if (miniracer_status status = FindUsable(id, &slot); status != MINIRACER_OK) return status;
  std::lock_guard<std::mutex> gate(slot->gate);
  if (slot->serial.load(std::memory_order_acquire) != Id::Serial(id)) return MINIRACER_CLOSED;
  *loop = slot->isolate->loop;
  return MINIRACER_OK;
}

miniracer_status Isolates::Drop(uint64_t id) {
  Slot* slot;
  if (miniracer_status status = FindUsable(id, &slot); status != MINIRACER_OK) return status;
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
  if (slot->serial.load(std::memory_order_acquire) != Id::Serial(id)) return MINIRACER_CLOSED;
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

}  // namespace miniracer
