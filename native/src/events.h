// What the host is told of an isolate; see miniracer_isolate_event.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "loop.h"
#include "miniracer.h"

namespace miniracer {

// Of one isolate that the host gave a callback. Telling takes no memory and waits for nothing, since whoever tells may be in
// the middle of a collection; the watchdog sees to it that a thread of its own delivers. A death is told at once.
class Events {
 public:
  Events(miniracer_isolate isolate, miniracer_event_callback call, void* userdata, miniracer_finalizer finalize)
      : isolate_(isolate), host_(call, userdata, finalize) {}

  void TellMemory(uint64_t bytes);
  void TellUnresponsive(uint64_t overdue);
  // `text`: lives as long as the process.
  void TellDead(const char* text);

  // What is there to be told. False where that has to be tried again.
  static bool Deliver(const std::shared_ptr<Events>& events);
  // As the isolate goes and nobody will try again: where no thread is to be had, this one tells.
  static void DeliverRest(const std::shared_ptr<Events>& events);

 private:
  void Tell(uint32_t kind);
  void Call(uint32_t kinds);

  const miniracer_isolate isolate_;
  HostCallback<miniracer_event_callback> host_;
  std::atomic<uint32_t> pending_{0};  // 1 << MINIRACER_EVENT_*
  std::atomic<uint64_t> memory_{0};
  std::atomic<uint64_t> overdue_{0};
  std::atomic<const char*> text_{nullptr};
};

}  // namespace miniracer
