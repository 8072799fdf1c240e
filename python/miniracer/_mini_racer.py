"""MiniRacer: the class that people use."""

from __future__ import annotations

import os
from ctypes import byref, sizeof

from . import _ffi, _interrupt
from ._context import Context
from ._errors import (
    JSEvalException,
    JSValueError,
    LibAlreadyInitializedError,
    NotSupportedError,
    WrongReturnTypeException,
)
from ._library import Library
from ._runtime import engine_for, start
from ._types import PyJsFunctionType, PythonJSConvertedTypes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from json import JSONEncoder
    from types import TracebackType
    from typing import Any, ClassVar

    from typing_extensions import Self

    from ._objects import JSFunction, JSMappedObject

_LEAST_LIMIT = 4 * 2**20
_COROUTINE = 0x80  # inspect.CO_COROUTINE; inspect itself would double the time of the import

#: The V8 flags that are used when none are asked for.
DEFAULT_V8_FLAGS: tuple[str, ...] = ()


def init_mini_racer(
    *,
    flags: Iterable[str] = DEFAULT_V8_FLAGS,
    ignore_duplicate_init: bool = False,
    library: Library | str | os.PathLike[str] | None = None,
) -> Library:
    """Opens the native library and starts V8 with flags of its command line ("--jitless", ...). Any thread.

    V8 starts once in a process, at the latest with the first MiniRacer, which does this by itself.
    Raises LibNotFoundError; LibAlreadyInitializedError where V8 runs already, unless ignore_duplicate_init.
    """
    engine = engine_for(library)
    if engine.started:
        if not ignore_duplicate_init:
            raise LibAlreadyInitializedError
    else:
        start(engine, flags)
    return engine.library


def _checked_limit(limit: int) -> int:
    if limit and not _LEAST_LIMIT <= limit < 2**64:
        raise JSValueError(f"a memory limit is {_LEAST_LIMIT} bytes or more, or 0 for V8's own, and not {limit}")
    return limit


class _Json:
    """The json module, imported when it is first asked for."""

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        import json

        return json


