// How much a guest may have of what the library keeps for it.
#pragma once

#include <cstdint>

#include "ids.h"
#include "miniracer.h"

namespace miniracer {

struct Caps {
  explicit Caps(const miniracer_isolate_options& options)
      : handles(options.maximum_handles),
        timers(options.maximum_timers),
        modules(options.maximum_modules),
        promises(options.maximum_promises) {
    // The defaults that the header tells.
    if (handles == 0 || handles > Id::kIndexes) handles = Id::kIndexes;
    if (timers == 0) timers = 100'000;
    if (modules == 0) modules = 100'000;
    if (promises == 0) promises = 1'000'000;
  }

  uint32_t handles;
  uint32_t timers;
  uint32_t modules;  // of one context
  uint32_t promises;
};

}  // namespace miniracer
