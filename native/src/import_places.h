// Who imported what a host's loader refused: its error comes out as itself, and tells the place.
#pragma once

#include <string>

#include "error_record.h"
#include "modules.h"
#include "scope.h"

namespace miniracer {

// Has an Error tell that this import met it: its records, and its `stack`. The first import counts. Nothing is added where an
// `import()` is its innermost frame already.
void AddImport(Scope& scope, v8::Local<v8::Object> error, const ModuleRequest& request, const std::u16string& referrer);

// The same for an Error of the host's (miniracer_call_throw_error). Other values are left alone: what JavaScript throws has a place.
void SetImportPlace(Scope& scope, v8::Local<v8::Value> thrown, const ModuleRequest& request,
                    const std::u16string& referrer);

// Puts the place first in a record of an Error that has one. `header`: what the text of the stack begins with.
void AddImportPlace(Scope& scope, v8::Local<v8::Object> error, v8::Local<v8::String> header, Record* record,
                    v8::Local<v8::String>* stack);

}  // namespace miniracer
