"""Ctrl-C ends JavaScript that runs on the main thread.

While the main thread is inside of the library, Python's signal handlers have to wait: they run between two bytecodes.
But Python's C handler writes the signal's number to the wakeup descriptor at once. A thread that waits there cancels
what the main thread runs; the call comes back, and Python raises KeyboardInterrupt as ever. Where JavaScript calls
Python in between, Python raises it in there; that ends the JavaScript just as well: see _lost.

Nothing of this is set up where it could be in the way: another wakeup descriptor (an event loop's) is left alone, and
only Python's default handler for SIGINT has its signals acted on, since another one may not mean to end anything.
"""

from __future__ import annotations

import os
from time import monotonic

from . import _runtime
from ._threads import get_ident, start_new_thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
else:
    try:
        import _signal as signal  # signal without its enums, which would double the time of this package's import
    except ImportError:
        import signal

#: Seconds within which the thread here and Python itself come to know of one and the same Ctrl-C.
_TOGETHER = 1.0

_pipe: tuple[int, int] | None = None
_delivered = -_TOGETHER  # when Python raised for a Ctrl-C amid JavaScript, and the thread here is yet to know of it
_cancelled = -_TOGETHER  # when that thread ended JavaScript for one, and the call is yet to come back


def watch() -> None:
    """Starts to watch, if this is the main thread and nobody else does. Cheap when called again."""
    global _pipe
    if os.name != "posix" or not is_default():
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


def is_default() -> bool:
    """Whether Ctrl-C raises KeyboardInterrupt."""
    return signal.getsignal(signal.SIGINT) is signal.default_int_handler


def delivered() -> None:
    """A KeyboardInterrupt was raised by Python in the midst of JavaScript, which it ends: what runs next is not to be
    ended for it by the thread here, which may be late."""
    global _delivered, _cancelled
    now = monotonic()
    if now - _cancelled < _TOGETHER:
        _cancelled = -_TOGETHER
    else:
        _delivered = now


def returned() -> None:
    """A call has come back whose JavaScript the thread here has ended."""
    global _cancelled
    _cancelled = -_TOGETHER


def _is_over() -> bool:
    """Whether the Ctrl-C that this thread has just learned of has ended JavaScript already."""
    global _delivered, _cancelled
    now = monotonic()
    if now - _delivered < _TOGETHER:
        _delivered = -_TOGETHER
        return True
    _cancelled = now
    return False


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
        if signal.SIGINT in numbers and is_default() and not _is_over():
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
