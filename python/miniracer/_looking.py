"""Objects of JavaScript's as they are made up: properties, prototypes, and text for people."""

from __future__ import annotations

from ctypes import byref, sizeof

from . import _ffi
from ._checks import whole
from ._context import Context
from ._types import JSUndefined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._objects import JSObject


class Looking(Context):
    """The part of MiniRacer that looks into objects."""

    def define(
        self,
        obj: JSObject,
        key: Any,
        value: Any = JSUndefined,
        *,
        getter: Any = None,
        setter: Any = None,
        writable: bool = False,
        enumerable: bool = False,
        configurable: bool = False,
    ) -> None:
        """JavaScript's Object.defineProperty: a value, or a getter and a setter, callables that are given `this`.

        >>> mr.define(obj, "area", getter=lambda this: this.width * this.height)
        """
        from ._properties import define

        flags = (writable, enumerable, configurable)
        define(self, obj, key, value, getter, setter, flags)

    def descriptor(self, obj: JSObject, key: Any) -> dict[str, Any] | None:
        """JavaScript's Object.getOwnPropertyDescriptor: a dict with value and writable, or getter and setter, and
        enumerable and configurable; None where the object has no such property of its own. Calls no getter."""
        from ._properties import descriptor

        return descriptor(self, obj, key)

    def prototype(self, obj: JSObject) -> Any:
        """The prototype of an object, or None; of a Proxy that of its target."""
        from ._properties import owned

        return self._value_call(self._engine.c.object_get_prototype, owned(self, obj)._handle)

    def set_prototype(self, obj: JSObject, prototype: Any) -> None:
        """JavaScript's Object.setPrototypeOf; None for no prototype."""
        from ._properties import set_prototype

        set_prototype(self, obj, prototype)

    def inspect(self, value: Any, depth: int | None = 2, *, width: int = 80, colors: bool = False) -> str:
        """A value as text for people, as console.log shows it. No code of the guest's runs.

        depth: levels of objects below the value; None: all. width: of a line, in columns. colors: as a terminal's.
        """
        view = _ffi.Value()
        keep = self._encode(view, value)
        from ._structs import InspectOptions

        options = InspectOptions(
            struct_size=sizeof(InspectOptions),
            flags=_ffi.INSPECT_COLORS if colors else 0,
            levels=_ffi.INSPECT_ALL_LEVELS if depth is None else whole("depth", depth, 0, 2**31 - 1) + 1,
            width=whole("width", width, 0, 2**31 - 1),
        )
        text = self._run_value_call(self._engine.c.value_inspect, byref(view), byref(options))
        del keep
        return str(text)
