#include "async_frames.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

#include "errors.h"
#include "isolate.h"
#include "realm.h"
#include "text.h"

namespace miniracer {
namespace {

// What Prepare needs, while `stack` is read.
struct Reading {
  v8::Local<v8::String> header;
  v8::Local<v8::Function> lines;  // of the hidden realm: call_sites.js
};

thread_local const Reading* reading = nullptr;

// Called by V8 in place of Error.prepareStackTrace: gives what V8 would.
v8::MaybeLocal<v8::Value> Prepare(v8::Local<v8::Context>, v8::Local<v8::Value>, v8::Local<v8::Array> sites) {
  v8::Isolate* v8 = v8::Isolate::GetCurrent();
  v8::TryCatch swallow(v8);
  v8::Local<v8::Context> hidden = reading->lines->GetCreationContext().ToLocalChecked();
  v8::Local<v8::Value> arguments[] = {sites}, text;
  bool done = reading->lines->Call(hidden, v8::Undefined(v8), 1, arguments).ToLocal(&text) && text->IsString();
  if (!done) return reading->header;
  v8::Local<v8::String> sum = v8::String::Concat(v8, reading->header, text.As<v8::String>());
  return sum.IsEmpty() ? reading->header : sum;
}

// "12" at the end of `text`, after a colon, which is cut off.
bool TakeNumber(std::string_view* text, int32_t* number) {
  size_t colon = text->rfind(':');
  if (colon == std::string_view::npos) return false;
  std::string_view digits = text->substr(colon + 1);
  auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), *number);
  if (failed != std::errc() || end != digits.data() + digits.size()) return false;
  *text = text->substr(0, colon);
  return true;
}

v8::Local<v8::String> FromUtf8(v8::Isolate* v8, std::string_view text) {
  return v8::String::NewFromUtf8(v8, text.data(), v8::NewStringType::kNormal, static_cast<int>(text.size()))
      .FromMaybe(v8::String::Empty(v8));
}

// "f (file:1:2)" or "file:1:2".
AsyncFrame Parse(v8::Isolate* v8, std::string_view line) {
  AsyncFrame frame;
  std::string_view function;
  size_t open = line.rfind(" (");
  if (!line.empty() && line.back() == ')' && open != std::string_view::npos) {
    function = line.substr(0, open);
    line = line.substr(open + 2, line.size() - open - 3);
  }
  if (!TakeNumber(&line, &frame.column) || !TakeNumber(&line, &frame.line)) frame.line = frame.column = 0;
  frame.function = FromUtf8(v8, function);
  frame.file = FromUtf8(v8, line);
  return frame;
}

}  // namespace

std::vector<AsyncFrame> AsyncFrames(Scope& scope, v8::Local<v8::Object> error, v8::Local<v8::String> header) {
  std::vector<AsyncFrame> frames;
  v8::Local<v8::Value> lines;
  {
    v8::Context::Scope entered(HiddenRealm(scope.isolate));
    if (!RunOwnScript(scope.isolate, "call_sites").ToLocal(&lines)) return frames;
  }
  Reading now{header, lines.As<v8::Function>()};
  reading = &now;
  scope.v8->SetPrepareStackTraceCallback(Prepare);
  v8::Local<v8::Value> stack = OwnData(scope, error, "stack");
  scope.v8->SetPrepareStackTraceCallback(nullptr);
  reading = nullptr;
  if (stack.IsEmpty() || !stack->IsString()) return frames;
  constexpr int kLongest = 1 << 16;
  if (stack.As<v8::String>()->Length() > kLongest) return frames;
  std::string text = Utf8(scope.v8, stack);
  constexpr std::string_view kStart = "\n    at async ";
  for (size_t at = text.find(kStart); at != std::string::npos; at = text.find(kStart, at)) {
    at += kStart.size();
    size_t end = std::min(text.find('\n', at), text.size());
    frames.push_back(Parse(scope.v8, std::string_view(text).substr(at, end - at)));
    at = end;
  }
  return frames;
}

}  // namespace miniracer
