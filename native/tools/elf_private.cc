// Makes the libraries in dist/ private: quick to open, and impossible to mix up with what else the process has loaded,
// be it another V8, OpenSSL, ICU or a function of the host's own that bears such a name.
//
//   elf-private separate LIBRARY PRIVATE...   LIBRARY is what hosts open; the others serve it and each other
//   elf-private exports LIBRARY               lists the symbols that a look-up finds
//
// A library's references to its own symbols need no look-up any more. What one of the libraries has from another gets a
// name of its own in both. All other symbols of the private libraries leave their tables: nobody finds them, even where
// the host opens LIBRARY with RTLD_GLOBAL. Addresses stay, so that a debugger given Debian's file still knows them.
//
// Files are edited in place, after all checks; a set that is not understood is refused and left as it was.

#include <algorithm>
#include <iostream>
#include <optional>
#include <set>

#include "elf_edit.h"

namespace {

// A private name is the old one with another first character: no compiler makes names that begin with one of these.
// The first that is free is taken (OpenSSL has UINT32_it and ZINT32_it). Equal length, so that the tables have room.
constexpr std::string_view kMarks = ".:;,!";
bool is_private(std::string_view name) { return !name.empty() && kMarks.find(name[0]) != kMarks.npos; }

struct Library {
  explicit Library(const std::string& path) : image(path) {
    for (const auto& entry : image.dynamic) {
      if (entry.d_tag == DT_SONAME) soname = image.string(entry.d_un.d_val);
      if (entry.d_tag == DT_NEEDED) needed.emplace_back(image.string(entry.d_un.d_val));
    }
    for (const auto& symbol : image.symbols)
      if (is_private(image.name(symbol)))
        image.refuse("already private, or has a symbol of that name: " + std::string(image.name(symbol)));
  }

  Image image;
  std::string soname;
  std::vector<std::string> needed;
};

// An undefined symbol: which of the libraries has to provide it; none when it is the system's.
struct Import {
  std::string name;
  Version version;
  std::optional<size_t> from;
  std::string new_name;
};

class Set {
 public:
  explicit Set(const std::vector<std::string>& paths) {
    for (const auto& path : paths) libraries_.emplace_back(path);
    for (size_t i = 0; i < libraries_.size(); ++i) by_soname_[libraries_[i].soname] = i;
  }

  void separate() {
    std::vector<size_t> bound;
    for (auto& library : libraries_) bound.push_back(bind(library.image));
    find_imports();
    for (size_t i = 0; i < libraries_.size(); ++i) rewrite(i, bound[i]);
    for (size_t i = 0; i < libraries_.size(); ++i) check(i);
    for (const auto& library : libraries_) library.image.write();
  }

 private:
  // The libraries that serve one, in the loader's order.
  std::vector<size_t> reach(size_t user) const {
    std::vector<size_t> found{user};
    for (size_t at = 0; at < found.size(); ++at)
      for (const auto& soname : libraries_[found[at]].needed) {
        const auto other = by_soname_.find(soname);
        if (other != by_soname_.end() && std::ranges::find(found, other->second) == found.end())
          found.push_back(other->second);
      }
    found.erase(found.begin());
    return found;
  }

  // Whose a name is. The system's libraries carry versions throughout, so that a name without one is ours; and a version
  // says which library it is from. A weak reference may go unfilled, as it did before.
  std::optional<size_t> provider(const Image& user, size_t symbol, const std::vector<size_t>& reached) const {
    const auto name = user.name(user.symbols[symbol]);
    const Version version = user.version(symbol);
    if (!version.file.empty() && !by_soname_.contains(version.file)) return std::nullopt;
    for (size_t other : reached)
      if ((version.file.empty() || version.file == libraries_[other].soname) &&
          defines(libraries_[other].image, name, version))
        return other;
    if (binding(user.symbols[symbol]) == STB_WEAK) return std::nullopt;
    user.refuse("needs " + std::string(name) + (version.name.empty() ? "" : " of version " + version.name) +
                ", which none of the libraries it needs defines");
  }

  static bool defines(const Image& image, std::string_view name, const Version& version) {
    const uint32_t found = image.look_up(name, version.name);
    return found != 0 && is_defined(image.symbols[found]);
  }

  // Given at the first call, and then the same in every library that refers to it.
  std::string private_name(size_t provider, const std::string& name) {
    auto& given = names_[{provider, name}];
    for (size_t i = 0; given.empty(); ++i) {
      if (i == kMarks.size()) libraries_[provider].image.refuse("no free private name for " + name);
      const std::string candidate = kMarks[i] + name.substr(1);
      if (taken_.insert(candidate).second) given = candidate;
    }
    return given;
  }

