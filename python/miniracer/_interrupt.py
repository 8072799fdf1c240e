"""Ctrl-C ends JavaScript that runs on the main thread.

While the main thread is inside of the library, Python's signal handlers have to wait: they run between two bytecodes.
But Python's C handler writes the signal's number to the wakeup descriptor at once. A thread that waits there cancels
what the main thread runs; the call comes back, and Python raises KeyboardInterrupt as ever.

Nothing of this is set up where it could be in the way: another wakeup descriptor (an event loop's) is left alone, and
only Python's default handler for SIGINT has its signals acted on, since another one may not mean to end anything.
"""

from __future__ import annotations

import os
from _thread import get_ident, start_new_thread

from . import _runtime

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
else:
    try:
        import _signal as signal  # signal without its enums, which would double the time of this package's import
    except ImportError:
        import signal

_pipe: tuple[int, int] | None = None


def watch() -> None:
    """Starts to watch, if this is the main thread and nobody else does. Cheap when called again."""
    global _pipe
    if os.name != "posix" or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        return
    if _pipe is None:
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        if not _install(writing):
            os.close(reading)
            os.close(writing)
            return
        _pipe = reading, writing
        start_new_thread(_wait, (reading, get_ident()))
    else:
        _install(_pipe[1])


def _install(descriptor: int) -> bool:
    try:
        before = signal.set_wakeup_fd(descriptor, warn_on_full_buffer=False)
    except ValueError:  # not the main thread, or not the main interpreter
        return False
    if before not in (-1, descriptor):
        signal.set_wakeup_fd(before)
        return False
    return True


def _wait(descriptor: int, main: int) -> None:
    while True:
        try:
            numbers = os.read(descriptor, 64)
        except OSError:
            return
        if not numbers:
            return
        if signal.SIGINT in numbers and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            for engine in list(_runtime._engines):
                engine.interrupt_thread(main, None)


def _after_fork_in_child() -> None:
    """The pipe is the parent's, and its reader is not here."""
    global _pipe
    if _pipe is not None:
        reading, writing = _pipe
        _pipe = None
        if signal.set_wakeup_fd(-1) not in (-1, writing):
            return
        os.close(reading)
        os.close(writing)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
