#include "errors.h"

#include <stdlib.h>
#include <string.h>

#include <memory>
#include <new>
#include <string>
#include <vector>

#include "text.h"
#include "values.h"

namespace miniracer {
namespace {

constexpr int kCauses = 8;  // how far a chain of causes is followed
constexpr int kPrototypes = 64;

// The record that the host sees is the first part of this.
struct Record : miniracer_error {
  Record() : miniracer_error{} {}
  ~Record() {
    for (miniracer_value* text : {&name, &message, &file, &source_line, &stack}) FreeText(text);
    for (miniracer_frame& frame : frame_list) {
      FreeText(&frame.function);
      FreeText(&frame.file);
    }
    Release(&thrown, 1);
  }

  // Text in a record is borrowed from it, and so without the flag that miniracer_value_release looks for.
  static void FreeText(miniracer_value* text) {
    if (text->tag == MINIRACER_STRING && text->length != 0) free(const_cast<void*>(text->as.data));
  }

  std::vector<miniracer_frame> frame_list;
  std::unique_ptr<Record> cause_record;
  std::shared_ptr<HostError> host_error_share;
};

miniracer_value Borrowed(miniracer_value text) {
  text.flags &= static_cast<uint16_t>(~MINIRACER_VALUE_OWNED);
  return text;
}

miniracer_value Text(std::string_view ascii) {
  miniracer_value value{};
  value.tag = MINIRACER_STRING;
  value.as.data = "";
  if (ascii.empty()) return value;
  void* data = malloc(ascii.size());
  if (data == nullptr) throw std::bad_alloc();
  memcpy(data, ascii.data(), ascii.size());
  value.length = static_cast<uint32_t>(ascii.size());
  value.as.data = data;
  return value;
}

miniracer_value Text(v8::Isolate* v8, v8::Local<v8::Value> string) {
  if (string.IsEmpty() || !string->IsString()) return {};
  return Borrowed(TextToHost(v8, string.As<v8::String>()));
}

// The value of a data property on the object or its prototypes; empty where that cannot be told without running guest
// code: behind accessors and Proxies.
v8::Local<v8::Value> DataProperty(Scope& scope, v8::Local<v8::Object> object, std::string_view name, bool own) {
  v8::Local<v8::String> key = Ascii(scope.v8, name);
  for (int i = 0; i < kPrototypes; ++i) {
    if (object->IsProxy()) return {};
    v8::Local<v8::Value> descriptor;
    if (!object->GetOwnPropertyDescriptor(scope.context, key).ToLocal(&descriptor)) return {};
    if (descriptor->IsObject()) {
      auto fields = descriptor.As<v8::Object>();
      v8::Local<v8::String> value_key = Ascii(scope.v8, "value");
      // Asked for as an own property: Object.prototype is in the guest's hands.
      if (!fields->HasOwnProperty(scope.context, value_key).FromMaybe(false)) return {};
      v8::Local<v8::Value> value;
      return fields->Get(scope.context, value_key).ToLocal(&value) ? value : v8::Local<v8::Value>();
    }
    v8::Local<v8::Value> prototype = PrototypeOf(object);
    if (own || !prototype->IsObject()) return {};
    object = prototype.As<v8::Object>();
  }
  return {};
}

// Code of the library's own is no part of what the guest did.
bool IsOurs(Scope& scope, int script) { return script != 0 && scope.entry->strict_set_script == script; }

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
    frame.file = Text(scope.v8, from->GetScriptNameOrSourceURL());
    frame.line = from->GetLineNumber();  // V8: kNoLineNumberInfo is 0
    frame.column = from->GetColumn();
    if (from->IsEval()) frame.flags |= MINIRACER_FRAME_EVAL;
    if (from->IsConstructor()) frame.flags |= MINIRACER_FRAME_CONSTRUCTOR;
    if (from->IsWasm()) frame.flags |= MINIRACER_FRAME_WASM;
    if (from->IsUserJavaScript()) frame.flags |= MINIRACER_FRAME_GUEST;
    frames.push_back(frame);
  }
  return frames;
}

// The stack in V8's own layout, from the frames: reading `stack` could run Error.prepareStackTrace.
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
    v8::Local<v8::String> function = frame->GetFunctionName(), file = frame->GetScriptNameOrSourceURL();
    bool named = !function.IsEmpty() && function->Length() != 0;
    add(Ascii(v8, "\n    at "));
    if (named && frame->IsConstructor()) add(Ascii(v8, "new "));
    if (named) add(function);
    if (named) add(Ascii(v8, " ("));
    if (file.IsEmpty() || file->Length() == 0) {
      add(Ascii(v8, "<anonymous>"));
    } else {
      add(file);
    }
    if (frame->GetLineNumber() > 0) {
      std::string place = std::to_string(frame->GetLineNumber());
      add(Ascii(v8, ":"));
      add(Ascii(v8, place.append(":").append(std::to_string(frame->GetColumn()))));
    }
    if (named) add(Ascii(v8, ")"));
  }
  return text;
}

