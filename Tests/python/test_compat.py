"""A program for PyMiniRacer 0.14 runs after changing its import line."""

from __future__ import annotations

import inspect

import pytest

import miniracer as py_mini_racer

#: py_mini_racer.__all__ of 0.14, except for CancelableJSFunction, which comes with asynchronous calls.
NAMES = """
DEFAULT_V8_FLAGS JSArray JSArrayIndexError JSEvalException JSFunction JSKeyError JSMappedObject JSOOMException JSObject
JSParseException JSPromise JSPromiseError JSSymbol JSTimeoutException JSUndefined JSUndefinedType JSValueError
LibAlreadyInitializedError LibNotFoundError MiniRacer PyJsFunctionType PythonJSConvertedTypes StrictMiniRacer
init_mini_racer mini_racer
""".split()

METHODS = """
eval execute call close v8_version wrap_py_function set_hard_memory_limit set_soft_memory_limit
was_hard_memory_limit_reached was_soft_memory_limit_reached low_memory_notification heap_stats json_impl
""".split()


@pytest.mark.parametrize("name", NAMES)
def test_names(name: str) -> None:
    assert hasattr(py_mini_racer, name)
    assert name in py_mini_racer.__all__


@pytest.mark.parametrize("name", METHODS)
def test_methods(name: str) -> None:
    assert hasattr(py_mini_racer.MiniRacer, name)


def test_parameters() -> None:
    assert list(inspect.signature(py_mini_racer.MiniRacer.eval).parameters)[1:5] == [
        "code",
        "timeout",
        "timeout_sec",
        "max_memory",
    ]
    assert py_mini_racer.StrictMiniRacer is py_mini_racer.MiniRacer


def test_the_examples_of_its_readme() -> None:
    from miniracer import JSTimeoutException, JSUndefined, MiniRacer, mini_racer

    ctx = MiniRacer()
    assert ctx.eval("1+1") == 2
    assert ctx.eval("var x = {company: 'Sqreen'}; x.company") == "Sqreen"
    assert ctx.eval("'\N{HEAVY BLACK HEART}'") == "\N{HEAVY BLACK HEART}"
    ctx.eval("var fun = () => ({ foo: 1 });")
    assert ctx.eval("x.company") == "Sqreen"
    square = ctx.eval("a => a*a")
    assert square(4) == 16
    obj = ctx.eval("var obj = {'foo': 'bar'}; obj")
    assert obj["foo"] == "bar"
    assert list(obj.keys()) == ["foo"]
    arr = ctx.eval("var arr = ['a', 'b']; arr")
    assert arr[1] == "b"
    assert "a" in arr
    arr.append(obj)
    assert ctx.eval("JSON.stringify(arr)") == '["a","b",{"foo":"bar"}]'
    assert ctx.call("fun") == {"foo": 1}
    assert ctx.execute("[1,2,3].includes(5)") is False
    assert list(ctx.eval("[null, undefined]")) == [None, JSUndefined]
    with pytest.raises(JSTimeoutException, match="JavaScript was terminated by timeout"):
        ctx.eval("while (true) {}", timeout_sec=0.1)
    func = ctx.eval("() => {while (true) {}}")
    with pytest.raises(JSTimeoutException):
        func(timeout_sec=0.1)
    with mini_racer() as ctx:
        assert ctx.eval("Array.from('foobar').reverse().join('')") == "raboof"
        assert ctx.eval('Intl.DateTimeFormat(["en"]).format(new Date(0))')
        assert {"total_physical_size", "used_heap_size", "total_heap_size", "heap_size_limit"} <= set(ctx.heap_stats())


def test_its_error_messages() -> None:
    from miniracer import JSEvalException, JSParseException, MiniRacer

    with MiniRacer() as mr, pytest.raises(JSEvalException) as error:
        mr.eval("throw new Error('x')")
    assert str(error.value) == (
        "<anonymous>:1: Error: x\nthrow new Error('x')\n^\n\nError: x\n    at <anonymous>:1:7\n"
    )
    with MiniRacer() as mr, pytest.raises(JSParseException) as error:
        mr.eval("function(")
    assert str(error.value) == (
        "<anonymous>:1: SyntaxError: Function statements require a function name\nfunction(\n^^^^^^^^\n\n"
        "SyntaxError: Function statements require a function name\n"
    )
