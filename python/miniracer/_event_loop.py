"""The event loop of a MiniRacer that the host runs itself: its turns, and being told when one is worth it."""

from __future__ import annotations

from ctypes import byref, c_uint64

from . import _ffi, _lost, _structs
from ._callbacks import log
from ._greenlets import noted
from ._runtime import numbers, run_limits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from weakref import ref

    from ._context import Context

_wakers: dict[int, ref[Context]] = {}


def run_turn(context: Context, timeout_sec: float | None, cpu_time: float | None) -> float | None:
    """See `MiniRacer.run_pending`."""
    engine = context._engine
    limits = run_limits(engine, timeout_sec, cpu_time)
    slot, due = engine.take(context), c_uint64()
    slot.run.timeout, slot.run.cpu_time = limits
    status = engine.c.isolate_run_pending(context._isolate, slot.run_ref, byref(due), slot.error_ref)
    slot.run.timeout = slot.run.cpu_time = 0
    context._finish(slot, status)
    return None if due.value == _ffi.NO_TIMEOUT else due.value / 1e9


def install_wake(context: Context, callback: Any) -> None:
    """Has `callback` called with seconds, by any thread; None: nothing is."""
    context._on_wake = callback
    if callback is None:
        status = context._engine.c.isolate_set_wake(context._isolate, _structs.WAKE(0), None, _ffi.FINALIZER(0))
    else:
        if not context._waker:
            context._waker = next(numbers)
            _wakers[context._waker] = context._weak
        # No finalizer, as in _unhandled.
        status = context._engine.c.isolate_set_wake(context._isolate, WAKE, context._waker, _ffi.FINALIZER(0))
    if status:
        raise context._failure_of(status)


def forget_waker(number: int) -> None:
    """The isolate is disposed of."""
    _wakers.pop(number, None)


def _wake(number: int, _: int, delay: int) -> None:
    found = _wakers.get(number)
    context = found() if found is not None else None
    callback = context._on_wake if context is not None else None
    if callback is None:
        return
    try:
        noted(callback, delay / 1e9)
    except Exception as exception:  # there is nobody to raise it to
        log("an exception in a wake callback", exception)


WAKE = _lost.callback(_structs.WAKE, _wake, again=True)
