// An isolate that many threads use, and what may have happened to their runs.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "soak.h"

namespace soak {

extern std::atomic<int64_t> tokens;  // userdata that the library has

constexpr uint64_t kHeap = 48 << 20;

struct Slot {
  explicit Slot(Random& random);
  ~Slot() { Close(); }
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;

  void Close() {
    closing = true;
    miniracer_isolate_dispose(isolate);
  }
  miniracer_status EndAll() {
    ++endings;
    miniracer_status status = miniracer_isolate_cancel(isolate, nullptr);
    ++endings;
    return status;
  }

  miniracer_isolate isolate = 0;
  miniracer_context contexts[2] = {0, 0};
  bool background = false;
  std::atomic<bool> closing{false};
  std::atomic<bool> dying{false};
  std::atomic<uint64_t> endings{0};  // odd while everything that runs is being cancelled
};

// From its making on, what others did to the slot is an excuse for how a run ended.
class Watch {
 public:
  explicit Watch(Slot& slot) : slot_(slot), endings_(slot.endings) {}

  // Whether the run ended as it should, or as somebody else had it end.
  bool Check(const char* step, miniracer_status expected, miniracer_status status) const {
    bool excused = (status == MINIRACER_CLOSED && slot_.closing) || (status == MINIRACER_ENGINE_DEAD && slot_.dying) ||
                   (status == MINIRACER_CANCELLED && (endings_ % 2 != 0 || slot_.endings != endings_));
    EXPECT(status == expected || excused, "%s: expected %s, is %s", step, miniracer_status_name(expected),
           miniracer_status_name(status));
    return status == expected;
  }

 private:
  Slot& slot_;
  const uint64_t endings_;
};

// One thread of the soak.
struct Worker {
  explicit Worker(uint64_t seed) : random(seed) {}
  Random random;
  std::atomic<uint64_t> steps{0};
  std::atomic<const char*> step{"none"};
};

using Step = void (*)(Slot& slot, Random& random);
struct NamedStep {
  const char* name;
  Step step;
};
const std::vector<NamedStep>& Steps(bool deaths);

}  // namespace soak
