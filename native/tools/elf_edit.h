// The two edits that make a library private.
#pragma once

#include "elf_image.h"

inline bool is_defined(const Elf64_Sym& symbol) { return symbol.st_shndx != SHN_UNDEF; }
inline unsigned binding(const Elf64_Sym& symbol) { return ELF64_ST_BIND(symbol.st_info); }
inline unsigned type(const Elf64_Sym& symbol) { return ELF64_ST_TYPE(symbol.st_info); }

// Symbolic relocations against the library's own symbols become relative ones, which the loader applies in one quick
// loop without asking what else in the process has such a name. Returns how many.
size_t bind(Image& image);

// What becomes of a symbol. One that is not kept leaves the table, and its name the string table.
struct Planned {
  std::string name;
  bool kept = true;
  bool exported = false;  // a look-up finds it
};

// Writes the symbol table anew, and what hangs on it: string table, versions, .gnu.hash and the relocations' indices.
// Everything gets smaller or stays as it is, so nothing in the file moves; what is left over becomes zeros.
void rewrite_symbols(Image& image, const std::vector<Planned>& plan);
