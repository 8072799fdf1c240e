"""Whole graphs of values into JavaScript in one crossing. See _graph, which is the other way.

Python's own pickler writes them, and what that does not know is written as `_Rules.reducer_override` says here.
"""

from __future__ import annotations

import io
import pickle
from collections import OrderedDict
from collections.abc import Mapping, Sequence, Set
from ctypes import byref
from itertools import chain, islice

from . import _ffi
from ._buffers import element_of
from ._dates import time_of
from ._errors import JSConversionException, JSEvalException, JSValueError, NotSupportedError
from ._ffi import Value
from ._graph import MOST_BYTES, JSErrorValue, JSMapEntries, JSPattern, JSSetValues, JSSparseArray, finish, graph_options
from ._objects import JSObject
from ._structs import GraphOptions
from ._thrown import told_by
from ._types import JSBigInt, JSUndefinedType
from ._values import _MAX_EXACT, encode, is_array, unconvertible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from ._context import Context
    from ._runtime import Slot

#: Levels of nesting, where nothing else is said.
_MOST_LEVELS = 1000


def is_data(value: Any) -> bool:
    """Whether a value is copied as a graph."""
    return isinstance(value, (Mapping, Sequence, Set)) and not isinstance(value, (str, JSObject))


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
#: What every pickler knows. Only the one in Python asks about these.
_BUILTIN = frozenset((str, int, float, bool, type(None), bytes, bytearray, list, tuple, dict, set, frozenset))
#: Classes that the codec knows, too.
_CLASSES = (OrderedDict, set, bytearray)
_NAMED = frozenset(map(id, (*GLOBALS.values(), *_CLASSES)))
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


class _Unconvertible(Exception):
    def __init__(self, value: Any, reason: str) -> None:
        super().__init__(value, reason)
        self.value, self.reason = value, reason


class _Sink(io.BytesIO):
    """What a pickler writes to, as far as the limit allows."""

    most = MOST_BYTES

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > self.most:
            raise JSConversionException(f"value: the encoded form is larger than {self.most} bytes")
        return super().write(data)


class _Rules:
    """How to write what is none of the builtin types."""

    context: Context
    handles: list[Any]  # (value of JavaScript, what keeps it, value of Python)
    numbers: dict[int, int]  # their places in there, by the id of the Python value
    most: int = MOST_BYTES  # elements that a container may have which makes them as they are asked for
    levels: int = _MOST_LEVELS

    def reducer_override(self, value: Any) -> Any:
        """What the pickler asks."""
        cls = type(value)
        if cls in _BUILTIN or id(value) in _NAMED:
            return NotImplemented
        if cls is JSUndefinedType:
            return _UNDEFINED, ()
        if cls is JSBigInt:
            return _BIGINT, (int(value),)
        if cls in _BACK:
            return _BACK[cls](value)
        if isinstance(value, (JSObject, str, int, float)):
            return self.handle(value)
        time = self.time(value)
        if time is not None:
            return _DATE, (time,)
        buffer = self.buffer(value)
        if buffer is not None:
            return buffer
        if isinstance(value, (Mapping, Set, Sequence)) or is_array(value):
            return self.container(value)
        if isinstance(value, BaseException):
            return self.exception(value)
        return self.handle(value)

    def exception(self, value: BaseException) -> Any:
        """As a single one: what JavaScript threw here is itself again, all else an Error that tells of it."""
        thrown = value.value if isinstance(value, JSEvalException) else None
        if isinstance(thrown, JSObject) and thrown._context is self.context:
            return self.handle(thrown)
        cause = value.__cause__
        return _ERROR, (*told_by(value), None), None, None, iter([("cause", cause)] if cause is not None else ())

    def container(self, value: Any) -> Any:
        """What is like a dict, a set or a list."""
        try:
            length = len(value)
        except OverflowError:
            length = self.most + 1
        if length > self.most:
            raise _Unconvertible(value, f"a {type(value).__name__} of more values than a copy may have")
        if isinstance(value, Mapping):
            return OrderedDict, (), None, None, iter(value.items())
        if isinstance(value, Set):
            return set, (list(value),)
        return _SPARSE, (length,), None, None, enumerate(value)

    def time(self, value: Any) -> float | None:
        """The time value of a date."""
        try:
            return time_of(value)
        except JSConversionException as refusal:
            raise _Unconvertible(value, str(refusal)) from None

    def handle(self, value: Any) -> Any:
        """By reference, or converted as a single value is."""
        number = self.numbers.get(id(value))
        if number is None:
            view = Value()
            try:
                kept = encode(self.context, view, value)
            except (JSConversionException, JSValueError) as refusal:
                if isinstance(value, JSObject):
                    raise
                raise _Unconvertible(value, str(refusal)) from None
            number = self.numbers[id(value)] = len(self.handles)
            self.handles.append((view, kept, value))
        return _HANDLE, (number,)

    def buffer(self, value: Any) -> Any:
        try:
            view = memoryview(value)
        except (TypeError, ValueError):
            return None
        element = element_of(view)
        if element is None or not view.ndim:
            return None
        return _TYPED_ARRAY, (element, view.tobytes())


