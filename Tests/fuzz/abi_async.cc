// Calls about promises, the event loop and modules.
#include <filesystem>
#include <fstream>

#include "abi_world.h"

namespace fuzz {

namespace {

void Settled(void* userdata, uint32_t state, miniracer_value* value, miniracer_error* error) {
  (void)userdata;
  REQUIRE(state == MINIRACER_PROMISE_FULFILLED ? value != nullptr : error != nullptr, "settled with nothing");
  miniracer_error_free(error);
}

void Unhandled(void*, miniracer_context, miniracer_error* error) {
  REQUIRE(error != nullptr, "nothing was unhandled");
  miniracer_error_free(error);
}

// A folder with a few modules, made once.
const std::string& Folder() {
  static const std::string folder = [] {
    auto path = std::filesystem::temp_directory_path() / "miniracer-fuzz-modules";
    std::filesystem::create_directories(path / "node_modules" / "p");
    std::ofstream(path / "a.mjs") << "import * as p from 'p'; export default p; export const u = import.meta.url;";
    std::ofstream(path / "c.cjs") << "exports.a = require('./d.json'); exports.p = require('p');";
    std::ofstream(path / "d.json") << "{\"d\": 1}";
    std::ofstream(path / "node_modules" / "p" / "package.json")
        << "{\"exports\": {\".\": {\"x\": \"./x.js\", \"default\": \"./i.js\"}}}";
    std::ofstream(path / "node_modules" / "p" / "i.js") << "module.exports = require('../../c.cjs');";
    return path.string();
  }();
  return folder;
}

miniracer_value Function(World& w) { return w.in.OneIn(2) ? w.AnyValue() : Undefined(); }

const Operation kOperations[] = {
    [](World& w) {
      miniracer_context context = w.Context();
      Record record(w);
      Out<miniracer_value> promise(w);
      if (Done(miniracer_promise_new(context, promise, record), record, promise)) w.Keep(promise.value);
    },
    [](World& w) {
      miniracer_context context = w.Context();
      miniracer_handle promise = w.Handle();
      const miniracer_value* value = w.Value();
      Record record(w);
      Done(miniracer_promise_settle(context, promise, w.in.Below(4), value, w.Run(), record), record);
    },
    [](World& w) {
      miniracer_context context = w.Context();
      miniracer_handle promise = w.Handle();
      const miniracer_value *name = w.TextValue(), *message = w.TextValue();
      Record record(w);
      uint32_t constructor = w.in.Below(6);
      const miniracer_run_options* run = w.Run();
      Done(miniracer_promise_reject_error(context, promise, constructor, name, message, w.Token(), World::ReleaseToken,
                                          run, record),
           record);
    },
    [](World& w) {
      miniracer_context context = w.Context();
      miniracer_handle promise = w.Handle();
      Record record(w);
      Out<uint32_t> state(w);
      Out<miniracer_value> result(w);
      miniracer_status status = miniracer_promise_get_state(context, promise, state, result, record);
      if (Done(status, record, state) && result.given()) w.Keep(result.value);
    },
    [](World& w) {
      miniracer_context context = w.Context();
      miniracer_handle promise = w.Handle();
      const miniracer_run_options* run = w.Run();
      Record record(w);
      miniracer_settled settled = w.in.OneIn(32) ? nullptr : Settled;
      Done(miniracer_promise_watch(context, promise, settled, w.Token(), World::ReleaseToken, run, record), record);
    },
    [](World& w) {
      miniracer_context context = w.Context();
      miniracer_handle promise = w.Handle();
      const miniracer_run_options* run = w.Run();
      Record record(w);
      Out<miniracer_value> result(w);
      if (Done(miniracer_promise_wait(context, promise, run, result, record), record, result)) w.Keep(result.value);
    },
    [](World& w) {
      miniracer_isolate isolate = w.Isolate();
      const miniracer_run_options* run = w.Run();
      Record record(w);
      Out<uint64_t> next(w);
      miniracer_status status = miniracer_isolate_run_pending(isolate, run, next, record);
      record.Check(status);
      // An EXCEPTION of somebody else's in a turn that went well.
      if (status != MINIRACER_OK && status != MINIRACER_EXCEPTION) next.CheckUntouched();
    },
    [](World& w) {
      miniracer_isolate isolate = w.Isolate();
      Record record(w);
      Done(miniracer_isolate_run_microtasks(isolate, w.Run(), record), record);
    },
    [](World& w) {
      miniracer_isolate isolate = w.Isolate();
      miniracer_wake wake = [](void*, miniracer_isolate, uint64_t) {};
      Done(miniracer_isolate_set_wake(isolate, w.in.OneIn(4) ? nullptr : wake, w.Token(), World::ReleaseToken));
    },
    [](World& w) {
      miniracer_isolate isolate = w.Isolate();
      // Nothing is freed but by finalize.
      miniracer_finalizer task = [](void*) {};
      Done(miniracer_isolate_post(isolate, w.in.OneIn(16) ? nullptr : task, w.Token(), World::ReleaseToken));
    },
    [](World& w) {
      miniracer_isolate isolate = w.Isolate();
      Done(miniracer_isolate_set_unhandled(isolate, w.in.OneIn(4) ? nullptr : Unhandled, w.Token(),
                                           World::ReleaseToken));
    },
    [](World& w) {
      miniracer_context context = w.Context();
      miniracer_module_loader loader{};
      loader.resolve = Function(w);
      loader.load = Function(w);
      loader.meta = Function(w);
      Record record(w);
      Done(miniracer_context_set_module_loader(context, w.Struct(loader), record), record);
    },
    [](World& w) {
      miniracer_context context = w.Context();
      miniracer_file_loader loader{};
      loader.flags = w.in.OneIn(16) ? w.in.Byte() : w.in.Below(2);
      loader.root = w.in.OneIn(8) ? w.AnyValue() : Text(*w.KeepText(Folder()));
      if (w.in.OneIn(4)) loader.packages = Text(*w.KeepText(Folder() + "/node_modules"));
      if (w.in.OneIn(4)) loader.conditions = Text(*w.KeepText("x,y"));
      loader.resolve = Function(w);
      loader.load = Function(w);
      Record record(w);
      Done(miniracer_context_set_file_loader(context, w.Struct(loader), record), record);
    },
    [](World& w) {
      static const char* const names[] = {"./a.mjs", "p", "./c.cjs", "./d.json", "../x", "./none", "fuzz:a", ""};
      miniracer_context context = w.Context();
      const miniracer_value* specifier = w.in.OneIn(4) ? w.TextValue() : nullptr;
      miniracer_value named = Text(*w.KeepText(names[w.in.Below(8)]));
      const miniracer_value* referrer = w.in.OneIn(4) ? w.TextValue() : nullptr;
      const miniracer_run_options* run = w.Run();
      Record record(w);
      Out<miniracer_value> result(w);
      miniracer_status status =
          miniracer_context_import(context, specifier == nullptr ? &named : specifier, referrer, run, result, record);
      if (Done(status, record, result)) w.Keep(result.value);
    },
};

}  // namespace

Operations AsyncOperations() { return {kOperations, sizeof kOperations / sizeof *kOperations}; }

}  // namespace fuzz
