"""Running JavaScript: the part of MiniRacer that evaluates scripts and turns the event loop."""

from __future__ import annotations

from ._checks import function, place, seconds, text, wrong
from ._errors import JSValueError, WrongReturnTypeException
from ._memory import Memory
from ._objects import _is_promise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from json import JSONEncoder
    from typing import Any, ClassVar

    from ._objects import JSMappedObject
    from ._types import PythonJSConvertedTypes

#: A call with the global object as `this`, by syntax alone: guests can redefine any function, apply included.
_CALL = "(0, {__proto__: {callee: (0, (%s\n))}, call() { return super.callee(%s); }}.call)()"


class _Json:
    """The json module, imported when it is first asked for."""

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        import json

        return json


class Running(Memory):
    """The part of MiniRacer that runs JavaScript."""

    #: The JSON module that `call` and `execute` use.
    json_impl: ClassVar[Any] = _Json()

    def eval(
        self,
        code: str,
        timeout: float | None = None,
        timeout_sec: float | None = None,
        max_memory: int | None = None,
        *,
        cpu_time: float | None = None,
        filename: str | None = None,
        line: int = 1,
        column: int = 1,
        source_map: str | None = None,
    ) -> PythonJSConvertedTypes:
        """Runs a script and returns the value of its last statement. What it declares stays for the next one.

        timeout: milliseconds, as PyMiniRacer has it; better use timeout_sec.
        timeout_sec: seconds, waiting for another thread to leave and the promise reactions included.
        cpu_time: seconds of this thread's processor time.
        max_memory: see `set_hard_memory_limit`.
        filename, line, column: where the text is from, for stacks and errors; both count from 1.
        source_map: the text of a source map (ECMA-426) for it, which needs a filename: errors tell the places in there.
        Raises JSParseException, JSEvalException, JSTimeoutException, JSOOMException, JSTerminatedException,
        JSClosedException, or the very exception that a Python callable raised in there.
        """
        if not isinstance(code, str):
            raise wrong("code", "a str", code)
        if timeout:
            timeout_sec = seconds("timeout", timeout) / 1000
        if max_memory is not None:
            self.set_hard_memory_limit(max_memory)
        if filename is not None or line != 1 or column != 1 or source_map is not None:
            where = place(filename, line, column, source_map)
            return self._evaluate_named(code, timeout_sec, cpu_time, where)
        return self._evaluate(code, timeout_sec, cpu_time)

    async def eval_async(
        self,
        code: str,
        timeout_sec: float | None = None,
        *,
        cpu_time: float | None = None,
        filename: str | None = None,
        line: int = 1,
        column: int = 1,
        source_map: str | None = None,
    ) -> PythonJSConvertedTypes:
        """`eval` that does not block the asyncio loop: another thread runs the script. Where the value is a promise,
        the value of that. Cancelling the task ends the script.

        >>> await mr.eval_async("fetchSomething().then(x => x.length)", timeout_sec=5)

        timeout_sec is for the script, not for the promise: that is what `asyncio.wait_for` is for. Python callables
        that the script calls see the task's context variables.
        """
        where = place(filename, line, column, source_map)
        value = await self._evaluate_async(code, timeout_sec, cpu_time, where)
        return await value if _is_promise(value) else value

    async def eval_cancelable(self, code: str) -> PythonJSConvertedTypes:
        """`eval_async` as PyMiniRacer has it: a promise is given as it is."""
        return await self._evaluate_async(code, None, None, (None, 1, 1, None))

    async def _evaluate_async(
        self,
        code: str,
        timeout_sec: float | None,
        cpu_time: float | None,
        where: tuple[str | None, int, int, str | None],
    ) -> PythonJSConvertedTypes:
        from ._aio import run

        text("code", code)
        return await run(self, lambda slot: self._result(slot, self._script(slot, code, *where)), timeout_sec, cpu_time)

    def execute(
        self,
        expr: str,
        timeout: float | None = None,
        timeout_sec: float | None = None,
        max_memory: int | None = None,
        *,
        cpu_time: float | None = None,
    ) -> Any:
        """Evaluates an expression and returns a copy of its value as plain Python data, by way of JSON.

        Arguments and errors as in `eval`; WrongReturnTypeException where JSON has nothing for the value.
        """
        text("expr", expr)
        if timeout:
            timeout_sec = seconds("timeout", timeout) / 1000
        if max_memory is not None:
            self.set_hard_memory_limit(max_memory)
        json = self._json_of(f"(function(){{return ({expr}\n)}})()", timeout_sec, cpu_time)
        if not isinstance(json, str):
            raise WrongReturnTypeException(type(json))
        return self.json_impl.loads(json)

    def call(
        self,
        expr: str,
        *args: Any,
        encoder: type[JSONEncoder] | None = None,
        timeout: float | None = None,
        timeout_sec: float | None = None,
        max_memory: int | None = None,
        cpu_time: float | None = None,
    ) -> Any:
        """Calls the function that an expression names; arguments and result travel as JSON.

        encoder: a JSONEncoder for arguments that json does not know. The rest as in `execute`. To pass and get values
        as they are, take the function itself: ``mr.eval("f")(1, 2)``.
        """
        text("expr", expr)
        arguments = self.json_impl.dumps(args, separators=(",", ":"), cls=encoder)
        return self.execute(_CALL % (expr, arguments[1:-1]), timeout, timeout_sec, max_memory, cpu_time=cpu_time)

    def cancel(self) -> None:
        """Ends what runs in here now, with JSTerminatedException where it was called. Any thread; waits for nothing."""
        self._engine.c.isolate_cancel(self._isolate, None)

    @property
    def globals(self) -> JSMappedObject:
        """The global object, JavaScript's globalThis."""
        found: JSMappedObject = self._global()
        return found

    # ---- The event loop ----------------------------------------------------------------------------------------------

    def run_pending(self, timeout_sec: float | None = None, *, cpu_time: float | None = None) -> float | None:
        """Runs one turn of the event loop in this thread: timers that are due, promise reactions, WebAssembly's work.

        >>> while (delay := mr.run_pending()) is not None:
        ...     time.sleep(delay)

        Gives the seconds until another turn is worth it, 0.0 for at once; None: nothing waits, so far. For a MiniRacer
        with ``background=False``; with another one, it does what is due before the library's thread does.
        timeout_sec, cpu_time: of the whole turn, waiting for another thread to leave included; as in `eval`.
        What a timer throws goes to `on_unhandled`. Raises JSTimeoutException, JSOOMException, JSTerminatedException,
        JSClosedException; JSDeadlockException inside of a callable that JavaScript calls.
        """
        from ._event_loop import run_turn

        return run_turn(self, timeout_sec, cpu_time)

    def set_wake(self, callback: Callable[[float], Any] | None) -> None:
        """Has a callable told in how many seconds `run_pending` will be worth it, or sooner than last told; at once, if
        something waits already. None: nobody is told, until something is awaited in asyncio.

        It is called on any thread, in the middle of JavaScript, too. So it must return soon and call nothing of this
        MiniRacer: it is to wake the thread that does. What it raises is logged. JSValueError for a MiniRacer without
        ``background=False``.
        """
        if callback is not None:
            function("callback", callback)
        if self._background:
            raise JSValueError("this MiniRacer's event loop runs in the background: make one with background=False")
        from ._event_loop import install_wake

        install_wake(self, callback)
