// What the soak's parts share.
#pragma once

#include <miniracer.h>
#include <stdint.h>
#include <stdio.h>

#include <atomic>
#include <random>
#include <string>

namespace soak {

constexpr uint64_t kMillisecond = 1'000'000;

using Random = std::mt19937_64;
inline uint64_t Below(Random& random, uint64_t limit) { return random() % limit; }

// Checks that many threads count.
extern std::atomic<int> failures;
#define EXPECT(condition, ...)                                                  \
  do {                                                                          \
    if (!(condition) && ++soak::failures <= 20) {                               \
      fprintf(stderr, "%s:%d: not true: %s: ", __FILE__, __LINE__, #condition); \
      fprintf(stderr, __VA_ARGS__);                                             \
      fputc('\n', stderr);                                                      \
    }                                                                           \
  } while (0)

inline miniracer_value Text(const std::string& text) {
  miniracer_value value{};
  value.tag = MINIRACER_STRING;
  value.subtype = MINIRACER_UTF8;
  value.length = static_cast<uint32_t>(text.size());
  value.as.data = text.data();
  return value;
}
miniracer_value Text(std::string&&) = delete;  // the text must outlive the value
inline miniracer_value Int32(int32_t number) {
  miniracer_value value{};
  value.tag = MINIRACER_INT32;
  value.as.int32 = number;
  return value;
}
struct Owned : miniracer_value {
  Owned() : miniracer_value{} {}
  ~Owned() { miniracer_value_release(this, 1); }
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  bool Is(int32_t number) const { return tag == MINIRACER_INT32 && as.int32 == number; }
};

inline miniracer_run_options RunFor(uint64_t timeout, const uint32_t* cancel = nullptr) {
  miniracer_run_options run{};
  run.struct_size = sizeof run;
  run.timeout = timeout;
  run.cancel = cancel;
  return run;
}
inline miniracer_status Evaluate(miniracer_context context, const std::string& source, const miniracer_run_options& run,
                                 miniracer_value* result, miniracer_error** error = nullptr) {
  miniracer_script script{};
  script.struct_size = sizeof script;
  script.source = Text(source);
  return miniracer_context_evaluate(context, &script, &run, result, error);
}

struct Options {
  double seconds = 60;
  int threads = 4;
  uint64_t seed = 0;
  bool deaths = false;
};

// Steps at random for a while.
void Soak(const Options& options);
// Ends so many runs by timeouts of up to a millisecond, each followed by one without.
void Timeouts(int count, uint64_t seed);
// Starts this program `count` times as a race below, and looks how each ends.
void Races(const char* program, int count, uint64_t seed);
// One such race: begins, runs something on a few threads, and exits in the way that the seed says.
int Race(uint64_t seed);

bool Sanitized();

}  // namespace soak
