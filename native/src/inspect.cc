#include "inspect.h"

#include <string>

#include "call_sites.h"
#include "host_objects.h"
#include "text.h"
#include "values.h"

namespace miniracer {
namespace {

using Info = v8::FunctionCallbackInfo<v8::Value>;

void Set(const Info& info, v8::Local<v8::Object> object, std::string_view key, v8::Local<v8::Value> value) {
  v8::Isolate* v8 = info.GetIsolate();
  [[maybe_unused]] bool done =
      object->CreateDataProperty(v8->GetCurrentContext(), Ascii(v8, key), value).FromMaybe(false);
}

void Subtype(const Info& info) {
  if (info[0]->IsObject()) info.GetReturnValue().Set(static_cast<uint32_t>(SubtypeOf(info[0].As<v8::Object>())));
}

// The name that the host gave to the class of an object of its own, or undefined.
void HostClass(const Info& info) {
  v8::Local<v8::String> name = HostClassName(info.GetIsolate(), info[0].As<v8::Object>());
  if (!name.IsEmpty()) info.GetReturnValue().Set(name);
}

// What a Proxy, or a Proxy of a Proxy, stands for; null where it was revoked.
void Target(const Info& info) {
  v8::Local<v8::Value> value = info[0];
  while (value->IsProxy()) value = value.As<v8::Proxy>()->GetTarget();
  info.GetReturnValue().Set(value);
}

void PromiseState(const Info& info) {
  auto promise = info[0].As<v8::Promise>();
  v8::Local<v8::Object> told = v8::Object::New(info.GetIsolate());
  bool pending = promise->State() == v8::Promise::kPending;
  Set(info, told, "state", v8::Integer::New(info.GetIsolate(), promise->State()));
  if (!pending) Set(info, told, "result", promise->Result());
  info.GetReturnValue().Set(told);
}

// What is left in an iterator of a Map or Set; undefined for other objects.
void Entries(const Info& info) {
  if (!info[0]->IsMapIterator() && !info[0]->IsSetIterator()) return;
  bool pairs = false;
  v8::Local<v8::Array> list;
  if (!info[0].As<v8::Object>()->PreviewEntries(&pairs).ToLocal(&list)) return;
  v8::Local<v8::Object> told = v8::Object::New(info.GetIsolate());
  Set(info, told, "list", list);
  Set(info, told, "pairs", v8::Boolean::New(info.GetIsolate(), pairs));
  info.GetReturnValue().Set(told);
}

// The own keys that are no indexes, of which there may be very many.
void ExtraKeys(const Info& info) {
  v8::Local<v8::Array> keys;
  v8::Local<v8::Context> context = info.GetIsolate()->GetCurrentContext();
  bool done = info[0]
                  .As<v8::Object>()
                  ->GetPropertyNames(context, v8::KeyCollectionMode::kOwnOnly, v8::ALL_PROPERTIES,
                                     v8::IndexFilter::kSkipIndices)
                  .ToLocal(&keys);
  if (done) info.GetReturnValue().Set(keys);
}

// The frames of an error, or of the call that is under way.
void Frames(const Info& info) {
  v8::Local<v8::StackTrace> trace;
  if (info[0]->IsUndefined()) {
    constexpr int kFrames = 10;
    trace = v8::StackTrace::CurrentStackTrace(info.GetIsolate(), kFrames, v8::StackTrace::kDetailed);
  } else {
    trace = v8::Exception::GetStackTrace(info[0]);
  }
  info.GetReturnValue().Set(FramesText(IsolateOf(info), trace));
}

// The own `stack` of an error, where it is text: made, if it is not yet, of a header and by a function of the hidden realm.
void Stack(const Info& info) {
  Isolate& isolate = IsolateOf(info);
  v8::Local<v8::Value> stack;
  auto write = [&](v8::Local<v8::Array> sites) -> v8::MaybeLocal<v8::Value> {
    v8::Local<v8::Value> arguments[] = {info[1], sites}, text;
    return CallHidden(isolate, info[2], 2, arguments).ToLocal(&text) ? text : info[1];
  };
  bool told = ReadStack(isolate, info[0].As<v8::Object>(), write).ToLocal(&stack);
  if (told && stack->IsString()) info.GetReturnValue().Set(stack);
}

v8::MaybeLocal<v8::Value> Natives(Isolate& isolate) {
  v8::Local<v8::Object> natives = v8::Object::New(isolate.v8()), text;
  if (!HiddenTool(isolate, "inspect_text").ToLocal(&text)) return {};
  v8::Local<v8::Context> context = isolate.v8()->GetCurrentContext();
  if (!natives->CreateDataProperty(context, Ascii(isolate.v8(), "text"), text).FromMaybe(false)) return {};
  AddNative<Subtype>(isolate, natives, "subtype");
  AddNative<HostClass>(isolate, natives, "hostClass");
  AddNative<Target>(isolate, natives, "target");
  AddNative<PromiseState>(isolate, natives, "promise");
  AddNative<Entries>(isolate, natives, "entries");
  AddNative<ExtraKeys>(isolate, natives, "extraKeys");
  AddNative<Frames>(isolate, natives, "frames");
  AddNative<Stack>(isolate, natives, "stack");
  return natives;
}

}  // namespace

v8::Local<v8::String> FramesText(Isolate& isolate, v8::Local<v8::StackTrace> trace) {
  v8::Isolate* v8 = isolate.v8();
  std::string text;
  for (int i = 0; !trace.IsEmpty() && i < trace->GetFrameCount(); ++i) {
    v8::Local<v8::StackFrame> frame = trace->GetFrame(v8, static_cast<uint32_t>(i));
    if (isolate.own_code.Has(frame->GetScriptId())) continue;
    v8::Local<v8::String> function = frame->GetFunctionName(), file = frame->GetScriptNameOrSourceURL();
    std::string place = file.IsEmpty() || file->Length() == 0 ? "<anonymous>" : Utf8(v8, file);
    place += ":" + std::to_string(frame->GetLineNumber()) + ":" + std::to_string(frame->GetColumn());
    text += "\n    at ";
    if (function.IsEmpty() || function->Length() == 0) {
      text += place;
    } else {
      text += (frame->IsConstructor() ? "new " : "") + Utf8(v8, function) + " (" + place + ")";
    }
  }
  v8::Local<v8::String> made;
  bool done = v8::String::NewFromUtf8(v8, text.data(), v8::NewStringType::kNormal, static_cast<int>(text.size()))
                  .ToLocal(&made);
  return done ? made : v8::String::Empty(v8);
}

v8::MaybeLocal<v8::Object> Inspector(Isolate& isolate) { return HiddenTool(isolate, "inspect", Natives); }

miniracer_status Inspect(Scope& scope, const miniracer_value& value, const miniracer_inspect_options& options,
                         miniracer_value* result) {
  v8::Local<v8::Value> converted, text;
  miniracer_status status = ToJs(scope, value, "value", &converted);
  if (status != MINIRACER_OK) return status;
  v8::Local<v8::Object> inspector;
  auto number = [&](uint32_t n) { return v8::Number::New(scope.v8, n); };
  v8::Local<v8::Value> arguments[] = {converted, number(options.levels), number(options.width), number(options.flags)};
  if (Inspector(scope.isolate).ToLocal(&inspector)) {
    v8::Local<v8::Value> function = ToolFunction(scope.isolate, inspector, "inspectBy");
    if (CallHidden(scope.isolate, function, 4, arguments).ToLocal(&text)) return ToHost(scope, text, result);
  }
  return scope.Fail(MINIRACER_INTERNAL, "value: there is not enough stack left to look at it");
}

}  // namespace miniracer
