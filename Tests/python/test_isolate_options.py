"""What a MiniRacer's JavaScript may use: presets, switches, caps, budgets, events."""

from __future__ import annotations

import ctypes
import math
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Script, older_library, wait_for

from miniracer import (
    JSCPUTimeException,
    JSEvalException,
    JSEvent,
    JSOOMException,
    JSTerminatedException,
    JSTimeoutException,
    JSValueError,
    MiniRacer,
    NotSupportedError,
    _ffi,
    _limits,
    process_statistics,
)
from miniracer._structs import IsolateEvent

SPIN = "for (;;);"


@pytest.fixture
def mr() -> Iterator[MiniRacer]:
    """One whose runs end in any case, so that what does not work fails and does not hang."""
    with MiniRacer(timeout_sec=10) as racer:
        yield racer


# ---- Time ------------------------------------------------------------------------------------------------------------


def test_processor_time_of_one_call(mr: MiniRacer) -> None:
    with pytest.raises(JSCPUTimeException, match="CPU time") as caught:
        mr.eval(SPIN, cpu_time=0.05)
    assert isinstance(caught.value, JSTimeoutException)
    assert caught.value.status == 301
    spin = mr.eval(f"(function () {{ {SPIN} }})")
    for run in (
        lambda: spin(cpu_time=0.02),
        lambda: spin.new(cpu_time=0.02),
        lambda: mr.execute("(() => { for (;;); })()", cpu_time=0.02),
        lambda: mr.call("() => { for (;;); }", cpu_time=0.02),
        lambda: mr.eval_module(SPIN, cpu_time=0.02),
        lambda: mr.eval("({get x() { for (;;); }})").to_python(cpu_time=0.02),
        lambda: mr.eval(SPIN, filename="named.js", cpu_time=0.02),
    ):
        with pytest.raises(JSCPUTimeException):
            run()
    assert mr.eval("1 + 1", cpu_time=1) == 2


def test_waiting_takes_no_processor_time(mr: MiniRacer) -> None:
    mr.globals["sleep"] = time.sleep
    assert mr.eval("sleep(0.2); 'awake'", cpu_time=0.1) == "awake"


def test_the_default_processor_time() -> None:
    with MiniRacer(cpu_time=0.05, timeout_sec=10) as mr:
        with pytest.raises(JSCPUTimeException):
            mr.eval(SPIN)
        with pytest.raises(JSTimeoutException) as caught:
            mr.eval(SPIN, timeout_sec=0.1, cpu_time=math.inf)
        assert type(caught.value) is JSTimeoutException


def test_processor_time_in_asyncio(mr: MiniRacer) -> None:
    import asyncio

    async def main() -> None:
        with pytest.raises(JSCPUTimeException):
            await mr.eval_async(SPIN, cpu_time=0.05)
        with pytest.raises(JSCPUTimeException):
            await mr.eval("() => { for (;;); }").call_async(cpu_time=0.05)

    asyncio.run(main())


@pytest.mark.parametrize("wrong", [-1, float("nan")])
def test_processor_times_that_make_no_sense(mr: MiniRacer, wrong: float) -> None:
    with pytest.raises(JSValueError, match="cpu_time"):
        mr.eval("1", cpu_time=wrong)
    with pytest.raises(JSValueError, match="cpu_time"):
        MiniRacer(cpu_time=wrong)


# ---- Presets, switches, caps -----------------------------------------------------------------------------------------


def test_the_preset_for_code_of_others() -> None:
    with MiniRacer(preset="untrusted") as mr:
        assert mr.eval("[typeof WebAssembly, typeof SharedArrayBuffer, typeof Atomics].join()") == ",".join(
            ["undefined"] * 3
        )
        for code in ("eval('1')", "new Function('return 1')()"):
            with pytest.raises(JSEvalException) as caught:
                mr.eval(code)
            assert caught.value.name == "EvalError"
        begun = time.monotonic()
        with pytest.raises(JSTimeoutException):
            mr.eval(SPIN)
        assert time.monotonic() - begun < 5
        assert mr.heap_stats()["memory_limit"] == 128 * 2**20


def test_a_preset_can_be_changed() -> None:
    with MiniRacer(preset="untrusted", allow_eval=True, timeout_sec=0.05, memory_limit=64 * 2**20) as mr:
        assert mr.eval("eval('6 * 7')") == 42
        assert mr.eval("typeof WebAssembly") == "undefined"
        with pytest.raises(JSTimeoutException):
            mr.eval(SPIN)
        assert mr.heap_stats()["memory_limit"] == 64 * 2**20


def test_an_unknown_preset() -> None:
    with pytest.raises(JSValueError, match="'trusted', 'untrusted', and not 'friendly'"):
        MiniRacer(preset="friendly")
    assert MiniRacer(preset="trusted").eval("eval('1')") == 1


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"allow_eval": False}, "try { eval('1') } catch (e) { e.name === 'EvalError' }"),
        ({"webassembly": False}, "typeof WebAssembly === 'undefined'"),
        ({"shared_memory": False}, "typeof SharedArrayBuffer === 'undefined'"),
        ({"webassembly": True}, "typeof WebAssembly === 'object'"),
    ],
)
def test_switches(options: dict[str, Any], code: str) -> None:
    assert MiniRacer(**options).eval(code) is True


