"""MiniRacer: the class that people use."""

from __future__ import annotations

import os

from . import _ffi, _interrupt, _lost
from ._checks import function, switch, wrong
from ._errors import LibAlreadyInitializedError
from ._giving import Giving
from ._library import Library
from ._limits import isolate_options
from ._looking import Looking
from ._modules import Modules
from ._running import Running
from ._runtime import engine_for, start

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from types import TracebackType
    from typing import Any

    from typing_extensions import Self

    from ._limits import JSEvent

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


class MiniRacer(Running, Modules, Giving, Looking):
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
