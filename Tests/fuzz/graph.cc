// The codec of whole values: any bytes through miniracer_graph_decode; what was made of them is encoded, decoded and encoded
// again, and both encodings must be the same bytes.
#include <string>

#include "fuzz.h"

namespace {

using namespace fuzz;

miniracer_isolate isolate;
miniracer_context context;
miniracer_value handles[3];  // an object, a function, a Proxy
int runs;

// Nothing of the guest's runs, so one isolate will do for long.
void Renew() {
  if (isolate != 0 && ++runs % 1000 != 0) return;
  if (isolate != 0) REQUIRE(miniracer_isolate_dispose(isolate) == MINIRACER_OK, "");
  isolate = NewIsolate({.timeout = 200 * kMillisecond, .memory = 64 << 20});
  context = NewContext(isolate);
  const char* sources[] = {"({a: 1})", "(function f() {})", "new Proxy({}, {})"};
  for (int i = 0; i < 3; ++i) {
    miniracer_script script{};
    script.struct_size = sizeof script;
    std::string source = sources[i];
    script.source = Text(source);
    REQUIRE(miniracer_context_evaluate(context, &script, nullptr, &handles[i], nullptr) == MINIRACER_OK, source);
  }
}

miniracer_status Decode(const std::string& data, const miniracer_value* held, uint32_t count, miniracer_value* result) {
  miniracer_error* error = nullptr;
  // Bytes of its own size, so that reading past them is seen.
  std::string copy(data.data(), data.size());
  copy.shrink_to_fit();
  miniracer_status status =
      miniracer_graph_decode(context, copy.data(), copy.size(), held, count, nullptr, nullptr, result, &error);
  CheckRecord(status, error);
  return status;
}

miniracer_graph* Encode(const miniracer_value& value, uint32_t flags, miniracer_status* status) {
  miniracer_graph_options options{};
  options.struct_size = sizeof options;
  options.flags = flags;
  options.max_bytes = 16 << 20;
  miniracer_graph* graph = nullptr;
  miniracer_error* error = nullptr;
  *status = miniracer_graph_encode(context, &value, &options, nullptr, &graph, &error);
  CheckRecord(*status, error);
  return graph;
}

std::string BytesOf(const miniracer_graph* graph) {
  return std::string(static_cast<const char*>(graph->data), graph->length);
}

// What limits refuse is no finding.
bool Refused(miniracer_status status) {
  return status == MINIRACER_TOO_LARGE || status == MINIRACER_TIMEOUT || status == MINIRACER_OUT_OF_MEMORY;
}

void CheckAgain(const miniracer_value& value) {
  miniracer_status status;
  miniracer_graph* first = Encode(value, MINIRACER_GRAPH_HANDLE, &status);
  if (status != MINIRACER_OK) REQUIRE(Refused(status), miniracer_status_name(status));
  if (first == nullptr) return;
  Owned again;
  status = Decode(BytesOf(first), first->handles, first->handle_count, &again);
  if (!Refused(status)) {
    REQUIRE(status == MINIRACER_OK, std::string("its own encoding: ") + miniracer_status_name(status));
    miniracer_graph* second = Encode(again, MINIRACER_GRAPH_HANDLE, &status);
    if (status != MINIRACER_OK) REQUIRE(Refused(status), miniracer_status_name(status));
    if (second != nullptr) REQUIRE(BytesOf(second) == BytesOf(first), "encoded again it is something else");
    miniracer_graph_free(second);
  }
  miniracer_graph_free(first);
}

// Plain data is written by other code than the rest. Beside a function, which becomes undefined, it is the rest's.
void CheckOtherWay(const miniracer_value& value) {
  std::string forms[2];
  for (const miniracer_value& beside : {miniracer_value{}, handles[1]}) {
    const miniracer_value elements[] = {value, beside};
    Owned list;
    if (miniracer_array_new(context, elements, 2, &list, nullptr) != MINIRACER_OK) return;
    miniracer_status status;
    miniracer_graph* graph = Encode(list, MINIRACER_GRAPH_DROP, &status);
    if (status != MINIRACER_OK) REQUIRE(Refused(status), miniracer_status_name(status));
    if (graph == nullptr) return;
    forms[beside.tag == MINIRACER_OBJECT] = BytesOf(graph);
    miniracer_graph_free(graph);
  }
  REQUIRE(forms[0] == forms[1], "encoded in two ways");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Renew();
  std::string bytes(reinterpret_cast<const char*>(data), size);
  Owned value;
  miniracer_status status = Decode(bytes, handles, 3, &value);
  if (status != MINIRACER_OK) {
    REQUIRE(status == MINIRACER_INVALID_ARGUMENT || Refused(status), miniracer_status_name(status));
    return 0;
  }
  CheckAgain(value);
  CheckOtherWay(value);
  return 0;
}
