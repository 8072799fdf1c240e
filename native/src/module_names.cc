// From a specifier to the URL that it means: what the host's `resolve` says, at once or later.
#include "files.h"
#include "host_calls.h"
#include "import_places.h"
#include "module_hooks.h"
#include "modules.h"
#include "text.h"

namespace miniracer {

// Specifiers are the guest's, as many and as long as it likes: so many of their characters are remembered in a context.
constexpr size_t kMostRemembered = 1 << 22;

// What `resolve` gives; empty where there is none. Throws.
bool Modules::Ask(Scope& scope, const ModuleRequest& request, const std::u16string& referrer,
                  v8::Local<v8::Value>* answer) {
  if (resolve_.IsEmpty()) return true;
  v8::Local<v8::Value> from = v8::Undefined(scope.v8);
  if (!referrer.empty()) from = FromUnits(scope.v8, referrer);
  v8::Local<v8::Value> arguments[] = {FromUnits(scope.v8, request.specifier), from, AttributesObject(scope, request)};
  auto resolve = resolve_.Get(scope.v8);
  v8::TryCatch caught(scope.v8);
  if (resolve->Call(scope.context, v8::Undefined(scope.v8), 3, arguments).ToLocal(answer)) return true;
  if (Threw(caught)) SetImportPlace(scope, caught.Exception(), request, referrer);
  if (!caught.HasTerminated()) caught.ReThrow();
  return false;
}

// Takes what `resolve` said in the end. Throws.
bool Modules::Name(Scope& scope, ModuleRequest& request, const std::u16string& referrer, v8::Local<v8::Value> answer) {
  bool mine = !answer.IsEmpty() && answer->IsString();
  if (!mine && !answer.IsEmpty() && (files_ == nullptr || !answer->IsUndefined())) {
    ThrowImportProblem(scope, request, referrer, "the loader's `resolve` gave no URL");
    return false;
  }
  if (mine) {
    request.url = Units(scope.v8, answer.As<v8::String>());
    if (request.require && !load_.IsEmpty()) of_host_ = request.url;
  } else if (files_ != nullptr) {
    if (request.require) of_host_.reset();
    std::shared_ptr<Files> files = files_;
    std::string why;
    if (!files->Resolve(scope, request.specifier, referrer, request.require, &request.url, &why)) {
      const char* code = request.require ? "MODULE_NOT_FOUND" : "ERR_MODULE_NOT_FOUND";
      if (!why.empty()) ThrowImportProblem(scope, request, referrer, why, code);
      return false;
    }
  } else {
    request.url = JoinUrl(request.specifier, referrer);
  }
  request.by_host = mine || files_ == nullptr;
  request.located = true;
  if (request.dynamic) Remember(request, referrer);
  return true;
}

bool Modules::Locate(Scope& scope, ModuleRequest& request, const std::u16string& referrer) {
  if (std::string problem = RequestProblem(request); !problem.empty()) {
    problem = ImportProblem(request, referrer, problem);
    scope.v8->ThrowException(v8::Exception::TypeError(FromUtf8(scope.v8, problem)));
    return false;
  }
  v8::Local<v8::Value> answer;
  if (!Ask(scope, request, referrer, &answer)) return false;
  if (answer.IsEmpty() || !answer->IsPromise()) return Name(scope, request, referrer, answer);
  answer.As<v8::Promise>()->MarkAsHandled();
  std::string why = "the loader's `resolve` is asynchronous, for which ";
  why += request.require ? "require() cannot wait" : "import.meta.resolve() cannot wait";
  scope.v8->ThrowException(v8::Exception::TypeError(FromUtf8(scope.v8, ImportProblem(request, referrer, why))));
  return false;
}

bool Modules::Locate(Scope& scope, ModuleRequest& request, const std::u16string& referrer, Naming* later) {
  if (request.located) return true;
  Naming naming;
  v8::Local<v8::Value> answer;
  if (!naming_index_.empty()) {
    auto asked = naming_index_.find({referrer, request.specifier, request.type});
    if (asked != naming_index_.end()) naming = namings_.at(asked->second);
  }
  if (naming != nullptr) {
    answer = naming->promise.Get(scope.v8);
    naming->request.dynamic |= request.dynamic;
  } else if (!Ask(scope, request, referrer, &answer)) {
    return false;
  }
  if (answer.IsEmpty() || !answer->IsPromise()) return Name(scope, request, referrer, answer);
  auto promise = answer.As<v8::Promise>();
  if (promise->State() == v8::Promise::kFulfilled) return Name(scope, request, referrer, promise->Result());
  *later = naming != nullptr ? naming : NewNaming(scope, request, referrer, promise);
  return *later != nullptr;
}

// Null where it threw: guests begin as many imports as they like, and have the host at work for each.
Modules::Naming Modules::NewNaming(Scope& scope, const ModuleRequest& request, const std::u16string& referrer,
                                   v8::Local<v8::Promise> promise) {
  if (request.dynamic && dynamic_namings_ >= scope.isolate.caps.modules) {
    promise->MarkAsHandled();
    ThrowImportProblem(scope, request, referrer,
                       "`resolve` is at work for " + std::to_string(dynamic_namings_) +
                           " imports, as many as the context may have modules");
    return nullptr;
  }
  auto naming = std::make_shared<ModuleNaming>();
  uint64_t bytes = request.bytes() + 2 * sizeof(char16_t) * referrer.size();
  if (!Hold(scope, naming->held, bytes, request, referrer)) {
    promise->MarkAsHandled();
    return nullptr;
  }
  naming->id = ++last_id_;
  naming->request = request;
  naming->referrer = referrer;
  naming->dynamic = request.dynamic;
  naming->promise.Reset(scope.v8, promise);
  namings_[naming->id] = naming;
  naming_index_[{referrer, request.specifier, request.type}] = naming->id;
  if (naming->dynamic) ++dynamic_namings_;
  return naming;
}

void Modules::Forget(const ModuleNaming& naming) {
  auto asked = naming_index_.find({naming.referrer, naming.request.specifier, naming.request.type});
  if (asked != naming_index_.end() && asked->second == naming.id) naming_index_.erase(asked);
  if (naming.dynamic) --dynamic_namings_;
  namings_.erase(naming.id);
}

void Modules::Await(Scope& scope, const Naming& naming, ModuleGraph& graph) {
  ++graph.pending;
  naming->waiters.push_back(graph.id);
  // Last, as it may settle at once.
  if (naming->waiters.size() == 1) {
    WhenSettled(scope, naming->promise.Get(scope.v8), Reaction::kNameCame, naming->id);
  }
}

void Modules::NameCame(Scope& scope, uint32_t id, bool fulfilled, v8::Local<v8::Value> value) {
  auto found = namings_.find(id);
  if (found == namings_.end() || PutOff(scope)) return;
  Naming naming = found->second;
  ModuleRequest& request = naming->request;
  Forget(*naming);
  v8::TryCatch caught(scope.v8);
  if (!fulfilled) {
    SetImportPlace(scope, value, request, naming->referrer);
    scope.v8->ThrowException(value);
  }
  bool named = fulfilled && Name(scope, request, naming->referrer, value);
  if (ModuleEntry* from = named ? Find(Key{naming->referrer, u""}) : nullptr) {
    auto index = from->request_index.find({request.specifier, request.type});
    ModuleRequest* written = index != from->request_index.end() ? &from->requests[index->second] : nullptr;
    if (written != nullptr && !written->located) {
      written->url = request.url;
      written->by_host = request.by_host;
      written->located = true;
    }
  }
  std::vector<Graph> waiting;
  for (uint32_t waiter : naming->waiters) {
    auto graph = graphs_.find(waiter);
    if (graph != graphs_.end() && !graph->second->done) waiting.push_back(graph->second);
  }
  Entry module = named && !waiting.empty() ? Fetch(scope, request, naming->referrer) : nullptr;
  for (const Graph& graph : waiting) {
    --graph->pending;
    if (module == nullptr) {
      Fail(scope, graph, caught);
    } else {
      graph->Add(module);
      Advance(scope, graph);
    }
  }
}

// ---- What a module has imported ----

void Modules::Recall(ModuleRequest& request, const std::u16string& referrer) {
  ModuleEntry* from = Find(Key{referrer, u""});
  if (from == nullptr) return;
  std::pair key{request.specifier, request.type};
  const ModuleRequest* before = nullptr;
  if (auto written = from->request_index.find(key); written != from->request_index.end()) {
    before = &from->requests[written->second];
  } else if (auto dynamic = from->dynamic.find(key); dynamic != from->dynamic.end()) {
    before = &dynamic->second;
  }
  if (before == nullptr || !before->located || Find(Key{before->url, before->type}) == nullptr) return;
  request.url = before->url;
  request.by_host = before->by_host;
  request.located = true;
}

void Modules::Remember(const ModuleRequest& request, const std::u16string& referrer) {
  ModuleEntry* from = Find(Key{referrer, u""});
  std::pair key{request.specifier, request.type};
  if (from == nullptr || from->request_index.count(key) != 0) return;
  size_t size = 100 + request.specifier.size() + request.type.size() + request.url.size();
  auto before = from->dynamic.find(key);
  if (before == from->dynamic.end()) {
    if (size > kMostRemembered - remembered_) return;
    remembered_ += size;
    before = from->dynamic.emplace(std::move(key), ModuleRequest{}).first;
  }
  before->second.url = request.url;
  before->second.type = request.type;
  before->second.by_host = request.by_host;
  before->second.located = true;
}

}  // namespace miniracer
