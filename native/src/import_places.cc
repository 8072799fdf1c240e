#include "import_places.h"

#include <utility>

#include "source_maps.h"
#include "stacks.h"
#include "text.h"

namespace miniracer {
namespace {

v8::Local<v8::Private> Key(v8::Isolate* v8) { return v8::Private::ForApi(v8, Ascii(v8, "miniracer.import_place")); }

v8::Local<v8::String> Join(v8::Isolate* v8, v8::Local<v8::String> a, v8::Local<v8::String> b) {
  if (a->Length() + b->Length() >= 1 << 24) return a;  // the message is the host's
  return v8::String::Concat(v8, a, b);
}

// The stack with a line for the place, just below the header.
v8::Local<v8::String> WithPlace(Scope& scope, v8::Local<v8::String> stack, v8::Local<v8::String> header,
                                const SourcePlace& place) {
  std::string line = "\n    at " + Utf8(scope.v8, place.file);
  if (place.line > 0) line += ':' + std::to_string(place.line) + ':' + std::to_string(place.column);
  std::u16string rest = Units(scope.v8, stack);
  rest.erase(0, static_cast<size_t>(header->Length()));
  return Join(scope.v8, Join(scope.v8, header, FromUtf8(scope.v8, line)), FromUnits(scope.v8, rest));
}

// Whether the innermost frame is the import already: one of import(...).
bool IsThere(Scope& scope, v8::Local<v8::StackTrace> trace, const ModuleRequest& request,
             const std::u16string& referrer) {
  if (trace.IsEmpty()) return false;
  for (int i = 0; i < trace->GetFrameCount(); ++i) {
    v8::Local<v8::StackFrame> frame = trace->GetFrame(scope.v8, static_cast<uint32_t>(i));
    if (IsOurs(scope, frame->GetScriptId()) || !frame->IsUserJavaScript()) continue;
    v8::Local<v8::String> name = frame->GetScriptName();
    return !name.IsEmpty() && frame->GetLineNumber() == request.line && Units(scope.v8, name) == referrer;
  }
  return false;
}

v8::Local<v8::Value> TextOr(v8::Local<v8::Value> value, v8::Local<v8::Value> otherwise) {
  return value.IsEmpty() || !value->IsString() ? otherwise : value;
}

}  // namespace

void SetImportPlace(Scope& scope, v8::Local<v8::Value> thrown, const ModuleRequest& request,
                    const std::u16string& referrer) {
  if (!thrown->IsNativeError()) return;
  auto error = thrown.As<v8::Object>();
  v8::TryCatch swallow(scope.v8);
  if (!error->HasPrivate(scope.context, scope.isolate.host_error_key.Get(scope.v8)).FromMaybe(false)) return;
  AddImport(scope, error, request, referrer);
}

void AddImport(Scope& scope, v8::Local<v8::Object> error, const ModuleRequest& request,
               const std::u16string& referrer) {
  if (referrer.empty() || request.line == 0) return;
  v8::Isolate* v8 = scope.v8;
  v8::TryCatch swallow(v8);
  v8::Local<v8::Private> key = Key(v8);
  if (error->HasPrivate(scope.context, key).FromMaybe(true)) return;
  v8::Local<v8::StackTrace> trace = v8::Exception::GetStackTrace(error);
  if (IsThere(scope, trace, request, referrer)) return;
  v8::Local<v8::Value> parts[] = {FromUnits(v8, referrer), v8::Integer::New(v8, request.line),
                                  v8::Integer::New(v8, request.column)};
  if (error->SetPrivate(scope.context, key, v8::Array::New(v8, parts, 3)).IsNothing()) return;
  // For the guest, by what the error itself says: nothing of the guest's runs.
  v8::Local<v8::Value> name = TextOr(OwnData(scope, error, "name"), error->GetConstructorName());
  v8::Local<v8::Value> message = TextOr(OwnData(scope, error, "message"), v8::String::Empty(v8));
  SourcePlace place{parts[0].As<v8::String>(), request.line, request.column};
  std::vector<StackEntry> entries = StackEntries(scope, trace, CallSites(scope, error));
  v8::Local<v8::String> stack =
      WithPlace(scope, StackText(scope, name, message, entries), StackText(scope, name, message, {}), place);
  auto defined = error->DefineOwnProperty(scope.context, Ascii(v8, "stack"), stack, v8::DontEnum);
  if (defined.IsNothing()) return;
}

void AddImportPlace(Scope& scope, v8::Local<v8::Object> error, v8::Local<v8::String> header, Record* record,
                    v8::Local<v8::String>* stack) {
  v8::Local<v8::Value> parts, file, line, column;
  if (!error->GetPrivate(scope.context, Key(scope.v8)).ToLocal(&parts) || !parts->IsArray()) return;
  auto list = parts.As<v8::Array>();
  if (!list->Get(scope.context, 0).ToLocal(&file) || !list->Get(scope.context, 1).ToLocal(&line) ||
      !list->Get(scope.context, 2).ToLocal(&column)) {
    return;
  }
  SourcePlace place{file.As<v8::String>(), line.As<v8::Int32>()->Value(), column.As<v8::Int32>()->Value()}, original;
  v8::Local<v8::String> text;
  if (FindSource(scope, place.file, place.line, place.column, &original)) {
    text = FindSourceLine(scope, place.file, place.line, place.column);
    place = original;
  }
  auto name = [&] { return Text(scope.v8, place.file); };
  Record::FreeText(&record->file);
  Record::FreeText(&record->source_line);
  record->source_line = {};
  record->file = name();
  record->source_line = Text(scope.v8, text);
  record->line = place.line;
  record->column = place.column;
  record->end_column = 0;
  record->frame_list.insert(record->frame_list.begin(), miniracer_frame{});
  miniracer_frame& frame = record->frame_list.front();
  frame.line = place.line;
  frame.column = place.column;
  frame.flags = MINIRACER_FRAME_GUEST;
  frame.file = name();
  *stack = WithPlace(scope, *stack, header, place);
}

}  // namespace miniracer
