#include "language_tags.h"

#include <string.h>

#include <memory>

#include "loaded_library.h"
#include "text.h"

namespace miniracer {
namespace {

using Text = std::unique_ptr<char[]>;

// More than any language tag, time zone or other identifier of ECMA-402 has.
constexpr int kLongest = 1 << 16;

}  // namespace

// V8's own, exported by it: a part of a string as a C string, all from `offset` on for a negative `length`; and the
// constructor of v8::String::Utf8Value. Weak, so that a V8 without them is no obstacle; and named here, so that they keep a
// name in a library whose names are made private.
extern "C++" {
__attribute__((weak)) Text V8ToCString(void* string, int nulls, int robust, int offset, int length, int* made) __asm__(
    "_ZN2v88internal6String9ToCStringENS0_14AllowNullsFlagENS0_14RobustnessFlagEiiPi");
__attribute__((weak)) void V8MakeUtf8(void* made, v8::Isolate* isolate, v8::Local<v8::Value> value) __asm__(
    "_ZN2v86String9Utf8ValueC1EPNS_7IsolateENS_5LocalINS_5ValueEEE");
}

namespace {

// Intl makes a C string of a text, and of that up to five strings of the C++ library's, whose memory nobody counts, before it
// finds that it is no tag. It finds the same in this, which is none either.
constexpr const char* kNone = "?";

Text ToCString(void* string, int nulls, int robust, int offset, int length, int* made) {
  if (length >= 0) return V8ToCString(string, nulls, robust, offset, length, made);
  int size = 0;
  Text text = V8ToCString(string, nulls, robust, offset, kLongest + 1, &size);
  if (text != nullptr && size > kLongest) {
    strcpy(text.get(), kNone);
    size = static_cast<int>(strlen(kNone));
  }
  if (made != nullptr) *made = size;
  return text;
}

void MakeUtf8(void* made, v8::Isolate* isolate, v8::Local<v8::Value> value) {
  if (!value.IsEmpty() && value->IsString() && value.As<v8::String>()->Length() > kLongest)
    value = Ascii(isolate, kNone);
  V8MakeUtf8(made, isolate, value);
}

}  // namespace

void LanguageTags::Bound(const LoadedLibrary& engine) {
  const OwnReplacement all[] = {Replace(V8ToCString, ToCString), Replace(V8MakeUtf8, MakeUtf8)};
  engine.Redirect(all);
}

}  // namespace miniracer
