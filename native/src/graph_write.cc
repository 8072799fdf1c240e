#include "graph_write.h"

#include <string.h>

#include <algorithm>
#include <bit>
#include <new>

#include "v8_compat.h"

namespace miniracer {
namespace {

// V8's value-serializer.cc: its versions 9 to 15 know all of these as they are used here; what it writes it can read for
// ever, since browsers store it.
constexpr uint8_t kVersionTag = 0xFF, kVersion = 13;
constexpr char kUndefinedTag = '_', kNullTag = '0', kTrueTag = 'T', kFalseTag = 'F', kInt32Tag = 'I', kUint32Tag = 'U',
               kDoubleTag = 'N', kBigIntTag = 'Z', kOneByteTag = '"', kTwoByteTag = 'c', kReferenceTag = '^',
               kObjectTag = 'o', kObjectEndTag = '{', kDenseTag = 'A', kDenseEndTag = '$', kSparseTag = 'a',
               kSparseEndTag = '@', kMapTag = ';', kMapEndTag = ':', kSetTag = '\'', kSetEndTag = ',', kHostTag = '\\';
constexpr size_t kFront = 16;                       // room for the head, which is written last
constexpr uint64_t kLongestArray = (1u << 27) - 1;  // V8 ends the process for more (FixedArray::kMaxLength)
constexpr uint64_t kLongestBigInt = 1u << 27;       // bytes (BigInt::kMaxLengthBits)

bool IsAscii(const uint8_t* data, size_t length) {
  size_t i = 0;
  for (; i + 8 <= length; i += 8) {
    uint64_t eight;
    memcpy(&eight, data + i, 8);
    if ((eight & 0x8080808080808080u) != 0) return false;
  }
  uint8_t all = 0;
  for (; i < length; ++i) all |= data[i];
  return all < 0x80;
}

}  // namespace

std::u16string Utf16(const GraphParser& parser, const GraphNode& text) {
  std::u16string units;
  units.reserve(text.length);
  const uint8_t *at = text.bytes, *end = at + text.length;
  while (at < end) {
    uint32_t code = *at;
    int more = code < 0x80 ? 0 : code < 0xC2 ? -1 : code < 0xE0 ? 1 : code < 0xF0 ? 2 : code < 0xF5 ? 3 : -1;
    bool good = more >= 0 && end - at > more;
    if (good && more > 0) code &= 0x3Fu >> more;
    for (int i = 1; good && i <= more; ++i) {
      good = (at[i] & 0xC0) == 0x80;
      code = code << 6 | (at[i] & 0x3F);
    }
    if (!good || (more == 2 && code < 0x800) || (more == 3 && (code < 0x10000 || code > 0x10FFFF))) {
      throw GraphProblem{MINIRACER_INVALID_ARGUMENT,
                         "data: at byte " + std::to_string(parser.OffsetOf(at)) + ": ill-formed UTF-8"};
    }
    at += more + 1;
    if (code < 0x10000) {
      units.push_back(static_cast<char16_t>(code));
    } else {
      units.push_back(static_cast<char16_t>(0xD7C0 + (code >> 10)));
      units.push_back(static_cast<char16_t>(0xDC00 + (code & 0x3FF)));
    }
  }
  return units;
}

void GraphWriter::TooLarge(const std::string& what) const { throw GraphProblem{MINIRACER_TOO_LARGE, "data: " + what}; }

void GraphWriter::Grow(uint64_t bytes) {
  // Text that is referred to again and again is written each time.
  if (size_ + bytes > limits_.bytes * 4 + 65536) {
    TooLarge("what it makes is much larger than " + std::to_string(limits_.bytes) + " bytes");
  }
  size_t capacity = std::max<size_t>(capacity_ * 2, size_ + bytes + 1024);
  void* larger = realloc(buffer_, capacity);
  if (larger == nullptr) throw std::bad_alloc();
  buffer_ = static_cast<uint8_t*>(larger);
  capacity_ = capacity;
}

void GraphWriter::Varint(uint64_t number) {
  for (; number >= 0x80; number >>= 7) Byte(static_cast<uint8_t>(number | 0x80));
  Byte(static_cast<uint8_t>(number));
}

void GraphWriter::Tag(char tag, uint64_t number) {
  Reserve(12);
  Byte(static_cast<uint8_t>(tag));
  Varint(number);
}

void GraphWriter::WriteText(const GraphNode& text) {
  constexpr auto kLongest = static_cast<size_t>(v8::String::kMaxLength);
  if (IsAscii(text.bytes, text.length)) {
    if (text.length > kLongest) TooLarge("a text of " + std::to_string(text.length) + " code units");
    Reserve(uint64_t{text.length} + 12);
    Tag(kOneByteTag, text.length);
    if (text.length != 0) memcpy(buffer_ + size_, text.bytes, text.length);
    size_ += text.length;
    return;
  }
  std::u16string units = Utf16(parser_, text);
  if (units.size() > kLongest) TooLarge("a text of " + std::to_string(units.size()) + " code units");
  Reserve(2 * units.size() + 13);
  if (std::all_of(units.begin(), units.end(), [](char16_t unit) { return unit < 0x100; })) {
    Tag(kOneByteTag, units.size());
    for (char16_t unit : units) Byte(static_cast<uint8_t>(unit));
    return;
  }
  // Units at even addresses, after padding of zero bytes; the front is even.
  size_t digits = (static_cast<size_t>(std::bit_width(2 * units.size())) + 6) / 7;
  if ((size_ + 1 + digits) % 2 != 0) Byte(0);
  Tag(kTwoByteTag, 2 * units.size());
  memcpy(buffer_ + size_, units.data(), 2 * units.size());
  size_ += 2 * units.size();
}

void GraphWriter::WriteBigInt(const GraphNode& node) {
  bool negative = node.length != 0 && (node.bytes[node.length - 1] & 0x80) != 0;
  std::vector<uint8_t> digits(node.bytes, node.bytes + node.length);
  for (unsigned carry = 1, i = 0; negative && i < digits.size(); ++i) {
    carry += static_cast<uint8_t>(~digits[i]);
    digits[i] = static_cast<uint8_t>(carry);
    carry >>= 8;
  }
  while (!digits.empty() && digits.back() == 0) digits.pop_back();
  digits.resize((digits.size() + 7) / 8 * 8);
  if (digits.size() > kLongestBigInt) TooLarge("a number of " + std::to_string(digits.size()) + " bytes");
  Reserve(digits.size() + 12);
  Tag(kBigIntTag, digits.size() << 1 | (negative ? 1 : 0));
  if (!digits.empty()) memcpy(buffer_ + size_, digits.data(), digits.size());
  size_ += digits.size();
}

void GraphWriter::WriteNode(const GraphNode& node) {
  if (++nodes_ > limits_.nodes && limits_.nodes != 0)
    TooLarge("more than " + std::to_string(limits_.nodes) + " values");
  Reserve(16);
  switch (node.kind) {
    case GraphNode::kUndefined:
      return Byte(kUndefinedTag);
    case GraphNode::kNull:
      return Byte(kNullTag);
    case GraphNode::kTrue:
      return Byte(kTrueTag);
    case GraphNode::kFalse:
      return Byte(kFalseTag);
    case GraphNode::kInteger:
      // 30 bits, so that it is a small integer in every V8.
      if (node.integer >= -(1 << 30) && node.integer < 1 << 30) {
        return Tag(kInt32Tag, static_cast<uint32_t>(node.integer * 2) ^ (node.integer < 0 ? UINT32_MAX : 0));
      }
      break;
    case GraphNode::kDouble:
      break;
    case GraphNode::kText:
      return WriteText(node);
    case GraphNode::kBigInt:
      return WriteBigInt(node);
    case GraphNode::kPart:
      return Begin(node.part);
  }
  double number = node.kind == GraphNode::kInteger ? static_cast<double>(node.integer) : node.number;
  Byte(kDoubleTag);
  memcpy(buffer_ + size_, &number, 8);
  size_ += 8;
}

// A reference, a part as a whole, or the beginning of one with items.
void GraphWriter::Begin(GraphPart* part) {
  if (part->id != 0) return Tag(kReferenceTag, part->id);
  if (part->kind == GraphPart::kName) {
    throw GraphProblem{MINIRACER_INVALID_ARGUMENT,
                       "data: at byte " + std::to_string(part->offset) + ": a name is no value"};
  }
  if (part->kind == GraphPart::kError || !part->HasItems()) {
    Charge(*part);
    part->id = next_id_++;
    Tag(kHostTag, hosts_.size());
    hosts_.push_back(part);
    if (part->kind == GraphPart::kError && part->count != 0) rest_.fills.push_back(part);
    return;
  }
  bool collection = part->kind == GraphPart::kMap || part->kind == GraphPart::kSet;
  if (collection && HasOdd(*part)) {
    part->id = next_id_++;
    Byte(part->kind == GraphPart::kMap ? kMapTag : kSetTag);
    Tag(part->kind == GraphPart::kMap ? kMapEndTag : kSetEndTag, 0);
    rest_.fills.push_back(part);
    return;
  }
  Open(part, false);
}

// Bytes that are referred to again and again are copied each time.
void GraphWriter::Charge(const GraphPart& part) {
  const GraphPart* bytes = part.kind == GraphPart::kBytes        ? &part
                           : part.kind == GraphPart::kTypedArray ? part.arguments[1].part
                           : part.kind >= GraphPart::kArrayBuffer && part.kind <= GraphPart::kDataView
                               ? part.arguments[0].part
                               : nullptr;
  if (bytes == nullptr) return;
  copied_ += bytes->size;
  if (copied_ > limits_.bytes) TooLarge("more than " + std::to_string(limits_.bytes) + " bytes in buffers");
}

bool GraphWriter::HasOdd(const GraphPart& part) const {
  for (const GraphItems* items = part.first; items != nullptr; items = items->next) {
    if (std::any_of(items->nodes, items->nodes + items->count, [&](const GraphNode& node) { return IsOdd(node); })) {
      return true;
    }
  }
  return false;
}

void GraphWriter::Open(GraphPart* part, bool as_list) {
  if (levels_.size() >= limits_.depth) {
    TooLarge("at byte " + std::to_string(part->offset) + ": nested deeper than " + std::to_string(limits_.depth) +
             " levels");
  }
  uint32_t id = next_id_++;
  if (part->id == 0) part->id = id;
  levels_.push_back({part, as_list, id, part->first, 0, 0});
  if (as_list || part->kind == GraphPart::kList || part->kind == GraphPart::kTuple) {
    if (part->count > kLongestArray) TooLarge("a list of " + std::to_string(part->count) + " elements");
    return Tag(kDenseTag, part->count);
  }
  if (part->kind == GraphPart::kSparse) {
    rest_.sparse.push_back(part);
    return Tag(kSparseTag, UINT32_MAX);
  }
  Byte(part->kind == GraphPart::kMap ? kMapTag : part->kind == GraphPart::kSet ? kSetTag : kObjectTag);
}

void GraphWriter::Close(const Level& level) {
  uint64_t count = level.part->count;
  if (level.as_list || level.part->kind == GraphPart::kList || level.part->kind == GraphPart::kTuple) {
    Tag(kDenseEndTag, 0);
    Reserve(12);
    return Varint(count);
  }
  switch (level.part->kind) {
    case GraphPart::kMap:
      return Tag(kMapEndTag, count);
    case GraphPart::kSet:
      return Tag(kSetEndTag, count);
    case GraphPart::kSparse:
      Tag(kSparseEndTag, level.written / 2);
      Reserve(12);
      return Varint(UINT32_MAX);
    default:
      return Tag(kObjectEndTag, level.written / 2);
  }
}

void GraphWriter::WriteKey(GraphPart* part, const GraphNode& key) {
  Reserve(32);
  bool number = key.kind == GraphNode::kInteger;
  if (part->kind == GraphPart::kSparse) {
    bool index = number && key.integer >= 0 && key.integer < part->arguments[0].integer;
    if (index) return Tag(kUint32Tag, static_cast<uint64_t>(key.integer));
  } else if (key.kind == GraphNode::kText) {
    return WriteText(key);
  } else if (number && key.integer >= 0 && key.integer < UINT32_MAX) {
    return Tag(kUint32Tag, static_cast<uint64_t>(key.integer));
  } else if (number) {
    std::string digits = std::to_string(key.integer);
    Tag(kOneByteTag, digits.size());
    for (char digit : digits) Byte(static_cast<uint8_t>(digit));
    return;
  }
  const char* what = part->kind == GraphPart::kSparse ? "a key is no index below the length"
                                                      : "a key is neither a text nor an integer of 53 bits";
  throw GraphProblem{MINIRACER_INVALID_ARGUMENT,
                     "data: at byte " + std::to_string(part->offset) + ": in what begins here " + what};
}

// Writes the items of what is open, with all that is in them.
void GraphWriter::Drain() {
  while (!levels_.empty()) {
    size_t depth = levels_.size();
    Level* level = &levels_.back();
    GraphPart* part = level->part;
    bool keyed = !level->as_list && (part->kind == GraphPart::kDict || part->kind == GraphPart::kSparse ||
                                     part->kind == GraphPart::kError);
    for (;;) {
      if (level->items != nullptr && level->at == level->items->count) {
        level->items = level->items->next;
        level->at = 0;
      }
      if (level->items == nullptr) {
        Close(*level);
        levels_.pop_back();
        break;
      }
      const GraphNode& node = level->items->nodes[level->at++];
      uint64_t index = level->written++;
      if (keyed && index % 2 == 0) {
        WriteKey(part, node);
      } else if (IsOdd(node)) {
        Reserve(1);
        Byte(kUndefinedTag);
        GraphNode key = keyed ? level->items->nodes[level->at - 2] : GraphNode{};
        rest_.patches.push_back({level->id, keyed, static_cast<uint32_t>(index), key, node.part});
      } else {
        WriteNode(node);
        if (levels_.size() != depth) break;
      }
    }
  }
}

void GraphWriter::Write(const GraphNode& root) {
  Grow(65536);
  size_ = kFront;
  WriteNode(root);
  Drain();
  // Fills may be found while fills are written.
  for (size_t i = 0; i < rest_.fills.size(); ++i) {
    Reserve(16);
    Open(rest_.fills[i], rest_.fills[i]->kind != GraphPart::kError);
    Drain();
  }
  for (const GraphPart* part : rest_.fills) Tag(kReferenceTag, part->id);
  for (const GraphRest::Patch& patch : rest_.patches) Tag(kReferenceTag, patch.parent);
  for (const GraphPart* part : rest_.sparse) Tag(kReferenceTag, part->id);
  uint64_t count = 1 + 2 * rest_.fills.size() + rest_.patches.size() + rest_.sparse.size();
  Tag(kDenseEndTag, 0);
  Reserve(12);
  Varint(count);
  // The head, just before the first item.
  size_t end = size_;
  size_t digits = (static_cast<size_t>(std::bit_width(count)) + 6) / 7;
  size_ = start_ = kFront - digits - 3;
  Byte(kVersionTag);
  Byte(kVersion);
  Byte(kDenseTag);
  Varint(count);
  size_ = end;
}

}  // namespace miniracer
