"""What Python keeps for each open library: reusable call slots, the contexts that live, the end of the process.

A slot is everything one call needs, allocated once: run options, result, error pointer, arguments. Slots wait in a
list; taking one is a `pop`, which is atomic, so that threads and nested calls never share one.
"""

from __future__ import annotations

import atexit
import ctypes
import os
import sys
import time

# What weakref is made of. Importing that, with what it imports, takes longer than this package.
from _weakref import ref
from ctypes import addressof, byref, c_int32, c_uint32, c_uint64, c_void_p, sizeof

from . import _ffi
from ._checks import seconds as number_of
from ._errors import JSValueError
from ._ffi import RunOptions, Script, Value
from ._library import Library, load_library
from ._threads import allocate_lock, get_ident

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from ._context import Context

#: Arguments that a slot has room for; more are allocated for the call.
ARGUMENTS = 8
#: Seconds that the end of the process waits for threads to leave JavaScript after their isolates are closed.
EXIT_GRACE = 1.0

ONE = c_uint64.from_param(1)

#: What Python's things are known by to the library. itertools.count would do, but that module takes its time to import.
numbers = iter(range(1, 2**63 - 1))

_INFINITY = float("inf")


class Watched:
    """When a call is to see to Ctrl-C again: see _interrupt."""

    __slots__ = ("due", "thread")

    def __init__(self) -> None:
        self.due = 0.0
        self.thread = 0  # the main one, once it is watched


watched = Watched()


class Interrupted(int):
    """The number of a thread whose JavaScript Ctrl-C has ended: in a slot, until the next call that takes it."""

    __slots__ = ()


class Slot:
    """The reusable memory of one call."""

    __slots__ = (
        "__weakref__",
        "arguments_ref",
        "cancel",
        "cancel_at",
        "error",
        "error_ref",
        "index",
        "index_ref",
        "interrupt",
        "key",
        "key_ref",
        "number",
        "number_ref",
        "owner",
        "result",
        "result_ref",
        "run",
        "run_ref",
        "script",
        "script_ref",
        "source",
        "thread",
        "value",
        "value_ref",
        "views",
    )

    def __init__(self, engine: Engine) -> None:
        self.owner: ref[Context] | None = None
        self.thread = 0  # of the thread that uses it, as threading.get_ident() tells
        self.interrupt: BaseException | None = None  # what to raise when the call comes back
        self.cancel = c_uint32(0)
        self.cancel_at = c_void_p(addressof(self.cancel))
        self.run = RunOptions(struct_size=sizeof(RunOptions), cancel=self.cancel_at.value)
        self.run_ref = byref(self.run)
        self.result, self.key, self.value, self.number = Value(), Value(), Value(), c_int32()
        self.result_ref, self.key_ref, self.value_ref = byref(self.result), byref(self.key), byref(self.value)
        self.number_ref = byref(self.number)
        self.index = Value(tag=_ffi.INT32)  # a key that is always an INT32, so that only the number needs writing
        self.index_ref = byref(self.index)
        self.error = c_void_p()
        self.error_ref = byref(self.error)
        self.script = Script(struct_size=sizeof(Script))
        self.script_ref = byref(self.script)
        self.source = self.script.source
        arguments = (Value * ARGUMENTS)()
        self.arguments_ref, self.views = byref(arguments), list(arguments)
        engine.slots.add(ref(self, engine.slots.discard))


class Engine:
    """One open library with what Python keeps for it."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.c = library.functions
        self.evaluate = library.fast("context_evaluate")
        self.function_call = library.fast("function_call")
        self.object_get = library.fast("object_get")
        self.object_set = library.fast("object_set")
        self.value_release = library.fast("value_release")
        self.free: list[Slot] = []
        self.releases: list[tuple[Value, Any]] = []  # values with references to them, for `release`
        self.slots: set[ref[Slot]] = set()
        self.contexts: set[ref[Context]] = set()
        self.pid = os.getpid()
        self.exiting = 0  # the thread that ends the process, once it does
        self.disposing: list[int] = []  # threads that are disposing of an isolate
        self.lost: dict[int, BaseException] = {}  # what to raise in those once that is done
        self.started = False
        self.unhandled: Any = None  # the callback, see _unhandled

    def take(self, owner: Context) -> Slot:
        """A slot for one call by this thread. Give it back with `free.append`, or `drop` it."""
        try:
            slot = self.free.pop()
        except IndexError:
            slot = Slot(self)
        slot.owner = owner._weak
        slot.thread = thread = get_ident()
        if thread == watched.thread and time.monotonic() > watched.due:
            from ._interrupt import watch_again

            watch_again()
        return slot

    def drop(self, slot: Slot) -> None:
        """Forgets a slot whose call was broken off, so that nothing half-written is used again."""
        if type(slot.thread) is Interrupted:
            from ._interrupt import returned

            returned()
        slot.owner = None
        slot.thread = 0

    def busy(self) -> list[Slot]:
        """The slots in use now."""
        idle = {id(slot) for slot in list(self.free)}
        slots = [found() for found in list(self.slots)]
        return [slot for slot in slots if slot is not None and slot.owner is not None and id(slot) not in idle]

    def release(self, head: int, handle: c_uint64) -> None:
        """Gives a handle back. Any thread, the garbage collector's included; waits for no script."""
        try:
            value, value_ref = self.releases.pop()
        except IndexError:
            value = Value()
            value_ref = byref(value)
        value.head = head
        value.handle = handle.value
        self.value_release(value_ref, ONE)
        self.releases.append((value, value_ref))

    def leaving(self) -> bool:
        """Whether the process ends by another thread: this one is to begin nothing in the library any more."""
        return self.exiting not in (0, get_ident())

    def dispose(self, isolate: c_uint64) -> None:
        """Disposes of an isolate, which may call Python: not for a thread that Python would end in there."""
        thread = get_ident()
        self.disposing.append(thread)  # before the look at `exiting`: either this thread sees it, or it is waited for
        try:
            if not self.leaving():
                self.c.isolate_dispose(isolate)
        finally:
            self.disposing.remove(thread)
        if self.lost and thread not in self.disposing:
            lost = self.lost.pop(thread, None)
            if lost is not None:
                raise lost

    def interrupt_thread(self, thread: int, reason: BaseException | None) -> bool:
        """Ends all JavaScript that `thread` is running, and tells whether there is any. `reason` is raised there where
        each run comes back; None: whatever Python raises there on its own, or else KeyboardInterrupt."""
        found = False
        for slot in self.busy():
            owner = slot.owner() if slot.owner is not None else None
            if slot.thread == thread and owner is not None:
                found = True
                if reason is not None:
                    slot.interrupt = reason
                else:  # by another thread, for which the run may be over by now: then it means nothing
                    slot.thread = Interrupted(thread)
                self.c.isolate_cancel(owner._isolate, slot.cancel_at)
        return found


