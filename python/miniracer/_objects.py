"""JavaScript objects as the Python things they resemble. Each holds a handle; reads and writes go through to V8.

Identity is JavaScript's: ``a == b`` is ``a === b``, and hashes agree with it. For convenience a JSMappedObject also
equals a dict, and a JSArray a list, of equal contents.

Properties are items, ``obj["name"]``, and, where no Python attribute of that name is in the way and the name does not
begin with an underscore, attributes too: ``obj.name``. A function read as an attribute is bound to its object, as
Python's methods are: ``obj.method(1)`` has ``this``, while ``obj["method"]`` is the bare function.

Any thread may use an object; one thread at a time is inside of its MiniRacer, the others wait. Reading and writing
properties can run guest code (getters, setters, Proxy traps) and is under the MiniRacer's default timeout.
"""

from __future__ import annotations

# collections.abc and operator are the same as these, but what else comes with them takes longer than this package.
from _collections_abc import MutableMapping, MutableSequence
from _operator import index as as_index
from ctypes import c_uint64

from ._errors import JSArrayIndexError, JSClosedException, JSKeyError, JSTypeError, JSValueError
from ._types import JSUndefined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator
    from typing import Any, NoReturn

    from typing_extensions import Self

    from ._context import Context
    from ._ffi import Value

__all__ = ["CancelableJSFunction", "JSArray", "JSFunction", "JSMappedObject", "JSObject"]

_new = object.__new__

#: What Array.prototype.splice does, without what the guest can redefine of it. Reads and writes of the elements are
#: JavaScript's own: a refusal is a TypeError, and what was not there before is not there afterwards.
_SPLICE = """'use strict';
(function (array, start, count, ...items) {
  const length = array.length, shift = items.length - count, first = start + items.length;
  const move = (to) => { if (to - shift in array) array[to] = array[to - shift]; else delete array[to]; };
  array.length = length; // where that may not be written, nothing else is
  if (shift > 0) for (let to = length + shift - 1; to >= first; to--) move(to);
  if (shift < 0) for (let to = first; to < length + shift; to++) move(to);
  for (let i = 0; i < items.length; i++) array[start + i] = items[i];
  array.length = length + shift;
})"""
#: As many as go into one call.
_ITEMS = 32_768


class JSObject:
    """Anything of JavaScript's that Python holds by a handle. Made by a MiniRacer only.

    The JavaScript object lives at least as long as this one does, or until the MiniRacer is closed.
    """

    __slots__ = ("__weakref__", "_context", "_handle", "_head", "_known_hash")

    _context: Context
    _handle: c_uint64
    _known_hash: int  # once it was asked for
    _head: int

    def __init__(self) -> None:
        raise TypeError(f"{type(self).__name__} objects come from a MiniRacer: use its eval()")

    @classmethod
    def _adopt(cls, context: Context, head: int, handle: int) -> Self:
        self = _new(cls)
        _set_context(self, context)
        _set_head(self, head)
        _set_handle(self, c_uint64(handle))
        return self

    def __del__(self) -> None:
        try:
            self._context._engine.release(self._head, self._handle)
        except (AttributeError, TypeError):  # half-made, or the interpreter is being taken down
            pass

    def _put(self, context: Context, view: Value) -> Any:
        """Fills `view` with this for `context`; returns what must be kept until the call is over."""
        if self._context is not context:
            raise JSValueError("this JavaScript object belongs to another MiniRacer")
        view.head = self._head
        view.handle = self._handle.value

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if isinstance(other, JSObject):
            return _is_same(self, other)
        return NotImplemented

    def __hash__(self) -> int:
        number: int | None = getattr(self, "_known_hash", None)
        if number is None:
            number = self._context._hash(self)
            _set_hash(self, number)  # for good: what is in a set can be taken out of it after `close`, too
        return number

    def __bool__(self) -> bool:
        return True

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} lives in its MiniRacer: it can be neither pickled nor copied")

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_"):
            value = self._context._get(self, name)
            if type(value) is JSFunction:
                _set_this(value, self)
                return value
            if value is not JSUndefined or self._context._has(self, name):
                return value
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __setattr__(self, name: str, value: Any) -> None:
        self._refuse_attribute(name, "set")
        self._context._set(self, name, value)

    def __delattr__(self, name: str) -> None:
        self._refuse_attribute(name, "delete")
        if not self._context._has(self, name):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        if not self._context._delete(self, name):
            raise JSTypeError(f"JavaScript does not let the property {name!r} be deleted")

    def _refuse_attribute(self, name: str, verb: str) -> None:
        if name.startswith("_") or hasattr(type(self), name):
            raise AttributeError(f"{name!r} belongs to Python here; to {verb} the property use obj[{name!r}]")

    def to_python(
        self,
        *,
        unconvertible: str = "error",
        max_depth: int = 1000,
        max_nodes: int | None = None,
        max_bytes: int | None = None,
        timeout_sec: float | None = None,
        cpu_time: float | None = None,
    ) -> Any:
        """A deep copy as plain Python data: see `miniracer.to_python`."""
        from ._graph import encoded

        return encoded(self, unconvertible, (max_depth, max_nodes, max_bytes), timeout_sec, cpu_time)

    def __aiter__(self) -> AsyncIterator[Any]:
        """``async for x in object``: JavaScript's `for await`, Symbol.asyncIterator or Symbol.iterator."""
        from ._aio import iterate

        return iterate(self)

    def _kind(self) -> str:
        """The name of the JavaScript class, found without running guest code."""
        try:
            return self._context._class_name(self)
        except JSClosedException:
            return "closed"
        except Exception:
            return "?"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._kind()}>"


