// The extern "C" boundary of buffers; see abi.cc.
#include <string>

#include "buffers.h"
#include "calls.h"
#include "host_code.h"
#include "miniracer.h"

using namespace miniracer;  // NOLINT: this file is the boundary

extern "C" {

miniracer_status miniracer_buffer_open(miniracer_context context, miniracer_handle object, miniracer_buffer** buffer,
                                       miniracer_error** error) {
  if (buffer == nullptr) return Guarded(error, [&] { return MissingArgument(error, "buffer"); });
  return InContext(context, error, [&](Scope& scope) { return OpenBuffer(scope, object, buffer); });
}

void miniracer_buffer_free(miniracer_buffer* buffer) {
  if (buffer != nullptr) FreeBuffer(buffer);
}

miniracer_status miniracer_array_buffer_new(miniracer_context context, const miniracer_buffer_options* options,
                                            miniracer_value* result, miniracer_error** error) {
  miniracer_buffer_options read{};
  miniracer_status status = Guarded(error, [&] {
    std::string problem;
    if (options == nullptr) return MissingArgument(error, "options");
    miniracer_status outcome = ReadStruct(options, &read, "options", &problem);
    if (outcome != MINIRACER_OK) return Report(error, outcome, problem);
    constexpr uint32_t kKnown = MINIRACER_BUFFER_NEW_SHARED | MINIRACER_BUFFER_NEW_COPY;
    if ((read.flags & ~kKnown) != 0) return UnknownFlags(error, "options.flags", read.flags & ~kKnown);
    return Making(result, context, error,
                  [&](Scope& scope, miniracer_value* made) { return NewArrayBuffer(scope, read, made); });
  });
  if (status != MINIRACER_OK && read.finalize != nullptr) CallHost(read.finalize, read.userdata);
  return status;
}

miniracer_status miniracer_array_buffer_detach(miniracer_context context, miniracer_handle buffer,
                                               miniracer_error** error) {
  return InContext(context, error, [&](Scope& scope) { return DetachArrayBuffer(scope, buffer); });
}

miniracer_status miniracer_typed_array_new(miniracer_context context, miniracer_handle buffer, uint32_t element,
                                           uint64_t byte_offset, uint64_t length, miniracer_value* result,
                                           miniracer_error** error) {
  return Making(result, context, error, [&](Scope& scope, miniracer_value* made) {
    return NewTypedArray(scope, buffer, element, byte_offset, length, made);
  });
}

}  // extern "C"
