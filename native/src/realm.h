// Where the library's own JavaScript (native/js) runs, and how it is started.
#pragma once

#include <map>
#include <new>
#include <string_view>
#include <vector>

#include "v8_compat.h"

namespace miniracer {

class Isolate;

// What an isolate has of them. Its scripts are compiled once, and are no part of what errors tell of the guest.
class OwnCode {
 public:
  bool Has(int script) const;

  v8::Global<v8::Context> hidden;  // see HiddenRealm
  std::map<std::string_view, v8::Global<v8::UnboundScript>> scripts;
  std::vector<int> ids;
  v8::Global<v8::Function> encode_graph;                     // see graph_encode.cc; made when first needed
  uint64_t large_graphs = 0;                                 // their bytes, likewise
  std::map<std::string_view, v8::Global<v8::Object>> tools;  // see HiddenTool
};

// Runs native/js/<name>.js in the current context and gives its completion value: by our convention a function. Before
// guest code had its turn in that context, or in the hidden realm: else the guest may have changed what the script uses.
v8::MaybeLocal<v8::Value> RunOwnScript(Isolate& isolate, std::string_view name);

// A context of the isolate that no guest is ever in and none of whose objects is handed out: intrinsics taken from it are
// as the engine made them, and work on the objects of every other context. Made when first asked for.
v8::Local<v8::Context> HiddenRealm(Isolate& isolate);

// What native/js/<script>.js gives for its function in the hidden realm: called once per isolate, when first asked for, with
// `argument(isolate)`, if that is given, in that realm. Empty like CallHidden.
v8::MaybeLocal<v8::Object> HiddenTool(Isolate& isolate, std::string_view script,
                                      v8::MaybeLocal<v8::Value> (*argument)(Isolate& isolate) = nullptr);

// A call of a tool's function, in the hidden realm. Empty where it threw, which happens for want of stack or memory alone:
// the exception, an object of that realm, is swallowed. Where the run was ended, it goes on being ended.
v8::MaybeLocal<v8::Value> CallHidden(Isolate& isolate, v8::Local<v8::Value> function, int count,
                                     v8::Local<v8::Value> arguments[]);
v8::Local<v8::Value> ToolFunction(Isolate& isolate, v8::Local<v8::Object> tool, std::string_view name);

// A method of the library's on an object of the library's.
void AddNative(Isolate& isolate, v8::Local<v8::Object> object, std::string_view name, v8::FunctionCallback callback);

// The same for one that may run out of memory: no C++ exception may pass through V8.
void ThrowOutOfMemory(v8::Isolate* v8);
template <void (*Body)(const v8::FunctionCallbackInfo<v8::Value>& info)>
void AddNative(Isolate& isolate, v8::Local<v8::Object> object, std::string_view name) {
  AddNative(isolate, object, name, [](const v8::FunctionCallbackInfo<v8::Value>& info) {
    try {
      Body(info);
    } catch (const std::bad_alloc&) {
      ThrowOutOfMemory(info.GetIsolate());
    }
  });
}

// The Isolate to a callback added by AddNative.
Isolate& IsolateOf(const v8::FunctionCallbackInfo<v8::Value>& info);

}  // namespace miniracer
