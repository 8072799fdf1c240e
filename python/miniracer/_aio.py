"""asyncio: awaiting JavaScript's promises, JavaScript that does not block the loop, coroutines for JavaScript.

Nothing here needs a particular event loop: another thread tells the loop by `call_soon_threadsafe`, that is all.
"""

from __future__ import annotations

import asyncio
import contextvars
import os

from ._callbacks import gone, post, watch
from ._errors import JSTerminatedException, MiniRacerBaseException
from ._ffi import Value
from ._promises import JSPromise, Resolver, settle_later
from ._runtime import run_limits
from ._symbols import JSSymbol
from ._threads import allocate_lock, get_ident, start_new_thread
from ._types import JSUndefined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
    from typing import Any

    from ._context import Context
    from ._objects import JSFunction, JSObject
    from ._runtime import Slot


def _telling(loop: asyncio.AbstractEventLoop, future: asyncio.Future[Any]) -> Callable[[bool, Any], None]:
    """What tells a future, from any thread."""

    def told(done: bool, result: Any) -> None:
        try:
            loop.call_soon_threadsafe(_finish, future, done, result)
        except RuntimeError:  # the loop is closed: nobody waits any more
            pass

    return told


def _finish(future: asyncio.Future[Any], done: bool, result: Any) -> None:
    if future.done():  # cancelled
        return
    if done:
        future.set_result(result)
    elif isinstance(result, StopIteration):  # a future takes none
        error = RuntimeError("JavaScript ended with StopIteration")
        error.__cause__ = result
        future.set_exception(error)
    else:
        future.set_exception(result)


def _current_loop(context: Context) -> asyncio.AbstractEventLoop:
    """The running loop, which is the MiniRacer's from now on; so it runs that one's turns where nobody else does."""
    loop = context._loop = asyncio.get_running_loop()
    if not context._background:
        from ._pump import pump

        pump(context, loop)
    return loop


async def settlement(promise: JSPromise, look: Callable[[Any], Any] | None = None) -> Any:
    """The value of a promise, or its rejection raised. look: called with the value by the thread that runs the
    JavaScript, for what comes of it instead."""
    context = promise._context
    loop = _current_loop(context)
    future: asyncio.Future[Any] = loop.create_future()
    told = _telling(loop, future) if look is None else _looking(look, _telling(loop, future))
    _watch(promise, told)
    try:
        return await future
    finally:
        del future, told  # they have the exception, whose traceback has this frame


def _looking(look: Callable[[Any], Any], told: Callable[[bool, Any], None]) -> Callable[[bool, Any], None]:
    def looked(done: bool, result: Any) -> None:
        try:
            result = look(result) if done else result
        except Exception as exception:
            done, result = False, exception
        told(done, result)
        del result  # likewise

    return looked


def _watch(promise: JSPromise, told: Callable[[bool, Any], None]) -> None:
    context = promise._context
    # Not by this thread, which would wait while another one is in the isolate.
    post(context, lambda: watch(context, promise._handle, told), lambda: told(False, gone(context)))


# ---- JavaScript that does not block the loop -------------------------------------------------------------------------


class _Job:
    """One run by the isolate's own thread. Cancelling the asyncio task that waits for it ends the run."""

    def __init__(
        self,
        context: Context,
        work: Callable[[Slot], Any],
        limits: tuple[int, int],
        told: Callable[[bool, Any], None],
    ) -> None:
        self.context, self.work, self.limits, self.told = context, work, limits, told
        self.variables = contextvars.copy_context()  # of the task: callables and coroutines in there see them
        self.slot: Slot = context._engine.take(context)
        self.slot.thread = 0  # nobody's yet: Ctrl-C does not end it
        self.lock = allocate_lock()
        self.over = False  # the slot may be another run's by now

    def run(self) -> None:
        slot = self.slot
        slot.thread = get_ident()
        slot.run.timeout, slot.run.cpu_time = self.limits
        try:
            done, result = True, self.variables.run(self.work, slot)
        except BaseException as exception:
            done, result = False, exception
        slot.run.timeout = slot.run.cpu_time = 0
        self.end(reuse=done)
        self.told(done, result)
        del self.told, result  # both have the exception, whose traceback has this frame

    def dropped(self) -> None:
        self.end(reuse=False)
        self.told(False, gone(self.context))

    def end(self, reuse: bool) -> None:
        engine = self.context._engine
        with self.lock:
            self.over = True
            if reuse and not self.slot.cancel.value:
                engine.free.append(self.slot)
            else:
                engine.drop(self.slot)

    def cancel(self) -> None:
        with self.lock:
            if not self.over:
                self.slot.cancel.value = 1  # for a run that has not begun
                self.context._engine.c.isolate_cancel(self.context._isolate, self.slot.cancel_at)


