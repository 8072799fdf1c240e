// The soak's threads, the isolates that they share, and what is looked at from outside: memory, and that all go on.
#include <stdlib.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <numeric>
#include <thread>

#include "slot.h"

namespace soak {

namespace {

using Clock = std::chrono::steady_clock;

class Slots {
 public:
  explicit Slots(Random& random) {
    for (auto& slot : slots_) slot = std::make_shared<Slot>(random);
  }
  std::shared_ptr<Slot> Any(Random& random) {
    std::lock_guard<std::mutex> guard(mutex_);
    return slots_[Below(random, kCount)];
  }
  // Others may be inside of the one that goes.
  void Replace(Random& random) {
    auto made = std::make_shared<Slot>(random);
    {
      std::lock_guard<std::mutex> guard(mutex_);
      slots_[Below(random, kCount)].swap(made);
    }
    made->Close();
  }
  void ReplaceClosed(Random& random) {
    for (auto& slot : slots_) {
      {
        std::lock_guard<std::mutex> guard(mutex_);
        if (!slot->closing) continue;
      }
      auto made = std::make_shared<Slot>(random);
      std::lock_guard<std::mutex> guard(mutex_);
      if (slot->closing) slot.swap(made);
    }
  }

 private:
  static constexpr size_t kCount = 3;
  std::mutex mutex_;
  std::shared_ptr<Slot> slots_[kCount];
};

// A run that another thread cancels by its flag.
void Cancelled(Slot& slot, Random& random) {
  std::atomic<uint32_t> flag{0};
  auto* named = reinterpret_cast<uint32_t*>(&flag);
  auto wait = std::chrono::microseconds(Below(random, 5000));
  std::thread canceller([&] {
    std::this_thread::sleep_for(wait);
    flag = 1;
    miniracer_isolate_cancel(slot.isolate, named);
  });
  Watch watch(slot);
  Owned result;
  watch.Check("cancel", MINIRACER_CANCELLED,
              Evaluate(slot.contexts[0], "for (;;);", RunFor(MINIRACER_NO_TIMEOUT, named), &result));
  canceller.join();
}

void Work(Worker& worker, Slots& slots, const Options& options, Clock::time_point end) {
  const std::vector<NamedStep>& steps = Steps(options.deaths);
  while (Clock::now() < end && failures < 20) {
    std::shared_ptr<Slot> slot = slots.Any(worker.random);
    uint64_t choice = Below(worker.random, 40 * steps.size());
    if (choice < 2) {
      worker.step = "replace";
      slots.Replace(worker.random);
    } else if (choice % 20 == 3) {
      worker.step = "cancel";
      Cancelled(*slot, worker.random);
    } else {
      const NamedStep& named = steps[choice % steps.size()];
      worker.step = named.name;
      named.step(*slot, worker.random);
    }
    ++worker.steps;
    if (slot->closing) {
      worker.step = "replace the closed";
      slots.ReplaceClosed(worker.random);
    }
  }
  worker.step = "done";
}

double ResidentMegabytes() {
  std::ifstream file("/proc/self/statm");
  double all = 0, resident = 0;
  file >> all >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

// A quarter's mean, of four.
double Quarter(const std::vector<double>& samples, size_t which) {
  auto begin = samples.begin() + static_cast<std::ptrdiff_t>(samples.size() * which / 4);
  auto end = samples.begin() + static_cast<std::ptrdiff_t>(samples.size() * (which + 1) / 4);
  return begin == end ? 0 : std::accumulate(begin, end, 0.0) / static_cast<double>(end - begin);
}

miniracer_process_statistics Process() {
  miniracer_process_statistics process{};
  process.struct_size = sizeof process;
  EXPECT(miniracer_process_get_statistics(&process) == MINIRACER_OK, "statistics");
  return process;
}

// Without what the library says that dead isolates left behind.
double Megabytes() { return ResidentMegabytes() - static_cast<double>(Process().left_behind) / (1 << 20); }

// Samples memory, and ends the process where a thread makes no step for too long: it could not be joined.
std::vector<double> Look(std::vector<std::unique_ptr<Worker>>& workers, const Options& options, Clock::time_point end) {
  std::vector<double> samples;
  std::vector<uint64_t> seen(workers.size(), 0);
  auto patience = std::chrono::seconds(Sanitized() ? 300 : 60);
  std::vector<Clock::time_point> since(workers.size(), Clock::now());
  for (bool working = true; working;) {
    std::this_thread::sleep_for(std::chrono::duration<double>(std::min(0.25, options.seconds / 40)));
    if (Clock::now() < end) samples.push_back(Megabytes());
    working = false;
    for (size_t i = 0; i < workers.size(); ++i) {
      std::string step = workers[i]->step.load();
      working = working || step != "done";
      if (workers[i]->steps != seen[i] || step == "done") {
        seen[i] = workers[i]->steps;
        since[i] = Clock::now();
      } else if (Clock::now() - since[i] > patience) {
        fprintf(stderr, "a hang: %s\n", step.c_str());
        _exit(1);
      }
    }
  }
  return samples;
}

}  // namespace

void Soak(const Options& options) {
  EXPECT(miniracer_init(nullptr, nullptr) == MINIRACER_OK, "init");
  Random random(options.seed);
  auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(options.seconds));
  std::vector<std::unique_ptr<Worker>> workers;
  std::vector<double> samples;
  {
    Slots slots(random);
    std::vector<std::thread> threads;
    for (int i = 0; i < options.threads; ++i) workers.push_back(std::make_unique<Worker>(random()));
    for (auto& worker : workers) threads.emplace_back([&] { Work(*worker, slots, options, end); });
    samples = Look(workers, options, end);
    for (std::thread& thread : threads) thread.join();
  }
  EXPECT(miniracer_library_drain(30'000 * kMillisecond) == MINIRACER_OK, "a thread stays inside");
  for (int i = 0; i < 5000 && tokens != 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT(tokens == 0, "%lld userdata were not given back", static_cast<long long>(tokens));
  uint64_t steps = 0;
  for (auto& worker : workers) steps += worker->steps;
  double second = Quarter(samples, 1), last = Quarter(samples, 3);
  printf("%llu steps; resident %.0f MB in the second quarter, %.0f MB in the last\n",
         static_cast<unsigned long long>(steps), second, last);
  miniracer_process_statistics process = Process();
  printf("%llu deaths left %.0f MB behind\n", static_cast<unsigned long long>(process.deaths),
         static_cast<double>(process.left_behind) / (1 << 20));
  // A sanitizer keeps what was freed, and a short time tells nothing.
  if (!Sanitized() && options.seconds >= 30) EXPECT(last < second * 1.25 + 48, "memory grows");
}

}  // namespace soak
