"""Single values across the border.

    JavaScript                      Python
    undefined                       JSUndefined
    null                            None
    boolean                         bool
    Number, integral, to 2**53      int, except -0, which is the float -0.0
    Number, other                   float
    BigInt                          JSBigInt, an int that goes back as a BigInt
    string                          str; lone surrogates and NULs survive
    Symbol                          JSSymbol
    Date                            an aware datetime in UTC; a JSDate where datetime has no such moment
    array, function, promise        JSArray, JSFunction, JSPromise
    Map, Set                        JSMap, JSSet
    ArrayBuffer, typed array, ...   JSArrayBuffer, JSTypedArray, JSDataView, JSSharedArrayBuffer
    Error, RegExp, Proxy, generator JSError, JSRegExp, JSProxy, JSGenerator
    module namespace, wasm Memory   JSModule, JSWasm
    what Python wrapped             the very Python object
    any other object                JSMappedObject

The other way an int beyond 2**53 becomes a BigInt, since a Number could not hold it; a datetime becomes a Date (of
milliseconds: what is finer is cut off; a naive one means local time, as everywhere in Python); lists, tuples,
mappings and sets are copied, with all they hold; bytes and other buffers are copied into typed arrays; a callable
becomes a function, always the same; a coroutine or other awaitable a promise; a generator or other iterator an
iterator, by reference; an exception an Error. Everything else is refused with a JSConversionException:
`MiniRacer.wrap` gives any object by reference.
"""

from __future__ import annotations

import sys
from _collections_abc import Mapping, Sequence, Set  # see _objects on these two
from _operator import index
from ctypes import byref, string_at

from . import _ffi
from ._errors import JSConversionException, JSValueError
from ._ffi import Value
from ._objects import JSArray, JSFunction, JSMappedObject, JSObject
from ._records import _NATIVE_UTF16
from ._runtime import ONE
from ._types import JSBigInt, JSUndefined, JSUndefinedType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ._context import Context

_MAX_EXACT = 2**53
_MAX_UNITS = 2**32 - 1

_at = _ffi.Memory.from_address

# The first eight bytes of a miniracer_value whose length is 0, as numbers.
INT32_HEAD = Value(tag=_ffi.INT32).head
_NULL = Value(tag=_ffi.NULL).head
_BOOLEAN = Value(tag=_ffi.BOOLEAN).head
_DOUBLE = Value(tag=_ffi.DOUBLE).head
LATIN1_HEAD = Value(tag=_ffi.STRING, subtype=_ffi.LATIN1).head
_UTF16 = Value(tag=_ffi.STRING, subtype=_ffi.UTF16).head
_BIGINT = Value(tag=_ffi.BIGINT).head
_BIGINT_WORDS = Value(tag=_ffi.BIGINT, subtype=_ffi.BIGINT_WORDS).head

# ---- From JavaScript. `owned`: the value is ours to give back; else it is lent and only objects are kept. ------------


def _undefined(context: Context, value: Value, owned: bool) -> Any:
    return JSUndefined


def _null(context: Context, value: Value, owned: bool) -> Any:
    return None


def _boolean(context: Context, value: Value, owned: bool) -> Any:
    return value.int32 != 0


def _int32(context: Context, value: Value, owned: bool) -> Any:
    return value.int32


def _double(context: Context, value: Value, owned: bool) -> Any:
    number = value.number
    if number.is_integer() and -_MAX_EXACT <= number <= _MAX_EXACT and number:  # 0 is -0 here: 0 comes as INT32
        return int(number)
    return number


def _string(context: Context, value: Value, owned: bool) -> Any:
    if value.subtype == _ffi.LATIN1:
        result = str(memoryview(_at(value.address))[: value.length], "latin-1") if value.length else ""
    else:
        result = str(memoryview(_at(value.address))[: 2 * value.length], _NATIVE_UTF16, "surrogatepass")
    if owned and value.flags & _ffi.VALUE_OWNED:
        context._engine.value_release(byref(value), ONE)
    return result


def _bigint(context: Context, value: Value, owned: bool) -> Any:
    if value.subtype == _ffi.BIGINT_INT64:
        return JSBigInt(value.int64)
    data = string_at(value.address, 8 * value.length)
    if sys.byteorder == "big":
        data = b"".join(data[i : i + 8][::-1] for i in range(0, len(data), 8))
    number = int.from_bytes(data, "little")
    result = JSBigInt(-number if value.flags & _ffi.VALUE_NEGATIVE else number)
    if owned and value.flags & _ffi.VALUE_OWNED:
        context._engine.value_release(byref(value), ONE)
    return result


