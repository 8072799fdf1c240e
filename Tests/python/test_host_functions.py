"""Python callables that JavaScript calls."""

from __future__ import annotations

import functools
import gc
import pickle
import sys
import weakref
from types import MethodType
from typing import Any

import pytest
from conftest import Script

from miniracer import (
    JSConversionException,
    JSEvalException,
    JSTimeoutException,
    JSUndefined,
    JSValueError,
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
    assert describe(functools.partial(two, 1)) == "two/1"
    assert describe(mr.function(two, name="other", length=7)) == "other/7"
    assert mr.eval("f => f()")(Thing()) == "called"
    receiver = mr.function(lambda this, x: this["n"] + x, this=True)
    assert receiver.length == 1
    assert mr.eval("f => ({n: 40, f}).f(2)")(receiver) == 42
    with pytest.raises(JSEvalException, match="not a constructor"):
        mr.eval("f => new f()")(two)


def test_names_and_lengths_of_all_kinds_of_callables(mr: MiniRacer) -> None:
    def two(a: object, b: object, c: int = 3) -> None: ...

    class Thing:
        def __init__(self, p: object, q: object) -> None: ...

        def __call__(self, a: object, *, b: int = 2) -> None: ...

        def method(self, a: object) -> None: ...

        @staticmethod
        def still(a: object, b: object) -> None: ...

        @classmethod
        def make(cls, a: object) -> None: ...

    def logged(function: Any) -> Any:
        @functools.wraps(function)
        def call(*args: object, **named: object) -> object:
            return function(*args, **named)

        return call

    @functools.wraps(two)
    def fewer(a: object) -> None: ...

    class Odd:
        __signature__ = "none"

        def __call__(self) -> None: ...

    thing = Thing(1, 2)
    describe = mr.eval("f => f.name + '/' + f.length")
    for function, said in (
        (Thing, "Thing/2"),
        (thing, "Thing/1"),
        (thing.method, "method/1"),
        (Thing.method, "method/2"),
        (Thing.still, "still/2"),
        (thing.make, "make/1"),
        (functools.partial(two, 1), "two/1"),
        (functools.partial(functools.partial(two, 1), c=3), "two/1"),
        (functools.partial(thing, 1), "Thing/0"),
        (functools.lru_cache(two), "two/2"),
        (logged(two), "two/2"),
        (MethodType(logged(two), 1), "two/1"),
        (fewer, "two/1"),  # what it takes itself, and not what it wraps
        (len, "len/1"),
        (print, "print/0"),
        ([].append, "append/1"),
        ({}.get, "get/1"),
        (list.append, "append/2"),
        (int, "int/0"),
        (Odd(), "Odd/0"),
    ):
        assert describe(function) == said
    with mr.wrap_py_function(two) as wrapped:
        assert describe(wrapped) == "two/2"


def test_no_inspect_for_plain_functions(script: Script) -> None:
    done = script(
        "import sys; from miniracer import MiniRacer; js = MiniRacer(); before = 'inspect' in sys.modules\n"
        "js.eval('(f, g) => [f.length, g.length]')(lambda a: 1, js.eval)\n"
        "assert before or 'inspect' not in sys.modules"
    )
    assert done.returncode == 0, done.stderr


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


class _Silent(Exception):
    def __str__(self) -> str:
        raise ZeroDivisionError


class _Unprintable:
    __str__ = __repr__ = _Silent.__str__


@pytest.mark.parametrize("error", [_Silent("x"), KeyError(_Unprintable()), OSError(_Unprintable(), "x")])
def test_exceptions_that_cannot_say_what_they_are(mr: MiniRacer, error: Exception) -> None:
    def fail() -> None:
        raise error

    mr.globals["fail"] = fail
    said = [type(error).__name__, "<exception str() failed>"]
    assert list(mr.eval("try { fail() } catch (e) { [e.name, e.message] }")) == said
    with pytest.raises(type(error)) as caught:
        mr.eval("fail()")
    assert caught.value is error
    assert list(mr.eval("x => [x[0].name, x[0].message]")([error])) == said
    assert list(mr.eval("x => [x.name, x.message]")(error)) == said


def test_an_exception_whose_class_does_not_say_its_name(script: Script) -> None:
    done = script("""
from miniracer import *
class Meta(type):
    @property
    def __name__(cls): raise ZeroDivisionError
class Nameless(Exception, metaclass=Meta): pass
mr = MiniRacer()
def fail(): raise error
mr.globals['fail'], error = fail, Nameless('x')
print(list(mr.eval('try { fail() } catch (e) { [e.name, e.message] }')))
print(mr.eval('x => x.name')(error), mr.eval('x => x[0].name')([error]))
try: mr.eval('fail()')
except Nameless as caught: print(caught is error)
""")
    assert (done.stdout, done.stderr) == ("['Nameless', 'x']\nNameless Nameless\nTrue\n", "")


def test_exceptions_that_refuse_attributes_come_out(mr: MiniRacer) -> None:
    class Closed(Exception):
        def __setattr__(self, name: str, value: object) -> None:
            raise TypeError(name)

    def fail() -> None:
        raise Closed("mine")

    with pytest.raises(Closed, match="mine"):
        mr.eval("f => f()")(fail)


_CATCH = "f => { try { f() } catch (e) { return [e.name, e.message, e instanceof (globalThis[e.name] ?? Error)] } }"


def _raiser(error: BaseException) -> Any:
    def fail() -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("new TypeError('q')", ["TypeError", "q", True]),
        ("new RangeError('q')", ["RangeError", "q", True]),
        ("new EvalError('')", ["EvalError", "", False]),
        ("Object.assign(new Error('q'), {name: 'Mine'})", ["Mine", "q", True]),
    ],
)
def test_errors_of_javascripts_keep_their_names(mr: MiniRacer, code: str, said: list[Any]) -> None:
    copied = mr.eval(code).to_python()
    with MiniRacer() as other, pytest.raises(JSEvalException) as caught:
        other.eval(f"throw {code}")
    for error in (copied, caught.value):
        assert list(mr.eval(_CATCH)(_raiser(error))) == said
        with pytest.raises(JSEvalException) as out:
            mr.eval("f => f()")(_raiser(error))
        assert out.value is error
    for given in (caught.value, [caught.value]):
        assert list(mr.eval("x => { x = x[0] ?? x; return [x.name, x.message] }")(given)) == said[:2]


