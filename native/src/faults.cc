#include "faults.h"

#include <signal.h>
#include <sys/mman.h>

#include <atomic>

#include "boundary.h"
#include "cut_off.h"
#include "engine_calls.h"
#include "libc.h"
#include "limits.h"
#include "registers.h"

namespace miniracer::Faults {
namespace {

constexpr size_t kStack = size_t{64} << 10;
constexpr uintptr_t kNear = uintptr_t{64} << 10;

std::atomic<bool> started{false};
struct sigaction before;

constinit thread_local uintptr_t lowest __attribute__((tls_model("initial-exec"))) = 0;  // of the thread's own stack

// The stack for signals of a thread that had none.
class SignalStack {
 public:
  void Make() {
    stack_t there{};
    if (memory_ != nullptr || sigaltstack(nullptr, &there) != 0 || (there.ss_flags & SS_DISABLE) == 0) return;
    void* made = mmap(nullptr, kStack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (made == MAP_FAILED) return;
    stack_t ours{made, 0, kStack};
    memory_ = made;
    if (sigaltstack(&ours, nullptr) != 0) Drop();
  }
  ~SignalStack() {
    stack_t there{};
    if (memory_ == nullptr || sigaltstack(nullptr, &there) != 0 || there.ss_sp != memory_) return;
    stack_t none{nullptr, SS_DISABLE, 0};
    if (sigaltstack(&none, nullptr) == 0) Drop();
  }

 private:
  void Drop() {
    munmap(memory_, kStack);
    memory_ = nullptr;
  }

  void* memory_ = nullptr;
};

// Why the isolate is to die of it; null: it is no such fault.
const char* Reason(uintptr_t address, const Registers& registers) {
  if (address < kNear) return "V8 failed: it went to address 0";
  bool below = address < lowest + kNear && address + 2 * kNear > lowest;
  bool at_its_end = address + kNear > registers.stack() && address < registers.stack() + kNear;
  return below && at_its_end ? "V8 ran out of its thread's stack" : nullptr;
}

void OnFault(int signal, siginfo_t* info, void* context) {
  Run* run = Run::innermost_here();
  if (run != nullptr && info->si_code > 0 && !EngineCalls::HoldsLocks() && !run->limits().collecting()) {
    Registers registers(context);
    const char* reason = Reason(reinterpret_cast<uintptr_t>(info->si_addr), registers);
    if (reason != nullptr && run->limits().InGuestCode(registers.code())) Boundary::GiveUp(reason);
  }
  if ((before.sa_flags & SA_SIGINFO) != 0) return before.sa_sigaction(signal, info, context);
  if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN) return before.sa_handler(signal);
  // It comes again as this returns, and does what it would have done.
  Libc::SignalAction(signal, &before, nullptr);
  if (info->si_code <= 0) raise(signal);  // sent by somebody: it does not
}

}  // namespace

void Start() {
  if (started.exchange(true)) return;
  struct sigaction ours{};
  ours.sa_sigaction = OnFault;
  ours.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;  // the handler may not return
  // Asked for first: a fault may come as the second returns.
  if (Libc::SignalAction(SIGSEGV, nullptr, &before) != 0 || Libc::SignalAction(SIGSEGV, &ours, nullptr) != 0) {
    started = false;
  }
}

void LetIn(uintptr_t low) {
  static thread_local SignalStack stack;
  if (!started.load(std::memory_order_relaxed)) return;
  lowest = low;
  sigset_t faults;
  sigemptyset(&faults);
  sigaddset(&faults, SIGSEGV);
  pthread_sigmask(SIG_UNBLOCK, &faults, nullptr);
  stack.Make();
}

}  // namespace miniracer::Faults
