"""A program for PyMiniRacer 0.14 runs after changing its import line."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest
from conftest import Script

import miniracer as py_mini_racer

HERE = Path(__file__).parent


def lines() -> list[list[str]]:
    text = (HERE / "pyminiracer-names.txt").read_text()
    return [line.split() for line in text.splitlines() if not line.startswith("#")]


@pytest.mark.parametrize("line", lines(), ids=lambda line: line[0])
def test_names_and_parameters(line: list[str]) -> None:
    owner, *names = line
    if owner == "module":
        assert set(names) <= set(py_mini_racer.__all__)
        assert all(hasattr(py_mini_racer, name) for name in names)
        return
    cls, _, method = owner.partition(".")
    found = getattr(py_mini_racer, cls)
    if isinstance(found, type) and not method:
        instance = found("x") if issubclass(found, Exception) else found
        assert [name for name in names if not hasattr(instance, name)] == []
        return
    function = getattr(found, method) if method else found
    parameters = inspect.signature(function).parameters
    if any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in parameters.values()):
        names = [name for name in names if name in parameters]
    by_position = inspect.Parameter.VAR_POSITIONAL
    taken = {f"*{name}" if parameter.kind is by_position else name for name, parameter in parameters.items()}
    if method == "close":
        names = ["*_"]
    assert set(names) <= taken


#: What the programs print with PyMiniRacer 0.14.1 itself.
PROGRAMS = {
    "rules": """
total 11
names ['cake', 'tea']
limit 10 ['discount', 'limit', 'since'] True
discount 18
discount 20 100
since True
gone True
log ['b', None, 3, True] 4 True True
index JSArray deletion out of range
undefined True False
symbol True
same True
text \u2764 xxx
parse <anonymous>:1: SyntaxError: Unexpected end of input
eval <anonymous>:1: ReferenceError: nothing is not defined
eval <anonymous>:1: RangeError: far
timeout JavaScript was terminated by timeout True
timeout JavaScript was terminated by timeout True
bytes b'\\x07\\x02\\x03' 3
promise 42
rejected Error: no
""",
    "crawler": """
crawled / /a /b /c
several 1
failed True
cancelled
square 144
later done
""",
    "sandbox": """
init MiniRacer was already initialized before the call to init_mini_racer
flags True
version True
total_physical_size True
used_heap_size True
total_heap_size True
heap_size_limit True
soft False
memory JavaScript memory limit reached True
snapshot ['edges', 'locations', 'nodes']
nested 2
""",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_print_the_same(script: Script, name: str) -> None:
    done = script(
        (HERE / "compat_programs" / f"{name}.py").read_text(encoding="utf-8"),
        PYTHONIOENCODING="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == PROGRAMS[name].lstrip("\n"), done.stderr


def test_old_names() -> None:
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
        assert {
            "total_physical_size",
            "used_heap_size",
            "total_heap_size",
            "total_heap_size_executable",
            "heap_size_limit",
        } <= set(ctx.heap_stats())


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


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("throw {}", "<anonymous>:1: #<Object>"),
        ("throw [1]", "<anonymous>:1: [object Array]"),
        ("throw Symbol('x')", "<anonymous>:1: Symbol(x)"),
        ("const e = new Error('q'); e.stack = 'mine'; throw e", "<anonymous>:1: Error: q"),
        ("Promise.reject(null)", "JavaScript rejected promise with reason: null"),
        ("Promise.reject({})", "JavaScript rejected promise with reason: #<Object>"),
        ("Promise.reject('s')", "JavaScript rejected promise with reason: s"),
        ("execute x.y", "<anonymous>:1: ReferenceError: x is not defined"),
        ("call 1", "<anonymous>:2: TypeError: (intermediate value).callee is not a function"),
    ],
)
def test_messages_that_the_page_tells_of(code: str, said: str) -> None:
    context = py_mini_racer.MiniRacer()
    way, _, rest = code.partition(" ")
    run = getattr(context, way) if way in ("execute", "call") else lambda _: context.eval(code).get()
    with pytest.raises(py_mini_racer.JSEvalException) as caught:
        run(rest)
    assert str(caught.value).splitlines()[0] == said
