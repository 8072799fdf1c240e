"""Turns a failed call into the Python exception that says what happened."""

from __future__ import annotations

import sys
from ctypes import ArgumentError, c_void_p

from . import _ffi
from ._errors import (
    JSClosedException,
    JSCPUTimeException,
    JSDeadlockException,
    JSEngineDeadException,
    JSEvalException,
    JSForkedException,
    JSInternalError,
    JSOOMException,
    JSParseException,
    JSPromiseError,
    JSTerminatedException,
    JSTimeoutException,
    JSTypeError,
    JSValueError,
    LibAlreadyInitializedError,
    MiniRacerBaseException,
    NotSupportedError,
)
from ._ffi import Error, Frame, Value
from ._runtime import Interrupted

#: Characters of a message or stack that the text of an exception repeats. The guest chooses them, and each is a copy.
LONGEST = 1_000_000

#: Python exceptions that went into JavaScript, by the number that it knows them by.
host_errors: dict[int, BaseException] = {}

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._context import Context
    from ._runtime import Engine, Slot

_NATIVE_UTF16 = "utf-16-le" if sys.byteorder == "little" else "utf-16-be"

#: What PyMiniRacer says, word for word, where it says something.
_FIXED = {
    _ffi.TIMEOUT: "JavaScript was terminated by timeout",
    _ffi.CPU_TIME: "JavaScript was terminated by its CPU time limit",
    _ffi.OUT_OF_MEMORY: "JavaScript memory limit reached",
    _ffi.CANCELLED: "JavaScript was terminated",
    _ffi.CLOSED: "this MiniRacer is closed",
    _ffi.FORKED: "this MiniRacer was made before fork(); make a new one in the child process",
    _ffi.ENGINE_DEAD: "this MiniRacer is dead; make a new one",
    _ffi.HOST_OUT_OF_MEMORY: "the process is out of memory",
}

_CLASSES: dict[int, type[MiniRacerBaseException]] = {
    _ffi.EXCEPTION: JSEvalException,
    _ffi.SYNTAX_ERROR: JSParseException,
    _ffi.TIMEOUT: JSTimeoutException,
    _ffi.CPU_TIME: JSCPUTimeException,
    _ffi.OUT_OF_MEMORY: JSOOMException,
    _ffi.TOO_MANY_HANDLES: JSOOMException,
    _ffi.CANCELLED: JSTerminatedException,
    _ffi.WRONG_TYPE: JSTypeError,
    _ffi.NOT_SUPPORTED: NotSupportedError,
    _ffi.WOULD_DEADLOCK: JSDeadlockException,
    _ffi.TOO_LATE: LibAlreadyInitializedError,
    _ffi.CLOSED: JSClosedException,
    _ffi.FORKED: JSForkedException,
    _ffi.ENGINE_DEAD: JSEngineDeadException,
}

# For codes of a newer library: by the range they are in.
_RANGES: dict[int, type[MiniRacerBaseException]] = {
    1: JSValueError,
    2: JSEvalException,
    3: JSTerminatedException,
    4: JSClosedException,
    5: JSInternalError,
}


def text(value: Value) -> str | None:
    """The text of a STRING, copied; None for any other value. Gives nothing back."""
    if value.tag != _ffi.STRING:
        return None
    if not value.length:
        return ""
    memory = memoryview(_ffi.Memory.from_address(value.address))
    if value.subtype == _ffi.UTF16:
        return str(memory[: 2 * value.length], _NATIVE_UTF16, "surrogatepass")
    encoding = "latin-1" if value.subtype == _ffi.LATIN1 else "utf-8"
    return str(memory[: value.length], encoding, "surrogatepass")