// V8's own words for what was thrown ("Uncaught #<Point>"), which it finds without side effects.
v8::Local<v8::Value> UncaughtText(Scope& scope, v8::Local<v8::Message> message) {
  if (message.IsEmpty()) return v8::String::Empty(scope.v8);
  v8::Local<v8::String> text = message->Get();
  constexpr std::string_view kPrefix = "Uncaught ";
  std::string utf8 = Utf8(scope.v8, text);
  if (utf8.compare(0, kPrefix.size(), kPrefix) != 0) return text;
  v8::Local<v8::String> rest;
  utf8.erase(0, kPrefix.size());
  bool made = v8::String::NewFromUtf8(scope.v8, utf8.data(), v8::NewStringType::kNormal, static_cast<int>(utf8.size()))
                  .ToLocal(&rest);
  return made ? rest : text;
}

v8::Local<v8::Value> ClassName(v8::Local<v8::Value> thrown) {
  if (!thrown->IsObject() || thrown->IsProxy()) return {};
  return thrown.As<v8::Object>()->GetConstructorName();
}

void DescribeNameAndMessage(Scope& scope, v8::Local<v8::Value> thrown, v8::Local<v8::Message> message,
                            v8::Local<v8::Value>* name, v8::Local<v8::Value>* text) {
  if (thrown->IsObject()) {
    auto object = thrown.As<v8::Object>();
    *name = DataProperty(scope, object, "name", false);
    *text = DataProperty(scope, object, "message", false);
    bool error = thrown->IsNativeError();
    if (!error && (text->IsEmpty() || !(*text)->IsString())) *name = {};
    if (error && text->IsEmpty()) *text = v8::String::Empty(scope.v8);
  } else if (thrown->IsString()) {
    *text = thrown;
  }
  if (name->IsEmpty() || !(*name)->IsString()) *name = ClassName(thrown);
  if (text->IsEmpty() || !(*text)->IsString()) *text = UncaughtText(scope, message);
}

std::shared_ptr<HostError> HostErrorOf(Scope& scope, v8::Local<v8::Value> thrown) {
  if (!thrown->IsNativeError()) return nullptr;
  v8::Local<v8::Value> link;
  auto key = scope.isolate.host_error_key.Get(scope.v8);
  if (!thrown.As<v8::Object>()->GetPrivate(scope.context, key).ToLocal(&link) || !link->IsExternal()) return nullptr;
  auto* owned = static_cast<HostErrorLink*>(link.As<v8::External>()->Value());
  return *static_cast<std::shared_ptr<HostError>*>(owned->userdata);
}

// V8 counts columns from 0, and on from the offset that the host gave.
int32_t Next(int column) { return column < INT32_MAX ? column + 1 : INT32_MAX; }

std::unique_ptr<Record> Describe(Scope& scope, v8::Local<v8::Value> thrown, v8::Local<v8::Message> message,
                                 miniracer_status status, int causes) {
  v8::HandleScope handles(scope.v8);
  v8::TryCatch swallow(scope.v8);  // running out of stack or memory here must not replace the error
  auto record = std::make_unique<Record>();
  record->struct_size = sizeof(miniracer_error);
  record->frame_size = sizeof(miniracer_frame);
  record->status = status;
  if (thrown->IsNativeError()) record->flags |= MINIRACER_ERROR_NATIVE;

  v8::Local<v8::Value> name, text;
  DescribeNameAndMessage(scope, thrown, message, &name, &text);
  record->name = Text(scope.v8, name);
  record->message = Text(scope.v8, text);
  if (record->message.tag != MINIRACER_STRING) record->message = Text("");

  v8::Local<v8::StackTrace> trace;
  if (!message.IsEmpty()) {
    trace = message->GetStackTrace();
  } else if (thrown->IsObject() && !thrown->IsProxy()) {
    trace = v8::Exception::GetStackTrace(thrown);
  }
  if (!message.IsEmpty() && !IsOurs(scope, message->GetScriptOrigin().ScriptId())) {
    record->file = Text(scope.v8, message->GetScriptResourceName());
    record->line = message->GetLineNumber(scope.context).FromMaybe(0);
    if (record->line > 0) {
      record->column = Next(message->GetStartColumn(scope.context).FromMaybe(-1));
      record->end_column = Next(message->GetEndColumn(scope.context).FromMaybe(-1));
      v8::Local<v8::String> line;
      if (message->GetSourceLine(scope.context).ToLocal(&line)) record->source_line = Text(scope.v8, line);
    }
  }
  record->frame_list = Frames(scope, trace);
  record->frames = record->frame_list.data();
  record->frame_count = static_cast<uint32_t>(record->frame_list.size());
  if (!record->frame_list.empty() || record->name.tag == MINIRACER_STRING) {
    record->stack = Text(scope.v8, StackText(scope, name, text, trace));
  }

  if (status == MINIRACER_EXCEPTION) {
    // Where no handle is left, the record goes without the value: the error itself matters more.
    if (ToHost(scope, thrown, &record->thrown) != MINIRACER_OK) record->thrown = {};
  }
  record->host_error_share = HostErrorOf(scope, thrown);
  if (record->host_error_share != nullptr) record->host_error = record->host_error_share->value;
  if (causes > 0 && thrown->IsObject()) {
    v8::Local<v8::Value> cause = DataProperty(scope, thrown.As<v8::Object>(), "cause", true);
    if (!cause.IsEmpty() && cause->IsNativeError()) {
      record->cause_record = Describe(scope, cause, {}, status, causes - 1);
      record->cause = record->cause_record.get();
    }
  }
  return record;
}

}  // namespace

