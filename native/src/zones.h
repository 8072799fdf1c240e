// The memory that V8 parses and compiles in: its zones.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "v8_compat.h"

namespace miniracer {

// What an isolate has of it. Any thread.
class ZoneMemory {
 public:
  uint64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

  // For an isolate that died, once no thread is at it. Gives the number of bytes.
  uint64_t FreeAll();

 private:
  friend class Zones;
  struct Segment;
  void Add(Segment* segment);
  void Remove(Segment* segment);

  std::atomic<uint64_t> bytes_{0};
  std::mutex mutex_;
  Segment* first_ = nullptr;
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
