"""Whole graphs of values in one crossing, both ways, through the library's codec, a subset of Python's pickles.

Out of JavaScript the pickle is read by Python's own reader, which may make nothing but the builtin containers and what
`_Reader.persistent_load` makes here. Into JavaScript Python's own pickler writes it, and what that does not know is
written as `_Writer.reducer_override` says here.
"""

from __future__ import annotations

import io
import pickle
from collections import OrderedDict
from collections.abc import Mapping, Sequence, Set
from ctypes import byref, c_void_p, sizeof, string_at
from typing import NamedTuple

from . import _ffi
from ._buffers import _ELEMENT_OF, FORMATS
from ._dates import moment_of, time_of
from ._errors import JSConversionException, JSEvalException, JSValueError, NotSupportedError
from ._ffi import Value
from ._objects import JSObject
from ._runtime import run_limits
from ._structs import Graph, GraphOptions
from ._types import JSBigInt, JSUndefined, JSUndefinedType
from ._values import DECODERS, ENCODERS, encode, unconvertible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from ._context import Context

_FLAGS = {"error": 0, "drop": _ffi.GRAPH_DROP, "handle": _ffi.GRAPH_HANDLE}

# ---- What a copy is made of, where Python has no type of its own for it ----------------------------------------------


class JSPattern(NamedTuple):
    """A RegExp, copied."""

    source: str
    flags: str


class JSMapEntries(list["tuple[Any, Any]"]):
    """A Map, copied, whose keys a dict could not tell apart or hold: pairs of key and value."""

    def __setitem__(self, key: Any, value: Any) -> None:
        self.append((key, value))


class JSSetValues(list["Any"]):
    """A Set, copied, whose values a set could not tell apart or hold."""

    def add(self, value: Any) -> None:
        """Puts value at the end."""
        self.append(value)


class JSSparseArray(dict["int", "Any"]):
    """An array, copied, that is mostly holes: its elements by index."""

    #: How long the array is.
    length: int = 0


class JSErrorValue(JSEvalException):
    """An Error that was not thrown, copied. ``properties`` holds what else it has, ``cause`` included."""

    def __init__(self, name: str = "Error", message: str = "", stack: str | None = None) -> None:
        super().__init__(stack or (f"{name}: {message}" if message else name))
        self.name, self.message, self.stack = name, message, stack
        self.properties: dict[str, Any] = {}

    def __setitem__(self, key: str, value: Any) -> None:
        self.properties[key] = value
        if key == "cause" and isinstance(value, BaseException):
            self.__cause__ = value


# ---- Out of JavaScript -----------------------------------------------------------------------------------------------


class _Reader(pickle.Unpickler):
    handles: list[Any]

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a graph")

    def persistent_load(self, pid: Any) -> Any:
        if pid is None:
            return JSUndefined
        return _FORMS[pid[0]](self, *pid[1:])


def _date(reader: _Reader, time: float) -> Any:
    return moment_of(time) or time


def _sparse(reader: _Reader, length: int) -> JSSparseArray:
    made = JSSparseArray()
    made.length = length
    return made


def _typed_array(reader: _Reader, element: int, data: bytes) -> Any:
    import array

    return data if FORMATS[element] == "B" else array.array(FORMATS[element], data)


_FORMS: dict[str, Any] = {
    "date": _date,
    "regexp": lambda reader, source, flags: JSPattern(source, flags),
    "error": lambda reader, name, message, stack: JSErrorValue(name, message, stack),
    "boxed": lambda reader, value: value,
    "map": lambda reader: JSMapEntries(),
    "set": lambda reader: JSSetValues(),
    "sparse": _sparse,
    "arraybuffer": lambda reader, data: data,
    "sharedarraybuffer": lambda reader, data: data,
    "dataview": lambda reader, data: data,
    "typedarray": _typed_array,
    "handle": lambda reader, number: reader.handles[number],
}


