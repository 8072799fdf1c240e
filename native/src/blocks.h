// The large blocks that V8 has of the C library: whose they are, and how they go back when their isolate died.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace miniracer {

class PageAccount;

// Bytes of an isolate that died: what went, and what stays.
struct Freed {
  uint64_t gone = 0;
  uint64_t left = 0;
};

// Any thread.
class Blocks {
 public:
  using FreeFn = void (*)(void*);

  // What is worth an entry; the rest is made and freed all over V8.
  static constexpr size_t kLarge = 4096;

  // Whom it goes back with.
  enum class Owner : uint8_t {
    kNobody,   // it stays
    kIsolate,  // an isolate that shares nothing
    kKnown,    // any isolate: it is of a kind that is never shared
  };

  void Add(void* memory, size_t size, std::shared_ptr<PageAccount> account, Owner owner, FreeFn free);
  // Before it is freed: afterwards another thread may get the same address.
  void Remove(void* memory);

  // For an isolate that died, once no thread is at it.
  Freed FreeAll(const PageAccount* account, bool shares);

  void HoldForFork() { mutex_.lock(); }
  void ResumeAfterFork() { mutex_.unlock(); }

 private:
  struct Block {
    size_t size;
    std::shared_ptr<PageAccount> account;
    Owner owner;
    FreeFn free;
  };

  std::mutex mutex_;  // no other lock is taken under it, and V8 is not called
  std::unordered_map<void*, Block> all_;
};

}  // namespace miniracer
