"""Arguments of the wrong type: a TypeError that names the parameter and what was given."""

from __future__ import annotations

from ._errors import JSTypeError, JSValueError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def wrong(name: str, needed: str, value: object) -> JSTypeError:
    """The error for an argument of the wrong type."""
    return JSTypeError(f"{name}: {needed} is needed, not {type(value).__name__}")


def text(name: str, value: Any) -> str:
    """A str."""
    if not isinstance(value, str):
        raise wrong(name, "a str", value)
    return value


def text_or_none(name: str, value: Any) -> str | None:
    """A str or None."""
    return None if value is None else text(name, value)


def seconds(name: str, value: Any) -> float:
    """A number of seconds or the like."""
    cls = type(value)
    if cls is bool or not (hasattr(cls, "__float__") or hasattr(cls, "__index__")):
        raise wrong(name, "a number", value)
    return float(value)


def whole(name: str, value: Any, least: int, most: int) -> int:
    """An int within bounds."""
    if isinstance(value, bool) or not hasattr(type(value), "__index__"):
        raise wrong(name, "an int", value)
    number: int = value.__index__()
    if not least <= number <= most:
        raise JSValueError(f"{name} is a number of at least {least} and at most {most}, and not {number}")
    return number


def switch(name: str, value: Any) -> bool:
    """A bool."""
    if not isinstance(value, bool):
        raise wrong(name, "a bool", value)
    return value


def place(filename: Any, line: Any, column: Any, source_map: Any) -> tuple[str | None, int, int, str | None]:
    """Where a script is from."""
    name, lines = text_or_none("filename", filename), whole("line", line, 1, 2**31 - 1)
    return name, lines, whole("column", column, 1, 2**31 - 1), text_or_none("source_map", source_map)


def function(name: str, value: Any) -> Any:
    """A callable."""
    if not callable(value):
        raise wrong(name, "a callable", value)
    return value


def buffer(name: str, value: Any) -> memoryview:
    """What exports a buffer."""
    try:
        return memoryview(value)
    except TypeError:
        raise wrong(name, "an object that exports a buffer", value) from None
