"""eval, execute, call, globals."""

from __future__ import annotations

import json

import pytest

from miniracer import (
    JSConversionException,
    JSEvalException,
    JSUndefined,
    JSValueError,
    MiniRacer,
    WrongReturnTypeException,
    _values,
)


def test_the_value_of_the_last_statement(mr: MiniRacer) -> None:
    assert mr.eval("40 + 2") == 42
    assert mr.eval("var x = 1; x + 1") == 2
    assert mr.eval("") is JSUndefined


def test_declarations_stay(mr: MiniRacer) -> None:
    mr.eval("let a = 1; const f = x => x + a")
    assert mr.eval("f(1)") == 2


def test_each_mini_racer_is_a_world_of_its_own(mr: MiniRacer) -> None:
    mr.eval("var mine = 1")
    with MiniRacer() as other:
        assert other.eval("typeof mine") == "undefined"


@pytest.mark.parametrize("text", ["abc", "é", "日本語", "😀", "a\0b", "\u2028", "\ud800", "x" * 100_000])
def test_source_text_of_any_kind(mr: MiniRacer, text: str) -> None:
    assert mr.eval(json.dumps(text, ensure_ascii=False)) == text
    assert mr.eval(f"/* {text} */ 1") == 1 if "\u2028" not in text else True


def test_source_must_be_text(mr: MiniRacer) -> None:
    with pytest.raises(JSEvalException, match="code: a str is needed, not int") as caught:
        mr.eval(5)  # type: ignore[arg-type]
    assert isinstance(caught.value, TypeError)


def test_execute_copies_by_way_of_json(mr: MiniRacer) -> None:
    assert mr.execute("({a: [1, undefined, {b: null}]})") == {"a": [1, None, {"b": None}]}
    assert mr.execute("1 // a comment does no harm") == 1
    assert mr.execute("this === globalThis") is True
    with pytest.raises(WrongReturnTypeException):
        mr.execute("undefined")
    with pytest.raises(JSEvalException, match="circular"):
        mr.execute("(() => { const a = {}; a.a = a; return a })()")


def test_execute_does_not_rely_on_the_guests_json(mr: MiniRacer) -> None:
    mr.eval("JSON.stringify = () => 'nonsense'; Array.prototype.push = null")
    assert mr.execute("[1, 2]") == [1, 2]


def test_call_sends_json(mr: MiniRacer) -> None:
    mr.eval("function f(...a) { return {got: a} }")
    assert mr.call("f", 1, "x", [None], {"k": 1.5}) == {"got": [1, "x", [None], {"k": 1.5}]}
    assert mr.call("(a, b) => a * b", 6, 7) == 42
    assert mr.call("Math.max", 1, 2) == 2


def test_call_takes_an_encoder(mr: MiniRacer) -> None:
    class Encoder(json.JSONEncoder):
        def default(self, o: object) -> object:
            return sorted(o) if isinstance(o, set) else super().default(o)

    assert mr.call("a => a", {2, 1}, encoder=Encoder) == [1, 2]


def test_globals(mr: MiniRacer) -> None:
    mr.globals["answer"] = 42
    assert mr.eval("answer") == 42
    mr.globals.answer = 43
    assert mr.eval("globalThis.answer") == mr.globals.answer == 43


def test_promise_reactions_run_before_eval_returns(mr: MiniRacer) -> None:
    mr.eval("var done = 0; Promise.resolve(5).then(v => { done = v })")
    assert mr.eval("done") == 5


def test_a_refused_argument_leaves_the_mini_racer_usable(mr: MiniRacer) -> None:
    f = mr.eval("x => x")
    for _ in range(20):
        with pytest.raises(JSConversionException):
            f(object())
    assert f(1) == 1


def test_a_text_that_is_too_long_is_refused_and_not_cut(mr: MiniRacer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_values, "_MAX_UNITS", 5000)
    with pytest.raises(JSValueError, match="6001 UTF-16 units"):
        mr.eval("1" + 6000 * " ")
