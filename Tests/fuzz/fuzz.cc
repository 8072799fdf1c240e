#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

namespace fuzz {

void Die(const char* file, int line, const std::string& what) {
  fprintf(stderr, "%s:%d: %s\n", file, line, what.c_str());
  abort();
}

void Start() {
  static const bool started = [] {
    miniracer_init_options options{};
    options.struct_size = sizeof options;
    options.flags = MINIRACER_INIT_SINGLE_THREADED;
    REQUIRE(miniracer_init(&options, nullptr) == MINIRACER_OK, "V8 does not start");
    return true;
  }();
  (void)started;
}

std::string Input::Bytes(size_t count) {
  size_t left = static_cast<size_t>(end_ - at_);
  if (count > left) count = left;
  std::string bytes(reinterpret_cast<const char*>(at_), count);
  at_ += count;
  return bytes;
}

std::string Input::Piece() {
  const uint8_t* end = at_;
  while (end != end_ && *end != 0) ++end;
  std::string piece = Bytes(static_cast<size_t>(end - at_));
  if (at_ != end_) ++at_;
  return piece;
}

bool IsUtf8(const std::string& bytes) {
  static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
  for (size_t i = 0; i < bytes.size();) {
    auto first = static_cast<uint8_t>(bytes[i++]);
    if (first < 0x80) continue;
    int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    if (first < 0xc2 || first > 0xf4) return false;
    uint32_t code = first & (0x3f >> more);
    for (int j = 0; j < more; ++j, ++i) {
      if (i == bytes.size() || (bytes[i] & 0xc0) != 0x80) return false;
      code = code << 6 | (bytes[i] & 0x3f);
    }
    if (code < least[more] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return false;
  }
  return true;
}

miniracer_value AnyText(const std::string& bytes) {
  return Text(bytes, IsUtf8(bytes) ? MINIRACER_UTF8 : MINIRACER_LATIN1);
}

std::string Copy(const miniracer_value& text) {
  REQUIRE(text.tag == MINIRACER_STRING, "is no text");
  const char* data = static_cast<const char*>(text.as.data);
  if (text.subtype == MINIRACER_LATIN1) return std::string(data, text.length);
  REQUIRE(text.subtype == MINIRACER_UTF16, "output is Latin-1 or UTF-16");
  return "utf-16:" + std::string(data, size_t{text.length} * 2);
}

miniracer_isolate NewIsolate(const Limits& limits, uint32_t flags) {
  Start();
  miniracer_isolate_options options{};
  options.struct_size = sizeof options;
  options.flags = flags;
  options.timeout = limits.timeout;
  options.heap_limit = limits.memory;
  options.memory_limit = limits.memory;
  miniracer_isolate isolate = 0;
  REQUIRE(miniracer_isolate_new(&options, &isolate, nullptr) == MINIRACER_OK, "no isolate");
  return isolate;
}

miniracer_context NewContext(miniracer_isolate isolate, uint32_t flags) {
  miniracer_context_options options{};
  options.struct_size = sizeof options;
  options.flags = flags;
  miniracer_context context = 0;
  REQUIRE(miniracer_context_new(isolate, &options, &context, nullptr) == MINIRACER_OK, "no context");
  return context;
}

miniracer_run_options RunFor(uint64_t timeout) {
  miniracer_run_options run{};
  run.struct_size = sizeof run;
  run.timeout = timeout;
  return run;
}

bool IsEnd(miniracer_status status) {
  switch (status) {
    case MINIRACER_OK:
    case MINIRACER_EXCEPTION:
    case MINIRACER_TIMEOUT:
    case MINIRACER_OUT_OF_MEMORY:
    case MINIRACER_ENGINE_DEAD:
      return true;
    default:
      return false;
  }
}

void CheckRecord(miniracer_status status, miniracer_error* error) {
  REQUIRE(strcmp(miniracer_status_name(status), "unknown") != 0, std::to_string(status));
  if (status == MINIRACER_OK) REQUIRE(error == nullptr, "a record of a success");
  if (error == nullptr) return;
  REQUIRE(error->status == status,
          std::string(miniracer_status_name(status)) + ", and the record says " + miniracer_status_name(error->status));
  REQUIRE(error->message.tag == MINIRACER_STRING, "a record without a message");
  for (uint32_t i = 0; i < error->frame_count; ++i) {
    auto* frame = reinterpret_cast<const miniracer_frame*>(reinterpret_cast<const char*>(error->frames) +
                                                           size_t{i} * error->frame_size);
    REQUIRE(frame->line >= 0 && frame->column >= 0, "a frame before the script's beginning");
  }
  miniracer_error_free(error);
}

}  // namespace fuzz
