// What V8 tells of an error's stack in the text of `stack` alone: functions of the engine's own, and async functions that
// were waiting for what threw.
#pragma once

#include <functional>
#include <vector>

#include "scope.h"

namespace miniracer {

struct CallSite {
  enum class Kind { kCode, kNative, kConstructor, kAsync };
  Kind kind = Kind::kCode;
  int32_t line = 0;  // 0: it is no code of a script
  int32_t column = 0;
  v8::Local<v8::String> function;  // empty text: unknown, or plain code
  v8::Local<v8::String> file;      // likewise; without a line it is what V8 writes in its place, "<anonymous>" say
};

// All of them, from the innermost; none where they cannot be told, as when the guest has read or replaced `stack`, or where
// there is nothing but plain code. Runs no guest code and leaves `stack` to be made by Error.prepareStackTrace, if it is to be.
std::vector<CallSite> CallSites(Scope& scope, v8::Local<v8::Object> error);

// Gives the text that `stack` is to be from now on, or throws: then V8 keeps what it is to be made of.
using StackAnswer = std::function<v8::MaybeLocal<v8::Value>(v8::Local<v8::Array> sites)>;

// The own `stack` of an error, where it is data. Where V8 has yet to make it, `answer` is asked in place of
// Error.prepareStackTrace. Empty where it cannot be told: V8 would make it without asking, or the answer was an exception,
// which goes no further. Runs no guest code.
v8::MaybeLocal<v8::Value> ReadStack(Isolate& isolate, v8::Local<v8::Object> error, const StackAnswer& answer);

}  // namespace miniracer
