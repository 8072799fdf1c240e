// What the soak's threads do: each step says how it must end.
#include <chrono>
#include <thread>

#include "slot.h"

namespace soak {

std::atomic<int64_t> tokens{0};

namespace {

constexpr uint64_t kForever = MINIRACER_NO_TIMEOUT;

void Release(void*) { --tokens; }

miniracer_context Context(Slot& slot, Random& random) { return slot.contexts[Below(random, 2)]; }

// host(n): n levels of JavaScript and host in turn.
int32_t Deeper(void*, miniracer_call* call) {
  int32_t levels = call->argument_count > 0 ? call->arguments[0].as.int32 : 0;
  Owned result;
  std::string source = levels <= 0 ? "0" : "1 + host(" + std::to_string(levels - 1) + ")";
  if (Evaluate(call->context, source, RunFor(kForever), &result) != MINIRACER_OK) return 1;
  call->result = Int32(result.as.int32);
  return 0;
}

// spin(): a run within the run, which its own deadline ends and nothing else. Gives whether it was so.
int32_t Spin(void*, miniracer_call* call) {
  Owned result;
  miniracer_status status = Evaluate(call->context, "for (;;);", RunFor(3 * kMillisecond), &result);
  call->result = Int32(status == MINIRACER_TIMEOUT);
  return 0;
}

void Define(miniracer_context context, const std::string& name, miniracer_callback callback) {
  miniracer_function_options options{};
  options.struct_size = sizeof options;
  options.callback = callback;
  options.finalize = Release;
  options.userdata = &tokens;
  ++tokens;
  Owned function, global;
  miniracer_value key = Text(name);
  EXPECT(miniracer_function_new(context, &options, &function, nullptr) == MINIRACER_OK, "%s", name.c_str());
  EXPECT(miniracer_context_get_global(context, &global, nullptr) == MINIRACER_OK, "%s", name.c_str());
  EXPECT(miniracer_object_set(context, global.as.handle, &key, &function, nullptr, nullptr) == MINIRACER_OK, "%s",
         name.c_str());
}

void Fill(miniracer_context context) {
  Define(context, "host", Deeper);
  Define(context, "spin", Spin);
  Owned ignored;
  EXPECT(Evaluate(context, "let counter = 0; function count() { return ++counter }", RunFor(kForever), &ignored) ==
             MINIRACER_OK,
         "the first script");
}

// Runs a script that must give this number.
void Expect(Slot& slot, Random& random, const char* step, const std::string& source, int32_t number,
            uint64_t timeout = kForever) {
  Watch watch(slot);
  Owned result;
  miniracer_status status = Evaluate(Context(slot, random), source, RunFor(timeout), &result);
  if (watch.Check(step, MINIRACER_OK, status)) EXPECT(result.Is(number), "%s: %d", step, result.as.int32);
}

void Compute(Slot& slot, Random& random) {
  auto a = static_cast<int32_t>(Below(random, 1000));
  Expect(slot, random, "compute", "[1, 2, 3].reduce((a, b) => a + b, " + std::to_string(a) + ")", a + 6);
}

void Throw(Slot& slot, Random& random) {
  Watch watch(slot);
  Owned result;
  miniracer_error* error = nullptr;
  miniracer_status status =
      Evaluate(Context(slot, random), "throw new RangeError('mine')", RunFor(kForever), &result, &error);
  if (watch.Check("throw", MINIRACER_EXCEPTION, status)) {
    EXPECT(error != nullptr && error->message.length == 4, "the message");
  }
  miniracer_error_free(error);
}

void Reenter(Slot& slot, Random& random) {
  auto levels = static_cast<int32_t>(Below(random, 8));
  Watch watch(slot);
  Owned result;
  miniracer_status status =
      Evaluate(Context(slot, random), "host(" + std::to_string(levels) + ")", RunFor(kForever), &result);
  // What ends all runs may end an inner one alone as seen from here, which then throws.
  if (status == MINIRACER_EXCEPTION && (slot.closing || slot.endings > 0)) return;
  if (watch.Check("reenter", MINIRACER_OK, status)) EXPECT(result.Is(levels), "%d levels", levels);
}

void Timeout(Slot& slot, Random& random) {
  static const char* const sources[] = {"for (;;);", "/(a+)+$/.exec('a'.repeat(50) + 'b')",
                                        "(function f() { Promise.resolve().then(f) })()",
                                        "new Proxy({}, { get() { for (;;); } }).x"};
  Watch watch(slot);
  Owned result;
  watch.Check("timeout", MINIRACER_TIMEOUT,
              Evaluate(Context(slot, random), sources[Below(random, 4)], RunFor((1 + Below(random, 15)) * kMillisecond),
                       &result));
}

void InnerTimeout(Slot& slot, Random& random) {
  Watch watch(slot);
  Owned result;
  miniracer_status status = Evaluate(Context(slot, random), "spin() + 1", RunFor(kForever), &result);
  bool all = slot.endings > 0 || slot.closing;
  if (watch.Check("inner timeout", MINIRACER_OK, status))
    EXPECT(all || result.Is(2), "an inner run's end: not TIMEOUT");
}

void Memory(Slot& slot, Random& random) {
  {
    Watch watch(slot);
    Owned result;
    watch.Check("memory", MINIRACER_OUT_OF_MEMORY,
                Evaluate(Context(slot, random), "{ const all = []; for (;;) all.push(new Array(1000).fill(all)) }",
                         RunFor(kForever), &result));
  }
  Expect(slot, random, "after memory", "6 * 7", 42);
}

void Settle(Slot& slot, Random& random) {
  miniracer_context context = Context(slot, random);
  Watch watch(slot);
  Owned promise, result;
  if (!watch.Check("promise", MINIRACER_OK, miniracer_promise_new(context, &promise, nullptr))) return;
  miniracer_value seven = Int32(7);
  std::thread settler([&] {
    miniracer_run_options run = RunFor(kForever);
    watch.Check(
        "settle", MINIRACER_OK,
        miniracer_promise_settle(context, promise.as.handle, MINIRACER_PROMISE_FULFILLED, &seven, &run, nullptr));
  });
  // A run cancelled on the way may take the settling with it; then there is nothing to wait for.
  miniracer_run_options run = RunFor(10'000 * kMillisecond);
  miniracer_status status = miniracer_promise_wait(context, promise.as.handle, &run, &result, nullptr);
  settler.join();
  if (status == MINIRACER_TIMEOUT && slot.endings > 0) return;
  if (watch.Check("wait", MINIRACER_OK, status)) EXPECT(result.Is(7), "the promise's value");
}

void Timer(Slot& slot, Random& random) {
  miniracer_context context = Context(slot, random);
  Watch watch(slot);
  Owned promise, result;
  miniracer_status status = Evaluate(
      context, "new Promise((resolve) => setTimeout(() => resolve(42), " + std::to_string(Below(random, 5)) + "))",
      RunFor(kForever), &promise);
  if (!watch.Check("timer", MINIRACER_OK, status)) return;
  miniracer_run_options run = RunFor(10'000 * kMillisecond);
  status = miniracer_promise_wait(context, promise.as.handle, &run, &result, nullptr);
  if (status == MINIRACER_TIMEOUT && slot.endings > 0) return;  // the turn that it was in was cancelled
  if (watch.Check("timer, waited for", MINIRACER_OK, status)) EXPECT(result.Is(42), "the timer's value");
}

void Post(Slot& slot, Random&) {
  Watch watch(slot);
  ++tokens;
  watch.Check("post", MINIRACER_OK, miniracer_isolate_post(slot.isolate, [](void*) {}, &tokens, Release));
  if (slot.background) return;
  miniracer_run_options run = RunFor(kForever);
  uint64_t next;
  watch.Check("turn", MINIRACER_OK, miniracer_isolate_run_pending(slot.isolate, &run, &next, nullptr));
}

void Module(Slot& slot, Random& random) {
  miniracer_context context = Context(slot, random);
  Watch watch(slot);
  miniracer_script script{};
  script.struct_size = sizeof script;
  std::string source = "export const x = await 5;", name = "soak:" + std::to_string(random());
  script.source = Text(source);
  script.name = Text(name);
  miniracer_run_options run = RunFor(kForever), wait = RunFor(10'000 * kMillisecond);
  Owned promise, space, x;
  miniracer_status status = miniracer_context_evaluate_module(context, &script, &run, &promise, nullptr);
  if (!watch.Check("module", MINIRACER_OK, status)) return;
  status = miniracer_promise_wait(context, promise.as.handle, &wait, &space, nullptr);
  if (status == MINIRACER_TIMEOUT && slot.endings > 0) return;
  if (!watch.Check("module, waited for", MINIRACER_OK, status)) return;
  std::string name_of_x = "x";
  miniracer_value key = Text(name_of_x);
  status = miniracer_object_get(context, space.as.handle, &key, &run, &x, nullptr);
  if (watch.Check("export", MINIRACER_OK, status)) EXPECT(x.Is(5), "the export");
}

void NewContext(Slot& slot, Random&) {
  Watch watch(slot);
  miniracer_context context = 0;
  if (!watch.Check("context", MINIRACER_OK, miniracer_context_new(slot.isolate, nullptr, &context, nullptr))) return;
  Owned result;
  miniracer_status status = Evaluate(context, "typeof host", RunFor(kForever), &result);
  if (watch.Check("new context", MINIRACER_OK, status)) EXPECT(result.length == 9, "something leaked in");
  watch.Check("dispose of context", MINIRACER_OK, miniracer_context_dispose(context));
}

void Graph(Slot& slot, Random& random) {
  miniracer_context context = Context(slot, random);
  Watch watch(slot);
  Owned value, copy;
  miniracer_run_options run = RunFor(kForever);
  miniracer_status status =
      Evaluate(context, "({ a: [1, new Map([[1, new Date(2)]])], b: 'x'.repeat(1000) })", run, &value);
  if (!watch.Check("graph", MINIRACER_OK, status)) return;
  miniracer_graph* graph = nullptr;
  status = miniracer_graph_encode(context, &value, nullptr, &run, &graph, nullptr);
  if (!watch.Check("encode", MINIRACER_OK, status)) return;
  status = miniracer_graph_decode(context, graph->data, graph->length, nullptr, 0, nullptr, &run, &copy, nullptr);
  watch.Check("decode", MINIRACER_OK, status);
  miniracer_graph_free(graph);
}

void Batch(Slot& slot, Random& random) {
  miniracer_context context = Context(slot, random);
  Watch watch(slot);
  if (!watch.Check("lock", MINIRACER_OK, miniracer_isolate_lock(slot.isolate))) return;
  Owned before, after;
  miniracer_status status = Evaluate(context, "count()", RunFor(kForever), &before);
  if (watch.Check("count", MINIRACER_OK, status)) {
    status = Evaluate(context, "count()", RunFor(kForever), &after);
    if (watch.Check("count on", MINIRACER_OK, status)) EXPECT(after.Is(before.as.int32 + 1), "somebody came between");
  }
  // Also where the isolate is closed by now: the lock is there to be undone.
  EXPECT(miniracer_isolate_unlock(slot.isolate) == MINIRACER_OK, "unlock");
}

void EndAll(Slot& slot, Random&) { Watch(slot).Check("cancel all", MINIRACER_OK, slot.EndAll()); }

void CollectAndLook(Slot& slot, Random& random) {
  Watch watch(slot);
  miniracer_heap_statistics statistics{};
  statistics.struct_size = sizeof statistics;
  watch.Check("statistics", MINIRACER_OK, miniracer_isolate_get_heap_statistics(slot.isolate, &statistics));
  if (Below(random, 20) == 0) {
    watch.Check("collect", MINIRACER_OK, miniracer_isolate_collect_garbage(slot.isolate, MINIRACER_COLLECT_FULL));
  }
}

// What V8 gives up at: the isolate is dead after it, and says so, until it is disposed of.
void Die(Slot& slot, Random& random) {
  static const char* const sources[] = {"new Array(2 ** 27).fill(0)", "'x'.repeat(2 ** 28).split('')"};
  slot.dying = true;
  Owned result;
  miniracer_status status =
      Evaluate(Context(slot, random), sources[Below(random, 2)], RunFor(5'000 * kMillisecond), &result);
  bool allowed = status == MINIRACER_ENGINE_DEAD || status == MINIRACER_OUT_OF_MEMORY || status == MINIRACER_TIMEOUT ||
                 (status == MINIRACER_CLOSED && slot.closing) || (status == MINIRACER_CANCELLED && slot.endings > 0);
  EXPECT(allowed, "a death: %s", miniracer_status_name(status));
  if (status == MINIRACER_ENGINE_DEAD && !slot.closing) {
    status = Evaluate(Context(slot, random), "1", RunFor(kForever), &result);
    EXPECT(status == MINIRACER_ENGINE_DEAD || slot.closing, "after a death: %s", miniracer_status_name(status));
  }
  slot.Close();
}

}  // namespace

Slot::Slot(Random& random) {
  miniracer_isolate_options options{};
  options.struct_size = sizeof options;
  background = Below(random, 2) != 0;
  options.flags = background ? MINIRACER_ISOLATE_BACKGROUND_LOOP : 0;
  options.heap_limit = options.memory_limit = kHeap;
  EXPECT(miniracer_isolate_new(&options, &isolate, nullptr) == MINIRACER_OK, "a new isolate");
  for (miniracer_context& context : contexts) {
    miniracer_context_options globals{};
    globals.struct_size = sizeof globals;
    globals.flags = MINIRACER_CONTEXT_TIMERS | MINIRACER_CONTEXT_WEB;
    EXPECT(miniracer_context_new(isolate, &globals, &context, nullptr) == MINIRACER_OK, "a new context");
    Fill(context);
  }
}

const std::vector<NamedStep>& Steps(bool deaths) {
  static const std::vector<NamedStep> steps = {
      {"compute", Compute},
      {"throw", Throw},
      {"reenter", Reenter},
      {"timeout", Timeout},
      {"inner timeout", InnerTimeout},
      {"settle", Settle},
      {"timer", Timer},
      {"post", Post},
      {"module", Module},
      {"context", NewContext},
      {"graph", Graph},
      {"batch", Batch},
      {"cancel all", EndAll},
      {"look", CollectAndLook},
      {"compute", Compute},
      {"reenter", Reenter},
      {"memory", Memory},
      {"die", Die},
  };
  static const std::vector<NamedStep> gentle(steps.begin(), steps.end() - 1);
  return deaths ? steps : gentle;
}

}  // namespace soak
