// How much console.* may hand to the host in one turn of the host's: from an outermost call of the host's until that
// returns, be it one script or a turn of the event loop.
#pragma once

#include <algorithm>
#include <cstdint>

#include "v8_compat.h"

namespace miniracer {

class Isolate;

class ConsoleBudget {
 public:
  // `maximum`: bytes, a line's end included; 0: no limit.
  explicit ConsoleBudget(uint64_t maximum) : maximum_(maximum) {}

  bool limited() const { return maximum_ != 0; }
  uint64_t left() const { return maximum_ - std::min(used_, maximum_); }
  void Use(uint64_t bytes) { used_ += bytes; }
  // A message was left out, or only part of it handed over. The first one's console is the one that says so.
  void LeaveOut(v8::Isolate* v8, v8::Local<v8::Function> sink);
  void Cut(v8::Isolate* v8, v8::Local<v8::Function> sink);
  void Clear() { sink_.Reset(); }

 private:
  friend class ConsoleTurn;
  void Keep(v8::Isolate* v8, v8::Local<v8::Function> sink);
  void Tell(Isolate& isolate);

  const uint64_t maximum_;
  uint64_t used_ = 0;
  uint64_t left_out_ = 0;
  uint64_t cut_ = 0;
  v8::Global<v8::Function> sink_;
};

// One turn. As it ends, what was left out is told, in a last line.
class ConsoleTurn {
 public:
  inline explicit ConsoleTurn(Isolate& isolate);
  inline ~ConsoleTurn();
  ConsoleTurn(const ConsoleTurn&) = delete;

 private:
  void End();

  Isolate* const isolate_;  // null: within another turn, or there is no limit
};

}  // namespace miniracer
