"""What exceptions say, as text and as data."""

from __future__ import annotations

import json
import pickle
from functools import partial
from typing import Any

import pytest

from miniracer import (
    JSArrayIndexError,
    JSConversionException,
    JSEvalException,
    JSKeyError,
    JSParseException,
    JSPromiseError,
    JSTimeoutException,
    JSUndefined,
    LibNotFoundError,
    MiniRacer,
    MiniRacerBaseException,
    WrongReturnTypeException,
)

SOURCE = """\
function inner() {
    throw new TypeError('bad thing')
}
class Shape { constructor() { inner() } }
new Shape()
"""


def test_the_report(mr: MiniRacer) -> None:
    with pytest.raises(JSEvalException) as caught:
        mr.eval(SOURCE, filename="shapes.js")
    assert str(caught.value) == (
        "shapes.js:2: TypeError: bad thing\n"
        "    throw new TypeError('bad thing')\n"
        "    ^\n"
        "\n"
        "TypeError: bad thing\n"
        "    at inner (shapes.js:2:11)\n"
        "    at new Shape (shapes.js:4:31)\n"
        "    at shapes.js:5:1\n"
    )


def test_the_same_as_data(mr: MiniRacer) -> None:
    with pytest.raises(JSEvalException) as caught:
        mr.eval(SOURCE, filename="shapes.js")
    error = caught.value
    assert (error.name, error.message, error.file) == (
        "TypeError",
        "bad thing",
        "shapes.js",
    )
    assert (error.line, error.column) == (2, 5)
    assert error.source_line == "    throw new TypeError('bad thing')"
    assert [(f.function, f.line, f.column) for f in error.frames] == [
        ("inner", 2, 11),
        ("Shape", 4, 31),
        (None, 5, 1),
    ]
    assert [f.is_constructor for f in error.frames] == [False, True, False]
    assert error.value["message"] == "bad thing"
    assert error.stack is not None
    assert error.stack.startswith("TypeError: bad thing\n    at inner")


def test_where_the_text_is_from(mr: MiniRacer) -> None:
    with pytest.raises(JSEvalException) as caught:
        mr.eval("throw Error('x')", filename="é日.html", line=10, column=20)
    assert (caught.value.file, caught.value.line, caught.value.column) == (
        "é日.html",
        10,
        20,
    )
    with pytest.raises(JSEvalException) as caught:  # nothing of it stays for the next script
        mr.eval("throw Error('x')")
    assert (caught.value.file, caught.value.line, caught.value.column) == (None, 1, 1)


def test_syntax_errors(mr: MiniRacer) -> None:
    with pytest.raises(JSParseException, match="SyntaxError") as caught:
        mr.eval("var ok = 1;\nvar 1x", filename="broken.js")
    error = caught.value
    assert (error.name, error.file, error.line, error.column) == (
        "SyntaxError",
        "broken.js",
        2,
        5,
    )
    assert error.source_line == "var 1x"
    assert str(error).startswith("broken.js:2: SyntaxError: Invalid or unexpected token\nvar 1x\n    ^")
    assert mr.eval("typeof ok") == "undefined"


@pytest.mark.parametrize(
    ("code", "value", "first"),
    [
        ("throw 1", 1, "<anonymous>:1: 1"),
        ("throw 'text'", "text", "<anonymous>:1: text"),
        ("throw undefined", JSUndefined, "<anonymous>:1: undefined"),
        ("throw null", None, "<anonymous>:1: null"),
    ],
)
def test_anything_can_be_thrown(mr: MiniRacer, code: str, value: object, first: str) -> None:
    with pytest.raises(JSEvalException) as caught:
        mr.eval(code)
    assert caught.value.value == value
    assert str(caught.value) == f"{first}\n{code}\n^\n"


def test_a_thrown_object(mr: MiniRacer) -> None:
    with pytest.raises(JSEvalException) as caught:
        mr.eval("throw {code: 7}")
    assert caught.value.value["code"] == 7


