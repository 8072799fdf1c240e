#include "module_hooks.h"

#include <algorithm>
#include <new>
#include <tuple>

#include "import_places.h"
#include "quiet.h"
#include "text.h"

namespace miniracer {
namespace {

constexpr int kLongest = 1 << 20;  // code units of a text

bool TooLong(const std::u16string& text) { return text.size() > size_t{kLongest}; }

std::string Shown(const std::u16string& text) {
  return text.size() <= kLongestShown ? Utf8(text) : Utf8(std::u16string_view(text).substr(0, kLongestShown)) + "...";
}

uint32_t NumberOf(const v8::FunctionCallbackInfo<v8::Value>& info) { return info.Data().As<v8::Uint32>()->Value(); }

v8::MaybeLocal<v8::Function> NewReaction(Scope& scope, v8::FunctionCallback callback, uint32_t id) {
  return v8::Function::New(scope.context, callback, v8::Integer::NewFromUnsigned(scope.v8, id), 1,
                           v8::ConstructorBehavior::kThrow);
}

template <Reaction reaction, bool fulfilled>
void Settled(const v8::FunctionCallbackInfo<v8::Value>& info) {
  InTurn(info.GetIsolate(), info.GetIsolate()->GetCurrentContext(), [&](Scope& scope, Modules* modules) {
    if (modules == nullptr) return;
    if constexpr (reaction == Reaction::kGraphEvaluated) {
      modules->GraphEvaluated(scope, NumberOf(info), fulfilled, info[0]);
    } else if constexpr (reaction == Reaction::kSourceCame) {
      modules->SourceCame(scope, NumberOf(info), fulfilled, info[0]);
    } else {
      modules->NameCame(scope, NumberOf(info), fulfilled, info[0]);
    }
  });
}

template <Reaction reaction>
bool NewReactions(Scope& scope, uint32_t id, v8::Local<v8::Function>* fulfilled, v8::Local<v8::Function>* rejected) {
  return NewReaction(scope, Settled<reaction, true>, id).ToLocal(fulfilled) &&
         NewReaction(scope, Settled<reaction, false>, id).ToLocal(rejected);
}

void Idle(const v8::FunctionCallbackInfo<v8::Value>& info) {
  InTurn(info.GetIsolate(), info.GetIsolate()->GetCurrentContext(), [&](Scope& scope, Modules* modules) {
    if (modules != nullptr) modules->GraphLoaded(scope, NumberOf(info));
  });
}

void Resolve(const v8::FunctionCallbackInfo<v8::Value>& info) {
  v8::Isolate* v8 = info.GetIsolate();
  if (Quiet::Refuses(v8)) return;
  InTurn(v8, v8->GetCurrentContext(), [&](Scope& scope, Modules* modules) {
    v8::Local<v8::String> specifier;
    if (!info[0]->ToString(scope.context).ToLocal(&specifier)) return;
    ModuleRequest request;
    request.specifier = RequestUnits(v8, specifier);
    std::u16string referrer = Units(v8, info.Data().As<v8::String>());
    if (modules == nullptr) return ThrowImportProblem(scope, request, referrer, "the context is closed");
    if (modules->Locate(scope, request, referrer)) info.GetReturnValue().Set(FromUnits(v8, request.url));
  });
}

// import(...) in a script or module.
v8::MaybeLocal<v8::Promise> ImportDynamically(v8::Local<v8::Context> context, v8::Local<v8::Data>,
                                              v8::Local<v8::Value> resource_name, v8::Local<v8::String> specifier,
                                              v8::Local<v8::FixedArray> attributes) {
  v8::Isolate* v8 = context->GetIsolate();
  v8::EscapableHandleScope handles(v8);
  v8::Local<v8::Promise> promise;
  InTurn(v8, context, [&](Scope& scope, Modules* modules) {
    ModuleRequest request;
    request.specifier = RequestUnits(v8, specifier);
    ReadAttributes(scope, attributes, 2, &request);
    std::u16string referrer;
    if (resource_name->IsString()) referrer = Units(v8, resource_name.As<v8::String>());
    TakePlace(scope, referrer, &request);
    if (modules != nullptr) {
      request.dynamic = true;
      modules->Recall(request, referrer);
      promise = modules->Import(scope, std::move(request), referrer);
      return;
    }
    v8::Local<v8::Promise::Resolver> resolver;
    if (!v8::Promise::Resolver::New(context).ToLocal(&resolver)) return;
    promise = resolver->GetPromise();
    std::string problem = ImportProblem(request, referrer, "the context is closed");
    if (resolver->Reject(context, v8::Exception::Error(FromUtf8(v8, problem))).IsNothing()) return;
  });
  // Empty: V8 passes on what was thrown.
  if (promise.IsEmpty()) return {};
  return handles.Escape(promise);
}

void InitializeMeta(v8::Local<v8::Context> context, v8::Local<v8::Module> module, v8::Local<v8::Object> meta) {
  InTurn(context->GetIsolate(), context, [&](Scope& scope, Modules* modules) {
    if (modules != nullptr) modules->FillMeta(scope, module, meta);
  });
}

}  // namespace

void SetModuleHooks(v8::Isolate* v8) {
  v8->SetHostImportModuleDynamicallyCallback(ImportDynamically);
  v8->SetHostInitializeImportMetaObjectCallback(InitializeMeta);
}

void WhenSettled(Scope& scope, v8::Local<v8::Promise> promise, Reaction reaction, uint32_t id) {
  v8::Local<v8::Function> fulfilled, rejected;
  auto make = reaction == Reaction::kGraphEvaluated ? NewReactions<Reaction::kGraphEvaluated>
              : reaction == Reaction::kSourceCame   ? NewReactions<Reaction::kSourceCame>
                                                    : NewReactions<Reaction::kNameCame>;
  bool made = make(scope, id, &fulfilled, &rejected);
  if (!made && PutOff(scope)) return;
  if (!made) throw std::bad_alloc();
  // V8's Then is Promise.prototype.then as the engine made it, which looks for `constructor` (ECMA-262
  // SpeciesConstructor): that is the guest's. Without a prototype there is none to find.
  v8::TryCatch swallow(scope.v8);
  v8::Local<v8::Value> prototype = PrototypeOf(promise);
  bool bare = SetPrototypeOf(scope.context, promise, v8::Null(scope.v8)).FromMaybe(false);
  v8::Local<v8::Promise> unused;
  bool done = promise->Then(scope.context, fulfilled, rejected).ToLocal(&unused);
  if (bare) std::ignore = SetPrototypeOf(scope.context, promise, prototype);
  if (done || swallow.HasTerminated()) return;
  v8::Local<v8::Value> error = swallow.HasCaught() ? swallow.Exception() : v8::Undefined(scope.v8).As<v8::Value>();
  // A promise whose own `constructor` is broken.
  v8::Local<v8::Value> arguments[] = {error};
  if (!rejected->Call(scope.context, v8::Undefined(scope.v8), 1, arguments).ToLocal(&error)) return;
}

void WhenIdle(Scope& scope, uint32_t graph) {
  v8::Local<v8::Function> task;
  if (!NewReaction(scope, Idle, graph).ToLocal(&task)) throw std::bad_alloc();
  scope.v8->EnqueueMicrotask(task);
}

v8::MaybeLocal<v8::Function> NewResolve(Scope& scope, v8::Local<v8::String> url) {
  v8::Local<v8::Function> resolve;
  if (!v8::Function::New(scope.context, Resolve, url, 1, v8::ConstructorBehavior::kThrow).ToLocal(&resolve)) return {};
  resolve->SetName(Ascii(scope.v8, "resolve"));
  return resolve;
}

std::string ImportProblem(const ModuleRequest& request, const std::u16string& referrer, const std::string& reason) {
  std::string text =
      std::string(request.require ? "Cannot require" : "Cannot import") + " \"" + Shown(request.specifier) + '"';
  if (!referrer.empty()) text += " from " + Shown(referrer);
  if (request.line > 0) {
    if (referrer.empty()) text += " at ";
    if (!referrer.empty()) text += ':';
    text += std::to_string(request.line) + ':' + std::to_string(request.column);
  }
  return text + ": " + reason;
}

void ThrowAtImport(Scope& scope, v8::Local<v8::Value> error, const ModuleRequest& request,
                   const std::u16string& referrer) {
  AddImport(scope, error.As<v8::Object>(), request, referrer);
  scope.v8->ThrowException(error);
}

void ThrowImportProblem(Scope& scope, const ModuleRequest& request, const std::u16string& referrer,
                        const std::string& reason, const char* code) {
  v8::Local<v8::Value> error = v8::Exception::Error(FromUtf8(scope.v8, ImportProblem(request, referrer, reason)));
  if (code != nullptr) {
    auto defined =
        error.As<v8::Object>()->CreateDataProperty(scope.context, Ascii(scope.v8, "code"), Ascii(scope.v8, code));
    if (defined.IsNothing()) return;
  }
  ThrowAtImport(scope, error, request, referrer);
}

void ThrowImportTypeError(Scope& scope, const ModuleRequest& request, const std::u16string& referrer,
                          const std::string& reason) {
  std::string problem = ImportProblem(request, referrer, reason);
  ThrowAtImport(scope, v8::Exception::TypeError(FromUtf8(scope.v8, problem)), request, referrer);
}

void ThrowUnknownType(Scope& scope, const ModuleRequest& request, const std::u16string& referrer) {
  ThrowImportTypeError(scope, request, referrer, "modules of the type '" + Utf8(request.type) + "' are not known");
}

std::u16string RequestUnits(v8::Isolate* isolate, v8::Local<v8::String> text) {
  std::u16string units(static_cast<size_t>(std::min(text->Length(), kLongest + 1)), u'\0');
  int written = text->Write(isolate, reinterpret_cast<uint16_t*>(units.data()), 0, static_cast<int>(units.size()),
                            v8::String::NO_NULL_TERMINATION);
  units.resize(static_cast<size_t>(written));
  return units;
}

std::string RequestProblem(const ModuleRequest& request) {
  if (TooLong(request.specifier)) return "the specifier is longer than " + std::to_string(kLongest) + " code units";
  if (std::any_of(request.attributes.begin(), request.attributes.end(), TooLong))
    return "an attribute is longer than " + std::to_string(kLongest) + " code units";
  for (size_t i = 0; i + 1 < request.attributes.size(); i += 2) {
    const std::u16string& key = request.attributes[i];
    if (key != u"type") return "the attribute '" + Shown(key) + "' is not known";
  }
  return {};
}

void TakePlace(Scope& scope, const std::u16string& file, ModuleRequest* request) {
  v8::Local<v8::StackTrace> trace = v8::StackTrace::CurrentStackTrace(scope.v8, 4);
  for (int i = 0; i < trace->GetFrameCount(); ++i) {
    v8::Local<v8::StackFrame> frame = trace->GetFrame(scope.v8, static_cast<uint32_t>(i));
    if (scope.isolate.own_code.Has(frame->GetScriptId())) continue;
    v8::Local<v8::String> name = frame->GetScriptName();
    if (!file.empty() && (name.IsEmpty() || Units(scope.v8, name) != file)) return;
    request->line = frame->GetLineNumber();
    request->column = frame->GetColumn();
    return;
  }
}

v8::MaybeLocal<v8::Value> ParseJson(Scope& scope, v8::Local<v8::String> source, const ModuleRequest& request,
                                    const std::u16string& referrer, const std::u16string& url) {
  v8::TryCatch caught(scope.v8);
  v8::Local<v8::Value> value;
  if (v8::JSON::Parse(scope.context, source).ToLocal(&value)) return value;
  if (!caught.HasCaught() || caught.HasTerminated()) return {};
  std::string why = Utf8(scope.v8, caught.Message()->Get());
  if (constexpr std::string_view kHead = "Uncaught "; why.starts_with(kHead)) why.erase(0, kHead.size());
  caught.Reset();
  std::string problem = ImportProblem(request, referrer, Utf8(url) + " is not JSON: " + why);
  ThrowAtImport(scope, v8::Exception::SyntaxError(FromUtf8(scope.v8, problem)), request, referrer);
  caught.ReThrow();
  return {};
}

void NamePlace(Scope& scope, const v8::TryCatch& caught) {
  if (!caught.HasCaught() || caught.HasTerminated() || caught.Message().IsEmpty()) return;
  v8::Local<v8::Value> error = caught.Exception(), file = caught.Message()->GetScriptResourceName();
  if (!error->IsNativeError() || !file->IsString()) return;
  v8::TryCatch swallow(scope.v8);
  v8::Local<v8::String> key = Ascii(scope.v8, "message");
  v8::Local<v8::Value> message;
  auto object = error.As<v8::Object>();
  if (!object->HasOwnProperty(scope.context, key).FromMaybe(false)) return;
  if (!object->Get(scope.context, key).ToLocal(&message) || !message->IsString()) return;
  std::string text = Utf8(scope.v8, message) + " (" + Utf8(scope.v8, file);
  int line = caught.Message()->GetLineNumber(scope.context).FromMaybe(0);
  if (line > 0) {
    int column = caught.Message()->GetStartColumn(scope.context).FromMaybe(0) + 1;
    text += ':' + std::to_string(line) + ':' + std::to_string(column);
  }
  bool done = object->DefineOwnProperty(scope.context, key, FromUtf8(scope.v8, text + ')'), v8::DontEnum).IsJust();
  if (!done) return;
}

v8::Local<v8::Object> AttributesObject(Scope& scope, const ModuleRequest& request) {
  v8::Local<v8::Object> object = v8::Object::New(scope.v8, v8::Null(scope.v8), nullptr, nullptr, 0);
  for (size_t i = 0; i + 1 < request.attributes.size(); i += 2) {
    v8::Local<v8::String> value = FromUnits(scope.v8, request.attributes[i + 1]);
    if (object->CreateDataProperty(scope.context, FromUnits(scope.v8, request.attributes[i]), value).IsNothing()) break;
  }
  return object;
}

void ReadAttributes(Scope& scope, v8::Local<v8::FixedArray> list, int stride, ModuleRequest* request) {
  for (int i = 0; i + 1 < list->Length(); i += stride) {
    v8::Local<v8::Value> key = list->Get(scope.context, i).As<v8::Value>();
    v8::Local<v8::Value> value = list->Get(scope.context, i + 1).As<v8::Value>();
    if (!key->IsString() || !value->IsString()) continue;
    request->attributes.push_back(RequestUnits(scope.v8, key.As<v8::String>()));
    request->attributes.push_back(RequestUnits(scope.v8, value.As<v8::String>()));
    if (request->attributes[request->attributes.size() - 2] == u"type") request->type = request->attributes.back();
  }
}

std::u16string JoinUrl(const std::u16string& specifier, const std::u16string& referrer) {
  if (specifier.rfind(u"./", 0) != 0 && specifier.rfind(u"../", 0) != 0) return specifier;
  // What comes before the path: scheme://authority
  size_t begin = referrer.find(u"://");
  begin = begin == std::u16string::npos ? 0 : referrer.find(u'/', begin + 3);
  if (begin == std::u16string::npos) begin = referrer.size();
  std::u16string head = referrer.substr(0, begin), path = referrer.substr(begin);
  path.resize(std::min(path.size(), path.find_first_of(u"?#")));
  size_t slash = path.rfind(u'/');
  path.resize(slash == std::u16string::npos ? 0 : slash + 1);
  if (path.empty() && begin > 0) path.push_back(u'/');
  std::u16string tail = specifier.substr(std::min(specifier.size(), specifier.find_first_of(u"?#")));
  std::u16string rest = specifier.substr(0, specifier.size() - tail.size());
  for (size_t at = 0; at <= rest.size();) {
    size_t end = std::min(rest.size(), rest.find(u'/', at));
    std::u16string part = rest.substr(at, end - at);
    at = end + 1;
    if (part == u"..") {
      // One folder up; no further than the root.
      size_t up = path.size() < 2 ? std::u16string::npos : path.rfind(u'/', path.size() - 2);
      path.resize(up != std::u16string::npos ? up + 1 : !path.empty() && path[0] == u'/' ? 1 : 0);
    } else if (part != u".") {
      path += part;
      if (end < rest.size()) path += u'/';
    }
  }
  return head + path + tail;
}

}  // namespace miniracer
