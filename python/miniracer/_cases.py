"""Reads the hostile suite's cases, whose form Tests/hostile/README.md tells."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from math import inf

ACTIONS = """evaluate call construct get set has delete keys to_string json graph inspect keep promise turn
module""".split()
ISOLATE_WORDS = "no_eval no_webassembly no_shared_memory explicit_microtasks background_loop".split()
CONTEXT_WORDS = "timers console web".split()
PROCESS_WORDS = "single_threaded jitless no_signals".split()

_UNITS = {"ms": 0.001, "s": 1, "B": 1, "KB": 2**10, "MB": 2**20, "GB": 2**30}


class BadCase(ValueError):
    """A file that is not of the form; the message begins with file and line."""


@dataclass
class Case:
    """One case. Times are seconds, sizes bytes; infinity is no limit."""

    group: str
    name: str
    why: str = ""
    expect: str = ""
    after: str = "usable"
    action: str = "evaluate"
    timeout: float = 1.0
    cpu: float = inf
    grace: float = 0.25
    memory: float = 128 * 2**20
    heap: float = inf
    stack: float = inf
    handles: int = 0
    timers: int = 0
    modules: int = 0
    console: int = 0
    clock: float | str = 0
    preset: str = "trusted"
    options: frozenset[str] = frozenset()
    body: str = ""
    given: set[str] = field(default_factory=set)

    @property
    def path(self) -> str:
        return f"{self.group}/{self.name}"

    @property
    def most(self) -> float:
        """Seconds after which a run of it is to be over."""
        return self.timeout if self.timeout != inf else self.cpu if self.cpu != inf else 1.0


def _amount(text: str, units: str) -> float | None:
    found = re.fullmatch(rf"(\d+)({units})", text)
    return int(found[1]) * _UNITS[found[2]] if found else None


def _time(text: str) -> float | None:
    return _amount(text, "ms|s")


def _size(text: str) -> float | None:
    return _amount(text, "B|KB|MB|GB")


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d+", text) else None


def _value(name: str, text: str) -> object:
    """What a directive's text means, None if it is not of its form."""
    if name in ("timeout", "cpu"):
        return inf if text == "none" else _time(text)
    if name in ("memory", "heap", "stack"):
        return inf if text == "none" else _size(text)
    if name == "clock":
        return {"none": 0, "frozen": "frozen"}[text] if text in ("none", "frozen") else _time(text)
    if name == "grace":
        return _time(text)
    if name == "console":
        size = _size(text)
        return None if size is None else int(size)
    if name in ("handles", "timers", "modules"):
        return _number(text)
    if name == "options":
        words = text.split(" ")
        known = {*ISOLATE_WORDS, *CONTEXT_WORDS, *PROCESS_WORDS}
        return frozenset(words) if set(words) <= known and len(set(words)) == len(words) else None
    choices = {
        "after": ["usable", "dead", "either", "full"],
        "action": ACTIONS,
        "preset": ["trusted", "untrusted"],
    }.get(name)
    return text if text and (choices is None or text in choices) else None


_DIRECTIVES = {*Case.__dataclass_fields__} - {"group", "name", "body", "given"}


def parse(text: str, path: str) -> list[Case]:
    """The cases of a file."""
    group = os.path.basename(path)[: -len(".js")]
    cases: list[Case] = []
    lines: list[str] = []

    def wrong(number: int, what: str) -> BadCase:
        return BadCase(f"{path}:{number}: {what}")

    def end(number: int) -> None:
        if cases:
            case = cases[-1]
            case.body = "".join(lines)
            missing = [name for name in ("expect", "why") if name not in case.given]
            if missing:
                raise wrong(number, f"{case.name} has no {missing[0]}")
            if not case.body.strip():
                raise wrong(number, f"{case.name} has no body")
        lines.clear()

    if not text.isascii() or "\r" in text:
        raise wrong(1, "not ASCII with lines ended by LF")
    number = 0
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        if not line.startswith("//!"):
            if cases:
                lines.append(line)
            elif line.strip() and not line.startswith("//"):
                raise wrong(number, "code before the first case")
            continue
        found = re.fullmatch(r"//! (\w+): (.*)\n?", line)
        if not found:
            raise wrong(number, "not a directive")
        name, said = found[1], found[2]
        if name == "case":
            end(number)
            if not re.fullmatch(r"[a-z0-9-]+", said):
                raise wrong(number, f"no name: {said}")
            cases.append(Case(group, said))
        elif not cases or lines or name not in _DIRECTIVES:
            raise wrong(number, f"no directive here: {name}")
        elif name in cases[-1].given:
            raise wrong(number, f"a second {name}")
        else:
            value = _value(name, said)
            if value is None:
                raise wrong(number, f"{name} cannot be: {said}")
            setattr(cases[-1], name, value)
            cases[-1].given.add(name)
    end(number)
    return cases


def folder() -> str:
    """Where the cases are: beside this module, or in the checkout that it is in."""
    here = os.path.dirname(os.path.abspath(__file__))
    packaged = os.path.join(here, "hostile")
    return packaged if os.path.isdir(packaged) else os.path.join(here, "..", "..", "Tests", "hostile")


def read(where: str) -> list[Case]:
    """The cases of a folder, by file and in order."""
    cases: list[Case] = []
    names: dict[str, str] = {}
    for name in sorted(os.listdir(where)):
        if name.endswith(".js"):
            path = os.path.join(where, name)
            with open(path, encoding="latin-1", newline="") as file:
                found = parse(file.read(), path)
            for case in found:
                if case.name in names:
                    raise BadCase(f"{path}: {case.name} is in {names[case.name]} already")
                names[case.name] = path
            cases += found
    if not cases:
        raise BadCase(f"{where}: no cases")
    return cases
