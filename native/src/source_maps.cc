#include "source_maps.h"

#include <algorithm>
#include <iterator>

#include "isolate.h"
#include "scope.h"
#include "text.h"

namespace miniracer {
namespace {

// ---- The mappings' text: fields in base 64, segments separated by commas, lines by semicolons ----

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  // Gives each mapping to `take`. False where the text is malformed, at `position`.
  template <class Take>
  bool Read(int64_t source_count, Take&& take) {
    int64_t column = 0, source = 0, line = 0, source_column = 0, name = 0;
    uint32_t generated = 0;
    while (at_ < text_.size()) {
      char c = text_[at_];
      if (c == ';' || c == ',') {
        ++at_;
        if (c == ';') ++generated, column = 0;
        continue;
      }
      if (!Add(&column)) return false;
      SourceMap::Mapping mapping{generated, static_cast<uint32_t>(column), -1, 0, 0};
      if (!AtEnd()) {
        if (!Add(&source) || !Add(&line) || !Add(&source_column)) return false;
        if (source >= source_count) return false;
        if (!AtEnd() && !Add(&name)) return false;
        mapping.source = static_cast<int32_t>(source);
        mapping.source_line = static_cast<int32_t>(line);
        mapping.source_column = static_cast<int32_t>(source_column);
      }
      if (!AtEnd()) return false;
      take(mapping);
    }
    return true;
  }
  size_t position() const { return at_; }

 private:
  bool AtEnd() const { return at_ == text_.size() || text_[at_] == ',' || text_[at_] == ';'; }

  static int Digit(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
  }

  // One field: what is to be added to the one before it, the sign in its lowest bit.
  bool Add(int64_t* sum) {
    uint64_t value = 0;
    for (int shift = 0;; shift += 5) {
      int digit = at_ < text_.size() ? Digit(text_[at_]) : -1;
      if (digit < 0 || shift > 30) return false;
      ++at_;
      value |= static_cast<uint64_t>(digit & 31) << shift;
      if ((digit & 32) == 0) break;
    }
    auto magnitude = static_cast<int64_t>(value >> 1);
    *sum += (value & 1) != 0 ? -magnitude : magnitude;
    return *sum >= 0 && *sum <= INT32_MAX;
  }

  std::string_view text_;
  size_t at_ = 0;
};

bool StringsAndNulls(v8::Local<v8::Context> realm, v8::Local<v8::Value> value) {
  if (!value->IsArray()) return false;
  auto list = value.As<v8::Array>();
  for (uint32_t i = 0; i < list->Length(); ++i) {
    v8::Local<v8::Value> element;
    if (!list->Get(realm, i).ToLocal(&element) || (!element->IsString() && !element->IsNull())) return false;
  }
  return true;
}

}  // namespace

bool SourceMap::Read(v8::Isolate* v8, v8::Local<v8::Context> realm, v8::Local<v8::String> text, std::string* problem) {
  v8::TryCatch swallow(v8);
  auto wrong = [&](std::string what) {
    *problem = std::move(what);
    return false;
  };
  v8::Local<v8::Value> parsed;
  if (!v8::JSON::Parse(realm, text).ToLocal(&parsed) || !parsed->IsObject()) return wrong("no JSON object");
  auto object = parsed.As<v8::Object>();
  auto field = [&](std::string_view name) {
    v8::Local<v8::Value> value;
    if (!object->Get(realm, Ascii(v8, name)).ToLocal(&value)) value = v8::Undefined(v8);
    return value;
  };
  if (!field("sections")->IsUndefined()) return wrong("sections: index maps are not supported");
  v8::Local<v8::Value> version = field("version"), list = field("sources"), content = field("sourcesContent"),
                       prefix = field("sourceRoot"), encoded = field("mappings");
  if (!version->IsInt32() || version.As<v8::Int32>()->Value() != 3) return wrong("version: 3 is needed");
  if (!StringsAndNulls(realm, list)) return wrong("sources: a list of strings is needed");
  if (!content->IsNullOrUndefined() && !StringsAndNulls(realm, content)) {
    return wrong("sourcesContent: a list of strings is needed");
  }
  if (!prefix->IsNullOrUndefined() && !prefix->IsString()) return wrong("sourceRoot: a string is needed");
  if (!encoded->IsString()) return wrong("mappings: a string is needed");
  text_ = Utf8(v8, encoded);
  Reader reader(text_);
  if (!reader.Read(list.As<v8::Array>()->Length(), [](const Mapping&) {})) {
    return wrong("mappings: malformed at character " + std::to_string(reader.position()));
  }
  sources.Reset(v8, list.As<v8::Array>());
  if (content->IsArray()) contents.Reset(v8, content.As<v8::Array>());
  if (prefix->IsString() && prefix.As<v8::String>()->Length() != 0) {
    std::string before = Utf8(v8, prefix);
    auto slash = before.back() == '/' ? v8::String::Empty(v8) : Ascii(v8, "/");
    auto whole = v8::String::Concat(v8, prefix.As<v8::String>(), slash);
    if (whole.IsEmpty()) return wrong("sourceRoot: too long");
    root.Reset(v8, whole);
  }
  return true;
}

