// Graphs of plain data without the walker of native/js/graph.js, which is slow until V8 has compiled it: V8's ValueSerializer
// reads the values, and its bytes are written anew as the walker would have written them. What it runs into that is not
// plain is left to the walker, which begins anew; as nothing of the guest's or the host's runs here, nothing runs twice.
#include <stdlib.h>
#include <string.h>

#include <algorithm>
#include <bit>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "graph.h"
#include "graph_native.h"
#include "isolate.h"
#include "pickle_writer.h"
#include "quiet.h"

namespace miniracer {
namespace {

// Of what V8 has no form for nothing is told here; of the rest so much as fits, as long as the run is not to end.
class Bounded final : public v8::ValueSerializer::Delegate {
 public:
  Bounded(v8::Isolate* v8, size_t most, Limits* limits = nullptr) : v8_(v8), most_(most), limits_(limits) {}

  void ThrowDataCloneError(v8::Local<v8::String>) override { v8_->ThrowException(v8::Null(v8_)); }
  v8::Maybe<bool> WriteHostObject(v8::Isolate*, v8::Local<v8::Object>) override {
    v8_->ThrowException(v8::Null(v8_));
    return v8::Just(false);  // which nobody reads: it threw
  }
  void* ReallocateBufferMemory(void* old, size_t size, size_t* actual) override {
    if (size > most_ || (limits_ != nullptr && limits_->ending() != MINIRACER_OK)) return nullptr;
    // V8 asks for twice as much each time, and a little.
    *actual = size < most_ / 2 - 64 ? std::max<size_t>(size, 1024) : most_;
    return realloc(old, *actual);
  }
  void FreeBufferMemory(void* buffer) override {
    if (buffer != nullptr) first_ = *static_cast<uint8_t*>(buffer);
    free(buffer);
  }
  // Of what was not released.
  uint8_t first() const { return first_; }

 private:
  v8::Isolate* const v8_;
  const size_t most_;
  Limits* const limits_;
  uint8_t first_ = 0;
};

struct Bytes {
  Bytes() = default;
  explicit Bytes(std::pair<uint8_t*, size_t> released) : data(released.first, free), size(released.second) {}
  std::unique_ptr<uint8_t, decltype(&free)> data{nullptr, free};
  size_t size = 0;
};

// V8's form, of which the newest that is known is 16: for what is read here it has been the same since 11.
class Transcoder {
 public:
  Transcoder(Scope& scope, const Bytes& bytes, const GraphLimits& limits)
      : run_(scope.isolate.limits),
        in_(bytes.data.get()),
        end_(in_ + bytes.size),
        limits_(limits),
        depth_(std::min(limits.depth, kDeepest)),
        out_(bytes.size + kRoom) {}

  // False: it is the walker's.
  bool Run() {
    if (Take() != 0xFF || Varint() > kNewestForm) return false;
    out_.Begin();
    if (!Value(0)) return false;
    out_.Need(kRoom);
    out_.End();
    return out_.size() <= limits_.bytes;
  }
  PickleWriter& out() { return out_; }

 private:
  static constexpr uint64_t kNewestForm = 16;
  static constexpr uint32_t kDeepest = 1000;  // the stack has been enough for V8's own recursion
  static constexpr size_t kRoom = 32;         // what a value takes, and the opcodes before and after it, but for text

  struct Key {
    const uint8_t* begin;  // in V8's form
    size_t length;
    uint32_t number;
  };

  // Beyond its end there are zeros to read, which are no form of anything.
  uint8_t Take() { return in_ != end_ ? *in_++ : 0; }
  // The next tag. Zeros only align text.
  uint8_t Peek() {
    while (in_ != end_ && *in_ == 0) ++in_;
    return in_ != end_ ? *in_ : 0;
  }
  bool Skip(uint8_t tag) {
    if (Peek() != tag) return false;
    ++in_;
    return true;
  }
  uint64_t Varint() {
    uint64_t number = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      uint8_t byte = Take();
      number |= uint64_t{byte & 0x7Fu} << shift;
      if (byte < 0x80) break;
    }
    return number;
  }
  int32_t ZigZag() {
    auto number = static_cast<uint32_t>(Varint());
    return static_cast<int32_t>(number >> 1 ^ (0 - (number & 1)));
  }
  template <class T>
  bool Read(T* value) {
    if (static_cast<size_t>(end_ - in_) < sizeof *value) return false;
    memcpy(value, in_, sizeof *value);
    in_ += sizeof *value;
    return true;
  }

  bool Value(uint32_t level) {
    ++values_;
    if (limits_.nodes != 0 && values_ > limits_.nodes) return false;
    if (values_ % 4096 == 0 && run_.ending() != MINIRACER_OK) return false;
    out_.Need(kRoom);
    uint8_t tag = Peek();
    if (tag == '"' || tag == 'c') return Text();
    switch (Take()) {
      case 'I':
        out_.Integer(ZigZag());
        return true;
      case 'N':
        return Number();
      case 'T':
        out_.Byte(kNewTrue);
        return true;
      case 'F':
        out_.Byte(kNewFalse);
        return true;
      case '0':
        out_.Byte(kNone);
        return true;
      case '_':
        Undefined();
        return true;
      case 'Z':
        return BigInt();
      case '^':
        return Reference();
      default:
        return level < depth_ && Object(tag, level);
    }
  }

