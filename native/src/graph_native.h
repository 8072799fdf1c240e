// What native/js/graph.js leaves to native code: what JavaScript cannot ask without being fooled, and long copies.
#pragma once

#include <string>

#include "graph.h"
#include "v8_compat.h"

namespace miniracer {

// The functions, and the numbers of the kinds of objects, as objects of the current context.
v8::MaybeLocal<v8::Object> GraphFunctions(v8::Local<v8::Context> context);
v8::MaybeLocal<v8::Object> GraphKinds(v8::Local<v8::Context> context);

// MINIRACER_ELEMENT_* of a typed array; NONE for one that this binary does not know.
int ElementOf(v8::Local<v8::Value> array);

// Adds a string's form.
void AppendText(v8::Isolate* v8, v8::Local<v8::String> string, std::string* to);

// The encoded form of a graph that is small and simple; false: it is not, and nothing of the guest's has been run.
bool EncodeSmallGraph(Scope& scope, v8::Local<v8::Value> value, const GraphLimits& limits, std::string* encoded);

}  // namespace miniracer
