#include "text.h"

#include <stdlib.h>
#include <string.h>

#include <new>

#include "scope.h"

namespace miniracer {
namespace {

// The bytes before the first one that is not ASCII.
size_t AsciiPrefix(const unsigned char* data, size_t length) {
  size_t i = 0;
  for (; i + 8 <= length; i += 8) {
    uint64_t eight;
    memcpy(&eight, data + i, 8);
    if ((eight & 0x8080808080808080u) != 0) break;
  }
  while (i < length && data[i] < 0x80) ++i;
  return i;
}

bool IsContinuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }

// The length of the well-formed sequence that begins at `at`, or 0.
size_t SequenceLength(const unsigned char* at, size_t left) {
  unsigned char first = at[0];
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4) return 0;
  size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (left < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if (!IsContinuation(at[i])) return 0;
  }
  unsigned char second = at[1];
  bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  bool surrogate = first == 0xED && second >= 0xA0;
  bool beyond = first == 0xF4 && second >= 0x90;
  return overlong || surrogate || beyond ? 0 : length;
}

}  // namespace

size_t WellFormedPrefix(std::string_view text) {
  auto* data = reinterpret_cast<const unsigned char*>(text.data());
  size_t i = 0;
  while (i < text.size()) {
    i += AsciiPrefix(data + i, text.size() - i);
    if (i == text.size()) break;
    size_t length = SequenceLength(data + i, text.size() - i);
    if (length == 0) return i;
    i += length;
  }
  return i;
}

miniracer_status TextToJs(Scope& scope, const miniracer_value& text, const char* what, v8::NewStringType type,
                          v8::Local<v8::String>* result) {
  if (text.tag != MINIRACER_STRING) {
    return scope.Fail(MINIRACER_INVALID_ARGUMENT, std::string(what) + ": a string is needed");
  }
  if (text.length == 0) {
    *result = v8::String::Empty(scope.v8);
    return MINIRACER_OK;
  }
  if (text.as.data == nullptr) {
    return scope.Fail(MINIRACER_INVALID_ARGUMENT, std::string(what) + ": text of non-zero length at NULL");
  }
  if (text.length > static_cast<uint32_t>(v8::String::kMaxLength)) {
    return scope.Fail(MINIRACER_TOO_LARGE, std::string(what) + ": " + std::to_string(text.length) +
                                               " code units, a string can have " +
                                               std::to_string(v8::String::kMaxLength));
  }
  int length = static_cast<int>(text.length);
  auto* bytes = static_cast<const uint8_t*>(text.as.data);
  v8::MaybeLocal<v8::String> made;
  switch (text.subtype) {
    case MINIRACER_UTF8: {
      // V8 would put U+FFFD in place of what is ill-formed; the host is told instead.
      if (AsciiPrefix(bytes, text.length) == text.length) {
        made = v8::String::NewFromOneByte(scope.v8, bytes, type, length);
        break;
      }
      auto* chars = static_cast<const char*>(text.as.data);
      if (size_t good = WellFormedPrefix({chars, text.length}); good != text.length) {
        return scope.Fail(MINIRACER_INVALID_TEXT,
                          std::string(what) + ": ill-formed UTF-8 at byte " + std::to_string(good));
      }
      made = v8::String::NewFromUtf8(scope.v8, chars, type, length);
      break;
    }
    case MINIRACER_LATIN1:
      made = v8::String::NewFromOneByte(scope.v8, bytes, type, length);
      break;
    case MINIRACER_UTF16:
      if (reinterpret_cast<uintptr_t>(bytes) % 2 != 0) {
        return scope.Fail(MINIRACER_INVALID_ARGUMENT, std::string(what) + ": UTF-16 text at an odd address");
      }
      made = v8::String::NewFromTwoByte(scope.v8, static_cast<const uint16_t*>(text.as.data), type, length);
      break;
    default:
      return scope.Fail(MINIRACER_INVALID_ARGUMENT,
                        std::string(what) + ": unknown text encoding " + std::to_string(text.subtype));
  }
  if (!made.ToLocal(result))
    return scope.Fail(MINIRACER_TOO_LARGE, std::string(what) + ": V8 has no room for the text");
  return MINIRACER_OK;
}

