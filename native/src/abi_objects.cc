// The extern "C" boundary of host objects, symbols, properties, Maps and Sets, and heap snapshots; see abi.cc.
#include <string>

#include "calls.h"
#include "collections.h"
#include "heap_snapshot.h"
#include "host_code.h"
#include "host_objects.h"
#include "miniracer.h"
#include "properties.h"

using namespace miniracer;  // NOLINT: this file is the boundary

extern "C" {

// ---- Host objects ----

miniracer_status miniracer_host_object_new(miniracer_context context, const miniracer_host_object_options* options,
                                           miniracer_value* result, miniracer_error** error) {
  miniracer_host_object_options read{};
  miniracer_status status = Guarded(error, [&] {
    std::string problem;
    if (options == nullptr) return MissingArgument(error, "options");
    miniracer_status outcome = ReadStruct(options, &read, "options", &problem);
    if (outcome != MINIRACER_OK) return Report(error, outcome, problem);
    if (read.callback == nullptr) return MissingArgument(error, "options.callback");
    constexpr uint32_t kKnown =
        MINIRACER_HOST_OBJECT_CALLABLE | MINIRACER_HOST_OBJECT_READ_ONLY | MINIRACER_HOST_OBJECT_LIST;
    if ((read.flags & ~kKnown) != 0) return UnknownFlags(error, "options.flags", read.flags & ~kKnown);
    return Making(result, context, error,
                  [&](Scope& scope, miniracer_value* made) { return NewHostObject(scope, read, made); });
  });
  if (status != MINIRACER_OK && read.finalize != nullptr) CallHost(read.finalize, read.userdata);
  return status;
}

miniracer_status miniracer_host_object_find(miniracer_context context, void* userdata, miniracer_value* result,
                                            miniracer_error** error) {
  return Making(result, context, error,
                [&](Scope& scope, miniracer_value* made) { return FindHostObject(scope, userdata, made); });
}

miniracer_status miniracer_host_object_get_userdata(miniracer_context context, miniracer_handle object, void** userdata,
                                                    miniracer_error** error) {
  if (userdata == nullptr) return Guarded(error, [&] { return MissingArgument(error, "userdata"); });
  return InContext(context, error, [&](Scope& scope) { return HostUserdata(scope, object, userdata); });
}

// ---- Symbols and properties ----

miniracer_status miniracer_symbol_new(miniracer_context context, uint32_t kind, const miniracer_value* description,
                                      miniracer_value* result, miniracer_error** error) {
  return Making(result, context, error,
                [&](Scope& scope, miniracer_value* made) { return NewSymbol(scope, kind, description, made); });
}

miniracer_status miniracer_symbol_get_description(miniracer_context context, miniracer_handle symbol,
                                                  miniracer_value* description, miniracer_error** error) {
  return Making(description, context, error,
                [&](Scope& scope, miniracer_value* made) { return SymbolDescription(scope, symbol, made); });
}

miniracer_status miniracer_object_define(miniracer_context context, miniracer_handle object, const miniracer_value* key,
                                         const miniracer_property* property, const miniracer_run_options* run,
                                         miniracer_error** error) {
  if (key == nullptr || property == nullptr) {
    return Guarded(error, [&] { return MissingArgument(error, key == nullptr ? "key" : "property"); });
  }
  return Running(context, run, error, [&](Scope& scope) {
    miniracer_property read{};
    miniracer_status status = ReadStruct(property, &read, "property", &scope.problem);
    return status == MINIRACER_OK ? DefineProperty(scope, object, *key, read) : status;
  });
}

miniracer_status miniracer_object_get_own_property(miniracer_context context, miniracer_handle object,
                                                   const miniracer_value* key, const miniracer_run_options* run,
                                                   miniracer_property* property, int32_t* present,
                                                   miniracer_error** error) {
  if (key == nullptr || property == nullptr || present == nullptr) {
    return Guarded(error, [&] { return MissingArgument(error, "key, property or present"); });
  }
  if (property->struct_size < sizeof(miniracer_property)) {
    return Guarded(error, [&] {
      return Report(error, MINIRACER_INVALID_ARGUMENT, "property: set struct_size to the struct's sizeof");
    });
  }
  miniracer_property found{};
  int32_t is_there = 0;
  miniracer_status status = Running(
      context, run, error, [&](Scope& scope) { return GetOwnProperty(scope, object, *key, &found, &is_there); });
  if (status == MINIRACER_OK) {
    WriteStruct(found, property);
    *present = is_there;
  } else {
    Release(&found.value, 1);
    Release(&found.getter, 1);
    Release(&found.setter, 1);
  }
  return status;
}

miniracer_status miniracer_object_get_prototype(miniracer_context context, miniracer_handle object,
                                                miniracer_value* prototype, miniracer_error** error) {
  return Making(prototype, context, error,
                [&](Scope& scope, miniracer_value* made) { return GetPrototype(scope, object, made); });
}

miniracer_status miniracer_object_set_prototype(miniracer_context context, miniracer_handle object,
                                                const miniracer_value* prototype, const miniracer_run_options* run,
                                                miniracer_error** error) {
  if (prototype == nullptr) return Guarded(error, [&] { return MissingArgument(error, "prototype"); });
  return Running(context, run, error, [&](Scope& scope) { return SetPrototype(scope, object, *prototype); });
}

miniracer_status miniracer_value_instance_of(miniracer_context context, const miniracer_value* value,
                                             miniracer_handle constructor, const miniracer_run_options* run,
                                             int32_t* is, miniracer_error** error) {
  if (value == nullptr || is == nullptr) {
    return Guarded(error, [&] { return MissingArgument(error, value == nullptr ? "value" : "is"); });
  }
  int32_t answer = 0;
  miniracer_status status =
      Running(context, run, error, [&](Scope& scope) { return InstanceOf(scope, *value, constructor, &answer); });
  if (status == MINIRACER_OK) *is = answer;
  return status;
}

// ---- Maps and Sets ----

miniracer_status miniracer_map_new(miniracer_context context, miniracer_value* result, miniracer_error** error) {
  return Making(result, context, error, NewMap);
}

miniracer_status miniracer_set_new(miniracer_context context, miniracer_value* result, miniracer_error** error) {
  return Making(result, context, error, NewSet);
}

miniracer_status miniracer_collection_get_size(miniracer_context context, miniracer_handle collection, uint32_t* size,
                                               miniracer_error** error) {
  if (size == nullptr) return Guarded(error, [&] { return MissingArgument(error, "size"); });
  return InContext(context, error, [&](Scope& scope) { return CollectionSize(scope, collection, size); });
}

miniracer_status miniracer_collection_get(miniracer_context context, miniracer_handle map, const miniracer_value* key,
                                          miniracer_value* result, miniracer_error** error) {
  if (key == nullptr) return Guarded(error, [&] { return MissingArgument(error, "key"); });
  return Making(result, context, error,
                [&](Scope& scope, miniracer_value* made) { return CollectionGet(scope, map, *key, made); });
}

miniracer_status miniracer_collection_set(miniracer_context context, miniracer_handle collection,
                                          const miniracer_value* key, const miniracer_value* value,
                                          miniracer_error** error) {
  if (key == nullptr) return Guarded(error, [&] { return MissingArgument(error, "key"); });
  return InContext(context, error, [&](Scope& scope) { return CollectionSet(scope, collection, *key, value); });
}

miniracer_status miniracer_collection_has(miniracer_context context, miniracer_handle collection,
                                          const miniracer_value* key, int32_t* present, miniracer_error** error) {
  if (key == nullptr || present == nullptr) {
    return Guarded(error, [&] { return MissingArgument(error, key == nullptr ? "key" : "present"); });
  }
  return InContext(context, error, [&](Scope& scope) { return CollectionHas(scope, collection, *key, present); });
}

miniracer_status miniracer_collection_delete(miniracer_context context, miniracer_handle collection,
                                             const miniracer_value* key, int32_t* present, miniracer_error** error) {
  if (key == nullptr || present == nullptr) {
    return Guarded(error, [&] { return MissingArgument(error, key == nullptr ? "key" : "present"); });
  }
  return InContext(context, error, [&](Scope& scope) { return CollectionDelete(scope, collection, *key, present); });
}

miniracer_status miniracer_collection_clear(miniracer_context context, miniracer_handle collection,
                                            miniracer_error** error) {
  return InContext(context, error, [&](Scope& scope) { return CollectionClear(scope, collection); });
}

miniracer_status miniracer_collection_entries(miniracer_context context, miniracer_handle collection,
                                              miniracer_value** entries, uint32_t* count, miniracer_error** error) {
  if (entries == nullptr || count == nullptr) {
    return Guarded(error, [&] { return MissingArgument(error, entries == nullptr ? "entries" : "count"); });
  }
  return InContext(context, error, [&](Scope& scope) { return CollectionEntries(scope, collection, entries, count); });
}

// ---- Looking inside ----

miniracer_status miniracer_isolate_write_heap_snapshot(miniracer_isolate isolate, miniracer_writer writer,
                                                       void* userdata, miniracer_error** error) {
  if (writer == nullptr) return Guarded(error, [&] { return MissingArgument(error, "writer"); });
  return InIsolate(isolate, error, [&](Isolate& inside) { return WriteHeapSnapshot(inside, writer, userdata); });
}

}  // extern "C"
