#include "engine_calls.h"

#include <cxxabi.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <algorithm>
#include <optional>

#include "boundary.h"
#include "cut_off.h"
#include "engine_memory.h"
#include "language_tags.h"
#include "libc.h"
#include "limits.h"
#include "loaded_library.h"
#include "pages.h"
#include "platform.h"
#include "stretches.h"
#include "thread.h"
#include "v8_compat.h"

extern "C" {
// V8's own: see stretches.cc.
__attribute__((weak)) void V8CheckRegExpStack(void* compiler) __asm__(
    "_ZN2v88internal14RegExpCompiler27ToNodeCheckForStackOverflowEv");
}

namespace miniracer::EngineCalls {
namespace {

// ---- Locks ----

enum class Kind : uint8_t { kMutex, kReadWrite, kStatic };

struct Held {
  void* lock;
  Kind kind;
};

// More at a time than V8 ever holds. What does not fit is counted.
constexpr uint32_t kMost = 8;

struct Locks {
  uint32_t count;
  Held held[kMost];
};

constinit thread_local Locks locks __attribute__((tls_model("initial-exec"))) = {};

void Took(void* lock, Kind kind) {
  if (locks.count < kMost) locks.held[locks.count] = {lock, kind};
  ++locks.count;
}

// Usually the last one.
void Gave(void* lock) {
  for (uint32_t i = std::min(locks.count, kMost); i-- > 0;) {
    if (locks.held[i].lock != lock) continue;
    for (uint32_t next = i + 1; next < locks.count && next < kMost; ++next) locks.held[next - 1] = locks.held[next];
    --locks.count;
    return;
  }
  if (locks.count > kMost) --locks.count;
}

// Counted before the lock is there, so that a signal in between finds it counted.
template <int (*Call)(pthread_mutex_t*)>
int LockMutex(pthread_mutex_t* mutex) {
  Took(mutex, Kind::kMutex);
  int outcome = Call(mutex);
  if (outcome != 0) Gave(mutex);
  return outcome;
}

int UnlockMutex(pthread_mutex_t* mutex) {
  int outcome = pthread_mutex_unlock(mutex);
  Gave(mutex);
  return outcome;
}

template <int (*Call)(pthread_rwlock_t*)>
int LockReadWrite(pthread_rwlock_t* lock) {
  Took(lock, Kind::kReadWrite);
  int outcome = Call(lock);
  if (outcome != 0) Gave(lock);
  return outcome;
}

int UnlockReadWrite(pthread_rwlock_t* lock) {
  int outcome = pthread_rwlock_unlock(lock);
  Gave(lock);
  return outcome;
}

// As long as others help its isolate they may be at what is on the thread's stack. They are to leave, and it looks again; but
// not where they may help to collect, which V8 does for as long as it takes, and does not always say so.
void WaitNoMore(Run* run, bool may_collect) {
  const char* lost = nullptr;
  if (std::shared_ptr<PageAccount> account = PageAccount::Current()) {
    bool patient = may_collect && account->helped();
    if (!patient && run != nullptr && run->limits().WaitsInsteadOfEnding()) account->Lose(CutOffs::kReason);
    lost = account->lost();
    if (lost != nullptr && account->helped()) {
      EnginePlatform()->RecallWorkers();
      return;
    }
  }
  if (lost != nullptr) Boundary::GiveUp(lost);  // nothing that owns is left here where it jumps
}

// When a thread that waits looks the next time.
timespec NextLook() {
  constexpr uint64_t kLook = 20'000'000, kSecond = 1'000'000'000;
  uint64_t look = Now() + kLook;
  return {static_cast<time_t>(look / kSecond), static_cast<long>(look % kSecond)};
}

// What the thread waits for may never come: who compiles a WebAssembly module waits for whoever compiles the very same one,
// in another isolate, which may have died of that; and a thread that helps may be at it for hours, or have left. Where the
// run is to end, the isolate dies in its turn, and where its help was lost, at once. After a look V8 is woken for nothing,
// which any wait may be (POSIX): a signal that came as the time was up is not told of by ETIMEDOUT.
int Wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  if (!Boundary::Inside()) return pthread_cond_wait(condition, mutex);
  timespec until = NextLook();
  int outcome = pthread_cond_clockwait(condition, mutex, CLOCK_MONOTONIC, &until);
  if (outcome != ETIMEDOUT) return outcome;
  WaitNoMore(Run::innermost_here(), true);
  return 0;
}

// So does who compiles a module wait for the threads that help, and nobody else.
int WaitForHelp(sem_t* semaphore) {
  if (!Boundary::Inside()) return sem_wait(semaphore);
  for (;;) {
    timespec until = NextLook();
    if (sem_clockwait(semaphore, CLOCK_MONOTONIC, &until) == 0) return 0;
    if (errno != ETIMEDOUT) return -1;
    WaitNoMore(Run::innermost_here(), false);
  }
}

// V8 waits so for another thread that makes what is made once (base::CallOnce). Where that one gave up, nobody ever will.
int Yield() {
  if (Run* run = Run::innermost_here()) WaitNoMore(run, true);
  return sched_yield();
}

// V8's compiler of regular expressions takes a lack of stack for one of memory, of which the isolate would die. It has what is
// kept for the likes of it; the next to look at the stack is V8's analysis of the expression, which throws.
void CheckRegExpStack(void*) {
  if (!StackIsAtItsEnd()) return;
  Boundary::GiveUp("V8 ran out of its thread's stack: it compiles a regular expression");
  abort();
}

int AcquireGuard(abi::__guard* guard) {
  Took(guard, Kind::kStatic);
  int outcome = abi::__cxa_guard_acquire(guard);
  if (outcome == 0) Gave(guard);
  return outcome;
}

void ReleaseGuard(abi::__guard* guard) {
  abi::__cxa_guard_release(guard);
  Gave(guard);
}

// ---- Last words ----

constexpr size_t kMostWords = 512;
thread_local char last_words[kMostWords];  // not among the few bytes that libraries may have for each thread at once

// V8 says on stderr why it is about to abort. The record of the error says it instead.
int Print(FILE* file, const char* format, va_list arguments) {
  if (file != stderr || !Boundary::Inside()) return vfprintf(file, format, arguments);
  char text[kMostWords];
  int length = vsnprintf(text, sizeof text, format, arguments);
  // The sentence has lines of '#' around it and the address of its text after it; the heap's history is long.
  const char* start = text + strspn(text, "#\n ");
  if (*start != '\0' && *start != '<' && strncmp(start, "FailureMessage", 14) != 0) {
    size_t kept = strcspn(start, "\n");
    memcpy(last_words, start, kept);
    last_words[kept] = '\0';
  }
  return length;
}

[[noreturn]] void Abort() {
  Boundary::GiveUp(last_words);
  abort();
}

// ---- The table ----

const Replacement kReplacements[] = {
    Replace("pthread_mutex_lock", LockMutex<pthread_mutex_lock>),
    Replace("pthread_mutex_trylock", LockMutex<pthread_mutex_trylock>),
    Replace("pthread_mutex_unlock", UnlockMutex),
    Replace("pthread_rwlock_rdlock", LockReadWrite<pthread_rwlock_rdlock>),
    Replace("pthread_rwlock_wrlock", LockReadWrite<pthread_rwlock_wrlock>),
    Replace("pthread_rwlock_tryrdlock", LockReadWrite<pthread_rwlock_tryrdlock>),
    Replace("pthread_rwlock_trywrlock", LockReadWrite<pthread_rwlock_trywrlock>),
    Replace("pthread_rwlock_unlock", UnlockReadWrite),
    Replace("pthread_cond_wait", Wait),
    Replace("__cxa_guard_acquire", AcquireGuard),
    Replace("__cxa_guard_release", ReleaseGuard),
    Replace("vfprintf", Print),
    Replace("abort", Abort),
};

// What not every V8 calls.
const Replacement kMayBeThere[] = {
    Replace("sched_yield", Yield),
    Replace("sem_wait", WaitForHelp),
};

// Found once, before the engine starts; not destroyed: threads may still be in it as the process ends.
constinit std::optional<LoadedLibrary>* engine = nullptr;
bool watched = false;

// ThreadSanitizer's own take the place of these, and would be on top of the stack of whoever is to be cut off in one.
void CallLeavesItself() {
#ifdef __SANITIZE_THREAD__
  for (const char* name : Libc::kLeaves) {
    const Replacement own[] = {{name, Libc::Find(name)}};
    (*engine)->Redirect(own);
  }
#endif
}

}  // namespace

