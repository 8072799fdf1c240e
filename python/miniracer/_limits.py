"""What a MiniRacer's JavaScript may use: its options as the library takes them, and the events that tell of limits."""

from __future__ import annotations

from ctypes import byref, c_void_p, cast, sizeof

from . import _ffi
from ._checks import function, switch, text, whole
from ._errors import JSValueError
from ._runtime import engine_for, immortal, nanoseconds, numbers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any
    from weakref import ref

    from ._context import Context
    from ._library import Library
    from ._runtime import Engine

_LEAST_HEAP = 4 * 2**20
_PRESETS = {"trusted": _ffi.PRESET_TRUSTED, "untrusted": _ffi.PRESET_UNTRUSTED}
_SWITCHES = {
    "allow_eval": _ffi.ISOLATE_NO_EVAL,
    "webassembly": _ffi.ISOLATE_NO_WEBASSEMBLY,
    "shared_memory": _ffi.ISOLATE_NO_SHARED_MEMORY,
}
_CAPS = {
    "max_handles": "maximum_handles",
    "max_timers": "maximum_timers",
    "max_modules": "maximum_modules",
    "max_promises": "maximum_promises",
}


def checked_heap(name: str, limit: int) -> int:
    """A limit of V8's heap."""
    limit = whole(name, limit, -(2**63), 2**64)
    if limit and not _LEAST_HEAP <= limit < 2**64:
        raise JSValueError(f"a memory limit is {_LEAST_HEAP} bytes or more, or 0 for V8's own, and not {limit}")
    return limit


def _bytes(name: str, number: int, most: int = 2**64 - 1) -> int:
    return whole(name, number, 0, most)


def _seconds(name: str, seconds: float, endless: int) -> int:
    """Nanoseconds of an isolate's option; `endless` stands for infinity."""
    number = nanoseconds(seconds, name)
    return endless if number == _ffi.NO_TIMEOUT else number


def isolate_options(engine: Engine, preset: str | None, given: dict[str, Any]) -> _ffi.IsolateOptions:
    """The options of a new isolate: what the preset says, changed by what is given and not None."""
    given = {name: value for name, value in given.items() if value is not None}
    options = _ffi.IsolateOptions(struct_size=sizeof(_ffi.IsolateOptions))
    if preset is not None:
        if text("preset", preset) not in _PRESETS:
            raise JSValueError(f"a preset is one of {', '.join(map(repr, _PRESETS))}, and not {preset!r}")
        if preset != "trusted":
            engine.library.needs(3, f"preset={preset!r}")
            engine.c.isolate_options_preset(_PRESETS[preset], byref(options))
    _fill_old(options, given)
    newer = given.keys() - {"timeout_sec", "max_memory", "stack_limit"}
    if newer:
        engine.library.needs(3, ", ".join(sorted(newer)))
        _fill(options, given)
    return options


def _fill_old(options: _ffi.IsolateOptions, given: dict[str, Any]) -> None:
    """What every library knows."""
    if "timeout_sec" in given:
        options.timeout = _seconds("timeout_sec", given["timeout_sec"], 0)
    if given.get("max_memory", 0) != 0:
        options.heap_limit = checked_heap("max_memory", given["max_memory"])
        options.memory_limit = 0  # the same, therefore
    if "stack_limit" in given:
        options.stack_limit = _bytes("stack_limit", given["stack_limit"])


def _fill(options: _ffi.IsolateOptions, given: dict[str, Any]) -> None:
    for name in ("memory_limit", "memory_warning"):
        if name in given:
            setattr(options, name, _bytes(name, given[name]))
    if "cpu_time" in given:
        options.cpu_time = _seconds("cpu_time", given["cpu_time"], 0)
    if "grace" in given:
        options.grace = _seconds("grace", given["grace"], _ffi.NO_TIMEOUT)
    if "clock_resolution" in given:
        options.clock_resolution = _resolution(given["clock_resolution"])
    for name, bit in _SWITCHES.items():
        if name in given:
            options.flags = options.flags & ~bit if switch(name, given[name]) else options.flags | bit
    for name, field in _CAPS.items():
        if name in given:
            setattr(options, field, _bytes(name, given[name], 2**32 - 1))
    if "max_console" in given:
        options.maximum_console = _bytes("max_console", given["max_console"])


