#include "heap_snapshot.h"

#include <v8-profiler.h>

#include <memory>

#include "host_code.h"

namespace miniracer {
namespace {

class Stream final : public v8::OutputStream {
 public:
  Stream(Isolate& isolate, miniracer_writer writer, void* userdata)
      : isolate_(isolate), writer_(writer), userdata_(userdata) {}
  void EndOfStream() override {}
  int GetChunkSize() override { return 1 << 16; }
  WriteResult WriteAsciiChunk(char* data, int size) override {
    HostTurn turn(isolate_);
    stopped_ = CallHost(writer_, userdata_, data, static_cast<uint64_t>(size)) != 0;
    return stopped_ ? kAbort : kContinue;
  }
  bool stopped() const { return stopped_; }

 private:
  Isolate& isolate_;
  const miniracer_writer writer_;
  void* const userdata_;
  bool stopped_ = false;
};

struct Delete {
  void operator()(const v8::HeapSnapshot* snapshot) const { const_cast<v8::HeapSnapshot*>(snapshot)->Delete(); }
};

}  // namespace

miniracer_status WriteHeapSnapshot(Isolate& isolate, miniracer_writer writer, void* userdata) {
  std::unique_ptr<const v8::HeapSnapshot, Delete> snapshot(isolate.v8()->GetHeapProfiler()->TakeHeapSnapshot());
  if (snapshot == nullptr) return MINIRACER_INTERNAL;
  Stream stream(isolate, writer, userdata);
  snapshot->Serialize(&stream, v8::HeapSnapshot::kJSON);
  return stream.stopped() ? MINIRACER_CANCELLED : MINIRACER_OK;
}

}  // namespace miniracer
