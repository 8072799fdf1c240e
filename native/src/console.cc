#include "console.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <memory>
#include <vector>

#include "inspect.h"
#include "quiet.h"
#include "text.h"

namespace miniracer {
namespace {

using Info = v8::FunctionCallbackInfo<v8::Value>;

constexpr const char* kMethods[] = {"assert", "clear",   "count",          "countReset", "debug", "dir", "dirxml",
                                    "error",  "group",   "groupCollapsed", "groupEnd",   "info",  "log", "table",
                                    "time",   "timeEnd", "timeLog",        "trace",      "warn"};

// What a method is made with: a list that no guest ever sees.
enum { kSink, kSpeak, kMethod, kIsolate, kFields };

void Now(const Info& info) { info.GetReturnValue().Set(static_cast<double>(IsolateOf(info).GuestNow()) / 1e6); }

// The maker of consoles in the hidden realm wants the inspector.
v8::MaybeLocal<v8::Value> Argument(Isolate& isolate) {
  v8::Local<v8::Object> inspector;
  if (!Inspector(isolate).ToLocal(&inspector)) return {};
  return inspector;
}

// What the host is handed of a text: a line's end counts as one more character.
uint64_t BytesOf(v8::Local<v8::String> text) {
  return (static_cast<uint64_t>(text->Length()) + 1) * (IsOneByte(text) ? 1 : 2);
}

// The first characters of a text, so that it is as long as that in bytes.
v8::Local<v8::String> Shortened(v8::Isolate* v8, v8::Local<v8::String> text, uint64_t bytes) {
  uint64_t width = IsOneByte(text) ? 1 : 2;
  auto length = static_cast<size_t>(std::min<uint64_t>(bytes / width, static_cast<uint64_t>(text->Length()) + 1));
  if (length < 2) return v8::String::Empty(v8);
  std::vector<uint16_t> units(length - 1);
  WriteTwoByte(v8, text, units.data(), static_cast<int>(units.size()));
  v8::Local<v8::String> made;
  bool done = v8::String::NewFromTwoByte(v8, units.data(), v8::NewStringType::kNormal, static_cast<int>(units.size()))
                  .ToLocal(&made);
  return done ? made : v8::String::Empty(v8);
}

// The text as far as the budget goes, which it counts for. False where nothing of it does.
bool Admit(Isolate& isolate, v8::Local<v8::Function> sink, bool formatted, v8::Local<v8::String>* text) {
  ConsoleBudget& budget = isolate.console;
  if (!budget.limited()) return true;
  uint64_t left = budget.left(), bytes = BytesOf(*text);
  if (left == 0) {
    budget.LeaveOut(isolate.v8(), sink);
    return false;
  }
  if (bytes > left) *text = Shortened(isolate.v8(), *text, left);
  if (bytes > left || !formatted) budget.Cut(isolate.v8(), sink);
  budget.Use(std::min(bytes, left));
  return true;
}

// console.<method>(...): has the text made, and hands it to the host.
void Method(const Info& info) try {
  v8::Isolate* v8 = info.GetIsolate();
  if (Quiet::Refuses(v8)) return;
  v8::Local<v8::Context> context = v8->GetCurrentContext();
  auto data = info.Data().As<v8::Array>();
  v8::Local<v8::Value> fields[kFields];
  for (uint32_t i = 0; i < kFields; ++i) {
    if (!data->Get(context, i).ToLocal(&fields[i])) return;
  }
  auto& isolate = *static_cast<Isolate*>(fields[kIsolate].As<v8::External>()->Value());
  constexpr int kGiven = 2;
  int count = info.Length() + kGiven;
  std::unique_ptr<v8::Local<v8::Value>[]> arguments(new (std::nothrow) v8::Local<v8::Value>[count]);
  if (arguments == nullptr) return;
  arguments[0] = fields[kMethod];
  double room =
      isolate.console.limited() ? static_cast<double>(isolate.console.left()) : std::numeric_limits<double>::infinity();
  arguments[1] = v8::Number::New(v8, room);
  for (int i = kGiven; i < count; ++i) arguments[i] = info[i - kGiven];
  v8::Local<v8::Value> said, severity, text, whole, nothing;
  if (!CallHidden(isolate, fields[kSpeak], count, arguments.get()).ToLocal(&said) || !said->IsArray()) return;
  if (!said.As<v8::Array>()->Get(context, 0).ToLocal(&severity)) return;
  if (!said.As<v8::Array>()->Get(context, 1).ToLocal(&text)) return;
  if (!said.As<v8::Array>()->Get(context, 2).ToLocal(&whole) || !text->IsString()) return;
  auto sink = fields[kSink].As<v8::Function>();
  auto line = text.As<v8::String>();
  if (!Admit(isolate, sink, whole->IsTrue(), &line)) return;
  v8::Local<v8::Value> told[] = {severity, fields[kMethod], line};
  // What the host throws is for the guest to see.
  if (!sink->Call(context, v8::Undefined(v8), 3, told).ToLocal(&nothing)) return;
} catch (const std::bad_alloc&) {
  ThrowOutOfMemory(info.GetIsolate());
}

}  // namespace

bool InstallConsole(Scope& scope, v8::Local<v8::Function> sink, bool colors) {
  v8::Isolate* v8 = scope.v8;
  v8::Local<v8::Context> context = scope.context, hidden = HiddenRealm(scope.isolate);
  v8::Local<v8::Object> make, natives = v8::Object::New(v8);
  v8::Local<v8::Value> speak, given[2];
  if (hidden.IsEmpty() || !HiddenTool(scope.isolate, "console", Argument).ToLocal(&make)) return false;
  {
    v8::Context::Scope entered(hidden);
    AddNative(scope.isolate, natives, "now", Now);
    if (!natives->Get(hidden, Ascii(v8, "now")).ToLocal(&given[0])) return false;
  }
  given[1] = v8::Boolean::New(v8, colors);
  if (!CallHidden(scope.isolate, make, 2, given).ToLocal(&speak)) return false;

  // A namespace object, as Web IDL has it.
  v8::Local<v8::Object> console = v8::Object::New(v8, v8::Object::New(v8), nullptr, nullptr, 0);
  for (const char* name : kMethods) {
    v8::Local<v8::String> method = Ascii(v8, name);
    v8::Local<v8::Value> fields[kFields];
    fields[kSink] = sink;
    fields[kSpeak] = speak;
    fields[kMethod] = method;
    fields[kIsolate] = v8::External::New(v8, &scope.isolate);
    v8::Local<v8::Function> function;
    auto data = v8::Array::New(v8, fields, kFields);
    if (!v8::Function::New(context, Method, data, 0, v8::ConstructorBehavior::kThrow).ToLocal(&function)) return false;
    function->SetName(method);
    if (!console->CreateDataProperty(context, method, function).FromMaybe(false)) return false;
  }
  auto tag = static_cast<v8::PropertyAttribute>(v8::ReadOnly | v8::DontEnum);
  return console->DefineOwnProperty(context, v8::Symbol::GetToStringTag(v8), Ascii(v8, "console"), tag)
             .FromMaybe(false) &&
         context->Global()->DefineOwnProperty(context, Ascii(v8, "console"), console, v8::DontEnum).FromMaybe(false);
}

}  // namespace miniracer
