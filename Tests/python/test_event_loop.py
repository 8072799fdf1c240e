"""The event loop where the host runs it: background=False."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path
from queue import Queue

import pytest

from miniracer import (
    JSClosedException,
    JSDeadlockException,
    JSEvalException,
    JSTimeoutException,
    JSTypeError,
    JSValueError,
    MiniRacer,
)


@pytest.fixture
def pumped() -> Iterator[MiniRacer]:
    with MiniRacer(background=False) as racer:
        yield racer


def has_thread() -> bool:
    """Whether a thread of the library's runs an event loop in this process."""
    for name in Path("/proc/self/task").glob("*/comm"):
        with contextlib.suppress(OSError):  # it has gone meanwhile
            if name.read_text().startswith("miniracer-loop"):
                return True
    return False


def test_nothing_runs_by_itself(pumped: MiniRacer) -> None:
    pumped.eval("var n = 0; setTimeout(() => { n = 1 }, 1)")
    time.sleep(0.05)
    assert pumped.eval("n") == 0
    assert pumped.run_pending() is None
    assert pumped.eval("n") == 1


def test_a_turn_says_when_the_next_is_due(pumped: MiniRacer) -> None:
    assert pumped.run_pending() is None
    pumped.eval("var n = 0; setTimeout(() => { n += 1 }, 30); setTimeout(() => { n += 1 }, 20_000)")
    delay = pumped.run_pending()
    assert delay is not None
    assert 0 < delay <= 0.03
    time.sleep(delay)
    rest = pumped.run_pending()
    assert pumped.eval("n") == 1
    assert rest is not None
    assert 10 < rest < 20


def test_a_turn_has_limits(pumped: MiniRacer) -> None:
    pumped.eval("setTimeout(() => { for (;;); })")
    time.sleep(0.01)
    with pytest.raises(JSTimeoutException):
        pumped.run_pending(0.05)
    assert pumped.run_pending() is None
    with pytest.raises(JSTypeError, match="timeout_sec"):
        pumped.run_pending("soon")  # type: ignore[arg-type]


def test_what_a_timer_throws_is_told() -> None:
    told: list[BaseException] = []
    with MiniRacer(background=False, on_unhandled=told.append) as mr:
        mr.eval("setTimeout(() => { throw new Error('far') })")
        time.sleep(0.01)
        mr.run_pending()
        (exception,) = told
        assert isinstance(exception, JSEvalException)
        assert exception.message == "far"


def test_no_turn_inside_of_javascript_nor_after_close(pumped: MiniRacer) -> None:
    pumped.globals["turn"] = pumped.run_pending
    with pytest.raises(JSDeadlockException):
        pumped.eval("turn()")
    pumped.close()
    with pytest.raises(JSClosedException):
        pumped.run_pending()


def test_the_host_is_woken(pumped: MiniRacer) -> None:
    woken: Queue[float] = Queue()
    pumped.eval("var n = 0; setTimeout(() => { n = 1 }, 20)")
    pumped.set_wake(woken.put)
    assert 0 <= woken.get(timeout=10) <= 0.02  # of what waits already
    pumped.eval("setTimeout(() => { n = 2 }, 1000)")
    assert woken.empty()  # that is later
    pumped.eval("setTimeout(() => { n = 3 }, 1)")
    assert 0 <= woken.get(timeout=10) <= 0.001
    pumped.set_wake(None)
    pumped.eval("setTimeout(() => { n = 4 })")
    assert woken.empty()


def test_a_host_with_a_thread_of_its_own(pumped: MiniRacer) -> None:
    woken: Queue[float] = Queue()
    seen: list[int] = []
    pumped.globals["see"] = lambda: seen.append(threading.get_ident())

    def serve() -> None:
        delay: float | None = woken.get(timeout=10)
        while not seen:
            time.sleep(delay or 0)
            delay = pumped.run_pending()

    pumped.set_wake(woken.put)
    thread = threading.Thread(target=serve)
    thread.start()
    pumped.eval("setTimeout(see, 20)")
    thread.join(10)
    assert seen == [thread.ident]


def test_what_a_wake_callback_raises_is_logged(pumped: MiniRacer, caplog: pytest.LogCaptureFixture) -> None:
    def wake(_: float) -> None:
        raise LookupError("nobody there")

    pumped.set_wake(wake)
    with caplog.at_level(logging.ERROR, logger="miniracer"):
        assert pumped.eval("setTimeout(() => 1); 42") == 42
    assert "nobody there" in caplog.text
    assert "wake callback" in caplog.text


def test_wake_callbacks_are_for_those_that_run_the_loop(mr: MiniRacer) -> None:
    with pytest.raises(JSValueError, match="background=False"):
        mr.set_wake(print)
    with pytest.raises(JSTypeError, match="callback"):
        mr.set_wake(42)  # type: ignore[arg-type]
    with pytest.raises(JSTypeError, match="background"):
        MiniRacer(background=0)  # type: ignore[arg-type]
    assert mr.run_pending() is None  # that one may be run by hand as well


