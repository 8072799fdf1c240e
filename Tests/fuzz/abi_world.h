// What a sequence of calls works on: isolates, contexts and values that are real, and arguments made of an input's bytes,
// of which some are not.
#pragma once

#include <string.h>

#include <atomic>
#include <deque>
#include <string>
#include <thread>
#include <vector>

#include "fuzz.h"

namespace fuzz {

class World {
 public:
  static constexpr int kIsolates = 2;
  static constexpr int kContexts = 4;

  World(const uint8_t* data, size_t size);
  ~World();

  // Makes calls until the input is used up.
  void Go();
  // What host functions do when they are called.
  int32_t Called(miniracer_call* call);

  Input in;

  // ---- Arguments: most are right. Pointers live until the outermost call is over. ----
  miniracer_isolate Isolate();
  miniracer_context Context();
  miniracer_handle Handle();
  const miniracer_value* Value();
  const miniracer_value* TextValue();
  miniracer_value AnyValue();
  // count values, or NULL
  const miniracer_value* Values(uint32_t* count);
  const miniracer_run_options* Run();
  const uint32_t* Cancel() { return in.OneIn(4) ? nullptr : &cancel_[in.Below(2)]; }
  void* Token();  // userdata that ReleaseToken must be called for once
  static void ReleaseToken(void* token);
  std::string* KeepText(std::string text) { return &texts_.emplace_back(std::move(text)); }
  miniracer_value Source();

  // A struct that can grow, its struct_size right most of the time, with as much memory behind it. One that gives userdata
  // away is always there and never too short to tell who takes it back.
  template <class T>
  T* Struct(T made, bool gives = false) {
    if (!gives && in.OneIn(40)) return nullptr;
    static const uint32_t sizes[] = {sizeof(T) + 8, sizeof(T) + 32, sizeof(T) + 3, 0, 4, 7, sizeof(T) - 8};
    auto& memory = blocks_.emplace_back(sizeof(T) / 8 + 5);
    memcpy(memory.data(), &made, sizeof made);
    uint32_t told = sizeof(T);
    if (in.OneIn(16)) {
      told = sizes[in.Below(gives ? 2 : 7)];
      memory[sizeof(T) / 8 + in.Below(2)] = in.Below(2);
    }
    memcpy(memory.data(), &told, sizeof told);
    return reinterpret_cast<T*>(memory.data());
  }

  // ---- What comes of calls ----
  void Keep(const miniracer_value& value);
  void Forget();  // releases one

  miniracer_isolate isolates[kIsolates];
  miniracer_context contexts[kContexts];
  std::vector<miniracer_isolate> all_isolates;
  int depth = 0;
  uint32_t cancel_[2] = {0, 0};

 private:
  void Step();

  int now_ = 0;  // the isolate that the last context was of
  std::vector<miniracer_value> kept_[kIsolates];
  std::vector<miniracer_handle> stale_;
  std::deque<std::string> texts_;
  std::deque<miniracer_value> values_;
  std::deque<std::vector<miniracer_value>> lists_;
  std::deque<std::vector<uint64_t>> blocks_;
};

// Where host functions make calls: only on the thread that goes through the input.
extern thread_local World* world;

// An out-parameter: NULL at times, and untouched where the call fails.
template <class T>
class Out {
 public:
  explicit Out(World& w) : given_(!w.in.OneIn(64)) { memset(static_cast<void*>(&value), 0xa5, sizeof value); }
  operator T*() { return given_ ? &value : nullptr; }
  bool given() const { return given_; }
  void CheckUntouched() const {
    for (size_t i = 0; i < sizeof value; ++i) {
      REQUIRE(reinterpret_cast<const uint8_t*>(&value)[i] == 0xa5, "a result was touched by a call that failed");
    }
  }
  T value;

 private:
  const bool given_;
};

// Where the record goes.
class Record {
 public:
  explicit Record(World& w) : given_(!w.in.OneIn(8)) {}
  operator miniracer_error**() { return given_ ? &error_ : nullptr; }
  void Check(miniracer_status status) { CheckRecord(status, error_); }

 private:
  const bool given_;
  miniracer_error* error_ = nullptr;
};

inline bool Done(miniracer_status status) {
  CheckRecord(status, nullptr);
  return status == MINIRACER_OK;
}
inline bool Done(miniracer_status status, Record& record) {
  record.Check(status);
  return status == MINIRACER_OK;
}
template <class T>
bool Done(miniracer_status status, Record& record, Out<T>& out) {
  record.Check(status);
  if (status == MINIRACER_OK && out.given()) return true;
  if (status != MINIRACER_OK) out.CheckUntouched();
  return false;
}
template <class T>
bool Done(miniracer_status status, Out<T>& out) {
  CheckRecord(status, nullptr);
  if (status != MINIRACER_OK) out.CheckUntouched();
  return status == MINIRACER_OK && out.given();
}

using Operation = void (*)(World& w);
struct Operations {
  const Operation* first;
  size_t count;
};
Operations EngineOperations();
Operations ObjectOperations();
Operations ValueOperations();
Operations AsyncOperations();

// Host functions: take what the input says, call back in.
int32_t Callback(void* userdata, miniracer_call* call);
miniracer_function_options FunctionOptions(World& w);

}  // namespace fuzz
