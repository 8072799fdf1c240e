"""V8 in Python, through one native library and ctypes.

    >>> from miniracer import MiniRacer
    >>> with MiniRacer() as mr:
    ...     mr.eval("[1, 2, 3].map(x => x * x)")[2]
    9

Names and behaviour are those of PyMiniRacer 0.14 where it has them.
"""

from __future__ import annotations

from ._errors import (
    JSArrayIndexError,
    JSClosedException,
    JSConversionException,
    JSEngineDeadException,
    JSEvalException,
    JSForkedException,
    JSInternalError,
    JSKeyError,
    JSOOMException,
    JSParseException,
    JSPromiseError,
    JSTerminatedException,
    JSTimeoutException,
    JSTypeError,
    JSValueError,
    LibAlreadyInitializedError,
    LibNotFoundError,
    MiniRacerBaseException,
    NotSupportedError,
    WrongReturnTypeException,
)
from ._library import Library, load_library
from ._mini_racer import DEFAULT_V8_FLAGS, MiniRacer, StrictMiniRacer, WrappedFunction, init_mini_racer, mini_racer
from ._objects import JSArray, JSDate, JSFunction, JSMappedObject, JSObject, JSPromise, JSSymbol
from ._types import JSBigInt, JSUndefined, JSUndefinedType, PyJsFunctionType, PythonJSConvertedTypes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._stack import JSStackFrame
    from ._version import __version__
else:

    def __getattr__(name: str) -> object:
        """What is seldom asked for is imported, or read, only then: see _stack and _version."""
        if name == "JSStackFrame":
            from ._stack import JSStackFrame as value  # noqa: N813
        elif name == "__version__":
            from ._version import __version__ as value
        else:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = value
        return value


__all__ = [
    "DEFAULT_V8_FLAGS",
    "JSArray",
    "JSArrayIndexError",
    "JSBigInt",
    "JSClosedException",
    "JSConversionException",
    "JSDate",
    "JSEngineDeadException",
    "JSEvalException",
    "JSForkedException",
    "JSFunction",
    "JSInternalError",
    "JSKeyError",
    "JSMappedObject",
    "JSOOMException",
    "JSObject",
    "JSParseException",
    "JSPromise",
    "JSPromiseError",
    "JSStackFrame",
    "JSSymbol",
    "JSTerminatedException",
    "JSTimeoutException",
    "JSTypeError",
    "JSUndefined",
    "JSUndefinedType",
    "JSValueError",
    "LibAlreadyInitializedError",
    "LibNotFoundError",
    "Library",
    "MiniRacer",
    "MiniRacerBaseException",
    "NotSupportedError",
    "PyJsFunctionType",
    "PythonJSConvertedTypes",
    "StrictMiniRacer",
    "WrappedFunction",
    "WrongReturnTypeException",
    "__version__",
    "init_mini_racer",
    "load_library",
    "mini_racer",
]
