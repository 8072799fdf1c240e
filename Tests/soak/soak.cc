// The library used as hard as can be for as long as one likes, with checks after each step.
//   soak [--seconds N] [--threads N] [--seed N] [--deaths] [--timeouts N] [--races N]
#include "soak.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

namespace soak {

std::atomic<int> failures{0};

bool Sanitized() {
  miniracer_library_info info{};
  info.struct_size = sizeof info;
  return miniracer_library_get_info(&info) == MINIRACER_OK && (info.features & MINIRACER_FEATURE_SANITIZER_BUILD) != 0;
}

}  // namespace soak

int main(int count, char** arguments) {
  soak::Options options;
  options.seed = static_cast<uint64_t>(time(nullptr));
  int races = 0, timeouts = 0;
  for (int i = 1; i < count; ++i) {
    std::string name = arguments[i];
    const char* value = i + 1 < count ? arguments[i + 1] : "0";
    if (name == "--deaths") {
      options.deaths = true;
      continue;
    }
    ++i;
    if (name == "--seconds") {
      options.seconds = atof(value);
    } else if (name == "--threads") {
      options.threads = atoi(value);
    } else if (name == "--seed") {
      options.seed = strtoull(value, nullptr, 10);
    } else if (name == "--timeouts") {
      timeouts = atoi(value);
    } else if (name == "--races") {
      races = atoi(value);
    } else if (name == "--race") {
      return soak::Race(strtoull(value, nullptr, 10));
    } else {
      fputs("usage: soak [--seconds N] [--threads N] [--seed N] [--deaths] [--timeouts N] [--races N] [--race SEED]\n",
            stderr);
      return 64;
    }
  }
  printf("seed %llu\n", static_cast<unsigned long long>(options.seed));
  fflush(stdout);
  if (options.seconds > 0) soak::Soak(options);
  if (timeouts > 0) soak::Timeouts(timeouts, options.seed);
  if (races > 0) soak::Races(arguments[0], races, options.seed);
  printf("%d failures\n", soak::failures.load());
  return soak::failures == 0 ? 0 : 1;
}
