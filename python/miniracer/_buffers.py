"""Binary data: ArrayBuffers, typed arrays and DataViews, seen as memory without a copy, and Python's memory lent.

A memoryview of a JavaScript buffer stays good as long as it, or anything made of it (a slice, a numpy array), is kept,
whatever becomes of the JavaScript object and of its MiniRacer: it keeps the memory by itself. After a detach or a
transfer it is just no longer what JavaScript sees. While JavaScript runs on another thread, its writes race with yours.
"""

from __future__ import annotations

import ctypes
import itertools
import struct
import sys
from ctypes import byref, c_char, c_void_p, sizeof

from . import _ffi
from ._buffer_slot import exports_memory
from ._callbacks import FORGET_LENT, lent
from ._checks import buffer as exported
from ._errors import JSValueError
from ._ffi import Value
from ._objects import JSObject
from ._structs import BufferOptions
from ._views import FORMATS, Viewed, memory_of, opened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from typing_extensions import Self

    from ._context import Context

_NAMES = (
    "DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array "
    "Float64Array BigInt64Array BigUint64Array Float16Array"
).split()
_ELEMENT_OF = {
    ("b", 1): _ffi.ELEMENT_INT8,
    ("B", 1): _ffi.ELEMENT_UINT8,
    ("c", 1): _ffi.ELEMENT_UINT8,
    ("?", 1): _ffi.ELEMENT_UINT8,
    ("h", 2): _ffi.ELEMENT_INT16,
    ("H", 2): _ffi.ELEMENT_UINT16,
    ("e", 2): _ffi.ELEMENT_FLOAT16,
    ("f", 4): _ffi.ELEMENT_FLOAT32,
    ("d", 8): _ffi.ELEMENT_FLOAT64,
    **{(letter, 4): _ffi.ELEMENT_INT32 for letter in "iln"},
    **{(letter, 4): _ffi.ELEMENT_UINT32 for letter in "ILN"},
    **{(letter, 8): _ffi.ELEMENT_BIGINT64 for letter in "qln"},
    **{(letter, 8): _ffi.ELEMENT_BIGUINT64 for letter in "QLN"},
}
_numbers = itertools.count(1)


def element_of(view: memoryview) -> int | None:
    """MINIRACER_ELEMENT_* for the elements of a Python buffer; None where there is none such."""
    return _ELEMENT_OF.get((view.format.lstrip("@=<" if sys.byteorder == "little" else "@=>"), view.itemsize))


