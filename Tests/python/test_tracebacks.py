"""What an exception keeps alive: what the frames of its traceback hold, and that no longer than itself."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from miniracer import JSEvalException, MiniRacer

numbers = count()

RAISING: dict[str, Callable[[MiniRacer], Any]] = {
    "eval": lambda mr: mr.eval("throw 1"),
    "syntax": lambda mr: mr.eval("("),
    "a name": lambda mr: mr.eval("throw 1", filename="a.js"),
    "timeout": lambda mr: mr.eval("for (;;);", timeout_sec=0.001),
    "execute": lambda mr: mr.execute("x"),
    "call": lambda mr: mr.globals["boom"](),
    "new": lambda mr: mr.globals["boom"].new(),
    "get": lambda mr: mr.globals["x"],
    "set": lambda mr: mr.globals.update(x=1),
    "array": lambda mr: mr.eval("Object.freeze([1])").pop(),
    "an index": lambda mr: mr.eval("[1]")[-2],
    "promise": lambda mr: mr.eval("Promise.reject(Error('x'))").get(),
    "module": lambda mr: mr.eval_module("throw 1", f"{next(numbers)}.mjs"),
}

RAISING_LATER: dict[str, Callable[[MiniRacer], Any]] = {
    "eval_async": lambda mr: mr.eval_async("throw 1"),
    "call_async": lambda mr: mr.globals["boom"].call_async(),
    "await": lambda mr: mr.eval_async("Promise.reject(Error('x'))"),
    "module": lambda mr: mr.eval_module_async("throw 1", f"{next(numbers)}.mjs"),
}


@pytest.fixture
def bare(mr: MiniRacer) -> Iterator[MiniRacer]:
    """With something that throws in it, and no collector of cycles."""
    mr.eval("function boom() { throw 1 } Object.defineProperty(globalThis, 'x', {get: boom, set: boom}); 0")
    gc.collect()
    gc.disable()
    yield mr
    gc.enable()


@pytest.mark.parametrize("way", RAISING)
def test_an_exception_keeps_nothing(bare: MiniRacer, way: str) -> None:
    def fails() -> None:
        mine = bare.eval("({})")  # in a frame of the traceback
        RAISING[way](bare)
        del mine

    for round_ in range(101):
        with pytest.raises((JSEvalException, IndexError)):
            fails()
        if round_ == 0:
            before = bare.heap_stats()["number_of_handles"]
    assert bare.heap_stats()["number_of_handles"] <= before


def test_an_exception_as_a_value_keeps_its_traceback(mr: MiniRacer) -> None:
    exception = ValueError("mine")
    with pytest.raises(ValueError, match="mine"):
        raise exception
    before = exception.__traceback__
    assert mr.eval("e => e.message")(exception) == "mine"
    assert exception.__traceback__ is before


@pytest.mark.parametrize("way", RAISING_LATER)
def test_an_exception_of_a_coroutine_keeps_nothing(bare: MiniRacer, way: str) -> None:
    async def fails() -> None:
        mine = bare.eval("({})")
        await RAISING_LATER[way](bare)
        del mine

    async def main() -> None:
        for round_ in range(101):
            with pytest.raises(JSEvalException):
                await fails()
            if round_ == 0:
                before = bare.heap_stats()["number_of_handles"]
        assert bare.heap_stats()["number_of_handles"] <= before

    asyncio.run(main())
