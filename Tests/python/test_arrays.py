"""Arrays as sequences."""

from __future__ import annotations

from collections.abc import MutableSequence
from typing import Any

import pytest

from miniracer import JSArrayIndexError, JSUndefined, MiniRacer


def test_indexes(mr: MiniRacer) -> None:
    array = mr.eval("var a = ['a', 'b', 'c']; a")
    assert isinstance(array, MutableSequence)
    assert (array[0], array[2], array[-1], array[-3]) == ("a", "c", "c", "a")
    for wrong in (3, -4, 2**40):
        with pytest.raises(IndexError):
            array[wrong]
    with pytest.raises(TypeError):
        array["0"]  # type: ignore[call-overload]
    array[1] = "x"
    array[-1] = "y"
    assert list(array) == ["a", "x", "y"]
    with pytest.raises(IndexError):
        array[-4] = 1
    array[4] = "far"
    assert list(array) == ["a", "x", "y", JSUndefined, "far"]


def test_iteration_and_membership(mr: MiniRacer) -> None:
    array = mr.eval("[3, 1, 2, 1]")
    assert list(array) == [3, 1, 2, 1]
    assert list(reversed(array)) == [1, 2, 1, 3]
    assert 2 in array
    assert 9 not in array
    assert array.index(1) == 1
    assert array.count(1) == 2
    assert sum(array) == 7
    assert len(array) == 4
    assert array
    assert not mr.eval("[]")
    assert [*mr.eval("[,1]")] == [JSUndefined, 1]


#: The same script against a list and against a JSArray of the same contents.
STEPS = [
    "s[1:3]",
    "s[::-1]",
    "s[::2]",
    "s[10:]",
    "s[-2:]",
    "s.append(9)",
    "s.insert(0, 'first')",
    "s.insert(-1, 'x')",
    "s.insert(100, 'last')",
    "s.insert(-100, 'start')",
    "s.extend([1, 2])",
    "s.extend(s)",
    "s.pop()",
    "s.pop(0)",
    "s.pop(-2)",
    "s.remove(2)",
    "s.reverse()",
    "s.clear()",
    "s.__iadd__([5])",
    "s.__delitem__(0)",
    "s.__delitem__(-1)",
    "s.__delitem__(slice(1, 3))",
    "s.__delitem__(slice(None, None, 2))",
    "s.__delitem__(slice(3, 1))",
    "s.__setitem__(slice(1, 2), ['p', 'q', 'r'])",
    "s.__setitem__(slice(0, 0), [7])",
    "s.__setitem__(slice(3, 1), [7])",
    "s.__setitem__(slice(None, None, 2), ['p', 'q'])",
    "s.__setitem__(slice(None), [])",
]


@pytest.mark.parametrize("step", STEPS)
def test_as_a_list_does_it(mr: MiniRacer, step: str) -> None:
    wanted: list[Any] = [0, 1, 2, 3]
    array = mr.eval("[0, 1, 2, 3]")
    expected = eval(step, {"s": wanted})
    result = eval(step, {"s": array})
    assert list(array) == wanted
    if isinstance(expected, (list, int)):
        assert result == expected


def test_deleting_out_of_range(mr: MiniRacer) -> None:
    array = mr.eval("[1]")
    for wrong in (1, -2):
        with pytest.raises(JSArrayIndexError, match="out of range"):
            del array[wrong]
    with pytest.raises(ValueError, match="2 values for a slice of 1"):
        array[::2] = [1, 2]
    assert list(array) == [1]


def test_what_the_guest_redefines_does_not_matter(mr: MiniRacer) -> None:
    mr.eval("Array.prototype.splice = Array.prototype.push = Array.prototype.slice = () => { throw 'trap' }")
    array = mr.eval("[1, 2]")
    array.insert(0, 0)
    array.append(3)
    array.extend([4, 5])
    del array[1]
    assert array == [0, 2, 3, 4, 5]


def test_methods_of_javascript_are_attributes(mr: MiniRacer) -> None:
    array = mr.eval("[3, 1, 2]")
    assert list(array.map(lambda x, *_: x * 10)) == [30, 10, 20]
    assert array.join("-") == "3-1-2"
    assert array.length == 3
    array.sort()
    assert array == [1, 2, 3]


def test_equality(mr: MiniRacer) -> None:
    array = mr.eval("var a = [1, [2]]; a")
    assert array == mr.eval("a")
    assert array == [1, [2]]
    assert array != [1, 2]
    assert array != mr.eval("[1, [2]]")
    assert hash(array) == hash(mr.eval("a"))
    assert repr(array) == "<JSArray Array>"
