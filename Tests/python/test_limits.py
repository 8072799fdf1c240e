"""Timeouts, cancellation, memory."""

from __future__ import annotations

import io
import threading
import time
from pathlib import Path

import pytest

from miniracer import (
    JSClosedException,
    JSOOMException,
    JSTerminatedException,
    JSTimeoutException,
    JSValueError,
    MiniRacer,
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
        mr.eval(
            "function again() { return Promise.resolve().then(again) }; again()",
            timeout_sec=0.1,
        )
    with pytest.raises(JSTimeoutException):
        mr.execute("({toJSON() { for (;;); }})", timeout_sec=0.1)
    assert mr.eval("2") == 2


def test_the_default_timeout() -> None:
    with MiniRacer(timeout_sec=0.05) as mr:
        with pytest.raises(JSTimeoutException):
            mr.eval("for (;;);")
        with pytest.raises(JSTimeoutException):
            mr.eval("() => { for (;;); }")()
        assert mr.eval(
            "for (let end = Date.now() + 120; Date.now() < end;); 'took its time'",
            timeout_sec=30,
        )


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
            mr.eval(
                "const a = []; for (;;) a.push(new Array(1000).fill({}))",
                timeout_sec=60,
            )
        assert mr.was_hard_memory_limit_reached()
        assert mr.eval("'works on'") == "works on"


GROW = "{ const kept = []; for (;;) kept.push(new Array(1000).fill({})) }"


def test_the_hard_limit_can_be_set_at_any_time(mr: MiniRacer) -> None:
    mr.eval("var before = 'still here'")
    mr.set_hard_memory_limit(32 * 2**20)
    with pytest.raises(JSOOMException):
        mr.eval(GROW, timeout_sec=60)
    assert mr.was_hard_memory_limit_reached()
    mr.set_hard_memory_limit(256 * 2**20)
    assert not mr.was_hard_memory_limit_reached()
    assert mr.eval("var big = Array.from({length: 160}, () => new Array(2 ** 17).fill(0.5)); before") == "still here"
    assert mr.heap_stats()["used_heap_size"] > 150 * 2**20
    mr.set_hard_memory_limit(0)
    assert mr.eval("big.length") == 160


def test_the_hard_limit_for_one_eval(mr: MiniRacer) -> None:
    for run in (mr.eval, mr.execute):
        with pytest.raises(JSOOMException):
            run(f"(() => {GROW})()", max_memory=32 * 2**20, timeout_sec=60)
        assert run("1", max_memory=0) == 1
    with pytest.raises(JSOOMException):
        mr.call(f"() => {GROW}", max_memory=32 * 2**20, timeout_sec=60)


def test_the_hard_limit_from_a_callable(mr: MiniRacer) -> None:
    mr.globals["limit"] = mr.set_hard_memory_limit
    with pytest.raises(JSOOMException):
        mr.eval(f"limit({32 * 2**20}); {GROW}", timeout_sec=60)
    assert mr.eval("'works on'") == "works on"


@pytest.mark.parametrize("wrong", [-1, 1, 4 * 2**20 - 1, 2**64])
def test_hard_limits_that_make_no_sense(mr: MiniRacer, wrong: int) -> None:
    for use in (mr.set_hard_memory_limit, lambda limit: mr.eval("1", max_memory=limit)):
        with pytest.raises(JSValueError, match="memory limit"):
            use(wrong)
    with pytest.raises(JSValueError, match="memory limit"):
        MiniRacer(max_memory=wrong)
    assert mr.eval("1") == 1


def test_a_hard_limit_for_a_closed_one(mr: MiniRacer) -> None:
    mr.close()
    with pytest.raises(JSClosedException):
        mr.set_hard_memory_limit(64 * 2**20)


def test_the_soft_limit(mr: MiniRacer) -> None:
    mr.set_soft_memory_limit(2**40)
    assert not mr.was_soft_memory_limit_reached()
    mr.set_soft_memory_limit(1)
    assert mr.was_soft_memory_limit_reached()
    mr.set_soft_memory_limit(0)
    assert not mr.was_soft_memory_limit_reached()


def test_the_soft_limit_tells_of_what_is_over(mr: MiniRacer) -> None:
    mr.set_soft_memory_limit(50 * 2**20)
    mr.eval("new Array(8 * 2 ** 20).fill(0); undefined")
    mr.low_memory_notification()
    assert mr.heap_stats()["used_heap_size"] < 50 * 2**20
    assert mr.was_soft_memory_limit_reached()
    mr.set_soft_memory_limit(50 * 2**20)
    assert not mr.was_soft_memory_limit_reached()  # since then


def test_a_soft_limit_below_the_hard_one_is_reached_before_it(mr: MiniRacer) -> None:
    mr.set_soft_memory_limit(64 * 2**20)
    mr.set_hard_memory_limit(64 * 2**20)
    grow = "{ const a = []; for (;;) a.push(new Array(1000).fill(a.length)); }"
    with pytest.raises(JSOOMException):
        mr.eval(grow)
    assert mr.was_soft_memory_limit_reached()
    mr.set_soft_memory_limit(2**40)
    with pytest.raises(JSOOMException):
        mr.eval(grow)
    assert not mr.was_soft_memory_limit_reached()


def test_heap_stats(mr: MiniRacer) -> None:
    stats = mr.heap_stats()
    assert 0 < stats["used_heap_size"] <= stats["total_heap_size"] <= stats["heap_size_limit"]
    assert stats["number_of_contexts"] == 1
    mr.low_memory_notification()


def test_heap_snapshots(mr: MiniRacer, tmp_path: Path) -> None:
    mr.eval("class Needle {}; var needle = new Needle()")
    assert "Needle" in mr.heap_snapshot()["strings"]
    path = tmp_path / "world.heapsnapshot"
    with path.open("wb") as file:
        mr.heap_snapshot(file)
    assert path.read_bytes().startswith(b'{"snapshot"')
    with path.open("rb") as unwritable, pytest.raises(io.UnsupportedOperation):
        mr.heap_snapshot(unwritable)
