"""Structs and callback types of miniracer.h that not every process needs: see _ffi."""

from __future__ import annotations

from ctypes import CFUNCTYPE, Structure, c_char_p, c_int32, c_uint32, c_uint64, c_void_p

from ._ffi import (
    CALLBACK,
    FINALIZER,
    ContextOptions,
    Error,
    Frame,
    InitOptions,
    IsolateOptions,
    RunOptions,
    Script,
    Value,
)

# void settled(void *userdata, uint32_t state, miniracer_value *value, miniracer_error *error)
SETTLED = CFUNCTYPE(None, c_void_p, c_uint32, c_void_p, c_void_p)
# void wake(void *userdata, miniracer_isolate isolate, uint64_t delay)
WAKE = CFUNCTYPE(None, c_void_p, c_uint64, c_uint64)
# int32_t writer(void *userdata, const void *data, uint64_t length)
WRITER = CFUNCTYPE(c_int32, c_void_p, c_void_p, c_uint64)


class LibraryInfo(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("abi_version", c_uint32),
        ("features", c_uint64),
        ("library_version", c_char_p),
        ("engine_name", c_char_p),
        ("engine_version", c_char_p),
        ("build_id", c_char_p),
        ("maximum_string_length", c_uint64),
        ("maximum_handles", c_uint64),
    ]


class HeapStatistics(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("reserved", c_uint32),
        ("heap_used", c_uint64),
        ("heap_committed", c_uint64),
        ("heap_limit", c_uint64),
        ("heap_physical", c_uint64),
        ("array_buffers", c_uint64),
        ("external", c_uint64),
        ("engine_malloced", c_uint64),
        ("engine_malloced_peak", c_uint64),
        ("handle_count", c_uint64),
        ("context_count", c_uint64),
        ("detached_context_count", c_uint64),
        ("memory", c_uint64),
        ("memory_limit", c_uint64),
        ("memory_peak", c_uint64),
        ("webassembly", c_uint64),
        ("heap_executable", c_uint64),
    ]


# void event(void *userdata, const miniracer_isolate_event *event)
EVENT = CFUNCTYPE(None, c_void_p, c_void_p)


class IsolateEvent(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("kind", c_uint32),
        ("isolate", c_uint64),
        ("memory", c_uint64),
        ("overdue", c_uint64),
        ("text", c_char_p),
    ]


class ProcessStatistics(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("reserved", c_uint32),
        ("isolate_count", c_uint64),
        ("deaths", c_uint64),
        ("given_back", c_uint64),
        ("left_behind", c_uint64),
    ]


class Call(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("context", c_uint64),
        ("arguments", c_void_p),
        ("argument_count", c_uint32),
        ("operation", c_uint32),
        ("this_value", Value),
        ("result", Value),
    ]


class FunctionOptions(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("length", c_int32),
        ("reserved", c_uint32),
        ("name", Value),
        ("callback", CALLBACK),
        ("userdata", c_void_p),
        ("finalize", FINALIZER),
    ]


class Property(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("value", Value),
        ("getter", Value),
        ("setter", Value),
    ]


class Buffer(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("subtype", c_uint32),
        ("element", c_uint32),
        ("data", c_void_p),
        ("byte_length", c_uint64),
        ("byte_offset", c_uint64),
        ("length", c_uint64),
    ]


class BufferOptions(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("data", c_void_p),
        ("length", c_uint64),
        ("finalize", FINALIZER),
        ("userdata", c_void_p),
    ]


class HostObjectOptions(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("callback", CALLBACK),
        ("userdata", c_void_p),
        ("finalize", FINALIZER),
        ("prototype", Value),
        ("class_name", Value),
    ]


class Graph(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("handle_count", c_uint32),
        ("data", c_void_p),
        ("length", c_uint64),
        ("handles", c_void_p),
    ]


class GraphOptions(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("max_depth", c_uint32),
        ("reserved", c_uint32),
        ("max_nodes", c_uint64),
        ("max_bytes", c_uint64),
    ]


class InspectOptions(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("levels", c_uint32),
        ("width", c_uint32),
    ]


class ModuleLoader(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("resolve", Value),
        ("load", Value),
        ("meta", Value),
    ]


class FileLoader(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("root", Value),
        ("packages", Value),
        ("conditions", Value),
        ("resolve", Value),
        ("load", Value),
        ("meta", Value),
    ]


#: The numbers that miniracer_struct_size takes.
STRUCTS: dict[int, type[Structure]] = {
    1: Value,
    2: LibraryInfo,
    3: InitOptions,
    4: Frame,
    5: Error,
    6: IsolateOptions,
    7: HeapStatistics,
    8: ContextOptions,
    9: RunOptions,
    10: Script,
    11: Call,
    12: FunctionOptions,
    13: Property,
    14: Buffer,
    15: BufferOptions,
    16: HostObjectOptions,
    17: Graph,
    18: GraphOptions,
    19: ModuleLoader,
    20: FileLoader,
    21: InspectOptions,
    22: IsolateEvent,
    23: ProcessStatistics,
}