bool Watch() {
  if (engine != nullptr) return watched;  // an init before this one was refused
  engine = new std::optional<LoadedLibrary>(LoadedLibrary::At(reinterpret_cast<void*>(&v8::V8::GetVersion)));
  watched = *engine && (*engine)->Redirect(kReplacements) == std::size(kReplacements);
  if (!watched) return false;
  (*engine)->Redirect(kMayBeThere);
  const OwnReplacement own[] = {Replace(V8CheckRegExpStack, CheckRegExpStack)};
  (*engine)->Redirect(own);
  Stretches::Watch(**engine);
  LanguageTags::Bound(**engine);
  EngineMemory::Count(**engine);
  CallLeavesItself();
  return true;
}

bool InEngine(uintptr_t address) { return engine != nullptr && *engine && (*engine)->HasCode(address); }

bool HoldsLocks() { return locks.count != 0; }

void ReleaseLocks() {
  for (uint32_t i = std::min(locks.count, kMost); i-- > 0;) {
    Held held = locks.held[i];
    if (held.lock == nullptr) continue;
    if (held.kind == Kind::kMutex) pthread_mutex_unlock(static_cast<pthread_mutex_t*>(held.lock));
    if (held.kind == Kind::kReadWrite) pthread_rwlock_unlock(static_cast<pthread_rwlock_t*>(held.lock));
    if (held.kind == Kind::kStatic) abi::__cxa_guard_abort(static_cast<abi::__guard*>(held.lock));
  }
  locks.count = 0;
  Stretches::Leave();
}

const char* LastWords() { return last_words; }

Uncut::Uncut() { Took(nullptr, Kind::kMutex); }
Uncut::~Uncut() { Gave(nullptr); }

}  // namespace miniracer::EngineCalls
