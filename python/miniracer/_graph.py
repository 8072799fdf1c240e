"""Whole graphs of values out of JavaScript in one crossing, through the library's codec, a subset of Python's pickles.

The pickle is read by Python's own reader, which may make nothing but the builtin containers and what
`_Reader.persistent_load` makes here. The other way is in _graph_in.
"""

from __future__ import annotations

import io
import pickle
from ctypes import byref, c_void_p, sizeof, string_at
from typing import NamedTuple

from . import _ffi
from ._checks import text, whole
from ._dates import moment_of
from ._errors import JSConversionException, JSEvalException, JSValueError
from ._ffi import Value
from ._objects import JSObject
from ._runtime import run_limits
from ._structs import Graph, GraphOptions
from ._types import JSUndefined
from ._values import DECODERS, ENCODERS
from ._views import FORMATS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._context import Context

#: Of the encoded form, where nothing else is said.
MOST_BYTES = 2**30
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


ENCODERS[JSErrorValue] = ENCODERS[list]

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
    *,
    max_nodes: int | None = None,
    max_bytes: int | None = None,
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
    "handle" gives them as live objects.
    max_depth, max_nodes, max_bytes: what is larger is refused with a JSConversionException before Python takes memory
    for it: levels of nesting; values, containers among them (None: any number); bytes of the encoded form, which are
    about those of its text and binary data, and a few for every other value (None: 1 GiB, or as much as the MiniRacer's
    memory limit where that is less).
    """
    if not isinstance(value, JSObject):
        return value
    return encoded(value, unconvertible, (max_depth, max_nodes, max_bytes), timeout_sec, cpu_time)


def graph_options(
    context: Context, max_depth: int = 1000, max_nodes: int | None = None, max_bytes: int | None = None
) -> GraphOptions:
    """The limits of one copy."""
    options = GraphOptions(struct_size=sizeof(GraphOptions), max_depth=whole("max_depth", max_depth, 1, 2**32 - 1))
    if max_nodes is not None:
        options.max_nodes = whole("max_nodes", max_nodes, 1, 2**64 - 1)
    if max_bytes is not None:
        options.max_bytes = whole("max_bytes", max_bytes, 1, 2**64 - 1)
    elif context._memory_limit:
        options.max_bytes = min(context._memory_limit, MOST_BYTES)
    return options


def encoded(
    value: JSObject,
    what: str,
    limits: tuple[int, int | None, int | None],
    timeout_sec: float | None,
    cpu_time: float | None = None,
) -> Any:
    """See `to_python`. limits: max_depth, max_nodes, max_bytes."""
    context = value._context
    if text("unconvertible", what) not in _FLAGS:
        raise JSValueError(f"unconvertible is one of {', '.join(map(repr, _FLAGS))}, and not {what!r}")
    options = graph_options(context, *limits)
    options.flags = _FLAGS[what]
    view, graph = Value(), c_void_p()
    value._put(context, view)
    slot = context._engine.take(context)
    slot.run.timeout, slot.run.cpu_time = run_limits(context._engine, timeout_sec, cpu_time)
    status = context._engine.c.graph_encode(
        context._id, byref(view), byref(options), slot.run_ref, byref(graph), slot.error_ref
    )
    slot.run.timeout = slot.run.cpu_time = 0
    finish(context, slot, status)
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


def finish(context: Context, slot: Any, status: int) -> None:
    """What is wrong with a value is a JSConversionException."""
    if status in (_ffi.WRONG_TYPE, _ffi.TOO_LARGE, _ffi.INVALID_ARGUMENT):
        try:
            context._finish(slot, status)
        except JSEvalException as exception:
            said = str(exception)
            refusal = JSConversionException("value: " + said[6:] if said.startswith("data: ") else said)
            refusal.status = exception.status
            raise refusal from None
    context._finish(slot, status)