def immortal(callback: Any) -> None:
    """Keeps a callback that the library may hold to the very end of the process, longer than its module lives."""
    if sys.implementation.name == "cpython":
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(callback))


_lock = allocate_lock()
_engines: list[Engine] = []


def engine_for(library: Library | str | os.PathLike[str] | None) -> Engine:
    """The engine of a library, which is opened if need be."""
    if not isinstance(library, Library):
        library = load_library(library)
    if library.engine is None:
        with _lock:
            if library.engine is None:
                engine = Engine(library)
                _engines.append(engine)
                library.engine = engine
    engine_found: Engine = library.engine
    return engine_found


def start(engine: Engine, flags: Iterable[str] = (), bits: int = 0) -> None:
    """Starts V8 in the library, once. Later calls succeed unless they ask for other flags. bits: MINIRACER_INIT_*."""
    text = " ".join(flags).encode()
    options = _ffi.InitOptions(
        struct_size=sizeof(_ffi.InitOptions), flags=bits, v8_flags=text or None, v8_flags_length=len(text)
    )
    error = c_void_p()
    status = engine.c.init(byref(options), byref(error))
    if status:
        from ._records import failure_without_context

        raise failure_without_context(engine, status, error)
    engine.started = True


def nanoseconds(given: float | None, name: str = "timeout_sec") -> int:
    """Seconds as the library wants them: None is 0, the isolate's default; infinity is no limit."""
    if given is None:
        return 0
    seconds = given if type(given) is float else number_of(name, given)
    if seconds == _INFINITY:
        return _ffi.NO_TIMEOUT
    if not seconds >= 0:
        raise JSValueError(f"{name} is a number of seconds, 0 or more, and not {seconds!r}")
    return min(max(1, int(seconds * 1e9)), _ffi.NO_TIMEOUT - 1)


def run_limits(engine: Engine, timeout_sec: float | None, cpu_time: float | None) -> tuple[int, int]:
    """The timeout and the processor time of one run, for its options."""
    if cpu_time is not None:
        engine.library.needs(3, "cpu_time")
    return nanoseconds(timeout_sec), nanoseconds(cpu_time, "cpu_time")


def _inside(engine: Engine, me: int) -> bool:
    """Whether a thread other than this one is in the library."""
    return any(slot.thread not in (0, me) for slot in engine.busy()) or any(one != me for one in engine.disposing)


def _at_exit() -> None:
    """Closes every isolate, so that daemon threads and the library's own leave JavaScript, and Python's callables in
    it, while Python can still serve them.

    A thread that is inside of V8 when the interpreter goes away would be ended by Python in the midst of V8's frames.
    """
    me = get_ident()
    for engine in _engines:
        engine.exiting = me
        for found in list(engine.contexts):
            context = found()
            if context is not None:
                context.close()
    deadline = time.monotonic() + EXIT_GRACE
    while any(_inside(engine, me) for engine in _engines) and time.monotonic() < deadline:
        time.sleep(0.001)
    for engine in _engines:
        if engine.started and engine.library.abi_version >= 2:
            engine.c.library_drain(max(1, int((deadline - time.monotonic()) * 1e9)))
    from ._lost import disarm

    disarm()


def _after_fork_in_child() -> None:
    """Only the forking thread is left: the slots of the others are nobody's."""
    global _lock
    _lock = allocate_lock()
    for engine in _engines:
        engine.pid = os.getpid()
        for slot in engine.busy():
            engine.drop(slot)


atexit.register(_at_exit)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