  bool Number() {
    double number;
    if (!Read(&number)) return false;
    out_.Number(number);
    return true;
  }

  void Undefined() {
    if (undefined_ >= 0) return out_.Refer(static_cast<uint32_t>(undefined_));
    out_.Byte(kNone);
    out_.Byte(kBinPersId);
    out_.Byte(kMemoize);
    undefined_ = numbered_++;
  }

  // Those of up to 64 bits.
  bool BigInt() {
    uint64_t head = Varint(), magnitude = 0;
    bool negative = (head & 1) != 0;
    if (head >> 1 != 0 && (head >> 1 != sizeof magnitude || !Read(&magnitude))) return false;
    if (magnitude > uint64_t{INT64_MAX} + negative) return false;
    out_.BigInt(static_cast<int64_t>(negative ? 0 - magnitude : magnitude));
    return true;
  }

  bool Text() {
    bool wide = Take() == 'c';
    uint64_t bytes = Varint();
    if (bytes > static_cast<uint64_t>(end_ - in_)) return false;
    const uint8_t* units = in_;
    in_ += bytes;
    out_.Need(kRoom + 3 * bytes);
    if (!wide) {
      out_.Wrote(WriteText(units, bytes, out_.at()));
      return true;
    }
    if (bytes % 2 != 0 || reinterpret_cast<uintptr_t>(units) % alignof(uint16_t) != 0) return false;
    out_.Wrote(WriteText(reinterpret_cast<const uint16_t*>(units), bytes / 2, out_.at()));
    return true;
  }

  bool Reference() {
    uint64_t id = Varint();
    if (id >= objects_.size()) return false;
    out_.Refer(objects_[id]);
    return true;
  }

  void Remember() {
    out_.Byte(kMemoize);
    objects_.push_back(numbered_++);
  }

  bool Object(uint8_t tag, uint32_t level) {
    switch (tag) {
      case 'o':
        out_.Byte(kEmptyDict);
        Remember();
        return Items(level);
      case 'A':
      case 'a':
        out_.Byte(kEmptyList);
        Remember();
        return tag == 'A' ? Dense(level) : Sparse(level);
      case ';':
        out_.Byte(kMark);
        out_.Byte(kDict);
        Remember();
        return Members(':', kSetItems, level);
      case '\'':
        out_.Byte(kEmptySet);
        Remember();
        return Members(',', kAddItems, level);
      case 'D':
        Name("\x8c\4date");
        if (!Number()) return false;
        out_.Byte(kTuple2);
        out_.Byte(kBinPersId);
        Remember();
        return true;
      default:
        return false;
    }
  }

  bool Items(uint32_t level) {
    if (level >= keys_.size()) keys_.resize(level + 1);
    uint64_t count = 0;
    for (; Peek() != '{'; ++count) {
      if (count == 0) out_.Byte(kMark);
      if (!PropertyKey(level, count) || !Value(level + 1)) return false;
    }
    out_.Need(kRoom);
    if (count != 0) out_.Byte(kSetItems);
    return Skip('{') && Varint() == count;
  }

  // Siblings mostly have the same keys in the same order, as in the walker.
  bool PropertyKey(uint32_t level, size_t at) {
    out_.Need(kRoom);
    if (at >= keys_[level].size()) keys_[level].push_back({nullptr, 0, 0});
    Key& last = keys_[level][at];
    if (last.length != 0 && last.length <= static_cast<size_t>(end_ - in_) &&
        memcmp(in_, last.begin, last.length) == 0) {
      in_ += last.length;
      out_.Refer(last.number);
      return true;
    }
    const uint8_t* begin = in_;
    size_t start = out_.size();
    if (Skip('I')) {
      std::string digits = std::to_string(ZigZag());
      out_.Wrote(WriteText(reinterpret_cast<const uint8_t*>(digits.data()), digits.size(), out_.at()));
    } else if ((Peek() != '"' && Peek() != 'c') || !Text()) {
      return false;
    }
    size_t length = out_.size() - start;
    std::string form(reinterpret_cast<const char*>(out_.at()) - length, length);
    out_.Unwrite(length);
    last = {begin, static_cast<size_t>(in_ - begin), Name(form)};
    return true;
  }

  // A text that is likely to come again, in its form. Gives its number.
  uint32_t Name(std::string_view form) {
    auto known = names_.find(form);
    if (known != names_.end()) {
      out_.Refer(known->second);
      return known->second;
    }
    out_.Need(kRoom + form.size());
    memcpy(out_.at(), form.data(), form.size());
    out_.Wrote(form.size());
    out_.Byte(kMemoize);
    names_.emplace(form, numbered_);
    return numbered_++;
  }