def to_python(
    value: Any,
    unconvertible: str = "error",
    max_depth: int = 1000,
    timeout_sec: float | None = None,
    cpu_time: float | None = None,
) -> Any:
    """A deep copy of a JavaScript value as plain Python data, which can be pickled, in one crossing.

    >>> to_python(mr.eval("({a: [1, new Date(0)], m: new Map([[1, 2]])})"))
    {'a': [1, datetime.datetime(1970, 1, 1, ...)], 'm': {1: 2}}

    Objects, class instances and Maps become dicts, arrays lists, Sets sets; binary data becomes bytes, or an
    array.array where its elements are no bytes; Errors JSErrorValue, RegExps JSPattern, dates that datetime cannot
    tell a float, boxed values what is in them. Shared references stay shared, cycles stay cycles. Getters run; toJSON
    does not.

    unconvertible: what becomes of functions, symbols, promises, proxied host objects and the like: "error" raises
    JSConversionException with the path to the first, "drop" leaves them out (in lists JSUndefined takes the place),
    "handle" gives them as live objects. max_depth: levels of nesting.
    """
    if not isinstance(value, JSObject):
        return value
    return encoded(value._context, value, unconvertible, max_depth, timeout_sec, cpu_time)


def encoded(
    context: Context,
    value: JSObject,
    what: str,
    max_depth: int,
    timeout_sec: float | None,
    cpu_time: float | None = None,
) -> Any:
    """See `to_python`."""
    if what not in _FLAGS:
        raise JSValueError(f"unconvertible is one of {', '.join(map(repr, _FLAGS))}, and not {what!r}")
    if not 0 < max_depth < 2**32:
        raise JSValueError(f"max_depth is a number of levels, 1 or more, and not {max_depth!r}")
    options = GraphOptions(struct_size=sizeof(GraphOptions), flags=_FLAGS[what], max_depth=max_depth)
    view, graph = Value(), c_void_p()
    value._put(context, view)
    slot = context._engine.take(context)
    slot.run.timeout, slot.run.cpu_time = run_limits(context._engine, timeout_sec, cpu_time)
    status = context._engine.c.graph_encode(
        context._id, byref(view), byref(options), slot.run_ref, byref(graph), slot.error_ref
    )
    slot.run.timeout = slot.run.cpu_time = 0
    _finish(context, slot, status)
    try:
        made = Graph.from_address(graph.value or 0)
        data = string_at(made.data, made.length)
        handles = []
        if made.handle_count:
            for view in (Value * made.handle_count).from_address(made.handles):
                handles.append(DECODERS[view.tag](context, view, False))
    finally:
        context._engine.c.graph_free(graph)
    reader = _Reader(io.BytesIO(data))
    reader.handles = handles
    return reader.load()


def _finish(context: Context, slot: Any, status: int) -> None:
    """What is wrong with a value is a JSConversionException."""
    if status in (_ffi.WRONG_TYPE, _ffi.TOO_LARGE, _ffi.INVALID_ARGUMENT):
        try:
            context._finish(slot, status)
        except JSEvalException as exception:
            refusal = JSConversionException(str(exception))
            refusal.status = exception.status
            raise refusal from None
    context._finish(slot, status)


# ---- Into JavaScript -------------------------------------------------------------------------------------------------


def _named(name: str) -> Any:
    """A global of the codec's, by which the pickler names it. `miniracer.__getattr__` finds it here."""

    def function(*_: Any) -> Any:
        raise NotImplementedError

    function.__module__, function.__name__, function.__qualname__ = __package__, name, name
    return function


GLOBALS: dict[str, Any] = {
    name: _named(name)
    for name in ("bigint", "date", "error", "handle", "map", "regexp", "sparse", "typedarray", "undefined")
}
_NAMED = frozenset(map(id, (*GLOBALS.values(), OrderedDict, set)))
_BIGINT, _DATE, _ERROR, _HANDLE, _MAP, _REGEXP, _SPARSE, _TYPED_ARRAY, _UNDEFINED = GLOBALS.values()

#: How the classes above go back as what they were.
_BACK: dict[type, Callable[[Any], Any]] = {
    JSPattern: lambda pattern: (_REGEXP, tuple(pattern)),
    JSMapEntries: lambda entries: (_MAP, (), None, None, iter(entries)),
    JSSetValues: lambda values: (set, (list(values),)),
    JSSparseArray: lambda array: (_SPARSE, (array.length,), None, None, iter(array.items())),
    JSErrorValue: lambda error: (
        _ERROR,
        (error.name, error.message, error.stack),
        None,
        None,
        iter(error.properties.items()),
    ),
}
ENCODERS[JSErrorValue] = ENCODERS[list]


class _Unconvertible(Exception):
    def __init__(self, value: Any) -> None:
        super().__init__(value)
        self.value = value


