"""Many threads, one or many MiniRacers."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable

import pytest

from miniracer import (
    JSClosedException,
    JSTerminatedException,
    JSTimeoutException,
    MiniRacer,
)


def test_one_mini_racer_for_many_threads(mr: MiniRacer) -> None:
    mr.eval("var n = 0; function up(by) { n += by; return n }")
    up = mr.eval("up")

    def work(_: int) -> None:
        for _ in range(200):
            up(1)
            assert mr.eval("'text ' + 1") == "text 1"
            assert mr.eval("({a: [1, 2]})")["a"][1] == 2

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert mr.eval("n") == 1600


def test_a_mini_racer_for_each_thread() -> None:
    def work(n: int) -> int:
        with MiniRacer() as mr:
            mr.globals["twice"] = lambda x: x * 2
            return int(mr.eval(f"let s = 0; for (let i = 0; i < 1000; i++) s += twice({n}); s"))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(16))) == [2000 * n for n in range(16)]


def test_the_gil_is_released(mr: MiniRacer) -> None:
    begun = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        spinning = pool.submit(mr.eval, "for (;;);", timeout_sec=0.4)
        ticks = 0
        while not spinning.done():
            ticks += 1
            time.sleep(0.005)
        with pytest.raises(JSTimeoutException):
            spinning.result()
    assert ticks > 10
    assert time.monotonic() - begun < 5


def test_a_callback_while_another_thread_waits(mr: MiniRacer) -> None:
    mr.globals["pause"] = time.sleep
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda n: mr.eval(f"pause(0.01); {n}"), range(12)))
    assert results == list(range(12))


def test_waiting_for_another_thread_is_under_the_timeout(mr: MiniRacer) -> None:
    started = threading.Event()
    mr.globals["started"] = started.set
    with ThreadPoolExecutor(1) as pool:
        spinning = pool.submit(mr.eval, "started(); for (;;);", timeout_sec=1)
        started.wait()
        begun = time.monotonic()
        with pytest.raises(JSTimeoutException):
            mr.eval("1", timeout_sec=0.1)
        assert time.monotonic() - begun < 0.8
        with pytest.raises(JSTimeoutException):
            spinning.result()


def test_close_ends_what_runs() -> None:
    mr = MiniRacer()
    with ThreadPoolExecutor(3) as pool:
        started = threading.Event()
        mr.globals["started"] = started.set
        running = [pool.submit(mr.eval, "started(); for (;;);")]
        started.wait()
        running += [pool.submit(mr.eval, "1") for _ in range(2)]
        time.sleep(0.05)
        mr.close()
        for future in running:
            with pytest.raises(JSClosedException):
                future.result(10)


def test_cancel_hits_what_runs_and_not_what_waits(mr: MiniRacer) -> None:
    started = threading.Event()
    mr.globals["started"] = started.set
    with ThreadPoolExecutor(2) as pool:
        running = pool.submit(mr.eval, "started(); for (;;);")
        started.wait()
        waiting = pool.submit(mr.eval, "'my turn'")
        time.sleep(0.05)
        mr.cancel()
        with pytest.raises(JSTerminatedException):
            running.result(10)
        assert waiting.result(10) == "my turn"


def test_objects_die_on_any_thread(mr: MiniRacer) -> None:
    make = mr.eval("() => ({})")
    kept = [make() for _ in range(400)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: [kept.pop() and None for _ in range(100)], range(4)))
    mr.eval("1")
    assert mr.heap_stats()["number_of_handles"] <= 2


class _Taken(list):  # type: ignore[type-arg]
    """Slots for calls, each of which another thread takes as soon as it is given back."""

    def __init__(self, slots: list[Any], take: Callable[[], object]) -> None:
        super().__init__(slots)
        self._take = take
        self._taking = False

    def append(self, slot: Any) -> None:
        super().append(slot)
        if not self._taking:
            self._taking = True
            self._take()
            self._taking = False


@pytest.mark.parametrize(
    "call",
    [
        lambda mr: mr.eval("[1, 2]"),
        lambda mr: mr.eval("[1, 2]", filename="here.js"),
        lambda mr: mr.eval("() => [1, 2]")(),
        lambda mr: mr.eval("(class extends Array {})").new(1, 2),
        lambda mr: mr.eval("({x: [1, 2]})")["x"],
        lambda mr: mr.eval("Promise.resolve([1, 2])").get(),
        lambda mr: mr.copy([1, 2]),
        lambda mr: mr.eval_module("export default [1, 2]").default,
    ],
)
def test_what_a_call_came_to_is_read_before_another_thread_makes_its_own(
    mr: MiniRacer, monkeypatch: pytest.MonkeyPatch, call: Callable[[MiniRacer], Any]
) -> None:
    call_elsewhere = mr.eval("() => 'another'")
    monkeypatch.setattr(mr._engine, "free", _Taken(mr._engine.free, call_elsewhere))
    assert list(call(mr)) == [1, 2]
