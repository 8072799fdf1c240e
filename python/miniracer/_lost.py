"""Exceptions that leave a callback of the library's, which ctypes can only print: "Exception ignored on calling ctypes
callback function".

The callbacks catch what the code that they call raises. But Python calls the handlers of signals between two bytecodes,
and the first of a callback comes before any `try`. What a handler raises there, as Ctrl-C does, is meant for the code
that this thread runs: so it ends all JavaScript on it, and is raised where that was called. sys.unraisablehook is the
one place where it can be had.
"""

from __future__ import annotations

import sys

from . import _interrupt, _runtime
from ._threads import get_ident

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

#: What ctypes and the collector are given to call, and whether that is to be called once more with the same arguments;
#: None: where it has but begun. Tuples are added by assignment, so that no thread ever sees half of one.
_callbacks: tuple[tuple[Any, bool | None], ...] = ()
_takers: list[tuple[Any, Callable[[BaseException], Any]]] = []


def callback(kind: Any, function: Callable[..., Any], again: bool = False) -> Any:
    """A callback for the library to hold to the very end of the process. again: what a broken-off call left undone is
    to be done by another one, since the library makes none."""
    made = kind(function)
    _runtime.immortal(made)
    note(function, again)
    return made


def note(function: Callable[..., Any], again: bool | None) -> None:
    """Has an exception that leaves a function which nobody's Python calls end JavaScript."""
    global _callbacks
    _callbacks = (*_callbacks, (function, again))


class taking:  # noqa: N801 - contextlib takes its time to import
    """While this is entered, `taker` is given what a callback of the code inside loses."""

    __slots__ = ("entry",)

    def __init__(self, function: Callable[..., Any], taker: Callable[[BaseException], Any]) -> None:
        self.entry = function, taker

    def __enter__(self) -> None:
        _takers.append(self.entry)

    def __exit__(self, *_: object) -> None:
        _takers.remove(self.entry)


def end_javascript(exception: BaseException) -> bool:
    """Ends all JavaScript on this thread, and has an exception raised where it was called. False: there is none."""
    if isinstance(exception, KeyboardInterrupt):
        _interrupt.delivered()
    thread = get_ident()
    engines = list(_runtime._engines)
    ended = [engine.interrupt_thread(thread, exception) for engine in engines]
    if any(ended):
        return True
    for engine in engines:
        if thread in engine.disposing:
            engine.lost[thread] = exception
            return True
    return False


class Hook:
    """A sys.unraisablehook that takes what is lost of these callbacks, and leaves all else to the one before it."""

    __slots__ = ("before",)

    def __init__(self, before: Callable[[Any], Any]) -> None:
        self.before = before

    def __call__(self, unraisable: Any, /) -> None:
        exception = unraisable.exc_value
        taker = _find(unraisable, _takers) if exception is not None else None
        if taker is not None:
            taker[1](exception)
            return
        found = _find(unraisable, _callbacks) if exception is not None else None
        if found is not None:
            if found[1] is not False:
                try:
                    _call_again(found[0], unraisable.exc_traceback, found[1] is True)
                except BaseException as another:  # of another signal
                    exception = another
            if end_javascript(exception):
                return
        self.before(unraisable)


def _find(unraisable: Any, among: Iterable[tuple[Any, Any]]) -> Any:
    one = unraisable.object
    said = unraisable.err_msg if one is None else None  # from Python 3.13 on, the object is told of in the text only
    for found in list(among):
        if found[0] is one or (said is not None and said.endswith(repr(found[0]))):
            return found
    return None


def _call_again(function: Any, traceback: Any, always: bool) -> None:
    code = function.__code__
    if traceback is None or traceback.tb_frame.f_code is not code:
        return
    if always or traceback.tb_lineno == code.co_firstlineno:
        known = traceback.tb_frame.f_locals
        function(*[known[name] for name in code.co_varnames[: code.co_argcount]])


def arm() -> None:
    """Puts a Hook in place, if none is. Calls that run long look for it: test frameworks set hooks of their own."""
    if type(sys.unraisablehook) is not Hook:
        sys.unraisablehook = Hook(sys.unraisablehook)


def disarm() -> None:
    if type(sys.unraisablehook) is Hook:
        sys.unraisablehook = sys.unraisablehook.before


if not hasattr(sys, "unraisablehook"):  # PyPy prints such an exception, and asks nobody
    sys.unraisablehook = Hook(lambda _: None)
