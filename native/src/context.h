// One global object: making it, and running scripts in it.
#pragma once

#include "miniracer.h"
#include "scope.h"

namespace miniracer {

// The identity of a context of ours; 0 for one that is not the host's, or no more.
miniracer_context ContextId(v8::Local<v8::Context> context);

// Takes over options.console_userdata, and sets console_finalize to NULL when it has done so.
miniracer_status NewContext(Isolate& isolate, miniracer_context_options& options, miniracer_context* id);

// SYNTAX_ERROR or EXCEPTION leave the exception to the caller's TryCatch.
miniracer_status Evaluate(Scope& scope, const miniracer_script& script, miniracer_value* result);

miniracer_status ParseJson(Scope& scope, const miniracer_value& text, miniracer_value* result);
miniracer_status StringifyJson(Scope& scope, const miniracer_value& value, uint32_t indent, miniracer_value* result);

}  // namespace miniracer
