"""JavaScript functions as callables."""

from __future__ import annotations

import pytest

from miniracer import (
    JSEvalException,
    JSTimeoutException,
    JSUndefined,
    JSValueError,
    MiniRacer,
)


def test_arguments_and_results(mr: MiniRacer) -> None:
    add = mr.eval("(a, b) => a + b")
    assert add(1, 2) == 3
    assert add("a", "é") == "aé"
    assert add(1) != add(1)  # NaN
    assert mr.eval("() => {}")() is JSUndefined
    assert mr.eval("(...a) => a.length")(*range(50)) == 50
    assert mr.eval("(...a) => a.join('')")(*"abcdefghijkl") == "abcdefghijkl"


def test_this(mr: MiniRacer) -> None:
    f = mr.eval("(function () { 'use strict'; return this })")
    assert f() is JSUndefined
    assert f(this=5) == 5
    assert f(this=None) is None
    assert f(this="text") == "text"
    obj = mr.eval("({})")
    assert f(this=obj) == obj


def test_new(mr: MiniRacer) -> None:
    point = mr.eval("class Point { constructor(x, y) { this.x = x; this.y = y } }; Point")
    assert point.new(1, "two") == {"x": 1, "y": "two"}
    with pytest.raises(JSEvalException, match="cannot be invoked without 'new'"):
        point(1, 2)
    with pytest.raises(JSEvalException, match="not a constructor"):
        mr.eval("() => 1").new()


def test_functions_have_properties_too(mr: MiniRacer) -> None:
    f = mr.eval("function named(a, b) {}; named.extra = 1; named")
    assert (f.name, f.length, f["extra"]) == ("named", 2, 1)
    assert f
    assert list(f) == ["extra"]


def test_timeouts(mr: MiniRacer) -> None:
    spin = mr.eval("() => { for (;;); }")
    with pytest.raises(JSTimeoutException):
        spin(timeout_sec=0.05)
    assert mr.eval("() => 1")(timeout_sec=5) == 1
    assert mr.eval("() => 1")(timeout_sec=float("inf")) == 1
    with pytest.raises(JSValueError, match="timeout"):
        spin(timeout_sec=-1)
    with pytest.raises(JSValueError, match="timeout"):
        spin(timeout_sec=float("nan"))
    with pytest.raises(JSTimeoutException):
        spin(timeout_sec=0)
    with pytest.raises(JSTimeoutException):
        mr.eval("(function () { for (;;); })").new(timeout_sec=0.05)


def test_many_arguments(mr: MiniRacer) -> None:
    count = mr.eval("(...a) => a.length")
    assert count(*range(60_000)) == 60_000
    with pytest.raises(JSValueError, match="65534"):
        count(*range(70_000))


def test_functions_outlive_their_name(mr: MiniRacer) -> None:
    f = mr.eval("var f = () => 'still here'; f")
    mr.eval("f = null")
    mr.low_memory_notification()
    assert f() == "still here"
