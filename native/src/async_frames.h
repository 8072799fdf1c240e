// The frames of an error that were waiting in async functions when it was thrown. V8 tells of them in the text of `stack`
// alone.
#pragma once

#include <vector>

#include "scope.h"

namespace miniracer {

struct AsyncFrame {
  v8::Local<v8::String> function;  // empty text: unknown
  v8::Local<v8::String> file;
  int32_t line = 0;
  int32_t column = 0;
};

// Runs no guest code: neither an accessor that the guest put in the place of `stack`, nor Error.prepareStackTrace.
// `header` is what `stack` begins with if it was not asked for before: "name: message".
std::vector<AsyncFrame> AsyncFrames(Scope& scope, v8::Local<v8::Object> error, v8::Local<v8::String> header);

}  // namespace miniracer