def _is_same(one: JSObject, other: JSObject) -> bool:
    """JavaScript's ===. Of a closed MiniRacer's, each is equal to itself alone."""
    context = one._context
    try:
        return context is other._context and context._equals(one, other)
    except JSClosedException:
        return False


_set_context = JSObject._context.__set__  # type: ignore[attr-defined, misc]
_set_head = JSObject._head.__set__  # type: ignore[attr-defined, misc]
_set_handle = JSObject._handle.__set__  # type: ignore[attr-defined, misc]
_set_hash = JSObject._known_hash.__set__  # type: ignore[attr-defined, misc]


class JSMappedObject(JSObject, MutableMapping["Any", "Any"]):
    """A JavaScript object as a mapping from property keys (str, int, JSSymbol) to values.

    Iteration gives the keys that a for-in statement gives, inherited ones included; those that are array indexes come
    as ints. ``in`` is JavaScript's ``in``. A missing key raises JSKeyError, which is a KeyError. None, JSUndefined,
    True and False are keys as they are in JavaScript: "null", "undefined", "true", "false".
    """

    __slots__ = ()

    __hash__ = JSObject.__hash__

    def __eq__(self, other: object) -> bool:
        if isinstance(other, dict):
            return dict(self.items()) == other
        return JSObject.__eq__(self, other)

    def __bool__(self) -> bool:
        return len(self) > 0

    def __getitem__(self, key: Any) -> Any:
        value = self._context._get(self, key)
        if value is JSUndefined and not self._context._has(self, key):
            raise JSKeyError(f"No such key: {key!r}")
        return value

    def __setitem__(self, key: Any, value: Any) -> None:
        self._context._set(self, key, value)

    def __delitem__(self, key: Any) -> None:
        if not self._context._has(self, key):
            raise JSKeyError(f"No such key: {key!r}")
        if not self._context._delete(self, key):
            raise JSTypeError(f"JavaScript does not let the property {key!r} be deleted")

    def __contains__(self, key: object) -> bool:
        try:
            return self._context._has(self, key)
        except JSKeyError:
            return False

    def __iter__(self) -> Iterator[Any]:
        return iter(self._context._keys(self))

    def __len__(self) -> int:
        return len(self._context._keys(self))

    def iterate(self) -> Iterator[Any]:
        """What JavaScript's `for (x of object)` goes through: Symbol.iterator. `iter(object)` gives the keys."""
        from ._kinds import iterate

        return iterate(self)


