#include "engine_calls.h"

#include <elf.h>
#include <link.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <new>
#include <vector>

#include "boundary.h"
#include "pages.h"
#include "v8_compat.h"

extern "C" {
int __cxa_guard_acquire(uint64_t* guard);
void __cxa_guard_release(uint64_t* guard);
void __cxa_guard_abort(uint64_t* guard) noexcept;
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

int AcquireGuard(uint64_t* guard) {
  Took(guard, Kind::kStatic);
  int outcome = __cxa_guard_acquire(guard);
  if (outcome == 0) Gave(guard);
  return outcome;
}

void ReleaseGuard(uint64_t* guard) {
  __cxa_guard_release(guard);
  Gave(guard);
}

// ---- Memory ----

// What V8 takes of the C library while it works for an isolate counts for that isolate. Where that is denied, V8 collects,
// asks again, and then gives up. What one thread takes and another frees for a different isolate makes the count drift a little;
// it is a bound and not a book.
void* Allocate(size_t size) {
  if (!PageAccount::TakeMalloc(size)) return nullptr;
  void* memory = malloc(size);
  PageAccount::CountMalloc(static_cast<int64_t>(malloc_usable_size(memory)));
  return memory;
}

void* AllocateZeroed(size_t count, size_t size) {
  if (size != 0 && count > SIZE_MAX / size) return nullptr;
  if (!PageAccount::TakeMalloc(count * size)) return nullptr;
  void* memory = calloc(count, size);
  PageAccount::CountMalloc(static_cast<int64_t>(malloc_usable_size(memory)));
  return memory;
}

void* Reallocate(void* memory, size_t size) {
  if (!PageAccount::TakeMalloc(size)) return nullptr;
  auto before = static_cast<int64_t>(malloc_usable_size(memory));
  void* moved = realloc(memory, size);
  if (moved != nullptr) PageAccount::CountMalloc(static_cast<int64_t>(malloc_usable_size(moved)) - before);
  return moved;
}

// `operator new`, which V8 takes no refusal from. No lock of the allocator's is held here.
void* New(size_t size) {
  if (!PageAccount::TakeMalloc(size)) Boundary::GiveUp("V8 ran out of memory: operator new");
  void* memory = ::operator new(size);
  PageAccount::CountMalloc(static_cast<int64_t>(malloc_usable_size(memory)));
  return memory;
}

void Delete(void* memory) {
  PageAccount::CountMalloc(-static_cast<int64_t>(malloc_usable_size(memory)));
  ::operator delete(memory);
}

void Free(void* memory) {
  if (memory == nullptr) return;
  PageAccount::CountMalloc(-static_cast<int64_t>(malloc_usable_size(memory)));
  free(memory);
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

struct Replacement {
  const char* name;
  void* with;
};

template <class Function>
constexpr Replacement Replace(const char* name, Function* with) {
  return {name, reinterpret_cast<void*>(with)};
}

const Replacement kReplacements[] = {
    Replace("pthread_mutex_lock", LockMutex<pthread_mutex_lock>),
    Replace("pthread_mutex_trylock", LockMutex<pthread_mutex_trylock>),
    Replace("pthread_mutex_unlock", UnlockMutex),
    Replace("pthread_rwlock_rdlock", LockReadWrite<pthread_rwlock_rdlock>),
    Replace("pthread_rwlock_wrlock", LockReadWrite<pthread_rwlock_wrlock>),
    Replace("pthread_rwlock_tryrdlock", LockReadWrite<pthread_rwlock_tryrdlock>),
    Replace("pthread_rwlock_trywrlock", LockReadWrite<pthread_rwlock_trywrlock>),
    Replace("pthread_rwlock_unlock", UnlockReadWrite),
    Replace("__cxa_guard_acquire", AcquireGuard),
    Replace("__cxa_guard_release", ReleaseGuard),
    Replace("malloc", Allocate),
    Replace("calloc", AllocateZeroed),
    Replace("realloc", Reallocate),
    Replace("free", Free),
    Replace("_Znwm", New),
    Replace("_ZdlPv", Delete),
    Replace("vfprintf", Print),
    Replace("abort", Abort),
};

struct Range {
  uintptr_t begin;
  uintptr_t end;
};

// Written once, before the engine starts.
std::vector<Range>& code = *new std::vector<Range>;

// Where a loaded library's dynamic section says that something is; glibc has made addresses of them.
struct Tables {
  const char* names = nullptr;
  const ElfW(Sym) * symbols = nullptr;
  const ElfW(Rela) * relocations[2] = {};
  size_t counts[2] = {};
};

Tables FindTables(const ElfW(Dyn) * entry) {
  Tables tables;
  size_t sizes[2] = {};
  for (; entry->d_tag != DT_NULL; ++entry) {
    void* there = reinterpret_cast<void*>(entry->d_un.d_ptr);
    if (entry->d_tag == DT_STRTAB) tables.names = static_cast<const char*>(there);
    if (entry->d_tag == DT_SYMTAB) tables.symbols = static_cast<const ElfW(Sym)*>(there);
    if (entry->d_tag == DT_JMPREL) tables.relocations[0] = static_cast<const ElfW(Rela)*>(there);
    if (entry->d_tag == DT_RELA) tables.relocations[1] = static_cast<const ElfW(Rela)*>(there);
    if (entry->d_tag == DT_PLTRELSZ) sizes[0] = entry->d_un.d_val;
    if (entry->d_tag == DT_RELASZ) sizes[1] = entry->d_un.d_val;
  }
  for (int i = 0; i < 2; ++i) tables.counts[i] = sizes[i] / sizeof(ElfW(Rela));
  return tables;
}

// What was made read-only (RELRO) when the library was loaded, is again afterwards.
bool Write(void** slot, void* value, Range relro) {
  uintptr_t page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  uintptr_t at = reinterpret_cast<uintptr_t>(slot) & ~(page - 1);
  bool read_only = at >= (relro.begin & ~(page - 1)) && at < (relro.end & ~(page - 1));
  void* begin = reinterpret_cast<void*>(at);
  if (read_only && mprotect(begin, page, PROT_READ | PROT_WRITE) != 0) return false;
  *slot = value;
  return !read_only || mprotect(begin, page, PROT_READ) == 0;
}

// Points every entry of the names above elsewhere. Gives how many of the names were found.
size_t Redirect(uintptr_t base, const ElfW(Dyn) * dynamic, Range relro) {
  Tables tables = FindTables(dynamic);
  if (tables.names == nullptr || tables.symbols == nullptr) return 0;
  size_t found = 0;
  for (int table = 0; table < 2; ++table) {
    for (size_t i = 0; i < tables.counts[table]; ++i) {
      const ElfW(Rela) & one = tables.relocations[table][i];
      const ElfW(Sym) & symbol = tables.symbols[ELF64_R_SYM(one.r_info)];
      if (symbol.st_name == 0 || symbol.st_shndx != SHN_UNDEF || one.r_addend != 0) continue;
      const char* name = tables.names + symbol.st_name;
      for (const Replacement& replacement : kReplacements) {
        if (strcmp(name, replacement.name) != 0) continue;
        if (!Write(reinterpret_cast<void**>(base + one.r_offset), replacement.with, relro)) return found;
        ++found;
      }
    }
  }
  return found;
}

// The library that V8's functions are in: not necessarily called libnode.
int Look(dl_phdr_info* info, size_t, void* data) {
  uintptr_t here = reinterpret_cast<uintptr_t>(&v8::V8::GetVersion);
  const ElfW(Dyn)* dynamic = nullptr;
  std::vector<Range> executable;
  Range relro{};
  bool mine = false;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr) & part = info->dlpi_phdr[i];
    uintptr_t begin = info->dlpi_addr + part.p_vaddr;
    if (part.p_type == PT_DYNAMIC) dynamic = reinterpret_cast<const ElfW(Dyn)*>(begin);
    if (part.p_type == PT_GNU_RELRO) relro = {begin, begin + part.p_memsz};
    if (part.p_type != PT_LOAD || (part.p_flags & PF_X) == 0) continue;
    executable.push_back({begin, begin + part.p_memsz});
    mine = mine || (here >= begin && here < begin + part.p_memsz);
  }
  if (!mine || dynamic == nullptr) return 0;
  code = executable;
  *static_cast<size_t*>(data) = Redirect(info->dlpi_addr, dynamic, relro);
  return 1;
}

}  // namespace

bool Watch() {
  size_t found = 0;
  dl_iterate_phdr(Look, &found);
  return found >= std::size(kReplacements);
}

bool InEngine(uintptr_t address) {
  return std::any_of(code.begin(), code.end(),
                     [address](const Range& range) { return address >= range.begin && address < range.end; });
}

bool HoldsLocks() { return locks.count != 0; }

void ReleaseLocks() {
  for (uint32_t i = std::min(locks.count, kMost); i-- > 0;) {
    Held held = locks.held[i];
    if (held.lock == nullptr) continue;
    if (held.kind == Kind::kMutex) pthread_mutex_unlock(static_cast<pthread_mutex_t*>(held.lock));
    if (held.kind == Kind::kReadWrite) pthread_rwlock_unlock(static_cast<pthread_rwlock_t*>(held.lock));
    if (held.kind == Kind::kStatic) __cxa_guard_abort(static_cast<uint64_t*>(held.lock));
  }
  locks.count = 0;
}

const char* LastWords() { return last_words; }

Uncut::Uncut() { Took(nullptr, Kind::kMutex); }
Uncut::~Uncut() { Gave(nullptr); }

}  // namespace miniracer::EngineCalls
