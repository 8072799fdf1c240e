// What V8's threads do for an isolate, and how they come back from it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "v8_compat.h"

namespace miniracer {

class PageAccount;

// A task of V8's for a worker, with the isolate that it is for, as far as that is known.
//
// The thread can leave it, which costs the isolate, since V8 waits for the task for ever. It does so where the isolate is gone or
// is to have no more of it (PageAccount::unwanted), and where the task takes more memory than the isolate may have: a WebAssembly
// function made for that takes gigabytes, or longer than any deadline. It leaves as a thread leaves V8 for its Boundary, and
// only where it holds none of V8's locks, nor is one that the collector looks at. Such a one compiles JavaScript, which V8 does
// on these threads only if the host tells it to (--concurrent-recompilation).
class Work {
 public:
  Work(std::unique_ptr<v8::Task> task, std::shared_ptr<PageAccount> account);
  Work(Work&&) = default;
  ~Work();

  void Run();
  const std::shared_ptr<PageAccount>& account() const { return account_; }

  // The number of the one that the calling thread is at, which no other ever has; 0: none.
  static uint64_t Current();

  // For the thread at it: as V8 takes memory, and in a signal's handler where it is in V8's code. Leaves, or returns.
  static void LookAsItTakes(size_t bytes);
  static void Look();

 private:
  void RunToBeLeft();

  std::unique_ptr<v8::Task> task_;
  std::shared_ptr<PageAccount> account_;
};

}  // namespace miniracer