def _symbol(context: Context, value: Value, owned: bool) -> Any:
    from ._symbols import JSSymbol

    return _keep(JSSymbol, context, value)


_PLAIN = Value(tag=_ffi.OBJECT, flags=_ffi.VALUE_OWNED).head


def _object(context: Context, value: Value, owned: bool) -> Any:
    if value.head == _PLAIN and owned:  # much the most frequent one
        return JSMappedObject._adopt(context, _PLAIN, value.handle)
    subtype = value.subtype
    if subtype == _ffi.OBJECT_HOST:
        from ._wrap import unwrap

        return unwrap(context, value, owned)
    if value.flags & _ffi.VALUE_CALLABLE:
        return _keep(JSFunction, context, value)
    if subtype == _ffi.OBJECT_DATE:
        from ._dates import moment_of

        moment = moment_of(context._date_time(value.handle))
        if moment is not None:
            if owned:
                context._engine.value_release(byref(value), ONE)
            return moment
    return _keep(_classes.get(subtype) or _class_of(subtype), context, value)


#: Where the classes for subtypes of OBJECT are. They are imported when the first such object is met.
_PLACES = {
    _ffi.OBJECT_ERROR: ("_kinds", "JSError"),
    _ffi.OBJECT_DATE: ("_kinds", "JSDate"),
    _ffi.OBJECT_REGEXP: ("_kinds", "JSRegExp"),
    _ffi.OBJECT_PROMISE: ("_promises", "JSPromise"),
    _ffi.OBJECT_MAP: ("_collections", "JSMap"),
    _ffi.OBJECT_SET: ("_collections", "JSSet"),
    _ffi.OBJECT_ARRAY_BUFFER: ("_buffers", "JSArrayBuffer"),
    _ffi.OBJECT_SHARED_ARRAY_BUFFER: ("_buffers", "JSSharedArrayBuffer"),
    _ffi.OBJECT_TYPED_ARRAY: ("_buffers", "JSTypedArray"),
    _ffi.OBJECT_DATA_VIEW: ("_buffers", "JSDataView"),
    _ffi.OBJECT_PROXY: ("_kinds", "JSProxy"),
    _ffi.OBJECT_GENERATOR: ("_kinds", "JSGenerator"),
    _ffi.OBJECT_MODULE_NAMESPACE: ("_kinds", "JSModule"),
    _ffi.OBJECT_WASM: ("_kinds", "JSWasm"),
    _ffi.OBJECT_ITERATOR: ("_kinds", "JSIterator"),
}
_classes: dict[int, Any] = {_ffi.OBJECT_ARRAY: JSArray}


def _class_of(subtype: int) -> Any:
    module, name = _PLACES.get(subtype, ("_objects", "JSMappedObject"))
    cls = getattr(__import__(module, globals(), level=1, fromlist=(name,)), name)
    ENCODERS.setdefault(cls, _put_object)
    _classes[subtype] = cls
    return cls


def _keep(cls: Any, context: Context, value: Value) -> Any:
    """A Python object that owns the handle in `value`, which forgets it."""
    made = cls._adopt(context, value.head, value.handle)
    value.tag = _ffi.UNDEFINED
    return made


#: By tag. miniracer.h freezes the tags.
DECODERS: tuple[Callable[[Any, Value, bool], Any], ...] = (
    _undefined,
    _null,
    _boolean,
    _int32,
    _double,
    _string,
    _bigint,
    _symbol,
    _object,
)

# ---- To JavaScript. Each fills `view` and returns what must be kept alive until the call is over, or None. -----------


def _put_undefined(context: Context, view: Value, value: Any) -> Any:
    view.head = 0


def _put_none(context: Context, view: Value, value: Any) -> Any:
    view.head = _NULL


def _put_bool(context: Context, view: Value, value: Any) -> Any:
    view.head = _BOOLEAN
    view.int32 = value


def _put_int(context: Context, view: Value, value: Any) -> Any:
    if -0x80000000 <= value <= 0x7FFFFFFF:
        view.head = INT32_HEAD
        view.int32 = value
        return None
    if -_MAX_EXACT <= value <= _MAX_EXACT:
        view.head = _DOUBLE
        view.number = value
        return None
    return _put_bigint(context, view, value)


