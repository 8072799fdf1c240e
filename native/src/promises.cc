#include "promises.h"

#include <memory>
#include <new>
#include <string>
#include <tuple>
#include <vector>

#include "context.h"
#include "errors.h"
#include "host_code.h"
#include "values.h"

namespace miniracer {

// The host's wish to be told. Kept by the External in the two functions that are the promise's reactions, which holds its
// number: a reaction may come when it has been told otherwise.
struct Watch final : HostOwned {
  ~Watch() override {
    if (isolate != nullptr) isolate->watches.erase(number);
  }
  miniracer_settled settled = nullptr;
  uint64_t number = 0;
  v8::Global<v8::Promise> promise;  // weak, until nothing else would tell
};

namespace {

Watch* FindWatch(Isolate& isolate, uint64_t number) {
  auto found = isolate.watches.find(number);
  return found == isolate.watches.end() ? nullptr : found->second;
}

Watch* FindWatch(Isolate& isolate, v8::Local<v8::Value> link) {
  return FindWatch(isolate, reinterpret_cast<uintptr_t>(link.As<v8::External>()->Value()));
}

miniracer_status ResolvePromise(Scope& scope, miniracer_handle handle, v8::Local<v8::Promise>* promise) {
  v8::Local<v8::Value> value;
  if (miniracer_status status = Resolve(scope, handle, "promise", &value); status != MINIRACER_OK) return status;
  if (!value->IsPromise()) return scope.Fail(MINIRACER_WRONG_TYPE, "promise: the object is no promise");
  *promise = value.As<v8::Promise>();
  return MINIRACER_OK;
}

// A promise of the host's, counted until it is settled or collected. The promise has a link to it.
struct Unsettled final : HostOwned {
  ~Unsettled() override { --isolate->unsettled_promises; }
};

void TellOutcome(Watch* watch, v8::Local<v8::Context> context, bool fulfilled, v8::Local<v8::Value> outcome) {
  Isolate& isolate = *watch->isolate;
  v8::Isolate* v8 = isolate.v8();
  Scope scope{isolate, v8, context, ContextId(context), nullptr, {}};
  miniracer_value value{};
  miniracer_error* error = nullptr;
  if (!fulfilled) {
    ReportRejection(scope, &error, outcome);
  } else if (miniracer_status status = ToHost(scope, outcome, &value); status != MINIRACER_OK) {
    fulfilled = false;
    ReportProblem(&error, status, scope.problem);
  }
  {
    HostTurn turn(isolate);
    CallHost(watch->settled, watch->userdata, fulfilled ? MINIRACER_PROMISE_FULFILLED : MINIRACER_PROMISE_REJECTED,
             &value, error);
  }
  Release(&value, 1);
  isolate.Disown(watch);
}

// No C++ exception may pass through V8.
void Tell(Watch* watch, v8::Local<v8::Context> context, bool fulfilled, v8::Local<v8::Value> outcome) {
  Isolate& isolate = *watch->isolate;
  isolate.watches.erase(watch->number);  // told once, also where microtasks run meanwhile
  try {
    TellOutcome(watch, context, fulfilled, outcome);
  } catch (const std::bad_alloc&) {
    isolate.Disown(watch);  // the host is told by finalize alone
  }
}

template <bool kFulfilled>
void Reaction(const v8::FunctionCallbackInfo<v8::Value>& info) {
  v8::Isolate* v8 = info.GetIsolate();
  if (Watch* watch = FindWatch(Isolate::Of(v8), info.Data())) Tell(watch, v8->GetCurrentContext(), kFulfilled, info[0]);
}

// A microtask: tells what is held.
void TellNow(void* data) {
  Isolate& isolate = *static_cast<Isolate*>(data);
  v8::Isolate* v8 = isolate.v8();
  auto next = isolate.watches.begin();
  for (uint64_t number; next != isolate.watches.end(); next = isolate.watches.upper_bound(number)) {
    number = next->first;
    Watch* watch = next->second;
    if (watch->promise.IsEmpty() || watch->promise.IsWeak()) continue;
    v8::HandleScope handles(v8);
    v8::Local<v8::Promise> promise = watch->promise.Get(v8);
    v8::Local<v8::Context> context;
    if (!promise->GetCreationContext().ToLocal(&context)) {
      isolate.Disown(watch);
      continue;
    }
    v8::Context::Scope entered(context);
    Tell(watch, context, promise->State() == v8::Promise::kFulfilled, promise->Result());
  }
}

v8::MaybeLocal<v8::Function> NewReaction(Scope& scope, v8::FunctionCallback callback, v8::Local<v8::Value> data) {
  return v8::Function::New(scope.context, callback, data, 1, v8::ConstructorBehavior::kThrow);
}

}  // namespace

miniracer_status NewPromise(Scope& scope, miniracer_value* result) {
  Isolate& isolate = scope.isolate;
  if (isolate.unsettled_promises >= isolate.caps.promises) {
    return scope.Fail(MINIRACER_TOO_MANY_HANDLES, "the isolate has " + std::to_string(isolate.caps.promises) +
                                                      " promises that are not settled, as many as it may");
  }
  v8::Local<v8::Promise::Resolver> made;
  if (!v8::Promise::Resolver::New(scope.context).ToLocal(&made)) return scope.Thrown();
  v8::Local<v8::Promise> promise = made->GetPromise();
  auto unsettled = std::make_unique<Unsettled>();
  unsettled->isolate = &isolate;
  ++isolate.unsettled_promises;
  v8::Local<v8::Private> key = isolate.settle_key.Get(scope.v8);
  v8::Local<v8::External> link = v8::External::New(scope.v8, unsettled.get());
  if (promise->SetPrivate(scope.context, key, link).IsNothing()) return scope.Thrown();
  isolate.Own(unsettled.release(), promise);
  return ToHost(scope, promise, result);
}

miniracer_status ResolveUnsettled(Scope& scope, miniracer_handle handle, v8::Local<v8::Promise::Resolver>* resolver) {
  v8::Local<v8::Promise> promise;
  if (miniracer_status status = ResolvePromise(scope, handle, &promise); status != MINIRACER_OK) return status;
  v8::Local<v8::Private> key = scope.isolate.settle_key.Get(scope.v8);
  if (!promise->HasPrivate(scope.context, key).FromMaybe(false)) {
    return scope.Fail(MINIRACER_WRONG_TYPE, "promise: not made by miniracer_promise_new, or settled before");
  }
  *resolver = v8::Local<v8::Promise::Resolver>::Cast(promise.As<v8::Value>());
  return MINIRACER_OK;
}

miniracer_status Settle(Scope& scope, v8::Local<v8::Promise::Resolver> resolver, bool fulfil,
                        v8::Local<v8::Value> value) {
  // V8 does not notice when a promise that adopted another one is settled again.
  v8::Local<v8::Private> key = scope.isolate.settle_key.Get(scope.v8);
  v8::Local<v8::Promise> promise = resolver->GetPromise();
  v8::Local<v8::Value> link;
  if (!promise->GetPrivate(scope.context, key).ToLocal(&link)) return scope.Thrown();
  if (promise->DeletePrivate(scope.context, key).IsNothing()) return scope.Thrown();
  if (link->IsExternal()) scope.isolate.Disown(static_cast<Unsettled*>(link.As<v8::External>()->Value()));
  v8::Maybe<bool> done = fulfil ? resolver->Resolve(scope.context, value) : resolver->Reject(scope.context, value);
  return done.IsNothing() ? scope.Thrown() : MINIRACER_OK;
}

miniracer_status PromiseState(Scope& scope, miniracer_handle handle, uint32_t* state, miniracer_value* result) {
  v8::Local<v8::Promise> promise;
  if (miniracer_status status = ResolvePromise(scope, handle, &promise); status != MINIRACER_OK) return status;
  static_assert(v8::Promise::kPending == 0 && v8::Promise::kFulfilled == 1 && v8::Promise::kRejected == 2);
  *state = static_cast<uint32_t>(promise->State());
  *result = {};
  if (*state == MINIRACER_PROMISE_REJECTED) promise->MarkAsHandled();
  return *state == MINIRACER_PROMISE_PENDING ? MINIRACER_OK : ToHost(scope, promise->Result(), result);
}

// ECMA-262 Promise.prototype.then asks the promise's `constructor` for its species, which a guest may have bent. What has no
// prototype, and no `constructor` of its own, is a plain promise.
bool AddReactions(Scope& scope, v8::Local<v8::Promise> promise, v8::Local<v8::Function> fulfilled,
                  v8::Local<v8::Function> rejected) {
  v8::Local<v8::Value> prototype = PrototypeOf(promise);
  bool hidden = SetPrototypeOf(scope.context, promise, v8::Null(scope.v8)).FromMaybe(false);
  bool added = !promise->Then(scope.context, fulfilled, rejected).IsEmpty();
  if (hidden) std::ignore = SetPrototypeOf(scope.context, promise, prototype);
  return added;
}

miniracer_status WatchPromise(Scope& scope, miniracer_handle handle, miniracer_settled settled, void* userdata,
                              miniracer_finalizer finalize, bool waited) {
  v8::Local<v8::Promise> promise;
  if (miniracer_status status = ResolvePromise(scope, handle, &promise); status != MINIRACER_OK) return status;
  auto watch = std::make_unique<Watch>();
  watch->settled = settled;
  watch->number = ++scope.isolate.last_watch;
  watch->promise.Reset(scope.v8, promise);
  watch->promise.SetWeak();
  v8::Local<v8::External> data = v8::External::New(scope.v8, reinterpret_cast<void*>(watch->number));
  v8::Local<v8::Function> fulfilled, rejected;
  if (!NewReaction(scope, Reaction<true>, data).ToLocal(&fulfilled) ||
      !NewReaction(scope, Reaction<false>, data).ToLocal(&rejected)) {
    return scope.Fail(MINIRACER_OUT_OF_MEMORY, "V8 has no room for the reactions");
  }
  // Before `then`, which may run guest code; V8 calls the reactions later in any case.
  scope.isolate.watches[watch->number] = watch.get();
  Watch* owned = watch.release();
  scope.isolate.Own(owned, data);
  if (!AddReactions(scope, promise, fulfilled, rejected)) {
    scope.isolate.Disown(owned);
    return scope.Thrown();
  }
  owned->userdata = userdata;
  owned->finalize = finalize;
  if (waited) std::ignore = promise->SetPrivate(scope.context, scope.isolate.waited_key.Get(scope.v8), data);
  return MINIRACER_OK;
}

void* FindWaited(Scope& scope, miniracer_handle handle) {
  v8::Local<v8::Promise> promise;
  v8::Local<v8::Value> link;
  if (ResolvePromise(scope, handle, &promise) != MINIRACER_OK) return nullptr;
  if (!promise->GetPrivate(scope.context, scope.isolate.waited_key.Get(scope.v8)).ToLocal(&link)) return nullptr;
  Watch* watch = link->IsExternal() ? FindWatch(scope.isolate, link) : nullptr;
  return watch != nullptr ? watch->userdata : nullptr;
}

bool HoldWatches(Isolate& isolate) {
  bool any = false;
  for (auto& [number, watch] : isolate.watches) {
    v8::HandleScope handles(isolate.v8());
    if (watch->promise.IsEmpty() || watch->promise.Get(isolate.v8())->State() == v8::Promise::kPending) continue;
    watch->promise.ClearWeak();
    watch->object.ClearWeak();
    any = true;
  }
  return any;
}

void TellHeld(Isolate& isolate) {
  isolate.v8()->EnqueueMicrotask(TellNow, &isolate);
  isolate.loop->Notify(0);
}

miniracer_status PromiseOutcome(Scope& scope, miniracer_handle handle, bool* settled, miniracer_value* result) {
  v8::Local<v8::Promise> promise;
  if (miniracer_status status = ResolvePromise(scope, handle, &promise); status != MINIRACER_OK) return status;
  *settled = promise->State() != v8::Promise::kPending;
  if (!*settled) return MINIRACER_OK;
  if (promise->State() == v8::Promise::kFulfilled) return ToHost(scope, promise->Result(), result);
  promise->MarkAsHandled();
  scope.rejection = promise->Result();
  return scope.Thrown();
}

}  // namespace miniracer
