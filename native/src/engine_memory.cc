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

int64_t SizeOf(void* memory) { return static_cast<int64_t>(malloc_usable_size(memory)); }

// ---- V8's own ----

// Where it is denied, V8 collects, asks again, and then gives up. What one thread takes and another frees for a different
// isolate makes the count drift a little; it is a bound and not a book.
void* Allocate(size_t size) {
  if (!PageAccount::TakeMalloc(size)) return nullptr;
  void* memory = malloc(size);
  PageAccount::CountMalloc(SizeOf(memory));
  return memory;
}

void* AllocateZeroed(size_t count, size_t size) {
  if (size != 0 && count > SIZE_MAX / size) return nullptr;
  if (!PageAccount::TakeMalloc(count * size)) return nullptr;
  void* memory = calloc(count, size);
  PageAccount::CountMalloc(SizeOf(memory));
  return memory;
}

void* Reallocate(void* memory, size_t size) {
  if (!PageAccount::TakeMalloc(size)) return nullptr;
  int64_t before = SizeOf(memory);
  void* moved = realloc(memory, size);
  if (moved != nullptr) PageAccount::CountMalloc(SizeOf(moved) - before);
  return moved;
}

int AllocateAligned(void** memory, size_t alignment, size_t size) {
  if (!PageAccount::TakeMalloc(size)) return ENOMEM;
  int outcome = posix_memalign(memory, alignment, size);
  if (outcome == 0) PageAccount::CountMalloc(SizeOf(*memory));
  return outcome;
}

void Free(void* memory) {
  PageAccount::CountMalloc(-SizeOf(memory));
  free(memory);
}

// `operator new`, which V8 takes no refusal from. No lock of the allocator's is held here.
template <void* (*Call)(size_t)>
void* New(size_t size) {
  if (!PageAccount::TakeMalloc(size)) Boundary::GiveUp("V8 ran out of memory: operator new");
  void* memory = Call(size);
  PageAccount::CountMalloc(SizeOf(memory));
  return memory;
}

void Delete(void* memory) {
  PageAccount::CountMalloc(-SizeOf(memory));
  ::operator delete(memory);
}

void DeleteSized(void* memory, size_t) { Delete(memory); }

// ---- Blocks of handles ----

// V8 keeps local handles in blocks of this size, less the C library's own (V8's handles.h). A built-in that loops without a
// scope of its own takes one after the other; they are to go back when its isolate dies.
constexpr size_t kHandleBlock = 1022 * sizeof(void*);

// By the room that an allocator may leave.
bool MayBeHandleBlock(void* memory) {
  size_t usable = malloc_usable_size(memory);
  return usable >= kHandleBlock && usable < 2 * kHandleBlock;
}

void* NewArrayOrNull(size_t size, const std::nothrow_t& nothrow) noexcept {
  if (!PageAccount::TakeMalloc(size)) return nullptr;
  void* memory = ::operator new[](size, nothrow);
  PageAccount::CountMalloc(SizeOf(memory));
  Platform* platform = EnginePlatform();
  if (size == kHandleBlock && memory != nullptr && platform != nullptr) platform->pages().AddBlock(memory);
  return memory;
}

void DeleteArray(void* memory) {
  PageAccount::CountMalloc(-SizeOf(memory));
  Platform* platform = EnginePlatform();
  if (memory != nullptr && platform != nullptr && MayBeHandleBlock(memory)) platform->pages().RemoveBlock(memory);
  ::operator delete[](memory);
}

const Replacement kEngine[] = {
    Replace("malloc", Allocate),
    Replace("calloc", AllocateZeroed),
    Replace("realloc", Reallocate),
    Replace("posix_memalign", AllocateAligned),
    Replace("free", Free),
    Replace("_Znwm", New < ::operator new>),
    Replace("_Znam", New < ::operator new[]>),
    Replace("_ZnamRKSt9nothrow_t", NewArrayOrNull),
    Replace("_ZdlPv", Delete),
    Replace("_ZdlPvm", DeleteSized),
    Replace("_ZdaPv", DeleteArray),
};

// ---- ICU's ----

// What Intl's objects are made of. ICU is denied nothing, since it does not expect that everywhere: the isolate is told.
void* AllocateUnicode(size_t size) {
  void* memory = malloc(size);
  PageAccount::CountUnicode(SizeOf(memory));
  return memory;
}

void* ReallocateUnicode(void* memory, size_t size) {
  int64_t before = SizeOf(memory);
  void* moved = realloc(memory, size);
  if (moved != nullptr) PageAccount::CountUnicode(SizeOf(moved) - before);
  return moved;
}

void FreeUnicode(void* memory) {
  PageAccount::CountUnicode(-SizeOf(memory));
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

void Trim() {
#ifdef __GLIBC__
  constexpr size_t kWorthIt = size_t{32} << 20;
  if (mallinfo2().fordblks > kWorthIt) malloc_trim(0);
#endif
}

}  // namespace miniracer::EngineMemory
