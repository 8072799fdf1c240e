#include "isolate.h"

#include <stdio.h>
#include <unistd.h>

#include <algorithm>

#include "boundary.h"
#include "cut_off.h"
#include "deaths.h"
#include "modules.h"
#include "switches.h"
#include "thread.h"

namespace miniracer {

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

// V8 ends the process where these return.
void OnOutOfMemory(const char* location, bool) {
  char reason[128];  // memory is what there is none of
  snprintf(reason, sizeof reason, "V8 ran out of memory: %s", location);
  Boundary::GiveUp(reason);
}

void OnFatalError(const char* location, const char* message) {
  Boundary::GiveUp(message != nullptr ? message : location);
}

template <bool kCollecting>
void Collects(v8::Isolate*, v8::GCType, v8::GCCallbackFlags, void* data) {
  if (kCollecting && static_cast<Isolate*>(data)->limits.CollectsInsteadOfEnding()) Boundary::GiveUp(CutOffs::kReason);
  static_cast<Isolate*>(data)->SetCollecting(kCollecting);
}

constexpr size_t kHeapSlack = size_t{256} << 20;  // what a run gets at the least to come to its end in

uint64_t MemoryLimit(const miniracer_isolate_options& options) {
  return options.memory_limit != 0 ? options.memory_limit : options.heap_limit;
}

uint64_t GraceOf(const miniracer_isolate_options& options) {
  if (options.grace == 0) return kDefaultGrace;
  constexpr uint64_t kLongest = UINT64_MAX / 8;  // of which the double can be added to a time: 73 years
  return options.grace > kLongest ? kNoDeadline : options.grace;
}

}  // namespace

Isolate::Isolate(Slot& slot, uint32_t serial, miniracer_isolate_options& options)
    : caps(options),
      console(options.maximum_console),
      loop(std::make_shared<Loop>((options.flags & MINIRACER_ISOLATE_BACKGROUND_LOOP) != 0)),
      slot_(slot),
      serial_(serial),
      stack_limit_(options.stack_limit),
      flags_(options.flags),
      explicit_microtasks_((options.flags & MINIRACER_ISOLATE_EXPLICIT_MICROTASKS) != 0),
      first_memory_limit_(MemoryLimit(options)),
      memory_follows_heap_(options.memory_limit == 0),
      memory_(std::make_shared<Memory>(MemoryLimit(options), options.memory_warning)),
      pages_(std::make_shared<PageAccount>(memory_)),
      buffers_(std::make_shared<BufferAllocator>(memory_)) {
  v8::Isolate::CreateParams parameters;
  parameters.array_buffer_allocator_shared = buffers_;
  if (uint64_t heap = options.heap_limit != 0 ? options.heap_limit : options.memory_limit; heap != 0) {
    // V8 makes sizes of it that must be whole pages.
    constexpr uint64_t kHeapPage = uint64_t{256} << 10;
    parameters.constraints.ConfigureDefaultsFromHeapSize(0, heap / kHeapPage * kHeapPage);
  } else {
    uint64_t pages = static_cast<uint64_t>(std::max(sysconf(_SC_PHYS_PAGES), 0L));
    parameters.constraints.ConfigureDefaults(pages * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)), 0);
  }
  PageAccount::Working working(pages_);  // a host function of another isolate may be what makes it
  v8_ = v8::Isolate::Allocate();
  tasks = EnginePlatform()->Register(v8_);
  tasks->SetLoop(loop);
  v8::Isolate::Initialize(v8_, parameters);
  v8_->SetData(0, this);
  limits.SetIsolate(v8_);
  void* code = nullptr;
  size_t code_length = 0;
  v8_->GetCodeRange(&code, &code_length);
  pages_->SetMade(reinterpret_cast<uintptr_t>(code));
  limits.SetCode(reinterpret_cast<uintptr_t>(code), code_length);
  ListenToEngine();
  limits.clock.SetResolution(options.clock_resolution);
  SetSwitches(v8_, options.flags);
  loop->SetIsolate(Id::Make(IdKind::kIsolate, serial_, 0, 0));
  v8_->SetMicrotasksPolicy(v8::MicrotasksPolicy::kExplicit);
  limits.CaptureStacks(true);
  SetModuleHooks(v8_);
  v8::HeapStatistics heap;
  v8_->GetHeapStatistics(&heap);
  initial_heap_limit_ = heap.heap_size_limit();
  v8::Isolate::Scope scope(v8_);
  v8::HandleScope handles(v8_);
  host_error_key.Reset(v8_, v8::Private::New(v8_));
  settle_key.Reset(v8_, v8::Private::New(v8_));
  waited_key.Reset(v8_, v8::Private::New(v8_));
  unhandled.Watch(*this);
  host_function_key.Reset(v8_, v8::Private::New(v8_));
  TakeEvents(options);  // last: V8 may give up before, and whoever asked then has it still
}

