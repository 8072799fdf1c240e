// The memory of the guest's ArrayBuffers.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "memory.h"
#include "v8_compat.h"

namespace miniracer {

// Of one isolate. Outlives it while the host looks into one of its buffers. Any thread.
class BufferAllocator final : public v8::ArrayBuffer::Allocator {
 public:
  explicit BufferAllocator(std::shared_ptr<Memory> memory) : memory_(std::move(memory)) {}

  void* Allocate(size_t length) override { return Take(length, true); }
  void* AllocateUninitialized(size_t length) override { return Take(length, false); }
  void Free(void* data, size_t length) override;
  uint64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

  // The host looks into one, or no longer does. While it does, FreeAll would take its memory away.
  void Open() { opened_.fetch_add(1, std::memory_order_relaxed); }
  void Close() { opened_.fetch_sub(1, std::memory_order_relaxed); }
  bool opened() const { return opened_.load(std::memory_order_relaxed) != 0; }

  // For an isolate that died: nobody else will. Gives the number of bytes.
  uint64_t FreeAll();

 private:
  void* Take(size_t length, bool zeroed);

  const std::shared_ptr<Memory> memory_;
  std::atomic<uint64_t> bytes_{0};
  std::atomic<uint32_t> opened_{0};
  std::mutex mutex_;
  std::unordered_map<void*, size_t> live_;
};

}  // namespace miniracer
