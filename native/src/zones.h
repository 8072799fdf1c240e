// The memory that V8 parses and compiles in: its zones.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>

#include "linked.h"
#include "v8_compat.h"

namespace miniracer {

class PageAccount;

// What an isolate has of it. Any thread.
class ZoneMemory {
 public:
  uint64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

  // For an isolate that died, once no thread is at it. Gives the number of bytes.
  uint64_t FreeAll();
  // For a task that was left: what that made.
  void FreeOf(uint64_t work);

 private:
  friend class Zones;
  // In front of what V8 gets, which is to be aligned like malloc's.
  struct alignas(16) Segment {
    std::shared_ptr<PageAccount> account;  // null: of no isolate
    size_t size;
    uint64_t work;  // the task of a worker's that made it; 0: none
    Link<Segment> link;
  };
  void Add(Segment* segment);
  void Remove(Segment* segment);
  static uint64_t FreeFrom(Segment* first);

  std::atomic<uint64_t> bytes_{0};
  std::mutex mutex_;
  Linked<Segment, &Segment::link> segments_;
};

// Where V8 gets it from.
class Zones final : public v8::ZoneBackingAllocator {
 public:
  MallocFn GetMallocFn() const override { return Allocate; }
  FreeFn GetFreeFn() const override { return Free; }

 private:
  static void* Allocate(size_t size);
  static void Free(void* memory);
};

}  // namespace miniracer
