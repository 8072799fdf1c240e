"""Promises without asyncio: waiting, settling, timers, what nobody handles."""

from __future__ import annotations

import logging
import threading
import time

import pytest
from conftest import wait_for

from miniracer import (
    JSClosedException,
    JSDeadlockException,
    JSEvalException,
    JSPromise,
    JSPromiseError,
    JSTimeoutException,
    JSTypeError,
    JSUndefined,
    MiniRacer,
)
from miniracer._unhandled import forget_handler


def test_waiting(mr: MiniRacer) -> None:
    promise = mr.eval("new Promise(resolve => setTimeout(() => resolve({n: 42}), 10))")
    assert type(promise) is JSPromise
    assert promise.state == "pending"
    assert promise.get()["n"] == 42
    assert promise.state == "fulfilled"
    assert promise.get(timeout=1)["n"] == 42
    assert mr.eval("(async () => 'done')()").get() == "done"


def test_timers_run_by_themselves(mr: MiniRacer) -> None:
    mr.eval("var ticks = 0; var id = setInterval(() => { if (++ticks === 3) clearInterval(id) }, 1)")
    deadline = time.monotonic() + 20
    while mr.eval("ticks") < 3 and time.monotonic() < deadline:
        time.sleep(0.005)
    assert mr.eval("ticks") == 3
    with MiniRacer(timers=False) as bare:
        assert bare.eval("typeof setTimeout") == "undefined"


def test_rejections(mr: MiniRacer) -> None:
    with pytest.raises(JSPromiseError) as caught:
        mr.eval("var f = async () => { throw new TypeError('no', {cause: new Error('why')}) }; f()").get()
    error = caught.value
    assert isinstance(error, JSEvalException)
    assert (error.name, error.message) == ("TypeError", "no")
    assert error.cause is not None
    assert error.cause.message == "why"
    assert error.frames[0].function == "f"
    assert error.value["message"] == "no"
    assert str(error) == f"JavaScript rejected promise with reason: {error.stack}\n"
    assert error.reason == error.stack
    with pytest.raises(JSPromiseError, match=r"with reason: 42$") as caught:
        mr.eval("Promise.reject(42)").get()
    assert (caught.value.value, caught.value.reason) == (42, "42")


def test_pythons_exceptions_come_out_as_themselves(mr: MiniRacer) -> None:
    mine = KeyError("mine")

    def fail() -> None:
        raise mine

    mr.globals["fail"] = fail
    with pytest.raises(KeyError) as caught:
        mr.eval("(async () => { await null; fail() })()").get()
    assert caught.value is mine


def test_waiting_is_under_the_timeout(mr: MiniRacer) -> None:
    never = mr.eval("new Promise(() => {})")
    with pytest.raises(JSTimeoutException, match="terminated by timeout"):
        never.get(timeout=0.03)
    assert mr.eval("1") == 1


def test_waiting_inside_of_javascript_is_refused(mr: MiniRacer) -> None:
    mr.globals["wait"] = lambda promise: promise.get()
    with pytest.raises(JSDeadlockException):
        mr.eval("wait(new Promise(() => {}))")
    assert mr.eval("1") == 1


def test_close_ends_the_waiting() -> None:
    mr = MiniRacer()
    promise = mr.eval("new Promise(() => {})")
    threading.Timer(0.05, mr.close).start()
    with pytest.raises(JSClosedException):
        promise.get(timeout=20)


