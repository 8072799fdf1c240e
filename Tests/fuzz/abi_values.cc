// Calls that make values, look at them, and copy them.
#include "abi_world.h"

namespace fuzz {

namespace {

void Buffer(World& w) {
  miniracer_context context = w.Context();
  miniracer_buffer_options options{};
  options.flags = w.in.OneIn(8) ? w.in.Byte() : w.in.Below(4);
  options.length = w.in.OneIn(16) ? w.in.Number(8) : w.in.Byte();
  if (w.in.Below(2) == 1) {
    // The userdata is the memory, so that lending on is seen.
    if (options.length > 256) options.length = 256;
    options.data = options.userdata = calloc(1, 256);
    options.finalize = free;
  }
  miniracer_buffer_options* given = w.Struct(options, true);
  Record record(w);
  Out<miniracer_value> result(w);
  if (Done(miniracer_array_buffer_new(context, given, result, record), record, result)) w.Keep(result.value);
}

// Reads and writes all that a view shows.
void OpenBuffer(World& w) {
  miniracer_context context = w.Context();
  miniracer_handle object = w.Handle();
  Record record(w);
  Out<miniracer_buffer*> buffer(w);
  if (!Done(miniracer_buffer_open(context, object, buffer, record), record, buffer)) return;
  if (w.in.OneIn(2)) Done(miniracer_array_buffer_detach(context, object, nullptr));
  if (w.in.OneIn(8)) Done(miniracer_context_dispose(context));
  auto* bytes = static_cast<uint8_t*>(buffer.value->data);
  if (buffer.value->byte_length > 0 && buffer.value->byte_length < 1 << 20) {
    memset(bytes, bytes[buffer.value->byte_length - 1] + 1, buffer.value->byte_length);
  }
  miniracer_buffer_free(buffer.value);
}

void Encode(World& w) {
  miniracer_context context = w.Context();
  const miniracer_value* value = w.Value();
  miniracer_graph_options options{};
  options.flags = w.in.Below(4);
  options.max_depth = w.in.OneIn(4) ? w.in.Byte() : 0;
  options.max_nodes = w.in.OneIn(4) ? w.in.Byte() : 0;
  options.max_bytes = w.in.OneIn(4) ? w.in.Byte() : 1 << 20;
  miniracer_graph_options* given = w.Struct(options);
  const miniracer_run_options* run = w.Run();
  Record record(w);
  Out<miniracer_graph*> graph(w);
  if (!Done(miniracer_graph_encode(context, value, given, run, graph, record), record, graph)) return;
  Record second(w);
  Out<miniracer_value> result(w);
  uint64_t length = w.in.OneIn(8) ? graph.value->length / 2 : graph.value->length;
  miniracer_status status =
      miniracer_graph_decode(w.in.OneIn(4) ? w.Context() : context, graph.value->data, length, graph.value->handles,
                             graph.value->handle_count, w.in.OneIn(8) ? given : nullptr, w.Run(), result, second);
  if (Done(status, second, result)) w.Keep(result.value);
  miniracer_graph_free(graph.value);
}

const Operation kOperations[] = {
    Buffer,
    OpenBuffer,
    Encode,
    [](World& w) { w.Forget(); },
    [](World& w) {
      miniracer_context context = w.Context();
      miniracer_handle object = w.Handle();
      Record record(w);
      if (w.in.OneIn(2)) Done(miniracer_array_buffer_detach(context, object, record), record);
    },
    [](World& w) {
      miniracer_context context = w.Context();
      miniracer_handle object = w.Handle();
      uint32_t element = w.in.Below(14);
      uint64_t offset = w.in.OneIn(8) ? w.in.Number(8) : 8 * w.in.Below(3),
               length = w.in.OneIn(8) ? w.in.Number(8) : w.in.Below(9);
      Record record(w);
      Out<miniracer_value> result(w);
      miniracer_status status = miniracer_typed_array_new(context, object, element, offset, length, result, record);
      if (Done(status, record, result)) w.Keep(result.value);
    },
    [](World& w) {
      miniracer_context context = w.Context();
      const miniracer_value *a = w.Value(), *b = w.Value();
      Record record(w);
      Out<int32_t> equal(w);
      Done(miniracer_value_equals(context, a, b, equal, record), record, equal);
    },
    [](World& w) {
      miniracer_context context = w.Context();
      const miniracer_value* value = w.Value();
      miniracer_inspect_options options{};
      options.flags = w.in.Below(3);
      options.levels = w.in.Below(8) == 7 ? MINIRACER_INSPECT_ALL_LEVELS : w.in.Below(8);
      options.width = w.in.Byte();
      miniracer_inspect_options* given = w.Struct(options);
      const miniracer_run_options* run = w.Run();
      Record record(w);
      Out<miniracer_value> result(w);
      miniracer_status status;
      switch (w.in.Below(4)) {
        case 0:
          status = miniracer_value_to_string(context, value, run, result, record);
          break;
        case 1:
          status = miniracer_json_stringify(context, value, w.in.Below(13), run, result, record);
          break;
        case 2:
          status = miniracer_json_parse(context, value, result, record);
          break;
        default:
          status = miniracer_value_inspect(context, value, given, run, result, record);
      }
      if (Done(status, record, result)) w.Keep(result.value);
    },
    [](World& w) {
      miniracer_context context = w.Context();
      uint32_t count;
      const miniracer_value* elements = w.Values(&count);
      Record record(w);
      Out<miniracer_value> result(w);
      miniracer_status status = w.in.Below(2) ? miniracer_array_new(context, elements, count, result, record)
                                              : miniracer_object_new(context, result, record);
      if (Done(status, record, result)) w.Keep(result.value);
    },
    [](World& w) {
      miniracer_context context = w.Context();
      miniracer_handle object = w.Handle();
      uint64_t bits = w.in.Number(8);
      double time;
      memcpy(&time, &bits, sizeof time);
      Record record(w), second(w);
      Out<miniracer_value> date(w);
      if (Done(miniracer_date_new(context, time, date, record), record, date)) w.Keep(date.value);
      Out<double> told(w);
      Done(miniracer_date_get_time(context, object, told, second), second, told);
    },
    [](World& w) {
      miniracer_handle handle = w.Handle();
      Out<miniracer_handle> duplicate(w);
      if (!Done(miniracer_handle_duplicate(handle, duplicate), duplicate)) return;
      miniracer_value value{};
      value.tag = MINIRACER_OBJECT;
      value.flags = MINIRACER_VALUE_OWNED;
      value.as.handle = duplicate.value;
      w.Keep(value);
    },
    [](World& w) {
      miniracer_context context = w.Context();
      miniracer_handle object = w.Handle();
      Record record(w), second(w);
      Out<int32_t> hash(w);
      Done(miniracer_object_get_hash(context, object, hash, record), record, hash);
      Out<miniracer_value> name(w);
      if (Done(miniracer_object_get_class_name(context, object, name, second), second, name)) w.Keep(name.value);
    },
    [](World& w) {
      miniracer_context context = w.Context();
      miniracer_handle symbol = w.Handle();
      const miniracer_value* description = w.TextValue();
      Record record(w), second(w);
      Out<miniracer_value> made(w), told(w);
      if (Done(miniracer_symbol_new(context, w.in.Below(4), description, made, record), record, made))
        w.Keep(made.value);
      if (Done(miniracer_symbol_get_description(context, symbol, told, second), second, told)) w.Keep(told.value);
    },
    [](World& w) {
      miniracer_context context = w.Context();
      const miniracer_value* value = w.Value();
      miniracer_handle constructor = w.Handle();
      const miniracer_run_options* run = w.Run();
      Record record(w);
      Out<int32_t> is(w);
      Done(miniracer_value_instance_of(context, value, constructor, run, is, record), record, is);
    },
};

}  // namespace

Operations ValueOperations() { return {kOperations, sizeof kOperations / sizeof *kOperations}; }

}  // namespace fuzz
