// The host's side of native/js/graph.js, which does the walking: in JavaScript, because V8's C++ interface takes three
// times as long to read properties.
#include <stdlib.h>
#include <string.h>

#include <limits>
#include <new>
#include <string>

#include "errors.h"
#include "graph.h"
#include "graph_native.h"
#include "isolate.h"
#include "text.h"
#include "values.h"

namespace miniracer {

GraphLimits::GraphLimits(const miniracer_graph_options& options)
    : flags(options.flags),
      depth(options.max_depth != 0 ? options.max_depth : 1000),
      nodes(options.max_nodes),
      bytes(options.max_bytes != 0 ? options.max_bytes : uint64_t{1} << 30) {}

namespace {

bool MakeEncoder(Scope& scope, v8::Local<v8::Context> hidden, v8::Local<v8::Function>* encoder) {
  v8::Global<v8::Function>& kept = scope.isolate.own_code.encode_graph;
  if (!kept.IsEmpty()) {
    *encoder = kept.Get(scope.v8);
    return true;
  }
  v8::Context::Scope entered(hidden);
  v8::Local<v8::Value> script, made;
  v8::Local<v8::Object> functions, kinds;
  if (!RunOwnScript(scope.isolate, "graph").ToLocal(&script)) return false;
  if (!GraphFunctions(hidden).ToLocal(&functions) || !GraphKinds(hidden).ToLocal(&kinds)) return false;
  v8::Local<v8::Value> arguments[] = {functions, kinds};
  if (!script.As<v8::Function>()->Call(hidden, v8::Undefined(scope.v8), 2, arguments).ToLocal(&made)) return false;
  *encoder = made.As<v8::Function>();
  kept.Reset(scope.v8, *encoder);
  return true;
}

// What the walk threw. The guest's exceptions stay as they are; the hidden realm's objects must not get out of here.
miniracer_status Explain(Scope& scope, v8::Local<v8::Context> hidden, v8::Local<v8::Value> thrown,
                         v8::Local<v8::Value>* instead) {
  auto object = thrown.As<v8::Object>();
  v8::Local<v8::Value> status, message;
  if (!object->Get(hidden, Ascii(scope.v8, "message")).ToLocal(&message)) return MINIRACER_INTERNAL;
  if (!object->IsNativeError()) {
    if (!object->Get(hidden, Ascii(scope.v8, "status")).ToLocal(&status) || !status->IsInt32()) {
      return MINIRACER_INTERNAL;
    }
    return scope.Fail(status.As<v8::Int32>()->Value(), Utf8(scope.v8, message));
  }
  // Too deep for the stack, too large for a Map or for a buffer.
  if (IsRangeError(scope.v8, object)) {
    return scope.Fail(MINIRACER_TOO_LARGE, "value: beyond what the engine can walk: " + Utf8(scope.v8, message));
  }
  // A module's variable that is not initialized yet; a Proxy that breaks the rules, or is revoked.
  bool reference = Utf8(scope.v8, object->GetConstructorName()) == "ReferenceError";
  auto text = message.As<v8::String>();
  *instead = reference ? v8::Exception::ReferenceError(text) : v8::Exception::TypeError(text);
  return MINIRACER_EXCEPTION;
}

bool IsOf(v8::Local<v8::Value> value, v8::Local<v8::Context> context) {
  v8::Local<v8::Context> creation;
  return value->IsObject() && !value->IsProxy() && value.As<v8::Object>()->GetCreationContext().ToLocal(&creation) &&
         creation == context;
}

struct Made {
  miniracer_graph graph{};
  ~Made() {
    Release(graph.handles, graph.handle_count);
    free(graph.handles);
    free(const_cast<void*>(graph.data));
  }
};

miniracer_graph* Handed(Made* made) {
  auto* result = static_cast<miniracer_graph*>(malloc(sizeof(miniracer_graph)));
  if (result == nullptr) throw std::bad_alloc();
  *result = made->graph;
  made->graph = {};
  return result;
}

void CopyBytes(const void* from, uint64_t length, miniracer_graph* graph) {
  void* data = malloc(length);
  if (data == nullptr) throw std::bad_alloc();
  memcpy(data, from, length);
  graph->struct_size = sizeof *graph;
  graph->data = data;
  graph->length = length;
}

miniracer_status CopyOut(Scope& scope, v8::Local<v8::Context> hidden, v8::Local<v8::Array> encoded,
                         miniracer_graph** graph) {
  v8::Local<v8::Value> buffer, length, handles;
  if (!encoded->Get(hidden, 0).ToLocal(&buffer) || !encoded->Get(hidden, 1).ToLocal(&length) ||
      !encoded->Get(hidden, 2).ToLocal(&handles)) {
    return MINIRACER_INTERNAL;
  }
  Made made;
  CopyBytes(buffer.As<v8::Uint8Array>()->Buffer()->Data(), static_cast<uint64_t>(length.As<v8::Number>()->Value()),
            &made.graph);
  auto list = handles.As<v8::Array>();
  uint32_t count = list->Length();
  if (count != 0) {
    made.graph.handles = static_cast<miniracer_value*>(calloc(count, sizeof(miniracer_value)));
    if (made.graph.handles == nullptr) throw std::bad_alloc();
    for (; made.graph.handle_count < count; ++made.graph.handle_count) {
      v8::HandleScope one(scope.v8);
      v8::Local<v8::Value> value;
      if (!list->Get(hidden, made.graph.handle_count).ToLocal(&value)) return MINIRACER_INTERNAL;
      miniracer_status status = ToHost(scope, value, &made.graph.handles[made.graph.handle_count]);
      if (status != MINIRACER_OK) return status;
    }
  }
  scope.isolate.own_code.large_graphs += made.graph.length;
  *graph = Handed(&made);
  return MINIRACER_OK;
}

// What the walker is spared, by the bytes of V8's form: all that takes no large part of a second, as not every V8 looks
// whether the run is to end, until the isolate has had so much that the walker would have paid for its compilation; then what
// takes less than the way there and back.
constexpr size_t kMostPlain = 2 << 20, kMostPlainLater = 1 << 10;
constexpr uint64_t kWalkerPays = 4 << 20;

bool EncodePlain(Scope& scope, v8::Local<v8::Value> value, const GraphLimits& limits, miniracer_graph** graph) {
  uint64_t& encoded = scope.isolate.own_code.large_graphs;
  Made made;
  size_t most = encoded < kWalkerPays ? kMostPlain : kMostPlainLater;
  if (!EncodePlainGraph(scope, value, limits, most, &made.graph)) return false;
  if (made.graph.length > kMostPlainLater) encoded += made.graph.length;
  *graph = Handed(&made);
  return true;
}

v8::Local<v8::Value> LimitToJs(v8::Isolate* v8, uint64_t limit) {
  return v8::Number::New(v8, limit != 0 ? static_cast<double>(limit) : std::numeric_limits<double>::infinity());
}

}  // namespace

miniracer_status EncodeGraph(Scope& scope, const miniracer_value& value, const GraphLimits& limits,
                             miniracer_graph** graph) {
  v8::Local<v8::Value> converted, encoded, instead;
  if (miniracer_status status = ToJs(scope, value, "value", &converted); status != MINIRACER_OK) return status;
  if (EncodePlain(scope, converted, limits, graph)) return MINIRACER_OK;
  scope.terminated = scope.isolate.limits.ending() != MINIRACER_OK;
  if (scope.terminated) return MINIRACER_INTERNAL;
  v8::Local<v8::Context> hidden = HiddenRealm(scope.isolate);
  v8::Local<v8::Function> encoder;
  if (hidden.IsEmpty()) return MINIRACER_OUT_OF_MEMORY;
  miniracer_status status;
  {
    v8::TryCatch caught(scope.v8);
    bool made = MakeEncoder(scope, hidden, &encoder);
    if (made) {
      v8::Local<v8::Value> arguments[] = {converted,
                                          PrototypeOf(v8::Object::New(scope.v8)),
                                          v8::Integer::NewFromUnsigned(scope.v8, limits.flags),
                                          v8::Integer::NewFromUnsigned(scope.v8, limits.depth),
                                          LimitToJs(scope.v8, limits.nodes),
                                          LimitToJs(scope.v8, limits.bytes)};
      made = encoder->Call(hidden, v8::Undefined(scope.v8), 6, arguments).ToLocal(&encoded);
    }
    if (made) return CopyOut(scope, hidden, encoded.As<v8::Array>(), graph);
    if (caught.HasTerminated() || !caught.HasCaught()) {
      scope.terminated = caught.HasTerminated();
      return MINIRACER_INTERNAL;
    }
    if (!IsOf(caught.Exception(), hidden)) {
      caught.ReThrow();
      return scope.Thrown();
    }
    status = Explain(scope, hidden, caught.Exception(), &instead);
  }
  if (!instead.IsEmpty()) scope.v8->ThrowException(instead);
  return status;
}

void FreeGraph(miniracer_graph* graph) {
  if (graph == nullptr) return;
  Release(graph->handles, graph->handle_count);
  free(graph->handles);
  free(const_cast<void*>(graph->data));
  free(graph);
}

}  // namespace miniracer
