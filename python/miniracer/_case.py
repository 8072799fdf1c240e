"""One case of the hostile suite, in this process: the steps of Tests/hostile/README.md."""

from __future__ import annotations

import gc
import re
from ctypes import byref, c_uint64
from math import inf
from time import monotonic, sleep

from . import _ffi
from ._cases import Case
from ._context import Context
from ._errors import JSEngineDeadException, JSEvalException, MiniRacerBaseException
from ._limits import process_statistics
from ._mini_racer import MiniRacer, init_mini_racer
from ._records import _status_name
from ._runtime import Engine
from ._selftest import Result, scale
from ._types import JSBigInt, JSUndefined
from ._values import put_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

KEPT = 1_000_000


class _ExplicitMicrotasks(Context):
    def __init__(self, engine: Engine, options: _ffi.IsolateOptions, *rest: Any) -> None:
        options.flags |= _ffi.ISOLATE_EXPLICIT_MICROTASKS
        super().__init__(engine, options, *rest)


class _Explicit(MiniRacer, _ExplicitMicrotasks):
    """A MiniRacer whose promise reactions run only when the event loop turns, which Python has no option for."""


# ---- The process -----------------------------------------------------------------------------------------------------


def _kilobytes(name: str) -> int:
    """A line of /proc/self/status, 0 where there is none."""
    try:
        with open("/proc/self/status", encoding="ascii") as file:
            for line in file:
                if line.startswith(f"{name}:"):
                    return int(line.split()[1])
    except OSError:
        pass
    return 0


def _reset_peak() -> None:
    try:
        with open("/proc/self/clear_refs", "w", encoding="ascii") as file:
            file.write("5")
    except OSError:
        pass


# ---- Outcomes --------------------------------------------------------------------------------------------------------


def _outcome(value: Any) -> str:
    if value is JSUndefined or value is None or isinstance(value, bool):
        return f"ok {'undefined' if value is JSUndefined else 'null' if value is None else str(value).lower()}"
    if isinstance(value, (int, float)) and not isinstance(value, JSBigInt):
        return f"ok {value!r}"
    if isinstance(value, str) and len(value) < 200 and all(ord(character) < 256 for character in value):
        return f'ok "{re.sub("[^ -~]", ".", value)}"'
    return "ok"


def _failure(mr: MiniRacer, error: BaseException) -> str:
    if isinstance(error, MiniRacerBaseException) and error.status:
        name = _status_name(mr._engine, error.status)
        if error.status == _ffi.EXCEPTION and isinstance(error, JSEvalException) and error.name:
            return f"{name} {error.name}" if len(error.name) < 100 else name
        return name
    return f"raised {type(error).__name__}"


def _matches(outcome: str, expected: str) -> bool:
    if outcome == expected or (" " not in expected and outcome.startswith(f"{expected} ")):
        return True
    if outcome.startswith("ok ") and expected.startswith("ok "):
        try:
            return float(outcome[3:]) == float(expected[3:])
        except ValueError:
            pass
    return False


# ---- The case's MiniRacer --------------------------------------------------------------------------------------------


def _limits(case: Case) -> dict[str, Any]:
    """The keywords of MiniRacer that a case's directives come to."""
    limited: dict[str, Any] = {
        "timeout": ("timeout_sec", case.timeout),
        "cpu": ("cpu_time", case.cpu),
        "grace": ("grace", case.grace),
        "memory": ("memory_limit", 0 if case.memory == inf else int(case.memory)),
        "heap": ("max_memory", 0 if case.heap == inf else int(case.heap)),
        "stack": ("stack_limit", 0 if case.stack == inf else int(case.stack)),
        "handles": ("max_handles", case.handles),
        "timers": ("max_timers", case.timers),
        "modules": ("max_modules", case.modules),
        "console": ("max_console", case.console),
        "clock": ("clock_resolution", case.clock),
    }
    chosen = limited.keys() if case.preset == "trusted" else limited.keys() & case.given
    keywords = dict(limited[name] for name in chosen)
    for word, keyword in (
        ("no_eval", "allow_eval"),
        ("no_webassembly", "webassembly"),
        ("no_shared_memory", "shared_memory"),
    ):
        if word in case.options:
            keywords[keyword] = False
    return keywords


