"""Timeouts, cancellation, memory."""

from __future__ import annotations

import threading
import time

import pytest

from miniracer import (
    JSOOMException,
    JSTerminatedException,
    JSTimeoutException,
    JSValueError,
    MiniRacer,
    NotSupportedError,
)


def test_a_timeout_ends_the_run_and_not_the_context(mr: MiniRacer) -> None:
    mr.eval("var kept = 1")
    begun = time.monotonic()
    with pytest.raises(JSTimeoutException, match="terminated by timeout") as caught:
        mr.eval("for (;;);", timeout_sec=0.1)
    assert 0.09 < time.monotonic() - begun < 2
    assert isinstance(caught.value, TimeoutError)
    assert mr.eval("kept") == 1


def test_the_old_timeout_is_in_milliseconds(mr: MiniRacer) -> None:
    for run in (mr.eval, mr.execute):
        with pytest.raises(JSTimeoutException):
            run("(() => { for (;;); })()", timeout=50)
    with pytest.raises(JSTimeoutException):
        mr.call("() => { for (;;); }", timeout=50)
    assert mr.eval("1", timeout=0) == 1


def test_what_follows_a_timeout_is_not_hit(mr: MiniRacer) -> None:
    for _ in range(200):
        with pytest.raises(JSTimeoutException):
            mr.eval("for (;;);", timeout_sec=0.001)
        assert mr.eval("1 + 1") == 2


def test_timeouts_cover_microtasks_and_results(mr: MiniRacer) -> None:
    with pytest.raises(JSTimeoutException):
        mr.eval("function again() { return Promise.resolve().then(again) }; again()", timeout_sec=0.1)
    with pytest.raises(JSTimeoutException):
        mr.execute("({toJSON() { for (;;); }})", timeout_sec=0.1)
    assert mr.eval("2") == 2


def test_the_default_timeout() -> None:
    with MiniRacer(timeout_sec=0.05) as mr:
        with pytest.raises(JSTimeoutException):
            mr.eval("for (;;);")
        with pytest.raises(JSTimeoutException):
            mr.eval("() => { for (;;); }")()
        assert mr.eval("for (let end = Date.now() + 120; Date.now() < end;); 'took its time'", timeout_sec=30)


@pytest.mark.parametrize("wrong", [-1, float("nan"), -0.001])
def test_timeouts_that_make_no_sense(mr: MiniRacer, wrong: float) -> None:
    with pytest.raises(JSValueError, match="timeout"):
        mr.eval("1", timeout_sec=wrong)
    assert mr.eval("1") == 1


def test_cancel_from_another_thread(mr: MiniRacer) -> None:
    timer = threading.Timer(0.1, mr.cancel)
    timer.start()
    with pytest.raises(JSTerminatedException, match="terminated"):
        mr.eval("for (;;);", timeout_sec=30)
    timer.join()
    mr.cancel()  # nothing runs: nothing happens
    assert mr.eval("1") == 1


def test_memory() -> None:
    with MiniRacer(max_memory=32 * 2**20) as mr:
        assert not mr.was_hard_memory_limit_reached()
        with pytest.raises(JSOOMException, match="memory limit reached"):
            mr.eval("const a = []; for (;;) a.push(new Array(1000).fill({}))", timeout_sec=60)
        assert mr.was_hard_memory_limit_reached()
        assert mr.eval("'works on'") == "works on"


def test_the_hard_limit_can_be_set_before_code_runs(mr: MiniRacer) -> None:
    mr.set_hard_memory_limit(64 * 2**20)
    assert mr.heap_stats()["heap_size_limit"] <= 128 * 2**20
    assert mr.eval("1", max_memory=64 * 2**20) == 1
    with pytest.raises(NotSupportedError, match="before code has run"):
        mr.set_hard_memory_limit(32 * 2**20)
    with pytest.raises(JSValueError):
        mr.set_hard_memory_limit(-1)


def test_the_soft_limit(mr: MiniRacer) -> None:
    mr.set_soft_memory_limit(2**40)
    assert not mr.was_soft_memory_limit_reached()
    mr.set_soft_memory_limit(1)
    assert mr.was_soft_memory_limit_reached()
    mr.set_soft_memory_limit(0)
    assert not mr.was_soft_memory_limit_reached()


def test_heap_stats(mr: MiniRacer) -> None:
    stats = mr.heap_stats()
    assert 0 < stats["used_heap_size"] <= stats["total_heap_size"] <= stats["heap_size_limit"]
    assert stats["number_of_contexts"] == 1
    mr.low_memory_notification()
