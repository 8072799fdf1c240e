"""A chart by D3 of Python's data: the arrays are lent, nothing of them is copied."""

import sys
from array import array
from math import cos, exp, pi, sin
from pathlib import Path

from _checkout import PACKAGES
from miniracer import MiniRacer


def angle(time: float) -> float:
    return 30 * exp(-time / 8) * cos(2 * pi * time / 2.5)


# x and y in turn; a numpy array of shape (n, 2) does as well.
model = array("d", [number for i in range(401) for number in (i / 20, angle(i / 20))])
measured = array("d", [number for t in range(21) for number in (t, angle(t) + 2 * sin(7 * t))])

with MiniRacer(module_root=Path(__file__).parent, packages=PACKAGES, require=True) as js:
    chart = js.import_module("./plot.mjs")
    with js.lend(model) as line, js.lend(measured) as dots:
        svg = chart.plot(
            {
                "title": "A pendulum",
                "xLabel": "time in seconds",
                "yLabel": "angle in degrees",
                "series": [{"name": "model", "points": line}, {"name": "measured", "points": dots, "dots": True}],
            }
        )

Path(sys.argv[1] if len(sys.argv) > 1 else "plot.svg").write_text(svg, encoding="utf-8")
