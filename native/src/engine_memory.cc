#include "engine_memory.h"

#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>

#include <new>

#include "boundary.h"
#include "loaded_library.h"
#include "pages.h"
#include "platform.h"

namespace miniracer::EngineMemory {
namespace {

size_t SizeOf(void* memory) { return malloc_usable_size(memory); }

// ---- V8's own ----

void* Took(void* memory, Blocks::FreeFn free, bool known = false) {
  PageAccount::TookMalloc(memory, SizeOf(memory), free, known);
  return memory;
}

void Gives(void* memory) {
  if (memory != nullptr) PageAccount::GivesMalloc(memory, SizeOf(memory));
}

// Where it is denied, V8 collects, asks again, and then gives up. What one thread takes and another frees for a different
// isolate makes the count drift a little; it is a bound and not a book.
void* Allocate(size_t size) { return PageAccount::TakeMalloc(size) ? Took(malloc(size), free) : nullptr; }

void* AllocateZeroed(size_t count, size_t size) {
  if (size != 0 && count > SIZE_MAX / size) return nullptr;
  return PageAccount::TakeMalloc(count * size) ? Took(calloc(count, size), free) : nullptr;
}

void* Reallocate(void* memory, size_t size) {
  if (!PageAccount::TakeMalloc(size)) return nullptr;
  Gives(memory);
  void* moved = realloc(memory, size);
  if (moved == nullptr && size != 0) Took(memory, free);  // it is still there
  return Took(moved, free);
}

int AllocateAligned(void** memory, size_t alignment, size_t size) {
  if (!PageAccount::TakeMalloc(size)) return ENOMEM;
  int outcome = posix_memalign(memory, alignment, size);
  if (outcome == 0) Took(*memory, free);
  return outcome;
}

// Most of what V8 takes to make an isolate are two tables of inline caches (stub-cache.h) and one of addresses in code
// (InnerPointerToCodeCache), of these sizes. No array that grows by doubling or by primes ever has them.
constexpr size_t kStubCache = (2048 + 512) * 3 * sizeof(void*) + sizeof(void*);
constexpr size_t kCodeCache = 1024 * 7 * sizeof(void*) + sizeof(void*);

// `operator new`, which V8 takes no refusal from. No lock of the allocator's is held here, and no exception may pass through V8.
template <void* (*Call)(size_t, const std::nothrow_t&) noexcept, void (*Delete)(void*)>
void* New(size_t size) {
  void* memory = PageAccount::TakeMalloc(size) ? Call(size, std::nothrow) : nullptr;
  if (memory == nullptr) {
    Boundary::GiveUp("V8 ran out of memory: operator new");
    abort();
  }
  return Took(memory, Delete, size == kStubCache || size == kCodeCache);
}

void* NewOrNull(size_t size, const std::nothrow_t& nothrow) noexcept {
  return PageAccount::TakeMalloc(size) ? Took(::operator new(size, nothrow), ::operator delete) : nullptr;
}

// V8 keeps local handles in blocks of this size, less the C library's own (V8's handles.h). A built-in that loops without a
// scope of its own takes one after the other.
constexpr size_t kHandleBlock = 1022 * sizeof(void*);

void* NewArrayOrNull(size_t size, const std::nothrow_t& nothrow) noexcept {
  if (!PageAccount::TakeMalloc(size)) return nullptr;
  return Took(::operator new[](size, nothrow), ::operator delete[], size == kHandleBlock);
}

void Delete(void* memory) {
  Gives(memory);
  ::operator delete(memory);
}

void DeleteSized(void* memory, size_t) { Delete(memory); }

void DeleteArray(void* memory) {
  Gives(memory);
  ::operator delete[](memory);
}

void DeleteArraySized(void* memory, size_t) { DeleteArray(memory); }

const Replacement kEngine[] = {
    Replace("malloc", Allocate),
    Replace("calloc", AllocateZeroed),
    Replace("realloc", Reallocate),
    Replace("posix_memalign", AllocateAligned),
    Replace("free", Free),
    Replace("_Znwm", New < ::operator new, ::operator delete>),
    Replace("_Znam", New < ::operator new[], ::operator delete[]>),
    Replace("_ZnwmRKSt9nothrow_t", NewOrNull),
    Replace("_ZnamRKSt9nothrow_t", NewArrayOrNull),
    Replace("_ZdlPv", Delete),
    Replace("_ZdlPvm", DeleteSized),
    Replace("_ZdaPv", DeleteArray),
    Replace("_ZdaPvm", DeleteArraySized),
};

// ---- ICU's ----

int64_t SignedSizeOf(void* memory) { return static_cast<int64_t>(SizeOf(memory)); }

// What Intl's objects are made of. ICU is denied nothing small, since it does not expect that everywhere: the isolate is
// told. What is large, the text that normalize() makes say, it reports as an error.
bool MayTakeUnicode(size_t size) {
  constexpr size_t kLarge = size_t{1} << 20;
  return size < kLarge || PageAccount::MayTakeMalloc(size);
}

void* AllocateUnicode(size_t size) {
  void* memory = MayTakeUnicode(size) ? malloc(size) : nullptr;
  PageAccount::CountUnicode(SignedSizeOf(memory));
  return memory;
}

void* ReallocateUnicode(void* memory, size_t size) {
  if (!MayTakeUnicode(size)) return nullptr;
  int64_t before = SignedSizeOf(memory);
  void* moved = realloc(memory, size);
  if (moved != nullptr) PageAccount::CountUnicode(SignedSizeOf(moved) - before);
  return moved;
}

void FreeUnicode(void* memory) {
  PageAccount::CountUnicode(-SignedSizeOf(memory));
  free(memory);
}

const Replacement kUnicode[] = {
    Replace("malloc", AllocateUnicode),
    Replace("realloc", ReallocateUnicode),
    Replace("free", FreeUnicode),
};

// Its names end in its version. Where it is part of V8's library, it is counted as V8 is.
void CountUnicode(const LoadedLibrary& engine) {
  std::optional<std::string> name = engine.FindCalled("u_errorName");
  void* there = name ? engine.Resolve(*name) : nullptr;
  if (there == nullptr) return;
  if (std::optional<LoadedLibrary> unicode = LoadedLibrary::At(there)) unicode->Redirect(kUnicode);
}

}  // namespace

void Count(const LoadedLibrary& engine) {
  engine.Redirect(kEngine);
  CountUnicode(engine);
}

void Free(void* memory) {
  Gives(memory);
  free(memory);
}

void Trim() {
#ifdef __GLIBC__
  constexpr size_t kWorthIt = size_t{16} << 20;
  if (mallinfo2().fordblks > kWorthIt) malloc_trim(0);
#endif
}

}  // namespace miniracer::EngineMemory
