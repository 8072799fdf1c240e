// Values as text for people: native/js/inspect.js and what it cannot ask in JavaScript.
#pragma once

#include "miniracer.h"
#include "scope.h"

namespace miniracer {

// The functions of inspect.js. Runs no guest code; call them in the hidden realm.
v8::MaybeLocal<v8::Object> Inspector(Isolate& isolate);

// A line "    at f (file:line:column)" per frame of the guest's, with a line break before each.
v8::Local<v8::String> FramesText(Isolate& isolate, v8::Local<v8::StackTrace> trace);

miniracer_status Inspect(Scope& scope, const miniracer_value& value, const miniracer_inspect_options& options,
                         miniracer_value* result);

}  // namespace miniracer
