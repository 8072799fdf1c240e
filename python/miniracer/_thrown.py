"""Python exceptions as what JavaScript throws: Errors that are the very exceptions again when they come out."""

from __future__ import annotations

from ctypes import byref, c_uint32, c_void_p

from . import _ffi
from ._errors import JSEvalException, MiniRacerBaseException
from ._ffi import Value
from ._lost import callback
from ._records import host_errors
from ._runtime import numbers
from ._types import JSUndefined
from ._values import encode, put_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._context import Context

#: So many exceptions of a chain of causes are told of.
MOST_CAUSES = 16


def thrown_value(context: Context, exception: BaseException) -> Value | None:
    """What to throw so that an exception of JavaScript's passes through Python as itself. None for others, and for one
    that came from another MiniRacer, or out of a pickle without its value."""
    if not isinstance(exception, JSEvalException) or exception.status != _ffi.EXCEPTION:
        return None
    if "value" not in exception.__dict__:
        return None
    view = Value()
    try:
        view.kept = encode(context, view, exception.value)
    except Exception:
        return None
    return view


def with_causes(context: Context, exception: BaseException) -> Value | None:
    """What to throw for an exception that has a cause. None for others, and where it cannot be had: the run is being
    ended, say."""
    if exception.__cause__ is None:
        return None
    view = Value()
    try:
        view.kept = error_of(context, exception)
        encode(context, view, view.kept)
    except MiniRacerBaseException:
        return None
    return view


def error_of(context: Context, exception: BaseException) -> Any:
    """A new Error that tells of an exception, its ``__cause__`` being the Error's `cause`; or what JavaScript threw in
    the first place."""
    chain: list[BaseException] = []
    made: Any = JSUndefined
    one: BaseException | None = exception
    while one is not None and len(chain) < MOST_CAUSES and not any(one is other for other in chain):
        if thrown_value(context, one) is not None:
            made = one.value  # type: ignore[attr-defined]
            break
        chain.append(one)
        one = one.__cause__
    for one in reversed(chain):
        cause, made = made, _new_error(context, one)
        if cause is not JSUndefined:
            from ._properties import define

            define(context, made, "cause", cause, None, None, (True, False, True))  # ECMA-262 InstallErrorCause
    return made


def _new_error(context: Context, exception: BaseException) -> Any:
    """By way of a promise: so its stack is that of the JavaScript which runs, and there is nothing of the guest's."""
    c = context._engine.c
    promise, state, reason = context._value_call(c.promise_new), c_uint32(), Value()
    kind, name, message, number = as_error(exception)
    context._run_call(
        c.promise_reject_error, promise._handle, kind, byref(name), byref(message), c_void_p(number), FORGET_ERROR
    )
    context._plain_call(c.promise_get_state, promise._handle, byref(state), byref(reason))
    return context._decode(reason)


#: The constructors of JavaScript's that an Error can be made by, by their names.
_CONSTRUCTORS = {
    "TypeError": _ffi.THROW_TYPE_ERROR,
    "RangeError": _ffi.THROW_RANGE_ERROR,
    "ReferenceError": _ffi.THROW_REFERENCE_ERROR,
    "SyntaxError": _ffi.THROW_SYNTAX_ERROR,
}


def as_error(exception: BaseException) -> tuple[int, Value, Value, int]:
    """An exception as an Error of JavaScript's: its constructor, name, message, and the number it is known by until
    FORGET_ERROR is called with that."""
    name, message = Value(), Value()
    said = told_by(exception)
    put_text(name, said[0])
    put_text(message, said[1])
    if isinstance(exception, JSEvalException) and said[0] in _CONSTRUCTORS:
        kind = _CONSTRUCTORS[said[0]]
    else:
        kind = _ffi.THROW_TYPE_ERROR if isinstance(exception, TypeError) else _ffi.THROW_ERROR
    number = next(numbers)
    host_errors[number] = exception
    return kind, name, message, number


def told_by(exception: BaseException) -> tuple[str, str]:
    """The name and the message of an exception's Error: what JavaScript called it, if it is of JavaScript's, and not
    the report that its text is; else its class and its text."""
    name: Any = None
    if isinstance(exception, JSEvalException) and "message" in exception.__dict__:
        name = exception.name
    try:
        if isinstance(name, str):
            return name, str(exception.message)  # type: ignore[attr-defined]
        return _class_name(exception), _text_of(exception)
    except Exception:  # it is to be told of all the same; with these words Python's tracebacks do
        return _class_name(exception), "<exception str() failed>"


def _class_name(exception: BaseException) -> str:
    """What the class is called, whatever its metaclass has to say to that."""
    name: str = type.__dict__["__name__"].__get__(type(exception))
    return name


def _text_of(exception: BaseException) -> str:
    if isinstance(exception, KeyError) and len(exception.args) == 1:
        return f"{exception.args[0]}"
    return str(exception)


def _forget_error(number: int | None) -> None:
    host_errors.pop(number or 0, None)


FORGET_ERROR = callback(_ffi.FINALIZER, _forget_error, again=True)
