"""Property descriptors."""

from __future__ import annotations

from ctypes import byref, c_int32, sizeof

from . import _ffi
from ._checks import function, wrong
from ._errors import JSValueError
from ._ffi import Value
from ._objects import JSObject
from ._structs import Property
from ._types import JSUndefined
from ._values import DECODERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._context import Context

_FLAGS = (_ffi.PROPERTY_WRITABLE, _ffi.PROPERTY_ENUMERABLE, _ffi.PROPERTY_CONFIGURABLE)


def owned(context: Context, obj: Any) -> JSObject:
    """A JavaScript object of this MiniRacer's."""
    if not isinstance(obj, JSObject):
        raise wrong("obj", "a JSObject", obj)
    if obj._context is not context:
        raise JSValueError("this JavaScript object belongs to another MiniRacer")
    return obj


def set_prototype(context: Context, obj: JSObject, prototype: Any) -> None:
    """See `MiniRacer.set_prototype`."""
    view = Value()
    keep = context._encode(view, prototype)
    if view.tag not in (_ffi.OBJECT, _ffi.NULL):
        raise wrong("prototype", "an object or None", prototype)
    context._run_call(context._engine.c.object_set_prototype, owned(context, obj)._handle, byref(view))
    del keep


def define(
    context: Context, target: JSObject, key: Any, value: Any, getter: Any, setter: Any, flags: tuple[bool, ...]
) -> None:
    """See `MiniRacer.define`."""
    made = Property(struct_size=sizeof(Property), flags=sum(bit for bit, is_set in zip(_FLAGS, flags) if is_set))
    owned(context, target)
    keep: list[Any] = []
    if getter is not None or setter is not None:
        made.flags = made.flags & ~_ffi.PROPERTY_WRITABLE | _ffi.PROPERTY_ACCESSOR
        for view, name, given in ((made.getter, "getter", getter), (made.setter, "setter", setter)):
            if given is not None:
                made_function = context._host_function(function(name, given), None, None, True)
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
    owned(context, target)
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
