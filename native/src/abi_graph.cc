// The extern "C" boundary of graphs. See abi.cc.
#include "calls.h"
#include "graph.h"

using namespace miniracer;  // NOLINT: this file is the boundary

namespace {

miniracer_status ReadGraphOptions(const miniracer_graph_options* options, miniracer_graph_options* read,
                                  miniracer_error** error) {
  std::string problem;
  miniracer_status status = ReadStruct(options, read, "options", &problem);
  if (status != MINIRACER_OK) return Report(error, status, problem);
  constexpr uint32_t kFlags = MINIRACER_GRAPH_DROP | MINIRACER_GRAPH_HANDLE;
  if (uint32_t unknown = read->flags & ~kFlags; unknown != 0) return UnknownFlags(error, "options.flags", unknown);
  if (read->flags == kFlags) {
    return Report(error, MINIRACER_INVALID_ARGUMENT,
                  "options.flags: MINIRACER_GRAPH_DROP and _HANDLE exclude each other");
  }
  return MINIRACER_OK;
}

}  // namespace

extern "C" {

miniracer_status miniracer_graph_encode(miniracer_context context, const miniracer_value* value,
                                        const miniracer_graph_options* options, const miniracer_run_options* run,
                                        miniracer_graph** graph, miniracer_error** error) {
  return Guarded(error, [&] {
    if (value == nullptr) return MissingArgument(error, "value");
    if (graph == nullptr) return MissingArgument(error, "graph");
    miniracer_graph_options read{};
    if (miniracer_status status = ReadGraphOptions(options, &read, error); status != MINIRACER_OK) return status;
    GraphLimits limits(read);
    miniracer_graph* made = nullptr;
    miniracer_status status =
        Running(context, run, error, [&](Scope& scope) { return EncodeGraph(scope, *value, limits, &made); });
    if (status == MINIRACER_OK) {
      *graph = made;
    } else {
      FreeGraph(made);  // what was pending then did not end well
    }
    return status;
  });
}

miniracer_status miniracer_graph_decode(miniracer_context context, const void* data, uint64_t length,
                                        const miniracer_value* handles, uint32_t handle_count,
                                        const miniracer_graph_options* options, const miniracer_run_options* run,
                                        miniracer_value* result, miniracer_error** error) {
  return Guarded(error, [&] {
    if (data == nullptr) return MissingArgument(error, "data");
    if (handles == nullptr && handle_count != 0) return MissingArgument(error, "handles");
    miniracer_graph_options read{};
    if (miniracer_status status = ReadGraphOptions(options, &read, error); status != MINIRACER_OK) return status;
    GraphLimits limits(read);
    EncodedGraph graph{data, length, handles, handle_count};
    return RunningFor(result, context, run, error,
                      [&](Scope& scope, miniracer_value* made) { return DecodeGraph(scope, graph, limits, made); });
  });
}

void miniracer_graph_free(miniracer_graph* graph) { FreeGraph(graph); }

}  // extern "C"