def test_waiting_runs_it(pumped: MiniRacer) -> None:
    assert pumped.eval("new Promise(r => setTimeout(() => r(1), 10))").get(timeout=10) == 1
    assert pumped.eval_module("export const v = await new Promise(r => setTimeout(() => r(2), 10))").v == 2


def test_asyncio_runs_it() -> None:
    seen: set[int] = set()

    async def double(x: int) -> int:
        await asyncio.sleep(0.01)
        return 2 * x

    async def main() -> None:
        with MiniRacer(background=False) as mr:
            mr.globals["see"] = lambda: seen.add(threading.get_ident())
            mr.globals["double"] = double
            later = "new Promise(r => setTimeout(() => { see(); r(1) }, 10))"
            assert await mr.eval(later) == 1
            assert await mr.eval_async(later) == 1
            assert await mr.eval("double(4).then(x => new Promise(r => setTimeout(r, 5, x + 1)))") == 9
            assert (await mr.eval_module_async("export const v = await double(1)")).v == 2
            both = mr.eval("(async function* () { yield 1; await double(1); yield 2 })()")
            assert [each async for each in both] == [1, 2]
            answer = mr.new_promise()
            asyncio.get_running_loop().call_later(0.01, answer.resolve, 5)
            assert await answer.promise == 5
            mr.eval("var done = false; setTimeout(() => { done = true }, 5)")  # which nobody awaits
            while not mr.eval("done"):
                await asyncio.sleep(0.005)
            assert mr.eval(later).get(timeout=10) == 1

    for _ in range(2):
        asyncio.run(asyncio.wait_for(main(), 30))
    assert seen == {threading.get_ident()}


def test_one_loop_after_another(pumped: MiniRacer) -> None:
    async def main() -> None:
        assert await pumped.eval("new Promise(r => setTimeout(r, 5, 1))") == 1
        pumped.eval("setTimeout(() => 0, 5)")  # which is left for the next one

    for _ in range(3):
        asyncio.run(asyncio.wait_for(main(), 30))


def test_an_asyncio_loop_that_is_named_runs_it_from_the_start() -> None:
    async def main() -> None:
        with MiniRacer(background=False, event_loop=asyncio.get_running_loop()) as mr:
            mr.eval("var done = false; setTimeout(() => { done = true }, 5)")
            for _ in range(2000):
                if mr.eval("done"):
                    return
                await asyncio.sleep(0.005)
            raise AssertionError("it never ran")

    asyncio.run(main())


def test_what_fails_in_a_turn_of_asyncio_is_told_and_the_rest_goes_on() -> None:
    async def main() -> None:
        told: list[BaseException] = []
        with MiniRacer(background=False, timeout_sec=0.2, on_unhandled=told.append) as mr:
            mr.eval("setTimeout(() => { for (;;); })")
            assert await mr.eval("new Promise(r => setTimeout(r, 5, 1))") == 1
            assert [type(each) for each in told] == [JSTimeoutException]

    asyncio.run(asyncio.wait_for(main(), 30))


def test_a_host_that_sees_to_it_is_not_interfered_with(pumped: MiniRacer) -> None:
    async def main() -> None:
        woken: Queue[float] = Queue()
        pumped.set_wake(woken.put)
        promise = asyncio.ensure_future(pumped.eval_async("6 * 7"))
        await asyncio.sleep(0.05)
        assert not promise.done()
        assert woken.get(timeout=10) == 0
        pumped.run_pending()
        assert await asyncio.wait_for(promise, 10) == 42

    asyncio.run(main())


def test_waiting_in_the_loop_that_runs_it(pumped: MiniRacer) -> None:
    async def slowly(value: int) -> int:
        await asyncio.sleep(0.01)
        return value

    async def main() -> None:
        pumped.globals["slowly"] = slowly
        promise = pumped.eval("new Promise(r => setTimeout(() => { r(slowly(1)); after = 1 }, 20))")
        with pytest.raises(JSDeadlockException, match="await the promise"):
            promise.get(timeout=10)
        assert pumped.eval("after") == 1
        assert await asyncio.wait_for(asyncio.ensure_future(promise), 10) == 1

    asyncio.run(main())


def test_it_goes_with_its_miniracer() -> None:
    def made() -> weakref.ref[MiniRacer]:
        mr = MiniRacer(background=False)
        mr.set_wake(lambda _: repr(mr))  # a cycle
        mr.eval("setTimeout(() => 1, 60_000)")
        return weakref.ref(mr)

    gone = made()
    gc.collect()
    assert gone() is None


def test_no_thread_of_the_librarys() -> None:
    deadline = time.monotonic() + 10
    while has_thread() and time.monotonic() < deadline:  # of an earlier test's
        time.sleep(0.05)

    async def main() -> None:
        with MiniRacer(background=False) as mr:
            assert await mr.eval_async("new Promise(r => setTimeout(r, 20, 1))") == 1
            assert not has_thread()

    asyncio.run(main())
