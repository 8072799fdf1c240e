// A parsed pickle written anew in the form of V8's ValueDeserializer, which makes objects faster than V8's interface and
// knows references and cycles.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <functional>
#include <string>
#include <vector>

#include "graph.h"
#include "graph_parse.h"

namespace miniracer {

// The text of a key, or of another TEXT node, as UTF-16. Throws GraphProblem for what is no UTF-8 with surrogates.
std::u16string Utf16(const GraphParser& parser, const GraphNode& text);

// What is to be done once V8 has made the objects. V8 makes an array: first the value; then for each fill an array or an
// object of its items; for each fill the object itself; for each patch the object that it goes into;
// and each sparse array.
struct GraphRest {
  // What V8 has no form for, to be put into a list or an object.
  struct Patch {
    uint32_t parent;  // the part's id, or that of a fill's holder
    bool named;
    uint32_t index;
    GraphNode key;
    GraphPart* handle;
  };
  // Items that are put in by hand: of an Error, or of a Map or Set that a patch is needed for.
  std::vector<GraphPart*> fills;
  std::vector<Patch> patches;
  // Arrays that were made as long as can be, for V8 would reserve room for all elements of a shorter one.
  std::vector<GraphPart*> sparse;
};

class GraphWriter {
 public:
  // `odd` tells whether V8 has no form for what a handle stands for: a primitive value or a Proxy.
  GraphWriter(const GraphParser& parser, const GraphLimits& limits, std::function<bool(const GraphPart&)> odd)
      : parser_(parser), limits_(limits), odd_(std::move(odd)) {}
  ~GraphWriter() { free(buffer_); }
  GraphWriter(const GraphWriter&) = delete;

  // Throws GraphProblem, std::bad_alloc.
  void Write(const GraphNode& root);

  const uint8_t* data() const { return buffer_ + start_; }
  size_t size() const { return size_ - start_; }
  const GraphRest& rest() const { return rest_; }
  // The parts that V8 asks us to make, by number.
  const std::vector<GraphPart*>& hosts() const { return hosts_; }

 private:
  // A part whose items are being written.
  struct Level {
    GraphPart* part;
    bool as_list;  // a fill's holder: keys and values in turn
    uint32_t id;
    const GraphItems* items;
    uint64_t at;       // in `items`
    uint64_t written;  // of all
  };
  void Reserve(uint64_t bytes) {
    if (bytes > capacity_ - size_) Grow(bytes);
  }
  void Grow(uint64_t bytes);
  void Byte(uint8_t byte) { buffer_[size_++] = byte; }  // these need room reserved
  void Varint(uint64_t number);
  void Tag(char tag, uint64_t number);
  void WriteNode(const GraphNode& node);
  void WriteText(const GraphNode& text);
  void WriteBigInt(const GraphNode& node);
  void WriteKey(GraphPart* part, const GraphNode& key);
  void Begin(GraphPart* part);
  void Open(GraphPart* part, bool as_list);
  void Close(const Level& level);
  void Drain();
  bool IsOdd(const GraphNode& node) const {
    return node.kind == GraphNode::kPart && node.part->kind == GraphPart::kHandle && odd_(*node.part);
  }
  bool HasOdd(const GraphPart& part) const;
  void Charge(const GraphPart& part);
  [[noreturn]] void TooLarge(const std::string& what) const;

  const GraphParser& parser_;
  const GraphLimits& limits_;
  const std::function<bool(const GraphPart&)> odd_;
  GraphRest rest_;
  std::vector<GraphPart*> hosts_;
  std::vector<Level> levels_;
  uint32_t next_id_ = 1;  // 0 is the array around all
  uint64_t nodes_ = 0;
  uint64_t copied_ = 0;  // bytes in buffers
  uint8_t* buffer_ = nullptr;
  size_t start_ = 0, size_ = 0, capacity_ = 0;
};

}  // namespace miniracer
