"""MiniRacer: the class that people use."""

from __future__ import annotations

import os
from ctypes import byref, sizeof

from . import _ffi, _interrupt, _lost
from ._checks import buffer, function, place, seconds, switch, text, text_or_none, whole, wrong
from ._errors import JSValueError, LibAlreadyInitializedError, WrongReturnTypeException
from ._library import Library
from ._limits import isolate_options
from ._memory import Memory
from ._modules import Modules
from ._objects import JSObject, _is_promise
from ._runtime import engine_for, start
from ._types import JSUndefined, PyJsFunctionType, PythonJSConvertedTypes
from ._wrapped_function import WrappedFunction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from json import JSONEncoder
    from types import TracebackType
    from typing import Any, ClassVar

    from typing_extensions import Self

    from ._buffers import JSBuffer
    from ._limits import JSEvent
    from ._objects import JSFunction, JSMappedObject
    from ._promises import Resolver

#: A call with the global object as `this`, by syntax alone: guests can redefine any function, apply included.
_CALL = "(0, {__proto__: {callee: (0, (%s\n))}, call() { return super.callee(%s); }}.call)()"

#: The V8 flags that are used when none are asked for.
DEFAULT_V8_FLAGS: tuple[str, ...] = ()


def init_mini_racer(
    *,
    flags: Iterable[str] = DEFAULT_V8_FLAGS,
    ignore_duplicate_init: bool = False,
    library: Library | str | os.PathLike[str] | None = None,
    jitless: bool = False,
    signals: bool = True,
    single_threaded: bool = False,
) -> Library:
    """Opens the native library and starts V8 with flags of its command line ("--stack-size=500", ...). Any thread.

    V8 starts once in a process, at the latest with the first MiniRacer, which does this by itself.

    jitless: V8 makes no machine code at run time: slower, a smaller target, and without WebAssembly.
    signals: False: the library takes no signal; a run inside of a built-in function that never looks up is not cut off.
    single_threaded: no worker threads: compiling and collecting happen on the calling threads.
    Raises LibNotFoundError; LibAlreadyInitializedError where V8 runs already, unless ignore_duplicate_init.
    """
    if isinstance(flags, str):
        raise wrong("flags", "an iterable of str", flags)
    engine = engine_for(library)
    if engine.started:
        if not ignore_duplicate_init:
            raise LibAlreadyInitializedError
    else:
        bits = _ffi.INIT_SINGLE_THREADED if single_threaded else 0
        bits |= (_ffi.INIT_JITLESS if jitless else 0) | (0 if signals else _ffi.INIT_NO_SIGNALS)
        if bits & ~_ffi.INIT_SINGLE_THREADED:
            engine.library.needs(3, "jitless" if jitless else "signals=False")
        start(engine, flags, bits)
    return engine.library


class _Json:
    """The json module, imported when it is first asked for."""

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        import json

        return json


