// A table of things with generations: the number of a thing that was removed never finds another one.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "ids.h"

namespace miniracer {

// Not synchronised: used under the isolate's lock. Entries never move, and an index whose generations are used up is
// retired (its few bytes are the price of numbers that are never reused). kChunk entries are made at a time.
template <class T, uint32_t kChunk>
class Slots {
 public:
  struct Position {
    uint32_t generation;
    uint32_t index;
  };

  // False when the table is full.
  bool Add(T value, Position* position) {
    uint32_t index = free_;
    if (index != kNone) {
      free_ = At(index).next_free;
    } else {
      if (used_ == Id::kIndexes) return false;
      if (used_ % kChunk == 0) chunks_.push_back(std::make_unique<Entry[]>(kChunk));
      index = used_++;
    }
    Entry& entry = At(index);
    entry.value = std::move(value);
    entry.live = true;
    ++count_;
    *position = {entry.generation, index};
    return true;
  }

  // Null for what is not, or no longer, there.
  T* Find(uint32_t generation, uint32_t index) {
    if (index >= used_) return nullptr;
    Entry& entry = At(index);
    return entry.generation == generation && entry.live ? &entry.value : nullptr;
  }

  bool Remove(uint32_t generation, uint32_t index) {
    T* value = Find(generation, index);
    if (value == nullptr) return false;
    Entry& entry = At(index);
    *value = T();
    entry.live = false;
    --count_;
    if (++entry.generation < Id::kGenerations) {
      entry.next_free = free_;
      free_ = index;
    }
    return true;
  }

  // Whether it is true of one of them.
  template <class Predicate>
  bool Any(Predicate&& predicate) {
    for (uint32_t index = 0; index < used_; ++index) {
      Entry& entry = At(index);
      if (entry.live && predicate(entry.value)) return true;
    }
    return false;
  }

  void Clear() {
    chunks_.clear();
    used_ = count_ = 0;
    free_ = kNone;
  }

  // The same without ending what is in it: somebody else's it was, who is gone. What T has of its own must not need an end.
  void Forget() {
    for (uint32_t index = 0; index < used_; ++index) new (&At(index).value) T();
    Clear();
  }

  uint32_t count() const { return count_; }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;

  struct Entry {
    T value;
    uint32_t generation = 0;
    uint32_t next_free = kNone;
    bool live = false;
  };

  Entry& At(uint32_t index) { return chunks_[index / kChunk][index % kChunk]; }

  std::vector<std::unique_ptr<Entry[]>> chunks_;
  uint32_t used_ = 0;
  uint32_t count_ = 0;
  uint32_t free_ = kNone;
};

}  // namespace miniracer
