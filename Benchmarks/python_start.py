"""From before the import to the first result, told by the fresh process itself: "case<tab>nanoseconds"."""

from __future__ import annotations

from time import perf_counter_ns


def main() -> None:
    start = perf_counter_ns()
    from miniracer import MiniRacer

    MiniRacer().eval("1")
    print(f"from import to first result\t{perf_counter_ns() - start}")


main()
