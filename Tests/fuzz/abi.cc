// The interface as a sequence of calls: bytes choose functions and arguments, right ones, stale ones, those of another
// isolate, and wrong ones. After each call the header's rules are checked; at the end, that every userdata was given back
// once.
#include "abi_world.h"

// Where a sanitizer can, it tells which call gave the userdata away.
extern "C" int __lsan_do_recoverable_leak_check() __attribute__((weak));

namespace fuzz {

thread_local World* world = nullptr;

namespace {

std::atomic<int64_t> tokens{0};

struct Token {
  Token() { ++tokens; }
  ~Token() { --tokens; }
  uint64_t mark = 0x746f6b656e;
};

}  // namespace

void* World::Token() {
  if (in.OneIn(16)) return nullptr;
  return new fuzz::Token;
}

void World::ReleaseToken(void* token) {
  auto* made = static_cast<fuzz::Token*>(token);
  if (made == nullptr) return;
  REQUIRE(made->mark == 0x746f6b656e, "no userdata of ours");
  delete made;  // AddressSanitizer tells of a second time
}

World::World(const uint8_t* data, size_t size) : in(data, size) {
  world = this;
  Start();
  static const uint32_t isolate_flags[] = {0, MINIRACER_ISOLATE_EXPLICIT_MICROTASKS, MINIRACER_ISOLATE_BACKGROUND_LOOP,
                                           MINIRACER_ISOLATE_NO_EVAL};
  for (miniracer_isolate& isolate : isolates) {
    isolate = NewIsolate({.timeout = 10 * kMillisecond, .memory = 64 << 20}, isolate_flags[in.Below(4)]);
    all_isolates.push_back(isolate);
  }
  for (int i = 0; i < kContexts; ++i) {
    contexts[i] = NewContext(isolates[i % kIsolates], i < 2 ? in.Below(16) : 0);
  }
}

World::~World() {
  // Locks of several isolates are undone in reverse order.
  for (bool unlocked = true; unlocked;) {
    unlocked = false;
    for (miniracer_isolate isolate : all_isolates)
      unlocked = miniracer_isolate_unlock(isolate) == MINIRACER_OK || unlocked;
  }
  for (auto& kept : kept_) miniracer_value_release(kept.data(), kept.size());
  for (miniracer_isolate isolate : all_isolates) {
    miniracer_status status = miniracer_isolate_dispose(isolate);
    REQUIRE(status == MINIRACER_OK || status == MINIRACER_CLOSED, miniracer_status_name(status));
  }
  world = nullptr;
  REQUIRE(miniracer_library_drain(UINT64_C(10'000'000'000)) == MINIRACER_OK, "a thread stays in the host's code");
  // The thread of a background loop may be the last one inside.
  for (int i = 0; i < 2000 && tokens != 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  if (tokens != 0 && __lsan_do_recoverable_leak_check != nullptr) __lsan_do_recoverable_leak_check();
  REQUIRE(tokens == 0, std::to_string(tokens) + " userdata were not given back");
}

void World::Step() {
  static const std::vector<Operation> operations = [] {
    std::vector<Operation> all;
    for (Operations of : {EngineOperations(), ObjectOperations(), ValueOperations(), AsyncOperations()}) {
      all.insert(all.end(), of.first, of.first + of.count);
    }
    return all;
  }();
  ++depth;
  operations[in.Below(static_cast<uint32_t>(operations.size()))](*this);
  if (--depth > 0) return;
  texts_.clear();
  values_.clear();
  lists_.clear();
  blocks_.clear();
}

void World::Go() {
  for (int i = 0; i < 100 && !in.empty(); ++i) Step();
}

int32_t World::Called(miniracer_call* call) {
  if (depth > 4) return 0;
  for (uint32_t i = in.Below(3); i > 0; --i) Step();
  if (call->argument_count > 0 && in.OneIn(4)) {
    Keep(call->arguments[0]);
    call->arguments[0].tag = MINIRACER_UNDEFINED;
  }
  switch (in.Below(6)) {
    case 0:
      return 0;
    case 1:
      Done(miniracer_call_return(call, Value()));
      return 0;
    case 2:
      Done(miniracer_call_throw(call, Value()));
      return 1;
    case 3: {
      Done(miniracer_call_throw_error(call, in.Below(7), TextValue(), TextValue(), Token(), ReleaseToken));
      return static_cast<int32_t>(in.Below(2));
    }
    case 4:
      call->flags |= MINIRACER_CALL_NOT_MINE;
      return 0;
    default: {
      miniracer_value value = AnyValue();
      // Text and words must come by miniracer_call_return.
      if (value.tag != MINIRACER_STRING && value.tag != MINIRACER_BIGINT) call->result = value;
      return static_cast<int32_t>(in.Below(2));
    }
  }
}

int32_t Callback(void*, miniracer_call* call) {
  REQUIRE(call->struct_size == sizeof *call, "");
  return world != nullptr ? world->Called(call) : 0;
}

}  // namespace fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::World sequence(data, size);
  sequence.Go();
  return 0;
}
