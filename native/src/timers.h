// setTimeout and its kin (HTML, 8.6 Timers), as far as JavaScript sees them, and what is due when.
#pragma once

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "miniracer.h"
#include "v8_compat.h"

namespace miniracer {

class Isolate;

// Those of one isolate. Touched under its lock.
class Timers {
 public:
  static constexpr uint64_t kNever = UINT64_MAX;

  struct Timer {
    uint64_t due;
    uint64_t period;  // nanoseconds; 0: once
    v8::Global<v8::Context> context;
    v8::Global<v8::Array> call;  // the callback and its arguments: in the guest's heap, whose limit they count for
  };

  uint32_t Add(Timer timer);
  void Remove(uint32_t id);
  // All that belong to a context that is disposed of.
  void Forget(v8::Isolate* v8, v8::Local<v8::Context> context);
  void Clear();

  size_t count() const { return timers_.size(); }
  // When the next one is due, in Now()'s clock; 0: it is.
  uint64_t Next() const { return order_.empty() ? kNever : order_.begin()->first; }
  // The context of a timer; empty for one that is not there.
  v8::Local<v8::Context> ContextOf(v8::Isolate* v8, uint32_t id) const;
  // Those due by now, in order.
  std::vector<uint32_t> Due(uint64_t now) const;
  // Calls it, if it is still there; one that repeats is due again. False when it threw or was ended.
  bool Fire(v8::Isolate* v8, uint32_t id);

 private:
  std::map<uint32_t, Timer> timers_;
  std::set<std::pair<uint64_t, uint32_t>> order_;
  uint32_t last_ = 0;
};

// Defines setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate and queueMicrotask. False when
// V8 has no room.
bool InstallTimers(Isolate& isolate, v8::Local<v8::Context> context);

}  // namespace miniracer
