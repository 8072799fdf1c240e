#include "context.h"

#include <string>

#include "globals.h"
#include "source_maps.h"
#include "switches.h"
#include "text.h"
#include "values.h"

namespace miniracer {

miniracer_context ContextId(v8::Local<v8::Context> context) {
  ContextEntry* entry = ContextEntry::Of(context);
  return entry != nullptr ? entry->id : 0;
}

miniracer_status NewContext(Isolate& isolate, miniracer_context_options& options, miniracer_context* id) {
  bool globals = options.flags != 0 || options.console != nullptr || HasSwitches(isolate.flags());
  // V8 defines no properties while it unwinds.
  miniracer_status ending = globals ? isolate.limits.ending() : MINIRACER_OK;
  if (ending != MINIRACER_OK) return ending;
  v8::Local<v8::Context> context = v8::Context::New(isolate.v8());
  if (context.IsEmpty()) return MINIRACER_OUT_OF_MEMORY;
  // One token for all: the contexts of an isolate may share objects, as the host sees fit.
  context->SetSecurityToken(v8::Undefined(isolate.v8()));
  ContextSlots::Position at;
  ContextEntry entry;
  entry.context.Reset(isolate.v8(), context);
  if (!isolate.contexts.Add(std::move(entry), &at)) {
    return MINIRACER_TOO_MANY_HANDLES;
  }
  ContextEntry* added = isolate.contexts.Find(at.generation, at.index);
  miniracer_context made = Id::Make(IdKind::kContext, isolate.serial(), at.generation, at.index);
  added->id = made;
  added->Register(isolate.v8());
  if (globals) {
    Scope scope{isolate, isolate.v8(), context, made, added, {}};
    v8::Context::Scope entered(context);
    v8::TryCatch caught(isolate.v8());                // for want of stack or memory
    bool switched = ApplySwitches(isolate, context);  // before the library's own globals take what they use
    if (miniracer_status status = switched ? InstallGlobals(scope, options) : MINIRACER_INTERNAL;
        status != MINIRACER_OK) {
      isolate.Drop(made);
      ending = isolate.limits.ending();
      return ending != MINIRACER_OK ? ending : status;
    }
  }
  *id = made;
  return MINIRACER_OK;
}

namespace {

miniracer_status ReadSourceMap(Scope& scope, const miniracer_script& script, v8::Local<v8::String> name) {
  if (script.source_map.tag == MINIRACER_UNDEFINED) {
    if (!name.IsEmpty()) ForgetSourceMap(scope, name);
    return MINIRACER_OK;
  }
  if (name.IsEmpty()) return scope.Fail(MINIRACER_INVALID_ARGUMENT, "source_map: the script needs a name");
  v8::Local<v8::String> text;
  miniracer_status status = TextToJs(scope, script.source_map, "source_map", v8::NewStringType::kNormal, &text);
  if (status != MINIRACER_OK) return status;
  return RegisterSourceMap(scope, name, text, script.line > 0 ? script.line - 1 : 0,
                           script.column > 0 ? script.column - 1 : 0);
}

}  // namespace

miniracer_status Evaluate(Scope& scope, const miniracer_script& script, miniracer_value* result) {
  if (script.line < 0 || script.column < 0) {
    return scope.Fail(MINIRACER_INVALID_ARGUMENT, "line and column count from 1");
  }
  v8::Local<v8::String> source, name;
  miniracer_status status = TextToJs(scope, script.source, "source", v8::NewStringType::kNormal, &source);
  if (status != MINIRACER_OK) return status;
  v8::Local<v8::Value> origin_name;  // left empty and not undefined, for which V8 would not look into its cache
  if (script.name.tag != MINIRACER_UNDEFINED) {
    status = TextToJs(scope, script.name, "name", v8::NewStringType::kNormal, &name);
    if (status != MINIRACER_OK) return status;
    origin_name = name;
  }
  if (status = ReadSourceMap(scope, script, name); status != MINIRACER_OK) return status;
  v8::ScriptOrigin origin = MakeScriptOrigin(scope.v8, origin_name, script.line > 0 ? script.line - 1 : 0,
                                             script.column > 0 ? script.column - 1 : 0);
  v8::Local<v8::Script> compiled;
  if (!v8::Script::Compile(scope.context, source, &origin).ToLocal(&compiled)) return MINIRACER_SYNTAX_ERROR;
  v8::Local<v8::Value> value;
  if (!compiled->Run(scope.context).ToLocal(&value)) return scope.Thrown();
  return ToHost(scope, value, result);
}

miniracer_status ParseJson(Scope& scope, const miniracer_value& text, miniracer_value* result) {
  v8::Local<v8::String> source;
  miniracer_status status = TextToJs(scope, text, "text", v8::NewStringType::kNormal, &source);
  if (status != MINIRACER_OK) return status;
  v8::Local<v8::Value> value;
  if (!v8::JSON::Parse(scope.context, source).ToLocal(&value)) return scope.Thrown();
  return ToHost(scope, value, result);
}

miniracer_status StringifyJson(Scope& scope, const miniracer_value& value, uint32_t indent, miniracer_value* result) {
  if (indent > 10) return scope.Fail(MINIRACER_INVALID_ARGUMENT, "indent: more than 10 spaces");
  v8::Local<v8::Value> converted;
  miniracer_status status = ToJs(scope, value, "value", &converted);
  if (status != MINIRACER_OK) return status;
  v8::Local<v8::String> text, gap = Ascii(scope.v8, std::string(indent, ' '));
  if (!v8::JSON::Stringify(scope.context, converted, gap).ToLocal(&text)) return scope.Thrown();
  // V8 gives the word "undefined", which is no JSON text, where JSON.stringify gives undefined.
  bool nothing = text->StringEquals(Ascii(scope.v8, "undefined"));
  *result = {};
  return nothing ? MINIRACER_OK : ToHost(scope, text, result);
}

}  // namespace miniracer
