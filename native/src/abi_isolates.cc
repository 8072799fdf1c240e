// The extern "C" boundary of isolates' options and figures; see abi.cc.
#include "calls.h"
#include "deaths.h"
#include "host_code.h"
#include "miniracer.h"
#include "presets.h"

using namespace miniracer;  // NOLINT: this file is the boundary

namespace {

constexpr uint64_t kLeastHeap = 4 << 20;  // V8 cannot start in less

constexpr uint32_t kIsolateFlags = MINIRACER_ISOLATE_EXPLICIT_MICROTASKS | MINIRACER_ISOLATE_BACKGROUND_LOOP |
                                   MINIRACER_ISOLATE_NO_EVAL | MINIRACER_ISOLATE_NO_WEBASSEMBLY |
                                   MINIRACER_ISOLATE_NO_SHARED_MEMORY;

}  // namespace

extern "C" {

miniracer_status miniracer_isolate_options_preset(uint32_t preset, miniracer_isolate_options* options) {
  miniracer_isolate_options filled{};
  if (!FillPreset(preset, &filled)) return MINIRACER_INVALID_ARGUMENT;
  return WriteStruct(filled, options);
}

miniracer_status miniracer_isolate_new(const miniracer_isolate_options* options, miniracer_isolate* isolate,
                                       miniracer_error** error) {
  miniracer_isolate_options read{};
  miniracer_status status = Guarded(error, [&] {
    std::string problem;
    miniracer_status outcome = ReadStruct(options, &read, "options", &problem);
    if (outcome != MINIRACER_OK) return Report(error, outcome, problem);
    if (isolate == nullptr) return MissingArgument(error, "isolate");
    if ((read.flags & ~kIsolateFlags) != 0) return UnknownFlags(error, "options.flags", read.flags & ~kIsolateFlags);
    if (read.heap_limit != 0 && read.heap_limit < kLeastHeap) {
      return Report(error, MINIRACER_INVALID_ARGUMENT, "options.heap_limit: less than 4 MiB, in which V8 cannot start");
    }
    if (read.memory_limit != 0 && read.memory_limit < kLeastHeap) {
      return Report(error, MINIRACER_INVALID_ARGUMENT,
                    "options.memory_limit: less than 4 MiB, in which V8 cannot start");
    }
    if (EnginePlatform() == nullptr) return Report(error, MINIRACER_NOT_INITIALIZED);
    return Isolates::New(read, isolate);
  });
  // What no isolate took over.
  if (read.event_finalize != nullptr) CallHost(read.event_finalize, read.event_userdata);
  return status;
}

miniracer_status miniracer_isolate_set_heap_limit(miniracer_isolate isolate, uint64_t bytes) {
  if (bytes != 0 && bytes < kLeastHeap) return MINIRACER_INVALID_ARGUMENT;
  return InIsolate(isolate, nullptr, [&](Isolate& inside) {
    inside.SetHeapLimit(bytes);
    return MINIRACER_OK;
  });
}

miniracer_status miniracer_isolate_get_heap_statistics(miniracer_isolate isolate,
                                                       miniracer_heap_statistics* statistics) {
  if (statistics == nullptr) return MINIRACER_INVALID_ARGUMENT;
  return InIsolate(isolate, nullptr, [&](Isolate& inside) {
    miniracer_heap_statistics facts{};
    inside.ReportStatistics(&facts);
    return WriteStruct(facts, statistics);
  });
}

miniracer_status miniracer_process_get_statistics(miniracer_process_statistics* statistics) {
  miniracer_process_statistics facts{};
  facts.isolate_count = Isolates::count();
  Deaths::Report(&facts);
  return WriteStruct(facts, statistics);
}

}  // extern "C"
