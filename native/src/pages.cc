#include "pages.h"

#include <sys/mman.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "boundary.h"
#include "cut_off.h"
#include "deaths.h"
#include "engine_memory.h"
#include "isolate.h"
#include "platform.h"
#include "watchdog.h"
#include "work.h"

namespace miniracer {
namespace {

constinit thread_local const std::shared_ptr<PageAccount>* working_for __attribute__((tls_model("initial-exec"))) =
    nullptr;

uintptr_t AddressOf(void* pages) { return reinterpret_cast<uintptr_t>(pages); }

// V8 aligns the pages of its heap to their size, and nothing else to that much (MemoryChunk::kAlignment).
constexpr size_t kHeapAlignment = size_t{256} << 10;

bool Accessible(v8::PageAllocator::Permission access) {
  return access != v8::PageAllocator::kNoAccess && access != v8::PageAllocator::kNoAccessWillJitLater;
}

bool Executable(v8::PageAllocator::Permission access) {
  return access == v8::PageAllocator::kReadWriteExecute || access == v8::PageAllocator::kReadExecute;
}

}  // namespace

// ---- Accounts ----

const std::shared_ptr<PageAccount>* PageAccount::Here() {
  if (working_for != nullptr) return working_for;
  if (top_stay == nullptr || top_stay->slot->isolate == nullptr) return nullptr;
  return &top_stay->slot->isolate->pages();
}

std::shared_ptr<PageAccount> PageAccount::Current() {
  const std::shared_ptr<PageAccount>* here = Here();
  return here != nullptr ? *here : nullptr;
}

// Denied only where the thread can be brought back from what V8 makes of that.
bool PageAccount::TakeMalloc(size_t bytes) {
  CutOffs::Look();
  Work::LookAsItTakes(bytes);
  return MayTakeMalloc(bytes);
}

bool PageAccount::MayTakeMalloc(size_t bytes) {
  if (bytes < Blocks::kLarge || working_for != nullptr || !Boundary::Inside()) return true;
  const std::shared_ptr<PageAccount>* here = Here();
  if (here == nullptr || (*here)->memory->collecting()) return true;
  return (*here)->memory->MayMalloc((*here)->malloced(), bytes);
}

// They are in nobody's call and take no refusal.
bool PageAccount::HelperMayTake(size_t bytes) const {
  return bytes < Blocks::kLarge || memory->collecting() || memory->HelperMayMalloc(malloced(), bytes);
}

uint64_t PageAccount::malloced() const {
  return zones.bytes() + static_cast<uint64_t>(std::max<int64_t>(malloced_.load(std::memory_order_relaxed), 0));
}

// Threads that help to collect are like the one that collects.
bool PageAccount::TakePages(uint64_t bytes) {
  return memory->TakePages(bytes, malloced(), working_for != nullptr || memory->collecting());
}

// The limit is for what is large: it is what there is to win.
void PageAccount::CountMalloc(PageAccount& account, int64_t bytes) {
  constexpr auto kLarge = static_cast<int64_t>(Blocks::kLarge);
  bool large = bytes >= kLarge || bytes <= -kLarge;
  int64_t before = (large ? account.malloced_ : account.little_).fetch_add(bytes, std::memory_order_relaxed);
  if (!large) account.CountLittle(before + bytes);
}

// In whole steps: one block is nothing, a million are what a guest asked for.
void PageAccount::CountLittle(int64_t bytes) {
  if (!made()) return;
  int64_t before = little_counted_.load(std::memory_order_relaxed);
  int64_t now = std::max<int64_t>(bytes - made_of_, 0) / kStep * kStep;
  if (now == before || !little_counted_.compare_exchange_strong(before, now, std::memory_order_relaxed)) return;
  if (now > before) memory->TakePages(static_cast<uint64_t>(now - before), 0, true);
  if (now < before) memory->Give(static_cast<uint64_t>(before - now));
}

void PageAccount::ForgetMalloc() {
  malloced_.store(0, std::memory_order_relaxed);
  little_.store(made_of_, std::memory_order_relaxed);
  if (little_counted_.load(std::memory_order_relaxed) == 0) return;  // as in most runs
  memory->Give(static_cast<uint64_t>(little_counted_.exchange(0, std::memory_order_relaxed)));
}

void PageAccount::TookMalloc(void* memory, size_t size, Blocks::FreeFn free, bool known) {
  const std::shared_ptr<PageAccount>* here = Here();
  if (here == nullptr || memory == nullptr) return;
  CountMalloc(**here, static_cast<int64_t>(size));
  if (size < Blocks::kLarge) return;
  Blocks::Owner owner = Blocks::Owner::kNobody;
  if (kOwnsMalloced && (*here)->made()) owner = Blocks::Owner::kIsolate;
  if (known) owner = Blocks::Owner::kKnown;
  EnginePlatform()->blocks().Add(memory, size, *here, owner, free);
}

void PageAccount::GivesMalloc(void* memory, size_t size) {
  Platform* platform = EnginePlatform();
  if (platform != nullptr && size >= Blocks::kLarge) platform->blocks().Remove(memory);
  if (const std::shared_ptr<PageAccount>* here = Here()) CountMalloc(**here, -static_cast<int64_t>(size));
}

void PageAccount::SetMade(uintptr_t code_range) {
  code_range_ = code_range;
  made_of_ = little_.load(std::memory_order_relaxed);
  made_.store(true, std::memory_order_relaxed);
}

void PageAccount::CountUnicode(int64_t bytes) {
  const std::shared_ptr<PageAccount>* here = Here();
  if (here == nullptr) return;
  int64_t before = (*here)->unicode_.fetch_add(bytes, std::memory_order_relaxed);
  int64_t change = std::max<int64_t>(before + bytes, 0) - std::max<int64_t>(before, 0);
  if (change > 0) (*here)->memory->TakePages(static_cast<uint64_t>(change), 0, true);
  if (change < 0) (*here)->memory->Give(static_cast<uint64_t>(-change));
}

uint64_t PageAccount::unicode_bytes() const {
  return static_cast<uint64_t>(std::max<int64_t>(unicode_.load(std::memory_order_relaxed), 0));
}

PageAccount::Working::Working(const std::shared_ptr<PageAccount>& account) : before_(working_for) {
  working_for = &account;
}

PageAccount::Working::~Working() { working_for = before_; }

void PageAccount::Working::Forget() { working_for = nullptr; }

namespace {

// In place of a reason.
constexpr char kKept[] = "kept", kForgone[] = "forgone";

}  // namespace

bool PageAccount::Lose(const char* reason) {
  const char* before = nullptr;
  return lost_.compare_exchange_strong(before, reason, std::memory_order_acq_rel) || before != kKept;
}

bool PageAccount::Keep() {
  const char* before = nullptr;
  return lost_.compare_exchange_strong(before, kKept, std::memory_order_acq_rel) || before == kKept;
}

void PageAccount::Forgo() {
  lost_.store(kForgone, std::memory_order_release);
  if (helped()) Watchdog::Arm(0);  // which has the workers leave
}

const char* PageAccount::lost() const {
  const char* reason = lost_.load(std::memory_order_acquire);
  return reason == kKept || reason == kForgone ? nullptr : reason;
}

bool PageAccount::unwanted() const {
  const char* reason = lost_.load(std::memory_order_acquire);
  return abandoned() || (reason != nullptr && reason != kKept);
}

void PageAccount::EndTask() {
  if (tasks_.fetch_sub(1, std::memory_order_seq_cst) == 1 && abandoned()) GiveBackOnce();
}

void PageAccount::Abandon(bool stores) {
  stores_ = stores;
  abandoned_.store(true, std::memory_order_seq_cst);
  if (tasks_.load(std::memory_order_seq_cst) == 0) return GiveBackOnce();
  Watchdog::Arm(0);  // as above
}

void PageAccount::GiveBackOnce() {
  if (given_back_.exchange(true, std::memory_order_acq_rel)) return;
  bool shares = shares_.load(std::memory_order_relaxed);
  Freed pages = EnginePlatform()->pages().FreeAll(this, stores_);
  Freed blocks = EnginePlatform()->blocks().FreeAll(this, shares);
  // The signatures of WebAssembly's functions, for one, lie in a zone and belong to the code.
  uint64_t freed_zones = !shares && EnginePlatform()->zones_are_owned() ? zones.FreeAll() : 0;
  auto little = static_cast<uint64_t>(std::max<int64_t>(little_.load(std::memory_order_relaxed), 0));
  Deaths::Count(pages.gone + blocks.gone + freed_zones,
                pages.left + blocks.left + zones.bytes() + little + unicode_bytes());
  EngineMemory::Trim();
}

// ---- Ranges ----

uint64_t Ranges::Add(uintptr_t begin, uintptr_t end) {
  uint64_t added = end - begin - Remove(begin, end);
  auto after = ends_.lower_bound(begin);
  if (after != ends_.begin() && std::prev(after)->second == begin) begin = std::prev(after)->first;
  if (auto next = ends_.find(end); next != ends_.end()) {
    end = next->second;
    ends_.erase(next);
  }
  ends_[begin] = end;
  return added;
}

uint64_t Ranges::Remove(uintptr_t begin, uintptr_t end) {
  uint64_t removed = 0;
  auto one = ends_.upper_bound(begin);
  if (one != ends_.begin() && std::prev(one)->second > begin) --one;
  while (one != ends_.end() && one->first < end) {
    auto [first, last] = *one;
    one = ends_.erase(one);
    if (first < begin) ends_[first] = begin;
    if (last > end) ends_[end] = last;
    removed += std::min(last, end) - std::max(first, begin);
  }
  return removed;
}

uint64_t Ranges::Count(uintptr_t begin, uintptr_t end) const {
  uint64_t count = 0;
  for (auto [first, last] : ends_) {
    if (first < end && last > begin) count += std::min(last, end) - std::max(first, begin);
  }
  return count;
}

// ---- Pages ----

// V8 hands its allocator out by way of a platform only; this one starts no threads and lives as long as the process.
Pages::Pages() : pages_(v8::platform::NewSingleThreadedDefaultPlatform().release()->GetPageAllocator()) {}

Pages::Regions::iterator Pages::Find(uintptr_t address) {
  auto after = regions_.upper_bound(address);
  if (after == regions_.begin()) return regions_.end();
  auto found = std::prev(after);
  return address < found->first + found->second.length ? found : regions_.end();
}

void* Pages::AllocatePages(void* address, size_t length, size_t alignment, Permission access) {
  std::shared_ptr<PageAccount> account = PageAccount::Current();
  bool accessible = Accessible(access);
  bool counts = account != nullptr && accessible;
  if (counts && !account->TakePages(length)) return nullptr;
  void* pages = pages_->AllocatePages(address, length, alignment, access);
  if (pages == nullptr) {
    if (counts) account->memory->Give(length);
    return nullptr;
  }
  madvise(pages, length, MADV_DOFORK);
  if (account == nullptr) return pages;
  bool heap = alignment >= kHeapAlignment;
  if (!accessible && !heap && account->made()) account->SetShares();  // WebAssembly's
  std::lock_guard<std::mutex> guard(mutex_);
  Region& region = regions_[AddressOf(pages)];
  region.length = length;
  region.heap = heap;
  region.reserved = !accessible;
  region.executable = Executable(access);
  if (accessible) region.accessible.Add(AddressOf(pages), AddressOf(pages) + length);
  region.account = std::move(account);
  return pages;
}

bool Pages::FreePages(void* address, size_t length) {
  return Free(address, length, 0) && pages_->FreePages(address, length);
}

bool Pages::ReleasePages(void* address, size_t length, size_t new_length) {
  return Free(address, length, new_length) && pages_->ReleasePages(address, length, new_length);
}

// Beforehand: afterwards another thread may get the same addresses.
bool Pages::Free(void* address, size_t length, size_t kept) {
  std::shared_ptr<Memory> memory;
  uint64_t gone;
  {
    std::lock_guard<std::mutex> guard(mutex_);
    auto region = regions_.find(AddressOf(address));
    if (region == regions_.end()) return true;
    memory = region->second.account->memory;
    gone = region->second.accessible.Remove(AddressOf(address) + kept, AddressOf(address) + length);
    region->second.length = kept;
    if (kept == 0) regions_.erase(region);
  }
  memory->Give(gone);
  return true;
}

bool Pages::SetPermissions(void* address, size_t length, Permission access) {
  uintptr_t begin = AddressOf(address), end = begin + length;
  std::shared_ptr<PageAccount> account;
  uint64_t more = 0;
  {
    std::lock_guard<std::mutex> guard(mutex_);
    auto region = Find(begin);
    if (region != regions_.end()) {
      account = region->second.account;
      if (Accessible(access)) more = length - region->second.accessible.Count(begin, end);
      region->second.executable = region->second.executable || Executable(access);
      region->second.shared = region->second.shared || access == kRead;
    }
  }
  if (account == nullptr) return pages_->SetPermissions(address, length, access);
  if (more != 0 && !account->TakePages(more)) return false;
  if (!pages_->SetPermissions(address, length, access)) {
    account->memory->Give(more);
    return false;
  }
  uint64_t less = 0;
  {
    std::lock_guard<std::mutex> guard(mutex_);
    auto region = Find(begin);
    if (region == regions_.end()) return true;
    if (Accessible(access)) {
      region->second.accessible.Add(begin, end);
    } else {
      less = region->second.accessible.Remove(begin, end);
    }
  }
  account->memory->Give(less);
  return true;
}

bool Pages::DecommitPages(void* address, size_t size) {
  if (!pages_->DecommitPages(address, size)) return false;
  std::shared_ptr<Memory> memory;
  uint64_t less = 0;
  {
    std::lock_guard<std::mutex> guard(mutex_);
    auto region = Find(AddressOf(address));
    if (region == regions_.end()) return true;
    memory = region->second.account->memory;
    less = region->second.accessible.Remove(AddressOf(address), AddressOf(address) + size);
  }
  memory->Give(less);
  return true;
}

uint64_t Pages::StoreBytes(const PageAccount* account) {
  std::lock_guard<std::mutex> guard(mutex_);
  uint64_t bytes = 0;
  for (const auto& [address, region] : regions_) {
    if (region.account.get() == account && region.store()) {
      bytes += region.accessible.Count(address, address + region.length);
    }
  }
  return bytes;
}

Freed Pages::FreeAll(const PageAccount* account, bool stores) {
  Freed freed;
  std::vector<std::pair<uintptr_t, size_t>> going;
  {
    std::lock_guard<std::mutex> guard(mutex_);
    for (auto one = regions_.begin(); one != regions_.end();) {
      const auto& [address, region] = *one;
      if (region.account.get() != account) {
        ++one;
        continue;
      }
      // WebAssembly's code may be that of other isolates as well.
      bool mine = region.heap || !region.reserved || address == account->code_range() || (stores && region.store());
      uint64_t bytes = region.accessible.Count(address, address + region.length);
      if (!mine || region.shared) {
        freed.left += bytes;
        ++one;
        continue;
      }
      freed.gone += bytes;
      going.emplace_back(address, region.length);
      one = regions_.erase(one);
    }
  }
  for (auto [address, length] : going) pages_->FreePages(reinterpret_cast<void*>(address), length);
  account->memory->Give(freed.gone);
  return freed;
}

}  // namespace miniracer
