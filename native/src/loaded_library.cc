#include "loaded_library.h"

#include <dlfcn.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>

namespace miniracer {

std::optional<LoadedLibrary> LoadedLibrary::At(const void* address) {
  struct Search {
    uintptr_t address;
    std::optional<LoadedLibrary> found;
  } search{reinterpret_cast<uintptr_t>(address), {}};
  dl_iterate_phdr(
      [](dl_phdr_info* info, size_t, void* data) {
        auto* search = static_cast<Search*>(data);
        LoadedLibrary library(*info);
        auto has = [search](const Range& range) { return range.Has(search->address); };
        if (std::none_of(library.loaded_.begin(), library.loaded_.end(), has)) return 0;
        search->found = std::move(library);
        return 1;
      },
      &search);
  return std::move(search.found);
}

LoadedLibrary::LoadedLibrary(const dl_phdr_info& info) : base_(info.dlpi_addr), path_(info.dlpi_name) {
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    const ElfW(Phdr) & part = info.dlpi_phdr[i];
    uintptr_t begin = base_ + part.p_vaddr;
    Range range{begin, begin + part.p_memsz};
    if (part.p_type == PT_DYNAMIC) ReadDynamic(reinterpret_cast<const ElfW(Dyn)*>(begin));
    if (part.p_type == PT_GNU_RELRO) relro_ = range;
    if (part.p_type != PT_LOAD) continue;
    loaded_.push_back(range);
    if ((part.p_flags & PF_X) != 0) code_.push_back(range);
  }
}

// glibc has made addresses of what the section says.
void LoadedLibrary::ReadDynamic(const ElfW(Dyn) * entry) {
  const ElfW(Rela) * begins[2] = {};
  size_t sizes[2] = {};
  for (; entry->d_tag != DT_NULL; ++entry) {
    void* there = reinterpret_cast<void*>(entry->d_un.d_ptr);
    if (entry->d_tag == DT_STRTAB) names_ = static_cast<const char*>(there);
    if (entry->d_tag == DT_SYMTAB) symbols_ = static_cast<const ElfW(Sym)*>(there);
    if (entry->d_tag == DT_JMPREL) begins[0] = static_cast<const ElfW(Rela)*>(there);
    if (entry->d_tag == DT_RELA) begins[1] = static_cast<const ElfW(Rela)*>(there);
    if (entry->d_tag == DT_PLTRELSZ) sizes[0] = entry->d_un.d_val;
    if (entry->d_tag == DT_RELASZ) sizes[1] = entry->d_un.d_val;
  }
  for (int i = 0; i < 2; ++i) {
    if (begins[i] != nullptr) tables_[i] = {begins[i], sizes[i] / sizeof(ElfW(Rela))};
  }
}

bool LoadedLibrary::HasCode(uintptr_t address) const {
  return std::any_of(code_.begin(), code_.end(), [address](const Range& range) { return range.Has(address); });
}

// Of what a relocation brings in from another library; null for all else.
const char* LoadedLibrary::NameOf(const ElfW(Rela) & relocation) const {
  const ElfW(Sym) & symbol = symbols_[ELF64_R_SYM(relocation.r_info)];
  if (symbol.st_name == 0 || symbol.st_shndx != SHN_UNDEF || relocation.r_addend != 0) return nullptr;
  return names_ + symbol.st_name;
}

// Where that is of its own which a relocation brings in; 0 for all else.
uintptr_t LoadedLibrary::OwnOf(const ElfW(Rela) & relocation) const {
  uint64_t number = ELF64_R_SYM(relocation.r_info);
  if (number == 0) return base_ + static_cast<uintptr_t>(relocation.r_addend);
  bool own = symbols_[number].st_shndx != SHN_UNDEF && relocation.r_addend == 0;
  return own ? base_ + symbols_[number].st_value : 0;
}

// What was made read-only (RELRO) when the library was loaded, is again afterwards.
bool LoadedLibrary::Write(void** slot, void* value) const {
  uintptr_t page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  uintptr_t at = reinterpret_cast<uintptr_t>(slot) & ~(page - 1);
  bool read_only = at >= (relro_.begin & ~(page - 1)) && at < (relro_.end & ~(page - 1));
  void* begin = reinterpret_cast<void*>(at);
  if (read_only && mprotect(begin, page, PROT_READ | PROT_WRITE) != 0) return false;
  *slot = value;
  return !read_only || mprotect(begin, page, PROT_READ) == 0;
}

size_t LoadedLibrary::Redirect(std::span<const Replacement> replacements) const {
  if (names_ == nullptr || symbols_ == nullptr) return 0;
  std::vector<bool> found(replacements.size());
  for (const auto& table : tables_) {
    for (const ElfW(Rela) & relocation : table) {
      const char* name = NameOf(relocation);
      if (name == nullptr) continue;
      for (size_t i = 0; i < replacements.size(); ++i) {
        if (strcmp(name, replacements[i].name) != 0) continue;
        if (!Write(reinterpret_cast<void**>(base_ + relocation.r_offset), replacements[i].with)) return 0;
        found[i] = true;
      }
    }
  }
  return static_cast<size_t>(std::count(found.begin(), found.end(), true));
}

size_t LoadedLibrary::Redirect(std::span<const OwnReplacement> replacements) const {
  if (symbols_ == nullptr) return 0;
  std::vector<bool> found(replacements.size());
  for (const auto& table : tables_) {
    for (const ElfW(Rela) & relocation : table) {
      uintptr_t own = OwnOf(relocation);
      for (size_t i = 0; own != 0 && i < replacements.size(); ++i) {
        if (own != reinterpret_cast<uintptr_t>(replacements[i].function)) continue;
        if (!Write(reinterpret_cast<void**>(base_ + relocation.r_offset), replacements[i].with)) return 0;
        found[i] = true;
      }
    }
  }
  return static_cast<size_t>(std::count(found.begin(), found.end(), true));
}

std::optional<std::string> LoadedLibrary::FindCalled(const std::string& beginning) const {
  std::string hidden = "." + beginning.substr(1);
  if (names_ == nullptr || symbols_ == nullptr) return std::nullopt;
  for (const auto& table : tables_) {
    for (const ElfW(Rela) & relocation : table) {
      const char* name = NameOf(relocation);
      if (name == nullptr) continue;
      std::string_view called(name);
      if (called.starts_with(beginning) || called.starts_with(hidden)) return name;
    }
  }
  return std::nullopt;
}

void* LoadedLibrary::Resolve(const std::string& name) const {
  void* library = dlopen(path_.c_str(), RTLD_LAZY | RTLD_NOLOAD);
  if (library == nullptr) return nullptr;
  void* there = dlsym(library, name.c_str());
  dlclose(library);  // that it is loaded does not depend on this
  return there;
}

}  // namespace miniracer
