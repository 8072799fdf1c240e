// Makes the libnode in dist/ private: quick to open, and impossible to mix up with another V8 in the same process.
//
//   elf-private bind LIBRARY             its references to its own symbols need no look-up any more
//   elf-private rename LIBRARY USER...   V8's C++ names in LIBRARY and in the libraries that use it become ours
//   elf-private exports LIBRARY          lists the symbols it defines
//
// Files are edited in place, after all checks; a file that is not understood is refused and left as it was.

#include <algorithm>
#include <array>
#include <functional>
#include <iostream>
#include <numeric>
#include <set>
#include <utility>

#include "elf_image.h"

namespace {

// Namespaces as they stand in mangled names. Equal lengths: the edit happens in place.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kRenames{{
    {"2v8", "2mr"},
    {"5cppgc", "5mrpgc"},
}};

bool is_defined(const Elf64_Sym& symbol) { return symbol.st_shndx != SHN_UNDEF; }
unsigned binding(const Elf64_Sym& symbol) { return ELF64_ST_BIND(symbol.st_info); }
unsigned type(const Elf64_Sym& symbol) { return ELF64_ST_TYPE(symbol.st_info); }

bool has_renamed(std::string_view name) {
  return std::ranges::any_of(kRenames, [&](auto& rename) { return name.find(rename.second) != name.npos; });
}

// Whether the loader would compute load address + value for a reference to this symbol, were it bound to it.
bool is_plain_address(const Elf64_Sym& symbol) {
  return is_defined(symbol) && symbol.st_shndx != SHN_ABS && type(symbol) != STT_TLS && type(symbol) != STT_GNU_IFUNC;
}

// Symbolic relocations against the library's own symbols become relative ones, which the loader applies in one
// quick loop. libnode has 60,000 of them, and looking them up takes most of the time of opening it.
size_t bind(Image& image) {
  // "Unique" symbols are shared by all libraries of a process that define them: the opposite of private.
  for (auto& symbol : image.symbols)
    if (binding(symbol) == STB_GNU_UNIQUE) symbol.st_info = ELF64_ST_INFO(STB_GLOBAL, type(symbol));

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

// Brings .gnu.hash in step with changed names: exported symbols are grouped by bucket, so they move, and with them
// their versions and every relocation's symbol index. Sizes stay.
void rebuild_gnu_hash(Image& image) {
  auto& table = image.gnu_hash;
  const uint32_t first = table.first_symbol;
  const auto count = static_cast<uint32_t>(image.symbols.size());
  const auto bucket_count = static_cast<uint32_t>(table.buckets.size());
  std::ranges::fill(table.bloom, 0);
  std::ranges::fill(table.buckets, 0);
  if (table.chain == nullptr) return;

  std::vector<uint32_t> hashes(count), order(count), moved_to(count);
  for (uint32_t i = first; i < count; ++i) hashes[i] = GnuHash::hash(image.name(image.symbols[i]));
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin() + first, order.end(), [&](uint32_t a, uint32_t b) {
    return std::pair(hashes[a] % bucket_count, a) < std::pair(hashes[b] % bucket_count, b);
  });

  const std::vector<Elf64_Sym> symbols(image.symbols.begin(), image.symbols.end());
  const std::vector<uint16_t> versions(image.versions.begin(), image.versions.end());
  for (uint32_t i = 0; i < count; ++i) {
    moved_to[order[i]] = i;
    image.symbols[i] = symbols[order[i]];
    if (!versions.empty()) image.versions[i] = versions[order[i]];
  }
  for (auto& relocation : image.relocations)
    relocation.r_info =
        ELF64_R_INFO(uint64_t{moved_to[ELF64_R_SYM(relocation.r_info)]}, ELF64_R_TYPE(relocation.r_info));

  for (uint32_t i = first; i < count; ++i) {
    const uint32_t hash = hashes[order[i]], bucket = hash % bucket_count;
    table.bloom[(hash / 64) % table.bloom.size()] |=
        uint64_t{1} << (hash % 64) | uint64_t{1} << ((hash >> table.bloom_shift) % 64);
    if (table.buckets[bucket] == 0) table.buckets[bucket] = i;
    const bool last = i + 1 == count || hashes[order[i + 1]] % bucket_count != bucket;
    table.chain[i - first] = last ? hash | 1 : hash & ~1u;
  }
}

