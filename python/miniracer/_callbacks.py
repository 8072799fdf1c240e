"""What the library calls on its own account: settled promises, posted tasks, memory given back. See also _unhandled.

Python's side of each is known to the library by a number, which is a key here for as long as the library may come back
with it. Nothing may leave a callback: an exception in one has nowhere to go but the "miniracer" logger.
"""

from __future__ import annotations

import ctypes
from ctypes import byref, c_void_p

from . import _ffi, _structs
from ._errors import JSClosedException
from ._ffi import Value
from ._greenlets import noted
from ._lost import callback, taking
from ._records import failure
from ._runtime import numbers
from ._threads import get_ident

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ._context import Context

    #: Told (True, value) or (False, exception), once.
    Told = Callable[[bool, Any], None]

lent: dict[int, Any] = {}  # memory that JavaScript sees
_watches: dict[int, _Watch] = {}
_tasks: dict[int, tuple[Callable[[], None], Callable[[], None]]] = {}


def log(message: str, exception: BaseException | None = None) -> None:
    """An error that nobody else is told of."""
    import logging

    logging.getLogger("miniracer").error(
        message, exc_info=(type(exception), exception, exception.__traceback__) if exception is not None else None
    )


def guarded(told: Callable[..., None], *args: Any) -> None:
    """Calls what must not raise. What is no Exception, as KeyboardInterrupt, goes on and ends JavaScript: see _lost."""
    try:
        noted(told, *args)
    except Exception as exception:
        log("an exception in a callback", exception)


# ---- Promises --------------------------------------------------------------------------------------------------------


class _Watch:
    """One promise that is watched."""

    __slots__ = ("caller", "context", "engine", "forgotten", "told")

    def __init__(self, context: Context, told: Told) -> None:
        self.context, self.engine, self.told = context._weak, context._engine, told
        self.caller = get_ident()  # while it is inside of promise_watch
        self.forgotten = False


def watch(context: Context, promise: Any, told: Told) -> None:
    """Has `told` called, by a thread of JavaScript's, when a promise is settled, or now where that cannot be."""
    number = next(numbers)
    watched = _watches[number] = _Watch(context, told)
    slot = context._engine.take(context)
    status: int = context._engine.c.promise_watch(
        context._id, promise, SETTLED, number, FORGET_WATCH, slot.run_ref, slot.error_ref
    )
    watched.caller = 0
    if status:
        exception = failure(context, status, slot)
        context._engine.drop(slot)
        guarded(told, False, exception)
        return
    if watched.forgotten:
        guarded(_never, told, context)
    context._finish(slot, status)


def _settled(number: int, state: int, value: int, error: int) -> None:
    watched = _watches.get(number)
    if watched is None:
        return
    context, told = watched.context(), watched.told
    try:
        _watches.pop(number, None)
        _tell(context, watched, state, value, error)
    except BaseException as exception:  # a signal's handler came between; being told twice means nothing
        guarded(told, False, exception)
        raise


def _tell(context: Context | None, watched: _Watch, state: int, value: int, error: int) -> None:
    from ._records import exception_of
    from ._values import DECODERS

    if context is None:
        if error:
            watched.engine.c.error_free(error)
        _never(watched.told, None)
        return
    try:
        if state == _ffi.PROMISE_FULFILLED:
            view = Value.from_address(value)
            done, result = True, DECODERS[view.tag](context, view, False)
        else:
            done, result = False, exception_of(context, error, rejection=True)
    except Exception as exception:
        done, result = False, exception
    try:
        noted(watched.told, done, result)
    finally:
        del result  # may be an exception, whose traceback has this frame


def _forget_watch(number: int) -> None:
    watched = _watches.get(number)
    if watched is None:
        return
    try:
        _watches.pop(number, None)
    finally:
        _never_settled(watched)


def _never_settled(watched: _Watch) -> None:
    if watched.caller == get_ident():  # promise_watch fails, or ends in an isolate that is gone: it will see which
        watched.forgotten = True
    else:
        guarded(_never, watched.told, watched.context())


def _never(told: Told, context: Context | None) -> None:
    told(False, gone(context, "this MiniRacer was closed before the promise was settled"))


def gone(context: Context | None, closed: str = "this MiniRacer is closed") -> BaseException:
    """Why an isolate has let go of what it was to do: it was closed, it died, or it is another process's."""
    if context is not None and not context._closed:
        try:
            context._global()  # any call says it
        except JSClosedException as exception:
            return exception.with_traceback(None)
    return JSClosedException(closed)


# ---- Tasks for the isolate's own thread ------------------------------------------------------------------------------


def post(context: Context, run: Callable[[], None], dropped: Callable[[], None]) -> None:
    """Has `run` called soon by the thread of the isolate's event loop; or `dropped`, if the isolate goes first."""
    number = next(numbers)
    _tasks[number] = run, dropped
    status = context._engine.c.isolate_post(context._isolate, TASK, number, FORGET_TASK)
    if status and _tasks.pop(number, None) is not None:
        guarded(dropped)


def _task(number: int) -> None:
    found = _tasks.get(number)
    if found is not None:
        try:
            _tasks.pop(number, None)
        finally:
            guarded(found[0])


def _forget_task(number: int) -> None:
    found = _tasks.get(number)
    if found is not None:
        try:
            _tasks.pop(number, None)
        finally:
            guarded(found[1])


# ---- Snapshots -------------------------------------------------------------------------------------------------------


def snapshot(context: Context, write: Callable[[bytes], Any]) -> None:
    """Writes a heap snapshot in pieces."""
    failures: list[BaseException] = []

    def piece(_: int, data: int, length: int) -> int:
        if failures:
            return 1
        try:
            noted(write, ctypes.string_at(data, length))
        except BaseException as exception:
            failures.append(exception)
            return 1
        return 0

    error = c_void_p()
    writer = _structs.WRITER(piece)
    with taking(piece, failures.append):
        status = context._engine.c.isolate_write_heap_snapshot(context._isolate, writer, None, byref(error))
    if failures:
        if error.value:
            context._engine.c.error_free(error)
        raise failures.pop()
    if status:
        raise context._failure_of(status, error)


def _forget_lent(number: int) -> None:
    lent.pop(number, None)


SETTLED = callback(_structs.SETTLED, _settled, again=True)
TASK = callback(_ffi.FINALIZER, _task, again=True)
FORGET_WATCH = callback(_ffi.FINALIZER, _forget_watch, again=True)
FORGET_TASK = callback(_ffi.FINALIZER, _forget_task, again=True)
FORGET_LENT = callback(_ffi.FINALIZER, _forget_lent, again=True)