class _Run:
    """What is there while a case runs."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.longest = 0.0
        self.console = 0
        self.unhandled: list[BaseException] = []
        kind = _Explicit if "explicit_microtasks" in case.options else MiniRacer
        self.mr = kind(
            preset=case.preset,
            timers="timers" in case.options,
            web="web" in case.options,
            console=self._said if "console" in case.options else False,
            on_unhandled=self.unhandled.append,
            background="background_loop" in case.options,
            **_limits(case),
        )

    def _said(self, level: int, method: str, text: str) -> None:
        self.console += len(text)

    def step(self, call: Callable[[], Any]) -> Any:
        """A call of the case: how long it takes counts."""
        begun = monotonic()
        try:
            return call()
        finally:
            self.longest = max(self.longest, monotonic() - begun)

    def perform(self) -> str:
        """Body and action; what they come to."""
        try:
            value = self.step(lambda: self.mr.eval(self.case.body, filename=f"{self.case.name}.js"))
            act = getattr(self, self.case.action, None)
            return _outcome(value if act is None else act(value))
        except Exception as error:
            return _failure(self.mr, error)

    # ---- Actions: V is the completion value --------------------------------------------------------------------------

    def call(self, value: Any) -> Any:
        return self.step(lambda: value())

    def construct(self, value: Any) -> Any:
        return self.step(lambda: value.new())

    def get(self, value: Any) -> Any:
        return self.step(lambda: self.mr._get(value, "x"))

    def set(self, value: Any) -> Any:
        return self.step(lambda: self.mr._set(value, "x", 1)) or JSUndefined

    def has(self, value: Any) -> Any:
        return self.step(lambda: self.mr._has(value, "x"))

    def delete(self, value: Any) -> Any:
        return self.step(lambda: self.mr._delete(value, "x"))

    def keys(self, value: Any) -> Any:
        return len(self.step(lambda: self.mr._keys(value, 0)))

    def to_string(self, value: Any) -> Any:
        return self._of_value(self.mr._engine.c.value_to_string, value)

    def json(self, value: Any) -> Any:
        return self._of_value(self.mr._engine.c.json_stringify, value, 0)

    def graph(self, value: Any) -> Any:
        from ._graph import to_python

        self.step(lambda: to_python(value, "handle"))
        return JSUndefined

    def inspect(self, value: Any) -> Any:
        self.step(lambda: self.mr.inspect(value, None))
        return JSUndefined

    def keep(self, value: Any) -> Any:
        kept: list[Any] = []
        keep, before = kept.append, monotonic()
        try:
            for _ in range(KEPT):
                keep(value())
                now = monotonic()
                if now - before > self.longest:
                    self.longest = now - before
                before = now
        except BaseException:
            self.longest = max(self.longest, monotonic() - before)
            raise
        return JSUndefined

    def promise(self, value: Any) -> Any:
        return self.step(lambda: value.get())

    def turn(self, value: Any) -> Any:
        if "background_loop" in self.case.options:
            sleep(1)
            return JSUndefined
        for _ in range(20):
            next_due = self.step(self.mr.run_pending)
            if self.unhandled:
                raise self.unhandled[0]
            if next_due is None:
                break
            sleep(min(next_due, 0.05))
        return JSUndefined

    def module(self, value: Any) -> Any:
        self.mr.set_module_loader(load=value)
        self.step(lambda: self.mr.import_module("main"))
        return JSUndefined

    def _of_value(self, function: Any, value: Any, *between: Any) -> Any:
        view = _ffi.Value()
        keep = self.mr._encode(view, value)
        made = self.step(lambda: self.mr._run_value_call(function, byref(view), *between))
        del keep
        return made


# ---- Checks ----------------------------------------------------------------------------------------------------------


def _in_new_context(mr: MiniRacer, code: str) -> Any:
    """What `code` comes to in another context of the same isolate."""
    c, slot, context = mr._engine.c, mr._engine.take(mr), c_uint64()
    status = c.context_new(mr._isolate, None, byref(context), slot.error_ref)
    if not status:
        put_text(slot.source, code)
        slot.run.timeout, slot.run.cpu_time = 10 * 10**9, _ffi.NO_TIMEOUT
        status = c.context_evaluate(context, slot.script_ref, slot.run_ref, slot.result_ref, slot.error_ref)
        slot.run.timeout = slot.run.cpu_time = 0
        c.context_dispose(context)
    return mr._finish_with_value(slot, status)


def _six_times_seven(mr: MiniRacer, ask: Callable[[], Any]) -> str:
    try:
        found = ask()
        return "ok" if found == 42 else f"ok {found!r}"
    except JSEngineDeadException as error:
        return "engine_dead" if error.reason else "engine_dead without a reason"
    except Exception as error:
        return _failure(mr, error)


def _check_after(mr: MiniRacer, wanted: str, result: Result) -> str:
    same = _six_times_seven(mr, lambda: mr.eval("6 * 7", timeout_sec=10, cpu_time=inf))
    other = _six_times_seven(mr, lambda: _in_new_context(mr, "6 * 7"))
    state = "broken"
    if same == other == "ok":
        state = "usable"
    elif same == other == "engine_dead":
        state = "dead"
    elif same == "out_of_memory":
        state = "full"
    result.after = state
    allowed = {"usable": ["usable"], "dead": ["dead"], "either": ["usable", "dead"], "full": ["usable", "dead", "full"]}
    return "" if state in allowed[wanted] else f"afterwards 6 * 7 is {same}, in a new context {other}"


def _check_limits(case: Case, run: _Run, result: Result, before: int, sanitized: bool) -> list[str]:
    problems = []
    result.milliseconds = int(run.longest * 1000)
    if run.longest > (case.most + case.grace + 1) * scale():
        problems.append(f"a call took {result.milliseconds} ms")
    result.peak = _kilobytes("VmHWM") - before
    if case.memory != inf and not sanitized and result.peak > case.memory / 1024 * 1.5 + 64 * 1024:
        problems.append(f"memory grew by {result.peak >> 10} MB")
    return problems


def _check_neighbour(neighbour: MiniRacer) -> list[str]:
    problems = []
    for wanted in (1, 2):
        try:
            found = neighbour.eval("++count")
            if found != wanted:
                problems.append(f"the neighbour says {found!r}")
        except Exception as error:
            problems.append(f"the neighbour says {_failure(neighbour, error)}")
    return problems


def _check_left(result: Result, before: int) -> str:
    for _ in range(20):
        gc.collect()
        result.left = _kilobytes("VmRSS") - before
        if result.left < 40 * 1024:
            return ""
        sleep(0.1)
    left_behind = process_statistics()["left_behind"] >> 10
    return f"{result.left >> 10} MB are left" if result.left > 40 * 1024 + left_behind else ""


def _start(case: Case) -> bool:
    """Starts the engine; whether it has a sanitizer in it."""
    library = init_mini_racer(
        jitless="jitless" in case.options,
        signals="no_signals" not in case.options,
        single_threaded="single_threaded" in case.options,
    )
    with MiniRacer() as warm:
        warm.eval("[1, 2, 3].map(x => x * x).join()")
    return "sanitizer_build" in library.info()["features"]


def run_case(case: Case) -> Result:
    """The case, and what is wrong with what it came to."""
    result = Result()
    sanitized = _start(case)
    neighbour = MiniRacer()
    neighbour.eval("globalThis.count = 0")
    before = _kilobytes("VmRSS")
    _reset_peak()
    run = _Run(case)
    result.outcome = run.perform()
    problems = []
    if not any(_matches(result.outcome, one) for one in case.expect.split(" or ")):
        problems.append(f"expected {case.expect}")
    gc.collect()
    problems += _check_limits(case, run, result, before, sanitized)
    problems += _check_neighbour(neighbour)
    problems.append(_check_after(run.mr, case.after, result))
    with MiniRacer() as fresh:
        said = _six_times_seven(fresh, lambda: fresh.eval("6 * 7"))
        problems.append("" if said == "ok" else f"a new isolate says {said}")
    run.mr.close()
    neighbour.close()
    left = _check_left(result, before)
    problems.append("" if sanitized else left)
    result.problem = "; ".join(filter(None, problems))
    return result
