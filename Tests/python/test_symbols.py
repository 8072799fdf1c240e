"""Symbols, on both sides."""

from __future__ import annotations

import gc

import pytest

from miniracer import JSKeyError, JSMappedObject, JSSymbol, JSTypeError, JSValueError, MiniRacer


def test_javascripts_own(mr: MiniRacer) -> None:
    symbol = mr.eval("var s = Symbol('name'); var o = {[s]: 1}; s")
    assert symbol.description == "name"
    assert repr(symbol) == "<JSSymbol 'name'>"
    assert mr.eval("Symbol()").description is None
    assert mr.eval("o")[symbol] == 1
    assert symbol in mr.eval("o")
    assert symbol == mr.eval("s")
    assert symbol != mr.eval("Symbol('name')")
    assert {symbol: "found"}[mr.eval("s")] == "found"
    assert mr.eval("x => x === s")(symbol) is True
    with pytest.raises(AttributeError):
        _ = symbol.anything


def test_pythons_own(mr: MiniRacer) -> None:
    secret = JSSymbol("secret")
    obj = mr.eval("var o = {}; o")
    obj[secret] = 5
    assert obj[secret] == 5
    assert mr.eval("Object.getOwnPropertySymbols(o)[0].description") == "secret"
    assert mr.eval("Object.getOwnPropertySymbols(o)[0]") == secret
    assert secret != JSSymbol("secret")
    with MiniRacer() as other, pytest.raises(JSValueError, match="another MiniRacer"):
        other.eval("x => x")(secret)


def test_registered_ones_are_the_same_everywhere(mr: MiniRacer) -> None:
    shared = JSSymbol.for_key("app.shared")
    with MiniRacer() as other:
        for racer in (mr, other):
            assert racer.eval("s => s === Symbol.for('app.shared')")(shared) is True
    assert shared == JSSymbol.for_key("app.shared")
    assert hash(shared) == hash(mr.eval("Symbol.for('app.shared')"))
    assert shared == mr.eval("Symbol.for('app.shared')")


def test_well_known_ones(mr: MiniRacer) -> None:
    assert mr.eval("[1]")[JSSymbol.iterator] == mr.eval("Array.prototype.values")
    assert mr.eval("Symbol.asyncIterator") == JSSymbol.async_iterator
    assert mr.eval("Symbol.iterator") in {JSSymbol.iterator}
    thing = mr.eval("({})")
    thing[JSSymbol.to_primitive] = lambda hint: f"as {hint}"
    assert mr.eval("x => `${x}`")(thing) == "as string"
    assert JSSymbol.iterator != JSSymbol.for_key("Symbol.iterator")


def test_a_symbol_is_an_empty_mapping(mr: MiniRacer) -> None:
    symbol = mr.eval("Symbol('x')")
    assert isinstance(symbol, JSMappedObject)
    assert symbol
    for each in (symbol, JSSymbol("x")):
        assert (len(each), list(each), list(each.keys()), dict(each)) == (0, [], [], {})
        assert each["description"] == "x"
        assert "description" in each
        assert "nothing" not in each
        assert each.get("nothing", 5) == 5
        with pytest.raises(JSKeyError, match="nothing"):
            each["nothing"]
        with pytest.raises(JSKeyError):
            del each["description"]
        with pytest.raises(JSTypeError, match="no properties of its own"):
            each["a"] = 1
    assert symbol["toString"](this=symbol) == "Symbol(x)"
    assert mr.eval("x => typeof x")(symbol) == "symbol"
    assert mr.eval("x => typeof x.s")({"s": symbol}) == "symbol"


def test_one_that_was_not_made_to_the_end_goes_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr("sys.unraisablehook", told.append)
    symbol = JSSymbol.__new__(JSSymbol)
    del symbol
    gc.collect()
    assert told == []
