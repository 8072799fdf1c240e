"""Python objects by reference: in JavaScript they are objects whose properties are read and written in Python.

A dict shows its items, a list or other sequence its elements (as an Array does), a set and everything else its public
attributes. Names with a leading underscore stay hidden, and all that generators, frames and functions have, which leads
to the rest of Python. What comes out of an object is given by reference again; what is put in comes as a value does.
JavaScript knows each by a number; the same Python object is the same object there as long as JavaScript holds it.
"""

from __future__ import annotations

from _collections_abc import (
    AsyncIterable,
    AsyncIterator,
    Iterable,
    Iterator,
    Mapping,
    MutableMapping,
    MutableSequence,
    Sequence,
    Sized,
)
from ctypes import byref, c_void_p, sizeof
from sys import modules
from types import (
    AsyncGeneratorType,
    CodeType,
    CoroutineType,
    FrameType,
    FunctionType,
    GeneratorType,
    TracebackType,
)

from . import _ffi
from ._errors import JSValueError
from ._ffi import Value
from ._greenlets import enter, inside
from ._host import _give, _throw, argument_views, call_views
from ._lost import callback
from ._objects import JSMappedObject, JSObject
from ._runtime import ONE, numbers
from ._structs import HostObjectOptions
from ._symbols import JSSymbol
from ._types import JSUndefined
from ._values import DECODERS, ENCODERS, is_datetime, put_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any
    from weakref import ref

    from ._context import Context

NOT_MINE: Any = object()

_owners: dict[int, ref[Context]] = {}

#: Of these JavaScript sees no attributes: they lead to all of Python.
_OPAQUE = (GeneratorType, AsyncGeneratorType, CoroutineType, FrameType, TracebackType, CodeType, FunctionType)

_TEXT = (str, bytes, bytearray, memoryview)
_PLAIN = frozenset(cls for cls in ENCODERS if cls not in (list, tuple, dict, set, frozenset))

#: (step, stop) -> an iterator over what step returns, until that is `stop`.
_ITERATE = """(function (step, stop) {
  return (function* () {
    try { for (;;) { const x = step(); if (x === stop) return; yield x; } } finally { stop(); }
  })();
})"""
_ITERATE_ASYNC = """(function (step, stop) {
  return (async function* () {
    try { for (;;) { const x = await step(); if (x === stop) return; yield x; } } finally { await stop(); }
  })();
})"""


class _Attributes:
    """How JavaScript sees an object: its attributes, as far as `names` or `private` allow."""

    __slots__ = ("class_name", "names", "private", "read_only", "target")

    def __init__(
        self, target: Any, read_only: bool, private: bool, names: frozenset[str] | None, class_name: str | None
    ) -> None:
        self.target = target
        self.read_only = read_only
        self.private = private
        self.names = names
        self.class_name = class_name

    def allowed(self, key: Any) -> bool:
        if not isinstance(key, str):
            return False
        if self.names is not None:
            return key in self.names
        return self.private or not key.startswith("_")

    def get(self, key: Any) -> Any:
        if self.allowed(key):
            value = getattr(self.target, key, NOT_MINE)
            if value is not NOT_MINE:
                return value
        if key == "length" and self.names is None and isinstance(self.target, Sized):
            return len(self.target)
        return NOT_MINE

    def set(self, key: Any, value: Any) -> Any:
        if not self.allowed(key):
            return NOT_MINE
        setattr(self.target, key, value)
        return True

    def has(self, key: Any) -> bool:
        return self.allowed(key) and _has(self.target, key)

    def delete(self, key: Any) -> bool:
        if not self.has(key):
            return True
        delattr(self.target, key)
        return True

    def keys(self) -> list[Any]:
        if self.names is not None:
            return sorted(name for name in self.names if _has(self.target, name))
        found = dict.fromkeys(getattr(self.target, "__dict__", ()))
        for cls in type(self.target).__mro__:
            slots = cls.__dict__.get("__slots__", ())
            found.update(dict.fromkeys((slots,) if isinstance(slots, str) else slots))
            found.update(dict.fromkeys(name for name, item in cls.__dict__.items() if isinstance(item, property)))
        return [name for name in found if self.allowed(name) and _has(self.target, name)]


