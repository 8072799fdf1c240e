// Graphs that are small and simple, without the walker of native/js/graph.js: for a few values the way there and back costs
// more than V8's C++ interface, and an isolate that has no others never sets it up. Byte for byte the same.
#include <string.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>

#include "graph.h"
#include "graph_native.h"
#include "host_objects.h"
#include "pickle.h"
#include "quiet.h"

namespace miniracer {
namespace {

// Beyond so many the walker is faster; where it is not there yet, by what it takes to set it up.
constexpr uint32_t kMostNodes = 24, kMostNodesAtFirst = 128;
constexpr uint32_t kMostObjects = 64;  // which are looked for one by one
constexpr uint32_t kMostNames = 64;
constexpr int kLongestText = 4096;

class SmallEncoder {
 public:
  SmallEncoder(Scope& scope, const GraphLimits& limits)
      : v8_(scope.v8),
        context_(scope.context),
        depth_(limits.depth),
        nodes_(scope.isolate.own_code.encode_graph.IsEmpty() ? kMostNodesAtFirst : kMostNodes),
        bytes_(limits.bytes) {
    if (limits.nodes != 0 && limits.nodes < nodes_) nodes_ = static_cast<uint32_t>(limits.nodes);
  }

  // False: it is the walker's, and nothing has been run or changed.
  bool Encode(v8::Local<v8::Value> value) {
    out_.reserve(512);
    out_.append("\x80\x04\x95\0\0\0\0\0\0\0\0", 11);
    if (!Write(value, 0)) return false;
    Byte(kStop);
    if (out_.size() > bytes_) return false;
    uint64_t length = out_.size() - 11;
    for (int i = 0; i < 8; ++i) out_[static_cast<size_t>(3 + i)] = static_cast<char>(length >> (8 * i));
    return true;
  }
  const std::string& out() const { return out_; }

 private:
  void Byte(uint8_t byte) { out_.push_back(static_cast<char>(byte)); }
  void Little(uint64_t number, int bytes) {
    for (int i = 0; i < bytes; ++i) Byte(static_cast<uint8_t>(number >> (8 * i)));
  }

  bool Write(v8::Local<v8::Value> value, uint32_t level) {
    if (written_ == nodes_) return false;
    ++written_;
    if (value->IsString()) return Text(value.As<v8::String>());
    if (value->IsNumber()) return Number(value.As<v8::Number>()->Value());
    if (value->IsObject()) return Object(value.As<v8::Object>(), level);
    if (value->IsBoolean()) {
      Byte(value->IsTrue() ? kNewTrue : kNewFalse);
    } else if (value->IsNull()) {
      Byte(kNone);
    } else if (value->IsUndefined()) {
      Undefined();
    } else {
      return false;
    }
    return true;
  }

  void Undefined() {
    if (undefined_ >= 0) return Refer(static_cast<uint32_t>(undefined_));
    Byte(kNone);
    Byte(kBinPersId);
    Byte(kMemoize);
    undefined_ = static_cast<int64_t>(numbered_++);
  }

  bool Number(double value) {
    // As the walker decides: 32 bits, a whole number of 53 bits, any other.
    if (value >= INT32_MIN && value <= INT32_MAX && std::trunc(value) == value &&
        !(value == 0 && std::signbit(value))) {
      auto small = static_cast<int32_t>(value);
      bool one = small >= 0 && small < 256, two = small >= 0 && small < 65536;
      Byte(one ? kBinInt1 : two ? kBinInt2 : kBinInt);
      Little(static_cast<uint32_t>(small), one ? 1 : two ? 2 : 4);
    } else if (std::abs(value) <= 9007199254740992.0 && std::trunc(value) == value && value != 0) {
      Byte(kLong1);
      Byte(8);
      Little(static_cast<uint64_t>(static_cast<int64_t>(value)), 8);
    } else {
      Byte(kBinFloat);
      auto bits = std::bit_cast<uint64_t>(value);
      for (int i = 7; i >= 0; --i) Byte(static_cast<uint8_t>(bits >> (8 * i)));
    }
    return true;
  }

  bool Text(v8::Local<v8::String> text) {
    int length = text->Length();
    if (length > kLongestText) return false;
    uint8_t units[64];
    bool ascii = length <= static_cast<int>(sizeof units) && text->IsOneByte();
    if (ascii) WriteOneByte(v8_, text, units, length);
    if (!ascii || std::any_of(units, units + length, [](uint8_t unit) { return unit >= 0x80; })) {
      AppendText(v8_, text, &out_);
      return true;
    }
    Byte(kShortBinUnicode);
    Byte(static_cast<uint8_t>(length));
    out_.append(reinterpret_cast<const char*>(units), static_cast<size_t>(length));
    return true;
  }