def _put_bigint(context: Context, view: Value, value: Any) -> Any:
    if -(2**63) <= value < 2**63:
        view.head = _BIGINT
        view.int64 = value
        return None
    words = (abs(value).bit_length() + 63) // 64
    data = abs(value).to_bytes(8 * words, "little")
    if sys.byteorder == "big":
        data = b"".join(data[i : i + 8][::-1] for i in range(0, len(data), 8))
    view.head = _BIGINT_WORDS
    view.length = words
    view.flags = _ffi.VALUE_NEGATIVE if value < 0 else 0
    view.text = data
    return data


def _put_float(context: Context, view: Value, value: Any) -> Any:
    view.head = _DOUBLE
    view.number = value


def put_text(view: Value, value: str) -> bytes:
    """Fills `view` with text, in the form the engine likes best, and returns the bytes, which the view keeps alive."""
    if value.isascii():
        data = value.encode()
        view.head = LATIN1_HEAD
        units = len(data)
    else:
        try:
            data = value.encode("latin-1")
            view.head = LATIN1_HEAD
            units = len(data)
        except UnicodeEncodeError:
            data = value.encode(_NATIVE_UTF16, "surrogatepass")
            view.head = _UTF16
            units = len(data) // 2
    if units > _MAX_UNITS:
        raise JSValueError(f"a text of {units} UTF-16 units is more than JavaScript can hold")
    view.length = units
    view.text = data
    return data


def _put_str(context: Context, view: Value, value: Any) -> Any:
    return put_text(view, value)


def _put_datetime(context: Context, view: Value, value: Any) -> Any:
    from ._dates import new_date

    made = new_date(context, value)
    return _put_object(context, view, made) or made


def is_datetime(value: Any) -> bool:
    """Told without importing datetime or numpy: whoever has one has done so."""
    numpy = sys.modules.get("numpy")  # another thread may be in the middle of importing it
    if isinstance(value, (getattr(numpy, "datetime64", ()), getattr(numpy, "timedelta64", ()))):
        return True  # a timedelta64 is then refused with a better word
    datetime = getattr(sys.modules.get("datetime"), "datetime", None)
    if datetime is None or not isinstance(value, datetime):
        return False
    ENCODERS.setdefault(datetime, _put_datetime)
    return True


def _put_object(context: Context, view: Value, value: Any) -> Any:
    if value._context is not context:
        raise JSValueError("this JavaScript object belongs to another MiniRacer")
    view.head = value._head
    view.handle = value._handle.value


def _put_copy(context: Context, view: Value, value: Any) -> Any:
    from ._graph_in import copy_in

    made = copy_in(context, value)
    return _put_object(context, view, made) or made


def _put_container(context: Context, view: Value, value: Any) -> Any:
    try:
        memory = memoryview(value)
    except TypeError:
        return _put_copy(context, view, value)
    from ._buffers import element_of

    if element_of(memory) is None:  # array.array("u")
        return _put_copy(context, view, value)
    return _put_bytes(context, view, value)  # another array.array


def is_array(value: Any) -> bool:
    """Whether it is an array.array, which before Python 3.10 is no Sequence."""
    return isinstance(value, getattr(sys.modules.get("array"), "array", ()))


def _put_callable(context: Context, view: Value, value: Any) -> Any:
    made = context._host_function(value)
    return _put_object(context, view, made) or made


def _put_wrapped(context: Context, view: Value, value: Any) -> Any:
    from ._wrap import wrap

    made = wrap(context, value)
    return _put_object(context, view, made) or made


def _put_bytes(context: Context, view: Value, value: Any) -> Any:
    from ._buffers import put_buffer

    return put_buffer(context, view, value)


def _put_awaitable(context: Context, view: Value, value: Any) -> Any:
    from ._aio import promise_of

    made = promise_of(context, value)
    return _put_object(context, view, made) or made


def _put_exception(context: Context, view: Value, value: Any) -> Any:
    from ._thrown import error_of

    made = error_of(context, value)
    return encode(context, view, made) or made