def _has(target: Any, name: str) -> bool:
    """Whether there is such an attribute. A property that raises is there."""
    try:
        return hasattr(target, name)
    except Exception:
        return True


class _Items(_Attributes):
    """How JavaScript sees a mapping: its items, as far as `names` allows. 1 and "1" are one key, the int first."""

    __slots__ = ()

    def allowed(self, key: Any) -> bool:
        if self.names is None or not isinstance(key, (str, int)):
            return isinstance(key, (str, int))
        return (key if isinstance(key, str) else str(int(key))) in self.names

    def find(self, key: Any) -> Any:
        if self.allowed(key):
            if key in self.target:
                return key
            if isinstance(key, int) and str(key) in self.target:
                return str(key)
        return NOT_MINE

    def get(self, key: Any) -> Any:
        found = self.find(key)
        return NOT_MINE if found is NOT_MINE else self.target[found]

    def set(self, key: Any, value: Any) -> Any:
        if not self.allowed(key) or not isinstance(self.target, MutableMapping):
            return NOT_MINE
        found = self.find(key)
        self.target[key if found is NOT_MINE else found] = value
        return True

    def has(self, key: Any) -> bool:
        return self.find(key) is not NOT_MINE

    def delete(self, key: Any) -> bool:
        found = self.find(key)
        if found is NOT_MINE:
            return True
        if not isinstance(self.target, MutableMapping):
            return False
        del self.target[found]
        return True

    def keys(self) -> list[Any]:
        return [key for key in self.target if self.allowed(key)]


class _Elements(_Attributes):
    """How JavaScript sees a sequence: its elements and its length."""

    __slots__ = ()

    def get(self, key: Any) -> Any:
        if key == "length":
            return len(self.target)
        if isinstance(key, int) and 0 <= key < len(self.target):
            return self.target[key]
        return NOT_MINE

    def set(self, key: Any, value: Any) -> Any:
        target = self.target
        if not isinstance(target, MutableSequence):
            return NOT_MINE
        if key == "length":
            if not isinstance(value, int) or not 0 <= value <= len(target):
                raise IndexError(f"a Python {type(target).__name__} can be made shorter by its length, but not longer")
            del target[value:]
        elif not isinstance(key, int) or key < 0:
            return NOT_MINE
        elif key == len(target):
            target.append(value)
        else:
            target[key] = value  # beyond the end an IndexError: Python has no holes
        return True

    def has(self, key: Any) -> bool:
        return key == "length" or (isinstance(key, int) and 0 <= key < len(self.target))

    def delete(self, key: Any) -> bool:
        if isinstance(key, int) and 0 <= key < len(self.target):
            if not isinstance(self.target, MutableSequence):
                return False
            self.target[key] = JSUndefined  # a hole, as far as Python has them
        return True

    def keys(self) -> list[Any]:
        return list(range(len(self.target)))


def _way_of(target: Any) -> type[_Attributes]:
    if isinstance(target, Mapping):
        return _Items
    return _Elements if isinstance(target, Sequence) and not isinstance(target, _TEXT) else _Attributes


# ---- The callback ----------------------------------------------------------------------------------------------------


def _access(number: int, address: int) -> int:
    """The one callback of all wrapped objects: miniracer_callback."""
    owner = _owners.get(number)
    context = owner() if owner is not None else None
    if context is None:
        return 1
    thread = before = 0
    try:
        if "greenlet" in modules:
            thread, before = enter()
        call, _ = call_views(address)
        values = [DECODERS[view.tag](context, view, False) for view in argument_views(call)]
        result = _OPERATIONS[call.operation](context, context._hosted[number], *values)
        if result is NOT_MINE:
            call.flags |= _ffi.CALL_NOT_MINE
        elif result is not JSUndefined:
            _give(context, address, result)
        return 0
    except BaseException as exception:
        try:
            return _throw(context._weak, address, exception)
        except RecursionError:
            return 1
    finally:
        if thread:
            inside[thread] = before


