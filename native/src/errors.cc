#include "errors.h"

#include <stdlib.h>
#include <string.h>

#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "error_record.h"
#include "host_objects.h"
#include "import_places.h"
#include "source_maps.h"
#include "stacks.h"
#include "text.h"

namespace miniracer {
namespace {

constexpr int kCauses = 8;  // how far a chain of causes is followed
constexpr int kPrototypes = 64;
constexpr int kLongestMessage = 1 << 20;

v8::Local<v8::Value> Shortened(Scope& scope, v8::Local<v8::Value> text, int most) {
  if (text.IsEmpty() || !text->IsString()) return text;
  return Cut(scope.v8, text.As<v8::String>(), most);
}

// The value of a data property on the object or its prototypes; empty where that cannot be told without running others'
// code: behind accessors, Proxies and host objects.
v8::Local<v8::Value> DataProperty(Scope& scope, v8::Local<v8::Object> object, std::string_view name, bool own) {
  v8::Local<v8::String> key = Ascii(scope.v8, name);
  for (int i = 0; i < kPrototypes; ++i) {
    if (object->IsProxy() || IsHostObject(object)) return {};
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

// V8's own words for what was thrown ("Uncaught #<Point>"), which it finds without side effects.
v8::Local<v8::Value> UncaughtText(Scope& scope, v8::Local<v8::Message> message) {
  if (message.IsEmpty()) return v8::String::Empty(scope.v8);
  v8::Local<v8::String> text = Cut(scope.v8, message->Get(), kLongestMessage);
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

// Puts a place of a script into the record, or the place that it comes from. `text` is the script's line there.
void SetPlace(Scope& scope, Record* record, v8::Local<v8::Value> file, int line, int column, int end_column,
              v8::Local<v8::String> text) {
  SourcePlace place, end;
  if (FindSource(scope, file, line, column, &place)) {
    // A map tells of places and not of how far they go.
    bool known = FindSource(scope, file, line, end_column, &end) && end.line == place.line &&
                 end.column > place.column && end.file->StringEquals(place.file);
    text = FindSourceLine(scope, file, line, column);
    file = place.file;
    line = place.line;
    column = place.column;
    end_column = known ? end.column : 0;
  }
  record->file = Text(scope.v8, Shortened(scope, file, kLongestName));
  record->line = line;
  record->column = column;
  record->end_column = end_column;
  record->source_line = Text(scope.v8, text);
}

void LocateByMessage(Scope& scope, v8::Local<v8::Message> message, Record* record) {
  int line = message->GetLineNumber(scope.context).FromMaybe(0), column = 0, end_column = 0;
  v8::Local<v8::String> text;
  if (line > 0) {
    column = Next(message->GetStartColumn(scope.context).FromMaybe(-1));
    end_column = Next(message->GetEndColumn(scope.context).FromMaybe(-1));
    if (!message->GetSourceLine(scope.context).ToLocal(&text)) text = {};
  }
  SetPlace(scope, record, message->GetScriptResourceName(), line, column, end_column, text);
}

// V8 forgets where an error was made once its `stack` was read; the innermost frame still tells.
void LocateByFrame(Scope& scope, v8::Local<v8::StackTrace> trace, Record* record) {
  for (int i = 0; i < trace->GetFrameCount(); ++i) {
    v8::Local<v8::StackFrame> frame = trace->GetFrame(scope.v8, static_cast<uint32_t>(i));
    if (!frame->IsUserJavaScript() || IsOurs(scope, frame->GetScriptId())) continue;
    return SetPlace(scope, record, frame->GetScriptNameOrSourceURL(), frame->GetLineNumber(), frame->GetColumn(), 0,
                    SourceLine(scope.v8, frame));
  }
}

// Contexts call each other's functions. An error is made in the context of the code that throws it.
ContextEntry* ThrownIn(v8::Local<v8::Value> thrown) {
  v8::Local<v8::Context> context;
  bool known = thrown->IsNativeError() && thrown.As<v8::Object>()->GetCreationContext().ToLocal(&context);
  return known ? ContextEntry::Of(context) : nullptr;
}

std::unique_ptr<Record> Describe(Scope& scope, v8::Local<v8::Value> thrown, v8::Local<v8::Message> message,
                                 miniracer_status status, int causes) {
  v8::HandleScope handles(scope.v8);
  ContextEntry* outer = std::exchange(scope.thrown_in, ThrownIn(thrown));
  v8::TryCatch swallow(scope.v8);  // running out of stack or memory here must not replace the error
  auto record = std::make_unique<Record>();
  record->struct_size = sizeof(miniracer_error);
  record->frame_size = sizeof(miniracer_frame);
  record->status = status;
  if (thrown->IsNativeError()) record->flags |= MINIRACER_ERROR_NATIVE;

  v8::Local<v8::Value> name, text;
  DescribeNameAndMessage(scope, thrown, message, &name, &text);
  name = Shortened(scope, name, kLongestName);
  text = Shortened(scope, text, kLongestMessage);
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
    LocateByMessage(scope, message, record.get());
  }
  if (record->line == 0 && record->file.tag == MINIRACER_UNDEFINED && !trace.IsEmpty()) {
    LocateByFrame(scope, trace, record.get());
  }
  std::vector<CallSite> sites;
  if (thrown->IsNativeError()) sites = CallSites(scope, thrown.As<v8::Object>());
  // What is thrown has callers; what a promise is rejected with has those who wait.
  while (thrown != scope.rejection && !sites.empty() && sites.back().kind == CallSite::Kind::kAsync) sites.pop_back();
  std::vector<StackEntry> entries = StackEntries(scope, trace, sites);
  record->frame_list = Frames(scope, entries);
  v8::Local<v8::String> stack = StackText(scope, name, text, entries);
  if (thrown->IsNativeError()) {
    AddImportPlace(scope, thrown.As<v8::Object>(), StackText(scope, name, text, {}), record.get(), &stack);
  }
  record->frames = record->frame_list.data();
  record->frame_count = static_cast<uint32_t>(record->frame_list.size());
  if (!record->frame_list.empty() || record->name.tag == MINIRACER_STRING) {
    record->stack = Text(scope.v8, stack);
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
  scope.thrown_in = outer;
  return record;
}

}  // namespace

v8::Local<v8::Value> OwnData(Scope& scope, v8::Local<v8::Object> object, std::string_view name) {
  return DataProperty(scope, object, name, true);
}

bool IsRangeError(v8::Isolate* v8, v8::Local<v8::Value> thrown) {
  return thrown->IsNativeError() &&
         thrown.As<v8::Object>()->GetConstructorName()->StringEquals(Ascii(v8, "RangeError"));
}

void ReportProblem(miniracer_error** error, miniracer_status status, std::string_view problem) {
  if (error == nullptr) return;
  auto record = std::make_unique<Record>();
  record->struct_size = sizeof(miniracer_error);
  record->frame_size = sizeof(miniracer_frame);
  record->status = status;
  if (problem.empty() && status == MINIRACER_ENGINE_DEAD) problem = Isolates::LastDeath();
  record->message = Text(problem.empty() ? std::string_view(StatusMeaning(status)) : problem);
  *error = record.release();
}

void ReportException(Scope& scope, miniracer_error** error, miniracer_status status, const v8::TryCatch& caught) {
  DescribeThrown(scope, error, status, caught.Exception(), caught.Message());
}

void ReportRejection(Scope& scope, miniracer_error** error, v8::Local<v8::Value> reason) {
  scope.rejection = reason;
  DescribeThrown(scope, error, MINIRACER_EXCEPTION, reason, v8::Exception::CreateMessage(scope.v8, reason));
}

void DescribeThrown(Scope& scope, miniracer_error** error, miniracer_status status, v8::Local<v8::Value> thrown,
                    v8::Local<v8::Message> message) {
  if (error != nullptr) *error = Describe(scope, thrown, message, status, kCauses).release();
}

void FreeError(miniracer_error* error) { delete static_cast<Record*>(error); }

}  // namespace miniracer
