"""Copies lists, tuples and mappings into JavaScript.

One crossing carries the whole structure as JSON, parsed by the engine itself, so that nothing the guest redefined
(setters on Object.prototype, `__proto__`) can come between. What JSON cannot carry (NaN, big ints, datetimes,
callables, objects of JavaScript, a list that occurs twice) is null in there and is put in its place afterwards.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence

from ._errors import JSConversionException
from ._objects import JSObject
from ._values import ENCODERS, is_datetime, unconvertible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._context import Context

_MAX_EXACT = 2**53
_AS_IS = (str, bool, type(None))


class _Same:
    """Stands for a container that was met before, at `path`."""

    def __init__(self, path: tuple[Any, ...]) -> None:
        self.path = path


def _shown(path: tuple[Any, ...]) -> str:
    return "value" + "".join(f"[{step!r}]" for step in path)


class _Copier:
    def __init__(self) -> None:
        self.patches: list[tuple[tuple[Any, ...], Any]] = []
        self.seen: dict[int, tuple[Any, ...] | None] = {}  # None: being copied
        self.alive: list[Any] = []  # what `seen` knows by its id

    def plain(self, value: Any, path: tuple[Any, ...]) -> Any:
        """`value` as json.dumps can take it, with None in place of what is patched later."""
        kind = type(value)
        if kind in _AS_IS:
            return value
        if kind is int:
            if -_MAX_EXACT <= value <= _MAX_EXACT:
                return value
        elif kind is float:
            if math.isfinite(value):
                return value
        elif kind is dict or (kind not in ENCODERS and isinstance(value, Mapping) and not isinstance(value, JSObject)):
            return self.mapping(value, path)
        elif kind in (list, tuple) or self.is_sequence(value):
            return self.sequence(value, path)
        elif kind not in ENCODERS and not self.convertible(value):
            raise JSConversionException(unconvertible(value, _shown(path)))
        self.patches.append((path, value))
        return None

    def is_sequence(self, value: Any) -> bool:
        if type(value) in ENCODERS or isinstance(value, (JSObject, str, bytes, bytearray, memoryview)):
            return False
        return isinstance(value, Sequence)

    def convertible(self, value: Any) -> bool:
        if isinstance(value, (bytes, bytearray, memoryview)):
            return False
        if isinstance(value, (*ENCODERS, JSObject)) or is_datetime(value):
            return True
        return callable(value) or hasattr(type(value), "__index__")

    def enter(self, value: Any, path: tuple[Any, ...]) -> bool:
        """False if the container was met before: then it is patched in."""
        known = self.seen.get(id(value), ())
        if known is None:
            raise JSConversionException(f"{_shown(path)}: the structure contains itself")
        if id(value) in self.seen:
            self.patches.append((path, _Same(known)))
            return False
        self.seen[id(value)] = None
        self.alive.append(value)
        return True

    def mapping(self, value: Any, path: tuple[Any, ...]) -> Any:
        if not self.enter(value, path):
            return None
        result: dict[str, Any] = {}
        for key, item in value.items():
            if isinstance(key, bool) or not isinstance(key, (str, int)):
                name = type(key).__name__
                raise JSConversionException(f"{_shown(path)}: a key of type {name}; JavaScript's are strings: {key!r}")
            text = "".join(key) if isinstance(key, str) else str(int(key))
            if text in result:
                raise JSConversionException(f"{_shown(path)}: the keys {key!r} and {text!r} are one in JavaScript")
            result[text] = self.plain(item, (*path, text))
        self.seen[id(value)] = path
        return result

    def sequence(self, value: Any, path: tuple[Any, ...]) -> Any:
        if not self.enter(value, path):
            return None
        result = [self.plain(item, (*path, at)) for at, item in enumerate(value)]
        self.seen[id(value)] = path
        return result


def copy_in(context: Context, value: Any) -> JSObject:
    """A new JavaScript array or object with the contents of a Python sequence or mapping."""
    copier = _Copier()
    try:
        text = json.dumps(copier.plain(value, ()), separators=(",", ":"))
    except RecursionError:
        raise JSConversionException("value: nested too deeply") from None
    root: JSObject = context._json_parse(text)

    def at(path: tuple[Any, ...]) -> Any:
        found: Any = root
        for step in path:
            found = context._get(found, step)
        return found

    parents: dict[tuple[Any, ...], Any] = {}
    for path, item in copier.patches:
        parent = parents.get(path[:-1])
        if parent is None:
            parent = parents[path[:-1]] = at(path[:-1])
        context._set(parent, path[-1], at(item.path) if isinstance(item, _Same) else item)
    return root
