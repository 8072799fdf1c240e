"""What nobody handles: rejected promises, and what timers throw.

Every MiniRacer wants to be told, so this is all that a process that is just starting needs of the library's callbacks;
the others are in _callbacks.
"""

from __future__ import annotations

from . import _ffi
from ._lost import callback
from ._runtime import numbers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any
    from weakref import ref

    from ._context import Context
    from ._runtime import Engine

_contexts: dict[int, ref[Context]] = {}


def set_unhandled(context: Context, handler: Callable[[BaseException], Any] | None) -> int:
    """Has `handler` called with what no one handles; None: log it. Returns the status."""
    engine = context._engine
    if engine.unhandled is None:
        engine.unhandled = _callback(engine)
    context._handler = number = next(numbers)
    _contexts[number] = context._weak
    context._on_unhandled = handler
    # No finalizer: it would call Python whenever an isolate is disposed of, at the end of the process as well.
    status: int = engine.c.isolate_set_unhandled(context._isolate, engine.unhandled, number, _ffi.FINALIZER(0))
    return status


def forget_handler(number: int) -> None:
    """The isolate is disposed of. A thread that is inside of it yet may come back with the number."""
    _contexts.pop(number, None)


def _callback(engine: Engine) -> Any:
    """One for each library, for its records are given back to it whoever is still there to be told."""

    def unhandled(number: int, _: int, error: int) -> None:
        found = _contexts.get(number)
        context = found() if found is not None else None
        if context is None:
            engine.c.error_free(error)
            return
        from ._callbacks import guarded

        guarded(_report, context, error)

    return callback(_ffi.UNHANDLED, unhandled)


def _report(context: Context, error: int) -> None:
    from ._records import exception_of

    tell(context, exception_of(context, error, bool(_ffi.Error.from_address(error).flags & _ffi.ERROR_REJECTION)))


def tell(context: Context, exception: BaseException) -> None:
    """Tells the handler of an exception, or else the log."""
    from ._callbacks import log

    if context._on_unhandled is not None:
        context._on_unhandled(exception)
    else:
        log(f"unhandled in JavaScript: {exception}".rstrip())
