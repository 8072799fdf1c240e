// The pages that V8 works in: whose they are, how many, and how they all go back when their isolate died.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>

#include "blocks.h"
#include "memory.h"
#include "v8_compat.h"
#include "zones.h"

namespace miniracer {

// The pages of one isolate. V8 asks for pages on the isolate's own thread and on threads that work for it.
class PageAccount {
 public:
  explicit PageAccount(std::shared_ptr<Memory> memory) : memory(std::move(memory)) {}

  // That of the isolate which the calling thread works for; null: of none, or of one that is only being made.
  static std::shared_ptr<PageAccount> Current();

  // What V8 takes of the C library on the calling thread. False: no more than the isolate may have. A run that is to be cut
  // off is, here.
  static bool TakeMalloc(size_t bytes);
  // The same for who must not be cut off.
  static bool MayTakeMalloc(size_t bytes);
  // `known`: it is of a kind that is an isolate's own in any case.
  static void TookMalloc(void* memory, size_t size, Blocks::FreeFn free, bool known);
  static void GivesMalloc(void* memory, size_t size);
  // For pages: see Memory::TakePages.
  bool TakePages(uint64_t bytes);
  // Whether a task for it may take that much of the C library.
  bool HelperMayTake(size_t bytes) const;
  // What ICU takes for Intl's objects: part of the isolate's one number.
  static void CountUnicode(int64_t bytes);
  uint64_t unicode_bytes() const;
  // Each run counts anew: what is freed on a thread that works for nobody would be missed in the long run.
  void ForgetMalloc();
  // What V8's small blocks of this run come to in the isolate's one number.
  uint64_t little_bytes() const { return static_cast<uint64_t>(little_counted_.load(std::memory_order_relaxed)); }

  // While one is there, the thread works for that isolate: a worker of V8's, or the thread that makes it.
  class Working {
   public:
    explicit Working(const std::shared_ptr<PageAccount>& account);
    ~Working();
    Working(const Working&) = delete;

    // The thread jumped over where it was, in the making of an isolate.
    static void Forget();

   private:
    const std::shared_ptr<PageAccount>* const before_;
  };

  // A task for the isolate that a worker has yet to do or is doing.
  void BeginTask() { tasks_.fetch_add(1, std::memory_order_acq_rel); }
  void EndTask();
  bool helped() const { return tasks_.load(std::memory_order_acquire) != 0; }

  // Its tasks are to be left, of which it dies. False where it is about to be disposed of: V8 waits for them.
  bool Lose(const char* reason);
  // Before it is disposed of. False where a task was left: it must not be.
  bool Keep();
  // It is gone: V8 does not wait for them any more.
  void Forgo();
  // Why it is to die; null: it is not.
  const char* lost() const;
  // Whether its tasks are to be left.
  bool unwanted() const;

  // Until then V8 also makes what the process has: its list of isolates grows, and with the first come all constants.
  void SetMade(uintptr_t code_range);
  // It has to do with WebAssembly, whose modules, code and shared memories may be those of other isolates as well.
  void SetShares() { shares_.store(true, std::memory_order_relaxed); }

  bool made() const { return made_.load(std::memory_order_relaxed); }
  uintptr_t code_range() const { return code_range_; }

  // The isolate died: its pages go back as soon as no worker can touch them any more. `stores`: WebAssembly memories, too.
  void Abandon(bool stores);
  bool abandoned() const { return abandoned_.load(std::memory_order_acquire); }

  const std::shared_ptr<Memory> memory;
  ZoneMemory zones;

 private:
  void GiveBackOnce();
  uint64_t malloced() const;
  static void CountMalloc(PageAccount& account, int64_t bytes);
  void CountLittle(int64_t bytes);

  static const std::shared_ptr<PageAccount>* Here();

  static constexpr int64_t kStep = 1 << 20;

  std::atomic<int64_t> malloced_{0};
  std::atomic<int64_t> little_{0};  // of blocks that are not large: what making it took, and the run since it began
  std::atomic<int64_t> little_counted_{0};
  int64_t made_of_ = 0;
  std::atomic<int64_t> unicode_{0};  // below 0 where it freed what was another's
  std::atomic<bool> made_{false};
  std::atomic<bool> shares_{false};
  std::atomic<uint32_t> tasks_{0};
  std::atomic<const char*> lost_{nullptr};
  std::atomic<bool> abandoned_{false};
  std::atomic<bool> given_back_{false};
  bool stores_ = false;
  uintptr_t code_range_ = 0;
};

// Address ranges of which none touches another.
class Ranges {
 public:
  // How many bytes come in addition, or go.
  uint64_t Add(uintptr_t begin, uintptr_t end);
  uint64_t Remove(uintptr_t begin, uintptr_t end);
  uint64_t Count(uintptr_t begin, uintptr_t end) const;

 private:
  std::map<uintptr_t, uintptr_t> ends_;  // by their beginnings
};

// V8's allocator of pages. Those that can be accessed count for the isolate that they were made for.
//
// They survive a fork: as Node builds it, V8 marks its pages MADV_DONTFORK, and the child would miss the heap that all
// isolates share.
class Pages final : public v8::PageAllocator {
 public:
  Pages();
  size_t AllocatePageSize() override { return pages_->AllocatePageSize(); }
  size_t CommitPageSize() override { return pages_->CommitPageSize(); }
  void SetRandomMmapSeed(int64_t seed) override { pages_->SetRandomMmapSeed(seed); }
  void* GetRandomMmapAddr() override { return pages_->GetRandomMmapAddr(); }
  void* AllocatePages(void* address, size_t length, size_t alignment, Permission access) override;
  bool FreePages(void* address, size_t length) override;
  bool ReleasePages(void* address, size_t length, size_t new_length) override;
  bool SetPermissions(void* address, size_t length, Permission access) override;
  bool DiscardSystemPages(void* address, size_t size) override { return pages_->DiscardSystemPages(address, size); }
  bool DecommitPages(void* address, size_t size) override;

  // What an isolate's WebAssembly memories have.
  uint64_t StoreBytes(const PageAccount* account);

  // All that an isolate has and that can go; see PageAccount::Abandon.
  Freed FreeAll(const PageAccount* account, bool stores);

  void HoldForFork() { mutex_.lock(); }
  void ResumeAfterFork() { mutex_.unlock(); }

 private:
  struct Region {
    size_t length = 0;
    std::shared_ptr<PageAccount> account;
    bool shared = false;      // read-only at some time: V8's constants, which all isolates use
    bool heap = false;        // as they are aligned: of V8's heap
    bool reserved = false;    // made without access: much of the heap, too
    bool executable = false;  // code was there at some time
    Ranges accessible;

    // WebAssembly's memories; its code is executable once it is there.
    bool store() const { return reserved && !heap && !executable; }
  };
  using Regions = std::map<uintptr_t, Region>;

  Regions::iterator Find(uintptr_t address);
  bool Free(void* address, size_t length, size_t kept);

  v8::PageAllocator* pages_;
  std::mutex mutex_;  // no other lock is taken under it, and V8 is not called
  Regions regions_;   // by address: those that count for an isolate
};

}  // namespace miniracer