def test_so_do_syntax_errors_and_rejections(mr: MiniRacer) -> None:
    assert list(mr.eval(_CATCH)(lambda: mr.eval("("))) == ["SyntaxError", "Unexpected end of input", True]
    with MiniRacer() as other:
        rejected = other.eval("Promise.reject(new RangeError('far'))")
        assert list(mr.eval(_CATCH)(rejected.get)) == ["RangeError", "far", True]


def test_errors_out_of_a_pickle(mr: MiniRacer) -> None:
    with pytest.raises(JSEvalException) as caught:
        mr.eval("throw new RangeError('q')")
    again = pickle.loads(pickle.dumps(caught.value))
    assert list(mr.eval(_CATCH)(_raiser(again))) == ["RangeError", "q", True]


def test_exceptions_of_this_package_and_made_from_its(mr: MiniRacer) -> None:
    class Mine(JSEvalException):
        name = "not said by JavaScript"

    catch = mr.eval(_CATCH)
    assert list(catch(_raiser(Mine("text")))) == ["Mine", "text", True]
    assert list(catch(_raiser(JSValueError("no")))) == ["JSValueError", "no", True]
    assert list(catch(lambda: mr.eval("for (;;);", timeout_sec=0.02)))[:2] == [
        "JSTimeoutException",
        "JavaScript was terminated by timeout",
    ]


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


_A_THOUSAND_LEVELS = """
import sys, threading
from miniracer import MiniRacer

def nest():
    with MiniRacer() as js:
        js.globals["down"] = lambda n, f: f(n - 1) if n else "the ground"
        reached.append(js.eval("const f = n => down(n, f); f(1000)"))

reached = []
sys.setrecursionlimit(20_000)
threading.stack_size(128 * 1024 * 1024)
thread = threading.Thread(target=nest)
thread.start()
thread.join()
assert reached == ["the ground"], reached
"""


@pytest.mark.skipif(sys.version_info[:2] == (3, 12), reason="what Python 3.12 counts besides has a limit that stays")
def test_a_thousand_levels_with_a_raised_limit(script: Script) -> None:
    done = script(_A_THOUSAND_LEVELS)
    assert done.returncode == 0, done.stderr


def test_some_levels_with_the_usual_limit(mr: MiniRacer) -> None:
    mr.globals["down"] = lambda n, f: f(n - 1) if n else "the ground"
    assert mr.eval("const f = n => down(n, f); f(100)") == "the ground"


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
