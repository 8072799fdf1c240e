// ArrayBuffers and views of them: their memory in the host's hands, and the host's memory in JavaScript's.
#pragma once

#include <memory>

#include "miniracer.h"
#include "scope.h"

namespace miniracer {

miniracer_status OpenBuffer(Scope& scope, miniracer_handle object, miniracer_buffer** buffer);
void FreeBuffer(miniracer_buffer* buffer);

// Takes over options.userdata when it succeeds.
miniracer_status NewArrayBuffer(Scope& scope, const miniracer_buffer_options& options, miniracer_value* result);
miniracer_status DetachArrayBuffer(Scope& scope, miniracer_handle buffer);
miniracer_status NewTypedArray(Scope& scope, miniracer_handle buffer, uint32_t element, uint64_t byte_offset,
                               uint64_t length, miniracer_value* result);

// Memory for a buffer, zeroed or with a copy of what is at `copied`; null where there is none: V8 itself ends the process.
std::unique_ptr<v8::BackingStore> Allocate(Scope& scope, bool shared, uint64_t length, const void* copied);

// Whether its memory is the host's, so that it must not be transferred to where detaching does not reach it.
bool IsLent(v8::Isolate* v8, v8::Local<v8::ArrayBuffer> buffer);

}  // namespace miniracer
