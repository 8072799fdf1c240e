// A pickle taken apart: what its program makes, as nodes that refer to the pickle's bytes. Nothing of V8.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <memory_resource>
#include <string>
#include <vector>

#include "miniracer.h"

namespace miniracer {

// Thrown: why the bytes are no graph, and where.
struct GraphProblem {
  miniracer_status status;
  std::string text;
};

struct GraphPart;

// One value. What has an identity or holds others is a part.
struct GraphNode {
  enum Kind : uint8_t { kUndefined, kNull, kTrue, kFalse, kInteger, kDouble, kText, kBigInt, kPart };
  Kind kind;
  uint32_t length;  // TEXT, BIGINT: bytes
  union {
    int64_t integer;  // at most 2^53 either way
    double number;
    const uint8_t* bytes;  // UTF-8 with surrogates; a two's complement number, least byte first
    GraphPart* part;
  };
};

// Items that were added at once.
struct GraphItems {
  GraphItems* next;
  uint64_t count;
  const GraphNode* nodes;
};

struct GraphPart {
  enum Kind : uint8_t {
    // With items.
    kList,
    kTuple,
    kDict,
    kMap,
    kSet,
    kSparse,  // argument 0: the length
    kError,   // arguments: name, message, stack
    // Without.
    kDate,
    kRegExp,
    kBoxed,
    kHandle,
    kBytes,  // bytes
    kArrayBuffer,
    kSharedArrayBuffer,
    kDataView,
    kTypedArray,  // argument 0: MINIRACER_ELEMENT_*, argument 1: bytes
    kName         // argument 0: what a global of module `miniracer` is called, or one of Python's built-ins
  };
  Kind kind;
  uint32_t offset;  // in the pickle
  uint32_t id;      // for who goes through the parts; 0 at first
  uint64_t count;   // of all items
  GraphItems* first;
  GraphItems* last;  // null where there are items: another part has the same, and none are added
  union {
    GraphNode arguments[3];
    struct {
      const uint8_t* bytes;
      uint64_t size;
    };
  };
  GraphPart* previous;  // of all parts

  bool HasItems() const { return kind <= kError; }
};

class GraphParser {
 public:
  GraphParser(const void* data, uint64_t length)
      : begin_(static_cast<const uint8_t*>(data)), end_(begin_ + length), at_(begin_) {}

  // Throws GraphProblem, std::bad_alloc.
  GraphNode Parse();
  // The part that was made last.
  GraphPart* parts() const { return parts_; }
  size_t OffsetOf(const void* place) const { return static_cast<size_t>(static_cast<const uint8_t*>(place) - begin_); }

 private:
  [[noreturn]] void Fail(const std::string& what) const;
  const uint8_t* Take(uint64_t bytes);
  uint64_t TakeNumber(int bytes);
  std::string TakeLine();
  bool Step();  // false at the end
  void Build(uint8_t opcode);
  void Operate(uint8_t opcode);
  void Push(const GraphNode& node) { stack_.push_back(node); }
  void Push(GraphPart* part);
  void PushText(uint64_t length);
  void PushBytes(uint64_t length);
  void PushLong(uint64_t length, bool bigint);
  GraphNode Pop();
  size_t PopMark();
  void Need(size_t nodes) const;
  GraphPart* NewPart(GraphPart::Kind kind);
  void Add(GraphPart* part, size_t from);
  void MakeFrom(GraphPart::Kind kind, size_t from);
  void AddTo(size_t from, const char* opcode, bool pairs);
  GraphPart* Holder(size_t below) const;
  void PushName(const std::string& module, const std::string& name);
  void Call();
  void PersistentId();
  GraphNode Make(const std::string& tag, const GraphNode* arguments, size_t count);
  void Remember(uint64_t index);
  void Recall(uint64_t index);

  const uint8_t* const begin_;
  const uint8_t* const end_;
  const uint8_t* at_;
  const uint8_t* opcode_ = nullptr;
  std::pmr::monotonic_buffer_resource arena_{1 << 16};
  std::vector<GraphNode> stack_;
  std::vector<size_t> marks_;
  std::vector<GraphNode> memo_;
  GraphPart* parts_ = nullptr;
};

}  // namespace miniracer
