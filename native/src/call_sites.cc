#include "call_sites.h"

#include "errors.h"
#include "isolate.h"
#include "realm.h"
#include "text.h"

namespace miniracer {
namespace {

constexpr uint32_t kMost = 100;  // the trace that they are compared with has no more

thread_local const StackAnswer* answering __attribute__((tls_model("initial-exec"))) = nullptr;

// Called by V8 in place of Error.prepareStackTrace.
v8::MaybeLocal<v8::Value> Prepare(v8::Local<v8::Context>, v8::Local<v8::Value>, v8::Local<v8::Array> sites) {
  return (*answering)(sites);
}

v8::MaybeLocal<v8::Value> Read(Isolate& isolate, v8::Local<v8::Object> error, const StackAnswer& answer) {
  v8::Isolate* v8 = isolate.v8();
  v8::Local<v8::Context> hidden = HiddenRealm(isolate);  // whose descriptors have nothing of the guest's
  v8::Local<v8::Value> descriptor, value;
  v8::TryCatch swallow(v8);
  swallow.SetCaptureMessage(false);
  answering = &answer;
  v8->SetPrepareStackTraceCallback(Prepare);
  bool told = error->GetOwnPropertyDescriptor(hidden, Ascii(v8, "stack")).ToLocal(&descriptor);
  v8->SetPrepareStackTraceCallback(nullptr);
  answering = nullptr;
  if (swallow.HasTerminated()) isolate.limits.KeepEnding();
  if (!told || !descriptor->IsObject()) return {};
  return descriptor.As<v8::Object>()->Get(hidden, Ascii(v8, "value"));
}

// Where V8 is near the end of its stack, or in the middle of another stack's text, it would write the text on its own, and ask
// the guest for the error's name. It is tried with an error of ours, which stays as it is if all is well.
bool WillAsk(Isolate& isolate, v8::Local<v8::Object> tool) {
  v8::Isolate* v8 = isolate.v8();
  v8::Local<v8::Context> hidden = HiddenRealm(isolate);
  v8::Local<v8::String> key = Ascii(v8, "error");
  v8::Local<v8::Value> error;
  if (!tool->Get(hidden, key).ToLocal(&error)) return false;
  if (!error->IsObject()) {
    v8::Local<v8::Value> make = ToolFunction(isolate, tool, "newError");
    if (!CallHidden(isolate, make, 0, nullptr).ToLocal(&error)) return false;
    if (!tool->Set(hidden, key, error).FromMaybe(false)) return false;
  }
  bool asked = false;
  Read(isolate, error.As<v8::Object>(), [&](v8::Local<v8::Array>) -> v8::MaybeLocal<v8::Value> {
    asked = true;
    v8->ThrowException(v8::Null(v8));
    return {};
  });
  if (asked) return true;
  [[maybe_unused]] bool dropped = tool->Set(hidden, key, v8::Undefined(v8)).FromMaybe(false);
  return false;
}

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

v8::MaybeLocal<v8::Value> ReadStack(Isolate& isolate, v8::Local<v8::Object> error, const StackAnswer& answer) {
  v8::Local<v8::Object> tool;
  if (!HiddenTool(isolate, "call_sites").ToLocal(&tool) || !WillAsk(isolate, tool)) return {};
  return Read(isolate, error, answer);
}

std::vector<CallSite> CallSites(Scope& scope, v8::Local<v8::Object> error) {
  std::vector<CallSite> sites;
  v8::Local<v8::Object> tool;
  if (!HiddenTool(scope.isolate, "call_sites").ToLocal(&tool)) return sites;
  v8::Local<v8::Value> describe = ToolFunction(scope.isolate, tool, "describe"), told;
  v8::Global<v8::Value> answer;  // V8 has handles of its own around the question, which are gone after it
  ReadStack(scope.isolate, error, [&](v8::Local<v8::Array> list) -> v8::MaybeLocal<v8::Value> {
    v8::Local<v8::Value> arguments[] = {list, v8::Integer::NewFromUnsigned(scope.v8, kMost)}, made;
    if (CallHidden(scope.isolate, describe, 2, arguments).ToLocal(&made)) answer.Reset(scope.v8, made);
    if (!scope.v8->IsExecutionTerminating()) scope.v8->ThrowException(v8::Null(scope.v8));
    return {};
  });
  told = answer.Get(scope.v8);
  if (told.IsEmpty() || !told->IsArray()) return sites;
  v8::Local<v8::Context> hidden = HiddenRealm(scope.isolate);
  auto list = told.As<v8::Array>();
  constexpr uint32_t kFields = 5;
  for (uint32_t i = 0; i + kFields <= list->Length(); i += kFields) sites.push_back(SiteAt(scope, hidden, list, i));
  return sites;
}

}  // namespace miniracer