def _get(context: Context, way: _Attributes, key: Any) -> Any:
    if isinstance(key, JSSymbol):
        return _by_symbol(context, way, key)
    value = way.get(key)
    if value is NOT_MINE:
        return _protocol(context, way, key)
    return by_reference(context, value, way.read_only)


def _by_symbol(context: Context, way: _Attributes, key: JSSymbol) -> Any:
    target = way.target
    if isinstance(target, AsyncIterable) and key == JSSymbol.async_iterator:
        return lambda: _steps_async(context, target, way.read_only)
    if isinstance(target, Iterable) and type(way) is _Attributes and key == JSSymbol.iterator:
        return lambda: _steps(context, target, way.read_only)
    if isinstance(target, type) and key == JSSymbol.has_instance:
        return lambda value: isinstance(value, target)
    return NOT_MINE


def _protocol(context: Context, way: _Attributes, key: Any) -> Any:
    """What makes a Python iterator one of JavaScript's: `next` and, for those that can be closed, `return`."""
    if key not in ("next", "return") or type(way) is not _Attributes:
        return NOT_MINE
    target, read_only = way.target, way.read_only
    if isinstance(target, AsyncIterator):
        return lambda *sent: _next_async(context, target, key, sent, read_only)
    if not isinstance(target, Iterator):
        return NOT_MINE
    if key == "next":
        return lambda *sent: _next(context, target, sent, read_only)
    return (lambda *value: _return(context, target, value)) if hasattr(target, "close") else NOT_MINE


def _result(context: Context, value: Any, done: bool) -> Any:
    return context._helper("(function (value, done) { return { value, done }; })", value, done)


def _next(context: Context, target: Any, sent: tuple[Any, ...], read_only: bool) -> Any:
    try:
        value = target.send(*sent[:1]) if sent and hasattr(target, "send") else next(target)
    except StopIteration as end:
        return _result(context, JSUndefined if end.value is None else by_reference(context, end.value, read_only), True)
    return _result(context, by_reference(context, value, read_only), False)


def _return(context: Context, target: Any, value: tuple[Any, ...]) -> Any:
    target.close()
    return _result(context, value[0] if value else JSUndefined, True)


async def _next_async(context: Context, target: Any, key: str, sent: tuple[Any, ...], read_only: bool) -> Any:
    if key == "return":
        if hasattr(target, "aclose"):
            await target.aclose()
        return _result(context, sent[0] if sent else JSUndefined, True)
    try:
        value = await (target.asend(*sent[:1]) if sent and hasattr(target, "asend") else target.__anext__())
    except StopAsyncIteration:
        return _result(context, JSUndefined, True)
    return _result(context, by_reference(context, value, read_only), False)


def _steps(context: Context, target: Iterable[Any], read_only: bool) -> Any:
    iterator = iter(target)

    def stop() -> None:
        close = getattr(iterator, "close", None) if hasattr(iterator, "send") else None
        if close is not None:
            close()

    end = context._host_function(stop)

    def step() -> Any:
        for value in iterator:
            return by_reference(context, value, read_only)
        return end

    return context._helper(_ITERATE, step, end)


def _steps_async(context: Context, target: AsyncIterable[Any], read_only: bool) -> Any:
    iterator = target.__aiter__()

    async def stop() -> None:
        close = getattr(iterator, "aclose", None)
        if close is not None:
            await close()

    end = context._host_function(stop)

    async def step() -> Any:
        try:
            return by_reference(context, await iterator.__anext__(), read_only)
        except StopAsyncIteration:
            return end

    return context._helper(_ITERATE_ASYNC, step, end)


def _apply(context: Context, way: _Attributes, *args: Any) -> Any:
    return by_reference(context, way.target(*args), way.read_only)