def _class_of(status: int) -> type[MiniRacerBaseException]:
    return _CLASSES.get(status) or _RANGES.get(status // 100, JSInternalError)


def _status_name(engine: Engine, status: int) -> str:
    return str((engine.c.status_name(status) or b"unknown").decode("ascii", "replace"))


def _frames(record: Error) -> tuple[tuple[Any, ...], ...]:
    """The arguments of a JSStackFrame each."""
    frames = []
    for index in range(record.frame_count):
        frame = Frame.from_address(record.frames + index * record.frame_size)
        flags = frame.flags
        frames.append(
            (
                text(frame.function),
                text(frame.file),
                frame.line,
                frame.column,
                bool(flags & _ffi.FRAME_EVAL),
                bool(flags & _ffi.FRAME_CONSTRUCTOR),
                bool(flags & _ffi.FRAME_WASM),
                bool(flags & _ffi.FRAME_GUEST),
                bool(flags & _ffi.FRAME_ASYNC),
                bool(flags & _ffi.FRAME_NATIVE),
            )
        )
    return tuple(frames)


def _cut(said: str) -> str:
    return said if len(said) <= LONGEST else f"{said[:LONGEST]}..."


def _report(exception: JSEvalException, native: bool) -> str:
    """The long message: place, what, source line with a caret, stack."""
    what = _cut(exception.message)
    if native and exception.name:
        what = f"{exception.name}: {what}" if what else exception.name
    stack = _cut(exception.stack) if native and exception.stack else None  # for `throw 1` the place says it all
    if exception.line <= 0:
        return stack or what
    lines = [f"{exception.file or '<anonymous>'}:{exception.line}: {what}"]
    if exception.source_line is not None:
        lines.append(exception.source_line)
        if exception.column > 0:
            units = exception.source_line.encode("utf-16-le", "surrogatepass")
            before = units[: 2 * exception.column - 2].decode("utf-16-le", "replace")
            blank = "".join("\t" if character == "\t" else " " for character in before)
            lines.append(blank + "^" * max(1, min(exception.end_column - exception.column, 80)))
    if stack:
        lines += ["", stack]
    return "\n".join(lines) + "\n"


def _describe(exception: JSEvalException, record: Error, status: int, message: str) -> None:
    """Fills in the data of an exception and its causes from a record."""
    exception.status = status
    exception.name = text(record.name)
    exception.message = message
    exception.stack = text(record.stack)
    exception._frames = _frames(record)
    exception.file = text(record.file)
    exception.line, exception.column, exception.end_column = record.line, record.column, record.end_column
    exception.source_line = text(record.source_line)
    if record.cause:
        cause = JSEvalException()
        inner = Error.from_address(record.cause)
        _describe(cause, inner, status, text(inner.message) or "")
        cause.args = (_report(cause, bool(inner.flags & _ffi.ERROR_NATIVE)),)
        exception.cause = cause
        exception.__cause__ = host_errors.get(inner.host_error, cause)


def failure_without_context(engine: Engine, status: int, error: c_void_p) -> BaseException:
    """The exception for a call that cannot have run guest code. Frees the record."""
    message = None
    address = error.value
    if address:
        message = text(Error.from_address(address).message)
        error.value = None
        engine.c.error_free(address)
    if status == _ffi.CLOSED and engine.leaving():
        return SystemExit()  # the process ends, and this daemon thread with it: no traceback for that
    return _simple(engine, status, message)


def _simple(engine: Engine, status: int, message: str | None) -> MiniRacerBaseException:
    said = _FIXED.get(status) or message or f"the library answered {_status_name(engine, status)!r} ({status})"
    exception = _class_of(status)(said)
    exception.status = status
    if isinstance(exception, JSEvalException):
        exception.message = said
    elif isinstance(exception, JSEngineDeadException) and message:
        exception.reason = message
        exception.args = (f"{said}: {message}",)
    return exception


def _host_exception(record: Error, exception: BaseException) -> BaseException:
    """A Python exception that went through JavaScript, with the JavaScript stack attached."""
    stack = text(record.stack)
    if stack:
        try:
            exception.js_stack = stack  # type: ignore[attr-defined]
            note = f"JavaScript stack:\n{stack}"
            if hasattr(exception, "add_note") and note not in getattr(exception, "__notes__", ()):
                exception.add_note(note)
        except Exception:  # a class with __slots__, or one with ideas of its own on attributes and notes
            pass
    return exception


def failure(context: Context, status: int, slot: Slot, rejection: bool = False) -> BaseException:
    """The exception for a failed call, or one that was interrupted, read from the slot's error record, which is freed.

    rejection: an exception is what a promise was rejected with, not thrown by this call."""
    engine = context._engine
    address = slot.error.value
    slot.error.value = None
    interrupt, slot.interrupt = slot.interrupt, None
    if status == _ffi.OUT_OF_MEMORY:
        context._reached_memory_limit = True
    if not address:
        exception: BaseException = _simple(engine, status, None)
    else:
        exception = exception_of(context, address, rejection)
    if status == _ffi.CLOSED and engine.leaving():
        return SystemExit()  # likewise
    if interrupt is not None and (
        status in (_ffi.OK, _ffi.CANCELLED) or not isinstance(interrupt, MiniRacerBaseException)
    ):
        return interrupt
    if status == _ffi.CANCELLED and type(slot.thread) is Interrupted:
        from ._interrupt import returned

        returned()
        return KeyboardInterrupt()
    return exception


def exception_of(context: Context, address: int, rejection: bool = False) -> BaseException:
    """The exception that a record tells of. Frees the record."""
    engine = context._engine
    record = Error.from_address(address)
    try:
        status = record.status
        if record.host_error and status == _ffi.EXCEPTION:
            host = host_errors.get(record.host_error)
            if host is not None:
                return _host_exception(record, host)
        message = text(record.message) or ""
        exception = _simple(engine, status, message)
        if status // 100 != 2 and not record.line:
            return exception
        if isinstance(exception, JSEvalException):
            said = exception.args
            native = bool(record.flags & _ffi.ERROR_NATIVE)
            if rejection and status == _ffi.EXCEPTION:
                exception = JSPromiseError((text(record.stack) or message) if native else message)
                said = exception.args
            _describe(exception, record, status, message)
            fixed = status in _FIXED or type(exception) is JSPromiseError
            exception.args = said if fixed else (_report(exception, native),)
            if status == _ffi.EXCEPTION:
                exception.value = _thrown(context, record)
        return exception
    except ArgumentError as error:  # ctypes' word for a RecursionError amid its conversions, and nothing else here
        raise RecursionError(str(error)) from None
    finally:
        engine.c.error_free(address)


def _thrown(context: Context, record: Error) -> Any:
    thrown = Value.from_buffer_copy(record.thrown)
    record.thrown.tag = _ffi.UNDEFINED
    return context._decode(thrown)
