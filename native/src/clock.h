// The clocks that guests see: the system's, coarser ones, or such as stand still while a run lasts.
#pragma once

#include <cstdint>

#include "miniracer.h"
#include "thread.h"

namespace miniracer {

class Clock {
 public:
  // As miniracer_isolate_options.clock_resolution.
  void SetResolution(uint64_t nanoseconds) { resolution_ = nanoseconds; }

  // An outermost run begins.
  void RunBegins() {
    if (resolution_ != MINIRACER_FROZEN_CLOCK) return;
    monotonic_ = miniracer::Now();
    wall_ = SystemTime();
  }

  // In thread.h's Now()'s clock. `running`: whether a run is under way.
  uint64_t Now(bool running) const {
    if (resolution_ != MINIRACER_FROZEN_CLOCK) return Rounded(miniracer::Now());
    return running ? monotonic_ : miniracer::Now();
  }
  // Nanoseconds since 1970.
  uint64_t WallClock(bool running) const {
    if (resolution_ != MINIRACER_FROZEN_CLOCK) return Rounded(SystemTime());
    return running ? wall_ : SystemTime();
  }

  // When something is due that the guest asked for: told by what it sees of the time alone, so that the order of such
  // things tells no more of it; and never early. UINT64_MAX, as with After().
  uint64_t After(uint64_t duration, bool running) const {
    uint64_t now = Now(running), late = resolution_ == MINIRACER_FROZEN_CLOCK ? 0 : resolution_;
    constexpr uint64_t kEnd = INT64_MAX;
    return duration > kEnd - now || late > kEnd - now - duration ? UINT64_MAX : now + late + duration;
  }

  static uint64_t SystemTime() { return TimeOf(CLOCK_REALTIME); }

 private:
  uint64_t Rounded(uint64_t time) const { return resolution_ == 0 ? time : time - time % resolution_; }

  uint64_t resolution_ = 0;
  uint64_t monotonic_ = 0;  // while frozen: as the run began
  uint64_t wall_ = 0;
};

}  // namespace miniracer
