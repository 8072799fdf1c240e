#include "events.h"

#include <exception>
#include <thread>
#include <utility>

#include "host_code.h"
#include "thread.h"
#include "watchdog.h"

namespace miniracer {

void Events::TellMemory(uint64_t bytes) {
  memory_.store(bytes, std::memory_order_relaxed);
  Tell(MINIRACER_EVENT_MEMORY_WARNING);
  Watchdog::Arm(0);
}

// By the watchdog itself, which looks for events next.
void Events::TellUnresponsive(uint64_t overdue) {
  overdue_.store(overdue, std::memory_order_relaxed);
  Tell(MINIRACER_EVENT_UNRESPONSIVE);
}

void Events::TellDead(const char* text) {
  text_.store(text, std::memory_order_relaxed);
  Call(1u << MINIRACER_EVENT_DEAD);
}

void Events::Tell(uint32_t kind) { pending_.fetch_or(1u << kind, std::memory_order_release); }

// A thread for each, since the host may take its time and the watchdog may not.
bool Events::Deliver(const std::shared_ptr<Events>& events) {
  if (events->pending_.load(std::memory_order_relaxed) == 0) return true;
  uint32_t kinds = events->pending_.exchange(0, std::memory_order_acquire);
  Loops::Expect();  // from now on, for the host may drain before the thread has begun
  try {
    SignalsBlocked blocked;
    std::thread([kept = events, kinds]() mutable {
      Loops::Busy busy;
      Loops::Arrive();
      std::shared_ptr<Events> last = std::move(kept);  // finalized, if it is, while the thread is busy
      last->Call(kinds);
    }).detach();
    return true;
  } catch (const std::exception&) {  // no thread to be had
    events->pending_.fetch_or(kinds, std::memory_order_release);
    Loops::Arrive();
    return false;
  }
}

void Events::DeliverRest(const std::shared_ptr<Events>& events) {
  if (!Deliver(events)) events->Call(events->pending_.exchange(0, std::memory_order_acquire));
}

void Events::Call(uint32_t kinds) {
  for (uint32_t kind = MINIRACER_EVENT_MEMORY_WARNING; kind <= MINIRACER_EVENT_DEAD; ++kind) {
    if ((kinds & 1u << kind) == 0) continue;
    miniracer_isolate_event event{};
    event.struct_size = sizeof event;
    event.kind = kind;
    event.isolate = isolate_;
    if (kind == MINIRACER_EVENT_MEMORY_WARNING) event.memory = memory_.load(std::memory_order_relaxed);
    if (kind == MINIRACER_EVENT_UNRESPONSIVE) event.overdue = overdue_.load(std::memory_order_relaxed);
    if (kind == MINIRACER_EVENT_DEAD) event.text = text_.load(std::memory_order_relaxed);
    CallHost(host_.call, host_.userdata, &event);
  }
}

}  // namespace miniracer
