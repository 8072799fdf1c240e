"""Symbols: those that JavaScript made, those that Python makes, and the well-known ones."""

from __future__ import annotations

from ctypes import byref

from . import _ffi
from ._checks import text, text_or_none
from ._errors import JSClosedException, JSKeyError, JSTypeError
from ._ffi import Value
from ._objects import JSMappedObject, JSObject, _new, _set_context, _set_handle, _set_head
from ._types import JSUndefined
from ._values import put_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, ClassVar

    from ._context import Context

_UNSET: Any = object()
_HEAD = Value(tag=_ffi.SYMBOL).head
_LENT = -1  # the kind of one whose handle is its MiniRacer's

#: The library reads properties of objects alone.
_GET = "(function (symbol, key) { return symbol[key]; })"

#: Python's names of the well-known symbols (ECMA-262) and JavaScript's.
WELL_KNOWN = {
    "async_iterator": "asyncIterator",
    "has_instance": "hasInstance",
    "is_concat_spreadable": "isConcatSpreadable",
    "iterator": "iterator",
    "match": "match",
    "match_all": "matchAll",
    "replace": "replace",
    "search": "search",
    "species": "species",
    "split": "split",
    "to_primitive": "toPrimitive",
    "to_string_tag": "toStringTag",
    "unscopables": "unscopables",
}


class JSSymbol(JSMappedObject):
    """A JavaScript symbol: a key for properties, ``obj[symbol]``. As a mapping it is empty, since it has no properties
    of its own; ``symbol["description"]`` and the rest of what it inherits can be read.

        >>> secret = JSSymbol("secret")          # Symbol('secret'), of the MiniRacer that sees it first
        >>> shared = JSSymbol.for_key("shared")  # Symbol.for('shared'), in every MiniRacer
        >>> obj[JSSymbol.iterator]               # Symbol.iterator, likewise

    Equality is JavaScript's ===, and equal ones have equal hashes.
    """

    __slots__ = ("_description", "_kind_of")

    async_iterator: ClassVar[JSSymbol]
    has_instance: ClassVar[JSSymbol]
    is_concat_spreadable: ClassVar[JSSymbol]
    iterator: ClassVar[JSSymbol]
    match: ClassVar[JSSymbol]
    match_all: ClassVar[JSSymbol]
    replace: ClassVar[JSSymbol]
    search: ClassVar[JSSymbol]
    species: ClassVar[JSSymbol]
    split: ClassVar[JSSymbol]
    to_primitive: ClassVar[JSSymbol]
    to_string_tag: ClassVar[JSSymbol]
    unscopables: ClassVar[JSSymbol]

    _description: str | None
    _kind_of: int  # SYMBOL_* or _LENT

    def __init__(self, description: str | None = None) -> None:
        _set_context(self, None)
        _make(self, _ffi.SYMBOL_UNIQUE, text_or_none("description", description))

    @classmethod
    def for_key(cls, key: str) -> JSSymbol:
        """JavaScript's ``Symbol.for(key)``."""
        text("key", key)
        return _make(_new(cls), _ffi.SYMBOL_REGISTERED, key)

    @classmethod
    def _adopt(cls, context: Context, head: int, handle: int) -> JSSymbol:
        self = super()._adopt(context, head, handle)
        _set_description(self, _UNSET)
        _set_kind(self, _ffi.SYMBOL_UNIQUE)
        return self

    def _in(self, context: Context) -> JSSymbol:
        """This symbol with a handle that is good in `context`."""
        if self._context is not None:
            return self
        if self._kind_of == _ffi.SYMBOL_UNIQUE:
            made = _new_symbol(context, self)
            _set_context(self, context)  # it takes the handle over
            _set_head(self, made._head)
            _set_handle(self, made._handle)
            _set_context(made, None)
            return self
        key = self._kind_of, self._description
        handle = context._symbols.get(key)
        if handle is None:
            made = _new_symbol(context, self)
            handle = context._symbols[key] = made._handle.value
            _set_context(made, None)  # so that it does not give back what the MiniRacer keeps
        lent = JSSymbol._adopt(context, _HEAD, handle)
        _set_kind(lent, _LENT)
        return lent

    def _put(self, context: Context, view: Value) -> Any:
        bound = self._in(context)
        JSObject._put(bound, context, view)
        return bound

    def __del__(self) -> None:
        try:
            mine = self._context is not None and self._kind_of != _LENT
        except AttributeError:  # half-made
            return
        if mine:
            super().__del__()

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, JSSymbol):
            return NotImplemented
        context = self._context or other._context
        if context is None:  # neither has been in JavaScript
            return self._kind_of == other._kind_of != _ffi.SYMBOL_UNIQUE and self._description == other._description
        if self.description != other.description:
            return False
        try:
            return JSObject.__eq__(self._in(context), other._in(context))
        except JSClosedException:
            return False

    def __hash__(self) -> int:
        return hash((JSSymbol, self.description))

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __getitem__(self, key: Any) -> Any:
        if self._context is None:  # no MiniRacer has seen it yet
            found = self.description if key == "description" else JSUndefined
        else:
            found = self._context._helper(_GET, self, key)
        if found is JSUndefined:
            raise JSKeyError(f"No such key: {key!r}")
        return found

    def __setitem__(self, key: Any, value: Any) -> None:
        raise JSTypeError("a symbol has no properties of its own")

    def __delitem__(self, key: Any) -> None:
        raise JSKeyError(f"No such key: {key!r}")

    def __contains__(self, key: object) -> bool:
        try:
            self[key]
        except JSKeyError:
            return False
        return True

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    @property
    def description(self) -> str | None:
        """What was given to Symbol(); None where nothing was."""
        if self._description is _UNSET:
            context = self._context
            found = context._value_call(context._engine.c.symbol_get_description, self._handle)
            _set_description(self, found if isinstance(found, str) else None)
        return self._description

    def __repr__(self) -> str:
        try:
            shown = self.description
        except Exception:
            return "<JSSymbol>"
        return "<JSSymbol>" if shown is None else f"<JSSymbol {shown!r}>"


_set_description = JSSymbol._description.__set__  # type: ignore[union-attr, unused-ignore, misc]
_set_kind = JSSymbol._kind_of.__set__  # type: ignore[attr-defined, unused-ignore, misc]


def _make(symbol: JSSymbol, kind: int, description: str | None) -> JSSymbol:
    _set_context(symbol, None)
    _set_kind(symbol, kind)
    _set_description(symbol, description)
    return symbol


def _new_symbol(context: Context, symbol: JSSymbol) -> JSSymbol:
    view = Value()
    kind, said = symbol._kind_of, symbol._description
    if said is not None:
        put_text(view, said.removeprefix("Symbol.") if kind == _ffi.SYMBOL_WELL_KNOWN else said)
    made: JSSymbol = context._value_call(context._engine.c.symbol_new, kind, byref(view))
    return made


for _name, _in_javascript in WELL_KNOWN.items():
    setattr(JSSymbol, _name, _make(_new(JSSymbol), _ffi.SYMBOL_WELL_KNOWN, f"Symbol.{_in_javascript}"))
