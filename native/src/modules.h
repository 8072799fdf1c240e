// ES modules of one context: which module is there by which URL, and the imports that are under way (ECMA-262 16.2.1).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "memory.h"
#include "miniracer.h"
#include "scope.h"

namespace miniracer {

class Files;

constexpr size_t kLongestShown = 1000;  // code units of a name, in errors

// `import ... from "specifier" with { type: "..." }` as it stands somewhere.
struct ModuleRequest {
  std::u16string specifier;
  std::u16string type;                     // the attribute of that name
  std::vector<std::u16string> attributes;  // all: key and value in turn
  int line = 0;                            // where it stands, from 1; 0: unknown
  int column = 0;
  bool require = false;  // it is no import but `require`
  bool located = false;  // the rest counts
  std::u16string url;
  bool by_host = false;  // the host's `resolve` named it
  bool dynamic = false;  // it is import(...) in guest code: see Modules::Recall

  // What its texts take, as they are kept for a module: once as they are, once in a key.
  uint64_t bytes() const;
};

// A module in the map. Without `module` it is being loaded, or it is a CommonJS module that has not run yet.
struct ModuleEntry {
  enum class State { kLoading, kLoaded, kFailed };
  std::u16string url;
  State state = State::kLoading;
  bool commonjs = false;
  miniracer_status ended = MINIRACER_OK;  // why its evaluation was ended, if it was
  bool measured = false;
  uint32_t waiting = 0;  // once it is measured: see Modules::Waiting
  v8::Global<v8::Module> module;
  v8::Global<v8::Promise> loading;  // what `load` promised
  v8::Global<v8::Value> error;      // why it failed
  std::vector<ModuleRequest> requests;
  std::map<std::pair<std::u16string, std::u16string>, size_t> request_index;   // by specifier and type
  std::map<std::pair<std::u16string, std::u16string>, ModuleRequest> dynamic;  // what import(...) in it meant, likewise
  std::vector<std::pair<std::u16string, v8::Global<v8::Value>>> exports;       // of a synthetic module
  std::vector<uint32_t> waiters;                                               // graphs that wait until it is loaded
  ModuleRequest asked;                                                         // who wanted it first
  std::u16string referrer;
  Held held;  // the texts
};

// A module's URL that `resolve` has promised.
struct ModuleNaming {
  uint32_t id = 0;
  ModuleRequest request;  // who asked first
  std::u16string referrer;
  bool dynamic = false;  // it counts among Modules::dynamic_namings_
  v8::Global<v8::Promise> promise;
  std::vector<uint32_t> waiters;  // graphs
  Held held;                      // the texts
};

// One import: all that it needs is loaded, then linked, then evaluated.
struct ModuleGraph {
  uint32_t id = 0;
  std::shared_ptr<ModuleEntry> root;  // null until it has a name
  v8::Global<v8::Promise::Resolver> resolver;
  v8::Global<v8::Value> error;  // of a graph without resolver
  std::vector<std::shared_ptr<ModuleEntry>> todo;
  std::set<std::shared_ptr<ModuleEntry>> seen;
  uint32_t pending = 0;
  v8::Global<v8::Promise> evaluation;
  bool idle = false;  // to be linked and evaluated by the next microtask: see Modules::Queue
  bool advancing = false;
  bool done = false;
  miniracer_status ended = MINIRACER_OK;  // why the run was ended that it was at work in: the next one rejects it
  std::u16string name;                    // what is imported, for people
  uint64_t run = 0;  // the number of the outermost run of which a promise reaction began it; 0: none did

  // Guests have as many imports under way as they like, of one long name.
  void Call(const std::u16string& what) { name = what.substr(0, kLongestShown); }

  // A module that it needs; the first is its root.
  void Add(const std::shared_ptr<ModuleEntry>& entry) {
    if (root == nullptr) {
      root = entry;
      Call(entry->url);
    }
    if (seen.insert(entry).second) todo.push_back(entry);
  }
};

// Held by a shared pointer by whoever is at work in it: the host may dispose of the context meanwhile.
class Modules : public std::enable_shared_from_this<Modules> {
 public:
  ~Modules();

  // Those of a context, made when first asked for.
  static std::shared_ptr<Modules> Of(ContextEntry& entry);

