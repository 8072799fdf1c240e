"""Maps and Sets."""

from __future__ import annotations

import math
from collections.abc import MutableMapping, MutableSet

import pytest

from miniracer import JSKeyError, JSMap, JSSet, JSUndefined, JSValueError, MiniRacer


def test_a_map_is_a_dict(mr: MiniRacer) -> None:
    ages = mr.eval("var ages = new Map([['Ada', 36], ['Alan', 41]]); ages")
    assert isinstance(ages, JSMap)
    assert isinstance(ages, MutableMapping)
    ages["Ada"] += 1
    ages["Grace"] = 85
    del ages["Alan"]
    assert list(ages) == ["Ada", "Grace"]
    assert dict(ages) == {"Ada": 37, "Grace": 85}
    assert list(ages.items()) == [("Ada", 37), ("Grace", 85)]
    assert list(ages.values()) == [37, 85]
    assert ages == {"Grace": 85, "Ada": 37}
    assert (len(ages), "Ada" in ages, "Alan" in ages, ages.get("x", 5)) == (
        2,
        True,
        False,
        5,
    )
    assert ages.pop("Ada") == 37
    ages.clear()
    assert not ages
    with pytest.raises(JSKeyError, match="No such key: 'x'"):
        ages["x"]
    with pytest.raises(KeyError):
        del ages["x"]


def test_any_value_is_a_key(mr: MiniRacer) -> None:
    table = mr.eval("var o = {}; new Map([[o, 'object'], [NaN, 'nan'], [1, 'number'], ['1', 'text'], [undefined, 0]])")
    assert table[mr.eval("o")] == "object"
    assert table[math.nan] == "nan"
    assert (table[1], table["1"], table[JSUndefined]) == ("number", "text", 0)
    table[None] = mr.eval("o")
    assert table[None] == mr.eval("o")
    assert mr.eval("new Map([['there', undefined]])")["there"] is JSUndefined
    assert mr.eval("x => x instanceof Map")(table) is True


def test_a_key_of_more_digits_than_python_writes(mr: MiniRacer) -> None:
    big = mr.eval("1n << 100000n")
    table = mr.eval("x => new Map([[x, 'big']])")(big)
    assert table[big] == "big"
    del table[big]
    assert table.get(big) is None
    with pytest.raises(JSKeyError, match="No such key"):
        table[big]


def test_a_set_is_a_set(mr: MiniRacer) -> None:
    tags = mr.eval("new Set(['a', 'b'])")
    assert isinstance(tags, JSSet)
    assert isinstance(tags, MutableSet)
    tags.add("c")
    tags.add("a")
    tags.discard("b")
    tags.discard("nothing")
    assert list(tags) == ["a", "c"]
    assert tags == {"a", "c"}
    assert tags | {"x"} == {"a", "c", "x"}
    assert tags & {"a"} == {"a"}
    assert "a" in tags
    assert len(tags) == 2
    with pytest.raises(KeyError):
        tags.remove("b")
    tags.clear()
    assert not tags


def test_what_the_guest_redefines_does_not_matter(mr: MiniRacer) -> None:
    table, tags = mr.eval("new Map([[1, 2]])"), mr.eval("new Set([1])")
    mr.eval("""for (const k of ['get', 'set', 'has', 'add', 'delete', 'clear', 'entries', 'forEach']) {
        Map.prototype[k] = Set.prototype[k] = () => { throw 'trap' } }""")
    table[3] = 4
    tags.add(5)
    assert (dict(table), set(tags)) == ({1: 2, 3: 4}, {1, 5})


def test_javascripts_methods_are_attributes(mr: MiniRacer) -> None:
    seen = []
    table = mr.eval("new Map([[1, 2]])")
    table.forEach(lambda value, key, _: seen.append((key, value)))
    assert (table.size, seen) == (1, [(1, 2)])


def test_of_another_mini_racer(mr: MiniRacer) -> None:
    with MiniRacer() as other, pytest.raises(JSValueError, match="another MiniRacer"):
        mr.eval("new Map()")[other.eval("({})")] = 1
