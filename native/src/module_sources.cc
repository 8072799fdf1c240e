// What a loader gave, made into a module.
#include "files.h"
#include "module_hooks.h"
#include "source_maps.h"
#include "text.h"

namespace miniracer {
namespace {

bool IsJson(v8::Isolate* v8, v8::Local<v8::Value> type) {
  return type->IsString() && type.As<v8::String>()->StringEquals(Ascii(v8, "json"));
}

// A property of what the host's `load` gave, or undefined. Not one of Object.prototype, which is in the guest's hands. False
// where it threw.
bool GetOwn(Scope& scope, v8::Local<v8::Object> object, std::string_view name, v8::Local<v8::Value>* value) {
  v8::Local<v8::String> key = Ascii(scope.v8, name);
  *value = v8::Undefined(scope.v8);
  bool own;
  if (!object->HasOwnProperty(scope.context, key).To(&own)) return false;
  return !own || object->Get(scope.context, key).ToLocal(value);
}

}  // namespace

bool Modules::Define(Scope& scope, const Entry& entry, v8::Local<v8::Value> loaded) {
  auto refuse = [&](const std::string& why) {
    ThrowImportProblem(scope, entry->asked, entry->referrer, why);
    return false;
  };
  bool json_wanted = entry->asked.type == u"json";
  // Of other types than JSON there are the host's own modules alone: whoever asks for data must not get code.
  bool unknown = !json_wanted && !entry->asked.type.empty();
  if (loaded->IsString()) {
    auto source = loaded.As<v8::String>();
    if (unknown) return ThrowUnknownType(scope, entry->asked, entry->referrer), false;
    return json_wanted ? DefineJson(scope, entry, source) : DefineText(scope, entry, source, 0, 0);
  }
  if (!loaded->IsObject()) return refuse("the loader's `load` gave neither a text nor an object");
  auto object = loaded.As<v8::Object>();
  v8::Local<v8::Value> exports, source, type, map;
  if (!GetOwn(scope, object, "exports", &exports)) return false;
  if (exports->IsObject()) return DefineExports(scope, entry, exports.As<v8::Object>());
  if (!GetOwn(scope, object, "source", &source) || !GetOwn(scope, object, "type", &type)) return false;
  if (!source->IsString()) return refuse("the loader's `load` gave an object with neither `source` nor `exports`");
  if (IsJson(scope.v8, type)) return DefineJson(scope, entry, source.As<v8::String>());
  bool module = type->IsString() && type.As<v8::String>()->StringEquals(Ascii(scope.v8, "module"));
  if (!module && !type->IsUndefined()) return refuse("the loader's `load` gave a `type` that is not known");
  if (unknown) return ThrowUnknownType(scope, entry->asked, entry->referrer), false;
  if (json_wanted && module) return refuse("it is a module and no JSON");
  if (json_wanted) return DefineJson(scope, entry, source.As<v8::String>());
  if (!GetOwn(scope, object, "sourceMap", &map)) return false;
  if (!map->IsUndefined() && !map->IsString()) return refuse("the loader's `load` gave a `sourceMap` that is no text");
  if (map->IsString() && !KeepSourceMap(scope, *entry, map.As<v8::String>(), 0, 0)) return refuse(scope.problem);
  return DefineText(scope, entry, source.As<v8::String>(), 0, 0);
}

// Before the text is compiled, so that its syntax errors are told by it as well.
bool Modules::KeepSourceMap(Scope& scope, const ModuleEntry& entry, v8::Local<v8::String> map, int line, int column) {
  return RegisterSourceMap(scope, FromUnits(scope.v8, entry.url), map, line, column) == MINIRACER_OK;
}

bool Modules::DefineText(Scope& scope, const Entry& entry, v8::Local<v8::String> source, int line, int column) {
  v8::ScriptCompiler::Source text(source, MakeModuleOrigin(scope.v8, FromUnits(scope.v8, entry->url), line, column));
  v8::Local<v8::Module> module;
  {
    v8::TryCatch caught(scope.v8);
    if (!v8::ScriptCompiler::CompileModule(scope.v8, &text).ToLocal(&module)) {
      // The text of miniracer_context_evaluate_module is the caller's, who gets the place in the record.
      if (entry->asked.located) NamePlace(scope, caught);
      if (!caught.HasTerminated()) caught.ReThrow();
      return false;
    }
  }
  v8::Local<v8::FixedArray> requests = module->GetModuleRequests();
  for (int i = 0; i < requests->Length(); ++i) {
    auto from = requests->Get(scope.context, i).As<v8::ModuleRequest>();
    ModuleRequest request;
    request.specifier = RequestUnits(scope.v8, from->GetSpecifier());
    ReadAttributes(scope, AttributesOf(from), 3, &request);
    v8::Location place = module->SourceOffsetToLocation(from->GetSourceOffset());
    request.line = place.GetLineNumber() + 1;
    request.column = place.GetColumnNumber() + 1;
    if (std::string problem = RequestProblem(request); !problem.empty()) {
      problem = ImportProblem(request, entry->url, problem);
      ThrowAtImport(scope, v8::Exception::SyntaxError(FromUtf8(scope.v8, problem)), request, entry->url);
      return false;
    }
    if (!Hold(scope, entry->held, request.bytes(), request, entry->url)) return false;
    entry->request_index.insert({{request.specifier, request.type}, entry->requests.size()});
    entry->requests.push_back(std::move(request));
  }
  Keep(scope, *entry, module);
  Loaded(scope, entry);
  return true;
}

bool Modules::DefineJson(Scope& scope, const Entry& entry, v8::Local<v8::String> source) {
  v8::Local<v8::Value> value;
  if (!ParseJson(scope, source, entry->asked, entry->referrer, entry->url).ToLocal(&value)) return false;
  entry->exports.emplace_back(u"default", v8::Global<v8::Value>(scope.v8, value));
  MakeSynthetic(scope, *entry);
  Loaded(scope, entry);
  return true;
}

bool Modules::DefineExports(Scope& scope, const Entry& entry, v8::Local<v8::Object> exports) {
  if (!CollectExports(scope, exports, false, &entry->exports)) return false;
  MakeSynthetic(scope, *entry);
  Loaded(scope, entry);
  return true;
}

// The own enumerable properties, each read once. Of a CommonJS module, whose value may be a long list, indexes and `default`
// are not among them, and a getter that throws counts as undefined.
bool Modules::CollectExports(Scope& scope, v8::Local<v8::Object> object, bool commonjs, Exports* exported) {
  v8::Local<v8::Array> names;
  auto filter = static_cast<v8::PropertyFilter>(v8::ONLY_ENUMERABLE | v8::SKIP_SYMBOLS);
  if (!object
           ->GetPropertyNames(scope.context, v8::KeyCollectionMode::kOwnOnly, filter,
                              commonjs ? v8::IndexFilter::kSkipIndices : v8::IndexFilter::kIncludeIndices,
                              v8::KeyConversionMode::kConvertToString)
           .ToLocal(&names)) {
    return false;
  }
  for (uint32_t i = 0; i < names->Length(); ++i) {
    v8::HandleScope handles(scope.v8);
    v8::Local<v8::Value> name, value = v8::Undefined(scope.v8);
    if (!names->Get(scope.context, i).ToLocal(&name) || !name->IsString()) continue;
    std::u16string key = Units(scope.v8, name.As<v8::String>());
    if (commonjs && key == u"default") continue;
    v8::TryCatch caught(scope.v8);
    if (!object->Get(scope.context, name).ToLocal(&value)) {
      if (caught.HasTerminated()) return false;
      if (!commonjs) {
        caught.ReThrow();
        return false;
      }
      value = v8::Undefined(scope.v8);
    }
    exported->emplace_back(std::move(key), v8::Global<v8::Value>(scope.v8, value));
  }
  return true;
}

bool Modules::DefineFile(Scope& scope, const Entry& entry) {
  if (!entry->asked.type.empty() && entry->asked.type != u"json") {
    ThrowUnknownType(scope, entry->asked, entry->referrer);
    return false;
  }
  std::shared_ptr<Files> files = files_;
  std::string why;
  Files::Kind kind;
  v8::Local<v8::String> source;
  bool loaded = files->Load(scope, entry->url, &kind, &source, &why);
  if (loaded && entry->asked.type == u"json" && kind != Files::Kind::kJson) why = Utf8(entry->url) + " is no JSON file";
  if (loaded && entry->asked.type != u"json" && kind == Files::Kind::kJson) {
    why = Utf8(entry->url) + " is JSON, which needs the attribute { type: 'json' }";
  }
  if (!why.empty()) ThrowImportProblem(scope, entry->asked, entry->referrer, why);
  if (!loaded || !why.empty()) return false;
  if (kind == Files::Kind::kJson) return DefineJson(scope, entry, source);
  if (kind == Files::Kind::kModule) return DefineText(scope, entry, source, 0, 0);
  entry->commonjs = any_commonjs_ = true;
  Loaded(scope, entry);
  return true;
}

bool Modules::RunCommonJs(Scope& scope, ModuleEntry& entry) {
  std::shared_ptr<Files> files = files_;
  v8::Local<v8::Value> value;
  Exports exports;
  if (files == nullptr || !files->runs_commonjs()) {  // the host has set another loader since it was found
    ThrowImportProblem(scope, entry.asked, entry.referrer, "it is a CommonJS module, which the loader does not run");
    return false;
  }
  if (!files->Require(scope, entry.url).ToLocal(&value)) return false;
  if (value->IsObject() && !CollectExports(scope, value.As<v8::Object>(), true, &exports)) return false;
  if (!entry.module.IsEmpty()) return true;  // what ran has imported this very module
  exports.emplace_back(u"default", v8::Global<v8::Value>(scope.v8, value));
  entry.exports = std::move(exports);
  MakeSynthetic(scope, entry);
  return true;
}

miniracer_status Modules::Evaluate(Scope& scope, const miniracer_script& script, v8::Local<v8::Promise>* promise) {
  if (script.line < 0 || script.column < 0) {
    return scope.Fail(MINIRACER_INVALID_ARGUMENT, "line and column count from 1");
  }
  v8::Local<v8::String> source, name;
  miniracer_status status = TextToJs(scope, script.source, "source", v8::NewStringType::kNormal, &source);
  if (status == MINIRACER_OK) status = TextToJs(scope, script.name, "name", v8::NewStringType::kNormal, &name);
  if (status != MINIRACER_OK) return status;
  auto entry = std::make_shared<ModuleEntry>();
  entry->url = Units(scope.v8, name);
  if (Find(Key{entry->url, u""}) != nullptr) {
    return scope.Fail(MINIRACER_INVALID_ARGUMENT, "name: a module of that URL is there already");
  }
  if (std::string why = TooMany(scope); !why.empty()) {
    ThrowImportProblem(scope, entry->asked, u"", Utf8(entry->url) + ": " + why);
    return scope.Thrown();
  }
  v8::Local<v8::Promise::Resolver> resolver;
  if (!v8::Promise::Resolver::New(scope.context).ToLocal(&resolver)) return scope.Thrown();
  int line = script.line > 0 ? script.line - 1 : 0, column = script.column > 0 ? script.column - 1 : 0;
  if (script.source_map.tag != MINIRACER_UNDEFINED) {
    v8::Local<v8::String> map;
    status = TextToJs(scope, script.source_map, "source_map", v8::NewStringType::kNormal, &map);
    if (status != MINIRACER_OK) return status;
    if (!KeepSourceMap(scope, *entry, map, line, column)) return MINIRACER_INVALID_ARGUMENT;
  }
  if (!DefineText(scope, entry, source, line, column)) return MINIRACER_SYNTAX_ERROR;
  entries_[{entry->url, u""}] = entry;
  Advance(scope, NewGraph(scope, resolver, entry));
  *promise = resolver->GetPromise();
  return MINIRACER_OK;
}

}  // namespace miniracer
