// The stack of an error: as frames, and as text in V8's own layout.
#pragma once

#include <vector>

#include "miniracer.h"
#include "scope.h"

namespace miniracer {

// Code of the library's own is no part of what the guest did.
bool IsOurs(Scope& scope, int script);

std::vector<miniracer_frame> Frames(Scope& scope, v8::Local<v8::StackTrace> trace);

// From the frames: reading `stack` could run Error.prepareStackTrace. `trace` may be empty.
v8::Local<v8::String> StackText(Scope& scope, v8::Local<v8::Value> name, v8::Local<v8::Value> message,
                                v8::Local<v8::StackTrace> trace);

// Adds what waited for the error to the frames and to the text of the stack. `header`: what that begins with.
void AddAsyncFrames(Scope& scope, v8::Local<v8::Object> error, v8::Local<v8::String> header,
                    std::vector<miniracer_frame>* frames, v8::Local<v8::String>* stack);

// The text of a frame's line, as far as it can be told; or empty.
v8::Local<v8::String> SourceLine(v8::Isolate* v8, v8::Local<v8::StackFrame> frame);

}  // namespace miniracer
