#include "zones.h"

#include <stdlib.h>

#include <new>

#include "pages.h"
#include "work.h"

namespace miniracer {

void ZoneMemory::Add(Segment* segment) {
  bytes_.fetch_add(segment->size, std::memory_order_relaxed);
  std::lock_guard<std::mutex> guard(mutex_);
  segments_.Add(segment);
}

void ZoneMemory::Remove(Segment* segment) {
  bytes_.fetch_sub(segment->size, std::memory_order_relaxed);
  std::lock_guard<std::mutex> guard(mutex_);
  segments_.Remove(segment);
}

uint64_t ZoneMemory::FreeAll() {
  Segment* first;
  {
    std::lock_guard<std::mutex> guard(mutex_);
    first = segments_.TakeAll();
  }
  uint64_t freed = FreeFrom(first);
  bytes_.fetch_sub(freed, std::memory_order_relaxed);
  return freed;
}

void ZoneMemory::FreeOf(uint64_t work) {
  Linked<Segment, &Segment::link> going;
  {
    std::lock_guard<std::mutex> guard(mutex_);
    for (Segment *segment = segments_.first(), *next; segment != nullptr; segment = next) {
      next = segments_.After(*segment);
      if (segment->work != work) continue;
      segments_.Remove(segment);
      going.Add(segment);
    }
  }
  bytes_.fetch_sub(FreeFrom(going.TakeAll()), std::memory_order_relaxed);
}

uint64_t ZoneMemory::FreeFrom(Segment* segment) {
  uint64_t freed = 0;
  while (segment != nullptr) {
    Segment* next = segment->link.next;
    freed += segment->size;
    segment->~Segment();
    free(segment);
    segment = next;
  }
  return freed;
}

void* Zones::Allocate(size_t size) {
  if (!PageAccount::TakeMalloc(size)) return nullptr;
  void* memory = malloc(sizeof(ZoneMemory::Segment) + size);
  if (memory == nullptr) return nullptr;
  auto* segment = new (memory) ZoneMemory::Segment{PageAccount::Current(), size, Work::Current(), {}};
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