def _put_other(context: Context, view: Value, value: Any) -> Any:
    """Subclasses and look-alikes."""
    for cls, put in _ENCODERS_BY_BASE:
        if isinstance(value, cls):
            return put(context, view, value)
    if is_datetime(value):
        return _put_datetime(context, view, value)
    cls = type(value)
    for name, put in _ENCODERS_BY_METHOD:
        if hasattr(cls, name):
            return put(context, view, value)
    if callable(value):
        return _put_callable(context, view, value)
    try:
        memory = memoryview(value)
    except TypeError:
        if hasattr(cls, "__index__"):
            return _put_int(context, view, index(value))
        raise JSConversionException(unconvertible(value)) from None
    except ValueError as error:  # numpy's arrays of dates
        dates = "; list(value) has Dates" if getattr(getattr(value, "dtype", None), "kind", "") == "M" else ""
        raise JSConversionException(f"{unconvertible(value)} ({error}){dates}") from None
    if memory.ndim:
        put = _put_container if is_array(value) else _put_bytes
        return put(context, view, value)
    try:
        item = memory[()]  # numpy's numbers
    except NotImplementedError:  # of 16 bits, and others
        item = value.item() if hasattr(cls, "item") else value
        if type(item) is cls:
            raise JSConversionException(unconvertible(value)) from None
    return encode(context, view, item)


def unconvertible(value: object) -> str:
    """What to say of a value that JavaScript has nothing for."""
    return f"a Python {type(value).__name__} has no counterpart in JavaScript; wrap() gives it as an object"


_ENCODERS_BY_BASE: tuple[tuple[Any, Callable[[Any, Value, Any], Any]], ...] = (
    (JSObject, lambda context, view, value: value._put(context, view)),
    (bool, _put_bool),
    (JSBigInt, _put_bigint),
    (int, lambda context, view, value: _put_int(context, view, int(value))),
    (float, lambda context, view, value: _put_float(context, view, float(value))),
    (str, lambda context, view, value: put_text(view, "".join(value))),
    ((bytes, bytearray, memoryview), _put_bytes),
    ((Mapping, Sequence, Set), _put_container),
    (BaseException, _put_exception),
)

_ENCODERS_BY_METHOD: tuple[tuple[str, Callable[[Any, Value, Any], Any]], ...] = (
    ("__await__", _put_awaitable),
    ("__next__", _put_wrapped),
    ("__anext__", _put_wrapped),
)


ENCODERS: dict[type, Callable[[Any, Value, Any], Any]] = {
    type(None): _put_none,
    JSUndefinedType: _put_undefined,
    bool: _put_bool,
    int: _put_int,
    JSBigInt: _put_bigint,
    float: _put_float,
    str: _put_str,
    list: _put_copy,
    tuple: _put_copy,
    dict: _put_copy,
    set: _put_copy,
    frozenset: _put_copy,
    bytes: _put_bytes,
    bytearray: _put_bytes,
    memoryview: _put_bytes,
    JSMappedObject: _put_object,
    JSArray: _put_object,
    JSFunction: _put_object,
}


def encode(context: Context, view: Value, value: Any) -> Any:
    """Fills `view` with a Python value; returns what must be kept alive until the call is over, or None.

    A view that was given text must be cleared (`view.text = None`) when the call is over, or it keeps the text alive.
    """
    put: Callable[[Any, Value, Any], Any] = ENCODERS.get(type(value), _put_other)
    return put(context, view, value)


#: Property keys as references to values that are ready to be passed. Nobody writes to these, so all calls share them.
KEYS: dict[str, Any] = {}
_MAX_KEYS = 1024
_MAX_KEY = 64  # characters; longer ones are hardly names


def new_key(key: str) -> Any:
    """The reference for a key that is not in KEYS, where it is from now on if it looks like one that comes again."""
    view = Value()
    put_text(view, key)
    key_ref = byref(view)
    if len(key) <= _MAX_KEY:
        if len(KEYS) >= _MAX_KEYS:
            KEYS.clear()
        KEYS[key] = key_ref
    return key_ref


def put_key(context: Context, view: Value, key: Any) -> bool:
    """Fills `view` with a property key that is not simply a str; False if `key` can be none. None, JSUndefined, True
    and False are the names "null", "undefined", "true" and "false", as they are in JavaScript's `object[key]`."""
    if isinstance(key, str):
        put_text(view, "".join(key))
    elif isinstance(key, JSObject) and hasattr(key, "_kind_of"):  # a JSSymbol
        view.kept = key._put(context, view)
    elif isinstance(key, int) and not isinstance(key, bool):
        if -0x80000000 <= key <= 0x7FFFFFFF:
            view.head = INT32_HEAD
            view.int32 = key
        else:
            put_text(view, str(int(key)))
    elif isinstance(key, float):
        view.head = _DOUBLE
        view.number = key
    elif key is None or key is JSUndefined or isinstance(key, bool):  # ECMA-262 ToPropertyKey makes these words of them
        put_text(view, "null" if key is None else "undefined" if key is JSUndefined else "true" if key else "false")
    else:
        return False
    return True