_OPERATIONS: dict[int, Callable[..., Any]] = {
    _ffi.ACCESS_GET: _get,
    _ffi.ACCESS_SET: lambda context, way, key, value: way.set(key, value),
    _ffi.ACCESS_HAS: lambda context, way, key: way.has(key),
    _ffi.ACCESS_DELETE: lambda context, way, key: way.delete(key),
    _ffi.ACCESS_KEYS: lambda context, way: way.keys(),
    _ffi.ACCESS_APPLY: _apply,
    _ffi.ACCESS_CONSTRUCT: _apply,
}


def _forget(number: int) -> None:
    """miniracer_finalizer of wrapped objects."""
    owner = _owners.pop(number, None)
    context = owner() if owner is not None else None
    way = context._hosted.pop(number, None) if context is not None else None
    if context is not None and way is not None and context._known.get(_key(way)) == number:
        del context._known[_key(way)]


ACCESS = callback(_ffi.CALLBACK, _access)
FORGET = callback(_ffi.FINALIZER, _forget, again=True)


# ---- In and out ------------------------------------------------------------------------------------------------------


def by_reference(context: Context, value: Any, read_only: bool = False) -> Any:
    """`value` as it is where it is no container, else wrapped."""
    cls = type(value)
    if cls in _PLAIN or isinstance(value, (JSObject, str, int, float, BaseException)) or is_datetime(value):
        return value
    if (callable(value) and not isinstance(value, type)) or hasattr(cls, "__await__") or hasattr(cls, "__index__"):
        return value
    return wrap(context, value, read_only=read_only)


def _key(way: _Attributes) -> Any:
    return id(way.target), way.read_only, way.private, way.names, way.class_name


def wrap(
    context: Context,
    target: Any,
    *,
    read_only: bool = False,
    private: bool = False,
    names: frozenset[str] | None = None,
    class_name: str | None = None,
) -> JSMappedObject:
    """The JavaScript object for a Python object, by reference."""
    if isinstance(target, _OPAQUE):
        names = frozenset()
    if isinstance(target, JSObject):
        raise JSValueError("this is an object of JavaScript's already")
    way = _way_of(target)(target, read_only, private, names, class_name)
    if names is not None and type(way) is _Elements:
        raise JSValueError(f"names: a {type(target).__name__} has elements, which have no names: wrap a part of it")
    key = _key(way)
    number = context._known.get(key)
    if number is not None:
        found = _find(context, number)
        if found is not None:
            return found
    number = next(numbers)
    options = HostObjectOptions(
        struct_size=sizeof(HostObjectOptions),
        flags=(_ffi.HOST_OBJECT_READ_ONLY if read_only else 0)
        | (_ffi.HOST_OBJECT_LIST if type(way) is _Elements else 0)
        | (_ffi.HOST_OBJECT_CALLABLE if callable(target) else 0),
        callback=ACCESS,
        userdata=number,
        finalize=FORGET,
    )
    put_text(options.class_name, class_name or type(target).__name__)
    context._hosted[number] = way
    context._known[key] = number
    _owners[number] = context._weak
    made, error = Value(), c_void_p()
    status = context._engine.c.host_object_new(context._id, byref(options), byref(made), byref(error))
    if status:  # the finalizer has been called
        raise context._failure_of(status, error)
    return JSMappedObject._adopt(context, made.head, made.handle)


def _find(context: Context, number: int) -> JSMappedObject | None:
    found = Value()
    context._plain_call(context._engine.c.host_object_find, number, byref(found))
    return JSMappedObject._adopt(context, found.head, found.handle) if found.tag == _ffi.OBJECT else None


def unwrap(context: Context, value: Value, owned: bool) -> Any:
    """The Python object that a JavaScript object stands for."""
    number = context._userdata(value.handle)
    way = context._hosted.get(number)
    if way is None:  # not made here
        made = JSMappedObject._adopt(context, value.head, value.handle)
        value.tag = _ffi.UNDEFINED
        return made
    if owned:
        context._engine.value_release(byref(value), ONE)
    return way.target


__all__ = ["by_reference", "unwrap", "wrap"]