class JSArray(JSObject, MutableSequence["Any"]):
    """A JavaScript array as a list: negative indexes, slices, ``del``, ``insert`` and the rest.

    A slice gives a plain list. Holes read as JSUndefined. Writing beyond the end makes the array longer, as JavaScript
    does it; reading there is an IndexError.
    """

    __slots__ = ()

    __hash__ = JSObject.__hash__

    def __eq__(self, other: object) -> bool:
        if isinstance(other, list):
            return list(self) == other
        return JSObject.__eq__(self, other)

    def __bool__(self) -> bool:
        return len(self) > 0

    def __len__(self) -> int:
        return int(self._context._get(self, "length"))

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self._context._get(self, i) for i in range(*index.indices(len(self)))]
        if isinstance(index, JSObject):  # a JSSymbol
            return self._context._get(self, index)
        at = as_index(index)
        if at < 0:
            at = self._from_end(at, "JSArray index out of range")
        value = self._context._get(self, at)
        if value is JSUndefined and at >= len(self):
            raise IndexError("JSArray index out of range")
        return value

    def __setitem__(self, index: Any, value: Any) -> None:
        if isinstance(index, slice):
            self._set_slice(index, list(value))
            return
        at = as_index(index)
        if at < 0:
            at = self._from_end(at, "JSArray assignment index out of range")
        self._context._set(self, at, value)

    def __delitem__(self, index: Any) -> None:
        if isinstance(index, slice):
            wanted = range(*index.indices(len(self)))
            if wanted.step == 1:
                self._splice(wanted.start, len(wanted), [])
            else:
                for at in sorted(wanted, reverse=True):
                    self._splice(at, 1, [])
            return
        length = len(self)
        at = as_index(index)
        if not -length <= at < length:
            raise JSArrayIndexError
        self._splice(at + length if at < 0 else at, 1, [])

    def insert(self, index: int, value: Any) -> None:
        """Puts value before the element at index."""
        start = slice(index, None).indices(len(self))[0]
        self._splice(start, 0, [value])

    def append(self, value: Any) -> None:
        """Puts value at the end."""
        self._context._set(self, len(self), value)

    def extend(self, values: Iterable[Any]) -> None:
        """Puts each of values at the end."""
        items = list(values)
        self._splice(len(self), 0, items)

    def clear(self) -> None:
        """Removes all elements."""
        self._context._set(self, "length", 0)

    def __iter__(self) -> Iterator[Any]:
        for at in range(len(self)):
            yield self._context._get(self, at)

    def _from_end(self, at: int, otherwise: str) -> int:
        at += len(self)
        if at < 0:
            raise IndexError(otherwise)
        return at

    def _splice(self, start: int, count: int, items: list[Any]) -> None:
        for at in range(0, len(items) or 1, _ITEMS):
            some = items[at : at + _ITEMS]
            self._context._helper(_SPLICE, self, start + at, 0 if at else count, *some)

    def _set_slice(self, where: slice, items: list[Any]) -> None:
        wanted = range(*where.indices(len(self)))
        if wanted.step == 1:
            self._splice(wanted.start, len(wanted), items)
            return
        if len(items) != len(wanted):
            raise ValueError(f"{len(items)} values for a slice of {len(wanted)}")
        for at, item in zip(wanted, items):
            self._context._set(self, at, item)


class JSFunction(JSMappedObject):
    """A JavaScript function. Call it; arguments are converted as everywhere, results too."""

    __slots__ = ("_this",)

    _this: Any  # what `this` is where the caller does not say

    @classmethod
    def _adopt(cls, context: Context, head: int, handle: int) -> Self:
        self = super()._adopt(context, head, handle)
        _set_this(self, JSUndefined)
        return self

    def __bool__(self) -> bool:
        return True

    def __call__(
        self,
        *args: Any,
        this: Any = JSUndefined,
        timeout_sec: float | None = None,
        cpu_time: float | None = None,
    ) -> Any:
        """Calls the function on this thread.

        this: what `this` is in there. A function that was read as an attribute has its object instead of undefined.
        timeout_sec: seconds, waiting for another thread to leave included; None: the MiniRacer's default.
        cpu_time: seconds of this thread's processor time; None: likewise.
        Raises what JSEvalException and its subclasses tell, or the very exception that a Python callable raised.
        """
        if this is JSUndefined:
            this = self._this
        return self._context._call(self._handle, args, this, timeout_sec, cpu_time)

    def __instancecheck__(self, value: Any) -> bool:
        """``isinstance(value, Point)`` is JavaScript's ``value instanceof Point``."""
        return self._context._instance_of(value, self)

    def new(self, *args: Any, timeout_sec: float | None = None, cpu_time: float | None = None) -> Any:
        """JavaScript's ``new f(...args)``."""
        return self._context._construct(self._handle, args, timeout_sec, cpu_time)

    async def call_async(
        self,
        *args: Any,
        this: Any = JSUndefined,
        timeout_sec: float | None = None,
        cpu_time: float | None = None,
    ) -> Any:
        """A call that does not block the asyncio loop: another thread makes it. Where the result is a promise, its
        value. Cancelling the task ends the call."""
        result = await self.cancelable()(*args, this=this, timeout_sec=timeout_sec, cpu_time=cpu_time)
        return await result if _is_promise(result) else result

    def cancelable(self) -> CancelableJSFunction:
        """The function as a coroutine function, as PyMiniRacer has it: a promise is given as it is."""
        return CancelableJSFunction(self)


_set_this = JSFunction._this.__set__


def _is_promise(value: Any) -> bool:
    return isinstance(value, JSObject) and hasattr(type(value), "__await__")


class CancelableJSFunction:
    """What JSFunction.cancelable() returns: calls are awaited, and cancelling the task ends the JavaScript."""

    __slots__ = ("_function",)

    def __init__(self, function: JSFunction) -> None:
        self._function = function

    async def __call__(
        self,
        *args: Any,
        this: Any = JSUndefined,
        timeout_sec: float | None = None,
        cpu_time: float | None = None,
    ) -> Any:
        from ._aio import call

        function = self._function
        return await call(function, args, function._this if this is JSUndefined else this, timeout_sec, cpu_time)
