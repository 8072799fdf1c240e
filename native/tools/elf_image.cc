#include "elf_image.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

static_assert(std::endian::native == std::endian::little);

namespace fs = std::filesystem;

Image::Image(std::string file) : path(std::move(file)) {
  std::ifstream in(path, std::ios::binary);
  if (!in || !fs::is_regular_file(path)) refuse("cannot be read");
  bytes_.assign(std::istreambuf_iterator<char>(in), {});
  read();
}

void Image::read() {
  read_header();
  read_dynamic();
  read_relocations();
  read_gnu_hash();
  read_versions();
}

void Image::write() const {
  const fs::path temporary = path + ".new";
  std::ofstream out(temporary, std::ios::binary);
  out.write(bytes_.data(), static_cast<std::streamsize>(bytes_.size()));
  out.close();
  if (!out) refuse("cannot be written");
  fs::permissions(temporary, fs::status(path).permissions());
  fs::rename(temporary, path);
}

template <typename T>
std::span<T> Image::at_offset(uint64_t offset, uint64_t count, const char* what) {
  if (offset > bytes_.size() || count > (bytes_.size() - offset) / sizeof(T))
    refuse(std::string("truncated: ") + what + " lies beyond the end of the file");
  if (offset % alignof(T) != 0) refuse(std::string("misaligned ") + what);
  return {reinterpret_cast<T*>(bytes_.data() + offset), count};
}

template <typename T>
std::span<T> Image::at_address(uint64_t address, uint64_t count, const char* what) {
  for (const auto& segment : segments_) {
    if (segment.p_type != PT_LOAD || address < segment.p_vaddr) continue;
    const uint64_t within = address - segment.p_vaddr;
    if (within < segment.p_filesz && count <= (segment.p_filesz - within) / sizeof(T))
      return at_offset<T>(segment.p_offset + within, count, what);
  }
  refuse(std::string(what) + " lies in no segment");
}

void Image::read_header() {
  if (bytes_.size() < sizeof(Elf64_Ehdr) || std::memcmp(bytes_.data(), ELFMAG, SELFMAG) != 0) refuse("not an ELF file");
  const auto& header = *reinterpret_cast<Elf64_Ehdr*>(bytes_.data());
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB)
    refuse("not a 64-bit little-endian ELF file");
  if (header.e_type != ET_DYN) refuse("not a shared library");
  switch (header.e_machine) {
    case EM_X86_64:
      machine = {R_X86_64_RELATIVE, R_X86_64_64, R_X86_64_GLOB_DAT, R_X86_64_JUMP_SLOT};
      break;
    case EM_AARCH64:
      machine = {R_AARCH64_RELATIVE, R_AARCH64_ABS64, R_AARCH64_GLOB_DAT, R_AARCH64_JUMP_SLOT};
      break;
    default:
      refuse("unknown machine " + std::to_string(header.e_machine));
  }
  if (header.e_phentsize != sizeof(Elf64_Phdr)) refuse("unexpected program header size");
  segments_ = at_offset<Elf64_Phdr>(header.e_phoff, header.e_phnum, "the program header table");
  for (const auto& segment : segments_) at_offset<char>(segment.p_offset, segment.p_filesz, "a segment");
  if (header.e_shnum != 0) {
    if (header.e_shentsize != sizeof(Elf64_Shdr)) refuse("unexpected section header size");
    sections_ = at_offset<Elf64_Shdr>(header.e_shoff, header.e_shnum, "the section header table");
  }
}

void Image::read_dynamic() {
  for (const auto& segment : segments_)
    if (segment.p_type == PT_DYNAMIC)
      whole_dynamic_ =
          at_offset<Elf64_Dyn>(segment.p_offset, segment.p_filesz / sizeof(Elf64_Dyn), "the dynamic section");
  const auto end = std::ranges::find(whole_dynamic_, DT_NULL, &Elf64_Dyn::d_tag);
  if (end == whole_dynamic_.end()) refuse("no dynamic section");
  dynamic = whole_dynamic_.first(static_cast<size_t>(end - whole_dynamic_.begin()));
  tags_.clear();
  for (auto& entry : dynamic) tags_[entry.d_tag] = &entry;
  for (int64_t needed : {DT_STRTAB, DT_STRSZ, DT_SYMTAB, DT_GNU_HASH})
    if (!tags_.contains(needed)) refuse("the dynamic section lacks tag " + std::to_string(needed));
  // The older table would have to be kept in step, and nothing needs it.
  if (tags_.contains(DT_HASH)) refuse("has a DT_HASH table; link with --hash-style=gnu");
  if (tag(DT_SYMENT) != sizeof(Elf64_Sym)) refuse("unexpected symbol size");
  strings = at_address<char>(tag(DT_STRTAB), tag(DT_STRSZ), "the string table");
  if (strings.empty() || strings.back() != '\0') refuse("the string table is not terminated");
}

