#include "call_sites.h"

#include "errors.h"
#include "isolate.h"
#include "realm.h"
#include "text.h"

namespace miniracer {
namespace {

constexpr uint32_t kMost = 100;  // the trace that they are compared with has no more

// What Prepare does, while `stack` is read.
struct Reading {
  Isolate* isolate;
  v8::Local<v8::Value> describe;  // of the hidden realm: call_sites.js; empty: nothing
  v8::Local<v8::Value> told;
  bool called = false;
};

thread_local Reading* reading __attribute__((tls_model("initial-exec"))) = nullptr;

// Called by V8 in place of Error.prepareStackTrace. Throws, so that V8 keeps what `stack` is to be made of.
v8::MaybeLocal<v8::Value> Prepare(v8::Local<v8::Context>, v8::Local<v8::Value>, v8::Local<v8::Array> sites) {
  reading->called = true;
  v8::Isolate* v8 = reading->isolate->v8();
  if (!reading->describe.IsEmpty()) {
    v8::Local<v8::Value> arguments[] = {sites, v8::Integer::NewFromUnsigned(v8, kMost)};
    if (!CallHidden(*reading->isolate, reading->describe, 2, arguments).ToLocal(&reading->told)) reading->told = {};
  }
  if (!v8->IsExecutionTerminating()) v8->ThrowException(v8::Null(v8));
  return {};
}

// True where V8 called Prepare.
bool Read(Scope& scope, v8::Local<v8::Object> error, Reading* into) {
  v8::TryCatch swallow(scope.v8);
  swallow.SetCaptureMessage(false);
  reading = into;
  scope.v8->SetPrepareStackTraceCallback(Prepare);
  OwnData(scope, error, "stack");
  scope.v8->SetPrepareStackTraceCallback(nullptr);
  reading = nullptr;
  if (swallow.HasTerminated()) scope.isolate.limits.KeepEnding();
  return into->called;
}

// Where V8 is near the end of its stack, or in the middle of another stack's text, it would write the text on its own, and ask
// the guest for the error's name. It is tried with an error of ours, which stays as it is if all is well.
bool WillAsk(Scope& scope, v8::Local<v8::Object> tool) {
  v8::Local<v8::Context> hidden = HiddenRealm(scope.isolate);
  v8::Local<v8::String> key = Ascii(scope.v8, "error");
  v8::Local<v8::Value> error;
  if (!tool->Get(hidden, key).ToLocal(&error)) return false;
  if (!error->IsObject()) {
    v8::Local<v8::Value> make = ToolFunction(scope.isolate, tool, "newError");
    if (!CallHidden(scope.isolate, make, 0, nullptr).ToLocal(&error)) return false;
    if (!tool->Set(hidden, key, error).FromMaybe(false)) return false;
  }
  Reading trial{&scope.isolate, {}, {}};
  if (Read(scope, error.As<v8::Object>(), &trial)) return true;
  [[maybe_unused]] bool dropped = tool->Set(hidden, key, v8::Undefined(scope.v8)).FromMaybe(false);
  return false;
}

v8::MaybeLocal<v8::Value> NoArgument(Isolate& isolate) { return v8::Undefined(isolate.v8()); }

CallSite SiteAt(Scope& scope, v8::Local<v8::Context> hidden, v8::Local<v8::Array> list, uint32_t first) {
  auto at = [&](uint32_t i) { return list->Get(hidden, first + i).ToLocalChecked(); };
  auto string = [&](uint32_t i) {
    v8::Local<v8::Value> value = at(i);
    return value->IsString() ? value.As<v8::String>() : v8::String::Empty(scope.v8);
  };
  CallSite site;
  site.line = at(0)->Int32Value(hidden).FromMaybe(0);
  site.column = at(1)->Int32Value(hidden).FromMaybe(0);
  v8::Local<v8::String> kind = string(2);
  if (kind->Length() != 0) {
    char letter = Utf8(scope.v8, kind)[0];
    site.kind = letter == 'a'   ? CallSite::Kind::kAsync
                : letter == 'c' ? CallSite::Kind::kConstructor
                                : CallSite::Kind::kNative;
  }
  site.function = string(3);
  site.file = string(4);
  return site;
}

}  // namespace

std::vector<CallSite> CallSites(Scope& scope, v8::Local<v8::Object> error) {
  std::vector<CallSite> sites;
  v8::Local<v8::Object> tool;
  if (!HiddenTool(scope.isolate, "call_sites", NoArgument).ToLocal(&tool) || !WillAsk(scope, tool)) return sites;
  Reading now{&scope.isolate, ToolFunction(scope.isolate, tool, "describe"), {}};
  if (!Read(scope, error, &now) || now.told.IsEmpty() || !now.told->IsArray()) return sites;
  v8::Local<v8::Context> hidden = HiddenRealm(scope.isolate);
  auto list = now.told.As<v8::Array>();
  constexpr uint32_t kFields = 5;
  for (uint32_t i = 0; i + kFields <= list->Length(); i += kFields) sites.push_back(SiteAt(scope, hidden, list, i));
  return sites;
}

}  // namespace miniracer
