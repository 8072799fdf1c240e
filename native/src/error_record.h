// What a record of an error is made of.
#pragma once

#include <stdlib.h>

#include <memory>
#include <string_view>
#include <vector>

#include "errors.h"
#include "text.h"
#include "values.h"

namespace miniracer {

// The record that the host sees is the first part of this.
struct Record : miniracer_error {
  Record() : miniracer_error{} {}
  ~Record() {
    for (miniracer_value* text : {&name, &message, &file, &source_line, &stack}) FreeText(text);
    for (miniracer_frame& frame : frame_list) {
      FreeText(&frame.function);
      FreeText(&frame.file);
    }
    Release(&thrown, 1);
  }

  // Text in a record is borrowed from it, and so without the flag that miniracer_value_release looks for.
  static void FreeText(miniracer_value* text) {
    if (text->tag == MINIRACER_STRING && text->length != 0) free(const_cast<void*>(text->as.data));
  }

  std::vector<miniracer_frame> frame_list;
  std::unique_ptr<Record> cause_record;
  std::shared_ptr<HostError> host_error_share;
};

inline miniracer_value Borrowed(miniracer_value text) {
  text.flags &= static_cast<uint16_t>(~MINIRACER_VALUE_OWNED);
  return text;
}

inline miniracer_value Text(std::string_view ascii) {
  miniracer_value value{};
  value.tag = MINIRACER_STRING;
  value.as.data = "";
  if (ascii.empty()) return value;
  void* data = malloc(ascii.size());
  if (data == nullptr) throw std::bad_alloc();
  memcpy(data, ascii.data(), ascii.size());
  value.length = static_cast<uint32_t>(ascii.size());
  value.as.data = data;
  return value;
}

inline miniracer_value Text(v8::Isolate* v8, v8::Local<v8::Value> string) {
  if (string.IsEmpty() || !string->IsString()) return {};
  return Borrowed(TextToHost(v8, string.As<v8::String>()));
}

}  // namespace miniracer
