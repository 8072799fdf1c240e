// The process-wide start of V8, its worker threads and its task queues.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "miniracer.h"
#include "v8_compat.h"

namespace miniracer {

class Limits;
class Loop;

// Tasks that V8 wants run on whichever thread is inside an isolate: garbage collection steps, WebAssembly, weak cleanups.
class ForegroundTasks final : public v8::TaskRunner {
 public:
  void PostTask(std::unique_ptr<v8::Task> task) override { Add(std::move(task), 0, true); }
  void PostNonNestableTask(std::unique_ptr<v8::Task> task) override { Add(std::move(task), 0, true); }
  // V8's garbage collector tidies up with these: they can wait until somebody comes by.
  void PostDelayedTask(std::unique_ptr<v8::Task> task, double seconds) override {
    Add(std::move(task), seconds, false);
  }
  void PostNonNestableDelayedTask(std::unique_ptr<v8::Task> task, double seconds) override {
    Add(std::move(task), seconds, true);
  }
  void PostIdleTask(std::unique_ptr<v8::IdleTask>) override {}
  bool IdleTasksEnabled() override { return false; }
  bool NonNestableTasksEnabled() const override { return true; }
  bool NonNestableDelayedTasksEnabled() const override { return true; }

  // Whether a look is worth it; costs one load, so that every call can afford it.
  bool MayHaveWork() const { return pending_.load(std::memory_order_relaxed) != 0; }

  // Runs the tasks that are due, at most those that were there when it began. False when the run was ended in one of
  // them, which V8's own tasks may not show: the rest stays for later.
  bool RunDue(v8::Isolate* isolate, Limits& limits);

  // When the next one that should not wait is due, in Now()'s clock.
  uint64_t Next();

  // Who is told when there is something that should not wait.
  void SetLoop(std::shared_ptr<Loop> loop);

  void Close();

 private:
  struct Timed {
    uint64_t due;
    bool urgent;
    std::unique_ptr<v8::Task> task;
  };

  void Add(std::unique_ptr<v8::Task> task, double seconds, bool urgent);

  std::mutex mutex_;
  std::deque<Timed> tasks_;
  std::atomic<uint32_t> pending_{0};
  std::shared_ptr<Loop> loop_;
  bool closed_ = false;
};

// A pool of threads for V8's concurrent compiling and collecting.
class Workers {
 public:
  void Start(uint32_t count);
  void Post(std::unique_ptr<v8::Task> task, uint64_t due);
  // Whether they have something to do now.
  bool Working();
  // A fork waits for the tasks that run, for a while: a thread that held a lock of V8's would leave it taken in the child.
  void HoldForFork();
  void ResumeAfterFork() { state_->mutex.unlock(); }
  // In a forked child the threads are gone, and what they held is lost with them.
  void RestartAfterFork();
  uint32_t count() const { return count_; }

 private:
  struct State {
    std::mutex mutex;
    std::condition_variable wake;
    std::condition_variable idle;
    uint32_t busy = 0;  // threads that run a task
    std::deque<std::unique_ptr<v8::Task>> ready;
    std::multimap<uint64_t, std::unique_ptr<v8::Task>> delayed;
  };
  static void Work(State* state);

  State* state_ = nullptr;  // never freed: detached threads may look at it while the process exits
  uint32_t count_ = 0;
};

// V8's own pages, made to survive a fork: as Node builds it, V8 marks them MADV_DONTFORK, and the child would miss the
// heap that all isolates share.
class ForkablePages final : public v8::PageAllocator {
 public:
  ForkablePages();
  size_t AllocatePageSize() override { return pages_->AllocatePageSize(); }
  size_t CommitPageSize() override { return pages_->CommitPageSize(); }
  void SetRandomMmapSeed(int64_t seed) override { pages_->SetRandomMmapSeed(seed); }
  void* GetRandomMmapAddr() override { return pages_->GetRandomMmapAddr(); }
  void* AllocatePages(void* address, size_t length, size_t alignment, Permission access) override;
  bool FreePages(void* address, size_t length) override { return pages_->FreePages(address, length); }
  bool ReleasePages(void* address, size_t length, size_t new_length) override {
    return pages_->ReleasePages(address, length, new_length);
  }
  bool SetPermissions(void* address, size_t length, Permission access) override {
    return pages_->SetPermissions(address, length, access);
  }
  bool DiscardSystemPages(void* address, size_t size) override { return pages_->DiscardSystemPages(address, size); }
  bool DecommitPages(void* address, size_t size) override { return pages_->DecommitPages(address, size); }

 private:
  v8::PageAllocator* pages_;
};

class Platform final : public v8::Platform {
 public:
  explicit Platform(uint32_t worker_threads) { workers_.Start(worker_threads); }

  std::shared_ptr<ForegroundTasks> Register(v8::Isolate* isolate);
  void Unregister(v8::Isolate* isolate);
  void HoldForFork();
  void ResumeAfterFork();
  void RestartAfterFork();

  // Whether threads work on what may end in a task for an isolate.
  bool Working() { return workers_.Working(); }

  v8::PageAllocator* GetPageAllocator() override { return &pages_; }
  int NumberOfWorkerThreads() override { return static_cast<int>(workers_.count()); }
  std::shared_ptr<v8::TaskRunner> GetForegroundTaskRunner(v8::Isolate* isolate) override;
  void CallOnWorkerThread(std::unique_ptr<v8::Task> task) override;
  void CallDelayedOnWorkerThread(std::unique_ptr<v8::Task> task, double seconds) override;
  bool IdleTasksEnabled(v8::Isolate*) override { return false; }
  std::unique_ptr<v8::JobHandle> PostJob(v8::TaskPriority priority, std::unique_ptr<v8::JobTask> task) override;
  double MonotonicallyIncreasingTime() override;
  double CurrentClockTimeMillis() override;
  v8::TracingController* GetTracingController() override { return &tracing_; }

 private:
  Workers workers_;
  std::mutex mutex_;
  std::unordered_map<v8::Isolate*, std::shared_ptr<ForegroundTasks>> isolates_;
  v8::TracingController tracing_;
  ForkablePages pages_;
};

// What miniracer_init does. `problem` says what is wrong where the status does not.
miniracer_status StartEngine(const miniracer_init_options& options, std::string* problem);

// Null until StartEngine succeeded.
Platform* EnginePlatform();

// Grows by one in the child of every fork: what carries an older number belongs to the parent.
uint32_t ForkEpoch();

}  // namespace miniracer