  void find_imports() {
    imports_.resize(libraries_.size());
    for (size_t i = 0; i < libraries_.size(); ++i) {
      const auto& image = libraries_[i].image;
      const auto reached = reach(i);
      for (size_t symbol = 1; symbol < image.symbols.size(); ++symbol) {
        if (is_defined(image.symbols[symbol])) continue;
        const std::string name(image.name(image.symbols[symbol]));
        const auto from = provider(image, symbol, reached);
        if (from == 0) image.refuse("needs " + name + ", which the library that hosts open keeps under its own name");
        imports_[i].push_back({name, image.version(symbol), from, from ? private_name(*from, name) : name});
      }
    }
  }

  std::vector<Planned> plan(size_t index) {
    const auto& image = libraries_[index].image;
    // By now its own symbols are referred to only where that cannot be undone, as with thread-local variables.
    std::set<size_t> referenced;
    for (const auto& relocation : image.relocations) referenced.insert(ELF64_R_SYM(relocation.r_info));
    std::vector<Planned> plan(1);
    size_t import = 0;
    for (size_t i = 1; i < image.symbols.size(); ++i) {
      const auto& symbol = image.symbols[i];
      const std::string name(image.name(symbol));
      if (!is_defined(symbol)) {
        plan.push_back({imports_[index][import++].new_name, true, false});
        continue;
      }
      const bool visible = binding(symbol) != STB_LOCAL && i >= image.gnu_hash.first_symbol;
      const bool exported = visible && (index == 0 || names_.contains({index, name}) || referenced.contains(i));
      const bool kept = exported || referenced.contains(i);
      plan.push_back({exported && index != 0 ? private_name(index, name) : name, kept, exported});
    }
    return plan;
  }

  void rewrite(size_t index, size_t bound) {
    auto& image = libraries_[index].image;
    const auto planned = plan(index);
    std::vector<std::string> references;
    for (const auto& relocation : image.relocations) references.push_back(planned[ELF64_R_SYM(relocation.r_info)].name);
    const size_t before = image.symbols.size();
    rewrite_symbols(image, planned);
    for (size_t i = 0; i < references.size(); ++i)
      if (image.name(image.symbols[ELF64_R_SYM(image.relocations[i].r_info)]) != references[i])
        image.refuse("after the edit, a relocation does not refer to " + references[i]);
    for (const auto& symbol : planned)
      if (symbol.exported && !defines(image, symbol.name, {}))
        image.refuse("after the edit, a look-up fails for " + symbol.name);
    std::cerr << image.path << ": " << bound << " references bound, " << image.symbols.size() << " of " << before
              << " symbols kept\n";
  }

  // What a library imports is found in the one that provides it, under the new name; the system's is as it was.
  void check(size_t index) const {
    const auto& image = libraries_[index].image;
    size_t import = 0;
    for (size_t i = 1; i < image.symbols.size(); ++i) {
      const std::string name(image.name(image.symbols[i]));
      if (is_defined(image.symbols[i])) {
        if (index != 0 && i >= image.gnu_hash.first_symbol && !is_private(name))
          image.refuse("after the edit, others can still find " + name);
        continue;
      }
      const auto& expected = imports_[index].at(import++);
      if (image.version(i) != expected.version || name != expected.new_name)
        image.refuse("after the edit, " + expected.name + " has become " + name + " " + image.version(i).name);
      if (expected.from && !defines(libraries_[*expected.from].image, name, expected.version))
        image.refuse("after the edit, needs " + name + ", which " + libraries_[*expected.from].image.path +
                     " does not define");
    }
    if (import != imports_[index].size()) image.refuse("after the edit, imports are missing");
  }

  std::vector<Library> libraries_;
  std::map<std::string, size_t> by_soname_;
  std::vector<std::vector<Import>> imports_;                     // in the order of the symbol table
  std::map<std::pair<size_t, std::string>, std::string> names_;  // the private name of a library's symbol
  std::set<std::string> taken_;
};

int run(const std::string& command, const std::vector<std::string>& paths) {
  if (command == "separate") {
    Set(paths).separate();
    return 0;
  }
  if (command == "exports" && paths.size() == 1) {
    const Image image(paths[0]);
    for (size_t i = image.gnu_hash.first_symbol; i < image.symbols.size(); ++i)
      if (is_defined(image.symbols[i])) std::cout << image.name(image.symbols[i]) << '\n';
    return 0;
  }
  std::cerr << "usage: elf-private separate LIBRARY PRIVATE... | exports LIBRARY\n";
  return 64;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc < 3 ? "" : argv[1], {argv + std::min(argc, 2), argv + argc});
  } catch (const std::exception& error) {
    std::cerr << "elf-private: " << error.what() << '\n';
    return 1;
  }
}
