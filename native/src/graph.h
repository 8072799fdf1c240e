// Graphs of values across the border in one piece: a subset of Python's pickles (docs/graph.md).
#pragma once

#include "miniracer.h"
#include "scope.h"

namespace miniracer {

// The options with their defaults filled in.
struct GraphLimits {
  explicit GraphLimits(const miniracer_graph_options& options);
  uint32_t flags;
  uint32_t depth;
  uint64_t nodes;
  uint64_t bytes;
};

miniracer_status EncodeGraph(Scope& scope, const miniracer_value& value, const GraphLimits& limits,
                             miniracer_graph** graph);
void FreeGraph(miniracer_graph* graph);

// A pickle as the host hands it in.
struct EncodedGraph {
  const void* data;
  uint64_t length;
  const miniracer_value* handles;
  uint32_t handle_count;
};

miniracer_status DecodeGraph(Scope& scope, const EncodedGraph& graph, const GraphLimits& limits,
                             miniracer_value* result);

}  // namespace miniracer
