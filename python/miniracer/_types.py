"""Values of JavaScript that Python has no word for, and the types of the border."""

from __future__ import annotations

from _collections_abc import Awaitable, Callable  # collections.abc is the same, but all of collections comes with it

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["JSBigInt", "JSUndefined", "JSUndefinedType", "PyJsFunctionType", "PythonJSConvertedTypes"]


class JSUndefinedType:
    """The type of :data:`JSUndefined`, of which there is one. JavaScript's null is None."""

    __slots__ = ()
    _only: JSUndefinedType | None = None

    def __new__(cls) -> JSUndefinedType:
        if cls._only is None:
            cls._only = super().__new__(cls)
        return cls._only

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "JSUndefined"

    def __reduce__(self) -> str:
        return "JSUndefined"


#: JavaScript's undefined. False in a condition; compare with ``is``.
JSUndefined = JSUndefinedType()


class JSBigInt(int):
    """A BigInt that came from JavaScript, or an int that shall become one there. An int in every other respect.

    Arithmetic on it gives plain ints, which become Numbers up to 2**53 and BigInts beyond.
    """

    __slots__ = ()


#: What Python gets from JavaScript: JSUndefined, None, bool, int, float, str, an aware datetime, a JSObject.
if TYPE_CHECKING:
    PythonJSConvertedTypes = Any
else:
    PythonJSConvertedTypes = object

#: A coroutine function that JavaScript shall call.
PyJsFunctionType = Callable[..., Awaitable[PythonJSConvertedTypes]]
