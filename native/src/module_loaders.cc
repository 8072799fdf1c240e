// What the host asks of modules: where they come from, and imports of its own.
#include "files.h"
#include "host_calls.h"
#include "module_hooks.h"
#include "modules.h"
#include "text.h"
#include "values.h"

namespace miniracer {

namespace {

// A function of the host's, or none.
miniracer_status TakeFunction(Scope& scope, const miniracer_value& value, const char* what, bool needed,
                              v8::Global<v8::Function>* result) {
  if (value.tag == MINIRACER_UNDEFINED && !needed) return MINIRACER_OK;
  v8::Local<v8::Value> function;
  miniracer_status status = ToJs(scope, value, what, &function);
  if (status != MINIRACER_OK) return status;
  if (!function->IsFunction()) {
    return scope.Fail(MINIRACER_INVALID_ARGUMENT, std::string(what) + ": a function is needed");
  }
  result->Reset(scope.v8, function.As<v8::Function>());
  return MINIRACER_OK;
}

// A run that was ended while we were at it: what has begun to be unwound goes on being so.
miniracer_status EndedOr(Scope& scope, v8::Local<v8::Value> value, miniracer_value* result) {
  if (scope.isolate.limits.ending() == MINIRACER_OK) return ToHost(scope, value, result);
  scope.isolate.limits.KeepEnding();
  EndNow(scope);
  return scope.Thrown();
}

}  // namespace

miniracer_status SetModuleLoader(Scope& scope, const miniracer_module_loader& loader) {
  v8::Global<v8::Function> resolve, load, meta;
  miniracer_status status = TakeFunction(scope, loader.resolve, "loader.resolve", false, &resolve);
  if (status == MINIRACER_OK) status = TakeFunction(scope, loader.load, "loader.load", true, &load);
  if (status == MINIRACER_OK) status = TakeFunction(scope, loader.meta, "loader.meta", false, &meta);
  if (status != MINIRACER_OK) return status;
  Modules::Of(*scope.entry)->SetLoader(std::move(resolve), std::move(load), std::move(meta), nullptr);
  return MINIRACER_OK;
}

miniracer_status SetFileLoader(Scope& scope, const miniracer_file_loader& loader) {
  v8::Global<v8::Function> resolve, load, meta;
  miniracer_status status = TakeFunction(scope, loader.resolve, "loader.resolve", false, &resolve);
  if (status == MINIRACER_OK) status = TakeFunction(scope, loader.load, "loader.load", false, &load);
  if (status == MINIRACER_OK) status = TakeFunction(scope, loader.meta, "loader.meta", false, &meta);
  std::shared_ptr<Files> files;
  if (status == MINIRACER_OK) status = Files::New(scope, loader, &files);
  if (status != MINIRACER_OK) return status;
  Modules::Of(*scope.entry)->SetLoader(std::move(resolve), std::move(load), std::move(meta), std::move(files));
  return MINIRACER_OK;
}

miniracer_status ImportModule(Scope& scope, const miniracer_value& specifier, const miniracer_value* referrer,
                              miniracer_value* result) {
  v8::Local<v8::String> text, from = v8::String::Empty(scope.v8);
  miniracer_status status = TextToJs(scope, specifier, "specifier", v8::NewStringType::kNormal, &text);
  if (status == MINIRACER_OK && referrer != nullptr && referrer->tag != MINIRACER_UNDEFINED) {
    status = TextToJs(scope, *referrer, "referrer", v8::NewStringType::kNormal, &from);
  }
  if (status != MINIRACER_OK) return status;
  ModuleRequest request;
  request.specifier = RequestUnits(scope.v8, text);
  std::shared_ptr<Modules> modules = Modules::Of(*scope.entry);
  return EndedOr(scope, modules->Import(scope, std::move(request), Units(scope.v8, from)), result);
}

miniracer_status EvaluateModule(Scope& scope, const miniracer_script& script, miniracer_value* result) {
  v8::Local<v8::Promise> promise;
  std::shared_ptr<Modules> modules = Modules::Of(*scope.entry);
  miniracer_status status = modules->Evaluate(scope, script, &promise);
  return status == MINIRACER_OK ? EndedOr(scope, promise, result) : status;
}

}  // namespace miniracer