def test_causes(mr: MiniRacer) -> None:
    with pytest.raises(JSEvalException) as caught:
        mr.eval("throw new Error('a', {cause: new TypeError('b', {cause: new RangeError('c')})})")
    error = caught.value
    assert error.cause is error.__cause__
    assert error.cause is not None
    assert (error.cause.name, error.cause.message) == ("TypeError", "b")
    assert error.cause.cause is not None
    assert error.cause.cause.name == "RangeError"


def test_describing_an_error_runs_no_guest_code(mr: MiniRacer) -> None:
    mr.eval("var ran = 0; Error.prepareStackTrace = () => { ran++; for (;;); }")
    with pytest.raises(JSEvalException):
        mr.eval("const e = new Error('x'); Object.defineProperty(e, 'message', {get() { ran++; for (;;); }}); throw e")
    with pytest.raises(JSEvalException):
        mr.eval("throw new Proxy({}, {get() { ran++; for (;;); }, getPrototypeOf() { ran++; for (;;); }})")
    mr.eval("Error.prepareStackTrace = undefined")
    assert mr.eval("ran") == 0


def test_carets_under_tabs_and_wide_characters(mr: MiniRacer) -> None:
    with pytest.raises(JSEvalException) as caught:
        mr.eval("\t'😀'; nope")
    assert str(caught.value).splitlines()[1:3] == ["\t'😀'; nope", "\t     ^"]


def test_pickles(mr: MiniRacer) -> None:
    with pytest.raises(JSEvalException) as caught:
        mr.eval("throw new Error('x', {cause: new Error('y')})")
    back = pickle.loads(pickle.dumps(caught.value))
    assert type(back) is JSEvalException
    assert (str(back), back.name, back.frames, back.value) == (
        str(caught.value),
        "Error",
        caught.value.frames,
        None,
    )
    assert back.cause is not None
    assert back.cause.message == "y"
    for error in (
        JSTimeoutException(),
        JSKeyError("k"),
        JSPromiseError("r"),
        JSArrayIndexError(),
        JSConversionException("c"),
        WrongReturnTypeException(int),
        LibNotFoundError("m", (("a", "b"),)),
    ):
        assert type(pickle.loads(pickle.dumps(error))) is type(error)


def test_bases_are_those_of_pyminiracer() -> None:
    assert issubclass(JSTimeoutException, (JSEvalException, TimeoutError))
    assert issubclass(JSKeyError, KeyError)
    assert issubclass(JSArrayIndexError, IndexError)
    assert issubclass(JSParseException, JSEvalException)
    assert issubclass(JSEvalException, MiniRacerBaseException)
    assert str(JSTimeoutException()) == "JavaScript was terminated by timeout"


def test_source_maps(mr: MiniRacer) -> None:
    text = json.dumps(
        {
            "version": 3,
            "sources": ["app.ts"],
            "names": [],
            "mappings": "AAAA;AACA,IAAI",
            "sourcesContent": ["let x: number = 1\n\nthrow new Error('x')"],
        }
    )
    with pytest.raises(JSEvalException) as caught:
        mr.eval("let x = 1;\nthrow new Error('x')", filename="app.js", source_map=text)
    assert (caught.value.file, caught.value.line) == ("app.ts", 2)


def test_asynchronous_frames(mr: MiniRacer) -> None:
    with pytest.raises(JSEvalException) as caught:
        mr.eval(
            "async function inner() { await null; throw Error('x') } async function outer() { await inner() } outer()"
        ).get()
    assert [(frame.function, frame.is_async) for frame in caught.value.frames][:2] == [
        ("inner", False),
        ("outer", True),
    ]


def test_native_frames(mr: MiniRacer) -> None:
    with pytest.raises(JSEvalException) as caught:
        mr.eval("[1].forEach(function each() { throw Error('x') })")
    frames = caught.value.frames
    assert [(frame.function, frame.line, frame.is_native) for frame in frames] == [
        ("each", 1, False),
        ("Array.forEach", 0, True),
        (None, 1, False),
    ]
    assert "at Array.forEach (<anonymous>)" in str(caught.value.stack)


