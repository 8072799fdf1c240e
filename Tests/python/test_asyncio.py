"""asyncio, on any loop: each test runs on asyncio's own and on uvloop's."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest

from miniracer import (
    JSClosedException,
    JSDeadlockException,
    JSEvalException,
    JSParseException,
    JSPromiseError,
    JSTimeoutException,
    MiniRacer,
)

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture(params=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Run:
    if request.param == "asyncio":
        return asyncio.run
    uvloop = pytest.importorskip("uvloop")

    def run_on_uvloop(coroutine: Coroutine[Any, Any, Any]) -> Any:
        loop = uvloop.new_event_loop()
        try:
            return loop.run_until_complete(coroutine)
        finally:
            loop.close()

    return run_on_uvloop


def test_awaiting_promises(mr: MiniRacer, run: Run) -> None:
    async def main() -> None:
        assert await mr.eval("new Promise(resolve => setTimeout(resolve, 10, 42))") == 42
        assert await mr.eval("Promise.resolve('at once')") == "at once"
        later = mr.eval("n => new Promise(resolve => setTimeout(resolve, n, n))")
        assert await asyncio.gather(*(later(n) for n in (20, 5, 10))) == [20, 5, 10]
        with pytest.raises(JSPromiseError, match="TypeError: no"):
            await mr.eval("Promise.reject(new TypeError('no'))")
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(mr.eval("new Promise(() => {})"), 0.02)

    run(main())


class Gate:
    """Keeps a script running until Python opens it. Where that waited for the script, both would wait in vain."""

    #: What a script does with it.
    SCRIPT = "entered(); while (!opened()); 'went on'"

    def __init__(self, mr: MiniRacer) -> None:
        self.is_entered = threading.Event()
        self.is_open = threading.Event()
        mr.globals.update(entered=self.is_entered.set, opened=lambda: self.is_open.wait(0.001))

    async def entered(self) -> None:
        while not self.is_entered.is_set():
            await asyncio.sleep(0.001)
        self.is_entered.clear()

    def open(self) -> None:
        self.is_open.set()


def test_scripts_do_not_block_the_loop(mr: MiniRacer, run: Run) -> None:
    async def main() -> None:
        gate = Gate(mr)
        running = asyncio.ensure_future(mr.eval_async(gate.SCRIPT, timeout_sec=20))
        await gate.entered()
        gate.open()
        assert await running == "went on"

    run(main())


def test_waiting_for_a_busy_isolate_does_not_block_the_loop(mr: MiniRacer, run: Run) -> None:
    async def main() -> None:
        gate = Gate(mr)
        promise, answer = mr.eval("Promise.resolve('settled')"), mr.new_promise()
        add = mr.eval("(a, b) => a + b")
        running = asyncio.ensure_future(mr.eval_async(gate.SCRIPT, timeout_sec=20))
        await gate.entered()
        waiting = [
            asyncio.ensure_future(promise),
            asyncio.ensure_future(add.call_async(1, 2)),
        ]
        await asyncio.sleep(0.01)
        answer.resolve("answered")
        gate.open()
        assert await asyncio.gather(running, *waiting, answer.promise) == [
            "went on",
            "settled",
            3,
            "answered",
        ]

    run(main())


def test_what_scripts_come_to(mr: MiniRacer, run: Run) -> None:
    async def main() -> None:
        assert await mr.eval_async("1 + 1") == 2
        assert await mr.eval_async("(async () => 'awaited')()") == "awaited"
        assert (await mr.eval_cancelable("(async () => 'not awaited')()")).state == "fulfilled"
        with pytest.raises(JSParseException):
            await mr.eval_async("1x")
        with pytest.raises(JSEvalException, match="no") as caught:
            await mr.eval_async("throw Error('no')", filename="here.js", line=5)
        assert (caught.value.file, caught.value.line) == ("here.js", 5)
        with pytest.raises(JSTimeoutException):
            await mr.eval_async("for (;;);", timeout_sec=0.03)

    run(main())


def test_functions(mr: MiniRacer, run: Run) -> None:
    async def main() -> None:
        add = mr.eval("async (a, b) => a + b")
        assert await add.call_async(1, 2) == 3
        assert await add(1, 2) == 3
        assert await (await add.cancelable()("x", "y")) == "xy"
        assert await mr.eval("(function () { return this.n })").call_async(this={"n": 5}) == 5
        assert await mr.eval("({n: 6, f() { return this.n }})").f.call_async() == 6
        with pytest.raises(JSTimeoutException):
            await mr.eval("() => { for (;;); }").call_async(timeout_sec=0.03)

    run(main())


def test_cancelling_the_task_ends_the_script(mr: MiniRacer, run: Run) -> None:
    async def main() -> None:
        for endless in (
            lambda: mr.eval_async("for (;;);"),
            lambda: mr.eval("() => { for (;;); }").call_async(),
        ):
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(endless(), 0.05)
        assert await asyncio.wait_for(mr.eval_async("'works on'"), 20) == "works on"
        # One that waits for its turn does not run at all, and the one before it is left alone.
        gate = Gate(mr)
        first = asyncio.ensure_future(mr.eval_async(gate.SCRIPT, timeout_sec=20))
        await gate.entered()
        second = asyncio.ensure_future(mr.eval_async("globalThis.ran = true"))
        await asyncio.sleep(0)
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        gate.open()
        assert await first == "went on"
        assert await mr.eval_async("typeof ran") == "undefined"

    run(main())


def test_coroutine_functions_return_promises(mr: MiniRacer, run: Run) -> None:
    mine = ValueError("mine")

    async def double(x: int) -> int:
        await asyncio.sleep(0.005)
        return x * 2

    async def fail() -> None:
        raise mine

    async def main() -> None:
        mr.globals.update(double=double, fail=fail)
        assert mr.eval("double(1) instanceof Promise") is True
        assert await mr.eval("double(21)") == 42
        assert await mr.eval_async("(async () => await double(1) + await double(2))()") == 6
        assert await mr.eval("new Promise(resolve => setTimeout(() => resolve(double(4)), 5))") == 8
        with pytest.raises(ValueError, match="mine") as caught:
            await mr.eval("fail()")
        assert caught.value is mine
        assert await mr.eval("fail().catch(e => e.name)") == "ValueError"
        assert await mr.eval("p => p")(double(3)) == 6  # a coroutine as an argument

    run(main())


def test_coroutine_functions_without_a_loop(mr: MiniRacer) -> None:
    async def double(x: int) -> int:
        await asyncio.sleep(0.005)
        return x * 2

    mr.globals["double"] = double
    assert mr.eval("double(21)").get(timeout=20) == 42
    asyncio.run(mr.eval_async("double(1)"))  # whose loop is then gone
    assert mr.eval("double(4)").get(timeout=20) == 8


def test_wrapped_functions(mr: MiniRacer, run: Run) -> None:
    async def main() -> None:
        async def triple(x: int) -> int:
            return x * 3

        async with mr.wrap_py_function(triple) as function:
            mr.globals["triple"] = function
            assert await mr.eval("triple(14)") == 42
        with pytest.raises(ReferenceError, match="not available"):
            await mr.eval("(async () => triple(1))()")

    run(main())


def test_javascripts_asynchronous_iterators(mr: MiniRacer, run: Run) -> None:
    async def main() -> None:
        mr.eval("""
            var closed = 0;
            async function* count(n) {
                try { for (let i = 0; i < n; i++) { await null; yield i } } finally { closed++ }
            }""")
        assert [x async for x in mr.eval("count(3)")] == [0, 1, 2]
        assert [
            x async for x in mr.eval("({[Symbol.iterator]: function* () { yield 1; yield Promise.resolve(2) }})")
        ] == [1, 2]
        iterator = mr.eval("count(1000)").__aiter__()
        async for x in iterator:
            if x == 1:
                break
        await iterator.aclose()
        assert mr.eval("closed") == 2
        with pytest.raises(JSPromiseError, match="in between"):
            async for _ in mr.eval("(async function* () { yield 1; throw Error('in between') })()"):
                pass
        with pytest.raises(TypeError, match=r"neither Symbol\.asyncIterator"):
            async for _ in mr.eval("({})"):
                pass

    run(main())


def test_cancelling_an_iteration_waits_for_nothing(mr: MiniRacer, run: Run) -> None:
    mr.eval("""
        var closed = [];
        async function* stuck() { try { yield 1; await new Promise(() => {}) } finally { closed.push('stuck') } }
        const slow = {i: 0, next() { return this.i++ ? new Promise(() => {}) : {value: 1} },
                      return() { closed.push('slow'); return new Promise(() => {}) },
                      [Symbol.asyncIterator]() { return this }};
        function* promising() { try { yield new Promise(() => {}) } finally { closed.push('promising') } }
        const endless = {next() { for (;;); }, return() { closed.push('endless') },
                         [Symbol.iterator]() { return this }};""")

    async def through(name: str, seen: list[int]) -> None:
        async for x in mr.eval(name):
            seen.append(x)

    async def main() -> None:
        for name, before in (("stuck()", [1]), ("slow", [1]), ("promising()", []), ("endless", [])):
            seen: list[int] = []
            task = asyncio.ensure_future(through(name, seen))
            while seen != before:
                await asyncio.sleep(0.001)
            await asyncio.sleep(0.02)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asyncio.wait_for(asyncio.shield(task), 20)
        assert await mr.eval_async("closed.join()") == "slow,promising,endless"
        steps = mr.eval("stuck()").__aiter__()
        assert await steps.__anext__() == 1
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(steps.__anext__(), 0.02)

    run(main())


def test_iterating_what_is_no_mapping(mr: MiniRacer, run: Run) -> None:
    async def main() -> None:
        assert [x async for x in mr.eval("[1, Promise.resolve(2)]")] == [1, 2]
        assert [x async for x in mr.eval("new Set(['a'])")] == ["a"]
        assert [list(x) async for x in mr.eval("new Map([[1, 2]])")] == [[1, 2]]
        assert [x async for x in mr.eval("new Uint8Array([7])")] == [7]

    run(main())


def test_pythons_asynchronous_generators(mr: MiniRacer, run: Run) -> None:
    closed: list[bool] = []

    async def count(n: int) -> AsyncIterator[int]:
        try:
            for i in range(n):
                await asyncio.sleep(0)
                yield i
        finally:
            closed.append(True)

    async def main() -> None:
        total = mr.eval("async (items) => { let s = 0; for await (const x of items) s += x; return s }")
        assert await total(count(5)) == 10
        first = mr.eval("async (items) => { for await (const x of items) return x }")
        assert await first(count(5)) == 0
        assert len(closed) == 2

        async def fail() -> AsyncIterator[int]:
            yield 1
            raise KeyError("in between")

        with pytest.raises(KeyError, match="in between"):
            await total(fail())

    run(main())


def test_what_a_script_calls_sees_the_context_variables_of_its_task(mr: MiniRacer, run: Run) -> None:
    user: contextvars.ContextVar[str] = contextvars.ContextVar("user", default="nobody")

    async def later() -> str:
        await asyncio.sleep(0)
        return user.get()

    async def asked(name: str) -> list[str]:
        user.set(name)
        both = await mr.eval_async("Promise.all([now(), later()])")
        again = await mr.eval("(x) => Promise.all([now(), later()])").call_async(1)
        return [*both, *again]

    async def main() -> None:
        mr.globals["now"] = user.get
        mr.globals["later"] = later
        assert await asyncio.gather(asked("a"), asked("b")) == [["a"] * 4, ["b"] * 4]
        assert await mr.eval_async("now()") == "nobody"

    run(main())


#: (module (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add))
WASM = bytes.fromhex("0061736d0100000001070160027f7f017f030201000707010361646400000a09010700200020016a0b")


def test_waiting_in_a_loop_for_what_does_not_need_it(run: Run) -> None:
    async def main() -> None:
        with MiniRacer(modules={"host:two": {"two": 2}}) as mr:
            assert mr.eval("Promise.resolve(1)").get() == 1
            assert mr.eval("new Promise(r => setTimeout(() => r(1), 20))").get(timeout=10) == 1
            mr.globals["bytes"] = WASM
            assert repr(mr.eval("WebAssembly.compile(bytes)").get(timeout=10)).startswith("<JSWasm")
            code = (
                "import { two } from 'host:two'; export const v = await new Promise(r => setTimeout(() => r(two), 20))"
            )
            assert mr.eval_module(code).v == 2
            assert mr.import_module("host:two").two == 2
            with pytest.raises(JSPromiseError, match="no"):
                mr.eval("new Promise((_, no) => setTimeout(() => no('no'), 20))").get(timeout=10)
            with pytest.raises(JSTimeoutException):
                mr.eval("new Promise(() => {})").get(timeout=0.02)
            answer = mr.new_promise()
            threading.Timer(0.02, answer.resolve, [42]).start()
            assert answer.promise.get(timeout=10) == 42

    run(main())


def test_waiting_in_a_loop_for_a_coroutine_of_it_is_refused(mr: MiniRacer, run: Run) -> None:
    async def slowly(value: int) -> int:
        await asyncio.sleep(0.01)
        return value

    async def main() -> None:
        mr.globals["slowly"] = slowly
        promise = mr.eval("slowly(1)")
        with pytest.raises(JSDeadlockException, match="await the promise"):
            promise.get(timeout=10)
        assert await promise == 1
        assert promise.get() == 1
        assert mr.eval("new Promise(r => setTimeout(() => r(2), 20))").get(timeout=10) == 2  # it owes nothing any more
        with pytest.raises(JSDeadlockException, match="_async"):
            mr.eval_module("export const v = await slowly(3)")

    run(main())


def test_a_wait_in_a_loop_ends_when_it_comes_to_need_the_loop(mr: MiniRacer, run: Run) -> None:
    async def slowly(value: int) -> int:
        await asyncio.sleep(0.01)
        return value

    async def main() -> None:
        mr.globals["slowly"] = slowly
        await mr.eval_async("0")  # from now on this loop is the one for coroutines
        promise = mr.eval("new Promise(r => setTimeout(() => { r(slowly(1)); after = 1 }, 20))")
        with pytest.raises(JSDeadlockException, match="await the promise"):
            promise.get(timeout=10)
        assert mr.eval("after") == 1  # the script was not ended
        assert await promise == 1

    run(main())


def test_close_ends_what_is_awaited(run: Run) -> None:
    async def main() -> None:
        mr = MiniRacer()
        cancelled: list[bool] = []

        async def sleep() -> None:
            try:
                await asyncio.sleep(30)
            except asyncio.CancelledError:
                cancelled.append(True)
                raise

        mr.globals["sleep"] = sleep
        waiting = [
            asyncio.ensure_future(mr.eval("new Promise(() => {})")),
            asyncio.ensure_future(mr.eval("sleep()")),
            asyncio.ensure_future(mr.eval_async("for (;;);")),
            asyncio.ensure_future(mr.eval_async("1")),
        ]
        await asyncio.sleep(0.05)
        threading.Thread(target=mr.close).start()
        done = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 20)
        assert [type(one) for one in done] == [JSClosedException] * 4
        while not cancelled:
            await asyncio.sleep(0.005)
        with pytest.raises(JSClosedException):
            await mr.eval_async("1")

    run(main())


def test_many_at_once(mr: MiniRacer, run: Run) -> None:
    async def work(n: int) -> int:
        await asyncio.sleep(0.001)
        return n

    async def main() -> None:
        mr.globals["work"] = work
        mr.eval("async function twice(n) { return await work(n) + await work(n) }")
        results = await asyncio.gather(*(mr.eval_async(f"twice({n})") for n in range(50)))
        assert results == [2 * n for n in range(50)]

    run(main())
