// Exceptions that nobody else is told of: rejected promises that nothing handled, and what timers and microtasks threw.
#pragma once

#include <deque>
#include <vector>

#include "miniracer.h"
#include "v8_compat.h"

namespace miniracer {

class Isolate;
struct HostOwned;

// Those of one isolate. Touched under its lock.
class Unhandled {
 public:
  ~Unhandled();

  // From here on V8 tells of rejections and of what microtasks throw.
  void Watch(Isolate& isolate);

  bool holding() const { return !held_.empty(); }

  // Whether promises were rejected that nothing had handled then.
  bool pending() const { return !rejected_.empty(); }
  // Tells of those that nothing has handled by now, and that the host does not hold: it may be about to look. In the
  // outermost run, when its microtasks are done.
  void ReportRejections(Isolate& isolate);
  // The host has let go of a promise. True when a turn should look again.
  bool LetGo(v8::Isolate* v8, const v8::Global<v8::Value>& promise);

  // Tells of what `caught` holds: to the handler, or keeps it.
  void Report(Isolate& isolate, v8::Local<v8::Context> context, const v8::TryCatch& caught);
  // The same for a run that was ended.
  void Report(Isolate& isolate, miniracer_context context, miniracer_status status);

  // The oldest of what is kept, for the caller to free; or null.
  miniracer_error* Take();
  bool kept() const { return !kept_.empty(); }

  // NULL: none.
  void SetHandler(Isolate& isolate, miniracer_unhandled handler, void* userdata, miniracer_finalizer finalize);

  // Before the heap goes.
  void Clear();

 private:
  struct Handler;

  void Tell(Isolate& isolate, miniracer_context context, miniracer_error* error);
  static void Rejected(v8::PromiseRejectMessage message);
  static void Uncaught(v8::Local<v8::Message> message, v8::Local<v8::Value> thrown);

  std::vector<v8::Global<v8::Promise>> rejected_;
  std::vector<v8::Global<v8::Promise>> held_;  // likewise, by the host
  std::deque<miniracer_error*> kept_;
  Handler* handler_ = nullptr;  // owned by the isolate
};

}  // namespace miniracer