void ReportProblem(miniracer_error** error, miniracer_status status, std::string_view problem) {
  if (error == nullptr) return;
  auto record = std::make_unique<Record>();
  record->struct_size = sizeof(miniracer_error);
  record->frame_size = sizeof(miniracer_frame);
  record->status = status;
  record->message = Text(problem.empty() ? std::string_view(StatusMeaning(status)) : problem);
  *error = record.release();
}

void ReportException(Scope& scope, miniracer_error** error, miniracer_status status, const v8::TryCatch& caught) {
  if (error != nullptr) *error = Describe(scope, caught.Exception(), caught.Message(), status, kCauses).release();
}

void FreeError(miniracer_error* error) { delete static_cast<Record*>(error); }

namespace {

struct StatusText {
  miniracer_status status;
  const char* name;
  const char* meaning;
};

constexpr StatusText kStatuses[] = {
    {MINIRACER_OK, "ok", "success"},
    {MINIRACER_INVALID_ARGUMENT, "invalid_argument", "an argument is NULL or out of range"},
    {MINIRACER_INVALID_HANDLE, "invalid_handle", "not a live handle of this isolate"},
    {MINIRACER_INVALID_TEXT, "invalid_text", "ill-formed UTF-8"},
    {MINIRACER_WRONG_TYPE, "wrong_type", "the object cannot do this"},
    {MINIRACER_UNKNOWN_FIELD, "unknown_field", "a struct carries fields that this binary does not know"},
    {MINIRACER_UNKNOWN_FLAG, "unknown_flag", "a flag that this binary does not know"},
    {MINIRACER_TOO_LATE, "too_late", "V8 runs already"},
    {MINIRACER_TOO_LARGE, "too_large", "more than the engine can hold"},
    {MINIRACER_NOT_LOCKED, "not_locked", "the thread does not hold this lock, or holds another one taken since"},
    {MINIRACER_NOT_SUPPORTED, "not_supported", "not supported by this binary"},
    {MINIRACER_EXCEPTION, "exception", "an uncaught exception"},
    {MINIRACER_SYNTAX_ERROR, "syntax_error", "the source text did not compile"},
    {MINIRACER_TIMEOUT, "timeout", "the run took longer than its timeout"},
    {MINIRACER_CPU_TIME, "cpu_time", "the run used up its CPU time"},
    {MINIRACER_OUT_OF_MEMORY, "out_of_memory", "the run reached the heap limit"},
    {MINIRACER_CANCELLED, "cancelled", "the run was cancelled"},
    {MINIRACER_TOO_MANY_HANDLES, "too_many_handles", "the isolate has as many live handles as it can"},
    {MINIRACER_NOT_INITIALIZED, "not_initialized", "miniracer_init has not been called"},
    {MINIRACER_CLOSED, "closed", "the isolate or context is closed"},
    {MINIRACER_FORKED, "forked", "the isolate belongs to the process that forked this one"},
    {MINIRACER_ENGINE_DEAD, "engine_dead", "V8 gave this isolate up"},
    {MINIRACER_INTERNAL, "internal", "an internal error of the library"},
    {MINIRACER_HOST_OUT_OF_MEMORY, "host_out_of_memory", "the process is out of memory"},
};

const StatusText* Find(miniracer_status status) {
  for (const StatusText& text : kStatuses) {
    if (text.status == status) return &text;
  }
  return nullptr;
}

}  // namespace

const char* StatusName(miniracer_status status) {
  const StatusText* found = Find(status);
  return found != nullptr ? found->name : "unknown";
}

const char* StatusMeaning(miniracer_status status) {
  const StatusText* found = Find(status);
  return found != nullptr ? found->meaning : "unknown status";
}

}  // namespace miniracer