  void SetLoader(v8::Global<v8::Function> resolve, v8::Global<v8::Function> load, v8::Global<v8::Function> meta,
                 std::shared_ptr<Files> files);

  // import(request) in a script of that name. Never throws: what goes wrong rejects the promise.
  v8::Local<v8::Promise> Import(Scope& scope, ModuleRequest request, const std::u16string& referrer);

  // A module whose text is here. SYNTAX_ERROR leaves the exception to the caller's TryCatch.
  miniracer_status Evaluate(Scope& scope, const miniracer_script& script, v8::Local<v8::Promise>* promise);

  // The namespace of a module that loads and runs without waiting for anything, for `require`. Throws.
  v8::MaybeLocal<v8::Value> RequireModule(Scope& scope, const ModuleRequest& request, const std::u16string& referrer);

  // The module's URL, for `require` and import.meta.resolve, which cannot wait for it. Throws.
  bool Locate(Scope& scope, ModuleRequest& request, const std::u16string& referrer);

  // Has import(...) in a module give what the same specifier and type gave there before, if that is still there (ECMA-262
  // HostLoadImportedModule).
  void Recall(ModuleRequest& request, const std::u16string& referrer);

  // What V8 asks for.
  v8::MaybeLocal<v8::Module> Linked(v8::Local<v8::Module> referrer, const std::u16string& specifier,
                                    const std::u16string& type);
  void FillMeta(Scope& scope, v8::Local<v8::Module> module, v8::Local<v8::Object> meta);
  v8::MaybeLocal<v8::Value> EvaluateSynthetic(Scope& scope, v8::Local<v8::Module> module);

  // Has all that waits for a microtask, in any of the isolate's contexts, have it again: a run that is ended takes those that
  // are queued along.
  static void GoOn(Isolate& isolate);
  // Forgets what promise reactions began to import in this run, which was ended: they went with it, and no later run is to
  // be held up by a loop of them.
  void EndWith(uint64_t run);
  bool importing() const { return !graphs_.empty() || !awaited_.empty() || !namings_.empty(); }

  // Promise reactions: a graph has been loaded, a graph's root has been evaluated, a module's source text or name has come.
  void GraphLoaded(Scope& scope, uint32_t graph);
  void GraphEvaluated(Scope& scope, uint32_t graph, bool fulfilled, v8::Local<v8::Value> value);
  void SourceCame(Scope& scope, uint32_t entry, bool fulfilled, v8::Local<v8::Value> value);
  void NameCame(Scope& scope, uint32_t naming, bool fulfilled, v8::Local<v8::Value> value);

  const std::shared_ptr<Files>& files() const { return files_; }
  // Whether `require`, where it has just located this URL, got it from the host's `resolve`: the host's `load` has it.
  bool IsOfHost(const std::u16string& url) const { return of_host_ == url; }

 private:
  using Graph = std::shared_ptr<ModuleGraph>;
  using Entry = std::shared_ptr<ModuleEntry>;
  using Naming = std::shared_ptr<ModuleNaming>;
  using Exports = decltype(ModuleEntry::exports);
  using Key = std::pair<std::u16string, std::u16string>;  // URL and type

  bool Ask(Scope& scope, const ModuleRequest& request, const std::u16string& referrer, v8::Local<v8::Value>* answer);
  bool Name(Scope& scope, ModuleRequest& request, const std::u16string& referrer, v8::Local<v8::Value> answer);
  // The module's URL, or who will tell it. Throws.
  bool Locate(Scope& scope, ModuleRequest& request, const std::u16string& referrer, Naming* later);
  Naming NewNaming(Scope& scope, const ModuleRequest& request, const std::u16string& referrer,
                   v8::Local<v8::Promise> promise);
  void Forget(const ModuleNaming& naming);
  void Await(Scope& scope, const Naming& naming, ModuleGraph& graph);
  void Remember(const ModuleRequest& request, const std::u16string& referrer);