miniracer_value TextToHost(v8::Isolate* isolate, v8::Local<v8::String> string) {
  miniracer_value value{};
  value.tag = MINIRACER_STRING;
  value.as.data = "";
  int length = string->Length();
  if (length == 0) return value;
  bool narrow = IsOneByte(string);
  void* data = malloc(static_cast<size_t>(length) * (narrow ? 1 : 2));
  if (data == nullptr) throw std::bad_alloc();
  if (narrow) {
    WriteOneByte(isolate, string, static_cast<uint8_t*>(data), length);
  } else {
    value.subtype = MINIRACER_UTF16;
    WriteTwoByte(isolate, string, static_cast<uint16_t*>(data), length);
  }
  value.flags = MINIRACER_VALUE_OWNED;
  value.length = static_cast<uint32_t>(length);
  value.as.data = data;
  return value;
}

std::string Utf8(v8::Isolate* isolate, v8::Local<v8::Value> string) {
  v8::String::Utf8Value text(isolate, string);
  return *text == nullptr ? "" : std::string(*text, static_cast<size_t>(text.length()));
}

std::u16string Units(v8::Isolate* isolate, v8::Local<v8::String> string) {
  std::u16string units(static_cast<size_t>(string->Length()), u'\0');
  if (!units.empty()) {
    WriteTwoByte(isolate, string, reinterpret_cast<uint16_t*>(units.data()), static_cast<int>(units.size()));
  }
  return units;
}

std::string Utf8(std::u16string_view units) {
  std::string text;
  for (size_t i = 0; i < units.size(); ++i) {
    uint32_t c = units[i];
    bool high = c >= 0xD800 && c < 0xDC00, pair = high && i + 1 < units.size() && (units[i + 1] & 0xFC00) == 0xDC00;
    if (pair) {
      c = 0x10000 + ((c - 0xD800) << 10) + (units[++i] - 0xDC00u);
    } else if (c >= 0xD800 && c < 0xE000) {
      c = 0xFFFD;
    }
    auto tail = [&](int shift) { text += static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
    if (c < 0x80) {
      text += static_cast<char>(c);
    } else if (c < 0x800) {
      text += static_cast<char>(0xC0 | (c >> 6));
      tail(0);
    } else if (c < 0x10000) {
      text += static_cast<char>(0xE0 | (c >> 12));
      tail(6), tail(0);
    } else {
      text += static_cast<char>(0xF0 | (c >> 18));
      tail(12), tail(6), tail(0);
    }
  }
  return text;
}

v8::Local<v8::String> FromUnits(v8::Isolate* isolate, std::u16string_view units) {
  v8::Local<v8::String> made;
  if (units.size() > static_cast<size_t>(v8::String::kMaxLength) ||
      !v8::String::NewFromTwoByte(isolate, reinterpret_cast<const uint16_t*>(units.data()), v8::NewStringType::kNormal,
                                  static_cast<int>(units.size()))
           .ToLocal(&made)) {
    throw std::bad_alloc();
  }
  return made;
}

v8::Local<v8::String> Cut(v8::Isolate* isolate, v8::Local<v8::String> string, int most) {
  if (string->Length() <= most) return string;
  std::u16string units(static_cast<size_t>(most), u'\0');
  WriteTwoByte(isolate, string, reinterpret_cast<uint16_t*>(units.data()), most);
  if ((units.back() & 0xFC00) == 0xD800) units.pop_back();  // half of a character
  return FromUnits(isolate, units += u"...");
}

v8::Local<v8::String> FromUtf8(v8::Isolate* isolate, std::string_view text) {
  v8::Local<v8::String> made;
  if (text.size() > static_cast<size_t>(v8::String::kMaxLength) ||
      !v8::String::NewFromUtf8(isolate, text.data(), v8::NewStringType::kNormal, static_cast<int>(text.size()))
           .ToLocal(&made)) {
    throw std::bad_alloc();
  }
  return made;
}

v8::Local<v8::String> Ascii(v8::Isolate* isolate, std::string_view text) {
  return v8::String::NewFromOneByte(isolate, reinterpret_cast<const uint8_t*>(text.data()),
                                    v8::NewStringType::kInternalized, static_cast<int>(text.size()))
      .ToLocalChecked();
}

}  // namespace miniracer
