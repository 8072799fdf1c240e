#include "encoding.h"

#include <string.h>

#include <algorithm>
#include <string>

#include "isolate.h"
#include "text.h"

namespace miniracer {
namespace {

using Info = v8::FunctionCallbackInfo<v8::Value>;

// What is put together outside of V8's heap counts as well. False: the guest has been told.
bool HasRoom(const Info& info, size_t bytes) {
  if (IsolateOf(info).memory().MayMalloc(0, bytes)) return true;
  ThrowOutOfMemory(info.GetIsolate());
  return false;
}

// The text's code units; false like HasRoom.
bool Units(const Info& info, v8::Local<v8::Value> value, std::u16string* units) {
  auto string = value.As<v8::String>();
  auto length = static_cast<size_t>(string->Length());
  if (!HasRoom(info, 2 * length)) return false;
  units->resize(length);
  if (length != 0) {
    WriteTwoByte(info.GetIsolate(), string, reinterpret_cast<uint16_t*>(units->data()), string->Length());
  }
  return true;
}

// Gives the string, or throws where V8 cannot hold it.
void Return(const Info& info, v8::MaybeLocal<v8::String> made) {
  v8::Isolate* v8 = info.GetIsolate();
  v8::Local<v8::String> string;
  if (made.ToLocal(&string)) return info.GetReturnValue().Set(string);
  v8->ThrowException(v8::Exception::RangeError(Ascii(v8, "Invalid string length")));
}

int Length(size_t length) {
  return length > static_cast<size_t>(v8::String::kMaxLength) ? v8::String::kMaxLength + 1 : static_cast<int>(length);
}

void ReturnUnits(const Info& info, const std::u16string& units) {
  Return(info, v8::String::NewFromTwoByte(info.GetIsolate(), reinterpret_cast<const uint16_t*>(units.data()),
                                          v8::NewStringType::kNormal, Length(units.size())));
}

bool IsLead(uint32_t unit) { return unit >= 0xd800 && unit < 0xdc00; }
bool IsTrail(uint32_t unit) { return unit >= 0xdc00 && unit < 0xe000; }

// The scalar value at `at`, a lone surrogate replaced, and how many units it takes.
char32_t ScalarAt(const std::u16string& units, size_t at, size_t* taken) {
  uint32_t unit = units[at];
  *taken = 1;
  if (IsLead(unit) && at + 1 < units.size() && IsTrail(units[at + 1])) {
    *taken = 2;
    return 0x10000 + ((unit - 0xd800) << 10) + (units[at + 1] - 0xdc00u);
  }
  return IsLead(unit) || IsTrail(unit) ? 0xfffd : unit;
}

size_t Utf8Size(char32_t scalar) { return scalar < 0x80 ? 1 : scalar < 0x800 ? 2 : scalar < 0x10000 ? 3 : 4; }

void WriteUtf8(char32_t scalar, size_t size, uint8_t* to) {
  constexpr uint8_t kLead[] = {0, 0, 0xc0, 0xe0, 0xf0};
  for (size_t i = size; i-- > 1; scalar >>= 6) to[i] = static_cast<uint8_t>(0x80 | (scalar & 0x3f));
  to[0] = static_cast<uint8_t>(kLead[size] | scalar);
}

// ---- Encoding ----

void WellFormed(const Info& info) {
  if (info[0].As<v8::String>()->IsOneByte()) return info.GetReturnValue().Set(info[0]);
  std::u16string units;
  if (!Units(info, info[0], &units)) return;
  bool changed = false;
  for (size_t i = 0, taken; i < units.size(); i += taken) {
    char32_t scalar = ScalarAt(units, i, &taken);
    if (taken != 1 || scalar == static_cast<char32_t>(units[i])) continue;
    units[i] = u'\xfffd';
    changed = true;
  }
  if (!changed) return info.GetReturnValue().Set(info[0]);
  ReturnUnits(info, units);
}

void Utf8Length(const Info& info) {
  std::u16string units;
  if (!Units(info, info[0], &units)) return;
  size_t length = 0;
  for (size_t i = 0, taken; i < units.size(); i += taken) length += Utf8Size(ScalarAt(units, i, &taken));
  info.GetReturnValue().Set(static_cast<double>(length));
}

// (text, Uint8Array) -> { read, written }; undefined where it is none.
void EncodeInto(const Info& info) {
  v8::Isolate* v8 = info.GetIsolate();
  uint8_t* to = nullptr;
  size_t room = 0, written = 0, read = 0;
  if (!info[1]->IsUint8Array() || !BytesOf(info[1], &to, &room)) return;
  std::u16string units;
  if (!Units(info, info[0], &units)) return;
  for (size_t taken; read < units.size(); read += taken) {
    char32_t scalar = ScalarAt(units, read, &taken);
    size_t size = Utf8Size(scalar);
    if (size > room - written) break;
    WriteUtf8(scalar, size, to + written);
    written += size;
  }
  v8::Local<v8::Context> context = v8->GetCurrentContext();
  v8::Local<v8::Object> result = v8::Object::New(v8);
  auto set = [&](const char* key, size_t value) {
    auto number = v8::Number::New(v8, static_cast<double>(value));
    [[maybe_unused]] bool done = result->CreateDataProperty(context, Ascii(v8, key), number).FromMaybe(false);
  };
  set("read", read);
  set("written", written);
  info.GetReturnValue().Set(result);
}

// ---- Decoding ----

enum Encoding : uint32_t { kUtf8, kUtf16le, kUtf16be, kWindows1252 };

struct Label {
  const char* name;
  Encoding encoding;
};

// https://encoding.spec.whatwg.org/#names-and-labels
constexpr Label kLabels[] = {
    {"unicode-1-1-utf-8", kUtf8},
    {"unicode11utf8", kUtf8},
    {"unicode20utf8", kUtf8},
    {"utf-8", kUtf8},
    {"utf8", kUtf8},
    {"x-unicode20utf8", kUtf8},
    {"csunicode", kUtf16le},
    {"iso-10646-ucs-2", kUtf16le},
    {"ucs-2", kUtf16le},
    {"unicode", kUtf16le},
    {"unicodefeff", kUtf16le},
    {"utf-16", kUtf16le},
    {"utf-16le", kUtf16le},
    {"unicodefffe", kUtf16be},
    {"utf-16be", kUtf16be},
    {"ansi_x3.4-1968", kWindows1252},
    {"ascii", kWindows1252},
    {"cp1252", kWindows1252},
    {"cp819", kWindows1252},
    {"csisolatin1", kWindows1252},
    {"ibm819", kWindows1252},
    {"iso-8859-1", kWindows1252},
    {"iso-ir-100", kWindows1252},
    {"iso8859-1", kWindows1252},
    {"iso88591", kWindows1252},
    {"iso_8859-1", kWindows1252},
    {"iso_8859-1:1987", kWindows1252},
    {"l1", kWindows1252},
    {"latin1", kWindows1252},
    {"us-ascii", kWindows1252},
    {"windows-1252", kWindows1252},
    {"x-cp1252", kWindows1252},
};

void EncodingOf(const Info& info) {
  std::string label = Utf8(info.GetIsolate(), info[0]);
  constexpr const char* kSpace = "\t\n\f\r ";
  size_t start = label.find_first_not_of(kSpace), end = label.find_last_not_of(kSpace);
  label = start == std::string::npos ? "" : label.substr(start, end - start + 1);
  for (char& c : label) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  for (const Label& one : kLabels) {
    if (label == one.name) return info.GetReturnValue().Set(static_cast<uint32_t>(one.encoding));
  }
}

// 0x80 to 0x9f of windows-1252.
constexpr char16_t kWindows[] = {0x20ac, 0x81,   0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
                                 0x2039, 0x0152, 0x8d,   0x017d, 0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
                                 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,   0x017e, 0x0178};

// How many bytes at the end begin a sequence of UTF-8 that may yet be completed.
size_t IncompleteTail(std::string_view bytes) {
  for (size_t back = 1; back <= 3 && back <= bytes.size(); ++back) {
    auto at = [&](size_t i) { return static_cast<uint8_t>(bytes[bytes.size() - back + i]); };
    uint8_t lead = at(0);
    if ((lead & 0xc0) == 0x80) continue;
    size_t need = lead >= 0xf0 && lead <= 0xf4  ? 4
                  : lead >= 0xe0 && lead < 0xf0 ? 3
                  : lead >= 0xc2 && lead < 0xe0 ? 2
                                                : 1;
    if (need <= back) return 0;
    if (back > 1) {
      uint8_t low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
      uint8_t high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
      if (at(1) < low || at(1) > high) return 0;
    }
    return back;
  }
  return 0;
}

// A decoder between the pieces of a stream, as it lies in the bytes that its object keeps.
struct Stream {
  uint8_t count;
  uint8_t pending[4];
  uint8_t begun;
};

struct DecoderCall {
  bool fatal;
  bool ignore_bom;
  bool more;
  Stream* stream;
};

// False: ill-formed, and that is fatal.
bool DecodeUtf8(const DecoderCall& call, std::string_view bytes, std::string_view* rest) {
  if (call.more) {
    size_t tail = IncompleteTail(bytes);
    call.stream->count = static_cast<uint8_t>(tail);
    memcpy(call.stream->pending, bytes.data() + bytes.size() - tail, tail);
    bytes.remove_suffix(tail);
  }
  if (!call.stream->begun && !bytes.empty()) {
    call.stream->begun = 1;
    if (!call.ignore_bom && bytes.substr(0, 3) == "\xef\xbb\xbf") bytes.remove_prefix(3);
  }
  *rest = bytes;
  return !call.fatal || WellFormedPrefix(bytes) == bytes.size();
}

bool DecodeUtf16(const DecoderCall& call, std::string_view bytes, bool big, std::u16string* units) {
  size_t count = bytes.size() / 2;
  auto unit_at = [&](size_t i) {
    auto low = static_cast<uint8_t>(bytes[2 * i + (big ? 1 : 0)]),
         high = static_cast<uint8_t>(bytes[2 * i + (big ? 0 : 1)]);
    return static_cast<char16_t>(high << 8 | low);
  };
  bool odd = bytes.size() % 2 != 0, good = true;
  if (call.more) {
    size_t tail = bytes.size() % 2;
    if (count > 0 && IsLead(unit_at(count - 1))) {
      tail += 2;
      --count;
    }
    call.stream->count = static_cast<uint8_t>(tail);
    memcpy(call.stream->pending, bytes.data() + bytes.size() - tail, tail);
    odd = false;
  }
  units->reserve(count + 1);
  for (size_t i = 0; i < count; ++i) {
    char16_t unit = unit_at(i);
    if (IsLead(unit) && i + 1 < count && IsTrail(unit_at(i + 1))) {
      units->push_back(unit);
      units->push_back(unit_at(++i));
      continue;
    }
    bool lone = IsLead(unit) || IsTrail(unit);
    good = good && !lone;
    units->push_back(lone ? u'\xfffd' : unit);
  }
  if (odd) {
    good = false;
    // A lead before an odd byte is one error with it.
    bool open = count > 0 && IsLead(unit_at(count - 1));
    if (!open) units->push_back(u'\xfffd');
  }
  if (!call.stream->begun && !units->empty()) {
    call.stream->begun = 1;
    if (!call.ignore_bom && units->front() == 0xfeff) units->erase(0, 1);
  }
  return good || !call.fatal;
}

bool IsShared(v8::Local<v8::Value> bytes) {
  if (!bytes->IsArrayBufferView()) return bytes->IsSharedArrayBuffer();
  return v8::Local<v8::Value>(bytes.As<v8::ArrayBufferView>()->Buffer())->IsSharedArrayBuffer();
}

// (encoding, bytes, fatal, ignoreBOM, stream, state) -> the text; null where that is ill-formed, undefined where there are
// no bytes.
void Decode(const Info& info) {
  v8::Isolate* v8 = info.GetIsolate();
  uint8_t *data = nullptr, *state = nullptr;
  size_t length = 0, state_length = 0;
  if (!info[1]->IsUndefined() && !BytesOf(info[1], &data, &length)) return;
  if (!BytesOf(info[5], &state, &state_length) || state_length < sizeof(Stream)) return;
  Stream stream;
  memcpy(&stream, state, sizeof stream);
  std::string copy;
  std::string_view bytes(reinterpret_cast<const char*>(data), length);
  // What is looked at twice must not change meanwhile.
  if (stream.count != 0 || IsShared(info[1])) {
    copy.append(reinterpret_cast<const char*>(stream.pending), stream.count).append(bytes);
    bytes = copy;
    stream.count = 0;
  }
  DecoderCall call{info[2]->IsTrue(), info[3]->IsTrue(), info[4]->IsTrue(), &stream};
  uint32_t encoding = info[0].As<v8::Uint32>()->Value();
  std::u16string units;
  std::string_view rest;
  bool good = true;
  if (encoding == kUtf8) {
    good = DecodeUtf8(call, bytes, &rest);
  } else if (encoding == kWindows1252) {
    units.reserve(bytes.size());
    for (char c : bytes) {
      auto byte = static_cast<uint8_t>(c);
      units.push_back(byte >= 0x80 && byte < 0xa0 ? kWindows[byte - 0x80] : byte);
    }
  } else {
    good = DecodeUtf16(call, bytes, encoding == kUtf16be, &units);
  }
  if (!call.more || !good) stream = {};
  memcpy(state, &stream, sizeof stream);
  if (!good) return info.GetReturnValue().SetNull();
  if (encoding != kUtf8) return ReturnUnits(info, units);
  Return(info,
         v8::String::NewFromUtf8(v8, rest.empty() ? "" : rest.data(), v8::NewStringType::kNormal, Length(rest.size())));
}

// ---- Base64 ----

constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// https://infra.spec.whatwg.org/#forgiving-base64-decode; undefined where it is none.
void Atob(const Info& info) {
  std::u16string text;
  if (!Units(info, info[0], &text)) return;
  std::erase_if(text, [](char16_t c) { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r'; });
  if (text.size() % 4 == 0) {
    for (int i = 0; i < 2 && !text.empty() && text.back() == u'='; ++i) text.pop_back();
  }
  if (text.size() % 4 == 1) return;
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  uint32_t bits = 0;
  int count = 0;
  for (char16_t c : text) {
    const char* digit = c != 0 && c < 0x80 ? strchr(kDigits, static_cast<char>(c)) : nullptr;
    if (digit == nullptr) return;
    bits = bits << 6 | static_cast<uint32_t>(digit - kDigits);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<char>(bits >> count & 0xff));
  }
  Return(info, v8::String::NewFromOneByte(info.GetIsolate(), reinterpret_cast<const uint8_t*>(bytes.data()),
                                          v8::NewStringType::kNormal, Length(bytes.size())));
}

// Undefined where there are other characters than Latin-1's.
void Btoa(const Info& info) {
  auto string = info[0].As<v8::String>();
  if (!IsOneByte(string) || !HasRoom(info, 3 * static_cast<size_t>(string->Length()))) return;
  std::basic_string<uint8_t> bytes(static_cast<size_t>(string->Length()), 0);
  if (!bytes.empty()) WriteOneByte(info.GetIsolate(), string, bytes.data(), string->Length());
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    size_t left = std::min<size_t>(bytes.size() - i, 3);
    uint32_t bits = static_cast<uint32_t>(bytes[i]) << 16;
    if (left > 1) bits |= static_cast<uint32_t>(bytes[i + 1]) << 8;
    if (left > 2) bits |= bytes[i + 2];
    for (size_t k = 0; k < 4; ++k) text.push_back(k <= left ? kDigits[bits >> (18 - 6 * k) & 0x3f] : '=');
  }
  Return(info, v8::String::NewFromOneByte(info.GetIsolate(), reinterpret_cast<const uint8_t*>(text.data()),
                                          v8::NewStringType::kNormal, Length(text.size())));
}

}  // namespace

bool BytesOf(v8::Local<v8::Value> value, uint8_t** data, size_t* length) {
  std::shared_ptr<v8::BackingStore> store;
  size_t offset = 0;
  if (value->IsArrayBufferView()) {
    auto view = value.As<v8::ArrayBufferView>();
    store = view->Buffer()->GetBackingStore();
    offset = view->ByteOffset();
    *length = view->ByteLength();
  } else if (value->IsArrayBuffer()) {
    store = value.As<v8::ArrayBuffer>()->GetBackingStore();
    *length = value.As<v8::ArrayBuffer>()->ByteLength();
  } else if (value->IsSharedArrayBuffer()) {
    store = value.As<v8::SharedArrayBuffer>()->GetBackingStore();
    *length = value.As<v8::SharedArrayBuffer>()->ByteLength();
  } else {
    return false;
  }
  auto* start = store == nullptr ? nullptr : static_cast<uint8_t*>(store->Data());
  if (start == nullptr) *length = 0;
  *data = start == nullptr ? nullptr : start + offset;
  return true;
}

void AddEncodingNatives(Isolate& isolate, v8::Local<v8::Object> natives) {
  AddNative<WellFormed>(isolate, natives, "wellFormed");
  AddNative<Utf8Length>(isolate, natives, "utf8Length");
  AddNative<EncodeInto>(isolate, natives, "encodeInto");
  AddNative<EncodingOf>(isolate, natives, "encodingOf");
  AddNative<Decode>(isolate, natives, "decode");
  AddNative<Atob>(isolate, natives, "atob");
  AddNative<Btoa>(isolate, natives, "btoa");
}

}  // namespace miniracer
