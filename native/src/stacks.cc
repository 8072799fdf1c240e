#include "stacks.h"

#include <algorithm>
#include <string>

#include "error_record.h"
#include "isolate.h"
#include "source_maps.h"
#include "text.h"

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

namespace {

v8::Local<v8::String> Name(Scope& scope, v8::Local<v8::String> name) {
  return name.IsEmpty() ? name : Cut(scope.v8, name, kLongestName);
}

StackEntry EntryOf(Scope& scope, v8::Local<v8::StackFrame> frame) {
  StackEntry entry;
  entry.function = Name(scope, frame->GetFunctionName());
  entry.place = PlaceOf(scope, frame);
  entry.place.file = Name(scope, entry.place.file);
  if (frame->IsEval()) entry.flags |= MINIRACER_FRAME_EVAL;
  if (frame->IsConstructor()) entry.flags |= MINIRACER_FRAME_CONSTRUCTOR;
  if (frame->IsWasm()) entry.flags |= MINIRACER_FRAME_WASM;
  if (frame->IsUserJavaScript()) entry.flags |= MINIRACER_FRAME_GUEST;
  return entry;
}

StackEntry EntryOf(Scope& scope, const CallSite& site) {
  StackEntry entry;
  entry.function = Name(scope, site.function);
  v8::Local<v8::String> file = site.file->Length() != 0 ? site.file : v8::Local<v8::String>();
  bool mapped = !file.IsEmpty() && site.line > 0 && FindSource(scope, file, site.line, site.column, &entry.place);
  if (!mapped) entry.place = {file, site.line, site.column};
  entry.place.file = Name(scope, entry.place.file);
  entry.flags = site.line > 0 ? MINIRACER_FRAME_GUEST : MINIRACER_FRAME_NATIVE;
  if (site.kind == CallSite::Kind::kAsync) entry.flags |= MINIRACER_FRAME_ASYNC;
  if (site.kind == CallSite::Kind::kConstructor) entry.flags |= MINIRACER_FRAME_CONSTRUCTOR;
  return entry;
}

bool IsNative(const CallSite& site) {
  return site.kind == CallSite::Kind::kNative || site.kind == CallSite::Kind::kConstructor;
}

}  // namespace

// The trace has the code alone, and more of it; the sites have what is between. A native function belongs to the code that
// called it.
std::vector<StackEntry> StackEntries(Scope& scope, v8::Local<v8::StackTrace> trace,
                                     const std::vector<CallSite>& sites) {
  std::vector<StackEntry> entries;
  auto site = sites.begin(), end = sites.end();
  auto take_natives = [&] {
    for (; site != end && IsNative(*site); ++site) entries.push_back(EntryOf(scope, *site));
  };
  for (int i = 0; !trace.IsEmpty() && i < trace->GetFrameCount(); ++i) {
    v8::Local<v8::StackFrame> frame = trace->GetFrame(scope.v8, static_cast<uint32_t>(i));
    size_t called = entries.size();
    take_natives();
    // Where the guest has had the stack taken anew since, they tell of different ones.
    bool same = site == end || (site->kind == CallSite::Kind::kCode && site->line == frame->GetLineNumber() &&
                                site->column == frame->GetColumn());
    if (!same) site = end;
    if (!same || IsOurs(scope, frame->GetScriptId())) entries.resize(called);
    if (!IsOurs(scope, frame->GetScriptId())) entries.push_back(EntryOf(scope, frame));
    if (site != end) ++site;
  }
  take_natives();
  for (; site != end && site->kind == CallSite::Kind::kAsync; ++site) entries.push_back(EntryOf(scope, *site));
  return entries;
}

std::vector<miniracer_frame> Frames(Scope& scope, const std::vector<StackEntry>& entries) {
  std::vector<miniracer_frame> frames;
  frames.reserve(entries.size());
  for (const StackEntry& entry : entries) {
    miniracer_frame frame{};
    if (!entry.function.IsEmpty() && entry.function->Length() != 0) frame.function = Text(scope.v8, entry.function);
    if ((entry.flags & MINIRACER_FRAME_NATIVE) == 0) frame.file = Text(scope.v8, entry.place.file);
    frame.line = entry.place.line;
    frame.column = entry.place.column;
    frame.flags = entry.flags;
    frames.push_back(frame);
  }
  return frames;
}

v8::Local<v8::String> StackText(Scope& scope, v8::Local<v8::Value> name, v8::Local<v8::Value> message,
                                const std::vector<StackEntry>& entries) {
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
  for (const StackEntry& entry : entries) {
    const SourcePlace& place = entry.place;
    bool named = !entry.function.IsEmpty() && entry.function->Length() != 0;
    add(Ascii(v8, "\n    at "));
    if ((entry.flags & MINIRACER_FRAME_ASYNC) != 0) add(Ascii(v8, "async "));
    if (named && (entry.flags & MINIRACER_FRAME_CONSTRUCTOR) != 0) add(Ascii(v8, "new "));
    if (named) add(entry.function);
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
