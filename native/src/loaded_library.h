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

class LoadedLibrary {
 public:
  // The one that has this address, whatever its file is called.
  static std::optional<LoadedLibrary> At(const void* address);

  bool HasCode(uintptr_t address) const;

  // Points what it calls elsewhere, in its own data: functions of other libraries, and its own as far as others could replace
  // them. Gives how many of the names it calls and could be changed.
  size_t Redirect(std::span<const Replacement> replacements) const;

  // What it calls of another library, by the beginning of the name: the rest may be a version. Names that were made private
  // (native/tools/elf_private.cc) have a dot for their first character.
  std::optional<std::string> FindCalled(const std::string& beginning) const;
  // Where that is, or one of its own. Null: not there.
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
  const char* NameOfForeign(const ElfW(Rela) & relocation) const;  // null for one of its own
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
