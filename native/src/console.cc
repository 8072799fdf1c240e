#include "console.h"

#include <chrono>
#include <iterator>
#include <memory>

#include "inspect.h"
#include "text.h"

namespace miniracer {
namespace {

using Info = v8::FunctionCallbackInfo<v8::Value>;

constexpr const char* kMethods[] = {"assert", "clear",   "count",          "countReset", "debug", "dir", "dirxml",
                                    "error",  "group",   "groupCollapsed", "groupEnd",   "info",  "log", "table",
                                    "time",   "timeEnd", "timeLog",        "trace",      "warn"};

// What a method is made with: a list that no guest ever sees.
enum { kSink, kSpeak, kMethod, kIsolate, kFields };

void Now(const Info& info) {
  std::chrono::duration<double, std::milli> now = std::chrono::steady_clock::now().time_since_epoch();
  info.GetReturnValue().Set(now.count());
}

// The maker of consoles in the hidden realm wants the inspector.
v8::MaybeLocal<v8::Value> Argument(Isolate& isolate) {
  v8::Local<v8::Object> inspector;
  if (!Inspector(isolate).ToLocal(&inspector)) return {};
  return inspector;
}

// console.<method>(...): has the text made, and hands it to the host.
void Method(const Info& info) {
  v8::Isolate* v8 = info.GetIsolate();
  v8::Local<v8::Context> context = v8->GetCurrentContext();
  auto data = info.Data().As<v8::Array>();
  v8::Local<v8::Value> fields[kFields];
  for (uint32_t i = 0; i < kFields; ++i) {
    if (!data->Get(context, i).ToLocal(&fields[i])) return;
  }
  auto& isolate = *static_cast<Isolate*>(fields[kIsolate].As<v8::External>()->Value());
  int count = info.Length() + 1;
  std::unique_ptr<v8::Local<v8::Value>[]> arguments(new (std::nothrow) v8::Local<v8::Value>[count]);
  if (arguments == nullptr) return;
  arguments[0] = fields[kMethod];
  for (int i = 1; i < count; ++i) arguments[i] = info[i - 1];
  v8::Local<v8::Value> said, severity, text, nothing;
  if (!CallHidden(isolate, fields[kSpeak], count, arguments.get()).ToLocal(&said) || !said->IsArray()) return;
  if (!said.As<v8::Array>()->Get(context, 0).ToLocal(&severity)) return;
  if (!said.As<v8::Array>()->Get(context, 1).ToLocal(&text)) return;
  v8::Local<v8::Value> told[] = {severity, fields[kMethod], text};
  // What the host throws is for the guest to see.
  if (!fields[kSink].As<v8::Function>()->Call(context, v8::Undefined(v8), 3, told).ToLocal(&nothing)) return;
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
