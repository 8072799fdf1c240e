"""The cases from Python: one line each, "case<tab>nanoseconds", as the programs of native/bench print them."""

from __future__ import annotations

import io
import json
import pickle
from collections.abc import Callable
from time import perf_counter
from typing import Any

ROUNDS = 15
LOOP = "(function (host, n) { let x = 0; for (let i = 0; i < n; i++) x = host(x); return x; })"


def measure(name: str, operation: Callable[[int], object]) -> None:
    """Runs with growing counts until a round is long enough, then ROUNDS of those: Measure() of cases.h."""
    count = 1
    while True:
        start = perf_counter()
        operation(count)
        took = perf_counter() - start
        if took > 0.02:
            break
        count = count * 8 if took < 0.001 else int(count * 0.025 / took) + 1
    best = float("inf")
    for _ in range(ROUNDS):
        start = perf_counter()
        operation(count)
        best = min(best, perf_counter() - start)
    report(name, best / count)


def report(name: str, seconds: float) -> None:
    print(f"{name}\t{seconds * 1e9:.1f}", flush=True)


def expect(seen: object, wanted: object) -> None:
    if seen != wanted:
        raise SystemExit(f"python_host: {seen!r} is not {wanted!r}")


def measure_common(new_mini_racer: Callable[[], Any]) -> None:
    """What PyMiniRacer can do as well, written the same."""
    mr = new_mini_racer()
    run = mr.eval
    add = run("(function (a, b) { return a + b; })")
    make = run("(function () { return {}; })")
    thing = run("({a: 1})")

    def call(count: int) -> None:
        for _ in range(count):
            add(1, 2)

    def evaluate(count: int) -> None:
        for _ in range(count):
            run("1+1")

    def get_a_property(count: int) -> None:
        for _ in range(count):
            thing["a"]

    def call_for_an_object(count: int) -> None:
        for _ in range(count):
            make()

    def new_isolate_and_context(count: int) -> None:
        for _ in range(count):
            new_mini_racer().close()

    expect(add(1, 2), 3)
    expect(run("1+1"), 2)
    expect(thing["a"], 1)
    measure("call", call)
    measure("evaluate", evaluate)
    measure("get a property", get_a_property)
    measure("call for an object", call_for_an_object)
    measure("new isolate and context", new_isolate_and_context)


RECORDS = """Array.from({length: 10000}, (_, i) => ({
    id: i, name: 'record number ' + i, score: i * 1.5 + 0.25, active: i % 3 === 0, tags: ['tag' + i % 7, 'all'],
}))"""


def measure_graphs(mr: Any) -> None:
    """10,000 records across the border, beside JSON, whose both halves are counted."""
    records = mr.eval(RECORDS)
    stringify = mr.eval("(value => JSON.stringify(value))")
    parse = mr.eval("(text => { JSON.parse(text); })")
    take = mr.eval("(value => {})")
    plain = records.to_python()

    def repeated(operation: Callable[[], object]) -> Callable[[int], object]:
        def run(count: int) -> None:
            for _ in range(count):
                operation()

        return run

    expect(plain, json.loads(stringify(records)))
    measure("10,000 records out", repeated(records.to_python))
    measure("10,000 records out, JSON", repeated(lambda: json.loads(stringify(records))))
    measure("10,000 records in", repeated(lambda: take(plain)))
    measure("10,000 records in, JSON", repeated(lambda: parse(json.dumps(plain))))
    # What of that is Python's own part. The last one is what a form would cost that has to be read by Python code.
    text, pickled = json.dumps(plain), pickle.dumps(plain, 4)
    measure("10,000 records, json.loads", repeated(lambda: json.loads(text)))
    measure("10,000 records, json.dumps", repeated(lambda: json.dumps(plain)))
    measure("10,000 records, Unpickler.load", repeated(lambda: pickle.Unpickler(io.BytesIO(pickled)).load()))
    measure("10,000 records, pickle.dumps", repeated(lambda: pickle.dumps(plain, 4)))
    in_python: Any = vars(pickle)["_Unpickler"]
    measure("10,000 records, the same in Python code", repeated(lambda: in_python(io.BytesIO(pickled)).load()))


def main() -> None:
    from miniracer import MiniRacer

    measure_common(MiniRacer)
    mr = MiniRacer()
    add: Any = mr.eval("(function (a, b) { return a + b; })")
    loop: Any = mr.eval(LOOP)
    host = mr.function(lambda x: x + 1)

    def call_with_a_timeout(count: int) -> None:
        for _ in range(count):
            add(1, 2, timeout_sec=1.0)

    expect(loop(host, 100), 100)
    measure("call with a timeout", call_with_a_timeout)
    measure("callback", lambda count: loop(host, count))
    measure_graphs(mr)


if __name__ == "__main__":
    main()
