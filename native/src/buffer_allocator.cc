#include "buffer_allocator.h"

#include <stdlib.h>

#include <new>

namespace miniracer {
namespace {

// What a buffer takes besides its bytes: the entry here, V8's record of it, the allocator's rounding.
constexpr uint64_t kEach = 192;

}  // namespace

void* BufferAllocator::Take(size_t length, bool zeroed) {
  if (!memory_->TakeBuffer(length + kEach)) return nullptr;
  size_t asked = length == 0 ? 1 : length;
  void* data = zeroed ? calloc(asked, 1) : malloc(asked);
  if (data != nullptr) {
    try {
      std::lock_guard<std::mutex> guard(mutex_);
      live_.emplace(data, length);
      bytes_.fetch_add(length, std::memory_order_relaxed);
      return data;
    } catch (const std::bad_alloc&) {
      free(data);
    }
  }
  memory_->Give(length + kEach);
  return nullptr;
}

void BufferAllocator::Free(void* data, size_t length) {
  {
    std::lock_guard<std::mutex> guard(mutex_);
    if (live_.erase(data) == 0) return;  // it went with the others: see FreeAll
  }
  bytes_.fetch_sub(length, std::memory_order_relaxed);
  memory_->Give(length + kEach);
  free(data);
}

uint64_t BufferAllocator::FreeAll() {
  std::unordered_map<void*, size_t> all;
  {
    std::lock_guard<std::mutex> guard(mutex_);
    all.swap(live_);
  }
  uint64_t freed = 0;
  for (auto [data, length] : all) {
    free(data);
    freed += length;
  }
  bytes_.fetch_sub(freed, std::memory_order_relaxed);
  memory_->Give(freed + all.size() * kEach);
  return freed;
}

}  // namespace miniracer
