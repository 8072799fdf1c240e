#include "platform.h"

#include <pthread.h>
#include <string.h>

#include <algorithm>
#include <optional>
#include <thread>

#include "cut_off.h"
#include "engine_calls.h"
#include "faults.h"
#include "forks.h"
#include "isolate.h"
#include "limits.h"
#include "loop.h"
#include "thread.h"

namespace miniracer {

// ---- Foreground tasks ----

void ForegroundTasks::Add(std::unique_ptr<v8::Task> task, double seconds, bool urgent) {
  // V8 asks for the end of time, too.
  uint64_t due = seconds <= 0 ? 0 : After(static_cast<uint64_t>(std::min(seconds, 1e9) * 1e9));
  std::shared_ptr<Loop> loop;
  {
    std::lock_guard<std::mutex> guard(mutex_);
    if (closed_) return;
    tasks_.push_back({due, urgent, std::move(task)});
    pending_.fetch_add(1, std::memory_order_relaxed);
    if (urgent) loop = loop_;
  }
  if (loop != nullptr) loop->Notify(due);
}

uint64_t ForegroundTasks::Next() {
  uint64_t next = Loop::kNever;
  std::lock_guard<std::mutex> guard(mutex_);
  for (const Timed& one : tasks_) {
    if (one.urgent) next = std::min(next, one.due);
  }
  return next;
}

void ForegroundTasks::SetLoop(std::shared_ptr<Loop> loop) {
  std::lock_guard<std::mutex> guard(mutex_);
  loop_ = std::move(loop);
}

bool ForegroundTasks::RunDue(v8::Isolate* isolate, Limits& limits) {
  std::deque<Timed> due;
  {
    std::lock_guard<std::mutex> guard(mutex_);
    uint64_t now = Now();
    auto later = std::stable_partition(tasks_.begin(), tasks_.end(), [now](const Timed& t) { return t.due <= now; });
    std::move(tasks_.begin(), later, std::back_inserter(due));
    tasks_.erase(tasks_.begin(), later);
    pending_.fetch_sub(static_cast<uint32_t>(due.size()), std::memory_order_relaxed);
  }
  while (!due.empty()) {
    {
      v8::HandleScope handles(isolate);
      due.front().task->Run();
      due.pop_front();
    }
    if (limits.ending() == MINIRACER_OK) continue;
    std::lock_guard<std::mutex> guard(mutex_);
    pending_.fetch_add(static_cast<uint32_t>(due.size()), std::memory_order_relaxed);
    std::move(due.rbegin(), due.rend(), std::front_inserter(tasks_));
    return false;
  }
  return true;
}

void ForegroundTasks::Close() {
  std::deque<Timed> dropped;
  std::lock_guard<std::mutex> guard(mutex_);
  closed_ = true;
  pending_.store(0, std::memory_order_relaxed);
  dropped.swap(tasks_);
}

// ---- Worker threads ----

bool Workers::Start() {
  if (count_ == 0) return true;
  std::lock_guard<std::mutex> guard(state_->mutex);
  return StartLocked();
}

bool Workers::StartLocked() {
  if (state_->threads == count_) return true;
  SignalsBlocked blocked;
  try {
    for (; state_->threads < count_; ++state_->threads) std::thread(Keep, state_).detach();
  } catch (const std::exception&) {  // no thread to be had, or no memory: those that there are do
  }
  return state_->threads != 0;
}

void Workers::Post(std::unique_ptr<v8::Task> task, uint64_t due) {
  if (count_ == 0) return;  // V8 asks for workers only where there are some; a delayed clean-up may be dropped
  Work work(std::move(task), PageAccount::Current());
  {
    std::lock_guard<std::mutex> guard(state_->mutex);
    if (due == 0) {
      state_->ready.push_back(std::move(work));
    } else {
      state_->delayed.emplace(due, std::move(work));
    }
    if (state_->threads == 0) StartLocked();
  }
  state_->wake.notify_one();
}

bool Workers::Working() {
  if (count_ == 0) return false;
  std::lock_guard<std::mutex> guard(state_->mutex);
  return !state_->busy.empty() || !state_->ready.empty();
}

// A thread that went on to other work meanwhile finds nothing to leave.
bool Workers::Recall() {
  if (count_ == 0) return false;
  std::lock_guard<std::mutex> guard(state_->mutex);
  bool any = false;
  for (const auto& [thread, account] : state_->busy) {
    if (account == nullptr || !account->unwanted()) continue;
    CutOffs::Signal(thread);
    any = true;
  }
  return any;
}

void Workers::HoldForFork() {
  std::unique_lock<std::mutex> lock(state_->mutex);
  state_->idle.wait_for(lock, std::chrono::milliseconds(200), [this] { return state_->busy.empty(); });
  lock.release();
}

void Workers::RestartAfterFork() { state_ = new State; }

void Workers::Keep(State* state) {
  pthread_setname_np(pthread_self(), "miniracer-work");
  const int32_t thread = ThreadNumber();
  std::unique_lock<std::mutex> lock(state->mutex);
  for (;;) {
    while (!state->delayed.empty() && state->delayed.begin()->first <= Now()) {
      state->ready.push_back(std::move(state->delayed.begin()->second));
      state->delayed.erase(state->delayed.begin());
    }
    if (state->ready.empty()) {
      if (state->delayed.empty()) {
        state->wake.wait(lock);
      } else {
        uint64_t due = state->delayed.begin()->first, now = Now();
        state->wake.wait_for(lock, std::chrono::nanoseconds(due > now ? due - now : 0));
      }
      continue;
    }
    std::optional<Work> work(std::move(state->ready.front()));
    state->ready.pop_front();
    state->busy[thread] = work->account();
    lock.unlock();
    work->Run();
    work.reset();
    lock.lock();
    state->busy.erase(thread);
    if (state->busy.empty()) state->idle.notify_all();
  }
}

// ---- The platform ----

std::shared_ptr<ForegroundTasks> Platform::Register(v8::Isolate* isolate) {
  std::lock_guard<std::mutex> guard(mutex_);
  auto& tasks = isolates_[isolate];
  if (tasks == nullptr) tasks = std::make_shared<ForegroundTasks>();
  return tasks;
}

void Platform::Unregister(v8::Isolate* isolate) {
  std::shared_ptr<ForegroundTasks> tasks;
  {
    std::lock_guard<std::mutex> guard(mutex_);
    auto found = isolates_.find(isolate);
    if (found == isolates_.end()) return;
    tasks = std::move(found->second);
    isolates_.erase(found);
  }
  tasks->Close();
}

void Platform::HoldForFork() {
  mutex_.lock();
  workers_.HoldForFork();
  pages_.HoldForFork();
  blocks_.HoldForFork();
}

void Platform::ResumeAfterFork() {
  blocks_.ResumeAfterFork();
  pages_.ResumeAfterFork();
  workers_.ResumeAfterFork();
  mutex_.unlock();
}

void Platform::RestartAfterFork() {
  new (&mutex_) std::mutex;
  blocks_.ResumeAfterFork();
  pages_.ResumeAfterFork();
  workers_.RestartAfterFork();
}

std::shared_ptr<v8::TaskRunner> Platform::GetForegroundTaskRunner(v8::Isolate* isolate) { return Register(isolate); }

void Platform::CallOnWorkerThread(std::unique_ptr<v8::Task> task) { workers_.Post(std::move(task), 0); }

void Platform::CallDelayedOnWorkerThread(std::unique_ptr<v8::Task> task, double seconds) {
  workers_.Post(std::move(task), After(static_cast<uint64_t>(std::max(seconds, 0.0) * 1e9)));
}

std::unique_ptr<v8::JobHandle> Platform::PostJob(v8::TaskPriority priority, std::unique_ptr<v8::JobTask> task) {
  return v8::platform::NewDefaultJobHandle(this, priority, std::move(task), workers_.count());
}

double Platform::MonotonicallyIncreasingTime() { return static_cast<double>(Now()) / 1e9; }

// V8 asks for Date's and Intl's sake, and does not say which isolate's: it is the one that the thread is in.
double Platform::CurrentClockTimeMillis() {
  if (top_stay != nullptr && top_stay->slot->isolate != nullptr) return top_stay->slot->isolate->GuestWallClock();
  return static_cast<double>(Clock::SystemTime()) / 1e6;
}

// ---- Start ----

namespace {

std::mutex start_mutex;
std::atomic<Platform*> platform{nullptr};
std::vector<std::string> started_flags;
uint32_t started_workers = 0;

// Checking the embedded snapshot's checksum costs time at each isolate's start; it guards against a changed file, which
// is the package manager's business. A copy of the built-ins near each isolate's code costs a megabyte an isolate and won
// nothing that could be measured: docs/decisions/0004-v8-flags.md. V8 aborts by a call and not by a trap, so that the call
// can be caught, and optimises on the thread that runs, which can be brought back: docs/decisions/0014-containment.md.
constexpr const char* kDefaultFlags[] = {"--no-verify-snapshot-checksum",
                                         "--no-short-builtin-calls",
                                         "--no-hard-abort",
                                         "--no-concurrent-recompilation",
                                         kImportFlag,
                                         kLookFlags};

std::vector<std::string> Split(const char* text, size_t length) {
  std::vector<std::string> words;
  std::string word;
  for (size_t i = 0; i <= length; ++i) {
    bool end = i == length || strchr(" \t\r\n", text[i]) != nullptr;  // a NUL ends a word, too
    if (!end) {
      word += text[i];
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  return words;
}

// V8 prints its usage for these and exits.
bool AsksForHelp(const std::string& flag) {
  size_t name = flag.find_first_not_of('-');
  return name != std::string::npos && flag.substr(name, flag.find('=') - name) == "help";
}

// V8 itself says on stderr what it thinks of ill-formed and of conflicting flags; the host is told by a status. Another
// thread that writes to stderr meanwhile loses that line, which is why this lasts only while flags are set.
class QuietStderr {
 public:
#ifdef __GLIBC__  // where stderr can be assigned to
  QuietStderr() {
    static FILE* nowhere = fopen("/dev/null", "we");  // never closed: another thread may have got hold of it
    if (nowhere != nullptr) stderr = nowhere;
  }
  ~QuietStderr() { stderr = kept_; }

 private:
  FILE* const kept_ = stderr;
#endif
};

// The first word that V8 does not know as a flag, or none. Known flags take effect.
std::string ApplyFlags(const std::vector<std::string>& flags) {
  for (const std::string& flag : flags) {
    if (flag.size() < 2 || flag[0] != '-' || AsksForHelp(flag)) return flag;
  }
  std::vector<char*> arguments{const_cast<char*>("miniracer")};
  for (const std::string& flag : flags) arguments.push_back(const_cast<char*>(flag.c_str()));
  int count = static_cast<int>(arguments.size());
  arguments.push_back(nullptr);
  QuietStderr quiet;
  v8::V8::SetFlagsFromCommandLine(&count, arguments.data(), true);  // leaves the ones that it did not take
  return count > 1 ? arguments[1] : "";
}

uint32_t DefaultWorkers() { return std::clamp(std::thread::hardware_concurrency(), 2u, 5u) - 1; }

}  // namespace

Platform* EnginePlatform() { return platform.load(std::memory_order_acquire); }

miniracer_status StartEngine(const miniracer_init_options& options, std::string* problem) {
  std::vector<std::string> flags;
  if (options.v8_flags != nullptr) flags = Split(options.v8_flags, options.v8_flags_length);
  if ((options.flags & MINIRACER_INIT_JITLESS) != 0) flags.push_back("--jitless");
  bool single = (options.flags & MINIRACER_INIT_SINGLE_THREADED) != 0;
  uint32_t workers = single ? 0 : options.worker_threads;

  Forks::Section section;
  if (Forks::CutStart()) {
    *problem = "the process was forked while another thread was starting V8";
    return MINIRACER_FORKED;
  }
  std::lock_guard<std::mutex> guard(start_mutex);
  if (EnginePlatform() != nullptr) {
    for (const std::string& flag : flags) {
      if (std::find(started_flags.begin(), started_flags.end(), flag) != started_flags.end()) continue;
      *problem = "V8 runs already, without the flag " + flag + ": give it to the first miniracer_init of the process";
      return MINIRACER_TOO_LATE;
    }
    bool asks = single || workers != 0;
    if (asks && workers != started_workers) {
      *problem = "V8 runs already with " + std::to_string(started_workers) + " worker threads, " +
                 std::to_string(workers) + " are asked for";
      return MINIRACER_TOO_LATE;
    }
    return MINIRACER_OK;
  }

  if (EngineRunsElsewhere()) {
    *problem = "another copy of libminiracer has started this V8 in this process: load one copy only";
    return MINIRACER_TOO_LATE;
  }
  bool watched = EngineCalls::Watch();
  if (watched && (options.flags & MINIRACER_INIT_NO_SIGNALS) == 0) {
    CutOffs::Start();
    Faults::Start();
  }
  // Before the host's own, which may undo them.
  for (const char* flag : kDefaultFlags) v8::V8::SetFlagsFromString(flag);
  if (single) v8::V8::SetFlagsFromString("--single-threaded");
  if (std::string unknown = ApplyFlags(flags); !unknown.empty()) {
    *problem = "V8 " + std::string(v8::V8::GetVersion()) + " has no flag " + unknown;
    return MINIRACER_UNKNOWN_FLAG;
  }
  if (!single && workers == 0) workers = DefaultWorkers();
  auto* starting = new Platform(workers);  // lives as long as the process
  v8::V8::InitializePlatform(starting);
  std::optional<QuietStderr> quiet;
  if (!flags.empty()) quiet.emplace();
  if (!v8::V8::Initialize()) {
    *problem = "V8 did not start";
    return MINIRACER_INTERNAL;
  }
  starting->SetZonesOwned(MakeSharedZones());
  started_flags = std::move(flags);
  started_workers = workers;
  platform.store(starting, std::memory_order_release);
  return MINIRACER_OK;
}

}  // namespace miniracer
