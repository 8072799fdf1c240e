#include "cut_off.h"

#include <signal.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <atomic>

#include "boundary.h"
#include "engine_calls.h"
#include "limits.h"

namespace miniracer::CutOffs {
namespace {

std::atomic<int> number{0};  // of the signal; 0: none

// Where the thread is, and where a function without a frame of its own would return to from there.
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
  // The C library's memset and its like are leaves: what calls them is on top of the stack. Whatever could hold a lock of
  // its own, the allocator for one, has a frame.
  Place place = PlaceIn(context);
  if (!run->limits().CutOffAt(place.address) && !run->limits().CutOffAt(place.caller)) return;
  Boundary::GiveUp("a run did not end when told to, and was cut off");
}

}  // namespace

bool Start() {
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
