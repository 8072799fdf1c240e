"""A rules engine: users write rules, each a script that gives facts about an order. One may fail, the others count."""

from pathlib import Path
from typing import Any

import _checkout  # noqa: F401
from miniracer import JSEvalException, MiniRacer

ORDER = {"customer": 7, "city": "Leeds", "total": 620, "gifts": [{"name": "Mug", "price": 12}]}


def customer(number: int) -> dict[str, Any]:
    return {"name": "Ada", "orders": 41}


def distance(city: str) -> float:
    kilometres = {"York": 38.5}
    if city not in kilometres:
        raise LookupError(f"no such city: {city}")
    return kilometres[city]


facts: dict[str, Any] = {}
for path in sorted(Path(__file__).parent.glob("rules/*.js")):
    with MiniRacer(max_memory=64 << 20, timeout_sec=0.2) as js:  # one of its own: no rule can disturb another
        js.globals.update(customer=customer, distance=distance, order=ORDER)
        try:
            facts |= js.eval(path.read_text(encoding="utf-8"), filename=path.name).to_python()
        except JSEvalException as error:  # thrown, no JavaScript, or ended by a limit
            place = f":{error.line}:{error.column}" if error.line else ""
            print(f"{path.name}{place}: {error.message}")
        except LookupError as error:  # distance()'s own
            print(f"{path.name}: {error}")
print(facts)
