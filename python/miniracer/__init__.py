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
    JSCPUTimeException,
    JSDeadlockException,
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
from ._limits import JSEvent, process_statistics
from ._mini_racer import DEFAULT_V8_FLAGS, MiniRacer, StrictMiniRacer, init_mini_racer, mini_racer
from ._objects import CancelableJSFunction, JSArray, JSFunction, JSMappedObject, JSObject
from ._types import JSBigInt, JSUndefined, JSUndefinedType, PyJsFunctionType, PythonJSConvertedTypes
from ._wrapped_function import WrappedFunction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._buffers import JSArrayBuffer, JSBuffer, JSDataView, JSSharedArrayBuffer, JSTypedArray
    from ._collections import JSMap, JSSet
    from ._graph import JSErrorValue, JSMapEntries, JSPattern, JSSetValues, JSSparseArray, to_python
    from ._kinds import JSDate, JSError, JSGenerator, JSIterator, JSModule, JSProxy, JSRegExp, JSWasm
    from ._promises import JSPromise, Resolver
    from ._stack import JSStackFrame
    from ._symbols import JSSymbol
    from ._version import __version__
else:
    _PLACES = {
        "_buffers": "JSArrayBuffer JSBuffer JSDataView JSSharedArrayBuffer JSTypedArray",
        "_collections": "JSMap JSSet",
        "_graph": "JSErrorValue JSMapEntries JSPattern JSSetValues JSSparseArray to_python",
        "_kinds": "JSDate JSError JSGenerator JSIterator JSModule JSProxy JSRegExp JSWasm",
        "_promises": "JSPromise Resolver",
        "_stack": "JSStackFrame",
        "_symbols": "JSSymbol",
        "_version": "__version__",
    }

    def __getattr__(name: str) -> object:
        """What not everybody asks for is imported, or read, only then: see _stack and _version."""
        for module, names in _PLACES.items():
            if name in names.split():
                value = getattr(__import__(module, globals(), level=1, fromlist=(name,)), name)
                globals()[name] = value
                return value
        graph = __import__("sys").modules.get(f"{__name__}._graph_in")
        if graph is not None and name in graph.GLOBALS:  # the pickler looks for them here
            return graph.GLOBALS[name]
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "DEFAULT_V8_FLAGS",
    "CancelableJSFunction",
    "JSArray",
    "JSArrayBuffer",
    "JSArrayIndexError",
    "JSBigInt",
    "JSBuffer",
    "JSCPUTimeException",
    "JSClosedException",
    "JSConversionException",
    "JSDataView",
    "JSDate",
    "JSDeadlockException",
    "JSEngineDeadException",
    "JSError",
    "JSErrorValue",
    "JSEvalException",
    "JSEvent",
    "JSForkedException",
    "JSFunction",
    "JSGenerator",
    "JSInternalError",
    "JSIterator",
    "JSKeyError",
    "JSMap",
    "JSMapEntries",
    "JSMappedObject",
    "JSModule",
    "JSOOMException",
    "JSObject",
    "JSParseException",
    "JSPattern",
    "JSPromise",
    "JSPromiseError",
    "JSProxy",
    "JSRegExp",
    "JSSet",
    "JSSetValues",
    "JSSharedArrayBuffer",
    "JSSparseArray",
    "JSStackFrame",
    "JSSymbol",
    "JSTerminatedException",
    "JSTimeoutException",
    "JSTypeError",
    "JSTypedArray",
    "JSUndefined",
    "JSUndefinedType",
    "JSValueError",
    "JSWasm",
    "LibAlreadyInitializedError",
    "LibNotFoundError",
    "Library",
    "MiniRacer",
    "MiniRacerBaseException",
    "NotSupportedError",
    "PyJsFunctionType",
    "PythonJSConvertedTypes",
    "Resolver",
    "StrictMiniRacer",
    "WrappedFunction",
    "WrongReturnTypeException",
    "__version__",
    "init_mini_racer",
    "load_library",
    "mini_racer",
    "process_statistics",
    "to_python",
]
