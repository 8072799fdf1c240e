// What becomes of imports: of those that fail, and of those that meet a run that is ended.
#include <algorithm>

#include "errors.h"
#include "module_hooks.h"
#include "modules.h"
#include "text.h"

namespace miniracer {

bool Threw(const v8::TryCatch& caught) { return caught.HasCaught() && !caught.HasTerminated(); }

v8::Local<v8::Value> EndedError(Scope& scope, const char* what, const std::u16string& name, miniracer_status why) {
  std::string text = std::string("the ") + what + " of " + Utf8(name) + " was ended: " + StatusMeaning(why);
  return v8::Exception::Error(FromUtf8(scope.v8, text));
}

miniracer_status WhyEnding(Scope& scope) {
  miniracer_status why = scope.isolate.limits.ending();
  return why == MINIRACER_OK ? MINIRACER_INTERNAL : why;
}

void Modules::Fail(Scope& scope, const Graph& graph, const v8::TryCatch& caught) {
  if (graph->done) return;
  if (!Threw(caught)) return End(scope, *graph);
  graph->done = true;
  graphs_.erase(graph->id);
  if (graph->resolver.IsEmpty()) {
    graph->error.Reset(scope.v8, caught.Exception());
  } else if (graph->resolver.Get(scope.v8)->Reject(scope.context, caught.Exception()).IsNothing()) {
    scope.isolate.limits.KeepEnding();
  }
}

// A run that is being ended settles no promise any more.
void Modules::End(Scope& scope, ModuleGraph& graph) {
  scope.isolate.limits.KeepEnding();
  graph.done = true;
  graph.ended = WhyEnding(scope);
  if (graph.resolver.IsEmpty()) return;  // and its caller knows
  scope.isolate.modules_ended = true;
  scope.isolate.loop->Notify(0);
}

// V8 keeps null as the error of modules that it was ended in.
bool Modules::MarkEnded(Scope& scope, ModuleEntry& root, miniracer_status why) {
  bool any = false;
  for (ModuleEntry* member : Members(root)) {
    if (member->module.IsEmpty()) continue;
    v8::Local<v8::Module> module = member->module.Get(scope.v8);
    if (module->GetStatus() != v8::Module::kErrored || !module->GetException()->IsNull()) continue;
    any = any_ended_ = true;
    if (member->ended == MINIRACER_OK) member->ended = why;
  }
  return any;
}

void Modules::EndWith(uint64_t run) {
  std::erase_if(graphs_, [run](const auto& one) {
    if (one.second->run != run) return false;
    one.second->done = true;
    return true;
  });
}

void Modules::GoOn(Isolate& isolate) {
  isolate.modules_ended = false;
  isolate.contexts.Any([&](ContextEntry& entry) {
    std::shared_ptr<Modules> modules = entry.modules;
    if (modules == nullptr) return false;
    v8::HandleScope handles(isolate.v8());
    v8::Local<v8::Context> context = entry.context.Get(isolate.v8());
    v8::Context::Scope entered(context);
    Scope scope{isolate, isolate.v8(), context, entry.id, &entry, {}};
    modules->GoOn(scope);
    return false;
  });
}

void Modules::GoOn(Scope& scope) {
  // Copies: reading a promise's own `constructor` may run guest code.
  std::vector<Graph> graphs;
  for (auto& [id, graph] : graphs_) graphs.push_back(graph);
  std::vector<std::pair<uint32_t, Entry>> awaited(awaited_.begin(), awaited_.end());
  std::vector<std::pair<uint32_t, Naming>> namings(namings_.begin(), namings_.end());
  auto again = [&](const v8::Global<v8::Promise>& held, Reaction reaction, uint32_t id) {
    if (held.IsEmpty()) return;
    v8::Local<v8::Promise> promise = held.Get(scope.v8);
    if (promise->State() != v8::Promise::kPending) WhenSettled(scope, promise, reaction, id);
  };
  for (auto& [id, entry] : awaited) {
    v8::HandleScope handles(scope.v8);
    again(entry->loading, Reaction::kSourceCame, id);
  }
  for (auto& [id, naming] : namings) {
    v8::HandleScope handles(scope.v8);
    again(naming->promise, Reaction::kNameCame, id);
  }
  for (const Graph& graph : graphs) {
    v8::HandleScope handles(scope.v8);
    if (graph->ended != MINIRACER_OK) {
      RejectEnded(scope, *graph);
      continue;
    }
    if (graph->idle) WhenIdle(scope, graph->id);
    again(graph->evaluation, Reaction::kGraphEvaluated, graph->id);
  }
}

void Modules::RejectEnded(Scope& scope, ModuleGraph& graph) {
  v8::Local<v8::Promise::Resolver> resolver = graph.resolver.Get(scope.v8);
  // Whoever ran what was ended has been told.
  resolver->GetPromise()->MarkAsHandled();
  v8::Local<v8::Value> error = EndedError(scope, "import", graph.name, graph.ended);
  if (resolver->Reject(scope.context, error).IsJust()) graphs_.erase(graph.id);
}

}  // namespace miniracer
