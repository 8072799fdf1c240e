#include "graph_parse.h"

#include <string.h>

#include <algorithm>
#include <new>

#include "pickle.h"

namespace miniracer {
namespace {

constexpr int64_t kLargestInteger = int64_t{1} << 53;

// A two's complement number of at most eight bytes.
int64_t SmallNumber(const uint8_t* bytes, size_t length) {
  if (length == 0) return 0;
  uint64_t bits = (bytes[length - 1] & 0x80) != 0 ? ~uint64_t{0} : 0;
  for (size_t i = length; i-- > 0;) bits = bits << 8 | bytes[i];
  return static_cast<int64_t>(bits);
}

GraphNode Constant(GraphNode::Kind kind) {
  GraphNode node{};
  node.kind = kind;
  return node;
}

GraphNode Integer(int64_t value) {
  GraphNode node{};
  node.kind = GraphNode::kInteger;
  node.integer = value;
  return node;
}

bool IsTuple(const GraphNode& node) { return node.kind == GraphNode::kPart && node.part->kind == GraphPart::kTuple; }

// A tuple is made from one piece.
const GraphNode* ItemsOf(const GraphPart* tuple) { return tuple->first != nullptr ? tuple->first->nodes : nullptr; }

bool IsNumber(const GraphNode& node) { return node.kind == GraphNode::kInteger || node.kind == GraphNode::kDouble; }

bool IsText(const GraphNode& node) { return node.kind == GraphNode::kText; }

bool IsBytes(const GraphNode& node) { return node.kind == GraphNode::kPart && node.part->kind == GraphPart::kBytes; }

bool IsIndex(const GraphNode& node) {
  return node.kind == GraphNode::kInteger && node.integer >= 0 && node.integer <= UINT32_MAX;
}

}  // namespace

void GraphParser::Fail(const std::string& what) const {
  const uint8_t* place = opcode_ != nullptr ? opcode_ : begin_;
  throw GraphProblem{MINIRACER_INVALID_ARGUMENT, "data: at byte " + std::to_string(OffsetOf(place)) + ": " + what};
}

const uint8_t* GraphParser::Take(uint64_t bytes) {
  if (bytes > static_cast<uint64_t>(end_ - at_)) Fail("it ends too early");
  const uint8_t* taken = at_;
  at_ += bytes;
  return taken;
}

uint64_t GraphParser::TakeNumber(int bytes) {
  const uint8_t* taken = Take(static_cast<uint64_t>(bytes));
  uint64_t number = 0;
  for (int i = 0; i < bytes; ++i) number |= uint64_t{taken[i]} << (8 * i);
  return number;
}

std::string GraphParser::TakeLine() {
  const uint8_t* end = std::find(at_, end_, '\n');
  if (end == end_ || end - at_ > 1000) Fail("a line without an end");
  std::string line(at_, end);
  at_ = end + 1;
  return line;
}

void GraphParser::Push(GraphPart* part) {
  GraphNode node{};
  node.kind = GraphNode::kPart;
  node.part = part;
  stack_.push_back(node);
}

void GraphParser::PushText(uint64_t length) {
  GraphNode node{};
  node.kind = GraphNode::kText;
  node.bytes = Take(length);
  node.length = static_cast<uint32_t>(length);
  stack_.push_back(node);
}

void GraphParser::PushBytes(uint64_t length) {
  const uint8_t* bytes = Take(length);
  GraphPart* part = NewPart(GraphPart::kBytes);
  part->bytes = bytes;
  part->size = length;
  Push(part);
}

void GraphParser::PushLong(uint64_t length, bool bigint) {
  const uint8_t* bytes = Take(length);
  if (!bigint && length <= 8) {
    int64_t value = SmallNumber(bytes, length);
    if (value >= -kLargestInteger && value <= kLargestInteger) return Push(Integer(value));
  }
  GraphNode node{};
  node.kind = GraphNode::kBigInt;
  node.bytes = bytes;
  node.length = static_cast<uint32_t>(length);
  stack_.push_back(node);
}

void GraphParser::Need(size_t nodes) const {
  size_t bottom = marks_.empty() ? 0 : marks_.back();
  if (stack_.size() - bottom < nodes) Fail("it takes more from the stack than there is");
}

GraphNode GraphParser::Pop() {
  Need(1);
  GraphNode node = stack_.back();
  stack_.pop_back();
  return node;
}

size_t GraphParser::PopMark() {
  if (marks_.empty()) Fail("no mark");
  size_t mark = marks_.back();
  marks_.pop_back();
  return mark;
}

GraphPart* GraphParser::NewPart(GraphPart::Kind kind) {
  auto* part = new (arena_.allocate(sizeof(GraphPart), alignof(GraphPart))) GraphPart{};
  part->kind = kind;
  part->offset = static_cast<uint32_t>(OffsetOf(opcode_));
  part->previous = parts_;
  parts_ = part;
  return part;
}

// Moves what is on the stack from `from` on into a part.
void GraphParser::Add(GraphPart* part, size_t from) {
  size_t count = stack_.size() - from;
  if (count != 0) {
    auto* nodes = static_cast<GraphNode*>(arena_.allocate(count * sizeof(GraphNode), alignof(GraphNode)));
    memcpy(nodes, stack_.data() + from, count * sizeof(GraphNode));
    auto* items = new (arena_.allocate(sizeof(GraphItems), alignof(GraphItems))) GraphItems{nullptr, count, nodes};
    (part->first == nullptr ? part->first : part->last->next) = items;
    part->last = items;
    part->count += count;
  }
  stack_.resize(from);
}

void GraphParser::MakeFrom(GraphPart::Kind kind, size_t from) {
  GraphPart* part = NewPart(kind);
  Add(part, from);
  Push(part);
}

// The part below the items.
GraphPart* GraphParser::Holder(size_t from) const {
  size_t bottom = marks_.empty() ? 0 : marks_.back();
  if (from <= bottom || stack_[from - 1].kind != GraphNode::kPart) Fail("items without a place to put them");
  return stack_[from - 1].part;
}

void GraphParser::AddTo(size_t from, const char* what, bool pairs) {
  GraphPart* part = Holder(from);
  bool fits;
  switch (part->kind) {
    case GraphPart::kList:
      fits = what[0] == 'e';
      break;
    case GraphPart::kSet:
      fits = what[0] == 'm';
      break;
    case GraphPart::kDict:
    case GraphPart::kMap:
    case GraphPart::kError:
    case GraphPart::kSparse:
      fits = pairs;
      break;
    default:
      fits = false;
  }
  bool closed = part->first != nullptr && part->last == nullptr;
  if (!fits || closed) Fail(std::string(what) + " for what can have none");
  if (pairs && (stack_.size() - from) % 2 != 0) Fail("a key without a value");
  Add(part, from);
}

void GraphParser::PushName(const std::string& module, const std::string& name) {
  bool python = module == "builtins" || module == "__builtin__";
  std::string found;
  if (module == "miniracer") {
    found = name;
  } else if (python && (name == "bytearray" || name == "set" || name == "frozenset")) {
    found = "builtins." + name;
  } else if (module == "collections" && name == "OrderedDict") {
    found = name;
  } else {
    Fail("the global " + module + "." + name + ", which is not part of this form");
  }
  auto* text = static_cast<char*>(arena_.allocate(found.size(), 1));
  memcpy(text, found.data(), found.size());
  GraphPart* part = NewPart(GraphPart::kName);
  part->bytes = reinterpret_cast<uint8_t*>(text);
  part->size = found.size();
  Push(part);
}

// What a persistent id, or a call of a global of `miniracer`, stands for.
GraphNode GraphParser::Make(const std::string& tag, const GraphNode* arguments, size_t count) {
  struct Form {
    const char* tag;
    GraphPart::Kind kind;
    size_t count;
    bool (*first)(const GraphNode&);
    bool (*second)(const GraphNode&);
  };
  static constexpr Form kForms[] = {
      {"date", GraphPart::kDate, 1, IsNumber, nullptr},
      {"regexp", GraphPart::kRegExp, 2, IsText, IsText},
      {"error", GraphPart::kError, 3, IsText, IsText},
      {"boxed", GraphPart::kBoxed, 1, nullptr, nullptr},
      {"handle", GraphPart::kHandle, 1, IsIndex, nullptr},
      {"arraybuffer", GraphPart::kArrayBuffer, 1, IsBytes, nullptr},
      {"sharedarraybuffer", GraphPart::kSharedArrayBuffer, 1, IsBytes, nullptr},
      {"dataview", GraphPart::kDataView, 1, IsBytes, nullptr},
      {"typedarray", GraphPart::kTypedArray, 2, IsIndex, IsBytes},
      {"sparse", GraphPart::kSparse, 1, IsIndex, nullptr},
      {"map", GraphPart::kMap, 0, nullptr, nullptr},
      {"set", GraphPart::kSet, 0, nullptr, nullptr},
  };
  if (tag == "undefined" && count == 0) return Constant(GraphNode::kUndefined);
  if (tag == "bigint" && count == 1) {
    if (arguments[0].kind == GraphNode::kBigInt) return arguments[0];
    if (arguments[0].kind == GraphNode::kInteger) {
      auto* bytes = static_cast<uint8_t*>(arena_.allocate(8, 1));
      for (int i = 0; i < 8; ++i)
        bytes[i] = static_cast<uint8_t>(static_cast<uint64_t>(arguments[0].integer) >> (8 * i));
      GraphNode node{};
      node.kind = GraphNode::kBigInt;
      node.bytes = bytes;
      node.length = 8;
      return node;
    }
  }
  for (const Form& form : kForms) {
    if (tag != form.tag) continue;
    bool fits = count == form.count && (form.first == nullptr || form.first(arguments[0])) &&
                (form.second == nullptr || form.second(arguments[1]));
    bool boxable = form.kind != GraphPart::kBoxed || count != 1 ||
                   (arguments[0].kind != GraphNode::kPart && arguments[0].kind > GraphNode::kNull);
    if (!fits || !boxable) Fail("the arguments of '" + tag + "'");
    GraphPart* part = NewPart(form.kind);
    for (size_t i = 0; i < count; ++i) part->arguments[i] = arguments[i];
    GraphNode node{};
    node.kind = GraphNode::kPart;
    node.part = part;
    return node;
  }
  Fail("nothing is called '" + tag + "'");
}

// callable(*arguments)
void GraphParser::Call() {
  Need(2);
  GraphNode arguments = Pop(), callable = Pop();
  if (callable.kind != GraphNode::kPart || callable.part->kind != GraphPart::kName || !IsTuple(arguments)) {
    Fail("a call of something else than a name");
  }
  std::string name(reinterpret_cast<const char*>(callable.part->bytes), callable.part->size);
  const GraphNode* items = ItemsOf(arguments.part);
  size_t count = arguments.part->count;
  if (name == "OrderedDict" && count == 0) return Push(NewPart(GraphPart::kDict));
  if (name == "builtins.bytearray" && (count == 0 || (count == 1 && IsBytes(items[0])))) {
    GraphPart* part = NewPart(GraphPart::kBytes);
    part->bytes = count == 0 ? begin_ : items[0].part->bytes;
    part->size = count == 0 ? 0 : items[0].part->size;
    return Push(part);
  }
  if (name == "builtins.set" || name == "builtins.frozenset") {
    GraphPart* part = NewPart(GraphPart::kSet);
    if (count == 1 && items[0].kind == GraphNode::kPart && items[0].part->kind == GraphPart::kList) {
      // The list goes into the set as it is: it was made for that. Both have their items then, and get no more.
      part->first = items[0].part->first;
      items[0].part->last = nullptr;
      part->count = items[0].part->count;
    } else if (count != 0) {
      Fail("the arguments of '" + name + "'");
    }
    return Push(part);
  }
  Push(Make(name, items, count));
}

void GraphParser::PersistentId() {
  GraphNode id = Pop();
  if (id.kind == GraphNode::kNull) return Push(Constant(GraphNode::kUndefined));
  const GraphNode* items = IsTuple(id) ? ItemsOf(id.part) : nullptr;
  if (items == nullptr || !IsText(items[0])) Fail("a persistent id is None or a tuple that begins with a name");
  std::string tag(reinterpret_cast<const char*>(items[0].bytes), items[0].length);
  Push(Make(tag.substr(0, 100), items + 1, id.part->count - 1));
}

void GraphParser::Remember(uint64_t index) {
  Need(1);
  if (index >= static_cast<uint64_t>(end_ - begin_)) Fail("a memo number beyond what so many bytes can need");
  if (index >= memo_.size()) memo_.resize(index + 1);
  memo_[index] = stack_.back();
}

void GraphParser::Recall(uint64_t index) {
  if (index >= memo_.size()) Fail("a memo number that nothing has");
  Push(memo_[index]);
}

// Nearly all of a graph is made of these.
bool GraphParser::Step() {
  opcode_ = at_;
  switch (uint8_t opcode = *Take(1)) {
    case kShortBinUnicode:
      PushText(TakeNumber(1));
      break;
    case kMemoize:
      Need(1);
      memo_.push_back(stack_.back());
      break;
    case kBinGet:
      Recall(TakeNumber(1));
      break;
    case kLongBinGet:
      Recall(TakeNumber(4));
      break;
    case kBinInt1:
      Push(Integer(static_cast<int64_t>(TakeNumber(1))));
      break;
    case kBinInt2:
      Push(Integer(static_cast<int64_t>(TakeNumber(2))));
      break;
    case kBinInt:
      Push(Integer(static_cast<int32_t>(TakeNumber(4))));
      break;
    case kBinFloat: {
      const uint8_t* bytes = Take(8);
      uint64_t bits = 0;
      for (int i = 0; i < 8; ++i) bits = bits << 8 | bytes[i];
      GraphNode node{};
      node.kind = GraphNode::kDouble;
      memcpy(&node.number, &bits, 8);
      Push(node);
      break;
    }
    case kNone:
      Push(Constant(GraphNode::kNull));
      break;
    case kNewTrue:
      Push(Constant(GraphNode::kTrue));
      break;
    case kNewFalse:
      Push(Constant(GraphNode::kFalse));
      break;
    case kMark:
      marks_.push_back(stack_.size());
      break;
    case kEmptyDict:
      Push(NewPart(GraphPart::kDict));
      break;
    case kEmptyList:
      Push(NewPart(GraphPart::kList));
      break;
    case kSetItems:
      AddTo(PopMark(), "pairs", true);
      break;
    case kAppends:
      AddTo(PopMark(), "elements", false);
      break;
    case kStop:
      return false;
    default:
      Build(opcode);
  }
  return true;
}

// What else makes a value.
void GraphParser::Build(uint8_t opcode) {
  switch (opcode) {
    case kEmptyTuple:
      Push(NewPart(GraphPart::kTuple));
      break;
    case kEmptySet:
      Push(NewPart(GraphPart::kSet));
      break;
    case kSetItem:
      Need(3);
      AddTo(stack_.size() - 2, "pairs", true);
      break;
    case kAppend:
      Need(2);
      AddTo(stack_.size() - 1, "elements", false);
      break;
    case kAddItems:
      AddTo(PopMark(), "members", false);
      break;
    case kTuple1:
    case kTuple2:
    case kTuple3:
      Need(opcode - kTuple1 + 1u);
      MakeFrom(GraphPart::kTuple, stack_.size() - (opcode - kTuple1 + 1u));
      break;
    case kTuple:
      MakeFrom(GraphPart::kTuple, PopMark());
      break;
    case kList:
      MakeFrom(GraphPart::kList, PopMark());
      break;
    case kFrozenSet:
      MakeFrom(GraphPart::kSet, PopMark());
      break;
    case kDict: {
      size_t mark = PopMark();
      if ((stack_.size() - mark) % 2 != 0) Fail("a key without a value");
      MakeFrom(GraphPart::kMap, mark);
      break;
    }
    case kBinPersId:
      PersistentId();
      break;
    case kLong1:
      PushLong(TakeNumber(1), false);
      break;
    case kLong4:
      PushLong(TakeNumber(4), true);
      break;
    case kBinUnicode:
      PushText(TakeNumber(4));
      break;
    case kBinUnicode8:
      PushText(TakeNumber(8));
      break;
    case kShortBinBytes:
      PushBytes(TakeNumber(1));
      break;
    case kBinBytes:
      PushBytes(TakeNumber(4));
      break;
    case kBinBytes8:
    case kByteArray8:
      PushBytes(TakeNumber(8));
      break;
    default:
      Operate(opcode);
  }
}

// What Python writes and the encoder does not, and what is about the stack or the pickle itself.
void GraphParser::Operate(uint8_t opcode) {
  switch (opcode) {
    case kGlobal: {
      std::string module = TakeLine();
      PushName(module, TakeLine());
      break;
    }
    case kStackGlobal: {
      GraphNode name = Pop(), module = Pop();
      if (!IsText(name) || !IsText(module) || name.length > 100 || module.length > 100) Fail("a global without a name");
      PushName({reinterpret_cast<const char*>(module.bytes), module.length},
               {reinterpret_cast<const char*>(name.bytes), name.length});
      break;
    }
    case kReduce:
      Call();
      break;
    case kBinPut:
      Remember(TakeNumber(1));
      break;
    case kLongBinPut:
      Remember(TakeNumber(4));
      break;
    case kPop:
      if (!marks_.empty() && marks_.back() == stack_.size()) {
        marks_.pop_back();
      } else {
        Pop();
      }
      break;
    case kPopMark:
      stack_.resize(PopMark());
      break;
    case kDup:
      Need(1);
      stack_.push_back(GraphNode(stack_.back()));
      break;
    case kProto:
      if (*Take(1) > 5) Fail("a protocol that is newer than 5");
      break;
    case kFrame:
      Take(8);
      break;
    default:
      Fail("the opcode " + std::to_string(opcode) + ", which is not part of this form");
  }
}

GraphNode GraphParser::Parse() {
  if (end_ - begin_ > UINT32_MAX) throw GraphProblem{MINIRACER_TOO_LARGE, "data: 4 GiB and more"};
  while (Step()) {
  }
  if (!marks_.empty() || stack_.size() != 1) Fail("more or less than one value at its end");
  return stack_.back();
}

}  // namespace miniracer
