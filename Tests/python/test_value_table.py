"""docs/values.md: each row of its tables is made, shown and given back here."""

from __future__ import annotations

import array
import datetime
import re
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import CHECKOUT

from miniracer import (
    JSBigInt,
    JSConversionException,
    JSErrorValue,
    JSObject,
    JSSparseArray,
    JSUndefined,
    MiniRacer,
    to_python,
)


def table(heading: str) -> list[list[str]]:
    """The rows of a chapter's table, cells without the backticks around them."""
    page = (CHECKOUT / "docs" / "values.md").read_text(encoding="utf-8")
    (chapter,) = re.findall(rf"^## {heading}\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    rows = [line[2:-2].split(" | ") for line in chapter.splitlines() if line.startswith("| ")]
    return [[cell.strip("`") for cell in row] for row in rows[2:]]


def by_first(rows: list[list[str]]) -> Any:
    return pytest.mark.parametrize("row", rows, ids=[row[0] for row in rows])


@pytest.fixture
def mr() -> Iterator[MiniRacer]:
    with MiniRacer(modules={"m": {"a": 1}}) as racer:
        yield racer


def made(mr: MiniRacer, source: str) -> Any:
    """What a cell of the first column evaluates to, which JavaScript knows as `it`."""
    if source.startswith("await "):
        return mr.eval(f"(async () => globalThis.it = {source})()").get()
    return mr.eval(f"globalThis.it = ({source})")


def shown(value: Any) -> str:
    """A value as the tables have it."""
    if isinstance(value, JSErrorValue):
        return f"JSErrorValue: {value.name}: {value.message}, {shown(value.properties)}"
    if isinstance(value, JSObject):
        return type(value).__name__
    if isinstance(value, JSSparseArray):
        return f"JSSparseArray({dict(value)}), length {value.length}"
    if type(value) is JSBigInt:
        return f"JSBigInt({int(value)})"
    if isinstance(value, datetime.datetime):
        return f"datetime({value:%Y-%m-%d %H:%M}, {value.tzinfo})"
    if type(value) is list:
        return f"[{', '.join(map(shown, value))}]"
    if type(value) is dict:
        return f"{{{', '.join(f'{key!r}: {shown(item)}' for key, item in value.items())}}}"
    if isinstance(value, list):
        return f"{type(value).__name__}({list(value)})"
    return repr(value)


def returned(mr: MiniRacer, value: Any) -> str:
    """What JavaScript sees of a copy of `it` that is given back."""
    mr.globals["back"] = value
    text, original = mr.inspect(mr.eval("back")), mr.inspect(mr.eval("it"))
    first, _, rest = text.partition("\n")
    return "the same" if text == original else f"{first} ..." if rest else first


@by_first(table("Live"))
def test_live(mr: MiniRacer, row: list[str]) -> None:
    source, _, python = row
    value = made(mr, source)
    assert shown(value) == python
    again = "x => Object.is(x, it)" if type(value) is not datetime.datetime else "x => x.getTime() === it.getTime()"
    assert mr.eval(again)(value) is True


@by_first(table("Copies"))
def test_copies(mr: MiniRacer, row: list[str]) -> None:
    source, _, _, python, back = row
    value = made(mr, source)
    if python == "refused":
        with pytest.raises(JSConversionException):
            to_python(value)
        return
    copy = to_python(value)
    assert shown(copy) == python
    assert returned(mr, copy) == back


NAMES = {
    "JSUndefined": JSUndefined,
    "JSBigInt": JSBigInt,
    "array": array.array,
    "datetime": datetime.datetime,
    "utc": datetime.timezone.utc,
}


@by_first(table("From Python"))
def test_into_javascript(mr: MiniRacer, row: list[str]) -> None:
    source, javascript = row
    mr.globals["it"] = eval(source, NAMES)
    assert mr.inspect(mr.eval("it")).split("\n")[0] == javascript