class _Writer(_Rules, pickle.Pickler):
    pass


class _PatientWriter(_Rules, pickle._Pickler):
    """Python's own pickler in Python, many times slower, for what the fast one cannot do: mappings whose keys are texts
    or integers of other classes or integers beyond 2**53, since it does not ask about keys; and nesting beyond what
    Python's recursion limit lets it do, since it calls itself for each level. This one does not: what waits for its
    parts to be written is a generator that gives them.
    """

    framer: Any
    get: Any
    memo: Any
    memoize: Any
    save: Any
    write: Any

    def dump(self, value: Any) -> None:
        """Writes all of a structure."""
        self.write(pickle.PROTO + b"\4")
        self.framer.start_framing()
        waiting = [iter((value,))]
        deepest = 3 * self.levels + 3  # the codec counts exactly; here a value may be a tuple and a list as well
        while waiting:
            for part in waiting[-1]:
                steps = self.begin(part)
                if steps is not None:
                    waiting.append(steps)
                    break
            else:
                waiting.pop()
            if len(waiting) > deepest:
                raise JSConversionException(f"value: nested deeper than {self.levels} levels")
        self.write(pickle.STOP)
        self.framer.end_framing()

    def begin(self, value: Any) -> Iterator[Any] | None:
        """Writes a value that has no parts, or has been written before; of another what writes it between its parts."""
        self.framer.commit_frame()
        known = self.memo.get(id(value))
        if known is not None:
            self.write(self.get(known[0]))
            return None
        cls = type(value)
        steps = _STEPS.get(cls)
        if steps is not None and (value or cls is not tuple):
            return steps(self, value)
        reduced = self.reducer_override(value)
        if reduced is not NotImplemented:
            return self.reduced(value, *reduced)
        self.save(value)
        return None

    def growing(self, value: Any, new: bytes, add: bytes, parts: Iterator[Any]) -> Iterator[Any]:
        """A container that is there before its parts are."""
        self.write(new)
        self.memoize(value)
        yield from self.batches(add, parts)

    def finished(self, value: Any, make: bytes) -> Iterator[Any]:
        """One that is made of its parts, one of which may have led to it, and so written it."""
        self.write(pickle.MARK)
        yield from value
        known = self.memo.get(id(value))
        if known is not None:
            self.write(pickle.POP_MARK + self.get(known[0]))
        else:
            self.write(make)
            self.memoize(value)

    def reduced(
        self, value: Any, function: Any, args: Any, state: Any = None, items: Any = None, pairs: Any = None
    ) -> Iterator[Any]:
        """What `reducer_override` says."""
        self.save(function)
        yield args
        self.write(pickle.REDUCE)
        self.memoize(value)
        if pairs is not None:  # a Map's keys are any values
            pairs = _flat(pairs) if type(value) is JSMapEntries else _flat_with_exact_keys(pairs)
            yield from self.batches(pickle.SETITEMS, pairs)

    def batches(self, code: bytes, parts: Iterator[Any]) -> Iterator[Any]:
        """As many as the pickler itself takes at once."""
        for batch in iter(lambda: list(islice(parts, 1000)), []):
            self.write(pickle.MARK)
            yield from batch
            self.write(code)


def _flat(pairs: Iterable[tuple[Any, Any]]) -> Iterator[Any]:
    return chain.from_iterable(pairs)


def _flat_with_exact_keys(pairs: Iterable[tuple[Any, Any]]) -> Iterator[Any]:
    return chain.from_iterable((_exact_key(key), value) for key, value in pairs)


_STEPS: dict[type, Callable[[_PatientWriter, Any], Iterator[Any]]] = {
    list: lambda writer, value: writer.growing(value, pickle.EMPTY_LIST, pickle.APPENDS, iter(value)),
    set: lambda writer, value: writer.growing(value, pickle.EMPTY_SET, pickle.ADDITEMS, iter(value)),
    dict: lambda writer, value: writer.growing(
        value, pickle.EMPTY_DICT, pickle.SETITEMS, _flat_with_exact_keys(value.items())
    ),
    tuple: lambda writer, value: writer.finished(value, pickle.TUPLE),
    frozenset: lambda writer, value: writer.finished(value, pickle.FROZENSET),
}


