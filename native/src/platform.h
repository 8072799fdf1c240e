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

#include "blocks.h"
#include "miniracer.h"
#include "pages.h"
#include "v8_compat.h"
#include "work.h"

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

// A pool of threads for V8's concurrent compiling and collecting. They start as they are first needed: neither the
// start of V8 nor a fork fails where the system gives no threads.
class Workers {
 public:
  explicit Workers(uint32_t count) : count_(count) {}
  // Those that are not there yet, as far as there are threads to be had. False where there is none at all, for which V8
  // would wait for ever.
  bool Start();
  void Post(std::unique_ptr<v8::Task> task, uint64_t due);
  // Whether they have something to do now.
  bool Working();
  // Has those leave their task whose isolate is to have no more of it. Whether there are any: to be asked again.
  bool Recall();
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
    uint32_t threads = 0;
    std::map<int32_t, std::shared_ptr<PageAccount>>
        busy;  // threads that run a task, as the system knows them; and for whom
    std::deque<Work> ready;
    std::multimap<uint64_t, Work> delayed;
  };
  static void Keep(State* state);
  bool StartLocked();

  State* state_ = new State;  // never freed: detached threads may look at it while the process exits
  const uint32_t count_;
};

class Platform final : public v8::Platform {
 public:
  explicit Platform(uint32_t worker_threads) : workers_(worker_threads) {}

  std::shared_ptr<ForegroundTasks> Register(v8::Isolate* isolate);
  void Unregister(v8::Isolate* isolate);
  void HoldForFork();
  void ResumeAfterFork();
  void RestartAfterFork();

  // Before there is an isolate that they may be needed for; see Workers.
  bool StartWorkers() { return workers_.Start(); }
  // Whether threads work on what may end in a task for an isolate.
  bool Working() { return workers_.Working(); }
  bool RecallWorkers() { return workers_.Recall(); }

  Pages& pages() { return pages_; }
  Blocks& blocks() { return blocks_; }
  // Whether every zone that is made for an isolate is that isolate's alone.
  void SetZonesOwned(bool owned) { zones_owned_.store(owned, std::memory_order_relaxed); }
  bool zones_are_owned() const { return zones_owned_.load(std::memory_order_relaxed); }
  v8::PageAllocator* GetPageAllocator() override { return &pages_; }
  v8::ZoneBackingAllocator* GetZoneBackingAllocator() override { return &zones_; }
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
  Pages pages_;
  Blocks blocks_;
  Zones zones_;
  std::atomic<bool> zones_owned_{false};
};

// What miniracer_init does. `problem` says what is wrong where the status does not.
miniracer_status StartEngine(const miniracer_init_options& options, std::string* problem);

// Null until StartEngine succeeded.
Platform* EnginePlatform();

}  // namespace miniracer
