"""Greenlets, gevent's say, which share a thread and its stack.

V8 leaves its runs in the reverse order of entering them. A callable that JavaScript calls may switch to another
greenlet, with V8's frames put away meanwhile; if that one was in JavaScript as well when the first came back, the
process would crash. So, while a greenlet is inside of such a callable, the others of its thread are refused.

Nothing of this is done where greenlet is not imported.
"""

from __future__ import annotations

from sys import modules

from . import _runtime
from ._errors import JSDeadlockException
from ._threads import get_ident

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_REFUSAL = (
    "another greenlet of this thread is inside of a callable that JavaScript has called, and until that returns no "
    "other one can be in JavaScript: V8 leaves its runs in the reverse order of entering them. Run JavaScript in real "
    "threads, as gevent.get_hub().threadpool.apply(mr.eval, (code,)) does, or have its callables switch to no greenlet"
)

#: What runs no JavaScript, looks at none and moves none: it can be called at any time.
_AT_ANY_TIME = frozenset(
    "buffer_free call_return call_throw call_throw_error error_free graph_free isolate_cancel isolate_dispose "
    "isolate_post library_drain library_get_info process_get_statistics status_name value_release values_free".split()
)

#: By thread, the id of the greenlet in the innermost callback; 0: there is none. Whoever calls `enter` puts back what
#: that gives: by an assignment, which no signal's handler comes between.
inside: dict[int, int] = {}


def enter() -> tuple[int, int]:
    """Notes that a callback begins. Gives the thread, 0 where there are no greenlets, and what was noted for it."""
    getcurrent = getattr(modules["greenlet"], "getcurrent", None)
    if getcurrent is None:  # it is still being imported
        return 0, 0
    for engine in _runtime._engines:
        if not isinstance(engine.c, _Guarded):
            _guard(engine)
    thread = get_ident()
    before = inside.get(thread, 0)
    inside[thread] = id(getcurrent())  # it lives as long as the callback
    return thread, before


def noted(function: Callable[..., Any], *args: Any) -> Any:
    """Calls what a callback calls."""
    thread = before = 0
    try:
        if "greenlet" in modules:
            thread, before = enter()
        return function(*args)
    finally:
        if thread:
            inside[thread] = before


class _Guarded:
    """The contract's functions, as `Functions`, for the greenlet that may call them now."""

    def __init__(self, functions: Any) -> None:
        self._functions = functions

    def __getattr__(self, name: str) -> Any:
        function = getattr(self._functions, name)
        if name not in _AT_ANY_TIME:
            function = _guarded(function)
        setattr(self, name, function)
        return function


def _guarded(function: Any) -> Any:
    def guarded(*args: Any) -> Any:
        innermost = inside.get(get_ident())
        if innermost and innermost != id(modules["greenlet"].getcurrent()):
            raise JSDeadlockException(_REFUSAL)
        return function(*args)

    return guarded


def _guard(engine: Any) -> None:
    engine.c = _Guarded(engine.c)
    for name in ("evaluate", "function_call", "object_get", "object_set"):
        setattr(engine, name, _guarded(getattr(engine, name)))
