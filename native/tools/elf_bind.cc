#include <algorithm>
#include <functional>

#include "elf_edit.h"

namespace {

// Whether the loader would compute load address + value for a reference to this symbol, were it bound to it.
bool is_plain_address(const Elf64_Sym& symbol) {
  return is_defined(symbol) && symbol.st_shndx != SHN_ABS && type(symbol) != STT_TLS && type(symbol) != STT_GNU_IFUNC;
}

// A slot that is filled at its first call is filled by its number in .rela.plt, which is about to change.
void fill_slots_at_once(Image& image) {
  if (image.plt_relocations == 0 || image.has_tag(DT_BIND_NOW) || (image.tag(DT_FLAGS) & DF_BIND_NOW) != 0) return;
  if (image.has_tag(DT_FLAGS))
    image.set_tag(DT_FLAGS, image.tag(DT_FLAGS) | DF_BIND_NOW);
  else
    image.add_tag(DT_FLAGS, DF_BIND_NOW);
}

}  // namespace

size_t bind(Image& image) {
  // "Unique" symbols are shared by all libraries of a process that define them: the opposite of private.
  for (auto& symbol : image.symbols)
    if (binding(symbol) == STB_GNU_UNIQUE) symbol.st_info = ELF64_ST_INFO(STB_GLOBAL, type(symbol));
  fill_slots_at_once(image);

  size_t bound = 0;
  for (auto& relocation : image.relocations) {
    const uint32_t kind = ELF64_R_TYPE(relocation.r_info);
    const auto& symbol = image.symbols[ELF64_R_SYM(relocation.r_info)];
    const bool slot = kind == image.machine.got || kind == image.machine.plt;
    if (!is_plain_address(symbol) || !(slot || kind == image.machine.absolute)) continue;
    if (slot && relocation.r_addend != 0) continue;  // its meaning differs between machines; linkers make none
    relocation.r_info = ELF64_R_INFO(0, image.machine.relative);
    relocation.r_addend += static_cast<int64_t>(symbol.st_value);
    ++bound;
  }

  // Relative ones come first and are counted (DT_RELACOUNT); those of the PLT move into the eager table.
  auto is_relative = [&](const Elf64_Rela& r) { return ELF64_R_TYPE(r.r_info) == image.machine.relative; };
  const auto all = image.relocations;
  const size_t plt_start = all.size() - image.plt_relocations;
  const auto plt = static_cast<size_t>(std::ranges::count_if(all.subspan(plt_start), std::not_fn(is_relative)));
  std::vector<Elf64_Rela> sorted, rest;
  for (const auto& relocation : all) (is_relative(relocation) ? sorted : rest).push_back(relocation);
  const size_t relative = sorted.size();
  std::ranges::sort(sorted, {}, &Elf64_Rela::r_offset);
  sorted.insert(sorted.end(), rest.begin(), rest.end());
  std::ranges::copy(sorted, all.begin());

  const uint64_t table = image.tag(DT_RELA), old_plt = image.tag(DT_JMPREL);
  const uint64_t size = (all.size() - plt) * sizeof(Elf64_Rela);
  const uint64_t plt_size = plt * sizeof(Elf64_Rela);
  if (table == 0) image.refuse("has no .rela.dyn");
  auto* section = image.section(SHT_RELA, table);
  auto* plt_section = old_plt == table ? nullptr : image.section(SHT_RELA, old_plt);
  if (section != nullptr) section->sh_size = size;
  if (plt_section != nullptr && section != nullptr) {
    plt_section->sh_addr = table + size;
    plt_section->sh_offset = section->sh_offset + size;
    plt_section->sh_size = plt_size;
  }
  image.set_tag(DT_RELASZ, size);
  image.set_tag(DT_RELACOUNT, relative);
  image.set_tag(DT_JMPREL, table + size);
  image.set_tag(DT_PLTRELSZ, plt_size);
  return bound;
}
