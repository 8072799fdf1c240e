// What an isolate holds, as one number: the pages that V8 has for it, its ArrayBuffers, its WebAssembly memories.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>

#include "v8_compat.h"

namespace miniracer {

class Isolate;

// Of one isolate. Outlives it in whatever may still give something back. Any thread.
//
// There are three marks on the way up. At `warning` the host is told. At `limit` the isolate is: it collects, and ends its
// run if that did not help. Beyond `ceiling` there is nothing to be had, whatever V8 makes of that: guest code gets a
// RangeError for a buffer, and for want of pages the isolate dies. Between the last two lies what V8 needs to collect, and
// to come to an end in.
class Memory {
 public:
  Memory(uint64_t limit, uint64_t warning) : warning_(warning == 0 ? UINT64_MAX : warning) { SetLimit(limit); }

  // Whom to tell; null once it is going.
  void SetIsolate(Isolate* isolate) { isolate_.store(isolate, std::memory_order_release); }
  // 0: none.
  void SetLimit(uint64_t limit);

  uint64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }
  uint64_t peak() const { return peak_.load(std::memory_order_relaxed); }
  uint64_t limit() const { return limit_.load(std::memory_order_relaxed); }
  bool over() const { return limit() != 0 && bytes() > limit(); }

  // For what guest code asks for by name, which it can be denied at the limit.
  bool TakeBuffer(uint64_t bytes);
  // For V8's own pages, when it has `malloced` bytes besides. While it collects it is denied nothing: what it copies it frees
  // soon, and it does not take no for an answer then.
  bool TakePages(uint64_t bytes, uint64_t malloced, bool collecting);
  void Give(uint64_t bytes);
  // For what V8 takes besides, to parse and to compile for one, and has `malloced` bytes of: under the same ceiling, and no
  // more than the ceiling is above the limit.
  bool MayMalloc(uint64_t malloced, uint64_t bytes) const {
    if (limit() == 0) return true;
    uint64_t ceiling = ceiling_.load(std::memory_order_relaxed);
    uint64_t most = ceiling - std::max(limit(), std::min(ceiling, this->bytes()));
    return malloced <= most && bytes <= most - malloced;
  }
  // The same for V8's threads, whose taking is not to depend on how full the heap is just then.
  bool HelperMayMalloc(uint64_t malloced, uint64_t bytes) const {
    if (limit() == 0) return true;
    uint64_t ceiling = ceiling_.load(std::memory_order_relaxed), most = ceiling - std::min(ceiling, limit());
    return this->bytes() <= ceiling && malloced <= most && bytes <= most - malloced;
  }

  // V8 collects: see TakePages. By the thread inside.
  void SetCollecting(bool collecting) { collecting_.store(collecting, std::memory_order_relaxed); }
  bool collecting() const { return collecting_.load(std::memory_order_relaxed); }

  // After a look that found too little to end a run for: V8 holds pages that it does not use. The next look comes when it
  // holds clearly more.
  void Bear();

  // A worker left a task for it: see Work.
  void TellLost();

  // Whether a buffer was denied since the last question, and none had after that.
  bool TakeDenied() { return denied() && denied_.exchange(false, std::memory_order_relaxed); }
  bool denied() const { return denied_.load(std::memory_order_relaxed); }

 private:
  void Took(uint64_t bytes, uint64_t before);

  std::atomic<Isolate*> isolate_{nullptr};
  std::atomic<uint64_t> bytes_{0};
  std::atomic<uint64_t> peak_{0};
  std::atomic<uint64_t> limit_{0};
  std::atomic<uint64_t> ceiling_{UINT64_MAX};
  std::atomic<uint64_t> told_at_{UINT64_MAX};  // the lower of limit and warning: below it nobody needs to know
  const uint64_t warning_;
  std::atomic<bool> warned_{false};
  std::atomic<bool> collecting_{false};
  std::atomic<bool> denied_{false};
};

// What the library keeps for a guest in memory of its own, counted as the isolate's for as long as this lives.
class Held {
 public:
  Held() = default;
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  ~Held() {
    if (memory_ != nullptr) memory_->Give(bytes_);
  }

  // False: there is no room for them, and they are not counted.
  bool Add(const std::shared_ptr<Memory>& memory, uint64_t bytes) {
    if (!memory->TakeBuffer(bytes)) return false;
    memory_ = memory;
    bytes_ += bytes;
    return true;
  }

 private:
  std::shared_ptr<Memory> memory_;
  uint64_t bytes_ = 0;
};

}  // namespace miniracer
