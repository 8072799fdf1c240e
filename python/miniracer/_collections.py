"""Maps and Sets of JavaScript as Python's. Read and written by the engine itself: no guest code runs."""

from __future__ import annotations

from _collections_abc import ItemsView, MutableMapping, MutableSet, ValuesView
from ctypes import byref, c_int32, c_uint32

from ._errors import JSKeyError
from ._ffi import Value
from ._objects import JSObject
from ._types import JSUndefined
from ._values import encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from ._context import Context


class _Collection(JSObject):
    """What a Map and a Set have in common."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return len(self) > 0

    def __len__(self) -> int:
        size = c_uint32()
        self._context._plain_call(self._context._engine.c.collection_get_size, self._handle, byref(size))
        return size.value

    def __contains__(self, key: object) -> bool:
        return _asked(self, "collection_has", key)

    def clear(self) -> None:
        """Removes all."""
        self._context._plain_call(self._context._engine.c.collection_clear, self._handle)

    def _entries(self) -> list[Any]:
        return self._context._list_call(self._context._engine.c.collection_entries, self._handle)


def _asked(collection: _Collection, function: str, key: Any) -> bool:
    context, present, view = collection._context, c_int32(), Value()
    keep = encode(context, view, key)
    context._plain_call(getattr(context._engine.c, function), collection._handle, byref(view), byref(present))
    del keep
    return present.value != 0


def _missing(key: Any) -> JSKeyError:
    try:
        return JSKeyError(f"No such key: {key!r}")
    except ValueError:  # Python writes no int of more than 4300 digits, and a BigInt may have them
        return JSKeyError("No such key")


class JSMap(_Collection, MutableMapping["Any", "Any"]):
    """A Map as a dict in the order of insertion. Any value is a key, compared as JavaScript does (SameValueZero).

    >>> ages = mr.eval("new Map([['Ada', 36]])")
    >>> ages["Ada"] += 1

    A missing key raises JSKeyError, a KeyError. ``items()`` and ``values()`` take what is there in one crossing. What
    Python has no method for is JavaScript's: ``ages.size``, ``ages.forEach(...)``.
    """

    __slots__ = ()

    __hash__ = JSObject.__hash__

    def __eq__(self, other: object) -> bool:
        return dict(self.items()) == other if isinstance(other, dict) else JSObject.__eq__(self, other)

    def __getitem__(self, key: Any) -> Any:
        context, view = self._context, Value()
        keep = encode(context, view, key)
        value = context._value_call(context._engine.c.collection_get, self._handle, byref(view))
        del keep
        if value is JSUndefined and key not in self:
            raise _missing(key)
        return value

    def __setitem__(self, key: Any, value: Any) -> None:
        _put(self._context, self, key, value)

    def __delitem__(self, key: Any) -> None:
        if not _asked(self, "collection_delete", key):
            raise _missing(key)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._entries()[::2])

    def items(self) -> ItemsView[Any, Any]:
        """Pairs of key and value."""
        return _Items(self)

    def values(self) -> ValuesView[Any]:
        """The values."""
        return _Values(self)


class _Items(ItemsView["Any", "Any"]):
    __slots__ = ()

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        entries = self._mapping._entries()  # type: ignore[attr-defined]
        return zip(entries[::2], entries[1::2])


class _Values(ValuesView["Any"]):
    __slots__ = ()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._mapping._entries()[1::2])  # type: ignore[attr-defined]


class JSSet(_Collection, MutableSet["Any"]):
    """A Set as Python's, in the order of insertion. The operators (``|``, ``&``, ...) give plain Python sets."""

    __slots__ = ()

    __hash__ = JSObject.__hash__

    def __eq__(self, other: object) -> bool:
        return set(self) == other if isinstance(other, (set, frozenset)) else JSObject.__eq__(self, other)

    @classmethod
    def _from_iterable(cls, values: Iterable[Any]) -> set[Any]:  # type: ignore[override, unused-ignore]
        return set(values)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._entries())

    def add(self, value: Any) -> None:
        """Puts value in, if it is not there."""
        _put(self._context, self, value, None)

    def discard(self, value: Any) -> None:
        """Takes value out, if it is there."""
        _asked(self, "collection_delete", value)


def _put(context: Context, collection: _Collection, key: Any, value: Any) -> None:
    view, item, item_ref = Value(), Value(), None
    keep = [encode(context, view, key)]
    if isinstance(collection, JSMap):
        keep.append(encode(context, item, value))
        item_ref = byref(item)
    context._plain_call(context._engine.c.collection_set, collection._handle, byref(view), item_ref)
    del keep
