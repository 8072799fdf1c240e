// Calls on objects, functions, Maps and Sets.
#include "abi_world.h"

namespace fuzz {

miniracer_function_options FunctionOptions(World& w) {
  miniracer_function_options options{};
  options.flags = w.in.OneIn(16) ? w.in.Byte() : w.in.Below(4);
  options.length = static_cast<int32_t>(w.in.Byte()) - 1;
  if (const miniracer_value* name = w.TextValue(); name != nullptr) options.name = *name;
  options.callback = w.in.OneIn(32) ? nullptr : Callback;
  options.userdata = w.Token();
  options.finalize = World::ReleaseToken;
  return options;
}

namespace {

// A function or object of the host's, `h` in the global object half the time, so that scripts call it.
void Publish(World& w, miniracer_context context, const miniracer_value& value) {
  w.Keep(value);
  miniracer_value global{}, key = Text(*w.KeepText("h"));
  if (w.in.OneIn(2) || miniracer_context_get_global(context, &global, nullptr) != MINIRACER_OK) return;
  Done(miniracer_object_set(context, global.as.handle, &key, &value, w.Run(), nullptr));
  miniracer_value_release(&global, 1);
}

// The calls that have the form (context, object, key, run) -> int32.
template <class F>
void Ask(World& w, F function) {
  miniracer_context context = w.Context();
  miniracer_handle object = w.Handle();
  const miniracer_value* key = w.Value();
  const miniracer_run_options* run = w.Run();
  Record record(w);
  Out<int32_t> answer(w);
  if (Done(function(context, object, key, run, answer, record), record, answer)) {
    REQUIRE(answer.value == 0 || answer.value == 1, "0 or 1");
  }
}

void TakeList(World& w, miniracer_value* list, uint32_t count) {
  if (count > 0 && w.in.OneIn(2)) {
    w.Keep(list[0]);
    list[0].tag = MINIRACER_UNDEFINED;
  }
  miniracer_values_free(list, count);
}

const Operation kOperations[] = {
    [](World& w) {
      miniracer_context context = w.Context();
      miniracer_handle object = w.Handle();
      const miniracer_value* key = w.Value();
      const miniracer_run_options* run = w.Run();
      Record record(w);
      Out<miniracer_value> result(w);
      if (Done(miniracer_object_get(context, object, key, run, result, record), record, result)) w.Keep(result.value);
    },
    [](World& w) {
      miniracer_context context = w.Context();
      miniracer_handle object = w.Handle();
      const miniracer_value *key = w.Value(), *value = w.Value();
      Record record(w);
      Done(miniracer_object_set(context, object, key, value, w.Run(), record), record);
    },
    [](World& w) { Ask(w, miniracer_object_has); },
    [](World& w) { Ask(w, miniracer_object_delete); },
    [](World& w) {
      miniracer_context context = w.Context();
      miniracer_handle object = w.Handle();
      uint32_t flags = w.in.Below(10);
      const miniracer_run_options* run = w.Run();
      Record record(w);
      Out<miniracer_value*> keys(w);
      Out<uint32_t> count(w);
      miniracer_status status = miniracer_object_keys(context, object, flags, run, keys, count, record);
      if (status != MINIRACER_OK) count.CheckUntouched();
      if (Done(status, record, keys)) TakeList(w, keys.value, count.value);
    },
    [](World& w) {
      miniracer_context context = w.Context();
      miniracer_handle object = w.Handle();
      uint32_t count;
      const miniracer_value *key = w.Value(), *arguments = w.Values(&count), *receiver = w.Value();
      const miniracer_run_options* run = w.Run();
      Record record(w);
      Out<miniracer_value> result(w);
      miniracer_status status;
      switch (w.in.Below(3)) {
        case 0:
          status = miniracer_object_call(context, object, key, arguments, count, run, result, record);
          break;
        case 1:
          status = miniracer_function_call(context, object, receiver, arguments, count, run, result, record);
          break;
        default:
          status = miniracer_function_construct(context, object, arguments, count, run, result, record);
      }
      if (Done(status, record, result)) w.Keep(result.value);
    },
    [](World& w) {
      miniracer_context context = w.Context();
      miniracer_function_options* options = w.Struct(FunctionOptions(w), true);
      Record record(w);
      Out<miniracer_value> result(w);
      if (Done(miniracer_function_new(context, options, result, record), record, result))
        Publish(w, context, result.value);
    },
    [](World& w) {
      miniracer_context context = w.Context();
      miniracer_host_object_options options{};
      options.flags = w.in.OneIn(16) ? w.in.Byte() : w.in.Below(8);
      options.callback = w.in.OneIn(32) ? nullptr : Callback;
      options.userdata = w.Token();
      options.finalize = World::ReleaseToken;
      if (w.in.OneIn(4)) options.prototype = w.AnyValue();
      if (const miniracer_value* name = w.TextValue(); name != nullptr) options.class_name = *name;
      miniracer_host_object_options* given = w.Struct(options, true);
      Record record(w);
      Out<miniracer_value> result(w);
      if (!Done(miniracer_host_object_new(context, given, result, record), record, result)) return;
      Publish(w, context, result.value);
      Out<miniracer_value> found(w);
      Record again(w);
      if (Done(miniracer_host_object_find(context, options.userdata, found, again), again, found)) w.Keep(found.value);
    },
    [](World& w) {
      miniracer_context context = w.Context();
      miniracer_handle object = w.Handle();
      Record record(w);
      Out<void*> userdata(w);
      Done(miniracer_host_object_get_userdata(context, object, userdata, record), record, userdata);
    },
    [](World& w) {
      miniracer_context context = w.Context();
      miniracer_handle object = w.Handle();
      const miniracer_value* key = w.Value();
      miniracer_property property{};
      property.flags = w.in.Below(20);
      property.value = w.AnyValue();
      if (w.in.OneIn(2)) property.getter = w.AnyValue();
      if (w.in.OneIn(2)) property.setter = w.AnyValue();
      Record record(w);
      Done(miniracer_object_define(context, object, key, w.Struct(property), w.Run(), record), record);
    },
    [](World& w) {
      miniracer_context context = w.Context();
      miniracer_handle object = w.Handle();
      const miniracer_value* key = w.Value();
      miniracer_property* property = w.Struct(miniracer_property{});
      const miniracer_run_options* run = w.Run();
      Record record(w);
      Out<int32_t> present(w);
      miniracer_status status = miniracer_object_get_own_property(context, object, key, run, property, present, record);
      Done(status, record, present);
      if (status == MINIRACER_OK && property != nullptr && property->struct_size >= sizeof *property) {
        miniracer_value_release(&property->value, 3);
      }
    },
    [](World& w) {
      miniracer_context context = w.Context();
      miniracer_handle object = w.Handle();
      Record record(w);
      Out<miniracer_value> result(w);
      if (Done(miniracer_object_get_prototype(context, object, result, record), record, result)) w.Keep(result.value);
    },
    [](World& w) {
      miniracer_context context = w.Context();
      miniracer_handle object = w.Handle();
      const miniracer_value* prototype = w.Value();
      Record record(w);
      Done(miniracer_object_set_prototype(context, object, prototype, w.Run(), record), record);
    },
    [](World& w) {
      miniracer_context context = w.Context();
      Record record(w);
      Out<miniracer_value> result(w);
      miniracer_status status =
          w.in.Below(2) ? miniracer_map_new(context, result, record) : miniracer_set_new(context, result, record);
      if (Done(status, record, result)) w.Keep(result.value);
    },
    [](World& w) {
      miniracer_context context = w.Context();
      miniracer_handle object = w.Handle();
      const miniracer_value *key = w.Value(), *value = w.Value();
      Record record(w);
      Done(miniracer_collection_set(context, object, key, value, record), record);
    },
    [](World& w) {
      miniracer_context context = w.Context();
      miniracer_handle object = w.Handle();
      const miniracer_value* key = w.Value();
      Record record(w), again(w), last(w);
      Out<miniracer_value> result(w);
      if (Done(miniracer_collection_get(context, object, key, result, record), record, result)) w.Keep(result.value);
      Out<int32_t> present(w);
      auto function = w.in.Below(2) ? miniracer_collection_has : miniracer_collection_delete;
      Done(function(context, object, key, present, again), again, present);
      Out<uint32_t> size(w);
      Done(miniracer_collection_get_size(context, object, size, last), last, size);
      if (w.in.OneIn(8)) Done(miniracer_collection_clear(context, object, nullptr));
    },
    [](World& w) {
      miniracer_context context = w.Context();
      miniracer_handle object = w.Handle();
      Record record(w);
      Out<miniracer_value*> entries(w);
      Out<uint32_t> count(w);
      miniracer_status status = miniracer_collection_entries(context, object, entries, count, record);
      if (status != MINIRACER_OK) count.CheckUntouched();
      if (Done(status, record, entries)) TakeList(w, entries.value, count.value);
    },
};

}  // namespace

Operations ObjectOperations() { return {kOperations, sizeof kOperations / sizeof *kOperations}; }

}  // namespace fuzz
