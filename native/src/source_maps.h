// Source maps (ECMA-426): where in the sources something is that was compiled from them.
#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "miniracer.h"
#include "v8_compat.h"

namespace miniracer {

struct Scope;

// The map of one script.
class SourceMap {
 public:
  // Reads a map, all of it but for the mappings' meaning. False: `problem` says what is wrong.
  bool Read(v8::Isolate* v8, v8::Local<v8::Context> realm, v8::Local<v8::String> text, std::string* problem);

  struct Mapping {
    uint32_t line;  // of the script; all count from 0
    uint32_t column;
    int32_t source;  // -1: none
    int32_t source_line;
    int32_t source_column;
  };
  // Null where nothing is known of the place.
  const Mapping* Find(uint32_t line, uint32_t column);

  v8::Global<v8::Array> sources;   // of the realm's, strings and nulls
  v8::Global<v8::Array> contents;  // likewise; empty: not given
  v8::Global<v8::String> root;     // before each source; empty: nothing
  int first_line = 0;              // where the script begins, from 0
  int first_column = 0;

 private:
  std::string text_;  // the mappings, until they are looked at
  std::vector<Mapping> mappings_;
};

// Those of a context by the script's name: the newest 10,000, as the header says.
class SourceMaps {
 public:
  void Put(const std::string& name, SourceMap map);
  void Remove(const std::string& name);
  SourceMap* Find(const std::string& name);
  bool empty() const { return maps_.empty(); }

 private:
  struct Named {
    std::string name;
    SourceMap map;
  };
  std::list<Named> maps_;  // the oldest first
  std::unordered_map<std::string_view, std::list<Named>::iterator> by_name_;
};

// Has errors in the context's script of that name tell of its sources; replaces the map that it had. `line` and `column`: where the
// script begins, from 0. INVALID_ARGUMENT: the record says what is wrong with the map.
miniracer_status RegisterSourceMap(Scope& scope, v8::Local<v8::String> name, v8::Local<v8::String> text, int line = 0,
                                   int column = 0);
// A script of that name comes without a map.
void ForgetSourceMap(Scope& scope, v8::Local<v8::String> name);

struct SourcePlace {
  v8::Local<v8::String> file;
  int line;    // from 1
  int column;  // from 1
};

// Where a place, counted from 1, comes from. False: it is what it is.
bool FindSource(Scope& scope, v8::Local<v8::Value> file, int line, int column, SourcePlace* place);
// The text of that line; empty where it is not known.
v8::Local<v8::String> FindSourceLine(Scope& scope, v8::Local<v8::Value> file, int line, int column);

}  // namespace miniracer
