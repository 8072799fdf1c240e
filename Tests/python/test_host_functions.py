"""Python callables that JavaScript calls."""

from __future__ import annotations

import functools
import gc
import sys
import weakref
from typing import Any

import pytest

from miniracer import (
    JSConversionException,
    JSEvalException,
    JSTimeoutException,
    JSUndefined,
    MiniRacer,
)


def test_a_callable_becomes_a_function(mr: MiniRacer) -> None:
    mr.globals["add"] = lambda a, b: a + b
    assert mr.eval("add(1, 2) + add('a', 'b')") == "3ab"
    assert mr.eval("f => f(20)")(lambda x: x + 1) == 21
    assert mr.eval("[3, 1, 2].map(String).sort()").join() == "1,2,3"


def test_arguments_and_results(mr: MiniRacer) -> None:
    seen: list[Any] = []
    mr.globals["see"] = lambda *a: seen.append(a)
    mr.eval("see(); see(1, 'é', null, undefined, 1.5, 10n ** 30n, true); see({a: 1}, [2], new Date(0))")
    assert seen[0] == ()
    assert seen[1] == (1, "é", None, JSUndefined, 1.5, 10**30, True)
    assert seen[2][0] == {"a": 1}  # objects may be kept
    assert list(seen[2][1]) == [2]
    assert seen[2][2].year == 1970
    same = mr.eval("f => f()")
    for value in (
        None,
        True,
        1,
        -(2**31),
        2**40,
        1.5,
        "text",
        "日本",
        2**100,
        -(2**100),
    ):
        assert same(lambda value=value: value) == value
    assert same(lambda: JSUndefined) is JSUndefined
    assert same(lambda: {"a": [1]}) == {"a": [1]}
    assert same(lambda: seen[2][0]) == seen[2][0]
    assert same(lambda: mr.eval("({fresh: 1})")) == {"fresh": 1}


def test_one_callable_is_one_function(mr: MiniRacer) -> None:
    class Listener:
        def hear(self) -> None: ...

    def hear() -> None: ...

    mr.eval("var known = new Set()")
    count = mr.eval("f => known.add(f).size")
    listener = Listener()
    for callable_ in (hear, listener.hear, [].append, hear, listener.hear):
        size = count(callable_)
    assert size == 3
    assert mr.eval("f => known.has(f)")(mr.function(hear, name="another")) is False


def test_name_length_this(mr: MiniRacer) -> None:
    def two(a: object, b: object) -> None: ...

    class Thing:
        def method(self, a: object) -> str:
            return "method"

        def __call__(self) -> str:
            return "called"

    describe = mr.eval("f => f.name + '/' + f.length")
    assert describe(two) == "two/2"
    assert describe(Thing().method) == "method/1"
    assert describe(lambda a, b=1, *c, d=2: None) == "<lambda>/1"
    assert describe(Thing()) == "Thing/0"
    assert describe(functools.partial(two, 1)) == "partial/0"
    assert describe(mr.function(two, name="other", length=7)) == "other/7"
    assert mr.eval("f => f()")(Thing()) == "called"
    receiver = mr.function(lambda this, x: this["n"] + x, this=True)
    assert receiver.length == 1
    assert mr.eval("f => ({n: 40, f}).f(2)")(receiver) == 42
    with pytest.raises(JSEvalException, match="not a constructor"):
        mr.eval("f => new f()")(two)


def test_exceptions_are_thrown_into_javascript(mr: MiniRacer) -> None:
    def fail(kind: str) -> None:
        raise {"value": ValueError, "type": TypeError, "key": KeyError}[kind](f"no {kind}")

    mr.globals["fail"] = fail
    catch = mr.eval(
        "k => { try { fail(k) } catch (e) { return [e.name, e.message, e instanceof Error, e instanceof TypeError] } }"
    )
    assert list(catch("value")) == ["ValueError", "no value", True, False]
    assert list(catch("type")) == ["TypeError", "no type", True, True]
    assert list(catch("key")) == ["KeyError", "no key", True, False]


def test_uncaught_they_come_out_as_the_same_object(mr: MiniRacer) -> None:
    error = ValueError("mine", 7)

    def fail() -> None:
        raise error

    mr.globals["fail"] = fail
    with pytest.raises(ValueError, match="mine") as caught:
        mr.eval("function outer() { fail() }\nouter()", filename="app.js")
    assert caught.value is error
    assert "outer (app.js:1" in error.js_stack  # type: ignore[attr-defined]
    if sys.version_info >= (3, 11):
        assert any("outer (app.js:1" in note for note in error.__notes__)
    with pytest.raises(ValueError, match="mine") as caught:  # rethrown by the guest, it is still the same
        mr.eval("try { fail() } catch (e) { throw e }")
    assert caught.value is error
    with pytest.raises(JSEvalException, match="Error: wrapped") as wrapped:
        mr.eval("try { fail() } catch (e) { throw new Error('wrapped', {cause: e}) }")
    assert wrapped.value.cause is not None
    assert wrapped.value.cause.name == "ValueError"