// The names in the string table that are not symbols' (libraries, paths, versions) must not change.
void check_other_strings(const Image& image, const std::set<size_t>& changed) {
  for (const auto& entry : image.dynamic) {
    const auto tag = entry.d_tag;
    if (tag != DT_NEEDED && tag != DT_SONAME && tag != DT_RPATH && tag != DT_RUNPATH) continue;
    const size_t start = entry.d_un.d_val, end = start + image.string(start).size();
    const auto hit = changed.lower_bound(start);
    if (hit != changed.end() && *hit < end) image.refuse("the rename would change a library's name or path");
  }
}

size_t rename(Image& image) {
  const std::string_view strings(image.strings.data(), image.strings.size());
  std::set<size_t> changed;  // every byte that is rewritten, and those behind it in the same match
  std::set<size_t> inside;   // positions a name must not begin at: it would be cut from a shared tail
  for (const auto& [from, to] : kRenames)
    for (size_t at = strings.find(from); at != strings.npos; at = strings.find(from, at + 1))
      for (size_t i = 0; i < from.size(); ++i) {
        changed.insert(at + i);
        if (i != 0) inside.insert(at + i);
      }
  check_other_strings(image, changed);
  for (const auto& symbol : image.symbols) {
    if (inside.contains(symbol.st_name)) image.refuse("a symbol shares its name's text with a renamed one");
    if (has_renamed(image.name(symbol)))
      image.refuse("already renamed, or has a symbol of that name: " + std::string(image.name(symbol)));
  }

  for (const auto& [from, to] : kRenames)
    for (size_t at = strings.find(from); at != strings.npos; at = strings.find(from, at))
      std::ranges::copy(to, image.strings.begin() + static_cast<std::ptrdiff_t>(at));
  rebuild_gnu_hash(image);

  for (uint32_t i = image.gnu_hash.first_symbol; i < image.symbols.size(); ++i)
    if (image.versions.empty() ? image.look_up(image.name(image.symbols[i])) != i
                               : image.look_up(image.name(image.symbols[i])) == 0)
      image.refuse("a look-up after the edit fails for " + std::string(image.name(image.symbols[i])));
  return static_cast<size_t>(
      std::ranges::count_if(image.symbols, [&](const auto& symbol) { return has_renamed(image.name(symbol)); }));
}

// Whoever refers to a renamed name must find it in the library. A weak reference may go unfilled, as it did before.
void check_references(const Image& library, const Image& user) {
  for (const auto& symbol : user.symbols) {
    const auto name = user.name(symbol);
    if (is_defined(symbol) || binding(symbol) == STB_WEAK || !has_renamed(name)) continue;
    const uint32_t found = library.look_up(name);
    if (found == 0 || !is_defined(library.symbols[found]))
      user.refuse("needs " + std::string(name) + ", which " + library.path + " does not define");
  }
}

int usage() {
  std::cerr << "usage: elf-private bind LIBRARY | rename LIBRARY USER... | exports LIBRARY\n";
  return 64;
}

int run(const std::string& command, const std::vector<std::string>& paths) {
  std::vector<Image> images;
  if (command == "bind" || command == "rename" || command == "exports")
    for (const auto& path : paths) images.emplace_back(path);
  if (images.empty() || (command != "rename" && images.size() != 1)) return usage();

  if (command == "exports") {
    for (const auto& symbol : images[0].symbols)
      if (is_defined(symbol) && binding(symbol) != STB_LOCAL) std::cout << images[0].name(symbol) << '\n';
    return 0;
  }
  if (command == "bind") {
    std::cerr << images[0].path << ": " << bind(images[0]) << " references bound\n";
  } else {
    for (auto& image : images) std::cerr << image.path << ": " << rename(image) << " symbols renamed\n";
    for (const auto& image : images) check_references(images[0], image);
  }
  for (const auto& image : images) image.write();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return usage();
  try {
    return run(argv[1], {argv + 2, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << "elf-private: " << error.what() << '\n';
    return 1;
  }
}