async def run(
    context: Context, work: Callable[[Slot], Any], timeout_sec: float | None = None, cpu_time: float | None = None
) -> Any:
    """What `work` comes to, which is called by the isolate's own thread with the slot for its run."""
    limits = run_limits(context._engine, timeout_sec, cpu_time)
    if context._closed:
        raise gone(context)
    loop = _current_loop(context)
    future: asyncio.Future[Any] = loop.create_future()
    job = _Job(context, work, limits, _telling(loop, future))
    post(context, job.run, job.dropped)
    try:
        return await future
    except asyncio.CancelledError:
        job.cancel()
        raise
    finally:
        del future, job  # as in settlement


async def call(
    function: JSFunction, args: tuple[Any, ...], this: Any, timeout_sec: float | None, cpu_time: float | None = None
) -> Any:
    """A call by the isolate's own thread."""
    context = function._context
    return await run(context, lambda slot: _call(context, slot, function, args, this), timeout_sec, cpu_time)


def _call(context: Context, slot: Slot, function: JSFunction, args: tuple[Any, ...], this: Any) -> Any:
    """A call with a slot that others may cancel."""
    array = (Value * max(1, len(args)))()
    keep = [context._encode(view, value) for view, value in zip(array, args)]
    keep.append(context._encode(slot.value, this))
    try:
        status = context._engine.c.function_call(
            context._id,
            function._handle,
            slot.value_ref,
            array,
            len(args),
            slot.run_ref,
            slot.result_ref,
            slot.error_ref,
        )
    finally:
        slot.value.text = None
    del keep
    return context._result(slot, status)


async def iterate(target: JSObject) -> AsyncIterator[Any]:
    """What `for await (x of target)` goes through. Nothing of it blocks the loop, and nothing of it is waited for once
    the task is cancelled: JavaScript is told by `return()`, and what comes of that is not asked."""
    context = target._context
    iterator, step = await run(context, lambda _: _iterator(target))
    while True:
        done, value = await _stepped(context, iterator, step)
        if done:
            return
        if isinstance(value, JSPromise):
            value = await _awaited(context, iterator, value)
        try:
            yield value
        except BaseException:  # left early, and nothing is under way
            if not context._closed:
                result = await run(context, lambda _: _closing(iterator))
                if isinstance(result, JSPromise):
                    await result
            raise


async def _stepped(context: Context, iterator: Any, step: Any) -> tuple[bool, Any]:
    """What the next step comes to: `done` and `value`."""

    def look(result: Any) -> tuple[bool, Any]:
        return bool(context._get(result, "done")), context._get(result, "value")

    def begin(slot: Slot) -> Any:
        result = _call(context, slot, step, (), iterator)
        return result if isinstance(result, JSPromise) else look(result)

    result: Any = await _awaited(context, iterator, run(context, begin))
    if isinstance(result, JSPromise):
        result = await _awaited(context, iterator, settlement(result, look))
    found: tuple[bool, Any] = result
    return found