class MiniRacer(Context):
    """A JavaScript world of its own: one V8 isolate with one global object.

    Any thread may use it, one at a time is inside, and the GIL is released meanwhile. JavaScript runs on the calling
    thread. Close it with `close`, or use it in a `with` statement; else it goes when it and its objects are garbage.

    library: the native library, or the path of one; None: search for it (see `load_library`).
    timeout_sec: seconds that every run may take which is given no other limit; None: no limit.
    max_memory: bytes of V8's heap at which a run is ended with JSOOMException; 0: V8's own limit.
    stack_limit: bytes of stack for JavaScript; 0: what the calling thread has.
    """

    #: The JSON module that `call` and `execute` use.
    json_impl: ClassVar[Any] = _Json()

    def __init__(
        self,
        *,
        library: Library | str | os.PathLike[str] | None = None,
        timeout_sec: float | None = None,
        max_memory: int = 0,
        stack_limit: int = 0,
    ) -> None:
        engine = engine_for(library)
        if not engine.started:
            start(engine, DEFAULT_V8_FLAGS)
        self._soft_limit = 0
        self._soft_limit_seen = False
        super().__init__(engine, _checked_limit(max_memory), timeout_sec, stack_limit)
        _interrupt.watch()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_val: BaseException | None, exc_tb: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<MiniRacer {'closed' if self._closed else 'open'}, {self._engine.library.path}>"

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError("a MiniRacer can be neither pickled nor copied")

    # ---- Running JavaScript ------------------------------------------------------------------------------------------

    def eval(
        self,
        code: str,
        timeout: float | None = None,
        timeout_sec: float | None = None,
        max_memory: int | None = None,
        *,
        filename: str | None = None,
        line: int = 1,
        column: int = 1,
    ) -> PythonJSConvertedTypes:
        """Runs a script and returns the value of its last statement. What it declares stays for the next one.

        timeout: milliseconds, as PyMiniRacer has it; better use timeout_sec.
        timeout_sec: seconds, waiting for another thread to leave and the promise reactions included.
        max_memory: see `set_hard_memory_limit`.
        filename, line, column: where the text is from, for stacks and errors; both count from 1.
        Raises JSParseException, JSEvalException, JSTimeoutException, JSOOMException, JSTerminatedException,
        JSClosedException, or the very exception that a Python callable raised in there.
        """
        if not isinstance(code, str):
            raise JSEvalException("code is not a string")
        if timeout:
            timeout_sec = timeout / 1000
        if max_memory is not None:
            self.set_hard_memory_limit(max_memory)
        if filename is not None or line != 1 or column != 1:
            return self._evaluate_named(code, timeout_sec, filename, line, column)
        return self._evaluate(code, timeout_sec)

    def execute(
        self,
        expr: str,
        timeout: float | None = None,
        timeout_sec: float | None = None,
        max_memory: int | None = None,
    ) -> Any:
        """Evaluates an expression and returns a copy of its value as plain Python data, by way of JSON.

        Arguments and errors as in `eval`; WrongReturnTypeException where JSON has nothing for the value.
        """
        if timeout:
            timeout_sec = timeout / 1000
        if max_memory is not None:
            self.set_hard_memory_limit(max_memory)
        text = self._json_of(f"(function(){{return ({expr}\n)}})()", timeout_sec)
        if not isinstance(text, str):
            raise WrongReturnTypeException(type(text))
        return self.json_impl.loads(text)

    def call(
        self,
        expr: str,
        *args: Any,
        encoder: type[JSONEncoder] | None = None,
        timeout: float | None = None,
        timeout_sec: float | None = None,
        max_memory: int | None = None,
    ) -> Any:
        """Calls the function that an expression names; arguments and result travel as JSON.

        encoder: a JSONEncoder for arguments that json does not know. The rest as in `execute`. To pass and get values
        as they are, take the function itself: ``mr.eval("f")(1, 2)``.
        """
        arguments = self.json_impl.dumps(args, separators=(",", ":"), cls=encoder)
        return self.execute(f"({expr}\n).apply(this, {arguments})", timeout, timeout_sec, max_memory)

    def cancel(self) -> None:
        """Ends what runs in here now, with JSTerminatedException where it was called. Any thread; waits for nothing."""
        self._engine.c.isolate_cancel(self._isolate, None)

    @property
    def globals(self) -> JSMappedObject:
        """The global object, JavaScript's globalThis."""
        found: JSMappedObject = self._global()
        return found

    # ---- Python callables --------------------------------------------------------------------------------------------

    def function(
        self, func: Callable[..., Any], *, name: str | None = None, length: int | None = None, this: bool = False
    ) -> JSFunction:
        """A JavaScript function that calls a Python callable, on the thread that runs the JavaScript.

        Passing a callable as an argument, or setting it as a property, does the same with the defaults. What it raises
        is thrown into JavaScript as an Error with the class's name and the message; what JavaScript does not catch
        comes out as the same exception, with the JavaScript stack as ``js_stack`` (and a note, from Python 3.11 on).
        KeyboardInterrupt, SystemExit and their like end the JavaScript instead and cannot be caught there.

        name, length: what the function has in JavaScript. this: hand `this` over as the first argument.
        """
        made: JSFunction = self._host_function(func, name, length, this)
        return made

    def wrap_py_function(self, func: Callable[..., Any] | PyJsFunctionType) -> WrappedFunction:
        """`function` for a `with` or `async with` block: when it is left, calls from JavaScript fail."""
        code = getattr(func, "__code__", None)
        if code is not None and code.co_flags & _COROUTINE:
            raise NotSupportedError("coroutine functions cannot be called from JavaScript by this version")
        return WrappedFunction(self, func)

    # ---- Memory ------------------------------------------------------------------------------------------------------

    def set_hard_memory_limit(self, limit: int) -> None:
        """Sets the bytes of V8's heap at which a run is ended with JSOOMException; 0 is V8's own limit.

        At any time, a callable that JavaScript calls included; waits while another thread is inside. The limit must be
        4 MiB at least, and one below what is in use now leaves a quarter of that as slack.
        """
        status = self._engine.c.isolate_set_heap_limit(self._isolate, _checked_limit(limit))
        if status:
            raise self._failure_of(status)
        self._reached_memory_limit = False

    def set_soft_memory_limit(self, limit: int) -> None:
        """Sets the bytes that `was_soft_memory_limit_reached` compares with; 0 is none. Nothing is ended by it."""
        if limit < 0:
            raise JSValueError(f"a memory limit is a number of bytes, 0 or more, and not {limit}")
        self._soft_limit = limit
        self._soft_limit_seen = False

    def was_hard_memory_limit_reached(self) -> bool:
        """True once a run was ended with JSOOMException, until another limit is set."""
        return self._reached_memory_limit

    def was_soft_memory_limit_reached(self) -> bool:
        """True once the heap was seen above the soft limit: by this call, or by an earlier one."""
        if self._soft_limit and not self._soft_limit_seen:
            self._soft_limit_seen = self._statistics().heap_used > self._soft_limit
        return self._soft_limit_seen

    def low_memory_notification(self) -> None:
        """Asks V8 to collect garbage. Waits while another thread is inside."""
        status = self._engine.c.isolate_collect_garbage(self._isolate, _ffi.COLLECT_FULL)
        if status:
            raise self._failure_of(status)

    def heap_stats(self) -> dict[str, int]:
        """V8's figures in bytes, named as V8 does, and counts of live handles and contexts."""
        raw = self._statistics()
        return {
            "total_physical_size": raw.heap_physical,
            "used_heap_size": raw.heap_used,
            "total_heap_size": raw.heap_committed,
            "heap_size_limit": raw.heap_limit,
            "array_buffers_size": raw.array_buffers,
            "external_memory": raw.external,
            "malloced_memory": raw.engine_malloced,
            "peak_malloced_memory": raw.engine_malloced_peak,
            "number_of_handles": raw.handle_count,
            "number_of_contexts": raw.context_count,
            "number_of_detached_contexts": raw.detached_context_count,
        }

    def _statistics(self) -> _ffi.HeapStatistics:
        raw = _ffi.HeapStatistics(struct_size=sizeof(_ffi.HeapStatistics))
        status = self._engine.c.isolate_get_heap_statistics(self._isolate, byref(raw))
        if status:
            raise self._failure_of(status)
        return raw

    # ---- Facts -------------------------------------------------------------------------------------------------------

    @property
    def v8_version(self) -> str:
        """V8's version, "10.2.154.26-node.36" say."""
        return str(self._engine.library.info()["engine_version"])

    @property
    def library(self) -> Library:
        """The native library that this MiniRacer runs on."""
        return self._engine.library


class WrappedFunction:
    """What `wrap_py_function` returns. Entering it gives the JavaScript function."""

    def __init__(self, owner: MiniRacer, func: Callable[..., Any]) -> None:
        self._owner = owner
        self._func: Callable[..., Any] | None = func

    def _call(self, *args: Any) -> Any:
        func = self._func
        if func is None:
            raise ReferenceError("this Python function is not available any more")
        return func(*args)

    def __enter__(self) -> JSFunction:
        return self._owner.function(self._call, name=getattr(self._func, "__name__", None))

    def __exit__(self, *_: object) -> None:
        self._func = None

    async def __aenter__(self) -> JSFunction:
        return self.__enter__()

    async def __aexit__(self, *_: object) -> None:
        self._func = None


def mini_racer(event_loop: Any = None, **options: Any) -> MiniRacer:
    """A MiniRacer for the time of a `with` block, with MiniRacer's options.

    event_loop: accepted as PyMiniRacer does; JavaScript runs on the calling thread and needs none.
    """
    return MiniRacer(**options)


#: The name of PyMiniRacer 0.4 and 0.5.
StrictMiniRacer = MiniRacer