class _Writer(pickle.Pickler):
    context: Context
    handles: list[Any]

    def reducer_override(self, value: Any) -> Any:
        """How to write what is none of the builtin types."""
        cls = type(value)
        if id(value) in _NAMED:
            return NotImplemented
        if cls is JSUndefinedType:
            return _UNDEFINED, ()
        if cls is JSBigInt:
            return _BIGINT, (int(value),)
        if cls in _BACK:
            return _BACK[cls](value)
        if isinstance(value, (JSObject, str, int, float)):
            return self.handle(value)
        time = time_of(value)
        if time is not None:
            return _DATE, (time,)
        buffer = self.buffer(value)
        if buffer is not None:
            return buffer
        if isinstance(value, Mapping):
            return OrderedDict, (), None, None, iter(value.items())
        if isinstance(value, Set):
            return set, (list(value),)
        if isinstance(value, Sequence):
            return _SPARSE, (len(value),), None, None, enumerate(value)
        if isinstance(value, JSEvalException) and isinstance(value.value, JSObject):
            return self.handle(value.value)
        if isinstance(value, BaseException):
            return _ERROR, (cls.__name__, str(value), None)
        return self.handle(value)

    def handle(self, value: Any) -> Any:
        """By reference, or converted as a single value is."""
        view = Value()
        try:
            kept = encode(self.context, view, value)
        except JSConversionException:
            raise _Unconvertible(value) from None
        self.handles.append((view, kept))
        return _HANDLE, (len(self.handles) - 1,)

    def buffer(self, value: Any) -> Any:
        try:
            view = memoryview(value)
        except TypeError:
            return None
        element = _ELEMENT_OF.get((view.format.lstrip("@=<"), view.itemsize))
        if element is None or not view.ndim:
            return None
        return _TYPED_ARRAY, (element, view.tobytes())


def copy_in(context: Context, value: Any) -> JSObject:
    """A new JavaScript array, object or Set with the contents of a Python container, deep."""
    if context._engine.library.abi_version < 2:
        raise NotSupportedError(f"this binary cannot copy a {type(value).__name__}: {context._engine.library.path}")
    file = io.BytesIO()
    writer = _Writer(file, 4)
    writer.context, writer.handles = context, []
    try:
        writer.dump(value)
    except _Unconvertible as found:
        raise JSConversionException(unconvertible(found.value, _path_to(value, found.value))) from None
    except RecursionError:
        raise JSConversionException("value: nested too deeply") from None
    data, handles = file.getvalue(), (Value * len(writer.handles))()
    for view, (made, _) in zip(handles, writer.handles):
        view.head, view.handle = made.head, made.handle
    slot = context._engine.take(context)
    status = context._engine.c.graph_decode(
        context._id,
        data,
        len(data),
        handles,
        len(handles),
        None,
        slot.run_ref,
        slot.result_ref,
        slot.error_ref,
    )
    if status == _ffi.INVALID_ARGUMENT and (problem := _key_problem(value)):
        context._engine.drop(slot)
        raise JSConversionException(problem)
    _finish(context, slot, status)
    result: JSObject = DECODERS[slot.result.tag](context, slot.result, True)
    return result


def _parts(root: Any) -> Iterator[tuple[Any, str]]:
    """All that is in a structure, each with where that is: "value['a'][1]"."""
    seen: set[int] = set()
    waiting: list[tuple[Any, str]] = [(root, "value")]
    while waiting:
        value, path = waiting.pop()
        yield value, path
        if id(value) in seen or isinstance(value, (str, bytes, bytearray, memoryview, JSObject)):
            continue
        seen.add(id(value))
        if isinstance(value, Mapping):
            waiting += [(item, f"{path}[{key!r}]") for key, item in value.items()]
        elif isinstance(value, (Sequence, Set)):
            waiting += [(item, f"{path}[{at}]") for at, item in enumerate(value)]


def _path_to(root: Any, wanted: Any) -> str:
    return next((path for value, path in _parts(root) if value is wanted), "value")


def _key_problem(root: Any) -> str:
    """What is wrong with the keys of a mapping in a structure."""
    for value, path in _parts(root):
        if not isinstance(value, Mapping):
            continue
        texts: dict[str, Any] = {}
        for key in value:
            if isinstance(key, bool) or not isinstance(key, (str, int)):
                return f"{path}: a key of type {type(key).__name__}; JavaScript's are strings: {key!r}"
            if str(key) in texts:
                return f"{path}: the keys {texts[str(key)]!r} and {key!r} are one in JavaScript"
            texts[str(key)] = key
    return ""
