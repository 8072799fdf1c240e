#include "stacks.h"

#include <algorithm>
#include <string>

#include "async_frames.h"
#include "error_record.h"
#include "isolate.h"
#include "source_maps.h"

namespace miniracer {
namespace {

// Where a frame is, in the sources that its script was made from if there is a map.
SourcePlace PlaceOf(Scope& scope, v8::Local<v8::StackFrame> frame) {
  SourcePlace place;
  v8::Local<v8::String> file = frame->GetScriptNameOrSourceURL();
  int line = frame->GetLineNumber(), column = frame->GetColumn();  // V8: kNoLineNumberInfo is 0
  return FindSource(scope, file, line, column, &place) ? place : SourcePlace{file, line, column};
}

}  // namespace

bool IsOurs(Scope& scope, int script) { return scope.isolate.own_code.Has(script); }

std::vector<miniracer_frame> Frames(Scope& scope, v8::Local<v8::StackTrace> trace) {
  std::vector<miniracer_frame> frames;
  if (trace.IsEmpty()) return frames;
  int count = trace->GetFrameCount();
  frames.reserve(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i) {
    v8::Local<v8::StackFrame> from = trace->GetFrame(scope.v8, static_cast<uint32_t>(i));
    if (IsOurs(scope, from->GetScriptId())) continue;
    miniracer_frame frame{};
    v8::Local<v8::String> function = from->GetFunctionName();
    if (!function.IsEmpty() && function->Length() != 0) frame.function = Text(scope.v8, function);
    SourcePlace place = PlaceOf(scope, from);
    frame.file = Text(scope.v8, place.file);
    frame.line = place.line;
    frame.column = place.column;
    if (from->IsEval()) frame.flags |= MINIRACER_FRAME_EVAL;
    if (from->IsConstructor()) frame.flags |= MINIRACER_FRAME_CONSTRUCTOR;
    if (from->IsWasm()) frame.flags |= MINIRACER_FRAME_WASM;
    if (from->IsUserJavaScript()) frame.flags |= MINIRACER_FRAME_GUEST;
    frames.push_back(frame);
  }
  return frames;
}

v8::Local<v8::String> StackText(Scope& scope, v8::Local<v8::Value> name, v8::Local<v8::Value> message,
                                v8::Local<v8::StackTrace> trace) {
  v8::Isolate* v8 = scope.v8;
  v8::Local<v8::String> text = v8::String::Empty(v8);
  auto add = [&](v8::Local<v8::Value> part) {
    if (part.IsEmpty() || !part->IsString()) return;
    auto string = part.As<v8::String>();
    // V8 throws for a string that would be too long; the parts may be the guest's.
    if (text->Length() + string->Length() < (1 << 24)) text = v8::String::Concat(v8, text, string);
  };
  add(name);
  bool both = !name.IsEmpty() && name->IsString() && name.As<v8::String>()->Length() != 0 && !message.IsEmpty() &&
              message->IsString() && message.As<v8::String>()->Length() != 0;
  if (both) add(Ascii(v8, ": "));
  add(message);
  for (int i = 0; !trace.IsEmpty() && i < trace->GetFrameCount(); ++i) {
    v8::Local<v8::StackFrame> frame = trace->GetFrame(v8, static_cast<uint32_t>(i));
    if (IsOurs(scope, frame->GetScriptId())) continue;
    v8::Local<v8::String> function = frame->GetFunctionName();
    SourcePlace place = PlaceOf(scope, frame);
    bool named = !function.IsEmpty() && function->Length() != 0;
    add(Ascii(v8, "\n    at "));
    if (named && frame->IsConstructor()) add(Ascii(v8, "new "));
    if (named) add(function);
    if (named) add(Ascii(v8, " ("));
    if (place.file.IsEmpty() || place.file->Length() == 0) {
      add(Ascii(v8, "<anonymous>"));
    } else {
      add(place.file);
    }
    if (place.line > 0) {
      std::string numbers = std::to_string(place.line);
      add(Ascii(v8, ":"));
      add(Ascii(v8, numbers.append(":").append(std::to_string(place.column))));
    }
    if (named) add(Ascii(v8, ")"));
  }
  return text;
}

void AddAsyncFrames(Scope& scope, v8::Local<v8::Object> error, v8::Local<v8::String> header,
                    std::vector<miniracer_frame>* frames, v8::Local<v8::String>* stack) {
  for (const AsyncFrame& from : AsyncFrames(scope, error, header)) {
    miniracer_frame frame{};
    if (from.function->Length() != 0) frame.function = Text(scope.v8, from.function);
    SourcePlace place;
    if (!FindSource(scope, from.file, from.line, from.column, &place)) place = {from.file, from.line, from.column};
    frame.file = Text(scope.v8, place.file);
    frame.line = place.line;
    frame.column = place.column;
    frame.flags = MINIRACER_FRAME_ASYNC | MINIRACER_FRAME_GUEST;
    frames->push_back(frame);
    bool named = from.function->Length() != 0;
    std::string line = "\n    at async " + (named ? Utf8(scope.v8, from.function) + " (" : "") +
                       Utf8(scope.v8, place.file) + ":" + std::to_string(place.line) + ":" +
                       std::to_string(place.column) + (named ? ")" : "");
    v8::Local<v8::String> more;
    if (!v8::String::NewFromUtf8(scope.v8, line.data(), v8::NewStringType::kNormal, static_cast<int>(line.size()))
             .ToLocal(&more)) {
      continue;
    }
    v8::Local<v8::String> sum = v8::String::Concat(scope.v8, *stack, more);
    if (!sum.IsEmpty()) *stack = sum;
  }
}

v8::Local<v8::String> SourceLine(v8::Isolate* v8, v8::Local<v8::StackFrame> frame) {
  v8::Local<v8::String> source = frame->GetScriptSource();
  constexpr int kLongest = 1 << 20;
  if (source.IsEmpty() || source->Length() > kLongest) return {};
  std::string text = Utf8(v8, source);
  size_t begin = 0;
  for (int line = 1; line < frame->GetLineNumber() && begin != std::string::npos; ++line) {
    begin = text.find('\n', begin);
    if (begin != std::string::npos) ++begin;
  }
  if (begin == std::string::npos) return {};
  size_t end = std::min(text.find('\n', begin), text.size());
  return v8::String::NewFromUtf8(v8, text.data() + begin, v8::NewStringType::kNormal, static_cast<int>(end - begin))
      .FromMaybe(v8::Local<v8::String>());
}

}  // namespace miniracer