  void Refer(uint32_t number) {
    Byte(number < 256 ? kBinGet : kLongBinGet);
    Little(number, number < 256 ? 1 : 4);
  }

  bool Object(v8::Local<v8::Object> object, uint32_t level) {
    for (uint32_t i = 0; i < object_count_; ++i) {
      if (objects_[i].object != object) continue;
      Refer(objects_[i].number);
      return true;
    }
    if (level >= depth_ || object_count_ == kMostObjects || object->IsProxy()) return false;
    bool list = object->IsArray();
    if (plain_.IsEmpty()) plain_ = PrototypeOf(v8::Object::New(v8_));
    if (!list && (!IsOrdinary(object) || PrototypeOf(object) != plain_)) return false;
    Byte(list ? kEmptyList : kEmptyDict);
    Byte(kMemoize);
    objects_[object_count_++] = {object, numbered_++};
    return list ? Elements(object.As<v8::Array>(), level) : Items(object, level);
  }

  bool Elements(v8::Local<v8::Array> array, uint32_t level) {
    uint32_t length = array->Length();
    if (length == 0) return true;
    if (length > nodes_ - written_) return false;
    Byte(kMark);
    for (uint32_t i = 0; i < length; ++i) {
      v8::Local<v8::Value> element;
      // A hole is its prototypes' matter; an accessor throws.
      if (!array->HasRealIndexedProperty(context_, i).FromMaybe(false)) return false;
      if (!array->Get(context_, i).ToLocal(&element) || !Write(element, level + 1)) return false;
      // The others are likely to be as large as the first.
      if (level == 0 && i == 0 && uint64_t{written_} * length > nodes_) return false;
    }
    Byte(kAppends);
    return true;
  }

  bool Items(v8::Local<v8::Object> object, uint32_t level) {
    v8::Local<v8::Array> keys;
    auto filter = static_cast<v8::PropertyFilter>(v8::ONLY_ENUMERABLE | v8::SKIP_SYMBOLS);
    if (!object->GetOwnPropertyNames(context_, filter).ToLocal(&keys)) return false;
    uint32_t length = keys->Length();
    if (length == 0) return true;
    if (length > nodes_ - written_) return false;
    Byte(kMark);
    for (uint32_t i = 0; i < length; ++i) {
      v8::Local<v8::Value> key, value;
      // Index keys come as numbers.
      if (!keys->Get(context_, i).ToLocal(&key) || !key->IsString()) return false;
      if (object->HasRealNamedCallbackProperty(context_, key.As<v8::String>()).FromMaybe(true)) return false;
      if (!object->Get(context_, key).ToLocal(&value)) return false;
      if (!Name(key.As<v8::String>()) || !Write(value, level + 1)) return false;
    }
    Byte(kSetItems);
    return true;
  }

  // V8 has the names of properties once each.
  bool Name(v8::Local<v8::String> name) {
    for (uint32_t i = 0; i < name_count_; ++i) {
      if (names_[i].object != name) continue;
      Refer(names_[i].number);
      return true;
    }
    if (name_count_ == kMostNames || !Text(name)) return false;
    Byte(kMemoize);
    names_[name_count_++] = {name, numbered_++};
    return true;
  }

  struct Numbered {
    v8::Local<v8::Value> object;
    uint32_t number;
  };

  v8::Isolate* const v8_;
  const v8::Local<v8::Context> context_;
  const uint32_t depth_;
  uint32_t nodes_;
  const uint64_t bytes_;
  v8::Local<v8::Value> plain_;
  std::string out_;
  uint32_t written_ = 0;
  uint32_t numbered_ = 0;
  int64_t undefined_ = -1;
  uint32_t object_count_ = 0, name_count_ = 0;
  Numbered objects_[kMostObjects], names_[kMostNames];
};

}  // namespace

bool EncodeSmallGraph(Scope& scope, v8::Local<v8::Value> value, const GraphLimits& limits, std::string* encoded) {
  v8::HandleScope handles(scope.v8);
  v8::TryCatch swallow(scope.v8);
  Quiet quiet(scope.v8);  // what would run is the walker's
  SmallEncoder encoder(scope, limits);
  if (!encoder.Encode(value)) return false;
  *encoded = encoder.out();
  return true;
}

}  // namespace miniracer
