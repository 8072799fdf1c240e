// Start and exit: processes that start the engine, run something on a few threads, and leave in every way there is.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>
#include <vector>

#include "soak.h"

namespace soak {

namespace {

using Clock = std::chrono::steady_clock;

enum Way { kReturn, kExit, kUnderscoreExit, kThreadExit, kQuickExit, kWays };

// What a thread does until the process is gone; statuses are nobody's business here.
void Busy(miniracer_isolate isolate, miniracer_context context, uint64_t seed) {
  Random random(seed);
  for (;;) {
    Owned result;
    switch (Below(random, 5)) {
      case 0:
        Evaluate(context, "for (;;);", RunFor(2 * kMillisecond), &result);
        break;
      case 1:
        Evaluate(context, "setTimeout(() => {}, 1); Promise.resolve(1)", RunFor(0), &result);
        break;
      case 2:
        miniracer_isolate_run_pending(isolate, nullptr, nullptr, nullptr);
        break;
      case 3: {
        miniracer_isolate own = 0;
        if (miniracer_isolate_new(nullptr, &own, nullptr) == MINIRACER_OK) miniracer_isolate_dispose(own);
        break;
      }
      default:
        Evaluate(context, "[...Array(1000).keys()].map((x) => ({ x }))", RunFor(0), &result);
    }
  }
}

struct Child {
  pid_t process;
  uint64_t seed;
  Clock::time_point end;
};

// Whether the child is gone; tells of one that did not go well.
bool Reap(const Child& child, bool hung) {
  int status = 0;
  if (hung) {
    kill(child.process, SIGKILL);
    waitpid(child.process, &status, 0);
    EXPECT(false, "a hang: soak --race %llu", static_cast<unsigned long long>(child.seed));
    return true;
  }
  if (waitpid(child.process, &status, WNOHANG) == 0) return false;
  EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s %d: soak --race %llu",
         WIFSIGNALED(status) ? "signal" : "exit status", WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
         static_cast<unsigned long long>(child.seed));
  return true;
}

}  // namespace

int Race(uint64_t seed) {
  Random random(seed);
  auto way = static_cast<Way>(Below(random, kWays));
  bool dispose = Below(random, 2) != 0;
  if (miniracer_init(nullptr, nullptr) != MINIRACER_OK) return 2;
  miniracer_isolate isolates[2];
  miniracer_context contexts[2];
  for (int i = 0; i < 2; ++i) {
    miniracer_isolate_options options{};
    options.struct_size = sizeof options;
    options.flags = i == 0 ? MINIRACER_ISOLATE_BACKGROUND_LOOP : 0;
    miniracer_context_options globals{};
    globals.struct_size = sizeof globals;
    globals.flags = MINIRACER_CONTEXT_TIMERS;
    if (miniracer_isolate_new(&options, &isolates[i], nullptr) != MINIRACER_OK) return 3;
    if (miniracer_context_new(isolates[i], &globals, &contexts[i], nullptr) != MINIRACER_OK) return 4;
  }
  int threads = static_cast<int>(Below(random, 4));
  for (int i = 0; i < threads; ++i) std::thread(Busy, isolates[i % 2], contexts[i % 2], random()).detach();
  std::this_thread::sleep_for(std::chrono::microseconds(Below(random, 20000)));
  if (dispose) {
    for (miniracer_isolate isolate : isolates) miniracer_isolate_dispose(isolate);
  }
  switch (way) {
    case kExit:
      exit(0);
    case kUnderscoreExit:
      _exit(0);
    case kQuickExit:
      quick_exit(0);
    case kThreadExit:
      std::thread([] { exit(0); }).detach();
      for (;;) pause();
    default:
      return 0;
  }
}

void Races(const char* program, int count, uint64_t seed) {
  constexpr size_t kTogether = 4;  // more than there are processors, so that threads stop in odd places
  auto patience = std::chrono::seconds(Sanitized() ? 120 : 30);
  std::vector<Child> children;
  int ended = 0;
  for (int i = 0; ended < count;) {
    if (i < count && children.size() < kTogether) {
      uint64_t own = seed + static_cast<uint64_t>(i++);
      pid_t process = fork();
      if (process == 0) {
        execl(program, program, "--race", std::to_string(own).c_str(), nullptr);
        _exit(127);
      }
      children.push_back({process, own, Clock::now() + patience});
      continue;
    }
    for (size_t j = 0; j < children.size(); ++j) {
      if (!Reap(children[j], Clock::now() > children[j].end)) continue;
      children.erase(children.begin() + static_cast<std::ptrdiff_t>(j--));
      ++ended;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  printf("%d processes started and ended\n", count);
}

}  // namespace soak
