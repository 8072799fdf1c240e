#include "watchdog.h"

#include <pthread.h>
#include <sys/prctl.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <new>
#include <thread>
#include <vector>

#include "events.h"
#include "limits.h"
#include "loop.h"
#include "platform.h"
#include "thread.h"

namespace miniracer::Watchdog {
namespace {

struct State {
  std::mutex mutex;
  std::condition_variable wake;
  std::vector<Limits*> watched;
  std::vector<std::weak_ptr<Loop>> threadless;
  bool running = false;
  bool again = false;
};

// Never destroyed: the thread may outlive the process's static objects.
State* state = new State;

// When the thread looks next. An armer that finds its own deadline later than that has nothing to do.
std::atomic<uint64_t> alarm{kNoDeadline};

constexpr uint64_t kAgain = 10'000'000;  // until what could not be told is tried again, in nanoseconds

[[noreturn]] void Keep(State* own) {
  pthread_setname_np(pthread_self(), "miniracer-watch");
  prctl(PR_SET_TIMERSLACK, 1000UL, 0UL, 0UL, 0UL);  // nanoseconds; the default is 50 times that
  std::unique_lock<std::mutex> lock(own->mutex);
  for (;;) {
    own->again = false;
    alarm.store(kNoDeadline, std::memory_order_seq_cst);  // from here on, whoever arms says so
    uint64_t now = Now(), next = kNoDeadline;
    for (Limits* limits : own->watched) {
      next = std::min(next, limits->EndOverdue(now));
      bool told = limits->events() == nullptr || Events::Deliver(limits->events());
      if (!told) next = std::min(next, now + kAgain);
    }
    std::erase_if(own->threadless, [](const std::weak_ptr<Loop>& one) {
      std::shared_ptr<Loop> loop = one.lock();
      return loop == nullptr || loop->StartThread();
    });
    if (!own->threadless.empty()) next = std::min(next, now + kAgain);
    if (EnginePlatform()->RecallWorkers()) next = std::min(next, now + kAgain);
    alarm.store(next, std::memory_order_seq_cst);
    auto woken = [own] { return own->again; };
    if (next == kNoDeadline) {
      own->wake.wait(lock, woken);
    } else {
      using std::chrono::nanoseconds;
      using std::chrono::steady_clock;  // CLOCK_MONOTONIC, as Now()
      own->wake.wait_until(lock, steady_clock::time_point(nanoseconds(next)), woken);
    }
  }
}

}  // namespace

void Watch(Limits* limits) {
  std::lock_guard<std::mutex> guard(state->mutex);
  if (!state->running) {
    SignalsBlocked blocked;
    std::thread(Keep, state).detach();
    state->running = true;
  }
  state->watched.push_back(limits);
}

void Drop(Limits* limits) {
  std::lock_guard<std::mutex> guard(state->mutex);
  state->watched.erase(std::remove(state->watched.begin(), state->watched.end(), limits), state->watched.end());
}

bool AwaitThread(const std::shared_ptr<Loop>& loop) {
  try {
    std::lock_guard<std::mutex> guard(state->mutex);
    auto same = [&](const std::weak_ptr<Loop>& one) { return one.lock() == loop; };
    if (std::none_of(state->threadless.begin(), state->threadless.end(), same)) state->threadless.push_back(loop);
  } catch (const std::bad_alloc&) {
    return false;
  }
  Arm(0);
  return true;
}

void Arm(uint64_t deadline) {
  if (deadline >= alarm.load(std::memory_order_seq_cst)) return;
  {
    std::lock_guard<std::mutex> guard(state->mutex);
    state->again = true;
  }
  state->wake.notify_one();
}

void RestartAfterFork() {
  state = new State;  // the parent's may be locked by a thread that does not exist here
  alarm.store(kNoDeadline, std::memory_order_relaxed);
}

}  // namespace miniracer::Watchdog