def test_a_python_exception_as_the_cause(mr: MiniRacer) -> None:
    mine = LookupError("mine")

    def fail() -> None:
        raise mine

    mr.globals["fail"] = fail
    wrapped = "try { fail() } catch (error) { throw new Error('wrapped', {cause: error}) }"
    for code in (wrapped, f"(async () => {{ {wrapped} }})()"):
        with pytest.raises(JSEvalException, match="wrapped") as caught:
            mr.eval(code).get()
        assert caught.value.__cause__ is mine
        assert caught.value.cause is not None
        assert (caught.value.cause.name, caught.value.cause.message) == ("LookupError", "mine")


def caused(message: str, cause: BaseException | None) -> LookupError:
    error = LookupError(message)
    error.__cause__ = cause
    return error


def test_the_cause_of_a_python_exception(mr: MiniRacer) -> None:
    causes = "error => { const all = []; while (error = error.cause) all.push(`${error}`); return all }"
    told = mr.eval(causes)
    missing = caused("no page", caused("no file", OSError("no disk")))

    def find() -> None:
        raise missing

    async def find_later() -> None:
        raise missing

    mr.globals.update(find=find, findLater=find_later, told=told)
    wanted = ["LookupError: no file", "OSError: no disk"]
    assert mr.eval("try { find() } catch (error) { told(error) }").to_python() == wanted
    assert mr.eval("findLater().catch(told)").get().to_python() == wanted
    assert told(missing).to_python() == wanted
    assert mr.eval("errors => told(errors[0])")([missing]).to_python() == wanted
    assert not mr.eval("error => error.propertyIsEnumerable('cause')")(missing)
    with pytest.raises(LookupError) as caught:
        mr.eval("find()")
    assert caught.value is missing
    assert str(missing.__cause__) == "no file"


def test_a_cause_that_javascript_threw(mr: MiniRacer) -> None:
    def wrap(f: Any) -> None:
        try:
            f()
        except JSEvalException as error:
            raise LookupError("wrapped") from error

    catch = mr.eval(
        "(wrap, mine) => { try { wrap(() => { throw mine }) } catch (error) { return error.cause === mine } }"
    )
    assert catch(wrap, mr.eval("new RangeError('mine')")) is True
    assert catch(wrap, 1) is True


def test_causes_have_an_end(mr: MiniRacer) -> None:
    count = mr.eval("error => { let n = 0; while (error = error.cause) ++n; return n }")
    one = caused("one", None)
    one.__cause__ = caused("two", one)
    assert count(one) == 1
    deep = None
    for i in range(10_000):
        deep = caused(f"{i}", deep)
    assert count(deep) == 15


def test_the_stack_of_an_exception_is_javascript_s(mr: MiniRacer) -> None:
    def fail(cause: bool) -> None:
        raise caused("x", OSError("y") if cause else None)

    stack = mr.eval("fail => { try { fail() } catch (error) { return error.stack } }", filename="stack.js")
    plain, with_cause = (stack(partial(fail, cause)) for cause in (False, True))
    assert plain == with_cause


def test_what_javascript_threw_is_a_value_again(mr: MiniRacer) -> None:
    for thrown in ("1", "'text'", "null", "undefined"):
        with pytest.raises(JSEvalException) as caught:
            mr.eval(f"throw {thrown}")
        assert mr.eval(f"x => x === {thrown}")(caught.value) is True


def test_exceptions_that_end_programs_are_values_like_others(mr: MiniRacer) -> None:
    for exception in (KeyboardInterrupt("stop"), SystemExit(3), ValueError("x")):
        assert mr.eval("e => `${e instanceof Error} ${e.name}`")(exception) == f"true {type(exception).__name__}"
        with pytest.raises(type(exception)) as caught:
            mr.eval("e => { throw e }")(exception)
        assert caught.value is exception
    assert mr.eval("1") == 1
