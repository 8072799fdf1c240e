"""Property descriptors."""

from __future__ import annotations

from ctypes import byref, c_int32, sizeof

from . import _ffi
from ._ffi import Value
from ._structs import Property
from ._types import JSUndefined
from ._values import DECODERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._context import Context
    from ._objects import JSObject

_FLAGS = (_ffi.PROPERTY_WRITABLE, _ffi.PROPERTY_ENUMERABLE, _ffi.PROPERTY_CONFIGURABLE)


def define(
    context: Context, target: JSObject, key: Any, value: Any, getter: Any, setter: Any, flags: tuple[bool, ...]
) -> None:
    """See `MiniRacer.define`."""
    made = Property(struct_size=sizeof(Property), flags=sum(bit for bit, is_set in zip(_FLAGS, flags) if is_set))
    keep: list[Any] = []
    if getter is not None or setter is not None:
        made.flags = made.flags & ~_ffi.PROPERTY_WRITABLE | _ffi.PROPERTY_ACCESSOR
        for view, function in ((made.getter, getter), (made.setter, setter)):
            if function is not None:
                made_function = context._host_function(function, None, None, True)
                keep.append((made_function, context._encode(view, made_function)))
    else:
        keep.append(context._encode(made.value, value))
    slot = context._engine.take(context)
    key_ref = context._key(slot, key)
    status = context._engine.c.object_define(
        context._id, target._handle, key_ref, byref(made), slot.run_ref, slot.error_ref
    )
    keep.clear()
    context._finish(slot, status)


def descriptor(context: Context, target: JSObject, key: Any) -> dict[str, Any] | None:
    """See `MiniRacer.descriptor`."""
    found, present = Property(struct_size=sizeof(Property)), c_int32()
    slot = context._engine.take(context)
    key_ref = context._key(slot, key)
    status = context._engine.c.object_get_own_property(
        context._id, target._handle, key_ref, slot.run_ref, byref(found), byref(present), slot.error_ref
    )
    context._finish(slot, status)
    if not present.value:
        return None

    def taken(view: Value) -> Any:
        return DECODERS[view.tag](context, view, True)

    flags = found.flags
    if flags & _ffi.PROPERTY_ACCESSOR:
        result = {"getter": taken(found.getter), "setter": taken(found.setter)}
        result = {name: None if item is JSUndefined else item for name, item in result.items()}
    else:
        result = {"value": taken(found.value), "writable": bool(flags & _ffi.PROPERTY_WRITABLE)}
    result["enumerable"] = bool(flags & _ffi.PROPERTY_ENUMERABLE)
    result["configurable"] = bool(flags & _ffi.PROPERTY_CONFIGURABLE)
    return result
