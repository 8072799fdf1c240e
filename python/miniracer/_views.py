"""JavaScript's memory as Python's memoryviews see it."""

from __future__ import annotations

import builtins
import ctypes
from ctypes import byref, c_void_p

from ._objects import JSObject
from ._structs import Buffer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

#: The struct module's letters by MINIRACER_ELEMENT_*.
FORMATS = ("B", "b", "B", "B", "h", "H", "i", "I", "f", "d", "q", "Q", "e")


class _Keeper:
    """Closes a miniracer_buffer when the last view of its memory goes."""

    __slots__ = ("_address", "_free")

    def __init__(self, free: Any, address: int) -> None:
        self._free = free
        self._address = address

    def __del__(self) -> None:
        try:
            self._free(self._address)
        except Exception:  # the interpreter is being taken down
            pass


def opened(target: JSObject) -> Buffer:
    """The view of an object's memory, open as long as this is kept."""
    context, address = target._context, c_void_p()
    c = context._engine.c
    context._plain_call(c.buffer_open, target._handle, byref(address))
    buffer = Buffer.from_address(address.value or 0)
    buffer.keeper = _Keeper(c.buffer_free, address.value or 0)
    return buffer


def memory_of(target: JSObject) -> memoryview:
    """A writable memoryview of what `target` sees. TypeError where it has no memory."""
    buffer = opened(target)
    letter = FORMATS[buffer.element]
    if not buffer.byte_length:
        import array

        return memoryview(array.array(letter if letter != "e" else "H"))
    memory = (ctypes.c_uint8 * buffer.byte_length).from_address(buffer.data)
    memory.keeper = buffer  # lives as long as `memory`, which the memoryview and all that is made of it keep
    view = memoryview(memory).cast("B")
    return view if letter == "B" else view.cast(letter)  # type: ignore[call-overload]


class Viewed(JSObject):
    """The members of a memoryview, for an object that has memory: see JSBuffer."""

    __slots__ = ()

    __hash__ = JSObject.__hash__

    def memoryview(self) -> builtins.memoryview:
        """The memory itself, writable, with the elements' format ("d" for a Float64Array), one-dimensional."""
        return memory_of(self)

    def __buffer__(self, flags: int) -> builtins.memoryview:
        return memory_of(self)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        import numpy  # type: ignore[import-not-found, unused-ignore]

        found = numpy.asarray(memory_of(self))
        if dtype is not None and found.dtype != dtype:
            if copy is False:
                raise ValueError("another dtype needs a copy")
            return found.astype(dtype)
        return found.copy() if copy else found

    @property
    def obj(self) -> Any:
        """What holds the memory for Python."""
        return memory_of(self).obj

    @property
    def nbytes(self) -> int:
        """Bytes that it sees."""
        return int(opened(self).byte_length)

    @property
    def itemsize(self) -> int:
        """Bytes of an element."""
        return memory_of(self).itemsize

    @property
    def format(self) -> str:
        """The struct module's letter for the elements."""
        return FORMATS[opened(self).element]

    @property
    def ndim(self) -> int:
        """1."""
        return memory_of(self).ndim

    @property
    def shape(self) -> tuple[int]:
        """The number of elements, in a tuple."""
        return (len(self),)

    @property
    def strides(self) -> tuple[int]:
        """`itemsize`, in a tuple."""
        return (self.itemsize,)

    @property
    def suboffsets(self) -> tuple[()]:
        """()."""
        return ()

    @property
    def readonly(self) -> bool:
        """False."""
        return memory_of(self).readonly

    @property
    def contiguous(self) -> bool:
        """True, and so are `c_contiguous` and `f_contiguous`."""
        return memory_of(self).contiguous

    c_contiguous = f_contiguous = contiguous

    def tobytes(self, order: Any = None) -> bytes:
        """A copy of the memory."""
        return memory_of(self).tobytes(order)

    def __bytes__(self) -> bytes:
        return self.tobytes()

    def hex(self, *separator: Any) -> str:
        """The bytes in hexadecimal digits; arguments as those of `bytes.hex`."""
        return memory_of(self).hex(*separator)

    def tolist(self) -> list[Any]:
        """A copy of the elements."""
        return memory_of(self).tolist()

    def index(self, value: Any, *start_and_stop: int) -> int:
        """The first place of an element; ValueError where there is none."""
        return self.tolist().index(value, *start_and_stop)

    def count(self, value: Any) -> int:
        """How many elements are equal to a value."""
        return self.tolist().count(value)

    def cast(self, *format_and_shape: Any) -> builtins.memoryview:
        """A memoryview of the same memory with another format; arguments as those of `memoryview.cast`."""
        return memory_of(self).cast(*format_and_shape)

    def toreadonly(self) -> builtins.memoryview:
        """A memoryview that cannot be written to."""
        return memory_of(self).toreadonly()

    def release(self) -> None:
        """Does nothing, for it holds no view open. `detach` takes the memory away from JavaScript."""

    def __len__(self) -> int:
        return int(opened(self).length)

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        if isinstance(other, JSObject) or hasattr(type(other), "__array_ufunc__"):  # numpy compares element by element
            return JSObject.__eq__(self, other)
        try:
            seen = builtins.memoryview(other)  # type: ignore[arg-type]
        except TypeError:
            return NotImplemented
        return memory_of(self) == seen

    def __getitem__(self, index: Any) -> Any:
        return memory_of(self)[index]

    def __setitem__(self, index: Any, value: Any) -> None:
        view = memory_of(self)
        if isinstance(index, slice) and not isinstance(value, (bytes, bytearray, builtins.memoryview)):
            import array

            value = array.array(view.format, value)
        view[index] = value

    def __iter__(self) -> Iterator[Any]:
        return iter(self.tolist())

    def __contains__(self, value: object) -> bool:
        return value in self.tolist()