def test_caps() -> None:
    with MiniRacer(max_timers=3) as mr:
        with pytest.raises(JSEvalException) as caught:
            mr.eval("for (let i = 0; i < 4; i++) setTimeout(() => {}, 1e6)")
        assert caught.value.name == "RangeError"
    with MiniRacer(max_handles=20) as mr:
        make = mr.eval("() => ({})")
        with pytest.raises(JSOOMException):
            _ = [make() for _ in range(30)]
        assert not mr.was_hard_memory_limit_reached()
        assert mr.eval("1") == 1
    with MiniRacer(max_promises=2) as mr:
        kept = [mr.new_promise(), mr.new_promise()]
        with pytest.raises(JSOOMException):
            mr.new_promise()
        kept[0].resolve(1)
        mr.new_promise()


def test_a_cap_on_the_console() -> None:
    said: list[str] = []
    with MiniRacer(console=lambda level, method, text: said.append(text), max_console=100) as mr:
        mr.eval("for (let i = 0; i < 1000; i++) console.log('0123456789')")
    assert 1 <= len(said) < 20


@pytest.mark.parametrize(
    "options",
    [
        {"memory_limit": -1},
        {"memory_warning": 2**64},
        {"max_timers": 2**32},
        {"max_handles": -1},
        {"grace": -1},
        {"clock_resolution": "melting"},
        {"clock_resolution": -1},
        {"stack_limit": -1},
    ],
)
def test_options_that_make_no_sense(options: dict[str, Any]) -> None:
    with pytest.raises(JSValueError):
        MiniRacer(**options)


# ---- Clocks ----------------------------------------------------------------------------------------------------------

BUSY = "const seen = new Set(); for (let i = 0; i < 3e5; i++) seen.add(Date.now()); seen.size"


def test_a_coarse_clock() -> None:
    with MiniRacer(clock_resolution=0.1, web=True) as mr:
        assert mr.eval("Date.now() % 100 + performance.now() % 100") == 0


def test_a_frozen_clock() -> None:
    with MiniRacer(clock_resolution="frozen", web=True) as mr:
        assert mr.eval(BUSY) == 1
        first = mr.eval("Date.now()")
        time.sleep(0.02)
        assert mr.eval("Date.now()") > first  # it stands still while a run lasts


# ---- Memory ----------------------------------------------------------------------------------------------------------


def test_one_number_for_all_memory() -> None:
    with MiniRacer(memory_limit=64 * 2**20, timeout_sec=20) as mr:
        before = mr.heap_stats()
        assert 0 < before["memory"] <= before["memory_peak"]
        assert before["memory_limit"] == 64 * 2**20
        mr.eval("var kept = new ArrayBuffer(16 * 2 ** 20)")
        assert mr.heap_stats()["memory"] - before["memory"] >= 16 * 2**20
        for grow in (
            "{ const a = []; for (;;) a.push(new ArrayBuffer(2 ** 20)) }",
            "{ const a = []; for (;;) a.push(new Array(1000).fill({})) }",
        ):
            with pytest.raises((JSOOMException, JSEvalException)):
                mr.eval(grow)
            assert mr.eval("'works on'") == "works on"
        assert mr.heap_stats()["memory_peak"] <= 96 * 2**20


def test_a_heap_limit_is_one_of_memory_too() -> None:
    with MiniRacer(max_memory=48 * 2**20) as mr:
        assert mr.heap_stats()["memory_limit"] == 48 * 2**20
    with MiniRacer(max_memory=48 * 2**20, memory_limit=96 * 2**20) as mr:
        assert mr.heap_stats()["memory_limit"] == 96 * 2**20


# ---- Events, and the end ---------------------------------------------------------------------------------------------


def test_a_memory_warning() -> None:
    events: list[JSEvent] = []
    with MiniRacer(memory_warning=32 * 2**20, on_event=events.append) as mr:
        mr.eval("1")
        assert events == []
        mr.eval("var kept = new ArrayBuffer(40 * 2 ** 20)")
        wait_for(lambda: events)  # it comes on a thread of the library's
        (event,) = events
        assert (event.kind, event.reason) == ("memory_warning", "")
        assert event.memory >= 40 * 2**20
        assert repr(event) == f"<JSEvent memory_warning, memory {event.memory}>"


STUCK = "Array.prototype.fill.call({ length: 2 ** 31 }, 0)"