void Image::add_tag(int64_t tag, uint64_t value) {
  if (whole_dynamic_.size() < dynamic.size() + 2) refuse("has no room for another dynamic tag");
  if (whole_dynamic_[dynamic.size() + 1].d_tag != DT_NULL) refuse("has something behind its dynamic tags");
  auto& entry = whole_dynamic_[dynamic.size()];
  entry.d_tag = tag;
  entry.d_un.d_val = value;
  dynamic = whole_dynamic_.first(dynamic.size() + 1);
  tags_[tag] = &entry;
}

void Image::read_relocations() {
  if (tags_.contains(DT_REL) || tags_.contains(DT_RELR)) refuse("relocations of an unexpected kind (REL, RELR)");
  if (tags_.contains(DT_RELA) && tag(DT_RELAENT) != sizeof(Elf64_Rela)) refuse("unexpected relocation size");
  const uint64_t size = tag(DT_RELASZ), plt_size = tag(DT_PLTRELSZ);
  if (plt_size != 0) {
    if (tag(DT_PLTREL) != DT_RELA) refuse("PLT relocations of an unexpected kind");
    if (size != 0 && tag(DT_JMPREL) != tag(DT_RELA) + size) refuse(".rela.plt does not follow .rela.dyn");
  }
  plt_relocations = plt_size / sizeof(Elf64_Rela);
  const uint64_t count = size / sizeof(Elf64_Rela) + plt_relocations;
  if (count != 0)
    relocations = at_address<Elf64_Rela>(size != 0 ? tag(DT_RELA) : tag(DT_JMPREL), count, "the relocation table");
}

void Image::read_gnu_hash() {
  const uint64_t address = tag(DT_GNU_HASH);
  const auto header = at_address<uint32_t>(address, 4, ".gnu.hash");
  const uint32_t bucket_count = header[0], bloom_size = header[2];
  gnu_hash.first_symbol = header[1];
  gnu_hash.bloom_shift = header[3];
  if (bucket_count == 0 || !std::has_single_bit(bloom_size)) refuse("malformed .gnu.hash");
  gnu_hash.bloom = at_address<uint64_t>(address + 16, bloom_size, ".gnu.hash");
  const uint64_t buckets = address + 16 + uint64_t{bloom_size} * 8;
  gnu_hash.buckets = at_address<uint32_t>(buckets, bucket_count, ".gnu.hash");

  // The dynamic tags do not say how many symbols there are: the last chain's end does, and the section must agree.
  const uint64_t chain = buckets + uint64_t{bucket_count} * 4;
  const auto* section = this->section(SHT_DYNSYM, tag(DT_SYMTAB));
  const uint64_t listed = section == nullptr ? 0 : section->sh_size / sizeof(Elf64_Sym);
  uint64_t count = *std::ranges::max_element(gnu_hash.buckets);
  if (count == 0) {
    // A table without exported symbols says nothing about the undefined ones.
    count = std::max<uint64_t>(gnu_hash.first_symbol, listed);
    gnu_hash.first_symbol = static_cast<uint32_t>(count);
  } else {
    if (count < gnu_hash.first_symbol) refuse("malformed .gnu.hash");
    while ((at_address<uint32_t>(chain + (count++ - gnu_hash.first_symbol) * 4, 1, ".gnu.hash")[0] & 1) == 0) {
    }
    if (section != nullptr && listed != count) refuse(".dynsym and .gnu.hash disagree");
  }
  symbols = at_address<Elf64_Sym>(tag(DT_SYMTAB), count, "the symbol table");
  const uint64_t hashed = count - gnu_hash.first_symbol;
  gnu_hash.words =
      at_address<uint32_t>(address, 4 + uint64_t{bloom_size} * 2 + uint64_t{bucket_count} + hashed, ".gnu.hash");
  gnu_hash.chain = hashed == 0 ? nullptr : gnu_hash.words.last(hashed).data();
  if (tags_.contains(DT_VERSYM)) versions = at_address<uint16_t>(tag(DT_VERSYM), count, "the version table");
  for (const auto& symbol : symbols) name(symbol);
  for (const auto& relocation : relocations)
    if (ELF64_R_SYM(relocation.r_info) >= count) refuse("a relocation names a symbol that does not exist");
}

