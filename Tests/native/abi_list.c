/* Holds the header, the binary and the checked-in list of what they promise (native/abi/abi.txt) to one another.
 *
 * The list has one item a line, sorted: what it is, its name, and numbers.
 *   constant NAME VALUE
 *   enum NAME VALUE
 *   field STRUCT.FIELD OFFSET SIZE
 *   function NAME
 *   struct NAME SIZE ALIGNMENT
 *   type NAME SIZE
 *
 * The tables below say what the compiler makes of the header; the header's text is read as well, so that nothing in it
 * can be forgotten here. After adding to the header: add to the tables, then
 * `test_abi_list --print > native/abi/abi.txt`.
 * What was there must stay as it was. */
#include <ctype.h>
#include <dlfcn.h>
#include <inttypes.h>
#include <stddef.h>

#include "test.h"

static char *items[1000];
static size_t item_count;

static void add(const char *kind, const char *name, int numbers, uint64_t first, uint64_t second) {
  char line[200];
  int length = snprintf(line, sizeof line, "%s %s", kind, name);
  if (numbers > 0) length += snprintf(line + length, sizeof line - (size_t)length, " %" PRIu64, first);
  if (numbers > 1) snprintf(line + length, sizeof line - (size_t)length, " %" PRIu64, second);
  REQUIRE(item_count < COUNT(items));
  items[item_count] = malloc(strlen(line) + 1);
  strcpy(items[item_count++], line);
}

