#include "memory.h"

#include <algorithm>

#include "isolate.h"

namespace miniracer {
namespace {

// Room above the limit for V8 to collect in and to end its run: a new generation's worth and some of the old one's.
constexpr uint64_t kRoom = uint64_t{32} << 20;

}  // namespace

void Memory::SetLimit(uint64_t limit) {
  limit_.store(limit, std::memory_order_relaxed);
  ceiling_.store(limit == 0 ? UINT64_MAX : limit + limit / 4 + kRoom, std::memory_order_relaxed);
  told_at_.store(std::min(limit == 0 ? UINT64_MAX : limit, warning_), std::memory_order_relaxed);
}

bool Memory::TakeBuffer(uint64_t bytes) {
  uint64_t before = bytes_.fetch_add(bytes, std::memory_order_relaxed);
  uint64_t most = limit() == 0 ? UINT64_MAX : limit();
  bool fits = before <= most && bytes <= most - before;
  if (fits) {
    denied_.store(false, std::memory_order_relaxed);
    Took(bytes, before);
    return true;
  }
  bytes_.fetch_sub(bytes, std::memory_order_relaxed);
  // V8 collects and asks again; if that does not help either, the guest's exception is not the last word. What could never
  // be had is just that exception.
  if (bytes <= most) {
    denied_.store(true, std::memory_order_relaxed);
    if (Isolate* isolate = isolate_.load(std::memory_order_acquire)) isolate->ExceededMemory();
  }
  return false;
}

bool Memory::TakePages(uint64_t bytes, uint64_t malloced, bool collecting) {
  uint64_t before = bytes_.fetch_add(bytes, std::memory_order_relaxed);
  uint64_t ceiling = ceiling_.load(std::memory_order_relaxed);
  uint64_t most = ceiling - std::min(ceiling, malloced);
  if (!collecting && (before > most || bytes > most - before)) {
    bytes_.fetch_sub(bytes, std::memory_order_relaxed);
    return false;
  }
  Took(bytes, before);
  return true;
}

void Memory::Took(uint64_t bytes, uint64_t before) {
  uint64_t now = before + bytes;
  uint64_t peak = peak_.load(std::memory_order_relaxed);
  while (now > peak && !peak_.compare_exchange_weak(peak, now, std::memory_order_relaxed)) {
  }
  if (now <= told_at_.load(std::memory_order_relaxed)) return;
  Isolate* isolate = isolate_.load(std::memory_order_acquire);
  if (isolate == nullptr) return;
  if (now > warning_ && !warned_.exchange(true, std::memory_order_relaxed)) isolate->WarnOfMemory(now);
  if (over()) isolate->ExceededMemory();
}

void Memory::Bear() { told_at_.store(this->bytes() + kRoom / 4, std::memory_order_relaxed); }

void Memory::TellLost() {
  if (Isolate* isolate = isolate_.load(std::memory_order_acquire)) isolate->LostHelp();
}

void Memory::Give(uint64_t bytes) {
  uint64_t now = bytes_.fetch_sub(bytes, std::memory_order_relaxed) - bytes;
  uint64_t least = std::min(limit() == 0 ? UINT64_MAX : limit(), warning_);
  if (now < least && told_at_.load(std::memory_order_relaxed) != least)
    told_at_.store(least, std::memory_order_relaxed);
  if (now < warning_ && warned_.load(std::memory_order_relaxed)) warned_.store(false, std::memory_order_relaxed);
}

}  // namespace miniracer
