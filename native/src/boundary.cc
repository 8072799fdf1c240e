#include "boundary.h"

#include <string>

#include "engine_calls.h"
#include "errors.h"
#include "forks.h"
#include "host_calls.h"
#include "pages.h"
#include "quiet.h"

namespace miniracer {

constinit thread_local Boundary* Boundary::top_ = nullptr;

// May be called by a signal handler: takes no lock that the thread could be holding. It frees memory, which is well since no
// thread is cut off within the allocator.
void Boundary::GiveUp(const char* reason) {
  if (top_ == nullptr) return;
  EngineCalls::ReleaseLocks();
  v8::Isolate* current = v8::Isolate::TryGetCurrent();
  Slot* slot = top_stay != nullptr ? top_stay->slot : nullptr;
  // One that is only being made is nobody's yet.
  bool known = slot != nullptr && slot->isolate != nullptr && slot->isolate->v8() == current;
  if (known) Isolates::Die(*slot, reason);
  top_->died_ = known ? slot : nullptr;
  top_->Jump();
}

void Boundary::Jump() {
  LeaveStays();
  Run::ReturnHere(run_);
  HostCall::LeaveAllAbove(this);
  Quiet::Forget();
  Forks::Section::Forget();
  PageAccount::Working::Forget();
  LetThreadReadCode();
  _longjmp(place_, 1);
}

// The engine's idea of where the thread is follows ours.
void Boundary::LeaveStays() {
  if (died_ != nullptr && stay_ != nullptr && stay_->slot == died_) died_->depth = depth_;
  while (top_stay != stay_) {
    Stay* left = top_stay;
    if (left->slot == died_ && (stay_ == nullptr || stay_->slot != died_)) died_->depth = left->depth - 1;
    top_stay = left->below;
    left->slot->isolate->v8()->Exit();
    if (left->kept) delete left;
  }
  v8::Isolate* expected = top_stay != nullptr ? top_stay->slot->isolate->v8() : nullptr;
  for (v8::Isolate* current; (current = v8::Isolate::TryGetCurrent()) != nullptr && current != expected;) {
    current->Exit();
  }
}

miniracer_status Boundary::Arrive() {
  try {
    if (died_ == nullptr) {
      ReportProblem(error_, MINIRACER_HOST_OUT_OF_MEMORY,
                    std::string("V8 could not start: ") + EngineCalls::LastWords());
      return MINIRACER_HOST_OUT_OF_MEMORY;
    }
    ReportProblem(error_, MINIRACER_ENGINE_DEAD, died_->death);
    Isolates::LeaveDead(*died_);
  } catch (const std::bad_alloc&) {  // the status says it
  }
  return died_ != nullptr ? MINIRACER_ENGINE_DEAD : MINIRACER_HOST_OUT_OF_MEMORY;
}

}  // namespace miniracer
