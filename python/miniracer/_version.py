"""The package's version: that of the installed distribution, or the VERSION file of the checkout this file is in."""

from __future__ import annotations

import os


def _read() -> str:
    here = os.path.dirname(os.path.abspath(__file__))
    for folder in (here, os.path.dirname(os.path.dirname(here))):
        try:
            with open(os.path.join(folder, "VERSION"), encoding="ascii") as file:
                return file.read().strip()
        except OSError:
            pass
    return "0"


__version__ = _read()
