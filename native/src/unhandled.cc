#include "unhandled.h"

#include <algorithm>
#include <memory>
#include <new>
#include <unordered_map>

#include "context.h"
#include "errors.h"
#include "host_code.h"
#include "isolate.h"
#include "scope.h"

namespace miniracer {
namespace {

constexpr size_t kMostKept = 1000;       // as the header says
constexpr size_t kMostRejected = 10000;  // in one run

// Where the host is to be told that `context` is.
Scope ScopeOf(Isolate& isolate, v8::Local<v8::Context> context) {
  return Scope{isolate, isolate.v8(), context, ContextId(context), nullptr, {}};
}

// Handles of the host's by the hash of what they hold.
using ByHash = std::unordered_multimap<int, const v8::Global<v8::Value>*>;

int Hash(v8::Local<v8::Value> object) { return object.As<v8::Object>()->GetIdentityHash(); }

bool IsAmong(const ByHash& handles, v8::Local<v8::Promise> promise) {
  auto [at, end] = handles.equal_range(Hash(promise));
  return std::any_of(at, end, [&](const auto& one) { return *one.second == promise; });
}

bool IsUnhandled(v8::Local<v8::Value> value) {
  if (!value->IsPromise()) return false;
  auto promise = value.As<v8::Promise>();
  return promise->State() == v8::Promise::kRejected && !promise->HasHandler();
}

}  // namespace

struct Unhandled::Handler final : HostOwned {
  miniracer_unhandled call = nullptr;
};

Unhandled::~Unhandled() { Clear(); }

void Unhandled::Watch(Isolate& isolate) {
  isolate.v8()->SetPromiseRejectCallback(Rejected);
  isolate.v8()->AddMessageListener(Uncaught);
}

void Unhandled::Clear() {
  rejected_.clear();
  held_.clear();
  for (miniracer_error* error : kept_) FreeError(error);
  kept_.clear();
}

// Nothing of the host's runs here: JavaScript is just at it.
void Unhandled::Rejected(v8::PromiseRejectMessage message) {
  if (message.GetEvent() != v8::kPromiseRejectWithNoHandler) return;
  v8::Local<v8::Promise> promise = message.GetPromise();
  v8::Isolate* v8 = v8::Isolate::GetCurrent();
  Unhandled& self = Isolate::Of(v8).unhandled;
  try {
    if (self.rejected_.size() < kMostRejected) self.rejected_.emplace_back(v8, promise);
  } catch (const std::bad_alloc&) {  // no C++ exception may pass through V8, and nobody else can be told
  }
}

// V8's way to tell of what a microtask or the callback of a FinalizationRegistry throws.
void Unhandled::Uncaught(v8::Local<v8::Message> message, v8::Local<v8::Value> thrown) {
  v8::Isolate* v8 = v8::Isolate::GetCurrent();
  Isolate& isolate = Isolate::Of(v8);
  v8::HandleScope handles(v8);
  v8::Local<v8::Context> context = v8->GetCurrentContext();
  if (context.IsEmpty()) return;
  Scope scope = ScopeOf(isolate, context);
  try {
    miniracer_error* error = nullptr;
    DescribeThrown(scope, &error, MINIRACER_EXCEPTION, thrown, message);
    isolate.unhandled.Tell(isolate, scope.id, error);
  } catch (const std::bad_alloc&) {  // as above
  }
}

void Unhandled::ReportRejections(Isolate& isolate) {
  v8::Isolate* v8 = isolate.v8();
  std::vector<v8::Global<v8::Promise>> rejected;
  rejected.swap(rejected_);
  v8::HandleScope outer(v8);
  std::erase_if(rejected, [&](const v8::Global<v8::Promise>& one) { return one.Get(v8)->HasHandler(); });
  if (rejected.empty()) return;
  ByHash held;  // looked for once: promises and handles may both be very many
  isolate.handles.Any([&](const v8::Global<v8::Value>& handle) {
    v8::HandleScope handles(v8);
    if (IsUnhandled(handle.Get(v8))) held.emplace(Hash(handle.Get(v8)), &handle);
    return false;
  });
  for (v8::Global<v8::Promise>& one : rejected) {
    v8::HandleScope handles(v8);
    v8::Local<v8::Promise> promise = one.Get(v8);
    if (promise->HasHandler()) continue;
    if (held_.size() < kMostRejected && IsAmong(held, promise)) {
      held_.push_back(std::move(one));
      continue;
    }
    promise->MarkAsHandled();  // told once
    v8::Local<v8::Context> context;
    if (!promise->GetCreationContext().ToLocal(&context)) continue;
    v8::Context::Scope entered(context);
    Scope scope = ScopeOf(isolate, context);
    miniracer_error* error = nullptr;
    ReportRejection(scope, &error, promise->Result());
    if (error != nullptr) error->flags |= MINIRACER_ERROR_REJECTION;
    Tell(isolate, scope.id, error);
  }
}

bool Unhandled::LetGo(v8::Isolate* v8, const v8::Global<v8::Value>& promise) {
  v8::HandleScope handles(v8);
  if (!promise.Get(v8)->IsPromise()) return false;
  auto same = [&](const v8::Global<v8::Promise>& one) { return promise == one.Get(v8); };
  auto found = std::find_if(held_.begin(), held_.end(), same);
  if (found == held_.end()) return false;
  bool told = found->Get(v8)->HasHandler();
  if (!told) rejected_.push_back(std::move(*found));  // where another handle is left, it comes back
  held_.erase(found);
  return !told;
}

void Unhandled::Report(Isolate& isolate, v8::Local<v8::Context> context, const v8::TryCatch& caught) {
  Scope scope = ScopeOf(isolate, context);
  miniracer_error* error = nullptr;
  DescribeThrown(scope, &error, MINIRACER_EXCEPTION, caught.Exception(), caught.Message());
  Tell(isolate, scope.id, error);
}

void Unhandled::Report(Isolate& isolate, miniracer_context context, miniracer_status status) {
  miniracer_error* error = nullptr;
  ReportProblem(&error, status, {});
  Tell(isolate, context, error);
}

void Unhandled::Tell(Isolate& isolate, miniracer_context context, miniracer_error* error) {
  if (error == nullptr) return;
  if (handler_ != nullptr) {
    HostTurn turn(isolate);
    CallHost(handler_->call, handler_->userdata, context, error);
    return;
  }
  if (kept_.size() == kMostKept) {
    FreeError(kept_.front());
    kept_.pop_front();
  }
  try {
    kept_.push_back(error);
  } catch (const std::bad_alloc&) {
    FreeError(error);
    throw;
  }
}

miniracer_error* Unhandled::Take() {
  if (kept_.empty()) return nullptr;
  miniracer_error* error = kept_.front();
  kept_.pop_front();
  return error;
}

void Unhandled::SetHandler(Isolate& isolate, miniracer_unhandled call, void* userdata, miniracer_finalizer finalize) {
  std::unique_ptr<Handler> made;
  if (call != nullptr) {
    made = std::make_unique<Handler>();
    made->call = call;
    made->userdata = userdata;
    made->finalize = finalize;
  }
  if (handler_ != nullptr) isolate.Disown(handler_);
  handler_ = made.release();
  if (handler_ != nullptr) isolate.Own(handler_, {});
}

}  // namespace miniracer