void Isolate::TakeEvents(miniracer_isolate_options& options) {
  std::shared_ptr<Events> events;
  if (options.event != nullptr) {
    miniracer_isolate id = Id::Make(IdKind::kIsolate, serial_, 0, 0);
    events = std::make_shared<Events>(id, options.event, options.event_userdata, options.event_finalize);
    options.event_finalize = nullptr;
  }
  limits.SetGrace(GraceOf(options), std::move(events));
  memory_->SetIsolate(this);
}

void Isolate::ListenToEngine() {
  v8_->SetOOMErrorHandler(OnOutOfMemory);
  v8_->SetFatalErrorHandler(OnFatalError);
  v8_->AddGCPrologueCallback(Collects<true>, this);
  v8_->AddGCEpilogueCallback(Collects<false>, this);
  v8_->AddNearHeapLimitCallback(NearHeapLimit, this);
}

Isolate::~Isolate() {
  PageAccount::Working working(pages_);
  memory_->SetIsolate(nullptr);
  {
    v8::Isolate::Scope scope(v8_);
    host_error_key.Reset();
    settle_key.Reset();
    waited_key.Reset();
    unhandled.Clear();
    timers.Clear();
    console.Clear();
    host_function_key.Reset();
    for (auto& one : host_object_templates) one.Reset();
    own_code = {};
    handles.Clear();
    contexts.Clear();
    detached_.clear();
  }
  EnginePlatform()->Unregister(v8_);
  v8_->Dispose();
  pages_->Forgo();
}

bool Isolate::Drop(uint64_t id) {
  if (dead_) return true;
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
  if (!object.IsEmpty()) {  // V8 may give up here: then it is still the caller's
    owned->object.Reset(v8_, object);
    owned->object.SetWeak(owned, Collected, v8::WeakCallbackType::kParameter);
  }
  owned_.Add(owned);
}

// In the middle of a garbage collection: the host's turn comes later.
void Isolate::Collected(const v8::WeakCallbackInfo<HostOwned>& info) {
  HostOwned* owned = info.GetParameter();
  owned->isolate->Disown(owned);
}

