// The globals of the web that need no network: native/js/*.js in the guest's context, and what they ask of C++.
#pragma once

#include "scope.h"

namespace miniracer {

// Before guest code runs in scope.context.
bool InstallWeb(Scope& scope);

}  // namespace miniracer
