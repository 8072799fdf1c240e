"""The buffer protocol for classes that are written in Python, in CPython 3.9 to 3.11, which have no PEP 688 yet.

There only C can give it, by the functions in a type's PyBufferProcs: one of ctypes' is put there. The places are those
of PyTypeObject in the headers of these versions, which change no more; they are looked at before anything is written.
"""

from __future__ import annotations

import ctypes
import sys
from ctypes import c_int, c_void_p, py_object

from ._runtime import immortal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: Bytes of a PyHeapTypeObject.
_TYPE: int = type.__basicsize__  # type: ignore[assignment, unused-ignore]
#: Pointers in a PyTypeObject from tp_name to tp_as_buffer.
_BEFORE = 17
#: PyObject_GetBuffer's errors cannot be passed on through a function of ctypes': its callers then raise a SystemError.
_FAILED = -1


def _getbuffer(exporter: Any, view: int, flags: int) -> int:
    """bf_getbuffer. It gives another object's buffer, which is that one's to release."""
    try:
        ctypes.pythonapi.PyObject_GetBuffer(py_object(exporter.memoryview()), c_void_p(view), c_int(flags))
    except BaseException:  # nothing may leave a callback
        c_void_p.from_address(view + ctypes.sizeof(c_void_p)).value = None  # Py_buffer.obj
        return _FAILED
    return 0


def _place_in(cls: type) -> c_void_p | None:
    """Where the type's bf_getbuffer is, or None where things are not as they are known to be."""
    pointer = ctypes.sizeof(c_void_p)
    head = object.__basicsize__ + pointer  # PyVarObject
    procs = c_void_p.from_address(id(cls) + head + _BEFORE * pointer).value or 0
    inside = id(cls) + _TYPE - 2 * pointer  # it is a part of a PyHeapTypeObject
    if not id(cls) < procs <= inside:
        return None
    getbuffer, releasebuffer = (c_void_p.from_address(procs + at * pointer) for at in (0, 1))
    return None if getbuffer.value or releasebuffer.value else getbuffer


def exports_memory(cls: Any) -> Any:
    """Decorates a class whose `memoryview()` is what it exports. Classes that are derived from it later inherit it."""
    if _GETBUFFER is not None:
        place = _place_in(cls)
        if place is not None:
            place.value = ctypes.cast(_GETBUFFER, c_void_p).value
    return cls


_GETBUFFER: Any = None
if sys.implementation.name == "cpython" and sys.version_info < (3, 12):
    _GETBUFFER = ctypes.PYFUNCTYPE(c_int, py_object, c_void_p, c_int)(_getbuffer)
    immortal(_GETBUFFER)