void Isolate::Disown(HostOwned* owned) {
  if (dead_) {
    new (&owned->object) v8::Global<v8::Value>;  // the one before is V8's, which is not to be touched
  } else {
    owned->object.Reset();
  }
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
  owned_.Remove(owned);
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
  while (owned_.first() != nullptr) Disown(owned_.first());
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

void Isolate::CollectAfterRun() {
  size_t limit = raised_from_;
  raised_from_ = 0;
  exceeded_ = false;
  v8_->LowMemoryNotification();
  if (limit != 0) LowerHeapLimit(limit);
}

// ---- Memory ----

void Isolate::ExceededMemory() {
  uint64_t run = limits.run_number();
  if (run != 0 && look_asked_.exchange(run) != run) v8_->RequestInterrupt(LookAtMemory, this);
}

// What is left of the one number when V8's pages count as far as something is in them.
uint64_t Isolate::Used() {
  v8::HeapStatistics heap;
  v8_->GetHeapStatistics(&heap);
  return heap.used_heap_size() + EnginePlatform()->pages().StoreBytes(pages_.get()) + buffers_->bytes() +
         pages_->unicode_bytes() + pages_->little_bytes();
}

void Isolate::WarnOfMemory(uint64_t bytes) {
  if (limits.events() != nullptr) limits.events()->TellMemory(bytes);
}

// Called by V8 at the next step of JavaScript: it has got what it wanted by then, or a RangeError.
void Isolate::LookAtMemory(v8::Isolate* v8, void* data) {
  auto* isolate = static_cast<Isolate*>(data);
  // An earlier run asked, and was over before V8 came to it: a later one is not to suffer for it.
  if (isolate->look_asked_ != isolate->limits.run_number()) return;
  if (isolate->memory_->TakeDenied() || !isolate->CollectToLimit(v8)) {
    isolate->exceeded_ = true;
    isolate->limits.EndAll(MINIRACER_OUT_OF_MEMORY);
  }
  // Not before: collecting takes pages, too, and V8 would call this again as long as it is asked to.
  isolate->look_asked_.store(0);
}

// It must help clearly, or the guest would do little but collect from here on.
bool Isolate::CollectToLimit(v8::Isolate* v8) {
  if (!memory_->over()) return true;
  v8->LowMemoryNotification();
  // V8 frees buffers that it found a little later, at the next collection at the latest.
  if (buffers_->bytes() > memory_->limit() / 2) v8->LowMemoryNotification();
  if (Used() > memory_->limit() - memory_->limit() / 16) return false;
  memory_->Bear();
  return true;
}

// ---- The end that V8 gives it ----

namespace {

class DieOfLoss final : public v8::Task {
 public:
  explicit DieOfLoss(Isolate& isolate) : isolate_(isolate) {}
  void Run() override { Boundary::GiveUp(isolate_.pages()->lost()); }

 private:
  Isolate& isolate_;
};

}  // namespace

void Isolate::LostHelp() {
  v8_->RequestInterrupt([](v8::Isolate*, void* to) { DieOfLoss(*static_cast<Isolate*>(to)).Run(); }, this);
  tasks->PostTask(std::make_unique<DieOfLoss>(*this));
}

void Isolate::Die() {
  dead_ = true;
  memory_->SetIsolate(nullptr);
  limits.Abandon();
}

std::shared_ptr<Events> Isolate::TakeDeath() {
  if (std::exchange(death_told_, true)) return nullptr;
  return limits.events();
}

void Isolate::GiveBack(std::vector<Finalizer>* finalizers) {
  for (const Finalizer& one : DisownAll()) finalizers->push_back(one);
  mailbox->CollectLent(finalizers);
  handles.Forget();
  Deaths::Count(0, sizeof *this);
  bool opened = buffers_->opened();
  if (opened) {
    Deaths::Count(0, buffers_->bytes());
  } else {
    Deaths::Count(buffers_->FreeAll(), 0);
  }
  pages_->Abandon(!opened);
}

// ---- Limits of the heap ----

// V8's way to lower it; a higher one it ignores here.
void Isolate::LowerHeapLimit(size_t limit) {
  v8_->RemoveNearHeapLimitCallback(NearHeapLimit, limit);
  v8_->AddNearHeapLimitCallback(NearHeapLimit, this);
}

void Isolate::SetHeapLimit(uint64_t bytes) {
  if (memory_follows_heap_) memory_->SetLimit(bytes != 0 ? bytes : first_memory_limit_);
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
  statistics->heap_executable = heap.total_heap_size_executable();
  statistics->heap_limit = heap_limit_ != 0 ? heap_limit_ : heap.heap_size_limit();
  statistics->heap_physical = heap.total_physical_size();
  statistics->array_buffers = buffers_->bytes();
  statistics->memory = memory_->bytes();
  statistics->memory_limit = memory_->limit();
  statistics->memory_peak = memory_->peak();
  statistics->webassembly = EnginePlatform()->pages().StoreBytes(pages_.get());
  statistics->external = heap.external_memory();
  statistics->engine_malloced = heap.malloced_memory();
  statistics->engine_malloced_peak = heap.peak_malloced_memory();
  statistics->handle_count = handles.count();
  statistics->context_count = contexts.count();
  ForgetCollectedContexts();
  statistics->detached_context_count = detached_.size();  // V8's own number counts only those it was told to detach
}

}  // namespace miniracer
