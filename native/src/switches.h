// What an isolate's guests may use of the engine: MINIRACER_ISOLATE_NO_*.
#pragma once

#include "isolate.h"

namespace miniracer {

bool HasSwitches(uint32_t flags);

// For an isolate that was just made, and for each of its contexts, before guest code had its turn in it. False when V8 has
// no room.
void SetSwitches(v8::Isolate* v8, uint32_t flags);
bool ApplySwitches(Isolate& isolate, v8::Local<v8::Context> context);

}  // namespace miniracer
