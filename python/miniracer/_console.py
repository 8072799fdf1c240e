"""console.log and its like: to a logger, or to a callable."""

from __future__ import annotations

from . import _ffi
from ._checks import function
from ._host import FORGET_FUNCTION, RUN, register
from ._runtime import numbers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ._context import Context

#: logging's levels by MINIRACER_CONSOLE_*.
_LEVELS = (10, 20, 30, 40)


def _log(level: int, method: str, text: str) -> None:
    import logging

    logging.getLogger("miniracer.console").log(level, "%s", text)


def attach(context: Context, options: _ffi.ContextOptions, console: bool | Callable[[int, str, str], Any]) -> None:
    """Has a new context call `console`, or log if that is True."""
    tell = _log if console is True else function("console", console)

    def said(severity: int, method: str, text: str) -> None:
        tell(_LEVELS[min(severity, 3)], method, text)

    number = next(numbers)
    register(context, number, said)
    options.console, options.console_userdata, options.console_finalize = RUN, number, FORGET_FUNCTION