// Which versions a library defines, and which it wants from which other library.
void Image::read_versions() {
  version_names_.clear();
  version_strings.clear();
  uint64_t at = tag(DT_VERDEF);
  for (uint64_t left = tag(DT_VERDEFNUM); left > 0; --left) {
    auto& definition = at_address<Elf64_Verdef>(at, 1, "a version definition")[0];
    uint64_t name_at = at + definition.vd_aux;
    for (unsigned i = 0; i < definition.vd_cnt; ++i) {
      auto& auxiliary = at_address<Elf64_Verdaux>(name_at, 1, "a version's name")[0];
      // The first is its own, the others name what it builds on. The base version is that of the library as a whole.
      const std::string name(string(auxiliary.vda_name));
      if (i == 0 && (definition.vd_flags & VER_FLG_BASE) == 0) version_names_[definition.vd_ndx] = {name, {}};
      version_strings.push_back(&auxiliary.vda_name);
      name_at += auxiliary.vda_next;
    }
    at += definition.vd_next;
  }
  at = tag(DT_VERNEED);
  for (uint64_t left = tag(DT_VERNEEDNUM); left > 0; --left) {
    auto& needed = at_address<Elf64_Verneed>(at, 1, "a needed version")[0];
    version_strings.push_back(&needed.vn_file);
    uint64_t name_at = at + needed.vn_aux;
    for (unsigned i = 0; i < needed.vn_cnt; ++i) {
      auto& auxiliary = at_address<Elf64_Vernaux>(name_at, 1, "a needed version's name")[0];
      version_names_[auxiliary.vna_other] = {std::string(string(auxiliary.vna_name)),
                                             std::string(string(needed.vn_file))};
      version_strings.push_back(&auxiliary.vna_name);
      name_at += auxiliary.vna_next;
    }
    at += needed.vn_next;
  }
  for (size_t i = 0; i < versions.size(); ++i)
    if ((versions[i] & 0x7fff) > VER_NDX_GLOBAL && !version_names_.contains(versions[i] & 0x7fff))
      refuse("a symbol has a version that does not exist");
}

Version Image::version(size_t symbol) const {
  const auto found = version_names_.find(versions.empty() ? 0u : versions[symbol] & 0x7fffu);
  return found == version_names_.end() ? Version{} : found->second;
}

std::string_view Image::string(uint64_t offset) const {
  if (offset >= strings.size()) refuse("a name lies beyond the string table");
  return strings.data() + offset;
}

uint32_t Image::look_up(std::string_view wanted, std::string_view wanted_version) const {
  const uint32_t hash = GnuHash::hash(wanted);
  const uint64_t word = gnu_hash.bloom[(hash / 64) % gnu_hash.bloom.size()];
  if (((word >> (hash % 64)) & (word >> ((hash >> gnu_hash.bloom_shift) % 64)) & 1) == 0) return 0;
  uint32_t index = gnu_hash.buckets[hash % gnu_hash.buckets.size()];
  if (index < gnu_hash.first_symbol) return 0;
  for (; index < symbols.size(); ++index) {
    const uint32_t entry = gnu_hash.chain[index - gnu_hash.first_symbol];
    if ((entry | 1) == (hash | 1) && name(symbols[index]) == wanted &&
        (wanted_version.empty() || version(index).name == wanted_version))
      return index;
    if (entry & 1) break;
  }
  return 0;
}

Elf64_Shdr* Image::section(uint32_t type, uint64_t address) {
  const auto found = std::ranges::find_if(
      sections_, [&](const auto& section) { return section.sh_type == type && section.sh_addr == address; });
  return found == sections_.end() ? nullptr : &*found;
}
