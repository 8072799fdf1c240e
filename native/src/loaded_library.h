// A library of the process as the dynamic linker sees it: where its code is, and through which table it calls others.
#pragma once

#include <elf.h>
#include <link.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace miniracer {

// What a function is to be called instead.
struct Replacement {
  const char* name;
  void* with;
};

template <class Function>
constexpr Replacement Replace(const char* name, Function* with) {
  return {name, reinterpret_cast<void*>(with)};
}

// The same of one of the library's own, by where that is.
struct OwnReplacement {
  const void* function;
  void* with;
};

template <class Function>
OwnReplacement Replace(Function* function, Function* with) {
  return {reinterpret_cast<const void*>(function), reinterpret_cast<void*>(with)};
}

class LoadedLibrary {
 public:
  // The one that has this address, whatever its file is called.
  static std::optional<LoadedLibrary> At(const void* address);

  bool HasCode(uintptr_t address) const;

  // Points what it calls of other libraries elsewhere, in its own data. Gives how many of the names it calls and could be
  // changed.
  size_t Redirect(std::span<const Replacement> replacements) const;
  // The same for its own functions, as far as it calls them by way of its data: as others could replace them, once. Such calls
  // may say no name any more (native/tools/elf_bind.cc). Null is nowhere.
  size_t Redirect(std::span<const OwnReplacement> replacements) const;

  // What it calls of another library, by the beginning of the name: the rest may be a version. Names that were made private
  // (native/tools/elf_private.cc) have a dot for their first character.
  std::optional<std::string> FindCalled(const std::string& beginning) const;
  // Where that is. Null: not there.
  void* Resolve(const std::string& name) const;

 private:
  struct Range {
    uintptr_t begin = 0;
    uintptr_t end = 0;
    bool Has(uintptr_t address) const { return address >= begin && address < end; }
  };

  explicit LoadedLibrary(const dl_phdr_info& info);
  void ReadDynamic(const ElfW(Dyn) * entry);
  const char* NameOf(const ElfW(Rela) & relocation) const;
  uintptr_t OwnOf(const ElfW(Rela) & relocation) const;
  bool Write(void** slot, void* value) const;

  uintptr_t base_;
  std::string path_;
  std::vector<Range> loaded_, code_;
  Range relro_;
  const char* names_ = nullptr;
  const ElfW(Sym) * symbols_ = nullptr;
  std::span<const ElfW(Rela)> tables_[2];
};

}  // namespace miniracer
