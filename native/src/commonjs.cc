// What native/js/commonjs.js is made of: functions in the guest's context, which only that script ever gets.
#include "files.h"
#include "module_hooks.h"
#include "realm.h"
#include "text.h"

namespace miniracer {
namespace {

using Info = v8::FunctionCallbackInfo<v8::Value>;

std::u16string UnitsOf(v8::Isolate* v8, v8::Local<v8::Value> value) {
  return value->IsString() ? Units(v8, value.As<v8::String>()) : std::u16string();
}

// The turn of a function that needs the loader, for a request told by two arguments.
template <class Body>
void WithFiles(const Info& info, int specifier, Body&& body) {
  v8::Isolate* v8 = info.GetIsolate();
  InTurn(v8, v8->GetCurrentContext(), [&](Scope& scope, Modules* modules) {
    ModuleRequest request;
    request.require = true;
    if (specifier >= 0 && info[specifier]->IsString())
      request.specifier = RequestUnits(v8, info[specifier].As<v8::String>());
    std::u16string referrer = specifier >= 0 ? UnitsOf(v8, info[specifier + 1]) : std::u16string();
    std::shared_ptr<Files> files = modules != nullptr ? modules->files() : nullptr;
    if (files == nullptr)
      return ThrowImportProblem(scope, request, referrer, "the context has no loader for files any more");
    body(scope, *modules, *files, request, referrer);
  });
}

// (specifier, from) -> URL
void Locate(const Info& info) {
  v8::Isolate* v8 = info.GetIsolate();
  if (!info[0]->IsString()) {
    v8->ThrowException(v8::Exception::TypeError(Ascii(v8, "require: the specifier is no string")));
    return;
  }
  WithFiles(info, 0, [&](Scope& scope, Modules& modules, Files&, ModuleRequest& request, std::u16string& referrer) {
    TakePlace(scope, referrer, &request);
    if (modules.Locate(scope, request, referrer)) info.GetReturnValue().Set(FromUnits(v8, request.url));
  });
}

// (url) -> path, or undefined for what the host provides
void PathOf(const Info& info) {
  WithFiles(info, -1, [&](Scope& scope, Modules& modules, Files& files, ModuleRequest& request, std::u16string& from) {
    request.url = UnitsOf(scope.v8, info[0]);
    if (modules.IsOfHost(request.url)) return;
    v8::Local<v8::Value> path;
    std::string why;
    if (files.Path(scope, request.url, &path, &why)) return info.GetReturnValue().Set(path);
    if (!why.empty()) ThrowImportProblem(scope, request, from, why);
  });
}

// (path) -> its folder
void FolderOf(const Info& info) {
  WithFiles(info, -1, [&](Scope& scope, Modules&, Files&, ModuleRequest&, std::u16string&) {
    std::u16string path = UnitsOf(scope.v8, info[0]);
    path.resize(std::max<size_t>(path.rfind(u'/') + 1, 2) - 1);
    info.GetReturnValue().Set(FromUnits(scope.v8, path));
  });
}

// (url, specifier, from) -> { kind, source }
void Open(const Info& info) {
  WithFiles(info, 1, [&](Scope& scope, Modules&, Files& files, ModuleRequest& request, std::u16string& referrer) {
    Files::Kind kind;
    v8::Local<v8::String> source;
    std::string why;
    uint32_t most = scope.isolate.caps.modules;
    if (!files.Count(UnitsOf(scope.v8, info[0]), most)) {
      why = "the context has required " + std::to_string(most) + " modules, as many as it may";
      return ThrowImportProblem(scope, request, referrer, why);
    }
    if (!files.Load(scope, UnitsOf(scope.v8, info[0]), &kind, &source, &why)) {
      if (!why.empty()) ThrowImportProblem(scope, request, referrer, why);
      return;
    }
    const char* name = kind == Files::Kind::kModule ? "module" : kind == Files::Kind::kJson ? "json" : "commonjs";
    v8::Local<v8::Name> names[] = {Ascii(scope.v8, "kind"), Ascii(scope.v8, "source")};
    v8::Local<v8::Value> values[] = {Ascii(scope.v8, name), source};
    info.GetReturnValue().Set(v8::Object::New(scope.v8, v8::Null(scope.v8), names, values, 2));
  });
}

// (source, url) -> the function around a CommonJS module
void Compile(const Info& info) {
  WithFiles(info, -1, [&](Scope& scope, Modules&, Files&, ModuleRequest&, std::u16string&) {
    v8::TryCatch caught(scope.v8);
    v8::Local<v8::Function> wrapper;
    if (Files::CompileCommonJs(scope, info[0].As<v8::String>(), info[1]).ToLocal(&wrapper)) {
      return info.GetReturnValue().Set(wrapper);
    }
    NamePlace(scope, caught);
    if (!caught.HasTerminated()) caught.ReThrow();
  });
}

// (wrapper, exports, require, module, file, folder)
void Call(const Info& info) {
  WithFiles(info, -1, [&](Scope& scope, Modules&, Files& files, ModuleRequest&, std::u16string&) {
    v8::Local<v8::Value> arguments[] = {info[1], info[2], info[3], info[4], info[5]};
    if (!info[0].As<v8::Function>()->Call(scope.context, info[1], 5, arguments).IsEmpty()) return;
    if (scope.isolate.limits.ending() != MINIRACER_OK) files.SetEnded(UnitsOf(scope.v8, info[4]));
  });
}

// (file) -> whether a limit ended its run, told once
void Ended(const Info& info) {
  WithFiles(info, -1, [&](Scope& scope, Modules&, Files& files, ModuleRequest&, std::u16string&) {
    info.GetReturnValue().Set(files.TakeEnded(UnitsOf(scope.v8, info[0])));
  });
}

// (source, url, specifier, from) -> JSON
void Parse(const Info& info) {
  WithFiles(info, 2, [&](Scope& scope, Modules&, Files&, ModuleRequest& request, std::u16string& referrer) {
    v8::Local<v8::Value> value;
    if (ParseJson(scope, info[0].As<v8::String>(), request, referrer, UnitsOf(scope.v8, info[1])).ToLocal(&value)) {
      info.GetReturnValue().Set(value);
    }
  });
}

// (url, specifier, from) -> the namespace of an ES module
void ImportNow(const Info& info) {
  WithFiles(info, 1, [&](Scope& scope, Modules& modules, Files&, ModuleRequest& request, std::u16string& referrer) {
    request.url = UnitsOf(scope.v8, info[0]);
    request.located = true;
    request.by_host = modules.IsOfHost(request.url);
    v8::Local<v8::Value> value;
    if (!modules.RequireModule(scope, request, referrer).ToLocal(&value)) return;
    // Node's way to say what require is to give.
    v8::Local<v8::String> name = Ascii(scope.v8, "module.exports");
    auto space = value.As<v8::Object>();
    v8::Maybe<bool> has = space->HasOwnProperty(scope.context, name);
    if (has.IsNothing() || (has.FromJust() && !space->Get(scope.context, name).ToLocal(&value))) return;
    info.GetReturnValue().Set(value);
  });
}

// (object, key, value)
void Define(const Info& info) {
  v8::Local<v8::Context> context = info.GetIsolate()->GetCurrentContext();
  auto defined = info[0].As<v8::Object>()->CreateDataProperty(context, info[1].As<v8::Name>(), info[2]);
  if (defined.IsNothing()) return;
}

}  // namespace

v8::MaybeLocal<v8::Object> StartCommonJs(Scope& scope) {
  v8::Local<v8::Value> start, functions, arguments[10];
  v8::FunctionCallback natives[] = {Locate, PathOf, FolderOf, Open, Compile, Call, Parse, ImportNow, Define, Ended};
  for (int i = 0; i < 10; ++i) {
    v8::Local<v8::Function> made;
    if (!v8::Function::New(scope.context, natives[i]).ToLocal(&made)) return {};
    arguments[i] = made;
  }
  if (!RunOwnScript(scope.isolate, "commonjs").ToLocal(&start)) return {};
  if (!start.As<v8::Function>()->Call(scope.context, v8::Undefined(scope.v8), 10, arguments).ToLocal(&functions))
    return {};
  return functions.As<v8::Object>();
}

}  // namespace miniracer