@exports_memory
class JSBuffer(Viewed):
    """An ArrayBuffer, typed array or DataView.

    >>> pixels = mr.eval("new Uint16Array([1, 2, 3])")
    >>> pixels[0], len(pixels), bytes(pixels)
    (1, 3, b'\\x01\\x00\\x02\\x00\\x03\\x00')
    >>> numpy.asarray(pixels)[:] = 7          # in JavaScript, too

    It has all that a memoryview has, and whatever takes a buffer takes it (on PyPy, ``x.memoryview()``): struct, files,
    hashlib. Items are read and written where they are; a slice is a memoryview of that part, without a copy; equal is
    what is equal to a memoryview of it. But in a `with` statement it is detached at the end of the block: JavaScript
    then sees an empty one, and views keep the memory.
    """

    __slots__ = ("_lent",)

    _lent: JSObject | None  # the ArrayBuffer below a typed array that `lend` made

    @classmethod
    def _adopt(cls, context: Context, head: int, handle: int) -> Self:
        self = super()._adopt(context, head, handle)
        _set_lent(self, None)
        return self

    @property
    def detached(self) -> bool:
        """True once JavaScript's memory was taken away: by `detach`, or by a transfer in JavaScript."""
        return bool(opened(self).flags & _ffi.BUFFER_DETACHED)

    @property
    def shared(self) -> bool:
        """True for a SharedArrayBuffer and views of one."""
        return bool(opened(self).flags & _ffi.BUFFER_SHARED)

    def detach(self) -> None:
        """Takes the memory away from JavaScript. JSTypeError where that cannot be: WebAssembly's, shared memory."""
        target = self._lent or self
        if isinstance(target, JSView):
            target = self._context._get(self, "buffer")
        self._context._plain_call(self._context._engine.c.array_buffer_detach, target._handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._context._closed and not self.detached:
            self.detach()


_set_lent = JSBuffer._lent.__set__  # type: ignore[union-attr, unused-ignore, misc]


class JSArrayBuffer(JSBuffer):
    """An ArrayBuffer: bytes."""

    __slots__ = ()


class JSSharedArrayBuffer(JSArrayBuffer):
    """A SharedArrayBuffer: bytes that other threads may write at the same time."""

    __slots__ = ()


class JSView(JSBuffer):
    """What sees a part of an ArrayBuffer, which is its attribute ``buffer``."""

    __slots__ = ()

    @property
    def byte_offset(self) -> int:
        """Where in the ArrayBuffer it begins."""
        return int(opened(self).byte_offset)


class JSTypedArray(JSView):
    """A typed array: a Float64Array, say. Items are ints or floats; those of BigInt arrays plain ints."""

    __slots__ = ()


class JSDataView(JSView):
    """A DataView: bytes here; JavaScript's methods are attributes, ``view.getInt16(0, True)``."""

    __slots__ = ()


# ---- Python's memory in JavaScript -----------------------------------------------------------------------------------


def new_buffer(
    context: Context, data: Any, name: str = "data", *, copy: bool, shared: bool = False, typed: bool | None = None
) -> JSBuffer:
    """An ArrayBuffer over, or with a copy of, what `data` exports; with `typed` a typed array over that."""
    view = exported(name, data)
    if not view.c_contiguous:
        raise JSValueError("the memory is not in one piece (C-contiguous): make a copy first")
    copy = copy or view.readonly
    element = element_of(view)
    if element is None and typed:
        raise JSValueError(f"JavaScript has no typed array for elements of the format {view.format!r}")
    options = BufferOptions(struct_size=sizeof(BufferOptions), length=view.nbytes)
    options.flags = (_ffi.BUFFER_NEW_COPY if copy else 0) | (_ffi.BUFFER_NEW_SHARED if shared else 0)
    keep: Any = None
    if view.nbytes:
        if view.readonly:
            keep = view.obj if type(view.obj) is bytes and view.nbytes == len(view.obj) else view.tobytes()
            options.data = ctypes.cast(ctypes.c_char_p(keep), c_void_p)
        else:
            keep = (c_char * view.nbytes).from_buffer(view)
            options.data = ctypes.addressof(keep)
    if not copy:
        number = next(_numbers)
        lent[number] = keep
        options.userdata, options.finalize = number, FORGET_LENT
    made: JSBuffer = context._value_call(context._engine.c.array_buffer_new, byref(options))
    del keep
    if not typed:
        return made
    return new_view(context, made, element or _ffi.ELEMENT_UINT8, 0, view.nbytes // view.itemsize)


def new_view(context: Context, buffer: JSBuffer, element: int, offset: int, length: int) -> JSBuffer:
    """A typed array or, for ELEMENT_NONE, a DataView over an ArrayBuffer, which it keeps for `detach`."""
    function = context._engine.c.typed_array_new
    made: JSBuffer = context._value_call(function, buffer._handle, element, offset, length)
    _set_lent(made, buffer)
    return made


def elements_in(size: int, offset: int, element: int) -> int:
    """How many elements there are from an offset to the end of so many bytes."""
    width = struct.calcsize(FORMATS[element])
    if size % width and not offset % width:  # another offset is refused by the library
        raise JSValueError(f"data: the {size} bytes are not a multiple of {width}, as a {_NAMES[element]} needs them")
    return max(0, size - offset) // width


def element_named(name: str) -> int:
    """MINIRACER_ELEMENT_* of "Float64Array" and the like."""
    try:
        return _NAMES.index(name)
    except ValueError:
        raise JSValueError(f"there is no typed array {name!r}: {', '.join(_NAMES)}") from None


def put_buffer(context: Context, view: Value, value: Any) -> Any:
    """Fills `view` with a typed array that has a copy of a Python buffer, flat whatever its shape."""
    memory = memoryview(value)
    if not memory.c_contiguous and element_of(memory) is not None:
        letter = memory.format.lstrip("@=<>")
        value = memoryview(memory.tobytes()).cast("B").cast(letter)  # type: ignore[call-overload]
    made = new_buffer(context, value, copy=True, typed=True)
    view.head, view.handle = made._head, made._handle.value
    return made


__all__ = [
    "JSArrayBuffer",
    "JSBuffer",
    "JSDataView",
    "JSSharedArrayBuffer",
    "JSTypedArray",
    "JSView",
    "element_named",
    "element_of",
    "elements_in",
    "memory_of",
    "new_buffer",
    "new_view",
    "put_buffer",
]