  bool Dense(uint32_t level) {
    uint64_t length = Varint();
    if (length != 0) out_.Byte(kMark);
    for (uint64_t i = 0; i < length; ++i) {
      if (!Value(level + 1)) return false;
    }
    out_.Need(kRoom);
    if (length != 0) out_.Byte(kAppends);
    // An array's other properties may refer to what has no form.
    return Skip('$') && Varint() == 0 && Varint() == length;
  }

  // Holes are a matter of prototypes.
  bool Sparse(uint32_t level) {
    uint64_t length = Varint();
    if (length != 0) out_.Byte(kMark);
    for (uint64_t i = 0; i < length; ++i) {
      if (!Skip('I') || static_cast<uint64_t>(ZigZag()) != i || !Value(level + 1)) return false;
    }
    out_.Need(kRoom);
    if (length != 0) out_.Byte(kAppends);
    return Skip('@') && Varint() == length && Varint() == length;
  }

  // A Map's keys and values in turn, or a Set's values. Where not all are simple, as docs/graph.md calls it, the form is
  // another one from the start.
  bool Members(uint8_t end, Opcode opcode, uint32_t level) {
    constexpr std::string_view kSimple = "\"cIN0";
    uint64_t count = 0;
    for (; Peek() != end; ++count) {
      if (count == 0) out_.Byte(kMark);
      bool key = opcode == kAddItems || count % 2 == 0;
      if ((key && kSimple.find(static_cast<char>(Peek())) == kSimple.npos) || !Value(level + 1)) return false;
    }
    out_.Need(kRoom);
    if (count != 0) out_.Byte(opcode);
    return Skip(end) && Varint() == count;
  }

  Limits& run_;
  const uint8_t* in_;
  const uint8_t* const end_;
  const GraphLimits& limits_;
  const uint32_t depth_;
  PickleWriter out_;
  uint64_t values_ = 0;
  uint32_t numbered_ = 0;
  int64_t undefined_ = -1;
  std::vector<uint32_t> objects_;                       // their numbers, by V8's
  std::vector<std::vector<Key>> keys_;                  // last on each level
  std::map<std::string, uint32_t, std::less<>> names_;  // no guest can make this one slow
};

// Whether there are arrays that V8 would be at for long, whatever it may write: it looks up from each object, but not from the
// numbers in an array, nor from listing the indices of one that may have holes. Such arrays lie in spaces of their own.
bool HasHugeArrays(v8::Isolate* v8) {
  constexpr size_t kHuge = 16 << 20;
  v8::HeapSpaceStatistics space;
  static const uint64_t spaces = [&] {
    uint64_t found = 0;
    for (size_t i = 0; i < v8->NumberOfHeapSpaces() && v8->GetHeapSpaceStatistics(&space, i); ++i) {
      std::string_view name = space.space_name();
      found |= uint64_t{name == "large_object_space" || name == "new_large_object_space"} << i;
    }
    return found;
  }();
  for (uint64_t left = spaces; left != 0; left &= left - 1) {
    auto i = static_cast<size_t>(std::countr_zero(left));
    if (v8->GetHeapSpaceStatistics(&space, i) && space.space_used_size() > kHuge) return true;
  }
  return false;
}

// What V8 writes of a value, if it is plain as far as that tells.
Bytes Serialize(Scope& scope, v8::Local<v8::Value> value, size_t most) {
  v8::HandleScope handles(scope.v8);
  v8::TryCatch swallow(scope.v8);
  swallow.SetCaptureMessage(false);
  Quiet quiet(scope.v8);
  Bounded bounds(scope.v8, most, &scope.isolate.limits);
  v8::ValueSerializer serializer(scope.v8, &bounds);
  serializer.SetTreatArrayBufferViewsAsHostObjects(true);
  serializer.WriteHeader();
  bool whole = serializer.WriteValue(scope.context, value).FromMaybe(false);
  if (swallow.HasTerminated()) scope.v8->TerminateExecution();  // the run goes on being ended
  return whole ? Bytes(serializer.Release()) : Bytes();
}

}  // namespace

bool IsPlain(v8::Isolate* v8, v8::Local<v8::Object> object) {
  v8::HandleScope handles(v8);
  v8::TryCatch swallow(v8);
  Quiet quiet(v8);
  Bounded bounds(v8, 256);
  {
    v8::ValueSerializer serializer(v8, &bounds);
    serializer.SetTreatArrayBufferViewsAsHostObjects(true);
    [[maybe_unused]] bool whole = serializer.WriteValue(v8->GetCurrentContext(), object).FromMaybe(false);
  }
  return bounds.first() == 'o';
}

bool EncodePlainGraph(Scope& scope, v8::Local<v8::Value> value, const GraphLimits& limits, size_t most,
                      miniracer_graph* graph) {
  if (HasHugeArrays(scope.v8)) return false;
  Bytes bytes = Serialize(scope, value, most);
  Transcoder transcoder(scope, bytes, limits);
  if (!transcoder.Run()) return false;
  graph->struct_size = sizeof *graph;
  graph->length = transcoder.out().size();
  graph->data = transcoder.out().Release();
  return true;
}

}  // namespace miniracer
