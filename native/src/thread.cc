#include "thread.h"

#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>

#include "cut_off.h"
#include "faults.h"
#include "v8_compat.h"

namespace miniracer {
namespace {

constexpr uintptr_t kKiB = 1024;
constexpr uintptr_t kMiB = 1024 * kKiB;
constexpr uintptr_t kSmallestReserve = 48 * kKiB;

struct Bounds {
  uintptr_t low = 0;
  uintptr_t high = 0;
};

// Asked once for each thread: for the main thread glibc parses /proc/self/maps.
Bounds FindBounds(uintptr_t here) {
  pthread_attr_t attributes;
  void* low = nullptr;
  size_t size = 0;
  if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
    pthread_attr_getstack(&attributes, &low, &size);
    pthread_attr_destroy(&attributes);
  }
  Bounds bounds{reinterpret_cast<uintptr_t>(low), reinterpret_cast<uintptr_t>(low) + size};
  // Without /proc, or on a stack that is not the thread's own (a coroutine's), only the nearest part is known to be there.
  if (low == nullptr || here <= bounds.low || here >= bounds.high) return {here - 256 * kKiB, here + 64 * kKiB};
  return bounds;
}

thread_local Bounds bounds __attribute__((tls_model("initial-exec")));

}  // namespace

constinit thread_local uint64_t this_thread = 0;

uint64_t NumberThisThread() {
  static std::atomic<uint64_t> last{0};
  return this_thread = last.fetch_add(1, std::memory_order_relaxed) + 1;
}

constinit thread_local int32_t thread_number = 0;

int32_t FindThreadNumber() {
  CutOffs::LetIn();
  LetThreadReadCode();
  return thread_number = static_cast<int32_t>(syscall(SYS_gettid));
}

uintptr_t StackLimit(uint64_t budget) {
  uintptr_t here = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  if (here <= bounds.low || here >= bounds.high) {
    bounds = FindBounds(here);
    Faults::LetIn(bounds.low);
  }
  // An unlimited stack (ulimit -s unlimited) is still only used as far as is reasonable.
  uintptr_t size = std::min(bounds.high - bounds.low, 64 * kMiB);
  uintptr_t reserve = std::clamp(size / 4, kSmallestReserve, 512 * kKiB);
  uintptr_t low = std::max(bounds.low, bounds.high - size) + reserve;
  low = std::min(low, here - 8 * kKiB);
  return budget != 0 && budget < here - low ? here - budget : low;
}

bool StackIsAtItsEnd() {
  return reinterpret_cast<uintptr_t>(__builtin_frame_address(0)) < bounds.low + kSmallestReserve / 2;
}

uint64_t TimeOf(clockid_t clock) {
  timespec time;
  if (clock_gettime(clock, &time) != 0) return 0;
  return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(time.tv_nsec);
}

}  // namespace miniracer
