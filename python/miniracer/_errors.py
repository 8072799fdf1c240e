"""The exceptions. Names and bases are those of PyMiniRacer 0.14; what they carry beyond a message is new."""

from __future__ import annotations

TYPE_CHECKING = False  # as in typing, whose import takes longer than all of this package's
if TYPE_CHECKING:
    from typing import Any

    from ._stack import JSStackFrame

__all__ = [
    "JSArrayIndexError",
    "JSCPUTimeException",
    "JSClosedException",
    "JSConversionException",
    "JSDeadlockException",
    "JSEngineDeadException",
    "JSEvalException",
    "JSForkedException",
    "JSInternalError",
    "JSKeyError",
    "JSOOMException",
    "JSParseException",
    "JSPromiseError",
    "JSTerminatedException",
    "JSTimeoutException",
    "JSTypeError",
    "JSValueError",
    "LibAlreadyInitializedError",
    "LibNotFoundError",
    "MiniRacerBaseException",
    "NotSupportedError",
    "WrongReturnTypeException",
]


class MiniRacerBaseException(Exception):
    """Base of everything that this package raises on its own account."""

    #: The library's status number, 0 where Python itself refused.
    status: int = 0


class JSEvalException(MiniRacerBaseException):
    """JavaScript could not be executed, or threw.

    ``str()`` of it shows the place, the source line with a caret and the JavaScript stack. The same as data:
    """

    #: The error's name ("TypeError"); the thrown thing's class where it can be told; else None.
    name: str | None = None
    #: The error's own message, or what was thrown as text.
    message: str = ""
    #: "name: message" and one line for each frame, or None when what was thrown has no stack.
    stack: str | None = None
    #: The script's name, or None.
    file: str | None = None
    #: Where it was thrown, from 1; 0 where it is not known. Columns count UTF-16 units.
    line: int = 0
    column: int = 0
    #: One past the last column of the place; 0 where it is not known.
    end_column: int = 0
    #: The text of that line, or None.
    source_line: str | None = None
    #: The Error that JavaScript gave as ``cause``. ``__cause__`` is the same, or, where that Error tells of what a
    #: Python callable raised, that very exception.
    cause: JSEvalException | None = None
    #: What was thrown, converted as a result is. JSUndefined for ``throw undefined``, None where nothing was thrown.
    value: Any = None
    _frames: tuple[tuple[Any, ...], ...] = ()

    @property
    def frames(self) -> tuple[JSStackFrame, ...]:
        """The stack as data, innermost frame first."""
        from ._stack import JSStackFrame

        return tuple(JSStackFrame(*frame) for frame in self._frames)

    def __reduce__(self) -> tuple[Any, ...]:
        state = {key: item for key, item in self.__dict__.items() if key != "value"}
        if isinstance(self.value, (str, int, float)):
            state["value"] = self.value
        return _rebuild, (type(self), self.args, state)


def _rebuild(cls: type[JSEvalException], args: tuple[Any, ...], state: dict[str, Any]) -> JSEvalException:
    exception: JSEvalException = cls.__new__(cls, *args)
    exception.args = args
    exception.__dict__.update(state)
    return exception


class JSParseException(JSEvalException):
    """The source text did not compile; nothing of it ran."""


class JSTimeoutException(JSEvalException, TimeoutError):
    """The run was ended because its time was over. The context works on."""

    def __init__(self, message: str = "JavaScript was terminated by timeout") -> None:
        super().__init__(message)


class JSCPUTimeException(JSTimeoutException):
    """The run was ended because it used up its processor time. The context works on."""


class JSOOMException(JSEvalException):
    """The run was ended because it reached a memory limit. The context works on."""


class JSTerminatedException(JSEvalException):
    """The run was cancelled. The context works on."""


class JSKeyError(JSEvalException, KeyError):
    """The object has no such property."""

    __str__ = Exception.__str__


class JSValueError(JSEvalException, ValueError):
    """A value that the library refuses: out of range, too large, of another MiniRacer, ..."""


class JSTypeError(JSEvalException, TypeError):
    """The JavaScript object cannot do this."""


class JSPromiseError(JSEvalException):
    """A promise was rejected. What it was rejected with is told as for anything thrown: ``value``, ``stack``, ...

    ``reason`` is the stack of an Error, and of anything else its text.
    """

    def __init__(self, reason: Any) -> None:
        super().__init__(f"JavaScript rejected promise with reason: {reason}\n")
        self.reason = reason


class JSDeadlockException(MiniRacerBaseException, RuntimeError):
    """Waiting here would be for ever: what is waited for can only run after this. Or another greenlet of this thread is
    in the middle of JavaScript."""


class JSArrayIndexError(IndexError, MiniRacerBaseException):
    """No such index in a JSArray."""

    def __init__(self, message: str = "JSArray deletion out of range") -> None:
        super().__init__(message)


class JSConversionException(MiniRacerBaseException):
    """A value that has no counterpart on the other side. The message tells where in a structure it is."""


class WrongReturnTypeException(MiniRacerBaseException):
    """``execute`` or ``call`` came to something that JSON cannot carry."""

    def __init__(self, typ: type) -> None:
        super().__init__(f"Unexpected return value type {typ}")
        self.typ = typ

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.typ,)


class JSClosedException(MiniRacerBaseException):
    """The MiniRacer is closed, or was while the call ran."""


class JSForkedException(JSClosedException):
    """The MiniRacer was made before ``os.fork()``: the child has to make its own."""


class JSEngineDeadException(JSClosedException):
    """V8 gave this MiniRacer up, or a run in it would not end and was cut off. All that is left is to close it; other
    MiniRacers work on."""

    #: Why, as the library says it.
    reason: str = ""


class JSInternalError(MiniRacerBaseException):
    """The library failed in a way that is nobody's fault outside of it."""


class LibNotFoundError(MiniRacerBaseException):
    """No usable native library. ``tried`` holds every place and why it did not do."""

    def __init__(self, message: str, tried: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(message)
        self.tried = tried


class LibAlreadyInitializedError(MiniRacerBaseException):
    """V8 runs already, and its flags are fixed."""

    def __init__(self, message: str = "MiniRacer was already initialized before the call to init_mini_racer") -> None:
        super().__init__(message)


class NotSupportedError(MiniRacerBaseException, NotImplementedError):
    """This binary cannot do it; a newer one may."""
