// Text across the border: (pointer, length, encoding) on the host's side, v8::String on the other.
#pragma once

#include <string>
#include <string_view>

#include "miniracer.h"
#include "v8_compat.h"

namespace miniracer {

struct Scope;

// The bytes of `text` that come before the first ill-formed sequence (Unicode 15, table 3-7); all of them if there is none.
size_t WellFormedPrefix(std::string_view text);

// A V8 string from a STRING value. INVALID_ARGUMENT, INVALID_TEXT or TOO_LARGE, with `what` naming the parameter.
miniracer_status TextToJs(Scope& scope, const miniracer_value& text, const char* what, v8::NewStringType type,
                          v8::Local<v8::String>* result);

// Copies a V8 string out, into memory that miniracer_value_release frees. Throws std::bad_alloc.
miniracer_value TextToHost(v8::Isolate* isolate, v8::Local<v8::String> string);

// A V8 string as UTF-8, lone surrogates replaced: for messages of ours.
std::string Utf8(v8::Isolate* isolate, v8::Local<v8::Value> string);

// A V8 string's code units, and back: for keys of tables. FromUnits throws std::bad_alloc for what no string can hold.
std::u16string Units(v8::Isolate* isolate, v8::Local<v8::String> string);
v8::Local<v8::String> FromUnits(v8::Isolate* isolate, std::u16string_view units);

// The same as UTF-8, lone surrogates replaced.
std::string Utf8(std::u16string_view units);

// No more than the first `most` code units, and "..." in place of the rest. Throws std::bad_alloc.
v8::Local<v8::String> Cut(v8::Isolate* isolate, v8::Local<v8::String> string, int most);

// A V8 string from UTF-8 of ours.
v8::Local<v8::String> FromUtf8(v8::Isolate* isolate, std::string_view text);

// A V8 string from ASCII of ours.
v8::Local<v8::String> Ascii(v8::Isolate* isolate, std::string_view text);

}  // namespace miniracer