def test_many_threads_wait(mr: MiniRacer) -> None:
    make = mr.eval("n => new Promise(resolve => setTimeout(resolve, 5 * n, n))")
    results: list[int] = []
    threads = [threading.Thread(target=lambda n=n: results.append(make(n).get(timeout=20))) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == list(range(6))


def test_promises_that_python_settles(mr: MiniRacer) -> None:
    answer = mr.new_promise()
    mr.globals["answer"] = answer.promise
    thread = threading.Timer(0.02, answer.resolve, [41])
    thread.start()
    assert mr.eval("answer.then(x => x + 1)").get(timeout=20) == 42
    thread.join()
    with pytest.raises(JSTypeError):
        answer.resolve(1)
    follower = mr.new_promise()
    follower.resolve(mr.eval("Promise.resolve('theirs')"))
    assert follower.promise.get() == "theirs"
    nothing = mr.new_promise()
    nothing.resolve()
    assert nothing.promise.get() is JSUndefined


def test_promises_that_python_rejects(mr: MiniRacer) -> None:
    mine = ValueError("mine")
    for reason in (mine, "text", {"code": 7}):
        failed = mr.new_promise()
        caught = mr.eval("p => p.catch(e => [e instanceof Error, e.name, e.message, e.code, e])")(failed.promise)
        passed = mr.eval("p => p.then()")(failed.promise)
        failed.reject(reason)
        if reason is mine:
            assert list(caught.get())[:3] == [True, "ValueError", "mine"]
            with pytest.raises(ValueError, match="mine") as error:
                passed.get()
            assert error.value is mine
        else:
            with pytest.raises(JSPromiseError):
                passed.get()
    unconvertible = mr.new_promise()
    unconvertible.resolve(object())
    with pytest.raises(Exception, match="a Python object has no counterpart"):
        unconvertible.promise.get()


def test_what_nobody_handles_is_logged(mr: MiniRacer, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "miniracer"):
        mr.eval("Promise.reject(new Error('lost')); 0")
        mr.eval("setTimeout(() => { throw new Error('late') }); 0")
        wait_for(lambda: len(caplog.records) >= 2)
    text = "\n".join(record.getMessage() for record in caplog.records)
    assert "lost" in text
    assert "late" in text


def test_what_python_may_yet_handle() -> None:
    seen: list[BaseException] = []
    with MiniRacer(on_unhandled=seen.append) as mr:
        mine = ValueError("mine")

        def fail() -> None:
            raise mine

        mr.globals["fail"] = fail
        for code in (
            "Promise.reject(new Error('asked for'))",
            "Promise.reject(7)",
            "(async () => fail())()",
        ):
            for pause in (0, 0.1):
                promise = mr.eval(code)
                time.sleep(pause)
                with pytest.raises((JSPromiseError, ValueError)):
                    promise.get()
        assert seen == []
        promise = mr.eval("Promise.reject(new Error('never asked for'))")
        time.sleep(0.1)
        assert seen == []
        del promise
        wait_for(lambda: len(seen) == 1)
        assert "never asked for" in str(seen[0])


def test_what_nobody_handles_goes_to_a_callable() -> None:
    seen: list[BaseException] = []
    with MiniRacer(on_unhandled=seen.append) as mr:
        mr.eval("Promise.reject(new RangeError('lost')); 0")
        mr.eval("const p = Promise.reject(new Error('handled')); p.catch(() => {}); 0")
        wait_for(lambda: len(seen) > 0)
    assert [getattr(error, "name", None) for error in seen] == ["RangeError"]
    assert isinstance(seen[0], JSPromiseError)


def test_what_nobody_is_left_to_be_told_of_is_freed(monkeypatch: pytest.MonkeyPatch) -> None:
    with MiniRacer() as mr:
        functions = mr._engine.c
        free = functions.error_free
        freed: list[int] = []

        def counted(error: int) -> None:
            freed.append(error)
            free(error)

        monkeypatch.setattr(functions, "error_free", counted)
        forget_handler(mr._handler)  # as `close` does, by when another thread may be inside yet
        mr.eval("Promise.reject(new RangeError('lost')); 0")
        wait_for(lambda: len(freed) == 1)


def test_the_console(caplog: pytest.LogCaptureFixture) -> None:
    said: list[tuple[int, str, str]] = []
    with MiniRacer(console=lambda *what: said.append(what)) as mr:
        mr.eval("console.log('a', {b: [1]}); console.error('c'); console.warn('%s!', 'd'); console.debug(1n)")
    assert said == [
        (logging.INFO, "log", "a { b: [ 1 ] }"),
        (logging.ERROR, "error", "c"),
        (logging.WARNING, "warn", "d!"),
        (logging.DEBUG, "debug", "1n"),
    ]
    with (
        caplog.at_level(logging.DEBUG, "miniracer.console"),
        MiniRacer(console=True) as mr,
    ):
        mr.eval("console.info('to the log')")
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [(logging.INFO, "to the log")]
    with MiniRacer() as mr:
        mr.eval("console.log('nowhere')")


def test_the_web() -> None:
    with MiniRacer(web=True) as mr:
        assert mr.eval("new URL('../b?x=1', 'https://e.org/a/c').href") == "https://e.org/b?x=1"
        assert mr.eval("new TextEncoder().encode('é')").tolist() == [0xC3, 0xA9]
        assert len(mr.eval("crypto.randomUUID()")) == 36
    with MiniRacer() as mr:
        assert mr.eval("typeof URL") == "undefined"


def test_a_settled_promise_inside_of_a_callable(mr: MiniRacer) -> None:
    mine = LookupError("mine")

    def fail() -> None:
        raise mine

    def caught(promise: JSPromise) -> None:
        with pytest.raises(JSPromiseError) as raised:
            promise.get()
        seen.append(raised.value)

    seen: list[JSPromiseError] = []
    mr.globals.update(get=lambda promise: promise.get(), fail=fail, caught=caught)
    assert mr.eval("get(Promise.resolve(3)) + get((async () => 4)())") == 7
    mr.eval("caught(Promise.reject(new TypeError('no'))); caught(Promise.reject(5))")
    assert (seen[0].name, seen[0].message, seen[0].value.message) == ("TypeError", "no", "no")
    assert [str(error).split("\n")[0] for error in seen] == [
        "JavaScript rejected promise with reason: TypeError: no",
        "JavaScript rejected promise with reason: 5",
    ]
    with pytest.raises(LookupError) as own:
        mr.eval("get((async () => fail())())")
    assert own.value is mine
    assert mr.eval("try { get(Promise.reject(new RangeError('x'))) } catch (e) { e instanceof RangeError }") is True
    with pytest.raises(JSDeadlockException):
        mr.eval("get(new Promise(() => {}))")
