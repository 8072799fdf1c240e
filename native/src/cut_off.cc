#include "cut_off.h"

#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <iterator>

#include "boundary.h"
#include "engine_calls.h"
#include "limits.h"

namespace miniracer::CutOffs {
namespace {

std::atomic<int> number{0};  // of the signal; 0: none

// The C library's functions that V8 moves and fills memory with: they call nobody, hold nothing and have no frame, so that
// what called them is on top of the stack. As the C library chose them for this processor.
const uintptr_t kLeaves[] = {
    reinterpret_cast<uintptr_t>(static_cast<void* (*)(void*, int, size_t)>(memset)),
    reinterpret_cast<uintptr_t>(static_cast<void* (*)(void*, const void*, size_t)>(memcpy)),
    reinterpret_cast<uintptr_t>(static_cast<void* (*)(void*, const void*, size_t)>(memmove)),
    reinterpret_cast<uintptr_t>(static_cast<int (*)(const void*, const void*, size_t)>(memcmp)),
};
constexpr uintptr_t kLeafSize = 2048;  // at most; what follows them are more of their kind

bool IsLeaf(uintptr_t address) {
  return std::any_of(std::begin(kLeaves), std::end(kLeaves),
                     [address](uintptr_t leaf) { return address - leaf < kLeafSize; });
}

// Where the thread is, and where a leaf would return to from there.
struct Place {
  uintptr_t address = 0;
  uintptr_t caller = 0;
};

Place PlaceIn(void* context) {
  const mcontext_t& machine = static_cast<ucontext_t*>(context)->uc_mcontext;
#if defined(__x86_64__)
  return {static_cast<uintptr_t>(machine.gregs[REG_RIP]), *reinterpret_cast<uintptr_t*>(machine.gregs[REG_RSP])};
#elif defined(__aarch64__)
  return {machine.pc, machine.regs[30]};
#else
  return {};
#endif
}

void OnSignal(int, siginfo_t*, void* context) {
  Run* run = Run::innermost_here();
  if (run == nullptr || EngineCalls::HoldsLocks()) return;
  Place place = PlaceIn(context);
  if (!run->limits().CutOffAt(IsLeaf(place.address) ? place.caller : place.address)) return;
  Boundary::GiveUp(kReason);
}

}  // namespace

bool Start() {
  if (number.load(std::memory_order_relaxed) != 0) return true;  // an init before this one was refused
  for (int candidate = SIGRTMAX - 1; candidate > SIGRTMIN; --candidate) {
    struct sigaction there{};
    if (sigaction(candidate, nullptr, &there) != 0) continue;
    if ((there.sa_flags & SA_SIGINFO) != 0 || there.sa_handler != SIG_DFL) continue;
    struct sigaction ours{};
    ours.sa_sigaction = OnSignal;
    // The handler may not return; a system call of the host's is not to notice.
    ours.sa_flags = SA_SIGINFO | SA_RESTART | SA_NODEFER;
    if (sigaction(candidate, &ours, nullptr) != 0) continue;
    number.store(candidate, std::memory_order_release);
    return true;
  }
  return false;
}

void LetIn() {
  int signal = number.load(std::memory_order_acquire);
  if (signal == 0) return;
  sigset_t ours;
  sigemptyset(&ours);
  sigaddset(&ours, signal);
  pthread_sigmask(SIG_UNBLOCK, &ours, nullptr);
}

void Signal(int32_t thread) {
  int signal = number.load(std::memory_order_acquire);
  if (signal != 0) syscall(SYS_tgkill, getpid(), thread, signal);
}

}  // namespace miniracer::CutOffs
