// The library's own JavaScript, native/js/*.js, as it lies in the binary. See embed.cmake.
#pragma once

#include <stddef.h>

#include <string_view>

namespace miniracer {

struct OwnScript {
  const char* name;  // of the file, without .js
  std::string_view source;
};

extern const OwnScript kOwnScripts[];
extern const size_t kOwnScriptCount;

}  // namespace miniracer
