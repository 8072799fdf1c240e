"""The contract of miniracer.h as ctypes sees it: constants, structs, callback types and one table of functions.

Nothing else lives here. The header is the documentation; a test compiles it and compares every size and offset.
"""

from __future__ import annotations

from ctypes import (
    CFUNCTYPE,
    POINTER,
    Structure,
    Union,
    c_char_p,
    c_double,
    c_int32,
    c_int64,
    c_uint8,
    c_uint16,
    c_uint32,
    c_uint64,
    c_void_p,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: The contract these declarations were written for.
ABI_VERSION = 2

# Statuses that are looked at one by one; the others are told by their range.
OK = 0
INVALID_ARGUMENT = 100
INVALID_HANDLE = 101
INVALID_TEXT = 102
WRONG_TYPE = 103
UNKNOWN_FIELD = 104
UNKNOWN_FLAG = 105
TOO_LATE = 106
TOO_LARGE = 107
NOT_LOCKED = 108
NOT_SUPPORTED = 109
WOULD_DEADLOCK = 110
EXCEPTION = 200
SYNTAX_ERROR = 201
TIMEOUT = 300
CPU_TIME = 301
OUT_OF_MEMORY = 302
CANCELLED = 303
TOO_MANY_HANDLES = 304
NOT_INITIALIZED = 400
CLOSED = 401
FORKED = 402
ENGINE_DEAD = 403
INTERNAL = 500
HOST_OUT_OF_MEMORY = 501

# miniracer_value.tag
UNDEFINED = 0
NULL = 1
BOOLEAN = 2
INT32 = 3
DOUBLE = 4
STRING = 5
BIGINT = 6
SYMBOL = 7
OBJECT = 8

# Subtypes of STRING, BIGINT and OBJECT (those that Python gives a class of their own).
LATIN1 = 0
UTF16 = 1
UTF8 = 2
BIGINT_INT64 = 0
BIGINT_WORDS = 1
OBJECT_ARRAY = 1
OBJECT_FUNCTION = 2
OBJECT_ERROR = 3
OBJECT_DATE = 4
OBJECT_REGEXP = 5
OBJECT_PROMISE = 6
OBJECT_MAP = 7
OBJECT_SET = 8
OBJECT_ARRAY_BUFFER = 12
OBJECT_SHARED_ARRAY_BUFFER = 13
OBJECT_TYPED_ARRAY = 14
OBJECT_DATA_VIEW = 15
OBJECT_PROXY = 16
OBJECT_GENERATOR = 17
OBJECT_MODULE_NAMESPACE = 20
OBJECT_WASM = 21
OBJECT_HOST = 22

# miniracer_value.flags
VALUE_OWNED = 1
VALUE_NEGATIVE = 2
VALUE_CALLABLE = 4
VALUE_ASYNC = 8

FRAME_EVAL = 1
FRAME_CONSTRUCTOR = 2
FRAME_WASM = 4
FRAME_GUEST = 8
FRAME_ASYNC = 16
ERROR_NATIVE = 1
ERROR_REJECTION = 2
INIT_SINGLE_THREADED = 1
NO_TIMEOUT = 2**64 - 1
ISOLATE_BACKGROUND_LOOP = 2
CONTEXT_TIMERS = 1
CONTEXT_CONSOLE = 2
CONTEXT_WEB = 4
CONTEXT_CONSOLE_COLORS = 8
KEYS_HIDDEN = 1
KEYS_SYMBOLS = 2
KEYS_INHERITED = 4
CALL_CONSTRUCT = 1
CALL_NOT_MINE = 2
FUNCTION_RECEIVER = 1
FUNCTION_CONSTRUCTOR = 2
THROW_ERROR = 0
THROW_TYPE_ERROR = 1
THROW_RANGE_ERROR = 2
COLLECT_HINT = 0
COLLECT_FULL = 1
SYMBOL_UNIQUE = 0
SYMBOL_REGISTERED = 1
SYMBOL_WELL_KNOWN = 2
PROPERTY_WRITABLE = 1
PROPERTY_ENUMERABLE = 2
PROPERTY_CONFIGURABLE = 4
PROPERTY_ACCESSOR = 8
ELEMENT_NONE = 0
ELEMENT_INT8 = 1
ELEMENT_UINT8 = 2
ELEMENT_UINT8_CLAMPED = 3
ELEMENT_INT16 = 4
ELEMENT_UINT16 = 5
ELEMENT_INT32 = 6
ELEMENT_UINT32 = 7
ELEMENT_FLOAT32 = 8
ELEMENT_FLOAT64 = 9
ELEMENT_BIGINT64 = 10
ELEMENT_BIGUINT64 = 11
ELEMENT_FLOAT16 = 12
BUFFER_SHARED = 1
BUFFER_DETACHED = 2
BUFFER_NEW_SHARED = 1
BUFFER_NEW_COPY = 2
ACCESS_GET = 1
ACCESS_SET = 2
ACCESS_HAS = 3
ACCESS_DELETE = 4
ACCESS_KEYS = 5
ACCESS_APPLY = 6
ACCESS_CONSTRUCT = 7
HOST_OBJECT_CALLABLE = 1
HOST_OBJECT_READ_ONLY = 2
HOST_OBJECT_LIST = 4
GRAPH_DROP = 1
GRAPH_HANDLE = 2
INSPECT_COLORS = 1
INSPECT_ALL_LEVELS = 2**32 - 1
PROMISE_PENDING = 0
PROMISE_FULFILLED = 1
PROMISE_REJECTED = 2
FILES_REQUIRE = 1
STRUCT_VALUE = 1

FEATURES = {1: "intl", 2: "webassembly", 4: "shared_memory", 8: "debug_build", 16: "sanitizer_build"}


class _ValueHeadParts(Structure):
    _fields_ = [("tag", c_uint8), ("subtype", c_uint8), ("flags", c_uint16), ("length", c_uint32)]


class _ValueHead(Union):
    _anonymous_ = ("parts",)
    _fields_ = [("parts", _ValueHeadParts), ("head", c_uint64)]


class _ValueAs(Union):
    _fields_ = [
        ("int32", c_int32),
        ("int64", c_int64),
        ("number", c_double),
        ("text", c_char_p),  # data, to be set from bytes, which the struct then keeps alive
        ("address", c_void_p),  # data and words, to be read as a number
        ("handle", c_uint64),
    ]


class Value(Structure):
    """miniracer_value. `head` is tag, subtype, flags and length as one number, to be written at once."""

    _anonymous_ = ("_head", "_as")
    _fields_ = [("_head", _ValueHead), ("_as", _ValueAs)]


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


class InitOptions(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("worker_threads", c_uint32),
        ("v8_flags_length", c_uint32),
        ("v8_flags", c_char_p),
    ]


class Frame(Structure):
    _fields_ = [
        ("function", Value),
        ("file", Value),
        ("line", c_int32),
        ("column", c_int32),
        ("flags", c_uint32),
        ("reserved", c_uint32),
    ]


class Error(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("status", c_int32),
        ("flags", c_uint32),
        ("frame_count", c_uint32),
        ("frame_size", c_uint32),
        ("line", c_int32),
        ("column", c_int32),
        ("end_column", c_int32),
        ("name", Value),
        ("message", Value),
        ("file", Value),
        ("source_line", Value),
        ("stack", Value),
        ("thrown", Value),
        ("frames", c_void_p),
        ("cause", c_void_p),
        ("host_error", c_void_p),
    ]


class IsolateOptions(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("heap_limit", c_uint64),
        ("timeout", c_uint64),
        ("stack_limit", c_uint64),
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
    ]


class RunOptions(Structure):
    _fields_ = [("struct_size", c_uint32), ("flags", c_uint32), ("timeout", c_uint64), ("cancel", c_void_p)]


class Script(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("source", Value),
        ("name", Value),
        ("line", c_int32),
        ("column", c_int32),
        ("source_map", Value),
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


# int32_t callback(void *userdata, miniracer_call *call) and void finalizer(void *userdata).
CALLBACK = CFUNCTYPE(c_int32, c_void_p, c_void_p)
FINALIZER = CFUNCTYPE(None, c_void_p)
# void settled(void *userdata, uint32_t state, miniracer_value *value, miniracer_error *error)
SETTLED = CFUNCTYPE(None, c_void_p, c_uint32, c_void_p, c_void_p)
# void wake(void *userdata, miniracer_isolate isolate, uint64_t delay)
WAKE = CFUNCTYPE(None, c_void_p, c_uint64, c_uint64)
# void unhandled(void *userdata, miniracer_context context, miniracer_error *error)
UNHANDLED = CFUNCTYPE(None, c_void_p, c_uint64, c_void_p)
# int32_t writer(void *userdata, const void *data, uint64_t length)
WRITER = CFUNCTYPE(c_int32, c_void_p, c_void_p, c_uint64)


class ContextOptions(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("console", CALLBACK),
        ("console_userdata", c_void_p),
        ("console_finalize", FINALIZER),
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
}

_u32, _u64, _status = c_uint32, c_uint64, c_int32
_out_u64, _out_i32 = POINTER(c_uint64), POINTER(c_int32)
_out_error = POINTER(c_void_p)
_out_pointer = _out_error
_value, _run, _graph_options = POINTER(Value), POINTER(RunOptions), POINTER(GraphOptions)

#: name -> (restype, argtypes, the ABI number that brought it)
FUNCTIONS: dict[str, tuple[Any, tuple[Any, ...], int]] = {
    "miniracer_abi_version": (_u32, (), 1),
    "miniracer_struct_size": (_u32, (_u32,), 1),
    "miniracer_library_get_info": (_status, (POINTER(LibraryInfo),), 1),
    "miniracer_status_name": (c_char_p, (_status,), 1),
    "miniracer_init": (_status, (POINTER(InitOptions), _out_error), 1),
    "miniracer_error_free": (None, (c_void_p,), 1),
    "miniracer_isolate_new": (_status, (POINTER(IsolateOptions), _out_u64, _out_error), 1),
    "miniracer_isolate_dispose": (_status, (_u64,), 1),
    "miniracer_isolate_lock": (_status, (_u64,), 1),
    "miniracer_isolate_unlock": (_status, (_u64,), 1),
    "miniracer_isolate_cancel": (_status, (_u64, c_void_p), 1),
    "miniracer_isolate_set_heap_limit": (_status, (_u64, _u64), 1),
    "miniracer_isolate_collect_garbage": (_status, (_u64, _u32), 1),
    "miniracer_isolate_get_heap_statistics": (_status, (_u64, POINTER(HeapStatistics)), 1),
    "miniracer_isolate_run_microtasks": (_status, (_u64, _run, _out_error), 1),
    "miniracer_context_new": (_status, (_u64, POINTER(ContextOptions), _out_u64, _out_error), 1),
    "miniracer_context_dispose": (_status, (_u64,), 1),
    "miniracer_context_get_isolate": (_status, (_u64, _out_u64), 1),
    "miniracer_context_get_global": (_status, (_u64, _value, _out_error), 1),
    "miniracer_context_evaluate": (_status, (_u64, POINTER(Script), _run, _value, _out_error), 1),
    "miniracer_value_release": (None, (_value, _u64), 1),
    "miniracer_value_equals": (_status, (_u64, _value, _value, _out_i32, _out_error), 1),
    "miniracer_value_to_string": (_status, (_u64, _value, _run, _value, _out_error), 1),
    "miniracer_json_parse": (_status, (_u64, _value, _value, _out_error), 1),
    "miniracer_json_stringify": (_status, (_u64, _value, _u32, _run, _value, _out_error), 1),
    "miniracer_object_new": (_status, (_u64, _value, _out_error), 1),
    "miniracer_array_new": (_status, (_u64, _value, _u32, _value, _out_error), 1),
    "miniracer_date_new": (_status, (_u64, c_double, _value, _out_error), 1),
    "miniracer_date_get_time": (_status, (_u64, _u64, POINTER(c_double), _out_error), 1),
    "miniracer_handle_duplicate": (_status, (_u64, _out_u64), 1),
    "miniracer_object_get_hash": (_status, (_u64, _u64, _out_i32, _out_error), 1),
    "miniracer_object_get_class_name": (_status, (_u64, _u64, _value, _out_error), 1),
    "miniracer_object_get": (_status, (_u64, _u64, _value, _run, _value, _out_error), 1),
    "miniracer_object_set": (_status, (_u64, _u64, _value, _value, _run, _out_error), 1),
    "miniracer_object_has": (_status, (_u64, _u64, _value, _run, _out_i32, _out_error), 1),
    "miniracer_object_delete": (_status, (_u64, _u64, _value, _run, _out_i32, _out_error), 1),
    "miniracer_object_keys": (_status, (_u64, _u64, _u32, _run, POINTER(c_void_p), POINTER(_u32), _out_error), 1),
    "miniracer_values_free": (None, (c_void_p, _u32), 1),
    "miniracer_object_call": (_status, (_u64, _u64, _value, _value, _u32, _run, _value, _out_error), 1),
    "miniracer_function_call": (_status, (_u64, _u64, _value, _value, _u32, _run, _value, _out_error), 1),
    "miniracer_function_construct": (_status, (_u64, _u64, _value, _u32, _run, _value, _out_error), 1),
    "miniracer_function_new": (_status, (_u64, POINTER(FunctionOptions), _value, _out_error), 1),
    "miniracer_call_return": (_status, (c_void_p, _value), 1),
    "miniracer_call_throw": (_status, (c_void_p, _value), 1),
    "miniracer_call_throw_error": (_status, (c_void_p, _u32, _value, _value, c_void_p, FINALIZER), 1),
    "miniracer_symbol_new": (_status, (_u64, _u32, _value, _value, _out_error), 2),
    "miniracer_symbol_get_description": (_status, (_u64, _u64, _value, _out_error), 2),
    "miniracer_object_define": (_status, (_u64, _u64, _value, POINTER(Property), _run, _out_error), 2),
    "miniracer_object_get_own_property": (
        _status,
        (_u64, _u64, _value, _run, POINTER(Property), _out_i32, _out_error),
        2,
    ),
    "miniracer_object_get_prototype": (_status, (_u64, _u64, _value, _out_error), 2),
    "miniracer_object_set_prototype": (_status, (_u64, _u64, _value, _run, _out_error), 2),
    "miniracer_value_instance_of": (_status, (_u64, _value, _u64, _run, _out_i32, _out_error), 2),
    "miniracer_value_inspect": (_status, (_u64, _value, POINTER(InspectOptions), _run, _value, _out_error), 2),
    "miniracer_map_new": (_status, (_u64, _value, _out_error), 2),
    "miniracer_set_new": (_status, (_u64, _value, _out_error), 2),
    "miniracer_collection_get_size": (_status, (_u64, _u64, POINTER(_u32), _out_error), 2),
    "miniracer_collection_get": (_status, (_u64, _u64, _value, _value, _out_error), 2),
    "miniracer_collection_set": (_status, (_u64, _u64, _value, _value, _out_error), 2),
    "miniracer_collection_has": (_status, (_u64, _u64, _value, _out_i32, _out_error), 2),
    "miniracer_collection_delete": (_status, (_u64, _u64, _value, _out_i32, _out_error), 2),
    "miniracer_collection_clear": (_status, (_u64, _u64, _out_error), 2),
    "miniracer_collection_entries": (_status, (_u64, _u64, _out_pointer, POINTER(_u32), _out_error), 2),
    "miniracer_buffer_open": (_status, (_u64, _u64, _out_pointer, _out_error), 2),
    "miniracer_buffer_free": (None, (c_void_p,), 2),
    "miniracer_array_buffer_new": (_status, (_u64, POINTER(BufferOptions), _value, _out_error), 2),
    "miniracer_array_buffer_detach": (_status, (_u64, _u64, _out_error), 2),
    "miniracer_typed_array_new": (_status, (_u64, _u64, _u32, _u64, _u64, _value, _out_error), 2),
    "miniracer_host_object_new": (_status, (_u64, POINTER(HostObjectOptions), _value, _out_error), 2),
    "miniracer_host_object_find": (_status, (_u64, c_void_p, _value, _out_error), 2),
    "miniracer_host_object_get_userdata": (_status, (_u64, _u64, _out_pointer, _out_error), 2),
    "miniracer_graph_encode": (_status, (_u64, _value, _graph_options, _run, _out_pointer, _out_error), 2),
    "miniracer_graph_free": (None, (c_void_p,), 2),
    "miniracer_graph_decode": (
        _status,
        (_u64, c_char_p, _u64, _value, _u32, _graph_options, _run, _value, _out_error),
        2,
    ),
    "miniracer_promise_new": (_status, (_u64, _value, _out_error), 2),
    "miniracer_promise_settle": (_status, (_u64, _u64, _u32, _value, _run, _out_error), 2),
    "miniracer_promise_reject_error": (
        _status,
        (_u64, _u64, _u32, _value, _value, c_void_p, FINALIZER, _run, _out_error),
        2,
    ),
    "miniracer_promise_get_state": (_status, (_u64, _u64, POINTER(_u32), _value, _out_error), 2),
    "miniracer_promise_watch": (_status, (_u64, _u64, SETTLED, c_void_p, FINALIZER, _run, _out_error), 2),
    "miniracer_promise_wait": (_status, (_u64, _u64, _run, _value, _out_error), 2),
    "miniracer_isolate_run_pending": (_status, (_u64, _run, _out_u64, _out_error), 2),
    "miniracer_isolate_set_wake": (_status, (_u64, WAKE, c_void_p, FINALIZER), 2),
    "miniracer_isolate_post": (_status, (_u64, FINALIZER, c_void_p, FINALIZER), 2),
    "miniracer_isolate_set_unhandled": (_status, (_u64, UNHANDLED, c_void_p, FINALIZER), 2),
    "miniracer_library_drain": (_status, (_u64,), 2),
    "miniracer_context_set_module_loader": (_status, (_u64, POINTER(ModuleLoader), _out_error), 2),
    "miniracer_context_set_file_loader": (_status, (_u64, POINTER(FileLoader), _out_error), 2),
    "miniracer_context_import": (_status, (_u64, _value, _value, _run, _value, _out_error), 2),
    "miniracer_context_evaluate_module": (_status, (_u64, POINTER(Script), _run, _value, _out_error), 2),
    "miniracer_isolate_write_heap_snapshot": (_status, (_u64, WRITER, c_void_p, _out_error), 2),
}