const SourceMap::Mapping* SourceMap::Find(uint32_t line, uint32_t column) {
  auto before = [](const Mapping& a, const Mapping& b) {
    return a.line != b.line ? a.line < b.line : a.column < b.column;
  };
  if (!text_.empty()) {
    mappings_.reserve(1 + static_cast<size_t>(
                              std::count_if(text_.begin(), text_.end(), [](char c) { return c == ',' || c == ';'; })));
    Reader(text_).Read(INT32_MAX, [&](const Mapping& one) { mappings_.push_back(one); });
    std::stable_sort(mappings_.begin(), mappings_.end(), before);
    mappings_.shrink_to_fit();
    text_ = std::string();
  }
  auto after = std::upper_bound(mappings_.begin(), mappings_.end(), Mapping{line, column, 0, 0, 0}, before);
  if (after == mappings_.begin()) return nullptr;
  const Mapping& found = *(after - 1);
  return found.line == line && found.source >= 0 ? &found : nullptr;
}

void SourceMaps::Put(const std::string& name, SourceMap map) {
  constexpr size_t kMost = 10'000;
  Remove(name);
  if (maps_.size() == kMost) {
    by_name_.erase(maps_.front().name);
    maps_.pop_front();
  }
  maps_.push_back({name, std::move(map)});
  by_name_.emplace(maps_.back().name, std::prev(maps_.end()));
}

void SourceMaps::Remove(const std::string& name) {
  auto found = by_name_.find(name);
  if (found == by_name_.end()) return;
  auto place = found->second;
  by_name_.erase(found);
  maps_.erase(place);
}

SourceMap* SourceMaps::Find(const std::string& name) {
  auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &found->second->map;
}

namespace {

// Those that count for a place; null in a context that was disposed of, or is the library's own.
SourceMaps* MapsOf(Scope& scope) {
  ContextEntry* entry = scope.thrown_in != nullptr ? scope.thrown_in : ContextEntry::Of(scope.Context());
  return entry != nullptr ? &entry->source_maps : nullptr;
}

}  // namespace

miniracer_status RegisterSourceMap(Scope& scope, v8::Local<v8::String> name, v8::Local<v8::String> text, int line,
                                   int column) {
  v8::HandleScope handles(scope.v8);
  v8::Local<v8::Context> realm = HiddenRealm(scope.isolate);
  if (realm.IsEmpty()) return scope.Fail(MINIRACER_OUT_OF_MEMORY, "V8 has no room to read the source map in");
  SourceMap map;
  std::string problem;
  if (!map.Read(scope.v8, realm, text, &problem)) {
    return scope.Fail(MINIRACER_INVALID_ARGUMENT, "source_map: " + problem);
  }
  map.first_line = line;
  map.first_column = column;
  if (SourceMaps* maps = MapsOf(scope)) maps->Put(Utf8(scope.v8, name), std::move(map));
  return MINIRACER_OK;
}

void ForgetSourceMap(Scope& scope, v8::Local<v8::String> name) {
  SourceMaps* maps = MapsOf(scope);
  if (maps != nullptr && !maps->empty()) maps->Remove(Utf8(scope.v8, name));
}

// ---- Looking up ----

namespace {

const SourceMap::Mapping* Find(Scope& scope, v8::Local<v8::Value> file, int line, int column, SourceMap** map) {
  SourceMaps* maps = MapsOf(scope);
  if (maps == nullptr || maps->empty() || file.IsEmpty() || !file->IsString() || line < 1 || column < 1) return nullptr;
  *map = maps->Find(Utf8(scope.v8, file));
  if (*map == nullptr) return nullptr;
  line -= 1 + (*map)->first_line;
  column -= line == 0 ? 1 + (*map)->first_column : 1;
  return line < 0 || column < 0 ? nullptr : (*map)->Find(static_cast<uint32_t>(line), static_cast<uint32_t>(column));
}

// An element of one of the lists, where it is a string.
v8::Local<v8::String> Element(Scope& scope, const v8::Global<v8::Array>& list, int32_t index) {
  v8::Local<v8::Value> element;
  if (list.IsEmpty()) return {};
  bool there = list.Get(scope.v8)->Get(HiddenRealm(scope.isolate), static_cast<uint32_t>(index)).ToLocal(&element);
  return there && element->IsString() ? element.As<v8::String>() : v8::Local<v8::String>();
}

}  // namespace

bool FindSource(Scope& scope, v8::Local<v8::Value> file, int line, int column, SourcePlace* place) {
  SourceMap* map;
  const SourceMap::Mapping* mapping = Find(scope, file, line, column, &map);
  if (mapping == nullptr) return false;
  place->file = Element(scope, map->sources, mapping->source);
  if (!place->file.IsEmpty() && !map->root.IsEmpty()) {
    place->file = v8::String::Concat(scope.v8, map->root.Get(scope.v8), place->file);
  }
  place->line = mapping->source_line + 1;
  place->column = mapping->source_column + 1;
  return !place->file.IsEmpty();
}

v8::Local<v8::String> FindSourceLine(Scope& scope, v8::Local<v8::Value> file, int line, int column) {
  SourceMap* map;
  const SourceMap::Mapping* mapping = Find(scope, file, line, column, &map);
  if (mapping == nullptr) return {};
  v8::Local<v8::String> content = Element(scope, map->contents, mapping->source), found;
  if (content.IsEmpty()) return {};
  v8::String::Value text(scope.v8, content);
  const uint16_t *at = *text, *end = at + text.length();
  auto is_end = [](uint16_t c) { return c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029; };
  for (int32_t left = mapping->source_line; left > 0; --left) {
    at = std::find_if(at, end, is_end);
    if (at == end) return {};
    at += *at == '\r' && at + 1 != end && at[1] == '\n' ? 2 : 1;
  }
  auto length = static_cast<int>(std::find_if(at, end, is_end) - at);
  if (!v8::String::NewFromTwoByte(scope.v8, at, v8::NewStringType::kNormal, length).ToLocal(&found)) return {};
  return found;
}

}  // namespace miniracer
