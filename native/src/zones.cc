#include "zones.h"

#include <stdlib.h>

#include <memory>
#include <new>

#include "pages.h"

namespace miniracer {

// In front of what V8 gets, which is to be aligned like malloc's.
struct alignas(16) ZoneMemory::Segment {
  std::shared_ptr<PageAccount> account;  // null: of no isolate
  size_t size;
  Segment* previous;
  Segment* next;
};

void ZoneMemory::Add(Segment* segment) {
  bytes_.fetch_add(segment->size, std::memory_order_relaxed);
  std::lock_guard<std::mutex> guard(mutex_);
  segment->previous = nullptr;
  segment->next = first_;
  if (first_ != nullptr) first_->previous = segment;
  first_ = segment;
}

void ZoneMemory::Remove(Segment* segment) {
  bytes_.fetch_sub(segment->size, std::memory_order_relaxed);
  std::lock_guard<std::mutex> guard(mutex_);
  if (segment->previous != nullptr) segment->previous->next = segment->next;
  if (segment->next != nullptr) segment->next->previous = segment->previous;
  if (first_ == segment) first_ = segment->next;
}

uint64_t ZoneMemory::FreeAll() {
  Segment* segment;
  {
    std::lock_guard<std::mutex> guard(mutex_);
    segment = first_;
    first_ = nullptr;
  }
  uint64_t freed = 0;
  while (segment != nullptr) {
    Segment* next = segment->next;
    freed += segment->size;
    segment->~Segment();
    free(segment);
    segment = next;
  }
  bytes_.fetch_sub(freed, std::memory_order_relaxed);
  return freed;
}

void* Zones::Allocate(size_t size) {
  if (!PageAccount::TakeMalloc(size)) return nullptr;
  void* memory = malloc(sizeof(ZoneMemory::Segment) + size);
  if (memory == nullptr) return nullptr;
  auto* segment = new (memory) ZoneMemory::Segment{PageAccount::Current(), size, nullptr, nullptr};
  if (segment->account != nullptr) segment->account->zones.Add(segment);
  return segment + 1;
}

void Zones::Free(void* memory) {
  if (memory == nullptr) return;
  ZoneMemory::Segment* segment = static_cast<ZoneMemory::Segment*>(memory) - 1;
  if (segment->account != nullptr) segment->account->zones.Remove(segment);
  segment->~Segment();
  free(segment);
}

}  // namespace miniracer
