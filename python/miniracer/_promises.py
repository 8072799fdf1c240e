"""Promises: JavaScript's for Python to wait for, and Python's for JavaScript."""

from __future__ import annotations

from ctypes import byref, c_uint32, c_void_p

from . import _ffi
from ._errors import JSDeadlockException
from ._ffi import Value
from ._objects import JSMappedObject
from ._runtime import ONE
from ._types import JSUndefined
from ._waits import wait, wait_in_loop

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any

    from ._context import Context

_STATES = ("pending", "fulfilled", "rejected")


class JSPromise(JSMappedObject):
    """A JavaScript promise. ``await promise`` in asyncio (any loop), or ``promise.get()`` elsewhere.

    Both give the value or raise: JSPromiseError, which has all that a JSEvalException has, or the very exception that
    a Python callable raised.
    """

    __slots__ = ()

    def __bool__(self) -> bool:
        return True

    def get(self, *, timeout: float | None = None) -> Any:  # type: ignore[override]
        """Waits until it is settled, any thread, the GIL released; timers and the rest go on meanwhile.

        timeout: seconds; None: the MiniRacer's default. Raises JSTimeoutException when they are over.
        JSDeadlockException for a pending promise where nothing could settle it while one waits: inside of a callable
        that JavaScript calls; and where an asyncio loop runs in this thread, which stands still meanwhile, when
        JavaScript waits for a coroutine of that loop, or comes to do so. Whether the promise is to be settled by the
        loop's code in another way, as by a `Resolver`, is for the caller to know.
        """
        context = self._context
        loop = context._running_loop()
        try:
            if loop is None or self.state != "pending":
                return wait(context, self._handle, timeout)
            return wait_in_loop(context, self._handle, timeout, loop)
        except JSDeadlockException:  # inside of JavaScript
            state, result = c_uint32(), Value()
            context._plain_call(context._engine.c.promise_get_state, self._handle, byref(state), byref(result))
            if state.value == _ffi.PROMISE_PENDING:
                raise
        if state.value == _ffi.PROMISE_REJECTED:
            raise _rejection(context, result)
        return context._decode(result)

    def __await__(self) -> Generator[Any, None, Any]:
        from ._aio import settlement

        return settlement(self).__await__()

    @property
    def state(self) -> str:
        """ "pending", "fulfilled" or "rejected"."""
        state = c_uint32()
        self._context._plain_call(self._context._engine.c.promise_get_state, self._handle, byref(state), None)
        return _STATES[state.value]


def _rejection(context: Context, reason: Value) -> BaseException:
    """The exception for a promise that is rejected, made by throwing the reason."""
    from ._records import failure

    engine, slot = context._engine, context._engine.take(context)
    thrower = context._helper_handle("(function (reason) { throw reason; })")
    status = engine.c.function_call(
        context._id, thrower, None, byref(reason), 1, slot.run_ref, slot.result_ref, slot.error_ref
    )
    engine.value_release(byref(reason), ONE)
    exception = failure(context, status, slot, rejection=True)
    engine.drop(slot)
    return exception


class Resolver:
    """A promise that Python settles, once, from any thread. Made by `MiniRacer.new_promise`.

    >>> answer = mr.new_promise()
    >>> mr.globals["answer"] = answer.promise
    >>> threading.Timer(1, answer.resolve, [42]).start()
    >>> mr.eval("answer.then(x => x + 1)").get()
    43

    In a thread with a running asyncio loop, the settling is done by another thread, so that the loop never waits; what
    fails then is logged.
    """

    __slots__ = ("promise",)

    #: The promise, to be handed to JavaScript.
    promise: JSPromise

    def __init__(self, promise: JSPromise) -> None:
        self.promise = promise

    def resolve(self, value: Any = JSUndefined) -> None:
        """Fulfils it with a value, or makes it follow a promise. JSTypeError where it is settled already."""
        self._settle(True, value)

    def reject(self, reason: Any = JSUndefined) -> None:
        """Rejects it. An exception becomes an Error, and comes out of JavaScript as itself again."""
        self._settle(False, reason)

    def _settle(self, fulfilled: bool, value: Any) -> None:
        context = self.promise._context
        if context._running_loop() is None:
            settle(self.promise, fulfilled, value)
        else:
            settle_later(self.promise, fulfilled, value)


def settle_later(promise: JSPromise, fulfilled: bool, value: Any) -> None:
    """By the isolate's own thread."""
    from ._callbacks import post

    post(promise._context, lambda: settle(promise, fulfilled, value), lambda: None)


def settle(promise: JSPromise, fulfilled: bool, value: Any) -> None:
    """Settles a promise of Python's, in this thread."""
    context = promise._context
    if fulfilled:
        state = _ffi.PROMISE_FULFILLED
    elif isinstance(value, BaseException):
        _reject_with(context, promise, value)
        return
    else:
        state = _ffi.PROMISE_REJECTED
    view = Value()
    try:
        keep = context._encode(view, value)
    except Exception as exception:  # unconvertible: whoever waits must hear of it
        if context._closed or state == _ffi.PROMISE_REJECTED:
            raise
        _reject_with(context, promise, exception)
        return
    context._run_call(context._engine.c.promise_settle, promise._handle, state, byref(view))
    del keep


def _reject_with(context: Context, promise: JSPromise, exception: BaseException) -> None:
    from ._thrown import FORGET_ERROR, as_error, thrown_value, with_causes

    made = thrown_value(context, exception) or with_causes(context, exception)
    if made is not None:
        function = context._engine.c.promise_settle
        context._run_call(function, promise._handle, _ffi.PROMISE_REJECTED, byref(made))
        return
    kind, name, message, number = as_error(exception)
    function = context._engine.c.promise_reject_error
    context._run_call(function, promise._handle, kind, byref(name), byref(message), c_void_p(number), FORGET_ERROR)