def test_javascripts_exceptions_pass_through_python_as_themselves(
    mr: MiniRacer,
) -> None:
    mr.globals["through"] = lambda f: f()
    assert mr.eval("const e = {}; try { through(() => { throw e }) } catch (x) { x === e }") is True
    assert mr.eval("try { through(() => { throw undefined }) } catch (x) { x === undefined }") is True
    with pytest.raises(JSEvalException, match="RangeError: deep"):
        mr.eval("through(() => through(() => { throw new RangeError('deep') }))")
    assert mr.eval("try { through(() => null.x) } catch (x) { x instanceof TypeError }") is True


def test_results_without_a_counterpart(mr: MiniRacer) -> None:
    mr.globals["bad"] = lambda: object()
    with pytest.raises(JSConversionException, match="a Python object"):
        mr.eval("bad()")
    assert mr.eval("try { bad() } catch (e) { e.name }") == "JSConversionException"


def test_to_any_depth_the_stack_allows(mr: MiniRacer) -> None:
    mr.globals["down"] = lambda n: 0 if n == 0 else mr.eval(f"down({n - 1})") + 1
    assert mr.eval("down(100)") == 100

    def from_depth(depth: int) -> None:
        if depth:
            from_depth(depth - 1)
        else:
            mr.eval("down(1e6)")

    for depth in range(16):  # the stack ends at any of the places where it can
        with pytest.raises((RecursionError, JSEvalException)):
            from_depth(depth)
    assert mr.eval("down(10)") == 10


def test_a_nested_timeout_is_its_own(mr: MiniRacer) -> None:
    def nested() -> str:
        try:
            mr.eval("for (;;);", timeout_sec=0.05)
        except JSTimeoutException:
            return "timed out inside"
        return "?"

    mr.globals["nested"] = nested
    assert mr.eval("nested() + ' only'", timeout_sec=30) == "timed out inside only"


def test_timeouts_end_javascript_around_python(mr: MiniRacer) -> None:
    import time

    mr.globals["sleep"] = time.sleep
    with pytest.raises(JSTimeoutException):
        mr.eval("sleep(0.1); for (;;) sleep(0.01)", timeout_sec=0.15)
    assert mr.eval("1") == 1


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_interrupts_cannot_be_caught_by_the_guest(mr: MiniRacer, kind: type[BaseException]) -> None:
    error = kind("stop")

    def stop() -> None:
        raise error

    mr.globals["stop"] = stop
    mr.globals["through"] = lambda f: f()
    with pytest.raises(kind) as caught:
        mr.eval("for (;;) { try { through(() => { for (;;) try { stop() } catch {} }) } catch {} }")
    assert caught.value is error
    assert mr.eval("'works on'") == "works on"


def test_wrap_py_function(mr: MiniRacer) -> None:
    with mr.wrap_py_function(lambda x: x * 2) as double:
        mr.globals["double"] = double
        assert mr.eval("double(21)") == 42
    with pytest.raises(ReferenceError, match="not available"):
        mr.eval("double(21)")


def test_callables_go_when_javascript_lets_go(mr: MiniRacer) -> None:
    class Callable:
        def __call__(self) -> int:
            return 1

    thing = Callable()
    gone = weakref.ref(thing)
    mr.globals["f"] = thing
    del thing
    mr.low_memory_notification()
    assert mr.eval("f()") == 1
    mr.eval("f = null")
    for _ in range(3):
        mr.low_memory_notification()
        mr.eval("1")
        gc.collect()
    assert gone() is None


def test_a_callable_that_knows_its_mini_racer_is_no_leak() -> None:
    def use() -> weakref.ref[MiniRacer]:
        mr = MiniRacer()
        mr.globals["again"] = lambda code: mr.eval(code)
        assert mr.eval("again('1 + 1')") == 2
        return weakref.ref(mr)

    gone = use()
    gc.collect()
    assert gone() is None


def test_close_inside_a_callback() -> None:
    mr = MiniRacer()
    mr.globals["close"] = mr.close
    from miniracer import JSClosedException

    with pytest.raises(JSClosedException):
        mr.eval("close(); for (;;);")
