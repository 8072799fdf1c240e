#include "realm.h"

#include <algorithm>
#include <deque>
#include <string>

#include "isolate.h"
#include "own_scripts.h"
#include "text.h"

namespace miniracer {
namespace {

// The source as V8 is to see it: in place, not copied, and there for all isolates.
class Source final : public v8::String::ExternalOneByteStringResource {
 public:
  explicit Source(std::string_view text) : text_(text) {}
  const char* data() const override { return text_.data(); }
  size_t length() const override { return text_.size(); }
  void Dispose() override {}

 private:
  std::string_view text_;
};

const OwnScript* FindOwnScript(std::string_view name) {
  const OwnScript* end = kOwnScripts + kOwnScriptCount;
  const OwnScript* found = std::find_if(kOwnScripts, end, [&](const OwnScript& one) { return name == one.name; });
  return found == end ? nullptr : found;
}

Source* SourceOf(const OwnScript& script) {
  static auto* const sources = [] {
    auto* made = new std::deque<Source>;
    for (size_t i = 0; i < kOwnScriptCount; ++i) made->emplace_back(kOwnScripts[i].source);
    return made;
  }();
  return &(*sources)[static_cast<size_t>(&script - kOwnScripts)];
}

v8::MaybeLocal<v8::UnboundScript> Compile(Isolate& isolate, const OwnScript& script) {
  v8::Isolate* v8 = isolate.v8();
  v8::Local<v8::String> text;
  if (!v8::String::NewExternalOneByte(v8, SourceOf(script)).ToLocal(&text)) return {};
  std::string name = std::string("miniracer:") + script.name;
  v8::ScriptCompiler::Source source(text, MakeScriptOrigin(v8, Ascii(v8, name), 0, 0));
  return v8::ScriptCompiler::CompileUnboundScript(v8, &source);
}

}  // namespace

bool OwnCode::Has(int script) const { return std::find(ids.begin(), ids.end(), script) != ids.end(); }

v8::MaybeLocal<v8::Value> RunOwnScript(Isolate& isolate, std::string_view name) {
  v8::Isolate* v8 = isolate.v8();
  v8::EscapableHandleScope handles(v8);
  const OwnScript* script = FindOwnScript(name);
  if (script == nullptr) return {};
  v8::Global<v8::UnboundScript>& kept = isolate.own_code.scripts[script->name];
  v8::Local<v8::UnboundScript> compiled;
  if (!kept.IsEmpty()) {
    compiled = kept.Get(v8);
  } else {
    if (!Compile(isolate, *script).ToLocal(&compiled)) return {};
    kept.Reset(v8, compiled);
    isolate.own_code.ids.push_back(compiled->GetId());
  }
  v8::Local<v8::Value> value;
  if (!compiled->BindToCurrentContext()->Run(v8->GetCurrentContext()).ToLocal(&value)) return {};
  return handles.Escape(value);
}

v8::Local<v8::Context> HiddenRealm(Isolate& isolate) {
  v8::Isolate* v8 = isolate.v8();
  if (isolate.own_code.hidden.IsEmpty()) {
    v8::Local<v8::Context> context = v8::Context::New(v8);
    if (context.IsEmpty()) return context;
    context->SetSecurityToken(v8::Undefined(v8));  // that of all contexts here
    context->AllowCodeGenerationFromStrings(false);
    isolate.own_code.hidden.Reset(v8, context);
  }
  return isolate.own_code.hidden.Get(v8);
}

namespace {

// Goes on ending a run whose end was told to a TryCatch of ours: a script's first step is to look whether it should end.
void EndAgain(v8::Isolate* v8) {
  v8->TerminateExecution();
  v8::Local<v8::Context> context = v8->GetCurrentContext();
  v8::Local<v8::Script> script;
  v8::Local<v8::Value> nothing;
  if (!v8::Script::Compile(context, v8::String::Empty(v8)).ToLocal(&script)) return;
  [[maybe_unused]] bool ended = !script->Run(context).ToLocal(&nothing);
}

// Runs `body` in the hidden realm, from which no exception gets out.
template <class T, class Body>
v8::MaybeLocal<T> InHiddenRealm(Isolate& isolate, Body&& body) {
  v8::Isolate* v8 = isolate.v8();
  v8::EscapableHandleScope handles(v8);
  {
    v8::TryCatch caught(v8);
    v8::Local<v8::Context> hidden = HiddenRealm(isolate);
    v8::Local<T> made;
    if (!hidden.IsEmpty()) {
      v8::Context::Scope entered(hidden);
      if (body(hidden).ToLocal(&made)) return handles.Escape(made);
    }
    if (!caught.HasTerminated()) return {};
  }
  EndAgain(v8);
  return {};
}

}  // namespace

v8::MaybeLocal<v8::Object> HiddenTool(Isolate& isolate, std::string_view script,
                                      v8::MaybeLocal<v8::Value> (*argument)(Isolate& isolate)) {
  v8::Isolate* v8 = isolate.v8();
  auto found = isolate.own_code.tools.find(script);
  if (found != isolate.own_code.tools.end()) return found->second.Get(v8);
  return InHiddenRealm<v8::Object>(isolate, [&](v8::Local<v8::Context> hidden) -> v8::MaybeLocal<v8::Object> {
    v8::Local<v8::Value> make, given = v8::Undefined(v8), made;
    if (!RunOwnScript(isolate, script).ToLocal(&make)) return {};
    if (argument != nullptr && !argument(isolate).ToLocal(&given)) return {};
    if (!make.As<v8::Function>()->Call(hidden, v8::Undefined(v8), 1, &given).ToLocal(&made)) return {};
    isolate.own_code.tools[FindOwnScript(script)->name].Reset(v8, made.As<v8::Object>());
    return made.As<v8::Object>();
  });
}

v8::Local<v8::Value> ToolFunction(Isolate& isolate, v8::Local<v8::Object> tool, std::string_view name) {
  v8::Local<v8::Value> function;
  bool found = tool->Get(HiddenRealm(isolate), Ascii(isolate.v8(), name)).ToLocal(&function);
  return found ? function : v8::Local<v8::Value>(v8::Undefined(isolate.v8()));
}

v8::MaybeLocal<v8::Value> CallHidden(Isolate& isolate, v8::Local<v8::Value> function, int count,
                                     v8::Local<v8::Value> arguments[]) {
  return InHiddenRealm<v8::Value>(isolate, [&](v8::Local<v8::Context> hidden) -> v8::MaybeLocal<v8::Value> {
    if (!function->IsFunction()) return {};
    return function.As<v8::Function>()->Call(hidden, v8::Undefined(isolate.v8()), count, arguments);
  });
}

void AddNative(Isolate& isolate, v8::Local<v8::Object> object, std::string_view name, v8::FunctionCallback callback) {
  v8::Isolate* v8 = isolate.v8();
  v8::HandleScope handles(v8);
  v8::Local<v8::Context> context = v8->GetCurrentContext();
  v8::Local<v8::Function> function;
  auto data = v8::External::New(v8, &isolate);
  if (!v8::Function::New(context, callback, data, 0, v8::ConstructorBehavior::kThrow).ToLocal(&function)) return;
  [[maybe_unused]] bool done = object->CreateDataProperty(context, Ascii(v8, name), function).FromMaybe(false);
}

void ThrowOutOfMemory(v8::Isolate* v8) {
  v8->ThrowException(v8::Exception::RangeError(Ascii(v8, "the process is out of memory")));
}

Isolate& IsolateOf(const v8::FunctionCallbackInfo<v8::Value>& info) {
  return *static_cast<Isolate*>(info.Data().As<v8::External>()->Value());
}

}  // namespace miniracer
