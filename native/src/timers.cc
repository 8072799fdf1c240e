#include "timers.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <string>

#include "isolate.h"
#include "realm.h"
#include "text.h"
#include "thread.h"

namespace miniracer {

uint32_t Timers::Add(Timer timer) {
  do {
    last_ = last_ % INT32_MAX + 1;
  } while (timers_.count(last_) != 0);
  order_.emplace(timer.due, last_);
  timers_.emplace(last_, std::move(timer));
  return last_;
}

void Timers::Remove(uint32_t id) {
  auto found = timers_.find(id);
  if (found == timers_.end()) return;
  order_.erase({found->second.due, id});
  timers_.erase(found);
}

void Timers::Forget(v8::Isolate* v8, v8::Local<v8::Context> context) {
  for (auto one = timers_.begin(); one != timers_.end();) {
    auto next = std::next(one);
    if (one->second.context.Get(v8) == context) Remove(one->first);
    one = next;
  }
}

void Timers::Clear() {
  timers_.clear();
  order_.clear();
}

std::vector<uint32_t> Timers::Due(uint64_t now) const {
  std::vector<uint32_t> due;
  for (auto& [when, id] : order_) {
    if (when > now) break;
    due.push_back(id);
  }
  return due;
}

v8::Local<v8::Context> Timers::ContextOf(v8::Isolate* v8, uint32_t id) const {
  auto found = timers_.find(id);
  return found == timers_.end() ? v8::Local<v8::Context>() : found->second.context.Get(v8);
}

bool Timers::Fire(v8::Isolate* v8, uint32_t id) {
  auto found = timers_.find(id);
  if (found == timers_.end()) return true;  // cleared meanwhile
  v8::HandleScope handles(v8);
  Timer& timer = found->second;
  v8::Local<v8::Context> context = timer.context.Get(v8);
  v8::Local<v8::Array> call = timer.call.Get(v8);
  std::vector<v8::Local<v8::Value>> values(call->Length());  // own elements, which no guest has seen
  for (uint32_t i = 0; i < values.size(); ++i) {
    if (!call->Get(context, i).ToLocal(&values[i])) return false;
  }
  if (timer.period != 0) {
    order_.erase({timer.due, id});
    timer.due = Isolate::Of(v8).GuestAfter(timer.period);
    order_.emplace(timer.due, id);
  } else {
    Remove(id);
  }
  v8::Context::Scope entered(context);
  int count = static_cast<int>(values.size()) - 1;
  return !values[0].As<v8::Function>()->Call(context, v8::Undefined(v8), count, values.data() + 1).IsEmpty();
}

// ---- As JavaScript sees them ----

namespace {

using Info = v8::FunctionCallbackInfo<v8::Value>;

constexpr uint64_t kMillisecond = 1'000'000;

enum class Kind { kTimeout, kInterval, kImmediate };

Isolate& IsolateOf(const Info& info) { return *static_cast<Isolate*>(info.Data().As<v8::External>()->Value()); }

void ThrowTypeError(v8::Isolate* v8, std::string_view text) {
  v8->ThrowException(v8::Exception::TypeError(Ascii(v8, text)));
}

// At least a millisecond, so that a chain of timers leaves the others their turn.
uint64_t Delay(double milliseconds) {
  if (!(milliseconds >= 1)) return kMillisecond;  // NaN and negative ones too
  return static_cast<uint64_t>(std::min(milliseconds, 1e12) * static_cast<double>(kMillisecond));
}

template <Kind kKind>
void Set(const Info& info) try {
  v8::Isolate* v8 = info.GetIsolate();
  Isolate& isolate = IsolateOf(info);
  if (info.Length() == 0 || !info[0]->IsFunction()) return ThrowTypeError(v8, "The callback must be a function");
  constexpr int kGiven = kKind == Kind::kImmediate ? 1 : 2;
  uint64_t delay = 0;
  if (kKind != Kind::kImmediate) {
    double milliseconds = 0;
    bool given = info.Length() > 1 && !info[1]->IsUndefined();
    if (given && !info[1]->NumberValue(v8->GetCurrentContext()).To(&milliseconds)) return;
    delay = Delay(milliseconds);
  }
  if (isolate.timers.count() >= isolate.caps.timers) {
    v8->ThrowException(v8::Exception::RangeError(
        Ascii(v8, "Too many timers: " + std::to_string(isolate.caps.timers) + " are pending")));
    return;
  }
  Timers::Timer timer{};
  timer.due = kKind == Kind::kImmediate ? 0 : isolate.GuestAfter(delay);
  timer.period = kKind == Kind::kInterval ? delay : 0;
  timer.context.Reset(v8, v8->GetCurrentContext());
  std::vector<v8::Local<v8::Value>> call{info[0]};
  for (int i = kGiven; i < info.Length(); ++i) call.push_back(info[i]);
  timer.call.Reset(v8, v8::Array::New(v8, call.data(), call.size()));
  uint64_t due = timer.due;
  info.GetReturnValue().Set(isolate.timers.Add(std::move(timer)));
  isolate.loop->Notify(due);
} catch (const std::bad_alloc&) {  // which must not pass through V8
  ThrowOutOfMemory(info.GetIsolate());
}

void Clear(const Info& info) {
  if (info.Length() == 0 || !info[0]->IsUint32()) return;  // as in browsers, anything else is no timer
  IsolateOf(info).timers.Remove(info[0].As<v8::Uint32>()->Value());
}

void QueueMicrotask(const Info& info) {
  v8::Isolate* v8 = info.GetIsolate();
  if (info.Length() == 0 || !info[0]->IsFunction()) return ThrowTypeError(v8, "The callback must be a function");
  v8->EnqueueMicrotask(info[0].As<v8::Function>());
}

struct Global {
  const char* name;
  v8::FunctionCallback callback;
  int length;
};

constexpr Global kGlobals[] = {
    {"setTimeout", Set<Kind::kTimeout>, 1},
    {"setInterval", Set<Kind::kInterval>, 1},
    {"setImmediate", Set<Kind::kImmediate>, 1},
    {"clearTimeout", Clear, 1},
    {"clearInterval", Clear, 1},
    {"clearImmediate", Clear, 1},
    {"queueMicrotask", QueueMicrotask, 1},
};

}  // namespace

bool InstallTimers(Isolate& isolate, v8::Local<v8::Context> context) {
  v8::Isolate* v8 = isolate.v8();
  v8::Local<v8::External> data = v8::External::New(v8, &isolate);
  for (const Global& global : kGlobals) {
    v8::Local<v8::Function> made;
    v8::Local<v8::String> name = Ascii(v8, global.name);
    if (!v8::Function::New(context, global.callback, data, global.length, v8::ConstructorBehavior::kThrow)
             .ToLocal(&made)) {
      return false;
    }
    made->SetName(name);
    if (!context->Global()->DefineOwnProperty(context, name, made).FromMaybe(false)) return false;
  }
  return true;
}

}  // namespace miniracer
