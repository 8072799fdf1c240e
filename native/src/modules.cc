#include "modules.h"

#include <algorithm>

#include "files.h"
#include "host_calls.h"
#include "import_places.h"
#include "module_hooks.h"
#include "realm.h"
#include "text.h"
#include "values.h"

namespace miniracer {

Modules::~Modules() = default;

std::shared_ptr<Modules> Modules::Of(ContextEntry& entry) {
  if (entry.modules == nullptr) entry.modules = std::make_shared<Modules>();
  return entry.modules;
}

void Modules::SetLoader(v8::Global<v8::Function> resolve, v8::Global<v8::Function> load, v8::Global<v8::Function> meta,
                        std::shared_ptr<Files> files) {
  resolve_ = std::move(resolve);
  load_ = std::move(load);
  meta_ = std::move(meta);
  files_ = std::move(files);
  naming_index_.clear();  // what is asked from now on is asked of this one
}

ModuleEntry* Modules::Find(const Key& key) {
  auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : found->second.get();
}

ModuleEntry* Modules::Find(v8::Local<v8::Module> module) {
  auto [begin, end] = by_hash_.equal_range(module->GetIdentityHash());
  for (auto at = begin; at != end; ++at) {
    if (at->second->module == module) return at->second;
  }
  return nullptr;
}

namespace {

// V8 passes the rejection of a top-level await on to those who wait for it by recursion, some hundred bytes of stack each,
// and does not look whether there is room. Threads may have as little as 256 KiB.
constexpr uint32_t kMostWaiting = 1000;

}  // namespace

// ---- From a URL to a module ----

uint64_t ModuleRequest::bytes() const {
  constexpr uint64_t kEach = 512;  // the entries and nodes around them
  uint64_t units = specifier.size() + type.size() + url.size();
  for (const std::u16string& attribute : attributes) units += attribute.size();
  return kEach + 2 * sizeof(char16_t) * units;
}

bool Modules::Hold(Scope& scope, Held& held, uint64_t bytes, const ModuleRequest& request,
                   const std::u16string& referrer) {
  if (held.Add(scope.isolate.shared_memory(), bytes)) return true;
  std::string problem =
      ImportProblem(request, referrer, "its name is too long for the memory that the isolate may have");
  ThrowAtImport(scope, v8::Exception::RangeError(FromUtf8(scope.v8, problem)), request, referrer);
  return false;
}

std::string Modules::TooMany(Scope& scope) const {
  if (entries_.size() < scope.isolate.caps.modules) return {};
  return "the context has " + std::to_string(entries_.size()) + " modules, as many as it may";
}

Modules::Entry Modules::Fetch(Scope& scope, const ModuleRequest& request, const std::u16string& referrer) {
  Key key{request.url, request.type};
  if (auto found = entries_.find(key); found != entries_.end()) return found->second;
  if (std::string why = TooMany(scope); !why.empty()) {
    ThrowImportProblem(scope, request, referrer, why);
    return nullptr;
  }
  auto entry = std::make_shared<ModuleEntry>();
  uint64_t bytes = request.bytes() + sizeof(char16_t) * (request.url.size() + referrer.size());
  if (!Hold(scope, entry->held, bytes, request, referrer)) return nullptr;
  entry->url = request.url;
  entry->asked = request;
  entry->referrer = referrer;
  entries_[key] = entry;
  v8::TryCatch caught(scope.v8);
  v8::Local<v8::Value> loaded;
  bool by_files = files_ != nullptr && (!request.by_host || load_.IsEmpty());
  bool done = by_files ? DefineFile(scope, entry) : Load(scope, *entry).ToLocal(&loaded) && Take(scope, entry, loaded);
  if (done) return entry;
  if (Threw(caught)) SetImportPlace(scope, caught.Exception(), request, referrer);
  Drop(scope, entry, caught);
  if (!caught.HasTerminated()) caught.ReThrow();
  return nullptr;
}

v8::MaybeLocal<v8::Value> Modules::Load(Scope& scope, ModuleEntry& entry) {
  if (load_.IsEmpty()) {
    ThrowImportProblem(scope, entry.asked, entry.referrer, "the context has no module loader");
    return {};
  }
  v8::Local<v8::Value> arguments[] = {FromUnits(scope.v8, entry.url), AttributesObject(scope, entry.asked)};
  return load_.Get(scope.v8)->Call(scope.context, v8::Undefined(scope.v8), 2, arguments);
}

// What `load` gave: a module, or a promise of one.
bool Modules::Take(Scope& scope, const Entry& entry, v8::Local<v8::Value> loaded) {
  if (!loaded->IsPromise()) return Define(scope, entry, loaded);
  auto promise = loaded.As<v8::Promise>();
  if (promise->State() == v8::Promise::kFulfilled) return Define(scope, entry, promise->Result());
  entry->loading.Reset(scope.v8, promise);
  awaited_[++last_id_] = entry;
  WhenSettled(scope, promise, Reaction::kSourceCame, last_id_);
  return true;
}

// The reaction to a promise that is settled is dropped with the run that it would have been part of, where that was ended.
// Whoever asks for the module later must not wait for it.
void Modules::TakeSettled(Scope& scope, const Entry& entry) {
  if (entry->state != ModuleEntry::State::kLoading || entry->loading.IsEmpty()) return;
  v8::Local<v8::Promise> promise = entry->loading.Get(scope.v8);
  if (promise->State() == v8::Promise::kPending) return;
  SourceCame(scope, entry, promise->State() == v8::Promise::kFulfilled, promise->Result());
}

void Modules::SourceCame(Scope& scope, uint32_t id, bool fulfilled, v8::Local<v8::Value> value) {
  auto found = awaited_.find(id);
  if (found == awaited_.end() || PutOff(scope)) return;
  Entry entry = found->second;
  awaited_.erase(found);
  SourceCame(scope, entry, fulfilled, value);
}

void Modules::SourceCame(Scope& scope, const Entry& entry, bool fulfilled, v8::Local<v8::Value> value) {
  if (entry->state != ModuleEntry::State::kLoading) return;
  entry->loading.Reset();
  v8::TryCatch caught(scope.v8);
  if (fulfilled && Define(scope, entry, value)) return;
  if (!fulfilled) {
    SetImportPlace(scope, value, entry->asked, entry->referrer);
    scope.v8->ThrowException(value);
  }
  Drop(scope, entry, caught);
}

// The module is there: those who wait for it go on.
void Modules::Loaded(Scope& scope, const Entry& entry) {
  entry->state = ModuleEntry::State::kLoaded;
  for (uint32_t id : std::exchange(entry->waiters, {})) {
    auto found = graphs_.find(id);
    if (found == graphs_.end()) continue;
    Graph graph = found->second;
    --graph->pending;
    graph->todo.push_back(entry);
    Advance(scope, graph);
  }
}

// It is not, and a later import may try again.
void Modules::Drop(Scope& scope, const Entry& entry, const v8::TryCatch& caught) {
  if (entry->state == ModuleEntry::State::kLoaded) return;  // and what failed came after
  entry->state = ModuleEntry::State::kFailed;
  if (Threw(caught)) {
    entry->error.Reset(scope.v8, caught.Exception());
  } else {
    entry->ended = WhyEnding(scope);
  }
  auto found = entries_.find({entry->asked.url, entry->asked.type});
  if (found != entries_.end() && found->second == entry) entries_.erase(found);
  for (uint32_t id : std::exchange(entry->waiters, {})) {
    auto waiting = graphs_.find(id);
    if (waiting != graphs_.end()) Fail(scope, Graph(waiting->second), caught);
  }
}

// ---- Graphs ----

Modules::Graph Modules::NewGraph(Scope& scope, v8::Local<v8::Promise::Resolver> resolver, const Entry& root) {
  auto graph = std::make_shared<ModuleGraph>();
  graph->id = ++last_id_;
  if (!resolver.IsEmpty()) graph->resolver.Reset(scope.v8, resolver);
  if (root != nullptr) graph->Add(root);
  graphs_[graph->id] = graph;
  return graph;
}

v8::Local<v8::Promise> Modules::Import(Scope& scope, ModuleRequest request, const std::u16string& referrer) {
  v8::Local<v8::Promise::Resolver> resolver;
  if (!v8::Promise::Resolver::New(scope.context).ToLocal(&resolver)) throw std::bad_alloc();
  v8::TryCatch caught(scope.v8);
  Entry root;
  Naming later;
  std::string problem = RequestProblem(request);
  if (!problem.empty()) ThrowImportTypeError(scope, request, referrer, problem);
  bool well = problem.empty() && Locate(scope, request, referrer, &later);
  if (well && later == nullptr) root = Fetch(scope, request, referrer);
  Graph graph = NewGraph(scope, resolver, root);
  // Modules run in microtasks, too, but each only once.
  bool reaction =
      request.dynamic && scope.isolate.evaluating == nullptr && v8::MicrotasksScope::IsRunningMicrotasks(scope.v8);
  if (reaction) graph->run = scope.isolate.limits.run_number();
  if (root != nullptr) {
    Advance(scope, graph);
  } else {
    graph->Call(request.specifier);
    if (later != nullptr) Await(scope, later, *graph);
    if (later == nullptr) Fail(scope, graph, caught);
  }
  return resolver->GetPromise();
}

// Looks at all that is there, and asks for what it imports. A list and no recursion: graphs may be deep.
void Modules::Advance(Scope& scope, const Graph& graph) {
  if (graph->advancing || graph->done) return;
  struct Advancing {  // also where there is no memory
    explicit Advancing(bool* on) : flag(on) { *flag = true; }
    ~Advancing() { *flag = false; }
    bool* const flag;
  };
  v8::TryCatch caught(scope.v8);
  bool well = true;
  for (Advancing now(&graph->advancing); well && !graph->done && !graph->todo.empty();) {
    Entry entry = graph->todo.back();
    graph->todo.pop_back();
    TakeSettled(scope, entry);
    if (entry->state == ModuleEntry::State::kLoading) {
      entry->waiters.push_back(graph->id);
      ++graph->pending;
    } else if (entry->state == ModuleEntry::State::kFailed) {
      scope.v8->ThrowException(entry->error.IsEmpty() ? EndedError(scope, "loading", entry->url, entry->ended)
                                                      : entry->error.Get(scope.v8));
      well = false;
    }
    if (IsLinked(scope, *entry)) continue;  // and so is all that it needs
    // Last come, first served: so the first import is the first to be looked at.
    size_t first = graph->todo.size();
    for (size_t i = 0; well && i < entry->requests.size(); ++i) {
      v8::HandleScope handles(scope.v8);
      ModuleRequest& request = entry->requests[i];
      Naming later;
      well = Locate(scope, request, entry->url, &later);
      Entry child = well && later == nullptr ? Fetch(scope, request, entry->url) : nullptr;
      if (later != nullptr) {
        Await(scope, later, *graph);
      } else if (child != nullptr) {
        graph->Add(child);
      } else {
        well = false;
      }
    }
    if (first < graph->todo.size())
      std::reverse(graph->todo.begin() + static_cast<ptrdiff_t>(first), graph->todo.end());
  }
  if (!well) return Fail(scope, graph, caught);
  if (!graph->done && graph->pending == 0 && !graph->resolver.IsEmpty()) Queue(scope, *graph);
}

void Modules::Queue(Scope& scope, ModuleGraph& graph) {
  graph.idle = true;
  WhenIdle(scope, graph.id);
}

// ---- Linking and running ----

// All that a loaded module needs, itself last: in the order in which they run.
std::vector<ModuleEntry*> Modules::Members(ModuleEntry& root) {
  std::vector<ModuleEntry*> members;
  std::set<ModuleEntry*> seen{&root};
  std::vector<std::pair<ModuleEntry*, size_t>> path{{&root, 0}};
  while (!path.empty()) {
    auto& [entry, next] = path.back();
    if (next == entry->requests.size()) {
      members.push_back(entry);
      path.pop_back();
      continue;
    }
    const ModuleRequest& request = entry->requests[next++];
    ModuleEntry* child = Find({request.url, request.type});
    if (child != nullptr && seen.insert(child).second) path.push_back({child, 0});
  }
  return members;
}

namespace {

v8::MaybeLocal<v8::Module> LinkedTo(v8::Local<v8::Context> context, v8::Local<v8::String> specifier,
                                    v8::Local<v8::FixedArray> attributes, v8::Local<v8::Module> referrer) {
  v8::Isolate* v8 = context->GetIsolate();
  v8::Local<v8::Module> module;
  try {
    ContextEntry* entry = ContextEntry::Of(context);
    Scope scope{Isolate::Of(v8), v8, context, 0, entry, {}};
    ModuleRequest request;
    ReadAttributes(scope, attributes, 3, &request);
    if (entry != nullptr && entry->modules != nullptr &&
        entry->modules->Linked(referrer, Units(v8, specifier), request.type).ToLocal(&module)) {
      return module;
    }
  } catch (const std::bad_alloc&) {
  }
  v8->ThrowException(v8::Exception::Error(Ascii(v8, "the module went away while it was linked")));
  return {};
}

v8::MaybeLocal<v8::Value> EvaluateExports(v8::Local<v8::Context> context, v8::Local<v8::Module> module) {
  v8::Isolate* v8 = context->GetIsolate();
  Isolate& isolate = Isolate::Of(v8);
  try {
    Scope scope{isolate, v8, context, 0, nullptr, {}};  // not always the modules' own context: see Modules::Run
    return isolate.evaluating->EvaluateSynthetic(scope, module);
  } catch (const std::bad_alloc&) {
    v8->ThrowException(v8::Exception::Error(Ascii(v8, "the process is out of memory")));
    return {};
  }
}

// Of the hidden realm, nothing may reach the guest: of its objects only errors can come here, V8's own.
v8::Local<v8::Value> WithoutHidden(Scope& scope, v8::Local<v8::Value> error) {
  v8::Local<v8::Context> from;
  if (!error->IsObject() || !error.As<v8::Object>()->GetCreationContext().ToLocal(&from)) return error;
  if (from != HiddenRealm(scope.isolate)) return error;
  v8::Local<v8::String> text = v8::Exception::CreateMessage(scope.v8, error)->Get();
  return v8::Exception::RangeError(text);
}

}  // namespace

v8::MaybeLocal<v8::Module> Modules::Linked(v8::Local<v8::Module> referrer, const std::u16string& specifier,
                                           const std::u16string& type) {
  ModuleEntry* from = Find(referrer);
  if (from == nullptr) return {};
  auto index = from->request_index.find({specifier, type});
  if (index == from->request_index.end()) return {};
  const ModuleRequest& request = from->requests[index->second];
  ModuleEntry* found = Find({request.url, request.type});
  if (found == nullptr || found->module.IsEmpty()) return {};
  return found->module.Get(v8::Isolate::GetCurrent());
}

bool Modules::IsLinked(Scope& scope, const ModuleEntry& entry) {
  return !entry.module.IsEmpty() && entry.module.Get(scope.v8)->GetStatus() >= v8::Module::kInstantiated;
}

// CommonJS modules tell what they export only when they have run, so they run first.
bool Modules::Link(Scope& scope, ModuleEntry& root) {
  if (IsLinked(scope, root)) return true;
  if (any_commonjs_) {
    for (ModuleEntry* member : Members(root)) {
      if (member->commonjs && member->module.IsEmpty() && !RunCommonJs(scope, *member)) return false;
    }
  }
  v8::Local<v8::Module> module = root.module.Get(scope.v8);
  v8::TryCatch caught(scope.v8);
  if (module->InstantiateModule(scope.context, LinkedTo).FromMaybe(false)) return true;
  NamePlace(scope, caught);
  if (!caught.HasTerminated()) caught.ReThrow();
  return false;
}

// V8 is not to be asked to evaluate what it is in the middle of evaluating.
bool Modules::CanRun(ModuleEntry& root) {
  if (running_ == 0) return true;
  for (ModuleEntry* member : Members(root)) {
    auto module = member->module.Get(v8::Isolate::GetCurrent());
    if (!module.IsEmpty() && module->GetStatus() == v8::Module::kEvaluating) return false;
  }
  return true;
}

// How many modules there are, one below the other, from this one down to what it waits for by a top-level await; 0 where it
// waits for nothing. Counted once: what a linked module imports does not change.
uint32_t Modules::Waiting(Scope& scope, ModuleEntry& root) {
  std::vector<std::pair<ModuleEntry*, size_t>> path;
  auto enter = [&](ModuleEntry& entry) {
    entry.measured = true;
    if (entry.module.IsEmpty()) return;
    v8::Local<v8::Module> module = entry.module.Get(scope.v8);
    bool linked = module->GetStatus() >= v8::Module::kInstantiated && module->GetStatus() != v8::Module::kErrored;
    if (!linked || !module->IsGraphAsync()) return;
    entry.waiting = 1;
    path.push_back({&entry, 0});
  };
  if (!root.measured) enter(root);
  while (!path.empty()) {
    v8::HandleScope handles(scope.v8);
    auto [entry, next] = path.back();
    if (next == entry->requests.size()) {
      path.pop_back();
      continue;
    }
    const ModuleRequest& request = entry->requests[next];
    ModuleEntry* child = Find({request.url, request.type});
    if (child != nullptr && !child->measured) {
      enter(*child);
      continue;  // and looks at it again when it has been counted
    }
    if (child != nullptr && child->waiting != 0) entry->waiting = std::max(entry->waiting, child->waiting + 1);
    ++path.back().second;
  }
  return root.waiting;
}

v8::MaybeLocal<v8::Promise> Modules::Run(Scope& scope, ModuleEntry& root) {
  if (any_ended_) {
    for (ModuleEntry* member : Members(root)) {
      if (member->ended == MINIRACER_OK) continue;
      scope.v8->ThrowException(EndedError(scope, "evaluation", member->url, member->ended));
      return {};
    }
  }
  if (Waiting(scope, root) > kMostWaiting) {
    std::string text = "more than " + std::to_string(kMostWaiting) + " modules, one importing the other, above a " +
                       "top-level await: " + Utf8(root.url);
    scope.v8->ThrowException(v8::Exception::RangeError(FromUtf8(scope.v8, text)));
    return {};
  }
  v8::Local<v8::Module> module = root.module.Get(scope.v8);
  // V8 10.2 ends the process where a top-level await meets a `constructor` of promises that throws. It looks for that in
  // the context that it is asked to evaluate in; modules run in the one that they were linked in anyway.
  bool async = module->GetStatus() == v8::Module::kInstantiated && module->IsGraphAsync();
  v8::Local<v8::Context> context = async ? HiddenRealm(scope.isolate) : scope.context;
  v8::Local<v8::Value> promise;
  Modules* outer = std::exchange(scope.isolate.evaluating, this);
  ++running_;
  bool done = false;
  {
    Limits::Held held(scope.isolate.limits);
    done = !PutOff(scope) && module->Evaluate(context).ToLocal(&promise);
  }
  --running_;
  scope.isolate.evaluating = outer;
  if (running_ == 0) {
    for (uint32_t id : std::exchange(deferred_, {})) {
      auto found = graphs_.find(id);
      if (found != graphs_.end()) Queue(scope, *found->second);
    }
  }
  if (done) return promise.As<v8::Promise>();
  MarkEnded(scope, root, WhyEnding(scope));
  return {};
}

void Modules::GraphLoaded(Scope& scope, uint32_t id) {
  auto found = graphs_.find(id);
  if (found == graphs_.end() || PutOff(scope)) return;
  Graph graph = found->second;
  if (!std::exchange(graph->idle, false)) return;  // told twice
  v8::TryCatch caught(scope.v8);
  if (!Link(scope, *graph->root)) return Fail(scope, graph, caught);
  if (!CanRun(*graph->root)) return deferred_.push_back(id);
  v8::Local<v8::Promise> promise;
  if (!Run(scope, *graph->root).ToLocal(&promise)) return Fail(scope, graph, caught);
  graph->evaluation.Reset(scope.v8, promise);
  if (promise->State() == v8::Promise::kFulfilled) return GraphEvaluated(scope, id, true, promise->Result());
  WhenSettled(scope, promise, Reaction::kGraphEvaluated, id);
}

void Modules::GraphEvaluated(Scope& scope, uint32_t id, bool fulfilled, v8::Local<v8::Value> value) {
  auto found = graphs_.find(id);
  if (found == graphs_.end()) return;
  Graph graph = found->second;
  if (PutOff(scope)) {
    // V8 makes a rejection of it where it was ended in a module that had waited for others.
    if (!fulfilled && MarkEnded(scope, *graph->root, WhyEnding(scope))) End(scope, *graph);
    return;
  }
  graph->done = true;
  graphs_.erase(found);
  v8::Local<v8::Promise::Resolver> resolver = graph->resolver.Get(scope.v8);
  v8::TryCatch swallow(scope.v8);
  v8::Maybe<bool> settled =
      fulfilled ? resolver->Resolve(scope.context, graph->root->module.Get(scope.v8)->GetModuleNamespace())
                : resolver->Reject(scope.context, WithoutHidden(scope, value));
  if (settled.IsNothing()) scope.isolate.limits.KeepEnding();
}

v8::MaybeLocal<v8::Value> Modules::RequireModule(Scope& scope, const ModuleRequest& request,
                                                 const std::u16string& referrer) {
  auto refuse = [&](const char* why) {
    ThrowImportProblem(scope, request, referrer, why);
    return v8::MaybeLocal<v8::Value>();
  };
  Entry root = Fetch(scope, request, referrer);
  if (root == nullptr) return {};
  Graph graph = NewGraph(scope, {}, root);
  Advance(scope, graph);
  bool waits = graph->pending != 0;
  graphs_.erase(graph->id);
  if (!graph->error.IsEmpty()) {
    scope.v8->ThrowException(graph->error.Get(scope.v8));
    return {};
  }
  if (scope.isolate.limits.ending() != MINIRACER_OK) return {};
  if (waits) return refuse("it, or what it imports, is loaded asynchronously, for which require() cannot wait");
  if (!Link(scope, *root)) return {};
  v8::Local<v8::Module> module = root->module.Get(scope.v8);
  if (module->GetStatus() != v8::Module::kErrored && module->IsGraphAsync()) {
    return refuse("it, or what it imports, has a top-level await, for which require() cannot wait");
  }
  if (!CanRun(*root)) return refuse("it is being evaluated right now, and requires itself");
  v8::Local<v8::Promise> promise;
  if (!Run(scope, *root).ToLocal(&promise)) return {};
  if (promise->State() == v8::Promise::kFulfilled) return module->GetModuleNamespace();
  WhenSettled(scope, promise, Reaction::kGraphEvaluated, 0);  // handled
  scope.v8->ThrowException(WithoutHidden(scope, promise->Result()));
  return {};
}

void Modules::FillMeta(Scope& scope, v8::Local<v8::Module> module, v8::Local<v8::Object> meta) {
  ModuleEntry* entry = Find(module);
  if (entry == nullptr) return;
  v8::Local<v8::String> url = FromUnits(scope.v8, entry->url);
  v8::Local<v8::Function> resolve;
  bool done = NewResolve(scope, url).ToLocal(&resolve) &&
              meta->CreateDataProperty(scope.context, Ascii(scope.v8, "url"), url).FromMaybe(false) &&
              meta->CreateDataProperty(scope.context, Ascii(scope.v8, "resolve"), resolve).FromMaybe(false);
  v8::Local<v8::Value> arguments[] = {meta, url}, unused;
  if (!done || meta_.IsEmpty()) return;
  if (!meta_.Get(scope.v8)->Call(scope.context, v8::Undefined(scope.v8), 2, arguments).ToLocal(&unused)) return;
}

v8::MaybeLocal<v8::Value> Modules::EvaluateSynthetic(Scope& scope, v8::Local<v8::Module> module) {
  if (ModuleEntry* entry = Find(module)) {
    for (auto& [name, value] : entry->exports) {
      auto set = module->SetSyntheticModuleExport(scope.v8, FromUnits(scope.v8, name), value.Get(scope.v8));
      if (set.IsNothing()) return {};
    }
    entry->exports.clear();
  }
  v8::Local<v8::Promise::Resolver> resolver;
  if (!v8::Promise::Resolver::New(scope.context).ToLocal(&resolver)) return {};
  if (resolver->Resolve(scope.context, v8::Undefined(scope.v8)).IsNothing()) return {};
  return resolver->GetPromise();
}

void Modules::MakeSynthetic(Scope& scope, ModuleEntry& entry) {
  std::vector<v8::Local<v8::String>> names;
  for (auto& exported : entry.exports) names.push_back(FromUnits(scope.v8, exported.first));
  Keep(scope, entry, NewSyntheticModule(scope.v8, FromUnits(scope.v8, entry.url), names, EvaluateExports));
}

void Modules::Keep(Scope& scope, ModuleEntry& entry, v8::Local<v8::Module> module) {
  entry.module.Reset(scope.v8, module);
  by_hash_.emplace(module->GetIdentityHash(), &entry);
}

}  // namespace miniracer
