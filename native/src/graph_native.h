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

// Writes the form of a text of Latin-1 or UTF-16 where there is room for kTextHead and three bytes for each of its units.
// Gives its length.
constexpr size_t kTextHead = 9;  // an opcode and eight bytes of length
size_t WriteText(const uint8_t* units, size_t length, uint8_t* to);
size_t WriteText(const uint16_t* units, size_t length, uint8_t* to);

// Whether V8 takes an object, an Array aside, for one that holds nothing but its properties. Runs nothing.
bool IsPlain(v8::Isolate* v8, v8::Local<v8::Object> object);

// The encoded form of a graph of plain data whose form in V8's ValueSerializer has at most so many bytes: all of `graph` but
// handles. False: it is not, and nothing of the guest's or the host's has been run.
bool EncodePlainGraph(Scope& scope, v8::Local<v8::Value> value, const GraphLimits& limits, size_t most,
                      miniracer_graph* graph);

}  // namespace miniracer
