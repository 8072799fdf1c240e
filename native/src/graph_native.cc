#include "graph_native.h"

#include <string.h>

#include <span>
#include <string>
#include <vector>

#include "miniracer.h"
#include "pickle.h"
#include "text.h"
#include "values.h"

namespace miniracer {
namespace {

using Arguments = v8::FunctionCallbackInfo<v8::Value>;

// Where a function (buffer, position, value) writes to. What it returns is the new position, or the negative of the room
// that it needs and has not got.
class Room {
 public:
  explicit Room(const Arguments& arguments) : arguments_(arguments) {
    auto buffer = arguments[0].As<v8::Uint8Array>();
    position_ = static_cast<size_t>(arguments[1].As<v8::Number>()->Value());
    size_ = buffer->ByteLength();
    data_ = static_cast<uint8_t*>(buffer->Buffer()->Data()) + buffer->ByteOffset() + position_;
  }
  bool Has(size_t bytes) {
    if (bytes <= size_ - position_) return true;
    Return(-static_cast<double>(bytes));
    return false;
  }
  uint8_t* data() const { return data_; }
  void Wrote(size_t bytes) { Return(static_cast<double>(position_ + bytes)); }

 private:
  void Return(double number) { arguments_.GetReturnValue().Set(number); }

  const Arguments& arguments_;
  size_t position_, size_;
  uint8_t* data_;
};

// The walker's own kind of objects that hold more than their properties and have no kind of theirs: Intl's, say.
constexpr int kInternal = 255;

void Classify(const Arguments& arguments) {
  auto object = arguments[0].As<v8::Object>();
  int kind = SubtypeOf(object);
  // V8 makes some prototypes in a way of their own, and names them like what they are prototypes of.
  if ((kind == MINIRACER_OBJECT_PLAIN || kind == MINIRACER_OBJECT_ITERATOR) && !IsOrdinary(object)) {
    if (IsPlain(arguments.GetIsolate(), object)) {
      kind = MINIRACER_OBJECT_PLAIN;
    } else if (kind == MINIRACER_OBJECT_PLAIN) {
      kind = kInternal;
    }
  }
  arguments.GetReturnValue().Set(kind);
}

void Ordinary(const Arguments& arguments) { arguments.GetReturnValue().Set(IsOrdinary(arguments[0].As<v8::Object>())); }

// Writes an opcode and a length, in as few bytes as they take.
size_t WriteHead(uint8_t* to, uint64_t length, Opcode small, Opcode medium, Opcode large) {
  int digits = length < 256 ? 1 : length <= UINT32_MAX ? 4 : 8;
  to[0] = digits == 1 ? small : digits == 4 ? medium : large;
  for (int i = 0; i < digits; ++i) to[1 + i] = static_cast<uint8_t>(length >> (8 * i));
  return static_cast<size_t>(1 + digits);
}

// UTF-8, with lone surrogates as if they were characters (WTF-8), as Python's "surrogatepass" has it.
template <class Unit>
size_t WriteUtf8(const Unit* units, size_t length, uint8_t* to) {
  uint8_t* at = to;
  for (size_t i = 0; i < length; ++i) {
    uint32_t code = units[i];
    if ((code & 0xFC00) == 0xD800 && i + 1 < length && (uint32_t{units[i + 1]} & 0xFC00) == 0xDC00) {
      code = 0x10000 + ((code - 0xD800) << 10) + (uint32_t{units[++i]} - 0xDC00);
    }
    if (code < 0x80) {
      *at++ = static_cast<uint8_t>(code);
      continue;
    }
    if (code < 0x800) {
      *at++ = static_cast<uint8_t>(0xC0 | code >> 6);
    } else {
      if (code < 0x10000) {
        *at++ = static_cast<uint8_t>(0xE0 | code >> 12);
      } else {
        *at++ = static_cast<uint8_t>(0xF0 | code >> 18);
        *at++ = static_cast<uint8_t>(0x80 | (code >> 12 & 0x3F));
      }
      *at++ = static_cast<uint8_t>(0x80 | (code >> 6 & 0x3F));
    }
    *at++ = static_cast<uint8_t>(0x80 | (code & 0x3F));
  }
  return static_cast<size_t>(at - to);
}

template <class Unit>
size_t WriteUnits(const Unit* units, size_t length, uint8_t* to) {
  size_t bytes = WriteUtf8(units, length, to + kTextHead);
  size_t head = WriteHead(to, bytes, kShortBinUnicode, kBinUnicode, kBinUnicode8);
  memmove(to + head, to + kTextHead, bytes);
  return head + bytes;
}

// Writes a string's form where there is room as for WriteText.
size_t WriteString(v8::Isolate* v8, v8::Local<v8::String> string, uint8_t* to) {
  auto length = static_cast<size_t>(string->Length());
  // Characters of two bytes lie behind where they will be written, so that one buffer is enough for both.
  if (string->IsOneByte()) {
    uint8_t* units = to + kTextHead + 2 * length;
    WriteOneByte(v8, string, units, string->Length());
    return WriteText(units, length, to);
  }
  std::vector<uint16_t> units(length);
  WriteTwoByte(v8, string, units.data(), string->Length());
  return WriteText(units.data(), length, to);
}

void Text(const Arguments& arguments) {
  Room room(arguments);
  auto string = arguments[2].As<v8::String>();
  if (!room.Has(kTextHead + 3 * static_cast<size_t>(string->Length()))) return;
  room.Wrote(WriteString(arguments.GetIsolate(), string, room.data()));
}

void BigInt(const Arguments& arguments) {
  Room room(arguments);
  auto bigint = arguments[2].As<v8::BigInt>();
  int count = bigint->WordCount(), negative = 0;
  std::vector<uint64_t> words(static_cast<size_t>(count) + 1);
  size_t bytes = words.size() * 8;
  if (!room.Has(5 + bytes)) return;
  bigint->ToWordsArray(&negative, &count, words.data());
  // Two's complement, with a word for the sign alone.
  for (uint64_t carry = 1, i = 0; negative != 0 && i < words.size(); ++i) {
    words[i] = ~words[i] + carry;
    carry = carry != 0 && words[i] == 0;
  }
  uint8_t* to = room.data();
  *to++ = kLong4;
  for (int i = 0; i < 4; ++i) *to++ = static_cast<uint8_t>(bytes >> (8 * i));
  for (uint64_t word : words) {
    for (int i = 0; i < 8; ++i) *to++ = static_cast<uint8_t>(word >> (8 * i));
  }
  room.Wrote(5 + bytes);
}

// The bytes of a buffer or a view.
void Bytes(const Arguments& arguments) {
  Room room(arguments);
  v8::Local<v8::Value> value = arguments[2];
  const void* data = nullptr;
  size_t length;
  if (value->IsArrayBuffer()) {
    data = value.As<v8::ArrayBuffer>()->Data();
    length = value.As<v8::ArrayBuffer>()->ByteLength();
  } else if (value->IsSharedArrayBuffer()) {
    data = value.As<v8::SharedArrayBuffer>()->Data();
    length = value.As<v8::SharedArrayBuffer>()->ByteLength();
  } else {
    length = value.As<v8::ArrayBufferView>()->ByteLength();
  }
  if (!room.Has(kTextHead + length)) return;
  size_t head = WriteHead(room.data(), length, kShortBinBytes, kBinBytes, kBinBytes8);
  uint8_t* to = room.data() + head;
  if (value->IsArrayBufferView()) {
    value.As<v8::ArrayBufferView>()->CopyContents(to, length);
  } else if (length != 0) {
    memcpy(to, data, length);
  }
  room.Wrote(head + length);
}

// A Map's keys and values in turn, or a Set's values, as they are now.
void Entries(const Arguments& arguments) {
  v8::Local<v8::Value> value = arguments[0];
  arguments.GetReturnValue().Set(value->IsMap() ? value.As<v8::Map>()->AsArray() : value.As<v8::Set>()->AsArray());
}

// What is in a Date, in a boxed primitive; and what the elements of a typed array are.
void Unbox(const Arguments& arguments) {
  v8::Local<v8::Value> value = arguments[0];
  v8::ReturnValue<v8::Value> result = arguments.GetReturnValue();
  if (value->IsDate()) {
    result.Set(value.As<v8::Date>()->ValueOf());
  } else if (value->IsNumberObject()) {
    result.Set(value.As<v8::NumberObject>()->ValueOf());
  } else if (value->IsStringObject()) {
    result.Set(value.As<v8::StringObject>()->ValueOf());
  } else if (value->IsBooleanObject()) {
    result.Set(value.As<v8::BooleanObject>()->ValueOf());
  } else if (value->IsBigIntObject()) {
    result.Set(value.As<v8::BigIntObject>()->ValueOf());
  } else if (value->IsSymbolObject()) {
    result.Set(value.As<v8::SymbolObject>()->ValueOf());
  } else if (value->IsTypedArray()) {
    result.Set(ElementOf(value));
  }
}

// [source, flags] of a RegExp.
void Pattern(const Arguments& arguments) {
  v8::Isolate* v8 = arguments.GetIsolate();
  auto regexp = arguments[0].As<v8::RegExp>();
  std::string flags;
  for (const RegExpFlag& flag : std::span(kRegExpFlags, kRegExpFlagCount)) {
    if ((regexp->GetFlags() & flag.flag) != 0) flags += flag.letter;
  }
  v8::Local<v8::Value> both[] = {regexp->GetSource(), Ascii(v8, flags)};
  arguments.GetReturnValue().Set(v8::Array::New(v8, both, 2));
}

}  // namespace

size_t WriteText(const uint8_t* units, size_t length, uint8_t* to) {
  uint8_t all = 0;
  for (size_t i = 0; i < length; ++i) all |= units[i];
  if (all >= 0x80) return WriteUnits(units, length, to);
  size_t head = WriteHead(to, length, kShortBinUnicode, kBinUnicode, kBinUnicode8);
  memmove(to + head, units, length);
  return head + length;
}

size_t WriteText(const uint16_t* units, size_t length, uint8_t* to) { return WriteUnits(units, length, to); }

const RegExpFlag kRegExpFlags[] = {{'d', v8::RegExp::kHasIndices},  {'g', v8::RegExp::kGlobal},
                                   {'i', v8::RegExp::kIgnoreCase},  {'l', v8::RegExp::kLinear},
                                   {'m', v8::RegExp::kMultiline},   {'s', v8::RegExp::kDotAll},
                                   {'u', v8::RegExp::kUnicode},
#if V8_MAJOR_VERSION >= 11
                                   {'v', v8::RegExp::kUnicodeSets},
#endif
                                   {'y', v8::RegExp::kSticky}};
const size_t kRegExpFlagCount = sizeof kRegExpFlags / sizeof *kRegExpFlags;

int ElementOf(v8::Local<v8::Value> array) {
  if (array->IsInt8Array()) return MINIRACER_ELEMENT_INT8;
  if (array->IsUint8Array()) return MINIRACER_ELEMENT_UINT8;
  if (array->IsUint8ClampedArray()) return MINIRACER_ELEMENT_UINT8_CLAMPED;
  if (array->IsInt16Array()) return MINIRACER_ELEMENT_INT16;
  if (array->IsUint16Array()) return MINIRACER_ELEMENT_UINT16;
  if (array->IsInt32Array()) return MINIRACER_ELEMENT_INT32;
  if (array->IsUint32Array()) return MINIRACER_ELEMENT_UINT32;
  if (array->IsFloat32Array()) return MINIRACER_ELEMENT_FLOAT32;
  if (array->IsFloat64Array()) return MINIRACER_ELEMENT_FLOAT64;
  if (array->IsBigInt64Array()) return MINIRACER_ELEMENT_BIGINT64;
  if (array->IsBigUint64Array()) return MINIRACER_ELEMENT_BIGUINT64;
  return MINIRACER_ELEMENT_NONE;
}

v8::MaybeLocal<v8::Object> GraphFunctions(v8::Local<v8::Context> context) {
  static constexpr struct {
    const char* name;
    v8::FunctionCallback callback;
  } kFunctions[] = {{"classify", Classify}, {"ordinary", Ordinary}, {"text", Text},   {"bigint", BigInt},
                    {"bytes", Bytes},       {"entries", Entries},   {"unbox", Unbox}, {"pattern", Pattern}};
  v8::Isolate* v8 = context->GetIsolate();
  v8::Local<v8::Object> functions = v8::Object::New(v8);
  for (const auto& one : kFunctions) {
    v8::Local<v8::Function> function;
    if (!v8::Function::New(context, one.callback, {}, 0, v8::ConstructorBehavior::kThrow).ToLocal(&function) ||
        !functions->Set(context, Ascii(v8, one.name), function).FromMaybe(false)) {
      return {};
    }
  }
  return functions;
}

v8::MaybeLocal<v8::Object> GraphKinds(v8::Local<v8::Context> context) {
  static constexpr struct {
    const char* name;
    int number;
  } kKinds[] = {{"PLAIN", MINIRACER_OBJECT_PLAIN},
                {"ERROR", MINIRACER_OBJECT_ERROR},
                {"DATE", MINIRACER_OBJECT_DATE},
                {"REGEXP", MINIRACER_OBJECT_REGEXP},
                {"PROMISE", MINIRACER_OBJECT_PROMISE},
                {"MAP", MINIRACER_OBJECT_MAP},
                {"SET", MINIRACER_OBJECT_SET},
                {"WEAK_MAP", MINIRACER_OBJECT_WEAK_MAP},
                {"WEAK_SET", MINIRACER_OBJECT_WEAK_SET},
                {"ARRAY_BUFFER", MINIRACER_OBJECT_ARRAY_BUFFER},
                {"SHARED_ARRAY_BUFFER", MINIRACER_OBJECT_SHARED_ARRAY_BUFFER},
                {"TYPED_ARRAY", MINIRACER_OBJECT_TYPED_ARRAY},
                {"DATA_VIEW", MINIRACER_OBJECT_DATA_VIEW},
                {"PROXY", MINIRACER_OBJECT_PROXY},
                {"GENERATOR", MINIRACER_OBJECT_GENERATOR},
                {"BOXED", MINIRACER_OBJECT_BOXED},
                {"ARGUMENTS", MINIRACER_OBJECT_ARGUMENTS},
                {"MODULE_NAMESPACE", MINIRACER_OBJECT_MODULE_NAMESPACE},
                {"WASM", MINIRACER_OBJECT_WASM},
                {"WEAK_REF", MINIRACER_OBJECT_WEAK_REF},
                {"HOST", MINIRACER_OBJECT_HOST},
                {"ITERATOR", MINIRACER_OBJECT_ITERATOR},
                {"UINT8", MINIRACER_ELEMENT_UINT8}};
  v8::Isolate* v8 = context->GetIsolate();
  v8::Local<v8::Object> kinds = v8::Object::New(v8);
  for (const auto& one : kKinds) {
    if (!kinds->Set(context, Ascii(v8, one.name), v8::Integer::New(v8, one.number)).FromMaybe(false)) return {};
  }
  return kinds;
}

}  // namespace miniracer
