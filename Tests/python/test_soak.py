"""Rounds upon rounds. `python -m pytest Tests/python/test_soak.py --soak` runs many times as many."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import Script

from miniracer import JSTerminatedException, JSTimeoutException, MiniRacer


@pytest.fixture
def soak(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--soak"))


def test_tight_timeouts_hit_what_they_are_for(soak: bool) -> None:
    """Each run ends as its own limit has it, and never as that of the run before or after."""
    wrong = 0
    with MiniRacer() as mr:
        quick = mr.eval("n => n + 1")
        spin = mr.eval("() => { for (;;); }")
        for number in range(100_000 if soak else 2_000):
            limit = (number % 20 + 1) * 5e-5
            try:
                spin(timeout_sec=limit) if number % 2 else mr.eval("for (;;);", timeout_sec=limit)
                wrong += 1
            except JSTimeoutException:
                pass
            wrong += quick(number) != number + 1
            if number % 4 == 0:  # done at about the time of its limit: either it is done or it timed out
                try:
                    done = mr.eval(
                        "let s = 0; for (let i = 0; i < 2e4; i++) s += i; s".replace("let s", "var s"), None, limit
                    )
                    wrong += done != 199990000
                except JSTimeoutException:
                    pass
                wrong += mr.eval("40 + 2") != 42
    assert wrong == 0


def test_tight_timeouts_in_many_threads(soak: bool) -> None:
    def work(seed: int) -> int:
        wrong = 0
        with MiniRacer() as mr:
            for number in range(5_000 if soak else 50):
                try:
                    mr.eval("for (;;);", timeout_sec=(seed + number % 10 + 1) * 1e-4)
                    wrong += 1
                except JSTimeoutException:
                    pass
                wrong += mr.eval(f"{number}") != number
        return wrong

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(work, range(8))) == 0


def test_tight_cancellation_in_asyncio(soak: bool) -> None:
    async def main() -> int:
        wrong = 0
        with MiniRacer() as mr:
            for number in range(5_000 if soak else 100):
                task = asyncio.ensure_future(mr.eval_async("for (;;);"))
                await asyncio.sleep(number % 10 * 1e-4)
                task.cancel()
                try:
                    await task
                    wrong += 1
                except asyncio.CancelledError:
                    pass
                wrong += await mr.eval_async(f"{number}") != number
        return wrong

    assert asyncio.run(main()) == 0


def test_cancel_from_another_thread_hits_one_run(soak: bool) -> None:
    with MiniRacer() as mr, ThreadPoolExecutor(1) as pool:
        for number in range(5_000 if soak else 100):
            running = pool.submit(mr.eval, "for (;;);")
            while not running.done():
                mr.cancel()
                time.sleep(0.0001)
            with pytest.raises(JSTerminatedException):
                running.result()
            assert mr.eval(f"{number}") == number


STARTS = {
    "closed": "with MiniRacer() as mr: assert mr.eval('1') == 1",
    "not closed": "mr = MiniRacer(); mr.eval('var o = {a: [1]}'); o = mr.eval('o'); mr.globals['f'] = print",
    "not closed, with timers": "mr = MiniRacer(); mr.eval('setInterval(() => {}, 1)')",
    "with a daemon thread inside": """
import threading; mr = MiniRacer(); go = threading.Event(); mr.globals['go'] = go.set
threading.Thread(target=mr.eval, args=('go(); for (;;);',), daemon=True).start(); go.wait()""",
}


def test_processes_start_and_end_under_load(script: Script, soak: bool) -> None:
    cases = list(STARTS.values())

    def start(number: int) -> tuple[int, str]:
        done = script(f"from miniracer import *\n{cases[number % len(cases)]}")
        return done.returncode, done.stderr

    with ThreadPoolExecutor(2 * (os.cpu_count() or 2)) as pool:
        ends = list(pool.map(start, range(1000 if soak else 20)))
    assert [end for end in ends if end != (0, "")] == []


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_mini_racers_leave_nothing_behind(soak: bool) -> None:
    def resident() -> int:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def rounds(count: int) -> None:
        for number in range(count):
            with MiniRacer() as mr:
                mr.globals["f"] = lambda x: x
                assert mr.eval(f"f({number})") == number
                with pytest.raises(JSTimeoutException):
                    mr.eval("for (;;);", timeout_sec=0.0005)

    rounds(30)
    before = resident()
    rounds(2_000 if soak else 60)
    assert resident() - before < 32 * 2**20
