// Calls on the library, isolates and contexts.
#include "abi_world.h"

namespace fuzz {

namespace {

const Operation kOperations[] = {
    [](World& w) {
      miniracer_library_info info{};
      Done(miniracer_library_get_info(w.Struct(info)));
      miniracer_struct_size(static_cast<uint32_t>(w.in.Number(2)));
      miniracer_status_name(static_cast<int32_t>(w.in.Number(2)));
    },
    [](World& w) {
      miniracer_init_options options{};
      options.flags = w.in.Below(3);
      std::string flags = w.in.OneIn(2) ? "--no-such-flag" : "";
      options.v8_flags = flags.data();
      options.v8_flags_length = static_cast<uint32_t>(flags.size());
      Record record(w);
      Done(miniracer_init(w.Struct(options), record), record);
    },
    [](World& w) {
      if (w.all_isolates.size() > 6) return;
      miniracer_isolate_options options{};
      options.flags = w.in.OneIn(8) ? w.in.Byte() : w.in.Below(2) * MINIRACER_ISOLATE_EXPLICIT_MICROTASKS;
      options.timeout = 10 * kMillisecond;
      options.heap_limit = w.in.OneIn(8) ? w.in.Number(3) : 64 << 20;
      options.maximum_handles = w.in.OneIn(4) ? w.in.Byte() : 0;
      options.maximum_timers = w.in.OneIn(4) ? w.in.Byte() : 0;
      miniracer_isolate_options* given = w.Struct(options);
      if (given == nullptr) return;  // the defaults know no timeout
      if (given->struct_size < offsetof(miniracer_isolate_options, timeout) + 8) given->struct_size = sizeof options;
      Record record(w);
      Out<miniracer_isolate> isolate(w);
      if (!Done(miniracer_isolate_new(given, isolate, record), record, isolate)) return;
      w.all_isolates.push_back(isolate.value);
      w.isolates[w.in.Below(World::kIsolates)] = isolate.value;
    },
    [](World& w) {
      miniracer_isolate_options options{};
      Done(miniracer_isolate_options_preset(w.in.Below(4), w.Struct(options)));
    },
    [](World& w) { w.in.Below(4) == 1 ? (void)Done(miniracer_isolate_dispose(w.Isolate())) : w.Forget(); },
    [](World& w) { Done(miniracer_isolate_lock(w.Isolate())); },
    [](World& w) { Done(miniracer_isolate_unlock(w.Isolate())); },
    [](World& w) {
      uint32_t* flag = &w.cancel_[w.in.Below(2)];
      __atomic_store_n(flag, w.in.Below(2), __ATOMIC_SEQ_CST);
      Done(miniracer_isolate_cancel(w.Isolate(), w.Cancel()));
    },
    [](World& w) { Done(miniracer_isolate_set_heap_limit(w.Isolate(), w.in.Below(8) << 23)); },
    [](World& w) {
      if (w.in.Below(8) == 1) Done(miniracer_isolate_collect_garbage(w.Isolate(), w.in.Below(3)));
    },
    [](World& w) {
      miniracer_heap_statistics statistics{};
      miniracer_isolate isolate = w.Isolate();
      Done(miniracer_isolate_get_heap_statistics(isolate, w.Struct(statistics)));
    },
    [](World& w) {
      miniracer_context_options options{};
      options.flags = w.in.OneIn(16) ? w.in.Byte() : w.in.Below(16);
      miniracer_isolate isolate = w.Isolate();
      if (w.in.Below(2) == 1) {
        options.console = Callback;
        options.console_userdata = w.Token();
        options.console_finalize = World::ReleaseToken;
      }
      Record record(w);
      Out<miniracer_context> context(w);
      miniracer_context_options* given = w.Struct(options, true);
      if (Done(miniracer_context_new(isolate, given, context, record), record, context)) {
        w.contexts[w.in.Below(World::kContexts)] = context.value;
      }
    },
    [](World& w) {
      if (w.in.Below(4) == 1) Done(miniracer_context_dispose(w.Context()));
    },
    [](World& w) {
      miniracer_context context = w.Context();
      Out<miniracer_isolate> isolate(w);
      Done(miniracer_context_get_isolate(context, isolate), isolate);
    },
    [](World& w) {
      miniracer_context context = w.Context();
      Record record(w);
      Out<miniracer_value> result(w);
      if (Done(miniracer_context_get_global(context, result, record), record, result)) w.Keep(result.value);
    },
    [](World& w) {
      miniracer_script script{};
      miniracer_context context = w.Context();
      script.source = w.Source();
      const miniracer_value* name = w.in.OneIn(4) ? w.Value() : nullptr;
      if (name != nullptr) script.name = *name;
      script.line = w.in.OneIn(8) ? static_cast<int32_t>(w.in.Number(4)) : 0;
      script.column = w.in.OneIn(8) ? static_cast<int32_t>(w.in.Number(4)) : 0;
      if (w.in.OneIn(8))
        script.source_map = Text(*w.KeepText("{\"version\":3,\"sources\":[\"a\"],\"mappings\":\"AAAA\"}"));
      miniracer_script* given = w.Struct(script);
      const miniracer_run_options* run = w.Run();
      Record record(w);
      Out<miniracer_value> result(w);
      bool module = w.in.OneIn(8);
      miniracer_status status = module ? miniracer_context_evaluate_module(context, given, run, result, record)
                                       : miniracer_context_evaluate(context, given, run, result, record);
      if (Done(status, record, result)) w.Keep(result.value);
    },
    [](World& w) {
      miniracer_writer writer = [](void* left, const void*, uint64_t) -> int32_t {
        return --*static_cast<int*>(left) < 0;
      };
      int left = static_cast<int>(w.in.Byte());
      miniracer_isolate isolate = w.Isolate();
      if (w.in.Below(32) != 1) return;
      Record record(w);
      Done(miniracer_isolate_write_heap_snapshot(isolate, w.in.OneIn(8) ? nullptr : writer, &left, record), record);
    },
    [](World& w) { Done(miniracer_library_drain(w.in.Below(2) * kMillisecond)); },
};

}  // namespace

Operations EngineOperations() { return {kOperations, sizeof kOperations / sizeof *kOperations}; }

}  // namespace fuzz
