"""The same cases in PyMiniRacer (`mini-racer` on PyPI), a peer."""

from __future__ import annotations

import asyncio
from time import perf_counter

from py_mini_racer import MiniRacer
from python_host import LOOP, expect, measure_common, report

COUNT = 500


async def callback() -> None:
    """It knows coroutine functions only: JavaScript gets a promise from each call and has to await it."""

    async def increment(x: int) -> int:
        return x + 1

    mr = MiniRacer()
    loop = mr.eval(LOOP.replace("(function", "(async function").replace("= host", "= await host"))
    async with mr.wrap_py_function(increment) as host:
        best = float("inf")
        for _ in range(5):
            start = perf_counter()
            expect(await (await loop.cancelable()(host, COUNT)), COUNT)
            best = min(best, perf_counter() - start)
    report("callback", best / COUNT)


measure_common(MiniRacer)
asyncio.run(callback())
