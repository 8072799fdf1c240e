#include "files.h"

#include <new>

#include "realm.h"
#include "text.h"
#include "values.h"

namespace miniracer {

// ---- What the resolver in the hidden realm is given ----

namespace {

Files* FilesOf(const v8::FunctionCallbackInfo<v8::Value>& info) {
  return static_cast<Files*>(info.Data().As<v8::External>()->Value());
}

// No C++ exception may pass through V8.
template <class Body>
void InHidden(const v8::FunctionCallbackInfo<v8::Value>& info, Body&& body) {
  v8::Isolate* v8 = info.GetIsolate();
  try {
    body(v8, Utf8(v8, info[0]));
  } catch (const std::bad_alloc&) {
    v8->ThrowException(Ascii(v8, "the process is out of memory"));
  }
}

std::vector<std::string> Split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  for (size_t at = 0; at <= text.size();) {
    size_t end = std::min(text.find(separator, at), text.size());
    if (end > at) parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

v8::Local<v8::Array> List(v8::Isolate* v8, const std::vector<std::string>& texts, size_t first) {
  std::vector<v8::Local<v8::Value>> values;
  for (size_t i = first; i < texts.size(); ++i) values.push_back(FromUtf8(v8, texts[i]));
  return v8::Array::New(v8, values.data(), values.size());
}

}  // namespace

void Files::Look(const v8::FunctionCallbackInfo<v8::Value>& info) {
  InHidden(info, [&](v8::Isolate*, const std::string& path) {
    info.GetReturnValue().Set(static_cast<int32_t>(FilesOf(info)->folders_.Look(path)));
  });
}

void Files::Real(const v8::FunctionCallbackInfo<v8::Value>& info) {
  InHidden(info, [&](v8::Isolate* v8, const std::string& path) {
    info.GetReturnValue().Set(FromUtf8(v8, FilesOf(info)->folders_.Real(path)));
  });
}

void Files::Outside(const v8::FunctionCallbackInfo<v8::Value>& info) {
  InHidden(info, [&](v8::Isolate* v8, const std::string& path) {
    info.GetReturnValue().Set(FromUtf8(v8, FilesOf(info)->folders_.WhereOutside(path)));
  });
}

void Files::Read(const v8::FunctionCallbackInfo<v8::Value>& info) {
  InHidden(info, [&](v8::Isolate* v8, const std::string& path) {
    std::string text, why;
    if (FilesOf(info)->folders_.Read(path, &text, &why)) return info.GetReturnValue().Set(FromUtf8(v8, text));
    v8->ThrowException(FromUtf8(v8, why));
  });
}

// ---- Setting up ----

miniracer_status Files::New(Scope& scope, const miniracer_file_loader& loader, std::shared_ptr<Files>* result) {
  auto files = std::make_shared<Files>();
  files->require_ = (loader.flags & MINIRACER_FILES_REQUIRE) != 0;
  v8::Local<v8::String> root, packages = v8::String::Empty(scope.v8), conditions = packages;
  auto optional = [&](const miniracer_value& value, const char* what, v8::Local<v8::String>* text) {
    bool given = value.tag != MINIRACER_UNDEFINED;
    return given ? TextToJs(scope, value, what, v8::NewStringType::kNormal, text) : MINIRACER_OK;
  };
  miniracer_status status = TextToJs(scope, loader.root, "loader.root", v8::NewStringType::kNormal, &root);
  if (status == MINIRACER_OK) status = optional(loader.packages, "loader.packages", &packages);
  if (status == MINIRACER_OK) status = optional(loader.conditions, "loader.conditions", &conditions);
  if (status != MINIRACER_OK) return status;
  std::string folder = Utf8(scope.v8, root);
  if (!files->folders_.Add(folder)) {
    return scope.Fail(MINIRACER_INVALID_ARGUMENT, "loader.root: no folder: " + folder);
  }
  for (const std::string& more : Split(Utf8(scope.v8, packages), ':')) {
    if (!files->folders_.Add(more)) {
      return scope.Fail(MINIRACER_INVALID_ARGUMENT, "loader.packages: no folder: " + more);
    }
  }
  if (!files->MakeResolver(scope, Utf8(scope.v8, conditions))) return scope.Thrown();
  if (files->require_ && (status = files->MakeRequire(scope)) != MINIRACER_OK) return status;
  *result = std::move(files);
  return MINIRACER_OK;
}

bool Files::MakeResolver(Scope& scope, const std::string& conditions) {
  v8::Isolate* v8 = scope.v8;
  v8::Local<v8::Context> hidden = HiddenRealm(scope.isolate);
  v8::Context::Scope entered(hidden);
  v8::Local<v8::External> self = v8::External::New(v8, this);
  v8::Local<v8::Value> arguments[7];
  v8::FunctionCallback natives[] = {Look, Real, Outside, Read};
  for (int i = 0; i < 4; ++i) {
    v8::Local<v8::Function> made;
    if (!v8::Function::New(hidden, natives[i], self).ToLocal(&made)) return false;
    arguments[i] = made;
  }
  arguments[4] = FromUtf8(v8, folders_.list()[0]);
  arguments[5] = List(v8, folders_.list(), 1);
  arguments[6] = List(v8, Split(conditions, ','), 0);
  v8::Local<v8::Value> make, made;
  if (!RunOwnScript(scope.isolate, "node_resolve").ToLocal(&make)) return false;
  if (!make.As<v8::Function>()->Call(hidden, v8::Undefined(v8), 7, arguments).ToLocal(&made)) return false;
  auto take = [&](const char* name, v8::Global<v8::Function>* to) {
    v8::Local<v8::Value> function;
    if (!made.As<v8::Object>()->Get(hidden, Ascii(v8, name)).ToLocal(&function)) return false;
    to->Reset(v8, function.As<v8::Function>());
    return true;
  };
  return take("resolve", &resolve_) && take("path", &path_) && take("toUrl", &to_url_) && take("type", &type_);
}

// The global `require`, which looks from the root.
miniracer_status Files::MakeRequire(Scope& scope) {
  v8::Local<v8::Object> commonjs;
  v8::Local<v8::Value> load, make, url, require;
  v8::Local<v8::Value> root = FromUtf8(scope.v8, folders_.list()[0]);
  std::string why;
  if (!Ask(scope, to_url_, 1, &root, &url, &why)) return scope.Thrown();
  if (folders_.list()[0] != "/") url = v8::String::Concat(scope.v8, url.As<v8::String>(), Ascii(scope.v8, "/"));
  if (!StartCommonJs(scope).ToLocal(&commonjs)) return scope.Thrown();
  if (!commonjs->Get(scope.context, Ascii(scope.v8, "load")).ToLocal(&load)) return scope.Thrown();
  if (!commonjs->Get(scope.context, Ascii(scope.v8, "makeRequire")).ToLocal(&make)) return scope.Thrown();
  load_.Reset(scope.v8, load.As<v8::Function>());
  if (!make.As<v8::Function>()->Call(scope.context, v8::Undefined(scope.v8), 1, &url).ToLocal(&require))
    return scope.Thrown();
  auto defined =
      scope.context->Global()->DefineOwnProperty(scope.context, Ascii(scope.v8, "require"), require, v8::DontEnum);
  if (defined.IsNothing()) return scope.Thrown();
  if (defined.FromJust()) return MINIRACER_OK;
  return scope.Fail(MINIRACER_INVALID_ARGUMENT, "loader.flags: the guest has a `require` that cannot be replaced");
}

// ---- At work ----

bool Files::Ask(Scope& scope, const v8::Global<v8::Function>& what, int count, v8::Local<v8::Value>* arguments,
                v8::Local<v8::Value>* answer, std::string* why) {
  v8::Isolate* v8 = scope.v8;
  v8::Local<v8::Context> hidden = HiddenRealm(scope.isolate);
  v8::Context::Scope entered(hidden);
  v8::TryCatch caught(v8);
  v8::Local<v8::Value> value;
  if (!what.Get(v8)->Call(hidden, v8::Undefined(v8), count, arguments).ToLocal(&value)) {
    // Out of stack or memory. The error is the hidden realm's and stays here.
    if (caught.HasCaught() && !caught.HasTerminated()) *why = Utf8(v8, caught.Message()->Get());
    return false;
  }
  if (!value->IsArray()) {
    *answer = value;
    return true;
  }
  if (value.As<v8::Object>()->Get(hidden, 0).ToLocal(&value)) *why = Utf8(v8, value);
  return false;
}

bool Files::Resolve(Scope& scope, const std::u16string& specifier, const std::u16string& referrer, bool require,
                    std::u16string* url, std::string* why) {
  v8::Local<v8::Value> from = v8::Undefined(scope.v8), answer;
  if (!referrer.empty()) from = FromUnits(scope.v8, referrer);
  v8::Local<v8::Value> arguments[] = {FromUnits(scope.v8, specifier), from, v8::Boolean::New(scope.v8, require)};
  if (!Ask(scope, resolve_, 3, arguments, &answer, why)) return false;
  *url = Units(scope.v8, answer.As<v8::String>());
  return true;
}

bool Files::Path(Scope& scope, const std::u16string& url, v8::Local<v8::Value>* path, std::string* why) {
  v8::Local<v8::Value> argument = FromUnits(scope.v8, url);
  return Ask(scope, path_, 1, &argument, path, why);
}

bool Files::Load(Scope& scope, const std::u16string& url, Kind* kind, v8::Local<v8::String>* source, std::string* why) {
  v8::Local<v8::Value> path, type;
  if (!Path(scope, url, &path, why)) return false;
  if (!path->IsString()) {
    *why = "no URL of a file";
    return false;
  }
  if (!Ask(scope, type_, 1, &path, &type, why)) return false;
  std::string text;
  if (!folders_.Read(Utf8(scope.v8, path), &text, why)) return false;
  std::string is = Utf8(scope.v8, type);
  if (is != "module" && text.compare(0, 2, "#!") == 0) text.replace(0, 2, "//");
  *source = FromUtf8(scope.v8, text);
  if (is == "unknown") {
    bool module = !require_ || LooksLikeModule(scope, *source, FromUnits(scope.v8, url));
    is = module ? "module" : "commonjs";
  }
  if (is == "commonjs" && !require_) {
    *why = Utf8(url) + " is a CommonJS module, which this loader does not run";
    return false;
  }
  *kind = is == "module" ? Kind::kModule : is == "json" ? Kind::kJson : Kind::kCommonJs;
  return true;
}

v8::MaybeLocal<v8::Function> Files::CompileCommonJs(Scope& scope, v8::Local<v8::String> source,
                                                    v8::Local<v8::Value> url) {
  v8::Local<v8::String> names[] = {Ascii(scope.v8, "exports"), Ascii(scope.v8, "require"), Ascii(scope.v8, "module"),
                                   Ascii(scope.v8, "__filename"), Ascii(scope.v8, "__dirname")};
  v8::ScriptCompiler::Source text(source, MakeScriptOrigin(scope.v8, url, 0, 0));
  return v8::ScriptCompiler::CompileFunction(scope.context, &text, 5, names);
}

// As Node finds it out where package.json does not tell: what compiles only as a module is one.
bool Files::LooksLikeModule(Scope& scope, v8::Local<v8::String> source, v8::Local<v8::Value> url) {
  v8::TryCatch caught(scope.v8);
  if (!CompileCommonJs(scope, source, url).IsEmpty() || !caught.HasCaught() || caught.HasTerminated()) return false;
  std::string problem = Utf8(scope.v8, caught.Message()->Get());
  for (const char* only : {"Cannot use import statement outside a module", "Unexpected token 'export'",
                           "Cannot use 'import.meta' outside a module", "await is only valid in async functions"}) {
    if (problem.find(only) != std::string::npos) return true;
  }
  return false;
}

v8::MaybeLocal<v8::Value> Files::Require(Scope& scope, const std::u16string& url) {
  v8::Local<v8::Value> name = FromUnits(scope.v8, url), undefined = v8::Undefined(scope.v8);
  v8::Local<v8::Value> arguments[] = {name, name, undefined};
  return load_.Get(scope.v8)->Call(scope.context, undefined, 3, arguments);
}

}  // namespace miniracer
