// structuredClone: V8's serializer, to and from memory.
#pragma once

#include "v8_compat.h"

namespace miniracer {

// (value, list of what is to be transferred, maker of DataCloneErrors) -> the clone.
void Clone(const v8::FunctionCallbackInfo<v8::Value>& info);

}  // namespace miniracer