  // Counts the texts as the guest's. Throws where there is no room for them.
  static bool Hold(Scope& scope, Held& held, uint64_t bytes, const ModuleRequest& request,
                   const std::u16string& referrer);
  Graph NewGraph(Scope& scope, v8::Local<v8::Promise::Resolver> resolver, const Entry& root);
  // Why there is no room for another one; empty where there is.
  std::string TooMany(Scope& scope) const;
  Entry Fetch(Scope& scope, const ModuleRequest& request, const std::u16string& referrer);
  v8::MaybeLocal<v8::Value> Load(Scope& scope, ModuleEntry& entry);
  bool Take(Scope& scope, const Entry& entry, v8::Local<v8::Value> loaded);
  void TakeSettled(Scope& scope, const Entry& entry);
  bool Define(Scope& scope, const Entry& entry, v8::Local<v8::Value> loaded);
  bool KeepSourceMap(Scope& scope, const ModuleEntry& entry, v8::Local<v8::String> map, int line, int column);
  bool DefineText(Scope& scope, const Entry& entry, v8::Local<v8::String> source, int line, int column);
  bool DefineJson(Scope& scope, const Entry& entry, v8::Local<v8::String> source);
  bool DefineExports(Scope& scope, const Entry& entry, v8::Local<v8::Object> exports);
  bool DefineFile(Scope& scope, const Entry& entry);
  bool CollectExports(Scope& scope, v8::Local<v8::Object> object, bool commonjs, Exports* exported);
  void MakeSynthetic(Scope& scope, ModuleEntry& entry);
  void Keep(Scope& scope, ModuleEntry& entry, v8::Local<v8::Module> module);
  void SourceCame(Scope& scope, const Entry& entry, bool fulfilled, v8::Local<v8::Value> value);
  void Loaded(Scope& scope, const Entry& entry);
  void Drop(Scope& scope, const Entry& entry, const v8::TryCatch& caught);

  void Advance(Scope& scope, const Graph& graph);
  void Queue(Scope& scope, ModuleGraph& graph);
  void GoOn(Scope& scope);
  void End(Scope& scope, ModuleGraph& graph);
  bool MarkEnded(Scope& scope, ModuleEntry& root, miniracer_status why);
  void RejectEnded(Scope& scope, ModuleGraph& graph);
  void Fail(Scope& scope, const Graph& graph, const v8::TryCatch& caught);
  std::vector<ModuleEntry*> Members(ModuleEntry& root);
  static bool IsLinked(Scope& scope, const ModuleEntry& entry);
  bool Link(Scope& scope, ModuleEntry& root);
  bool RunCommonJs(Scope& scope, ModuleEntry& entry);
  // Empty where it threw or the run is ending.
  v8::MaybeLocal<v8::Promise> Run(Scope& scope, ModuleEntry& root);
  bool CanRun(ModuleEntry& root);
  uint32_t Waiting(Scope& scope, ModuleEntry& root);

  ModuleEntry* Find(const Key& key);
  ModuleEntry* Find(v8::Local<v8::Module> module);

  v8::Global<v8::Function> resolve_, load_, meta_;
  std::shared_ptr<Files> files_;
  std::optional<std::u16string> of_host_;
  std::map<Key, Entry> entries_;
  std::unordered_multimap<int, ModuleEntry*> by_hash_;  // V8's module to ours, which stays from then on
  std::unordered_map<uint32_t, Graph> graphs_;
  std::unordered_map<uint32_t, Entry> awaited_;
  std::unordered_map<uint32_t, Naming> namings_;
  std::map<std::tuple<std::u16string, std::u16string, std::u16string>, uint32_t>
      naming_index_;  // referrer, specifier, type
  uint32_t dynamic_namings_ = 0;
  size_t remembered_ = 0;  // what that takes: see Modules::Remember
  uint32_t last_id_ = 0;
  uint32_t running_ = 0;            // evaluations on the stack
  std::vector<uint32_t> deferred_;  // graphs that meet one of those
  bool any_ended_ = false;
  bool any_commonjs_ = false;
};

// Has V8 ask us.
void SetModuleHooks(v8::Isolate* v8);

miniracer_status SetModuleLoader(Scope& scope, const miniracer_module_loader& loader);
miniracer_status SetFileLoader(Scope& scope, const miniracer_file_loader& loader);
miniracer_status ImportModule(Scope& scope, const miniracer_value& specifier, const miniracer_value* referrer,
                              miniracer_value* result);
miniracer_status EvaluateModule(Scope& scope, const miniracer_script& script, miniracer_value* result);

}  // namespace miniracer