async def _awaited(context: Context, iterator: Any, awaitable: Awaitable[Any]) -> Any:
    """Awaits a step. Where that is cancelled, JavaScript is told to end the iteration, and nobody waits for it."""

    def close() -> None:
        try:
            _closing(iterator)
        except MiniRacerBaseException:  # it was cut off in the middle of a step, or is closed
            pass

    try:
        return await awaitable
    except asyncio.CancelledError:
        if not context._closed:
            post(context, close, lambda: None)
        raise


def _closing(iterator: Any) -> Any:
    """What `return()` of an iterator comes to."""
    close = iterator._context._get(iterator, "return")
    return None if close is JSUndefined or close is None else close(this=iterator)


def _iterator(target: JSObject) -> tuple[Any, Any]:
    context = target._context
    for symbol in (JSSymbol.async_iterator, JSSymbol.iterator):
        method = context._get(target, symbol)
        if method is not JSUndefined and method is not None:
            iterator = method(this=target)
            return iterator, context._get(iterator, "next")
    raise TypeError(f"this {target._kind()} has neither Symbol.asyncIterator nor Symbol.iterator")


# ---- Coroutines for JavaScript ---------------------------------------------------------------------------------------


def promise_of(context: Context, awaitable: Awaitable[Any]) -> JSPromise:
    """A promise of what an awaitable comes to. It runs on the loop that runs in this thread, or on the one that last
    used the MiniRacer, or on one of this package's, in a thread of its own."""
    resolver: Resolver = context.new_promise()  # type: ignore[attr-defined]
    loop = context._running_loop() or context._loop
    if loop is None or not loop.is_running():
        loop = _own_loop()

    async def settle() -> None:
        try:
            value = await awaitable
        except asyncio.CancelledError:
            _settle(resolver.promise, False, JSTerminatedException("the Python coroutine was cancelled"))
            raise
        except Exception as exception:
            _settle(resolver.promise, False, exception)
        else:
            _settle(resolver.promise, True, value)

    _start(context, loop, settle())
    return resolver.promise


class _Running:
    """A coroutine that JavaScript waits for."""

    __slots__ = ("loop", "task")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.task: asyncio.Task[None] | None = None  # once the loop has come to it

    def done(self) -> bool:
        return self.task is not None and self.task.done()


def _settle(promise: JSPromise, fulfilled: bool, value: Any) -> None:
    if not promise._context._closed:
        settle_later(promise, fulfilled, value)


def _start(context: Context, loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, None]) -> None:
    running = _Running(loop)

    def start() -> None:
        running.task = loop.create_task(coroutine)
        running.task.add_done_callback(lambda _: context._tasks.discard(running))

    context._tasks.add(running)  # before the look at who waits: see LoopWait
    try:
        if context._running_loop() is loop:
            start()
        else:
            loop.call_soon_threadsafe(start)
    except BaseException:
        context._tasks.discard(running)
        raise
    for waiting in list(context._waits):
        if waiting.loop is loop:
            waiting.end_soon()


def cancel_tasks(context: Context) -> None:
    """The coroutines that JavaScript still waits for, as it is closed."""
    for running in list(context._tasks):
        try:
            if running.task is not None:
                running.loop.call_soon_threadsafe(running.task.cancel)
        except RuntimeError:  # closed
            pass


_lock = allocate_lock()
_own: tuple[asyncio.AbstractEventLoop, int] | None = None


def _own_loop() -> asyncio.AbstractEventLoop:
    """A loop in a daemon thread, for coroutines where no loop is running."""
    global _own
    with _lock:
        if _own is None or _own[1] != os.getpid():
            loop = asyncio.new_event_loop()
            starting = allocate_lock()
            starting.acquire()
            loop.call_soon(starting.release)
            start_new_thread(loop.run_forever, ())  # as a daemon thread: it is waited for by nobody
            starting.acquire()
            _own = loop, os.getpid()
        return _own[0]


def _after_fork_in_child() -> None:
    """Who holds it is not here."""
    global _lock
    _lock = allocate_lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)


__all__ = ["call", "cancel_tasks", "iterate", "promise_of", "run", "settlement"]
