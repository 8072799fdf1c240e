// A shared library in memory, seen as the dynamic loader sees it: program headers and dynamic tags, not sections.
// Everything is bounds-checked once, when the image is read; what is odd is refused with an Error.
#pragma once

#include <elf.h>

#include <cstdint>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

struct Error : std::runtime_error {
  using runtime_error::runtime_error;
};

// The relocation types that matter here, by machine.
struct Machine {
  uint32_t relative, absolute, got, plt;
};

// A .gnu.hash table: a Bloom filter, buckets of first symbol indices, and a chain of hashes parallel to the symbols.
struct GnuHash {
  std::span<uint32_t> words;  // all of it, from its header on
  uint32_t first_symbol = 0, bloom_shift = 0;
  std::span<uint64_t> bloom;
  std::span<uint32_t> buckets;
  uint32_t* chain = nullptr;

  static uint32_t hash(std::string_view name) {
    uint32_t h = 5381;
    for (unsigned char c : name) h = h * 33 + c;
    return h;
  }
};

// What a symbol's version is called and, for an undefined symbol, the library it is expected from. Empty when it has none.
struct Version {
  std::string name, file;
  bool operator==(const Version&) const = default;
};

class Image {
 public:
  explicit Image(std::string path);
  Image(Image&&) = default;  // the spans stay valid; a copy's would not
  void read();               // once more, with all checks, after an edit
  void write() const;        // in one step: a reader sees the old file or the new one

  // The name of a symbol, or of anything else in the dynamic string table.
  std::string_view string(uint64_t offset) const;
  std::string_view name(const Elf64_Sym& symbol) const { return string(symbol.st_name); }
  // The index of the symbol a loader would find, 0 if none. Without a version, any will do.
  uint32_t look_up(std::string_view name, std::string_view version = {}) const;
  Version version(size_t symbol) const;
  uint64_t tag(int64_t tag) const { return tags_.contains(tag) ? tags_.at(tag)->d_un.d_val : 0; }
  bool has_tag(int64_t tag) const { return tags_.contains(tag); }
  void set_tag(int64_t tag, uint64_t value) {
    if (tags_.contains(tag)) tags_.at(tag)->d_un.d_val = value;
  }
  void add_tag(int64_t tag, uint64_t value);  // into the room that linkers leave
  // The section that starts at an address and has this type, if the file has section headers.
  Elf64_Shdr* section(uint32_t type, uint64_t address);
  [[noreturn]] void refuse(const std::string& why) const { throw Error(path + ": " + why); }

  std::string path;
  Machine machine{};
  std::span<Elf64_Dyn> dynamic;
  std::span<Elf64_Sym> symbols;
  std::span<uint16_t> versions;  // empty when the library has none
  std::span<char> strings;
  std::vector<Elf64_Word*> version_strings;  // every place in the version tables that refers to a string
  std::span<Elf64_Rela> relocations;         // .rela.dyn and, right behind it, .rela.plt
  size_t plt_relocations = 0;                // how many of them are .rela.plt's
  GnuHash gnu_hash;

 private:
  template <typename T>
  std::span<T> at_offset(uint64_t offset, uint64_t count, const char* what);
  template <typename T>
  std::span<T> at_address(uint64_t address, uint64_t count, const char* what);
  void read_header();
  void read_dynamic();
  void read_relocations();
  void read_gnu_hash();
  void read_versions();

  std::vector<char> bytes_;
  std::span<Elf64_Phdr> segments_;
  std::span<Elf64_Shdr> sections_;
  std::span<Elf64_Dyn> whole_dynamic_;  // with the unused entries behind the last one
  std::map<int64_t, Elf64_Dyn*> tags_;
  std::map<unsigned, Version> version_names_;
};