#define CONSTANT(name) add("constant", #name, 1, name, 0)
#define ENUM(name) add("enum", #name, 1, name, 0)
#define FUNCTION(name) add("function", #name, 0, sizeof &name, 0)
#define TYPE(name) add("type", #name, 1, sizeof(name), 0)
#define STRUCT(name)                                                     \
  do {                                                                   \
    struct aligned {                                                     \
      char before;                                                       \
      name in;                                                           \
    };                                                                   \
    add("struct", #name, 2, sizeof(name), offsetof(struct aligned, in)); \
  } while (0)
#define FIELD(name, field) add("field", #name "." #field, 2, offsetof(name, field), sizeof(((name *)0)->field))

static void functions(void) {
  FUNCTION(miniracer_abi_version);
  FUNCTION(miniracer_array_buffer_detach);
  FUNCTION(miniracer_array_buffer_new);
  FUNCTION(miniracer_array_new);
  FUNCTION(miniracer_buffer_free);
  FUNCTION(miniracer_buffer_open);
  FUNCTION(miniracer_call_return);
  FUNCTION(miniracer_call_throw);
  FUNCTION(miniracer_call_throw_error);
  FUNCTION(miniracer_collection_clear);
  FUNCTION(miniracer_collection_delete);
  FUNCTION(miniracer_collection_entries);
  FUNCTION(miniracer_collection_get);
  FUNCTION(miniracer_collection_get_size);
  FUNCTION(miniracer_collection_has);
  FUNCTION(miniracer_collection_set);
  FUNCTION(miniracer_context_dispose);
  FUNCTION(miniracer_context_evaluate);
  FUNCTION(miniracer_context_evaluate_module);
  FUNCTION(miniracer_context_get_global);
  FUNCTION(miniracer_context_get_isolate);
  FUNCTION(miniracer_context_import);
  FUNCTION(miniracer_context_new);
  FUNCTION(miniracer_context_set_file_loader);
  FUNCTION(miniracer_context_set_module_loader);
  FUNCTION(miniracer_date_get_time);
  FUNCTION(miniracer_date_new);
  FUNCTION(miniracer_error_free);
  FUNCTION(miniracer_function_call);
  FUNCTION(miniracer_function_construct);
  FUNCTION(miniracer_function_new);
  FUNCTION(miniracer_graph_decode);
  FUNCTION(miniracer_graph_encode);
  FUNCTION(miniracer_graph_free);
  FUNCTION(miniracer_handle_duplicate);
  FUNCTION(miniracer_host_object_find);
  FUNCTION(miniracer_host_object_get_userdata);
  FUNCTION(miniracer_host_object_new);
  FUNCTION(miniracer_init);
  FUNCTION(miniracer_isolate_cancel);
  FUNCTION(miniracer_isolate_collect_garbage);
  FUNCTION(miniracer_isolate_dispose);
  FUNCTION(miniracer_isolate_get_heap_statistics);
  FUNCTION(miniracer_isolate_lock);
  FUNCTION(miniracer_isolate_new);
  FUNCTION(miniracer_isolate_options_preset);
  FUNCTION(miniracer_isolate_post);
  FUNCTION(miniracer_isolate_run_microtasks);
  FUNCTION(miniracer_isolate_run_pending);
  FUNCTION(miniracer_isolate_set_heap_limit);
  FUNCTION(miniracer_isolate_set_unhandled);
  FUNCTION(miniracer_isolate_set_wake);
  FUNCTION(miniracer_isolate_unlock);
  FUNCTION(miniracer_isolate_write_heap_snapshot);
  FUNCTION(miniracer_json_parse);
  FUNCTION(miniracer_json_stringify);
  FUNCTION(miniracer_library_drain);
  FUNCTION(miniracer_library_get_info);
  FUNCTION(miniracer_map_new);
  FUNCTION(miniracer_object_call);
  FUNCTION(miniracer_object_define);
  FUNCTION(miniracer_object_delete);
  FUNCTION(miniracer_object_get);
  FUNCTION(miniracer_object_get_class_name);
  FUNCTION(miniracer_object_get_hash);
  FUNCTION(miniracer_object_get_own_property);
  FUNCTION(miniracer_object_get_prototype);
  FUNCTION(miniracer_object_has);
  FUNCTION(miniracer_object_keys);
  FUNCTION(miniracer_object_new);
  FUNCTION(miniracer_object_set);
  FUNCTION(miniracer_object_set_prototype);
  FUNCTION(miniracer_promise_get_state);
  FUNCTION(miniracer_process_get_statistics);
  FUNCTION(miniracer_promise_new);
  FUNCTION(miniracer_promise_reject_error);
  FUNCTION(miniracer_promise_settle);
  FUNCTION(miniracer_promise_wait);
  FUNCTION(miniracer_promise_watch);
  FUNCTION(miniracer_set_new);
  FUNCTION(miniracer_status_name);
  FUNCTION(miniracer_struct_size);
  FUNCTION(miniracer_symbol_get_description);
  FUNCTION(miniracer_symbol_new);
  FUNCTION(miniracer_typed_array_new);
  FUNCTION(miniracer_value_equals);
  FUNCTION(miniracer_value_inspect);
  FUNCTION(miniracer_value_instance_of);
  FUNCTION(miniracer_value_release);
  FUNCTION(miniracer_value_to_string);
  FUNCTION(miniracer_values_free);
}

static void constants(void) {
  CONSTANT(MINIRACER_ABI_VERSION);
  CONSTANT(MINIRACER_NO_TIMEOUT);
  CONSTANT(MINIRACER_FROZEN_CLOCK);
  CONSTANT(MINIRACER_INSPECT_ALL_LEVELS);
  ENUM(MINIRACER_OK);
  ENUM(MINIRACER_INVALID_ARGUMENT);
  ENUM(MINIRACER_INVALID_HANDLE);
  ENUM(MINIRACER_INVALID_TEXT);
  ENUM(MINIRACER_WRONG_TYPE);
  ENUM(MINIRACER_UNKNOWN_FIELD);
  ENUM(MINIRACER_UNKNOWN_FLAG);
  ENUM(MINIRACER_TOO_LATE);
  ENUM(MINIRACER_TOO_LARGE);
  ENUM(MINIRACER_NOT_LOCKED);
  ENUM(MINIRACER_NOT_SUPPORTED);
  ENUM(MINIRACER_WOULD_DEADLOCK);
  ENUM(MINIRACER_EXCEPTION);
  ENUM(MINIRACER_SYNTAX_ERROR);
  ENUM(MINIRACER_TIMEOUT);
  ENUM(MINIRACER_CPU_TIME);
  ENUM(MINIRACER_OUT_OF_MEMORY);
  ENUM(MINIRACER_CANCELLED);
  ENUM(MINIRACER_TOO_MANY_HANDLES);
  ENUM(MINIRACER_NOT_INITIALIZED);
  ENUM(MINIRACER_CLOSED);
  ENUM(MINIRACER_FORKED);
  ENUM(MINIRACER_ENGINE_DEAD);
  ENUM(MINIRACER_INTERNAL);
  ENUM(MINIRACER_HOST_OUT_OF_MEMORY);
  ENUM(MINIRACER_UNDEFINED);
  ENUM(MINIRACER_NULL);
  ENUM(MINIRACER_BOOLEAN);
  ENUM(MINIRACER_INT32);
  ENUM(MINIRACER_DOUBLE);
  ENUM(MINIRACER_STRING);
  ENUM(MINIRACER_BIGINT);
  ENUM(MINIRACER_SYMBOL);
  ENUM(MINIRACER_OBJECT);
  ENUM(MINIRACER_LATIN1);
  ENUM(MINIRACER_UTF16);
  ENUM(MINIRACER_UTF8);
  ENUM(MINIRACER_BIGINT_INT64);
  ENUM(MINIRACER_BIGINT_WORDS);
  ENUM(MINIRACER_OBJECT_PLAIN);
  ENUM(MINIRACER_OBJECT_ARRAY);
  ENUM(MINIRACER_OBJECT_FUNCTION);
  ENUM(MINIRACER_OBJECT_ERROR);
  ENUM(MINIRACER_OBJECT_DATE);
  ENUM(MINIRACER_OBJECT_REGEXP);
  ENUM(MINIRACER_OBJECT_PROMISE);
  ENUM(MINIRACER_OBJECT_MAP);
  ENUM(MINIRACER_OBJECT_SET);
  ENUM(MINIRACER_OBJECT_WEAK_MAP);
  ENUM(MINIRACER_OBJECT_WEAK_SET);
  ENUM(MINIRACER_OBJECT_WEAK_REF);
  ENUM(MINIRACER_OBJECT_ARRAY_BUFFER);
  ENUM(MINIRACER_OBJECT_SHARED_ARRAY_BUFFER);
  ENUM(MINIRACER_OBJECT_TYPED_ARRAY);
  ENUM(MINIRACER_OBJECT_DATA_VIEW);
  ENUM(MINIRACER_OBJECT_PROXY);
  ENUM(MINIRACER_OBJECT_GENERATOR);
  ENUM(MINIRACER_OBJECT_BOXED);
  ENUM(MINIRACER_OBJECT_ARGUMENTS);
  ENUM(MINIRACER_OBJECT_MODULE_NAMESPACE);
  ENUM(MINIRACER_OBJECT_WASM);
  ENUM(MINIRACER_OBJECT_HOST);
  ENUM(MINIRACER_OBJECT_ITERATOR);
  ENUM(MINIRACER_VALUE_OWNED);
  ENUM(MINIRACER_VALUE_NEGATIVE);
  ENUM(MINIRACER_VALUE_CALLABLE);
  ENUM(MINIRACER_VALUE_ASYNC);
  ENUM(MINIRACER_FEATURE_INTL);
  ENUM(MINIRACER_FEATURE_WEBASSEMBLY);
  ENUM(MINIRACER_FEATURE_SHARED_MEMORY);
  ENUM(MINIRACER_FEATURE_DEBUG_BUILD);
  ENUM(MINIRACER_FEATURE_SANITIZER_BUILD);
  ENUM(MINIRACER_STRUCT_VALUE);
  ENUM(MINIRACER_STRUCT_LIBRARY_INFO);
  ENUM(MINIRACER_STRUCT_INIT_OPTIONS);
  ENUM(MINIRACER_STRUCT_FRAME);
  ENUM(MINIRACER_STRUCT_ERROR);
  ENUM(MINIRACER_STRUCT_ISOLATE_OPTIONS);
  ENUM(MINIRACER_STRUCT_HEAP_STATISTICS);
  ENUM(MINIRACER_STRUCT_CONTEXT_OPTIONS);
  ENUM(MINIRACER_STRUCT_RUN_OPTIONS);
  ENUM(MINIRACER_STRUCT_SCRIPT);
  ENUM(MINIRACER_STRUCT_CALL);
  ENUM(MINIRACER_STRUCT_FUNCTION_OPTIONS);
  ENUM(MINIRACER_STRUCT_PROPERTY);
  ENUM(MINIRACER_STRUCT_BUFFER);
  ENUM(MINIRACER_STRUCT_BUFFER_OPTIONS);
  ENUM(MINIRACER_STRUCT_HOST_OBJECT_OPTIONS);
  ENUM(MINIRACER_STRUCT_GRAPH);
  ENUM(MINIRACER_STRUCT_GRAPH_OPTIONS);
  ENUM(MINIRACER_STRUCT_MODULE_LOADER);
  ENUM(MINIRACER_STRUCT_FILE_LOADER);
  ENUM(MINIRACER_STRUCT_INSPECT_OPTIONS);
  ENUM(MINIRACER_STRUCT_ISOLATE_EVENT);
  ENUM(MINIRACER_STRUCT_PROCESS_STATISTICS);
  ENUM(MINIRACER_INSPECT_COLORS);
  ENUM(MINIRACER_INIT_SINGLE_THREADED);
  ENUM(MINIRACER_INIT_JITLESS);
  ENUM(MINIRACER_INIT_NO_SIGNALS);
  ENUM(MINIRACER_FRAME_EVAL);
  ENUM(MINIRACER_FRAME_CONSTRUCTOR);
  ENUM(MINIRACER_FRAME_WASM);
  ENUM(MINIRACER_FRAME_GUEST);
  ENUM(MINIRACER_FRAME_ASYNC);
  ENUM(MINIRACER_FRAME_NATIVE);
  ENUM(MINIRACER_ERROR_NATIVE);
  ENUM(MINIRACER_ERROR_REJECTION);
  ENUM(MINIRACER_ISOLATE_EXPLICIT_MICROTASKS);
  ENUM(MINIRACER_ISOLATE_BACKGROUND_LOOP);
  ENUM(MINIRACER_ISOLATE_NO_EVAL);
  ENUM(MINIRACER_ISOLATE_NO_WEBASSEMBLY);
  ENUM(MINIRACER_ISOLATE_NO_SHARED_MEMORY);
  ENUM(MINIRACER_EVENT_MEMORY_WARNING);
  ENUM(MINIRACER_EVENT_UNRESPONSIVE);
  ENUM(MINIRACER_EVENT_DEAD);
  ENUM(MINIRACER_PRESET_TRUSTED);
  ENUM(MINIRACER_PRESET_UNTRUSTED);
  ENUM(MINIRACER_COLLECT_HINT);
  ENUM(MINIRACER_COLLECT_FULL);
  ENUM(MINIRACER_CONTEXT_TIMERS);
  ENUM(MINIRACER_CONTEXT_CONSOLE);
  ENUM(MINIRACER_CONTEXT_WEB);
  ENUM(MINIRACER_CONTEXT_CONSOLE_COLORS);
  ENUM(MINIRACER_CONSOLE_DEBUG);
  ENUM(MINIRACER_CONSOLE_INFO);
  ENUM(MINIRACER_CONSOLE_WARNING);
  ENUM(MINIRACER_CONSOLE_ERROR);
  ENUM(MINIRACER_KEYS_HIDDEN);
  ENUM(MINIRACER_KEYS_SYMBOLS);
  ENUM(MINIRACER_KEYS_INHERITED);
  ENUM(MINIRACER_CALL_CONSTRUCT);
  ENUM(MINIRACER_CALL_NOT_MINE);
  ENUM(MINIRACER_FUNCTION_RECEIVER);
  ENUM(MINIRACER_FUNCTION_CONSTRUCTOR);
  ENUM(MINIRACER_THROW_ERROR);
  ENUM(MINIRACER_THROW_TYPE_ERROR);
  ENUM(MINIRACER_THROW_RANGE_ERROR);
  ENUM(MINIRACER_THROW_REFERENCE_ERROR);
  ENUM(MINIRACER_THROW_SYNTAX_ERROR);
  ENUM(MINIRACER_SYMBOL_UNIQUE);
  ENUM(MINIRACER_SYMBOL_REGISTERED);
  ENUM(MINIRACER_SYMBOL_WELL_KNOWN);
  ENUM(MINIRACER_PROPERTY_WRITABLE);
  ENUM(MINIRACER_PROPERTY_ENUMERABLE);
  ENUM(MINIRACER_PROPERTY_CONFIGURABLE);
  ENUM(MINIRACER_PROPERTY_ACCESSOR);
  ENUM(MINIRACER_ELEMENT_NONE);
  ENUM(MINIRACER_ELEMENT_INT8);
  ENUM(MINIRACER_ELEMENT_UINT8);
  ENUM(MINIRACER_ELEMENT_UINT8_CLAMPED);
  ENUM(MINIRACER_ELEMENT_INT16);
  ENUM(MINIRACER_ELEMENT_UINT16);
  ENUM(MINIRACER_ELEMENT_INT32);
  ENUM(MINIRACER_ELEMENT_UINT32);
  ENUM(MINIRACER_ELEMENT_FLOAT32);
  ENUM(MINIRACER_ELEMENT_FLOAT64);
  ENUM(MINIRACER_ELEMENT_BIGINT64);
  ENUM(MINIRACER_ELEMENT_BIGUINT64);
  ENUM(MINIRACER_ELEMENT_FLOAT16);
  ENUM(MINIRACER_BUFFER_SHARED);
  ENUM(MINIRACER_BUFFER_DETACHED);
  ENUM(MINIRACER_BUFFER_NEW_SHARED);
  ENUM(MINIRACER_BUFFER_NEW_COPY);
  ENUM(MINIRACER_ACCESS_GET);
  ENUM(MINIRACER_ACCESS_SET);
  ENUM(MINIRACER_ACCESS_HAS);
  ENUM(MINIRACER_ACCESS_DELETE);
  ENUM(MINIRACER_ACCESS_KEYS);
  ENUM(MINIRACER_ACCESS_APPLY);
  ENUM(MINIRACER_ACCESS_CONSTRUCT);
  ENUM(MINIRACER_HOST_OBJECT_CALLABLE);
  ENUM(MINIRACER_HOST_OBJECT_READ_ONLY);
  ENUM(MINIRACER_HOST_OBJECT_LIST);
  ENUM(MINIRACER_GRAPH_DROP);
  ENUM(MINIRACER_GRAPH_HANDLE);
  ENUM(MINIRACER_PROMISE_PENDING);
  ENUM(MINIRACER_PROMISE_FULFILLED);
  ENUM(MINIRACER_PROMISE_REJECTED);
  ENUM(MINIRACER_FILES_REQUIRE);
}

static void types(void) {
  TYPE(miniracer_status);
  TYPE(miniracer_isolate);
  TYPE(miniracer_context);
  TYPE(miniracer_handle);
  TYPE(miniracer_callback);
  TYPE(miniracer_finalizer);
  TYPE(miniracer_settled);
  TYPE(miniracer_wake);
  TYPE(miniracer_unhandled);
  TYPE(miniracer_writer);
  STRUCT(miniracer_value);
  FIELD(miniracer_value, tag);
  FIELD(miniracer_value, subtype);
  FIELD(miniracer_value, flags);
  FIELD(miniracer_value, length);
  FIELD(miniracer_value, as);
  FIELD(miniracer_value, as.int32);
  FIELD(miniracer_value, as.int64);
  FIELD(miniracer_value, as.number);
  FIELD(miniracer_value, as.data);
  FIELD(miniracer_value, as.words);
  FIELD(miniracer_value, as.handle);
  STRUCT(miniracer_library_info);
  FIELD(miniracer_library_info, struct_size);
  FIELD(miniracer_library_info, abi_version);
  FIELD(miniracer_library_info, features);
  FIELD(miniracer_library_info, library_version);
  FIELD(miniracer_library_info, engine_name);
  FIELD(miniracer_library_info, engine_version);
  FIELD(miniracer_library_info, build_id);
  FIELD(miniracer_library_info, maximum_string_length);
  FIELD(miniracer_library_info, maximum_handles);
  STRUCT(miniracer_init_options);
  FIELD(miniracer_init_options, struct_size);
  FIELD(miniracer_init_options, flags);
  FIELD(miniracer_init_options, worker_threads);
  FIELD(miniracer_init_options, v8_flags_length);
  FIELD(miniracer_init_options, v8_flags);
  STRUCT(miniracer_frame);
  FIELD(miniracer_frame, function);
  FIELD(miniracer_frame, file);
  FIELD(miniracer_frame, line);
  FIELD(miniracer_frame, column);
  FIELD(miniracer_frame, flags);
  FIELD(miniracer_frame, reserved);
  STRUCT(miniracer_error);
  FIELD(miniracer_error, struct_size);
  FIELD(miniracer_error, status);
  FIELD(miniracer_error, flags);
  FIELD(miniracer_error, frame_count);
  FIELD(miniracer_error, frame_size);
  FIELD(miniracer_error, line);
  FIELD(miniracer_error, column);
  FIELD(miniracer_error, end_column);
  FIELD(miniracer_error, name);
  FIELD(miniracer_error, message);
  FIELD(miniracer_error, file);
  FIELD(miniracer_error, source_line);
  FIELD(miniracer_error, stack);
  FIELD(miniracer_error, thrown);
  FIELD(miniracer_error, frames);
  FIELD(miniracer_error, cause);
  FIELD(miniracer_error, host_error);
  STRUCT(miniracer_isolate_options);
  FIELD(miniracer_isolate_options, struct_size);
  FIELD(miniracer_isolate_options, flags);
  FIELD(miniracer_isolate_options, heap_limit);
  FIELD(miniracer_isolate_options, timeout);
  FIELD(miniracer_isolate_options, stack_limit);
  FIELD(miniracer_isolate_options, cpu_time);
  FIELD(miniracer_isolate_options, memory_limit);
  FIELD(miniracer_isolate_options, memory_warning);
  FIELD(miniracer_isolate_options, grace);
  FIELD(miniracer_isolate_options, clock_resolution);
  FIELD(miniracer_isolate_options, maximum_handles);
  FIELD(miniracer_isolate_options, maximum_timers);
  FIELD(miniracer_isolate_options, maximum_modules);
  FIELD(miniracer_isolate_options, maximum_promises);
  FIELD(miniracer_isolate_options, maximum_console);
  FIELD(miniracer_isolate_options, event);
  FIELD(miniracer_isolate_options, event_userdata);
  FIELD(miniracer_isolate_options, event_finalize);
  STRUCT(miniracer_heap_statistics);
  FIELD(miniracer_heap_statistics, struct_size);
  FIELD(miniracer_heap_statistics, reserved);
  FIELD(miniracer_heap_statistics, heap_used);
  FIELD(miniracer_heap_statistics, heap_committed);
  FIELD(miniracer_heap_statistics, heap_limit);
  FIELD(miniracer_heap_statistics, heap_physical);
  FIELD(miniracer_heap_statistics, array_buffers);
  FIELD(miniracer_heap_statistics, external);
  FIELD(miniracer_heap_statistics, engine_malloced);
  FIELD(miniracer_heap_statistics, engine_malloced_peak);
  FIELD(miniracer_heap_statistics, handle_count);
  FIELD(miniracer_heap_statistics, context_count);
  FIELD(miniracer_heap_statistics, detached_context_count);
  FIELD(miniracer_heap_statistics, memory);
  FIELD(miniracer_heap_statistics, memory_limit);
  FIELD(miniracer_heap_statistics, memory_peak);
  FIELD(miniracer_heap_statistics, webassembly);
  FIELD(miniracer_heap_statistics, heap_executable);
  STRUCT(miniracer_isolate_event);
  FIELD(miniracer_isolate_event, struct_size);
  FIELD(miniracer_isolate_event, kind);
  FIELD(miniracer_isolate_event, isolate);
  FIELD(miniracer_isolate_event, memory);
  FIELD(miniracer_isolate_event, overdue);
  FIELD(miniracer_isolate_event, text);
  STRUCT(miniracer_process_statistics);
  FIELD(miniracer_process_statistics, struct_size);
  FIELD(miniracer_process_statistics, reserved);
  FIELD(miniracer_process_statistics, isolate_count);
  FIELD(miniracer_process_statistics, deaths);
  FIELD(miniracer_process_statistics, given_back);
  FIELD(miniracer_process_statistics, left_behind);
  STRUCT(miniracer_context_options);
  FIELD(miniracer_context_options, struct_size);
  FIELD(miniracer_context_options, flags);
  FIELD(miniracer_context_options, console);
  FIELD(miniracer_context_options, console_userdata);
  FIELD(miniracer_context_options, console_finalize);
  STRUCT(miniracer_run_options);
  FIELD(miniracer_run_options, struct_size);
  FIELD(miniracer_run_options, flags);
  FIELD(miniracer_run_options, timeout);
  FIELD(miniracer_run_options, cancel);
  FIELD(miniracer_run_options, cpu_time);
  STRUCT(miniracer_script);
  FIELD(miniracer_script, struct_size);
  FIELD(miniracer_script, flags);
  FIELD(miniracer_script, source);
  FIELD(miniracer_script, name);
  FIELD(miniracer_script, line);
  FIELD(miniracer_script, column);
  FIELD(miniracer_script, source_map);
  STRUCT(miniracer_call);
  FIELD(miniracer_call, struct_size);
  FIELD(miniracer_call, flags);
  FIELD(miniracer_call, context);
  FIELD(miniracer_call, arguments);
  FIELD(miniracer_call, argument_count);
  FIELD(miniracer_call, operation);
  FIELD(miniracer_call, this_value);
  FIELD(miniracer_call, result);
  STRUCT(miniracer_function_options);
  FIELD(miniracer_function_options, struct_size);
  FIELD(miniracer_function_options, flags);
  FIELD(miniracer_function_options, length);
  FIELD(miniracer_function_options, reserved);
  FIELD(miniracer_function_options, name);
  FIELD(miniracer_function_options, callback);
  FIELD(miniracer_function_options, userdata);
  FIELD(miniracer_function_options, finalize);
  STRUCT(miniracer_property);
  FIELD(miniracer_property, struct_size);
  FIELD(miniracer_property, flags);
  FIELD(miniracer_property, value);
  FIELD(miniracer_property, getter);
  FIELD(miniracer_property, setter);
  STRUCT(miniracer_buffer);
  FIELD(miniracer_buffer, struct_size);
  FIELD(miniracer_buffer, flags);
  FIELD(miniracer_buffer, subtype);
  FIELD(miniracer_buffer, element);
  FIELD(miniracer_buffer, data);
  FIELD(miniracer_buffer, byte_length);
  FIELD(miniracer_buffer, byte_offset);
  FIELD(miniracer_buffer, length);
  STRUCT(miniracer_buffer_options);
  FIELD(miniracer_buffer_options, struct_size);
  FIELD(miniracer_buffer_options, flags);
  FIELD(miniracer_buffer_options, data);
  FIELD(miniracer_buffer_options, length);
  FIELD(miniracer_buffer_options, finalize);
  FIELD(miniracer_buffer_options, userdata);
  STRUCT(miniracer_host_object_options);
  FIELD(miniracer_host_object_options, struct_size);
  FIELD(miniracer_host_object_options, flags);
  FIELD(miniracer_host_object_options, callback);
  FIELD(miniracer_host_object_options, userdata);
  FIELD(miniracer_host_object_options, finalize);
  FIELD(miniracer_host_object_options, prototype);
  FIELD(miniracer_host_object_options, class_name);
  STRUCT(miniracer_graph_options);
  FIELD(miniracer_graph_options, struct_size);
  FIELD(miniracer_graph_options, flags);
  FIELD(miniracer_graph_options, max_depth);
  FIELD(miniracer_graph_options, reserved);
  FIELD(miniracer_graph_options, max_nodes);
  FIELD(miniracer_graph_options, max_bytes);
  STRUCT(miniracer_graph);
  FIELD(miniracer_graph, struct_size);
  FIELD(miniracer_graph, handle_count);
  FIELD(miniracer_graph, data);
  FIELD(miniracer_graph, length);
  FIELD(miniracer_graph, handles);
  STRUCT(miniracer_module_loader);
  FIELD(miniracer_module_loader, struct_size);
  FIELD(miniracer_module_loader, flags);
  FIELD(miniracer_module_loader, resolve);
  FIELD(miniracer_module_loader, load);
  FIELD(miniracer_module_loader, meta);
  STRUCT(miniracer_inspect_options);
  FIELD(miniracer_inspect_options, struct_size);
  FIELD(miniracer_inspect_options, flags);
  FIELD(miniracer_inspect_options, levels);
  FIELD(miniracer_inspect_options, width);
  STRUCT(miniracer_file_loader);
  FIELD(miniracer_file_loader, struct_size);
  FIELD(miniracer_file_loader, flags);
  FIELD(miniracer_file_loader, root);
  FIELD(miniracer_file_loader, packages);
  FIELD(miniracer_file_loader, conditions);
  FIELD(miniracer_file_loader, resolve);
  FIELD(miniracer_file_loader, load);
  FIELD(miniracer_file_loader, meta);
}

static int compare(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static char *read_file(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    fprintf(stderr, "cannot read %s\n", path);
    exit(1);
  }
  size_t room = 1 << 20;
  char *content = malloc(room);
  REQUIRE(content != NULL);
  size_t length = fread(content, 1, room - 1, file);
  fclose(file);
  content[length] = 0;
  return content;
}

/* Both are sorted. */
static void compare_with_list(const char *path) {
  char *list = read_file(path), *line = strtok(list, "\n");
  size_t i = 0;
  while (line != NULL || i < item_count) {
    int order = line == NULL ? 1 : i == item_count ? -1 : strcmp(line, items[i]);
    if (order < 0) check_failed(path, 0), fprintf(stderr, "removed or changed: - %s\n", line);
    if (order > 0) check_failed(path, 0), fprintf(stderr, "not in the list:    + %s\n", items[i]);
    if (order <= 0) line = strtok(NULL, "\n");
    if (order >= 0) ++i;
  }
  free(list);
}

/* Whether there is an item of this kind and name. */
static int listed(const char *kind, const char *name) {
  char start[200];
  size_t length = (size_t)snprintf(start, sizeof start, "%s %s", kind, name);
  for (size_t i = 0; i < item_count; ++i) {
    if (strncmp(items[i], start, length) == 0 && (items[i][length] == 0 || items[i][length] == ' ')) return 1;
  }
  return 0;
}

static void must_be_listed(const char *kind, const char *name) {
  if (listed(kind, name)) return;
  check_failed(__FILE__, __LINE__);
  fprintf(stderr, "the header has the %s %s, which is in no table of this test\n", kind, name);
}

static void blank_comments(char *text) {
  for (char *at = text; (at = strstr(at, "/*")) != NULL;) {
    char *end = strstr(at, "*/");
    REQUIRE(end != NULL);
    memset(at, ' ', (size_t)(end + 2 - at));
  }
}

static char *word_at(const char *at, char *word, size_t room) {
  size_t length = 0;
  while ((isalnum((unsigned char)at[length]) || at[length] == '_') && length + 1 < room) ++length;
  memcpy(word, at, length);
  word[length] = 0;
  return word;
}

/* Reads the header's text: names before "(" are functions, MINIRACER_* before "=" are enum values, and the last word of
 * each declaration between "typedef struct NAME {" and "} NAME;" is a field. */
static void header_is_listed(const char *path) {
  char *header = read_file(path), name[100], full[220];
  int functions_found = 0, enums_found = 0, fields_found = 0;
  blank_comments(header);
  for (const char *at = header; (at = strstr(at, "miniracer_")) != NULL;) {
    size_t length = strlen(word_at(at, name, sizeof name));
    if (at[length] == '(') must_be_listed("function", name), ++functions_found;
    at += length;
  }
  for (const char *at = header; (at = strstr(at, "MINIRACER_")) != NULL;) {
    const char *after = at + strlen(word_at(at, name, sizeof name));
    if (strncmp(after, " = ", 3) == 0) must_be_listed("enum", name), ++enums_found;
    at = after;
  }
  for (char *at = header; (at = strstr(at, "typedef struct ")) != NULL;) {
    at += strlen("typedef struct ");
    word_at(at, name, sizeof name);
    snprintf(full, sizeof full, "} %s;", name);
    char *end = strstr(at, full);
    REQUIRE(end != NULL);
    must_be_listed("struct", name);
    const char *within = "";
    for (char *semicolon; at < end && (semicolon = strchr(at, ';')) != NULL && semicolon < end; at = semicolon + 1) {
      char field[100], *start = semicolon, *inner = strstr(at, "union {");
      while (start[-1] == '_' || isalnum((unsigned char)start[-1])) --start;
      word_at(start, field, sizeof field);
      if (inner != NULL && inner < semicolon) within = "as.";
      if (strcmp(field, "as") == 0) within = "";
      snprintf(full, sizeof full, "%s.%s%s", name, within, field);
      must_be_listed("field", full);
      ++fields_found;
    }
  }
  /* Would this reading find nothing, it would find nothing wrong. */
  int functions_listed = 0, enums_listed = 0, fields_listed = 0;
  for (size_t i = 0; i < item_count; ++i) {
    functions_listed += strncmp(items[i], "function ", 9) == 0;
    enums_listed += strncmp(items[i], "enum ", 5) == 0;
    fields_listed += strncmp(items[i], "field ", 6) == 0;
  }
  CHECK_INT(functions_listed, functions_found);
  CHECK_INT(enums_listed, enums_found);
  CHECK_INT(fields_listed, fields_found);
  free(header);
}

static void exported(void) {
  const char *path = getenv("MINIRACER_LIBRARY");
  void *library = dlopen(path, RTLD_NOW);
  if (library == NULL) {
    check_failed(__FILE__, __LINE__);
    fprintf(stderr, "%s\n", dlerror());
    return;
  }
  for (size_t i = 0; i < item_count; ++i) {
    if (strncmp(items[i], "function ", 9) != 0 || dlsym(library, items[i] + 9) != NULL) continue;
    check_failed(__FILE__, __LINE__);
    fprintf(stderr, "%s does not export %s\n", path == NULL ? "the binary" : path, items[i] + 9);
  }
}

int main(int count, char **arguments) {
  functions();
  constants();
  types();
  qsort(items, item_count, sizeof *items, compare);
  if (count == 2 && strcmp(arguments[1], "--print") == 0) {
    for (size_t i = 0; i < item_count; ++i) puts(items[i]);
    return 0;
  }
  const char *list = getenv("MINIRACER_ABI_LIST"), *header = getenv("MINIRACER_HEADER");
  REQUIRE(list != NULL && header != NULL);
  compare_with_list(list);
  header_is_listed(header);
  exported();
  return test_result();
}