def _exact_key(key: Any) -> Any:
    """A key as the str or small int that it is by its value; others as they are, for _problem to find."""
    if isinstance(key, str):
        return str.__str__(key)
    if isinstance(key, bool) or not hasattr(type(key), "__index__"):
        return key
    number = key.__index__()
    return number if -_MAX_EXACT <= number <= _MAX_EXACT else str(number)


def copy_in(context: Context, value: Any, options: GraphOptions | None = None) -> Any:
    """A new JavaScript array, object or Set with the contents of a Python container, deep."""
    if context._engine.library.abi_version < 2:
        raise NotSupportedError(f"this binary cannot copy a {type(value).__name__}: {context._engine.library.path}")
    if options is None and context._memory_limit:
        options = graph_options(context)
    handles: list[Any] = []
    numbers: dict[int, int] = {}
    try:
        data = _written(_Writer, context, value, options, handles, numbers)
    except RecursionError:  # which comes at some 500 levels, and sooner the deeper this was called
        data = _written(_PatientWriter, context, value, options, handles, numbers)
    slot = context._engine.take(context)
    status = _decode(context, slot, data, handles, options)
    if status == _ffi.INVALID_ARGUMENT:
        context._engine.c.error_free(slot.error)
        slot.error.value = None
        context._finish(slot, 0)
        problem = _problem(value)
        if problem:
            raise JSConversionException(problem)
        data = _written(_PatientWriter, context, value, options, handles, numbers)
        slot = context._engine.take(context)
        status = _decode(context, slot, data, handles, options)
    made = context._decode(slot.result) if not status else None
    finish(context, slot, status)
    return made


def _decode(context: Context, slot: Slot, data: bytes, handles: list[Any], options: GraphOptions | None) -> int:
    views = (Value * len(handles))()
    for view, (made, _, _) in zip(views, handles):
        view.head, view.handle = made.head, made.handle
    status: int = context._engine.c.graph_decode(
        context._id,
        data,
        len(data),
        views,
        len(views),
        byref(options) if options is not None else None,
        slot.run_ref,
        slot.result_ref,
        slot.error_ref,
    )
    return status


def _written(
    kind: Any, context: Context, value: Any, options: GraphOptions | None, handles: list[Any], numbers: dict[int, int]
) -> bytes:
    """The encoded form."""
    sink = _Sink()
    writer = kind(sink, 4)
    writer.context, writer.handles, writer.numbers = context, handles, numbers
    if options is not None:
        sink.most = options.max_bytes or MOST_BYTES
        writer.most = min(options.max_nodes or sink.most, sink.most)
        writer.levels = options.max_depth or _MOST_LEVELS
    try:
        writer.dump(value)
    except _Unconvertible as found:
        raise JSConversionException(_refusal(value, found)) from None
    except pickle.PicklingError as error:
        raise JSConversionException(f"value: {error}") from None
    return sink.getvalue()


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


def _refusal(root: Any, found: _Unconvertible) -> str:
    """What to say of a value, with where it is; of a key with that."""
    path = next((path for value, path in _parts(root) if value is found.value), None)
    if path is None:
        return _problem(root) or f"value: {found.reason}"
    return f"{path}: {found.reason}"


def _problem(root: Any) -> str:
    """What in a structure the codec refuses."""
    for value, path in _parts(root):
        if id(value) in _NAMED:
            return f"{path}: {unconvertible(value)}"
        if isinstance(value, Mapping):
            problem = _key_problem(value)
            if problem:
                return f"{path}: {problem}"
        elif _half_floats(value):
            return f"{path}: this engine has no Float16Array"
    return ""


def _key_problem(mapping: Mapping[Any, Any]) -> str:
    texts: dict[str, Any] = {}
    for key in mapping:
        exact = _exact_key(key)
        if isinstance(exact, bool) or not isinstance(exact, (str, int)):
            return f"a key of type {type(key).__name__}; JavaScript's are strings: {key!r}"
        if str(exact) in texts:
            return f"the keys {texts[str(exact)]!r} and {key!r} are one in JavaScript"
        texts[str(exact)] = key
    return ""


def _half_floats(value: Any) -> bool:
    try:
        return element_of(memoryview(value)) == _ffi.ELEMENT_FLOAT16
    except (TypeError, ValueError):
        return False
