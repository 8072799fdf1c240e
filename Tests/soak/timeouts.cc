// Tight timeouts: each ends the run that it was given to, with its own reason, and nothing of it is left for the next one.
#include <thread>
#include <vector>

#include "soak.h"

namespace soak {

namespace {

// What looks whether it is to end in different places of V8.
const char* const kEndless[] = {
    "for (;;);", "for (;;) [3, 1, 2].sort().join()", "(function f() { for (;;) Promise.resolve() })()",
    "for (;;) { try { JSON.parse('[1]') } catch {} }", "for (;;) 'abc'.replace(/b/g, () => 1)"};
constexpr uint64_t kShortest = kMillisecond / 50;

void EndOften(int count, uint64_t seed) {
  Random random(seed);
  miniracer_isolate isolate = 0;
  miniracer_context context = 0;
  EXPECT(miniracer_isolate_new(nullptr, &isolate, nullptr) == MINIRACER_OK, "an isolate");
  EXPECT(miniracer_context_new(isolate, nullptr, &context, nullptr) == MINIRACER_OK, "a context");
  for (int i = 0; i < count; ++i) {
    const char* source = kEndless[Below(random, std::size(kEndless))];
    uint64_t timeout = kShortest + Below(random, kMillisecond - kShortest);
    Owned ended, result;
    miniracer_status status = Evaluate(context, source, RunFor(timeout), &ended);
    EXPECT(status == MINIRACER_TIMEOUT, "%s after %llu ns: %s", source, static_cast<unsigned long long>(timeout),
           miniracer_status_name(status));
    status = Evaluate(context, "40 + 2", RunFor(0), &result);
    EXPECT(status == MINIRACER_OK && result.Is(42), "the run after that: %s", miniracer_status_name(status));
  }
  EXPECT(miniracer_isolate_dispose(isolate) == MINIRACER_OK, "to dispose");
}

}  // namespace

void Timeouts(int count, uint64_t seed) {
  constexpr int kThreads = 2;
  EXPECT(miniracer_init(nullptr, nullptr) == MINIRACER_OK, "to begin");
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(EndOften, count / kThreads, seed + static_cast<uint64_t>(i));
  for (std::thread& thread : threads) thread.join();
  printf("%d tight timeouts\n", count);
  fflush(stdout);
}

}  // namespace soak
