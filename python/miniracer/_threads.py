"""The functions of `_thread`, as Python made them.

gevent and eventlet put their own in those places, and then a lock, a new "thread" or a thread's identity is a
greenlet's. What this package asks about is real threads: one that waits in the library or in a pipe stops all that runs
on it, and V8 knows of no others.

Not `threading`: importing that, with what it imports, takes longer than this package.
"""

from __future__ import annotations

import _thread
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _thread import allocate_lock, get_ident, start_new_thread
    from typing import Any


def _original(name: str) -> Any:
    gevent, eventlet = sys.modules.get("gevent.monkey"), sys.modules.get("eventlet.patcher")
    if gevent is not None:
        return gevent.get_original("_thread", name)
    if eventlet is not None:
        return getattr(eventlet.original("_thread"), name)
    return getattr(_thread, name)


if not TYPE_CHECKING:
    allocate_lock, get_ident, start_new_thread = map(_original, ("allocate_lock", "get_ident", "start_new_thread"))

__all__ = ["allocate_lock", "get_ident", "start_new_thread"]
