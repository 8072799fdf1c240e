// Where V8 and promises call into modules, and small things that they all need.
#pragma once

#include <memory>
#include <new>
#include <string>

#include "modules.h"
#include "text.h"

namespace miniracer {

// A turn of ours inside of V8: with the modules of the current context, null where it is closed. No C++ exception may pass
// through V8, and a run that is being ended stays so.
template <class Body>
void InTurn(v8::Isolate* v8, v8::Local<v8::Context> context, Body&& body) {
  Isolate& isolate = Isolate::Of(v8);
  ContextEntry* entry = ContextEntry::Of(context);
  try {
    Scope scope{isolate, v8, context, 0, entry, {}};
    std::shared_ptr<Modules> modules = entry != nullptr ? Modules::Of(*entry) : nullptr;
    body(scope, modules.get());
  } catch (const std::bad_alloc&) {
    v8->ThrowException(v8::Exception::Error(Ascii(v8, "the process is out of memory")));
  }
  isolate.limits.KeepEnding();
}

// What happens when a promise is settled.
enum class Reaction { kGraphEvaluated, kSourceCame, kNameCame };

// Has it happen, with this number. Whatever a guest made of promises is neither run nor in the way.
void WhenSettled(Scope& scope, v8::Local<v8::Promise> promise, Reaction reaction, uint32_t id);

// Has Modules::GraphLoaded called from the queue of microtasks: no module is evaluated in the middle of others.
void WhenIdle(Scope& scope, uint32_t graph);

// import.meta.resolve of the module of that URL.
v8::MaybeLocal<v8::Function> NewResolve(Scope& scope, v8::Local<v8::String> url);

// "specifier" and what else is known of the place, as a message begins: Cannot import "./b.js" from a.js:1:8: reason
std::string ImportProblem(const ModuleRequest& request, const std::u16string& referrer, const std::string& reason);

// Throws an error that this import is answered with, and that tells the place of it.
void ThrowAtImport(Scope& scope, v8::Local<v8::Value> error, const ModuleRequest& request,
                   const std::u16string& referrer);

// Throws an Error of the current context that says so. `code`: a property that Node's errors have, by which packages tell
// that something is not there.
void ThrowImportProblem(Scope& scope, const ModuleRequest& request, const std::u16string& referrer,
                        const std::string& reason, const char* code = nullptr);

// The same as a TypeError.
void ThrowImportTypeError(Scope& scope, const ModuleRequest& request, const std::u16string& referrer,
                          const std::string& reason);

// The same of ECMA-262 HostLoadImportedModule: nobody has modules of the type that is asked for.
void ThrowUnknownType(Scope& scope, const ModuleRequest& request, const std::u16string& referrer);

// A text of an import's, as far as it can be one: see RequestProblem.
std::u16string RequestUnits(v8::Isolate* isolate, v8::Local<v8::String> text);

// What is wrong with the request, whatever the loader; empty where nothing is. A text of more than 2^20 code units: it is
// kept in several places. An attribute that nobody looks at, which would not do what it says (ECMA-262
// HostGetSupportedImportAttributes): all but `type`.
std::string RequestProblem(const ModuleRequest& request);

// As against a run that is being ended, of which not every TryCatch on the way is told.
bool Threw(const v8::TryCatch& caught);

// Whether the run is being ended: then what was to be done is left to the next one, see Modules::GoOn. V8 does not always
// notice, where nothing of the guest's was left to do.
inline bool PutOff(Scope& scope) {
  if (scope.isolate.limits.ending() == MINIRACER_OK) return false;
  scope.isolate.modules_ended = true;
  return true;
}

// Why the run is being ended.
miniracer_status WhyEnding(Scope& scope);

// An Error of the current context that says so: the import of ...
v8::Local<v8::Value> EndedError(Scope& scope, const char* what, const std::u16string& name, miniracer_status why);

// The line and column that the guest's code is at, if that is in this file.
void TakePlace(Scope& scope, const std::u16string& file, ModuleRequest* request);

// Throws a SyntaxError that names the file.
v8::MaybeLocal<v8::Value> ParseJson(Scope& scope, v8::Local<v8::String> source, const ModuleRequest& request,
                                    const std::u16string& referrer, const std::u16string& url);

// Appends the place to the message of a SyntaxError of V8's: the error itself will not tell it any more once it rejects a
// promise.
void NamePlace(Scope& scope, const v8::TryCatch& caught);

// { key: value, ... } of a module request.
v8::Local<v8::Object> AttributesObject(Scope& scope, const ModuleRequest& request);

// Of V8's list, in which an attribute takes `stride` places.
void ReadAttributes(Scope& scope, v8::Local<v8::FixedArray> list, int stride, ModuleRequest* request);

// ./ and ../ as in a path; anything else is the URL itself.
std::u16string JoinUrl(const std::u16string& specifier, const std::u16string& referrer);

}  // namespace miniracer
