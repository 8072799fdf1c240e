#include "forks.h"

#include <pthread.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <new>

#include "isolate.h"
#include "loop.h"
#include "platform.h"
#include "thread.h"
#include "watchdog.h"

namespace miniracer::Forks {
namespace {

struct State {
  std::mutex mutex;
  std::condition_variable changed;
  uint32_t forks = 0;     // that wait or are under way
  uint32_t sections = 0;  // that threads are in
};

State* const state = new State;  // never destroyed: threads may look at it while the process exits

constinit thread_local uint32_t sections_here __attribute__((tls_model("initial-exec"))) = 0;

std::atomic<uint32_t> epoch{0};
bool cut_start = false;

void Leave(uint32_t sections) {
  std::lock_guard<std::mutex> guard(state->mutex);
  sections_here -= sections;
  state->sections -= sections;
  if (state->sections == sections_here) state->changed.notify_all();
}

// ---- The handlers ----

void Before() {
  std::unique_lock<std::mutex> lock(state->mutex);
  ++state->forks;
  state->changed.wait_for(lock, std::chrono::seconds(1), [] { return state->sections == sections_here; });
  lock.release();
  if (Platform* running = EnginePlatform()) running->HoldForFork();
}

void InParent() {
  if (Platform* running = EnginePlatform()) running->ResumeAfterFork();
  --state->forks;
  state->changed.notify_all();
  state->mutex.unlock();
}

void InChild() {
  epoch.fetch_add(1, std::memory_order_relaxed);
  Platform* running = EnginePlatform();
  cut_start |= running == nullptr && state->sections != 0;
  state->forks = state->sections = 0;
  new (&state->changed) std::condition_variable;  // in place of one that threads wait at who do not exist here
  state->mutex.unlock();
  sections_here = 0;
  if (running == nullptr) return;
  running->RestartAfterFork();
  Watchdog::RestartAfterFork();
  Loops::RestartAfterFork();
  Isolates::RestartAfterFork();
  thread_number = 0;
}

// As the library is opened: a start of V8 is what a fork may have to wait for, too.
[[maybe_unused]] const int registered = pthread_atfork(Before, InParent, InChild);

}  // namespace

uint32_t Epoch() { return epoch.load(std::memory_order_relaxed); }

bool CutStart() { return cut_start; }

Section::Section() {
  std::unique_lock<std::mutex> lock(state->mutex);
  state->changed.wait(lock, [] { return state->forks == 0 || sections_here != 0; });
  ++state->sections;
  ++sections_here;
}

Section::~Section() {
  if (sections_here != 0) Leave(1);
}

void Section::Forget() {
  if (sections_here != 0) Leave(sections_here);
}

}  // namespace miniracer::Forks
