"""The contract of miniracer.h as ctypes sees it: constants, structs, callback types and one table of functions.

Nothing else lives here, and in _structs, which has what a process that is just starting needs none of: ctypes takes its
time for each type. The header is the documentation; a test compiles it and compares every size and offset.
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
ABI_VERSION = 3

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
OBJECT_ITERATOR = 23

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
FRAME_NATIVE = 32
ERROR_NATIVE = 1
ERROR_REJECTION = 2
INIT_SINGLE_THREADED = 1
INIT_JITLESS = 2
INIT_NO_SIGNALS = 4
NO_TIMEOUT = 2**64 - 1
FROZEN_CLOCK = 2**64 - 1
ISOLATE_EXPLICIT_MICROTASKS = 1
ISOLATE_BACKGROUND_LOOP = 2
ISOLATE_NO_EVAL = 4
ISOLATE_NO_WEBASSEMBLY = 8
ISOLATE_NO_SHARED_MEMORY = 16
PRESET_TRUSTED = 0
PRESET_UNTRUSTED = 1
EVENT_MEMORY_WARNING = 1
EVENT_UNRESPONSIVE = 2
EVENT_DEAD = 3
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
THROW_REFERENCE_ERROR = 3
THROW_SYNTAX_ERROR = 4
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


# int32_t callback(void *userdata, miniracer_call *call) and void finalizer(void *userdata).
CALLBACK = CFUNCTYPE(c_int32, c_void_p, c_void_p)
FINALIZER = CFUNCTYPE(None, c_void_p)
# void unhandled(void *userdata, miniracer_context context, miniracer_error *error)
UNHANDLED = CFUNCTYPE(None, c_void_p, c_uint64, c_void_p)


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


#: As many bytes as a text can have. A memoryview of it that is cut to size is decoded without a copy of the bytes.
Memory = c_uint8 * 2**33


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
        ("cpu_time", c_uint64),
        ("memory_limit", c_uint64),
        ("memory_warning", c_uint64),
        ("grace", c_uint64),
        ("clock_resolution", c_uint64),
        ("maximum_handles", c_uint32),
        ("maximum_timers", c_uint32),
        ("maximum_modules", c_uint32),
        ("maximum_promises", c_uint32),
        ("maximum_console", c_uint64),
        ("event", c_void_p),  # EVENT of _structs
        ("event_userdata", c_void_p),
        ("event_finalize", FINALIZER),
    ]


class RunOptions(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("timeout", c_uint64),
        ("cancel", c_void_p),
        ("cpu_time", c_uint64),
    ]


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


class ContextOptions(Structure):
    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("console", CALLBACK),
        ("console_userdata", c_void_p),
        ("console_finalize", FINALIZER),
    ]


#: name -> (restype, argtypes, the ABI number that brought it). The types are made when they are asked for: `declared`.
FUNCTIONS: dict[str, tuple[str, str, int]] = {
    "miniracer_abi_version": ("u32", "", 1),
    "miniracer_struct_size": ("u32", "u32", 1),
    "miniracer_library_get_info": ("status", "LibraryInfo*", 1),
    "miniracer_status_name": ("bytes", "status", 1),
    "miniracer_init": ("status", "InitOptions* address*", 1),
    "miniracer_error_free": ("none", "address", 1),
    "miniracer_isolate_new": ("status", "IsolateOptions* u64* address*", 1),
    "miniracer_isolate_dispose": ("status", "u64", 1),
    "miniracer_isolate_lock": ("status", "u64", 1),
    "miniracer_isolate_unlock": ("status", "u64", 1),
    "miniracer_isolate_cancel": ("status", "u64 address", 1),
    "miniracer_isolate_set_heap_limit": ("status", "u64 u64", 1),
    "miniracer_isolate_collect_garbage": ("status", "u64 u32", 1),
    "miniracer_isolate_get_heap_statistics": ("status", "u64 HeapStatistics*", 1),
    "miniracer_isolate_run_microtasks": ("status", "u64 RunOptions* address*", 1),
    "miniracer_context_new": ("status", "u64 ContextOptions* u64* address*", 1),
    "miniracer_context_dispose": ("status", "u64", 1),
    "miniracer_context_get_isolate": ("status", "u64 u64*", 1),
    "miniracer_context_get_global": ("status", "u64 Value* address*", 1),
    "miniracer_context_evaluate": ("status", "u64 Script* RunOptions* Value* address*", 1),
    "miniracer_value_release": ("none", "Value* u64", 1),
    "miniracer_value_equals": ("status", "u64 Value* Value* i32* address*", 1),
    "miniracer_value_to_string": ("status", "u64 Value* RunOptions* Value* address*", 1),
    "miniracer_json_parse": ("status", "u64 Value* Value* address*", 1),
    "miniracer_json_stringify": ("status", "u64 Value* u32 RunOptions* Value* address*", 1),
    "miniracer_object_new": ("status", "u64 Value* address*", 1),
    "miniracer_array_new": ("status", "u64 Value* u32 Value* address*", 1),
    "miniracer_date_new": ("status", "u64 double Value* address*", 1),
    "miniracer_date_get_time": ("status", "u64 u64 double* address*", 1),
    "miniracer_handle_duplicate": ("status", "u64 u64*", 1),
    "miniracer_object_get_hash": ("status", "u64 u64 i32* address*", 1),
    "miniracer_object_get_class_name": ("status", "u64 u64 Value* address*", 1),
    "miniracer_object_get": ("status", "u64 u64 Value* RunOptions* Value* address*", 1),
    "miniracer_object_set": ("status", "u64 u64 Value* Value* RunOptions* address*", 1),
    "miniracer_object_has": ("status", "u64 u64 Value* RunOptions* i32* address*", 1),
    "miniracer_object_delete": ("status", "u64 u64 Value* RunOptions* i32* address*", 1),
    "miniracer_object_keys": ("status", "u64 u64 u32 RunOptions* address* u32* address*", 1),
    "miniracer_values_free": ("none", "address u32", 1),
    "miniracer_object_call": ("status", "u64 u64 Value* Value* u32 RunOptions* Value* address*", 1),
    "miniracer_function_call": ("status", "u64 u64 Value* Value* u32 RunOptions* Value* address*", 1),
    "miniracer_function_construct": ("status", "u64 u64 Value* u32 RunOptions* Value* address*", 1),
    "miniracer_function_new": ("status", "u64 FunctionOptions* Value* address*", 1),
    "miniracer_call_return": ("status", "address Value*", 1),
    "miniracer_call_throw": ("status", "address Value*", 1),
    "miniracer_call_throw_error": ("status", "address u32 Value* Value* address FINALIZER", 1),
    "miniracer_symbol_new": ("status", "u64 u32 Value* Value* address*", 2),
    "miniracer_symbol_get_description": ("status", "u64 u64 Value* address*", 2),
    "miniracer_object_define": ("status", "u64 u64 Value* Property* RunOptions* address*", 2),
    "miniracer_object_get_own_property": ("status", "u64 u64 Value* RunOptions* Property* i32* address*", 2),
    "miniracer_object_get_prototype": ("status", "u64 u64 Value* address*", 2),
    "miniracer_object_set_prototype": ("status", "u64 u64 Value* RunOptions* address*", 2),
    "miniracer_value_instance_of": ("status", "u64 Value* u64 RunOptions* i32* address*", 2),
    "miniracer_value_inspect": ("status", "u64 Value* InspectOptions* RunOptions* Value* address*", 2),
    "miniracer_map_new": ("status", "u64 Value* address*", 2),
    "miniracer_set_new": ("status", "u64 Value* address*", 2),
    "miniracer_collection_get_size": ("status", "u64 u64 u32* address*", 2),
    "miniracer_collection_get": ("status", "u64 u64 Value* Value* address*", 2),
    "miniracer_collection_set": ("status", "u64 u64 Value* Value* address*", 2),
    "miniracer_collection_has": ("status", "u64 u64 Value* i32* address*", 2),
    "miniracer_collection_delete": ("status", "u64 u64 Value* i32* address*", 2),
    "miniracer_collection_clear": ("status", "u64 u64 address*", 2),
    "miniracer_collection_entries": ("status", "u64 u64 address* u32* address*", 2),
    "miniracer_buffer_open": ("status", "u64 u64 address* address*", 2),
    "miniracer_buffer_free": ("none", "address", 2),
    "miniracer_array_buffer_new": ("status", "u64 BufferOptions* Value* address*", 2),
    "miniracer_array_buffer_detach": ("status", "u64 u64 address*", 2),
    "miniracer_typed_array_new": ("status", "u64 u64 u32 u64 u64 Value* address*", 2),
    "miniracer_host_object_new": ("status", "u64 HostObjectOptions* Value* address*", 2),
    "miniracer_host_object_find": ("status", "u64 address Value* address*", 2),
    "miniracer_host_object_get_userdata": ("status", "u64 u64 address* address*", 2),
    "miniracer_graph_encode": ("status", "u64 Value* GraphOptions* RunOptions* address* address*", 2),
    "miniracer_graph_free": ("none", "address", 2),
    "miniracer_graph_decode": ("status", "u64 bytes u64 Value* u32 GraphOptions* RunOptions* Value* address*", 2),
    "miniracer_promise_new": ("status", "u64 Value* address*", 2),
    "miniracer_promise_settle": ("status", "u64 u64 u32 Value* RunOptions* address*", 2),
    "miniracer_promise_reject_error": ("status", "u64 u64 u32 Value* Value* address FINALIZER RunOptions* address*", 2),
    "miniracer_promise_get_state": ("status", "u64 u64 u32* Value* address*", 2),
    "miniracer_promise_watch": ("status", "u64 u64 SETTLED address FINALIZER RunOptions* address*", 2),
    "miniracer_promise_wait": ("status", "u64 u64 RunOptions* Value* address*", 2),
    "miniracer_isolate_run_pending": ("status", "u64 RunOptions* u64* address*", 2),
    "miniracer_isolate_set_wake": ("status", "u64 WAKE address FINALIZER", 2),
    "miniracer_isolate_post": ("status", "u64 FINALIZER address FINALIZER", 2),
    "miniracer_isolate_set_unhandled": ("status", "u64 UNHANDLED address FINALIZER", 2),
    "miniracer_library_drain": ("status", "u64", 2),
    "miniracer_context_set_module_loader": ("status", "u64 ModuleLoader* address*", 2),
    "miniracer_context_set_file_loader": ("status", "u64 FileLoader* address*", 2),
    "miniracer_context_import": ("status", "u64 Value* Value* RunOptions* Value* address*", 2),
    "miniracer_context_evaluate_module": ("status", "u64 Script* RunOptions* Value* address*", 2),
    "miniracer_isolate_write_heap_snapshot": ("status", "u64 WRITER address address*", 2),
    "miniracer_isolate_options_preset": ("status", "u32 IsolateOptions*", 3),
    "miniracer_process_get_statistics": ("status", "ProcessStatistics*", 3),
}

#: The types by their words. `declared` adds structs, callback types and pointers.
_types: dict[str, Any] = {
    "none": None,
    "status": c_int32,
    "i32": c_int32,
    "u32": c_uint32,
    "u64": c_uint64,
    "double": c_double,
    "bytes": c_char_p,
    "address": c_void_p,
}


def declared(name: str) -> tuple[Any, list[Any]]:
    """The types of a function: its restype and its argtypes."""
    restype, argtypes, _ = FUNCTIONS[name]
    return _type(restype), [_type(word) for word in argtypes.split()]


def _type(word: str) -> Any:
    if word not in _types:
        _types[word] = POINTER(_type(word[:-1])) if word.endswith("*") else _of_contract(word)
    return _types[word]


def _of_contract(name: str) -> Any:
    if name in globals():
        return globals()[name]
    from . import _structs

    return getattr(_structs, name)
