// console.* of a context whose host listens to it.
#pragma once

#include "miniracer.h"
#include "scope.h"

namespace miniracer {

// Puts a console into scope.context that writes to `sink`, a function. Before guest code runs there.
bool InstallConsole(Scope& scope, v8::Local<v8::Function> sink, bool colors);

}  // namespace miniracer