def _resolution(given: Any) -> int:
    if given == "frozen":
        return _ffi.FROZEN_CLOCK
    if isinstance(given, str):
        raise JSValueError(f"clock_resolution is a number of seconds or 'frozen', and not {given!r}")
    number = _seconds("clock_resolution", given, _ffi.FROZEN_CLOCK)
    return number if given else 0


def process_statistics(library: Library | str | None = None) -> dict[str, int]:
    """What MiniRacers that V8 gave up have cost this process, in bytes but for the first two.

    isolates: those that are not closed, dead ones included. deaths: how many died. given_back: memory of theirs that
    the system has back. left_behind: memory that stays, since its state is unknown.
    """
    from ._structs import ProcessStatistics

    engine = engine_for(library)
    raw = ProcessStatistics(struct_size=sizeof(ProcessStatistics))
    engine.library.needs(3, "process_statistics")
    engine.c.process_get_statistics(byref(raw))
    return {
        "isolates": raw.isolate_count,
        "deaths": raw.deaths,
        "given_back": raw.given_back,
        "left_behind": raw.left_behind,
    }


# ---- Events ----------------------------------------------------------------------------------------------------------


class JSEvent:
    """What `on_event` is told."""

    __slots__ = ("kind", "memory", "overdue", "reason")

    def __init__(self, kind: str, memory: int = 0, overdue: float = 0.0, reason: str = "") -> None:
        #: "memory_warning", "unresponsive" or "dead". Newer libraries may have more.
        self.kind = kind
        #: memory_warning: bytes, as `heap_stats()["memory"]`.
        self.memory = memory
        #: unresponsive: seconds since the run was told to end.
        self.overdue = overdue
        #: dead: why, as V8 says it.
        self.reason = reason

    def __repr__(self) -> str:
        said = {"memory": self.memory, "overdue": self.overdue, "reason": self.reason}
        return f"<JSEvent {self.kind}{''.join(f', {name} {value!r}' for name, value in said.items() if value)}>"


_KINDS = {
    _ffi.EVENT_MEMORY_WARNING: "memory_warning",
    _ffi.EVENT_UNRESPONSIVE: "unresponsive",
    _ffi.EVENT_DEAD: "dead",
}
_told: dict[int, ref[Context]] = {}
_callbacks: tuple[Any, Any] | None = None


def attach_events(context: Context, options: _ffi.IsolateOptions, on_event: Callable[[JSEvent], Any]) -> None:
    """Has an isolate that is about to be made tell a callable."""
    global _callbacks
    from ._structs import EVENT

    context._on_event = function("on_event", on_event)
    context._engine.library.needs(3, "on_event")
    if _callbacks is None:
        _callbacks = EVENT(_event), _ffi.FINALIZER(_forget)
        for callback in _callbacks:
            immortal(callback)
    number = next(numbers)
    _told[number] = context._weak
    options.event, options.event_finalize = cast(_callbacks[0], c_void_p), _callbacks[1]
    options.event_userdata = number


def _forget(number: int) -> None:
    _told.pop(number, None)


def _event(number: int, address: int) -> None:
    from ._callbacks import guarded
    from ._structs import IsolateEvent

    found = _told.get(number)
    context = found() if found is not None else None
    if context is not None:
        raw = IsolateEvent.from_address(address)
        text = (raw.text or b"").decode("ascii", "replace")
        kind = _KINDS.get(raw.kind, f"event {raw.kind}")
        guarded(context._on_event, JSEvent(kind, raw.memory, raw.overdue / 1e9, text))
