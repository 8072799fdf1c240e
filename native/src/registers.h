// Where a thread was when a signal came, from what the kernel hands to the signal's handler.
#pragma once

#include <ucontext.h>

#include <cstdint>

namespace miniracer {

class Registers {
 public:
  explicit Registers(void* context) : machine_(static_cast<ucontext_t*>(context)->uc_mcontext) {}

#if defined(__x86_64__)
  uintptr_t code() const { return static_cast<uintptr_t>(machine_.gregs[REG_RIP]); }
  uintptr_t stack() const { return static_cast<uintptr_t>(machine_.gregs[REG_RSP]); }
  // Where a function returns to that has no frame and has called nobody.
  uintptr_t LeafReturn() const { return *reinterpret_cast<uintptr_t*>(stack()); }
#elif defined(__aarch64__)
  uintptr_t code() const { return machine_.pc; }
  uintptr_t stack() const { return machine_.sp; }
  uintptr_t LeafReturn() const { return machine_.regs[30]; }
#else
  // Nothing is told from 0, so nothing is cut off.
  uintptr_t code() const { return 0; }
  uintptr_t stack() const { return 0; }
  uintptr_t LeafReturn() const { return 0; }
#endif

 private:
  [[maybe_unused]] const mcontext_t& machine_;
};

}  // namespace miniracer
