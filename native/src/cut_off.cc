#include "cut_off.h"

#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <iterator>

#include "boundary.h"
#include "engine_calls.h"
#include "libc.h"
#include "limits.h"
#include "registers.h"
#include "stretches.h"
#include "work.h"

namespace miniracer::CutOffs {
namespace {

std::atomic<int> number{0};  // of the signal; 0: none

// Where they are, as the C library chose them for this processor: what called one is on top of the stack.
uintptr_t leaves[std::size(Libc::kLeaves)] = {};
constexpr uintptr_t kLeafSize = 2048;  // at most; what follows them are more of their kind

bool IsLeaf(uintptr_t address) {
  return std::any_of(std::begin(leaves), std::end(leaves),
                     [address](uintptr_t leaf) { return leaf != 0 && address - leaf < kLeafSize; });
}

void OnSignal(int, siginfo_t*, void* context) {
  Run* run = Run::innermost_here();
  if (EngineCalls::HoldsLocks() || Stretches::Inside()) return;
  Registers registers(context);
  uintptr_t at = IsLeaf(registers.code()) ? registers.LeafReturn() : registers.code();
  if (run == nullptr) {  // one of V8's threads
    if (EngineCalls::InEngine(at)) Work::Look();
    return;
  }
  if (run->limits().ToBeCutOff() && run->limits().InGuestCode(at)) Boundary::GiveUp(kReason);
}

// A host may have taken it, or have set all signals back: then the signal would end the process.
bool IsOurs(int signal) {
  struct sigaction there{};
  if (Libc::SignalAction(signal, nullptr, &there) != 0 || (there.sa_flags & SA_SIGINFO) == 0) return false;
  return there.sa_sigaction == OnSignal;
}

}  // namespace

bool Start() {
  if (number.load(std::memory_order_relaxed) != 0) return true;  // an init before this one was refused
  for (size_t i = 0; i < std::size(leaves); ++i) leaves[i] = reinterpret_cast<uintptr_t>(Libc::Find(Libc::kLeaves[i]));
  for (int candidate = SIGRTMAX - 1; candidate > SIGRTMIN; --candidate) {
    struct sigaction there{};
    if (sigaction(candidate, nullptr, &there) != 0) continue;
    if ((there.sa_flags & SA_SIGINFO) != 0 || there.sa_handler != SIG_DFL) continue;
    struct sigaction ours{};
    ours.sa_sigaction = OnSignal;
    // The handler may not return; a system call of the host's is not to notice.
    ours.sa_flags = SA_SIGINFO | SA_RESTART | SA_NODEFER;
    if (Libc::SignalAction(candidate, &ours, nullptr) != 0) continue;
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
  if (signal != 0 && IsOurs(signal)) syscall(SYS_tgkill, getpid(), thread, signal);
}

void Look() {
  Run* run = Run::innermost_here();
  if (run == nullptr || !run->limits().ToBeCutOff()) return;
  if (!EngineCalls::HoldsLocks() && !Stretches::Inside()) Boundary::GiveUp(kReason);
}

}  // namespace miniracer::CutOffs
