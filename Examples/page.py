"""A page rendered on the server by JavaScript, with data that coroutines of Python's deliver."""

import asyncio
from pathlib import Path
from typing import Any

import _checkout  # noqa: F401
from miniracer import MiniRacer


async def customer(number: int) -> dict[str, Any]:
    await asyncio.sleep(0.02)  # a query, say
    return {"name": {7: "Ada & Co."}[number]}


async def orders(number: int) -> list[dict[str, Any]]:
    await asyncio.sleep(0.02)  # at the same time
    return [{"what": "Tea", "price": 3.5}, {"what": "<Cake>", "price": 12.05}]


async def main() -> None:
    with MiniRacer(module_root=Path(__file__).parent, modules={"shop": {"customer": customer, "orders": orders}}) as js:
        page = await js.import_module_async("./page.mjs")
        print(await page.render.call_async(7), end="")


asyncio.run(main())