def test_a_run_that_does_not_end_is_cut_off(script: Script) -> None:
    done = script(f"""
from miniracer import *
import time

events = []
mr, other = MiniRacer(grace=0.1, on_event=events.append), MiniRacer()
try: print(mr.eval({STUCK!r}, timeout_sec=0.1))
except (JSTimeoutException, JSEngineDeadException) as error: ended = error
for _ in range(2):
    try: mr.eval('1')
    except JSEngineDeadException as error: print(error.status, bool(error.reason), error.reason in str(error))
while not events:
    time.sleep(0.001)
print([event.kind for event in events], other.eval('6 * 7'), MiniRacer().eval('6 * 7'))
print(process_statistics()['deaths'])
mr.close()
try: mr.eval('1')
except JSClosedException as error: print(error)
""")
    assert (done.stdout.splitlines(), done.stderr) == (
        ["403 True True"] * 2 + ["['dead'] 42 42", "1", "this MiniRacer is closed"],
        "",
    )


def test_a_callback_that_raises_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def fails(event: JSEvent) -> None:
        raise LookupError(event.kind)

    with MiniRacer(memory_warning=2**20, on_event=fails) as mr:
        mr.eval("var kept = new ArrayBuffer(8 * 2 ** 20)")
        assert mr.eval("1") == 1
        wait_for(lambda: caplog.text)
    assert "LookupError: memory_warning" in caplog.text


def test_the_process_ends_while_an_event_is_told(script: Script) -> None:
    done = script("""
from miniracer import MiniRacer
def told(event):
    sum(number for number in range(200_000))
for _ in range(5):
    with MiniRacer(memory_warning=2**20, on_event=told) as mr:
        mr.eval("var kept = new ArrayBuffer(8 * 2 ** 20)")
""")
    assert (done.returncode, done.stderr) == (0, "")


def test_what_events_say() -> None:
    """Those that a healthy library has no reason to tell of, by hand."""
    events: list[JSEvent] = []
    with MiniRacer(on_event=events.append):
        number = max(_limits._told)
        for raw in (
            IsolateEvent(kind=_ffi.EVENT_UNRESPONSIVE, overdue=1_500_000_000),
            IsolateEvent(kind=_ffi.EVENT_DEAD, text=b"Check failed: true."),
            IsolateEvent(kind=77),
        ):
            _limits._event(number, ctypes.addressof(raw))
    assert [(event.kind, event.overdue, event.reason) for event in events] == [
        ("unresponsive", 1.5, ""),
        ("dead", 0, "Check failed: true."),
        ("event 77", 0, ""),
    ]


def test_events_do_not_keep_a_mini_racer() -> None:
    import gc
    import weakref

    told: list[MiniRacer] = []
    mr = MiniRacer(memory_warning=2**40, on_event=lambda event, told=told: print(event, told))
    told.append(mr)
    gone = weakref.ref(mr)
    del mr, told
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize("limit", [100_000_000, 67_108_865, 64 * 2**20 + 4095])
def test_a_memory_limit_need_not_be_of_whole_pages(limit: int) -> None:
    with MiniRacer(memory_limit=limit, timeout_sec=20) as mr:
        assert mr.heap_stats()["memory_limit"] == limit
        assert mr.eval("[1, 2, 3].map(x => x * 2).join()") == "2,4,6"
        with pytest.raises(JSOOMException):
            mr.eval("const all = []; for (;;) all.push(new Array(1000).fill(all.length))")
        assert mr.eval("6 * 7") == 42


def test_process_statistics() -> None:
    with MiniRacer():
        statistics = process_statistics()
    assert set(statistics) == {"isolates", "deaths", "given_back", "left_behind"}
    assert statistics["isolates"] >= 1


def test_the_engine_without_its_compilers(script: Script) -> None:
    done = script("""
from miniracer import *
init_mini_racer(jitless=True, signals=False, single_threaded=True)
mr = MiniRacer()
print(mr.eval('typeof WebAssembly'), mr.eval('let s = 0; for (let i = 0; i < 1e5; i++) s += i; s'))
""")
    assert done.stdout == "undefined 4999950000\n", done.stderr


# ---- Older libraries -------------------------------------------------------------------------------------------------


def test_an_older_library_says_what_it_cannot_do(tmp_path: Path) -> None:
    path = older_library(tmp_path, abi=2)
    for options, what in (
        ({"preset": "untrusted"}, "preset='untrusted'"),
        ({"memory_limit": 2**30, "cpu_time": 1.0}, "cpu_time, memory_limit"),
        ({"allow_eval": False}, "allow_eval"),
        ({"on_event": print}, "on_event"),
    ):
        with pytest.raises(NotSupportedError, match=rf"^{what} is not supported by this binary \(ABI 2, needs 3\): "):
            MiniRacer(library=path, **options)
    with pytest.raises(NotSupportedError, match="process_statistics"):
        process_statistics(path)
    mr = MiniRacer(library=path, timeout_sec=1, max_memory=2**26, stack_limit=2**20, preset="trusted")
    with pytest.raises(NotSupportedError, match="cpu_time"):
        mr.eval("1", cpu_time=1)
    assert "memory_limit" not in mr.heap_stats()


def test_cancel_is_no_timeout() -> None:
    with MiniRacer(preset="untrusted", timeout_sec=20, cpu_time=20) as mr:
        threading.Timer(0.05, mr.cancel).start()
        with pytest.raises(JSTerminatedException):
            mr.eval(SPIN)
