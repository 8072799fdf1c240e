// The stack of an error: as frames, and as text in V8's own layout.
#pragma once

#include <vector>

#include "call_sites.h"
#include "miniracer.h"
#include "scope.h"
#include "source_maps.h"

namespace miniracer {

// A guest gives its functions, scripts and errors whatever names it likes, and they are in each line of a stack: of longer ones
// an error has the beginning.
inline constexpr int kLongestName = 1000;

// Code of the library's own is no part of what the guest did.
bool IsOurs(Scope& scope, int script);

// One line of a stack.
struct StackEntry {
  v8::Local<v8::String> function;  // may be empty
  SourcePlace place = {};          // of native functions: what V8 writes in place of one
  uint32_t flags = 0;              // MINIRACER_FRAME_* bits
};

// Innermost first. `trace` may be empty; `sites` are the same stack's.
std::vector<StackEntry> StackEntries(Scope& scope, v8::Local<v8::StackTrace> trace, const std::vector<CallSite>& sites);

std::vector<miniracer_frame> Frames(Scope& scope, const std::vector<StackEntry>& entries);

// From the frames: reading `stack` could run Error.prepareStackTrace.
v8::Local<v8::String> StackText(Scope& scope, v8::Local<v8::Value> name, v8::Local<v8::Value> message,
                                const std::vector<StackEntry>& entries);

// The text of a frame's line, as far as it can be told; or empty.
v8::Local<v8::String> SourceLine(v8::Isolate* v8, v8::Local<v8::StackFrame> frame);

}  // namespace miniracer