class MiniRacer(Modules, Memory):
    """A JavaScript world of its own: one V8 isolate with one global object.

    Any thread may use it, one at a time is inside, and the GIL is released meanwhile. JavaScript runs on the calling
    thread. Close it with `close`, or use it in a `with` statement; else it goes when it and its objects are garbage.

    library: the native library, or the path of one; None: search for it (see `load_library`).

    Limits. None is what the preset says; times are seconds, memory is bytes; docs/limits.md tells more.

    preset: "untrusted" for code that somebody else wrote: limits and switches for it, which the others here change.
    timeout_sec: what every run may take which is given no other limit; infinity: no limit.
    cpu_time: the same of its thread's processor time.
    max_memory: of V8's heap, at which a run is ended with JSOOMException; 0: V8's own limit. Unless memory_limit is
        given as well, it is that too.
    memory_limit: of all that `heap_stats()["memory"]` counts, ArrayBuffers included; 0: max_memory, or no limit.
    memory_warning: the same number at which `on_event` is told; 0: never.
    grace: after which a run that was told to end and did not is cut off, which is the end of the MiniRacer
        (JSEngineDeadException); infinity: never.
    stack_limit: of stack for JavaScript; 0: what the calling thread has.
    clock_resolution: to which Date and performance.now are rounded down; 0: as they come; "frozen": they stand still
        while a run lasts.
    allow_eval: JavaScript may make code from text (eval, new Function). webassembly, shared_memory: it has WebAssembly;
        SharedArrayBuffer and Atomics.
    max_handles, max_timers, max_modules, max_promises: how many there may be of objects that Python holds, pending
        timers, modules, promises that Python has not settled; 0: the library's own numbers.
    max_console: bytes of text that one run may write to the console; 0: no limit.
    on_event: called with a JSEvent, on any thread, where memory_warning is passed, a run can be neither ended nor cut
        off, or the MiniRacer dies.

    What it has.

    timers: setTimeout and its like. They, and all that comes later, run by themselves, in a thread of the library's.
    background: False: they do not; the program runs them by `run_pending`, and `set_wake` tells it when. They also run
        where it waits for a promise, and on an asyncio loop, in its thread: on `event_loop`, or on the one where
        something of this MiniRacer is awaited. `eval_async` and its like then run the script there as well.
    console: where console.log and its like go. True: to the logger "miniracer.console"; a callable: it is called with
        (level, method, text): 10, "debug", "..." say, the level as `logging` numbers them; False: nowhere.
    web: URL, TextEncoder, structuredClone, crypto.getRandomValues, AbortController and other globals of the web.
    on_unhandled: called, on any thread, with the exception for each promise that was rejected and that neither
        JavaScript handles nor Python asks for, and for what a timer throws; None: it is logged as an error of the
        logger "miniracer".
    event_loop: the asyncio loop for coroutine functions that JavaScript calls where no loop runs; None: the one that
        was last used with this MiniRacer, or one in a thread of this package's.
    modules, module_root, packages, conditions, require: see `set_module_loader` and `set_module_root`.
    """

    #: The JSON module that `call` and `execute` use.
    json_impl: ClassVar[Any] = _Json()

    def __init__(
        self,
        *,
        library: Library | str | os.PathLike[str] | None = None,
        preset: str | None = None,
        timeout_sec: float | None = None,
        cpu_time: float | None = None,
        max_memory: int | None = None,
        memory_limit: int | None = None,
        memory_warning: int | None = None,
        grace: float | None = None,
        stack_limit: int | None = None,
        clock_resolution: float | str | None = None,
        allow_eval: bool | None = None,
        webassembly: bool | None = None,
        shared_memory: bool | None = None,
        max_handles: int | None = None,
        max_timers: int | None = None,
        max_modules: int | None = None,
        max_promises: int | None = None,
        max_console: int | None = None,
        on_event: Callable[[JSEvent], Any] | None = None,
        timers: bool = True,
        console: bool | Callable[[int, str, str], Any] = False,
        web: bool = False,
        on_unhandled: Callable[[BaseException], Any] | None = None,
        event_loop: Any = None,
        background: bool = True,
        modules: Mapping[str, Any] | None = None,
        module_root: str | os.PathLike[str] | None = None,
        packages: Sequence[str | os.PathLike[str]] = (),
        conditions: Sequence[str] = (),
        require: bool = False,
    ) -> None:
        limits = {
            "timeout_sec": timeout_sec,
            "cpu_time": cpu_time,
            "max_memory": max_memory,
            "memory_limit": memory_limit,
            "memory_warning": memory_warning,
            "grace": grace,
            "stack_limit": stack_limit,
            "clock_resolution": clock_resolution,
            "allow_eval": allow_eval,
            "webassembly": webassembly,
            "shared_memory": shared_memory,
            "max_handles": max_handles,
            "max_timers": max_timers,
            "max_modules": max_modules,
            "max_promises": max_promises,
            "max_console": max_console,
        }
        if on_unhandled is not None:
            function("on_unhandled", on_unhandled)
        if event_loop is not None and not hasattr(event_loop, "call_soon_threadsafe"):
            raise wrong("event_loop", "an asyncio loop", event_loop)
        engine = engine_for(library)
        options = isolate_options(engine, preset, limits)
        if not engine.started:
            start(engine, DEFAULT_V8_FLAGS)
        features = (_ffi.CONTEXT_TIMERS if timers else 0) | (_ffi.CONTEXT_WEB if web else 0)
        if not switch("background", background):
            engine.library.needs(2, "background=False")
        super().__init__(engine, options, features, console or None, on_event, background)
        self._loop = event_loop
        if engine.library.abi_version >= 2:
            from ._unhandled import set_unhandled

            set_unhandled(self, on_unhandled)
        if event_loop is not None and not background:
            from ._pump import pump

            pump(self, event_loop)
        if modules or module_root is not None or packages or conditions or require:
            self._start_modules(modules, module_root, packages, conditions, require)
        _interrupt.watch()
        _lost.arm()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_val: BaseException | None, exc_tb: TracebackType | None
    ) -> None:
        self.close()

    def close(self, *_: object) -> None:
        """Closes it with all its objects, which say so from now on; ends what runs in it, and the coroutines that
        JavaScript waits for. Any thread; waits for nobody; idempotent."""
        super().close()

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

    # ---- Python callables --------------------------------------------------------------------------------------------

    def function(
        self, func: Callable[..., Any], *, name: str | None = None, length: int | None = None, this: bool = False
    ) -> JSFunction:
        """A JavaScript function that calls a Python callable, on the thread that runs the JavaScript.

        Passing a callable as an argument, or setting it as a property, does the same with the defaults. What it raises
        is thrown into JavaScript as an Error with the class's name and the message; what JavaScript does not catch
        comes out as the same exception, with the JavaScript stack as ``js_stack`` (and a note, from Python 3.11 on).
        KeyboardInterrupt, SystemExit and their like end the JavaScript instead and cannot be caught there. A class can
        be called by `new`, which gives the instance by reference, as `wrap` does.

        name, length: what the function has in JavaScript. this: hand `this` over as the first argument.
        """
        text_or_none("name", name)
        if length is not None:
            whole("length", length, 0, 2**31 - 1)
        made: JSFunction = self._host_function(function("func", func), name, length, this)
        return made

    def wrap_py_function(self, func: Callable[..., Any] | PyJsFunctionType) -> WrappedFunction:
        """`function` for a `with` or `async with` block: when it is left, calls from JavaScript fail."""
        return WrappedFunction(self, function("func", func))

    # ---- Python objects and memory by reference ----------------------------------------------------------------------

    def wrap(
        self,
        obj: Any,
        *,
        read_only: bool = False,
        private: bool = False,
        names: Iterable[str] | None = None,
        class_name: str | None = None,
    ) -> JSMappedObject:
        """A JavaScript object that stands for a Python object, by reference: nothing is copied.

        >>> config = {"depth": 3}
        >>> mr.globals["config"] = mr.wrap(config)
        >>> mr.eval("config.depth += 1; Object.keys(config)")  # writes to the dict

        A mapping shows its items; a sequence is an Array with its elements; any other object, a class and a module too,
        shows its attributes, is called where it is callable, and is iterated (`for ... of`, `for await`) where Python
        iterates it. What comes out of it is given by reference as well. Where JavaScript gives it back to Python, it is
        the very object again. One Python object is one JavaScript object as long as JavaScript holds it, and is kept
        until then; `close` breaks cycles through both heaps.

        An iterator has `next`, as JavaScript's have, and a class is called by `new` and tested by `instanceof`.

        read_only: JavaScript may not write, nor to what it reads from it; methods are called as ever, and may change
        what they like. The others are for this object alone, and not for what comes out of it. private: names with a
        leading underscore, too. names: these attributes, or items of a mapping, and no others; JSValueError for a
        sequence, whose elements have none. class_name: what Object.prototype.toString says. What is wrapped with other
        options is another object in JavaScript.
        """
        from ._wrap import wrap

        text_or_none("class_name", class_name)
        if isinstance(names, str) or not (names is None or hasattr(names, "__iter__")):
            raise wrong("names", "an iterable of str", names)
        allowed = None if names is None else frozenset(text("names", name) for name in names)
        return wrap(self, obj, read_only=read_only, private=private, names=allowed, class_name=class_name)

    def expose(self, name: str, obj: Any, **options: Any) -> JSMappedObject:
        """`wrap`, and a global variable of that name."""
        text("name", name)
        made = self.wrap(obj, **options)
        self.globals[name] = made
        return made

    def lend(self, buffer: Any, *, raw: bool = False) -> JSBuffer:
        """The memory of a bytearray, array.array, numpy array, ... as the typed array that has the same elements,
        without a copy: both sides see what the other writes. What is read only, as bytes are, is copied.

        >>> with mr.lend(samples) as view:   # detached at the end of the block
        ...     mr.eval("v => v.sort()")(view)

        raw: as an ArrayBuffer. The object exports its buffer, so that a bytearray cannot be resized, until JavaScript
        and all views have let go of it: after `detach` or the `with` block, or when they are collected. JSValueError
        where the memory is not in one piece or no typed array has such elements.
        """
        from ._buffers import new_buffer

        return new_buffer(self, buffer, "buffer", copy=False, typed=not raw)

    def array_buffer(self, data: Any, *, shared: bool = False) -> JSBuffer:
        """A new ArrayBuffer, or SharedArrayBuffer, with a copy of a Python buffer; with zeros for an int."""
        from ._buffers import new_buffer

        return new_buffer(self, bytes(data) if isinstance(data, int) else data, copy=True, shared=shared)

    def typed_array(self, kind: str, data: Any, byte_offset: int = 0, length: int | None = None) -> JSBuffer:
        """A typed array, "Float64Array" say, or "DataView", over a JSArrayBuffer or over a copy of a Python buffer.

        length: elements; None: all that there are, and JSValueError where the bytes are no whole number of them.
        """
        from ._buffers import JSArrayBuffer, element_named, elements_in, new_buffer, new_view

        element = element_named(text("kind", kind))
        whole("byte_offset", byte_offset, 0, 2**53)
        buffer = data if isinstance(data, JSArrayBuffer) else new_buffer(self, data, copy=True)
        if length is None:
            length = elements_in(buffer.nbytes, byte_offset, element)
        whole("length", length, 0, 2**53)
        return new_view(self, buffer, element, byte_offset, length)

    def wasm(self, module: Any, imports: Mapping[str, Any] | None = None) -> JSMappedObject:
        """Compiles WebAssembly (bytes, or a WebAssembly.Module) and gives the exports of a new instance.

        >>> exports = mr.wasm(open("sum.wasm", "rb").read(), {"env": {"log": print}})
        >>> exports.sum(1, 2)
        >>> exports.memory.memoryview()[:4] = b"abcd"   # a Memory, without a copy

        NotSupportedError where there is no WebAssembly.
        """
        if not isinstance(module, JSObject):
            buffer("module", module)
        from ._wasm import instance

        made: JSMappedObject = instance(self, module, imports)
        return made

    # ---- Promises ----------------------------------------------------------------------------------------------------

    def new_promise(self) -> Resolver:
        """A pending promise with what settles it."""
        from ._promises import Resolver

        return Resolver(self._value_call(self._engine.c.promise_new))

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

    # ---- Properties and prototypes -----------------------------------------------------------------------------------

    def define(
        self,
        obj: JSObject,
        key: Any,
        value: Any = JSUndefined,
        *,
        getter: Any = None,
        setter: Any = None,
        writable: bool = False,
        enumerable: bool = False,
        configurable: bool = False,
    ) -> None:
        """JavaScript's Object.defineProperty: a value, or a getter and a setter, callables that are given `this`.

        >>> mr.define(obj, "area", getter=lambda this: this.width * this.height)
        """
        from ._properties import define

        flags = (writable, enumerable, configurable)
        define(self, obj, key, value, getter, setter, flags)

    def descriptor(self, obj: JSObject, key: Any) -> dict[str, Any] | None:
        """JavaScript's Object.getOwnPropertyDescriptor: a dict with value and writable, or getter and setter, and
        enumerable and configurable; None where the object has no such property of its own. Calls no getter."""
        from ._properties import descriptor

        return descriptor(self, obj, key)

    def prototype(self, obj: JSObject) -> Any:
        """The prototype of an object, or None; of a Proxy that of its target."""
        from ._properties import owned

        return self._value_call(self._engine.c.object_get_prototype, owned(self, obj)._handle)

    def set_prototype(self, obj: JSObject, prototype: Any) -> None:
        """JavaScript's Object.setPrototypeOf; None for no prototype."""
        from ._properties import set_prototype

        set_prototype(self, obj, prototype)

    # ---- Looking at values -------------------------------------------------------------------------------------------

    def inspect(self, value: Any, depth: int | None = 2, *, width: int = 80, colors: bool = False) -> str:
        """A value as text for people, as console.log shows it. No code of the guest's runs.

        depth: levels of objects below the value; None: all. width: of a line, in columns. colors: as a terminal's.
        """
        view = _ffi.Value()
        keep = self._encode(view, value)
        from ._structs import InspectOptions

        options = InspectOptions(
            struct_size=sizeof(InspectOptions),
            flags=_ffi.INSPECT_COLORS if colors else 0,
            levels=_ffi.INSPECT_ALL_LEVELS if depth is None else whole("depth", depth, 0, 2**31 - 1) + 1,
            width=whole("width", width, 0, 2**31 - 1),
        )
        text = self._run_value_call(self._engine.c.value_inspect, byref(view), byref(options))
        del keep
        return str(text)

    # ---- Copies ------------------------------------------------------------------------------------------------------

    def copy(
        self, value: Any, *, max_depth: int = 1000, max_nodes: int | None = None, max_bytes: int | None = None
    ) -> Any:
        """A deep copy of Python data in JavaScript, as passing it as an argument makes one; cycles and shared
        references are kept. The limits are those of `to_python`."""
        from ._graph import graph_options
        from ._graph_in import copy_in, is_data

        options = graph_options(max_depth, max_nodes, max_bytes)
        if is_data(value):
            return copy_in(self, value, options)
        view = _ffi.Value()
        keep = self._encode(view, value)
        return keep if isinstance(keep, JSObject) else value

    # ---- Facts -------------------------------------------------------------------------------------------------------

    @property
    def v8_version(self) -> str:
        """V8's version in numbers, "10.2.154.26" say; whole, with whose build it is, it is
        ``library.info()["engine_version"]``."""
        return str(self._engine.library.info()["engine_version"]).partition("-")[0]

    @property
    def library(self) -> Library:
        """The native library that this MiniRacer runs on."""
        return self._engine.library


def mini_racer(event_loop: Any = None, **options: Any) -> MiniRacer:
    """A MiniRacer for the time of a `with` block, with MiniRacer's options."""
    return MiniRacer(event_loop=event_loop, **options)


#: The name of PyMiniRacer 0.4 and 0.5.
StrictMiniRacer = MiniRacer
