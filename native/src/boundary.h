// Where a thread comes back to when the engine cannot go on: the call of the host's that it is in.
//
// V8 ends the process when it runs out of memory or finds itself in a state that should not be. Here the isolate that it
// happened in dies instead: the thread jumps over the engine's frames, and those of ours between them, back to the
// innermost call of this interface, which answers MINIRACER_ENGINE_DEAD. No frame of the host's is ever jumped over: a host
// function returns to the dead isolate's code first, which jumps on from there. What the frames owned stays behind.
// docs/decisions/0014-containment.md tells why this is sound and where its limits are.
#pragma once

#include <setjmp.h>

#include "isolate.h"
#include "limits.h"
#include "miniracer.h"

namespace miniracer {

class HostCall;

// One call of the interface, on its stack. The call itself is to say `if (_setjmp(boundary.place()) != 0) return
// boundary.Arrive();`, since a jump goes to a frame that is still there.
class Boundary {
 public:
  explicit Boundary(miniracer_error** error)
      : outer_(top_), error_(error), run_(Run::innermost_here()), stay_(top_stay) {
    depth_ = stay_ != nullptr ? stay_->slot->depth : 0;
    top_ = this;
  }
  ~Boundary() { top_ = outer_; }
  Boundary(const Boundary&) = delete;
  Boundary& operator=(const Boundary&) = delete;

  jmp_buf& place() { return place_; }

  // What the call answers after the jump.
  miniracer_status Arrive();

  // Whether the calling thread is in the engine, as against in the host's code.
  static bool Inside() { return top_ != nullptr; }

  // The isolate that the thread is in dies of `reason` and the thread jumps. Returns where it cannot: outside of any call.
  static void GiveUp(const char* reason);

  // While the host's code runs inside of the engine's, there is nothing to jump to.
  static Boundary* Leave() {
    Boundary* left = top_;
    top_ = nullptr;
    return left;
  }
  static void Return(Boundary* left) { top_ = left; }

 private:
  [[noreturn]] void Jump();
  void LeaveStays();

  static constinit thread_local Boundary* top_ __attribute__((tls_model("initial-exec")));

  Boundary* const outer_;
  miniracer_error** const error_;
  // The thread as it was when the call began.
  Run* const run_;
  Stay* const stay_;
  uint32_t depth_;
  // What the jump leaves for the arrival: whose isolate died; null: one that was only being made.
  Slot* died_ = nullptr;
  jmp_buf place_;
};

}  // namespace miniracer
