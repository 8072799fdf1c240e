"""Waiting for a promise, the GIL released.

Where an asyncio loop runs in the thread that waits, it stands still meanwhile. The library settles promises by itself,
but not those that wait for a coroutine of that very loop: such a wait is refused, and one during which JavaScript calls
for such a coroutine ends.
"""

from __future__ import annotations

from . import _ffi
from ._errors import JSDeadlockException
from ._runtime import nanoseconds
from ._threads import allocate_lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ctypes import c_uint64
    from typing import Any

    from ._context import Context
    from ._runtime import Slot

_STANDS_STILL = (
    "JavaScript waits for a coroutine of the event loop that runs in this thread, which would stand still: await the "
    "promise instead of calling get(), or use the method that ends in _async"
)


class LoopWait:
    """A wait by a thread whose asyncio loop stands still meanwhile. Made before the look at what the loop owes."""

    __slots__ = ("context", "lock", "loop", "slot")

    def __init__(self, context: Context, loop: Any) -> None:
        self.context, self.loop = context, loop
        self.slot: Slot | None = None  # while it waits
        self.lock = allocate_lock()
        context._waits.add(self)

    def end_soon(self) -> None:
        """Ends the wait once the JavaScript that runs now is done, which it does not end. Any thread."""
        from ._callbacks import post

        post(self.context, self._end, lambda: None)

    def _end(self) -> None:
        with self.lock:
            slot = self.slot
            if slot is not None:
                slot.interrupt = JSDeadlockException(_STANDS_STILL)
                slot.cancel.value = 1  # for a wait that has not begun
                self.context._engine.c.isolate_cancel(self.context._isolate, slot.cancel_at)


def owes(context: Context, loop: Any) -> bool:
    """Whether JavaScript waits for a coroutine that this loop is to run."""
    return any(running.loop is loop and not running.done() for running in list(context._tasks))


def wait(context: Context, promise: c_uint64, timeout_sec: float | None) -> Any:
    """The value of a promise. JSDeadlockException inside of JavaScript."""
    timeout = nanoseconds(timeout_sec, "timeout")
    slot = context._engine.take(context)
    return _finish(context, slot, _begin(context, slot, promise, timeout))


def wait_in_loop(context: Context, promise: c_uint64, timeout_sec: float | None, loop: Any) -> Any:
    """The same for a pending one in a thread where an asyncio loop runs. JSDeadlockException as above."""
    timeout = nanoseconds(timeout_sec, "timeout")
    waiting = LoopWait(context, loop)
    try:
        if owes(context, loop):
            raise JSDeadlockException(_STANDS_STILL)
        slot = waiting.slot = context._engine.take(context)
        status = _begin(context, slot, promise, timeout)
        with waiting.lock:
            waiting.slot = None
    finally:
        context._waits.discard(waiting)
    return _finish(context, slot, status)


def _begin(context: Context, slot: Slot, promise: c_uint64, timeout: int) -> int:
    slot.run.timeout = timeout
    status: int = context._engine.c.promise_wait(context._id, promise, slot.run_ref, slot.result_ref, slot.error_ref)
    slot.run.timeout = 0
    return status


def _finish(context: Context, slot: Slot, status: int) -> Any:
    if status:
        context._raise(slot, status, rejection=status == _ffi.EXCEPTION)
    if slot.cancel.value:  # ended just as it was over: the slot is no good for others
        value = context._decode(slot.result)
        context._engine.drop(slot)
        return value
    return context._finish_with_value(slot, status)
