#include <algorithm>
#include <bit>
#include <set>

#include "elf_edit.h"

namespace {

// A string table in which a name that ends another one shares its text, as linkers make them.
class Strings {
 public:
  void add(std::string_view name) { offsets_.emplace(name, 0); }

  // The text; offset() is valid from then on.
  std::string lay_out() {
    std::vector<std::string_view> names;
    for (const auto& entry : offsets_) names.push_back(entry.first);
    // Sorted by their ends: whatever ends with a name follows it at once.
    std::ranges::sort(
        names, [](auto a, auto b) { return std::lexicographical_compare(a.rbegin(), a.rend(), b.rbegin(), b.rend()); });
    std::string text(1, '\0'), last;
    for (auto name = names.rbegin(); name != names.rend(); ++name) {
      if (!last.ends_with(*name)) {
        last = *name;
        text.append(last).push_back('\0');
      }
      if (!name->empty()) offsets_.find(*name)->second = text.size() - 1 - name->size();
    }
    return text;
  }

  uint64_t offset(std::string_view name) const { return offsets_.find(name)->second; }

 private:
  std::map<std::string, uint64_t, std::less<>> offsets_;
};

bool names_a_string(const Image& image, int64_t tag) {
  constexpr int64_t kUnknown[] = {DT_AUXILIARY, DT_FILTER, DT_CONFIG, DT_DEPAUDIT, DT_AUDIT};
  if (std::ranges::find(kUnknown, tag) != std::end(kUnknown))
    image.refuse("has a dynamic tag that is not known here: " + std::to_string(tag));
  return tag == DT_NEEDED || tag == DT_SONAME || tag == DT_RPATH || tag == DT_RUNPATH;
}

// Copies the new contents over the old and fills up with zeros; the section, if there is one, gets the new size.
template <typename T>
void replace(Image& image, std::span<T> old, std::span<const T> contents, uint32_t section_type, int64_t tag) {
  if (contents.size() > old.size()) image.refuse("has no room for its new symbol tables");
  std::ranges::copy(contents, old.begin());
  std::ranges::fill(old.subspan(contents.size()), T{});
  if (auto* section = image.section(section_type, image.tag(tag))) section->sh_size = contents.size_bytes();
}

// The table for symbols of which those from `first` on can be found; sorts these by bucket, as the format demands.
std::vector<uint32_t> make_gnu_hash(const GnuHash& old, const std::vector<Planned>& plan, std::vector<uint32_t>& order,
                                    size_t first) {
  const auto count = static_cast<uint32_t>(order.size() - first);
  const auto bucket_count = std::clamp(count / 4, 1u, static_cast<uint32_t>(old.buckets.size()));
  const auto bloom_size = std::min(std::bit_ceil(count / 5 + 1), static_cast<uint32_t>(old.bloom.size()));
  auto hash_of = [&](uint32_t symbol) { return GnuHash::hash(plan[symbol].name); };
  std::ranges::stable_sort(order.begin() + static_cast<std::ptrdiff_t>(first), order.end(), {},
                           [&](uint32_t symbol) { return hash_of(symbol) % bucket_count; });

  std::vector<uint64_t> bloom(bloom_size);
  std::vector<uint32_t> buckets(bucket_count), chain(count);
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t hash = hash_of(order[first + i]), bucket = hash % bucket_count;
    bloom[(hash / 64) % bloom_size] |= uint64_t{1} << (hash % 64) | uint64_t{1} << ((hash >> old.bloom_shift) % 64);
    if (buckets[bucket] == 0) buckets[bucket] = static_cast<uint32_t>(first + i);
    const bool last = i + 1 == count || hash_of(order[first + i + 1]) % bucket_count != bucket;
    chain[i] = last ? hash | 1 : hash & ~1u;
  }
  std::vector<uint32_t> words{bucket_count, static_cast<uint32_t>(first), bloom_size, old.bloom_shift};
  for (uint64_t word : bloom)
    words.insert(words.end(), {static_cast<uint32_t>(word), static_cast<uint32_t>(word >> 32)});
  words.insert(words.end(), buckets.begin(), buckets.end());
  words.insert(words.end(), chain.begin(), chain.end());
  return words;
}

}  // namespace

void rewrite_symbols(Image& image, const std::vector<Planned>& plan) {
  std::vector<uint32_t> order;
  for (uint32_t i = 0; i < plan.size(); ++i)
    if (plan[i].kept && !plan[i].exported) order.push_back(i);
  const size_t first = order.size();
  for (uint32_t i = 0; i < plan.size(); ++i)
    if (plan[i].kept && plan[i].exported) order.push_back(i);
  const auto hash = make_gnu_hash(image.gnu_hash, plan, order, first);

  Strings strings;
  for (uint32_t i : order) strings.add(plan[i].name);
  for (const auto* reference : image.version_strings) strings.add(image.string(*reference));
  for (const auto& entry : image.dynamic)
    if (names_a_string(image, entry.d_tag)) strings.add(image.string(entry.d_un.d_val));
  const std::string text = strings.lay_out();
  for (auto* reference : image.version_strings)
    *reference = static_cast<uint32_t>(strings.offset(image.string(*reference)));
  for (auto& entry : image.dynamic)
    if (names_a_string(image, entry.d_tag)) entry.d_un.d_val = strings.offset(image.string(entry.d_un.d_val));

  std::vector<uint32_t> moved_to(plan.size());
  std::vector<Elf64_Sym> symbols;
  std::vector<uint16_t> versions;
  for (uint32_t i : order) {
    moved_to[i] = static_cast<uint32_t>(symbols.size());
    symbols.push_back(image.symbols[i]);
    symbols.back().st_name = static_cast<uint32_t>(strings.offset(plan[i].name));
    if (!image.versions.empty()) versions.push_back(image.versions[i]);
  }
  for (auto& relocation : image.relocations) {
    const auto symbol = ELF64_R_SYM(relocation.r_info);
    if (!plan[symbol].kept) image.refuse("a relocation refers to a symbol that is not kept");
    relocation.r_info = ELF64_R_INFO(uint64_t{moved_to[symbol]}, ELF64_R_TYPE(relocation.r_info));
  }
  if (auto* section = image.section(SHT_DYNSYM, image.tag(DT_SYMTAB)))
    section->sh_info = static_cast<uint32_t>(
        std::ranges::find_if(symbols, [](const auto& symbol) { return binding(symbol) != STB_LOCAL; }) -
        symbols.begin());

  replace<Elf64_Sym>(image, image.symbols, symbols, SHT_DYNSYM, DT_SYMTAB);
  if (!image.versions.empty()) replace<uint16_t>(image, image.versions, versions, SHT_GNU_versym, DT_VERSYM);
  replace<uint32_t>(image, image.gnu_hash.words, hash, SHT_GNU_HASH, DT_GNU_HASH);
  replace<char>(image, image.strings, text, SHT_STRTAB, DT_STRTAB);
  image.set_tag(DT_STRSZ, text.size());
  image.read();
}
