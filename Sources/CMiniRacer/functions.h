/*
 * functions.h - every function of the contract, once: X(name without miniracer_, first ABI number that has it, required).
 *
 * Required are those without which a binary is of no use at all: it must load, start, evaluate and clean up. Any other may
 * be missing from a binary, and then the call of that one fails alone.
 */
#ifndef CMINIRACER_FUNCTIONS_H
#define CMINIRACER_FUNCTIONS_H

#define CMINIRACER_FUNCTIONS(X)        \
  X(abi_version, 1, 1)                 \
  X(struct_size, 1, 1)                 \
  X(library_get_info, 1, 1)            \
  X(status_name, 1, 0)                 \
  X(init, 1, 1)                        \
  X(value_release, 1, 1)               \
  X(error_free, 1, 1)                  \
  X(isolate_new, 1, 1)                 \
  X(isolate_dispose, 1, 1)             \
  X(isolate_lock, 1, 0)                \
  X(isolate_unlock, 1, 0)              \
  X(isolate_cancel, 1, 0)              \
  X(isolate_set_heap_limit, 1, 0)      \
  X(isolate_collect_garbage, 1, 0)     \
  X(isolate_get_heap_statistics, 1, 0) \
  X(isolate_run_microtasks, 1, 0)      \
  X(context_new, 1, 1)                 \
  X(context_dispose, 1, 1)             \
  X(context_get_isolate, 1, 0)         \
  X(context_get_global, 1, 1)          \
  X(context_evaluate, 1, 1)            \
  X(value_equals, 1, 0)                \
  X(value_to_string, 1, 0)             \
  X(json_parse, 1, 0)                  \
  X(json_stringify, 1, 0)              \
  X(object_new, 1, 0)                  \
  X(array_new, 1, 0)                   \
  X(date_new, 1, 0)                    \
  X(date_get_time, 1, 0)               \
  X(handle_duplicate, 1, 0)            \
  X(object_get_hash, 1, 0)             \
  X(object_get_class_name, 1, 0)       \
  X(object_get, 1, 0)                  \
  X(object_set, 1, 0)                  \
  X(object_has, 1, 0)                  \
  X(object_delete, 1, 0)               \
  X(object_keys, 1, 0)                 \
  X(values_free, 1, 0)                 \
  X(object_call, 1, 0)                 \
  X(function_call, 1, 0)               \
  X(function_construct, 1, 0)          \
  X(function_new, 1, 0)                \
  X(call_return, 1, 0)                 \
  X(call_throw, 1, 0)                  \
  X(call_throw_error, 1, 0)            \
  X(symbol_new, 2, 0)                  \
  X(symbol_get_description, 2, 0)      \
  X(object_define, 2, 0)               \
  X(object_get_own_property, 2, 0)     \
  X(object_get_prototype, 2, 0)        \
  X(object_set_prototype, 2, 0)        \
  X(value_instance_of, 2, 0)           \
  X(value_inspect, 2, 0)               \
  X(map_new, 2, 0)                     \
  X(set_new, 2, 0)                     \
  X(collection_get_size, 2, 0)         \
  X(collection_get, 2, 0)              \
  X(collection_set, 2, 0)              \
  X(collection_has, 2, 0)              \
  X(collection_delete, 2, 0)           \
  X(collection_clear, 2, 0)            \
  X(collection_entries, 2, 0)          \
  X(buffer_open, 2, 0)                 \
  X(buffer_free, 2, 0)                 \
  X(array_buffer_new, 2, 0)            \
  X(array_buffer_detach, 2, 0)         \
  X(typed_array_new, 2, 0)             \
  X(host_object_new, 2, 0)             \
  X(host_object_find, 2, 0)            \
  X(host_object_get_userdata, 2, 0)    \
  X(graph_encode, 2, 0)                \
  X(graph_free, 2, 0)                  \
  X(graph_decode, 2, 0)                \
  X(promise_new, 2, 0)                 \
  X(promise_settle, 2, 0)              \
  X(promise_reject_error, 2, 0)        \
  X(promise_get_state, 2, 0)           \
  X(promise_watch, 2, 0)               \
  X(promise_wait, 2, 0)                \
  X(isolate_run_pending, 2, 0)         \
  X(isolate_set_wake, 2, 0)            \
  X(isolate_post, 2, 0)                \
  X(isolate_set_unhandled, 2, 0)       \
  X(library_drain, 2, 0)               \
  X(context_set_module_loader, 2, 0)   \
  X(context_set_file_loader, 2, 0)     \
  X(context_import, 2, 0)              \
  X(context_evaluate_module, 2, 0)     \
  X(isolate_write_heap_snapshot, 2, 0) \
  X(isolate_options_preset, 3, 0)      \
  X(process_get_statistics, 3, 0)

#endif /* CMINIRACER_FUNCTIONS_H */
