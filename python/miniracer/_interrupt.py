"""Ctrl-C ends JavaScript that runs on the main thread.

While the main thread is inside of the library, Python's signal handlers have to wait: they run between two bytecodes.
But Python's C handler writes the signal's number to the wakeup descriptor at once. A thread that waits there cancels
what the main thread runs; the call comes back, and Python raises KeyboardInterrupt as ever. Where JavaScript calls
Python in between, Python raises it in there; that ends the JavaScript just as well: see _lost.

Nothing of this is set up where it could be in the way: another wakeup descriptor (an event loop's) is left alone, and
only Python's default handler for SIGINT has its signals acted on, since another one may not mean to end anything. An
event loop that ends leaves no descriptor: so calls on the main thread look again, now and then.
"""

from __future__ import annotations

import os
import sys
from time import monotonic

from . import _runtime
from ._runtime import watched
from ._threads import allocate_lock, get_ident, start_new_thread

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

#: Looks take a thousandth of the time, so that calls do not become slower; but the next one is due after so many
#: seconds, however long one took that had to wait for the GIL; or where the descriptor is another's, whose place each
#: look takes for a moment.
_SHARE = 1000
_PAUSE = 0.05
_PAUSE_OF_OTHERS = 0.1

_pipe: tuple[int, int] | None = None
_deciding = allocate_lock()  # who of the two ends JavaScript
_delivered = -_TOGETHER  # when Python raised for a Ctrl-C amid JavaScript, and the thread here is yet to know of it
_cancelled = -_TOGETHER  # when that thread ended JavaScript for one, and the call is yet to come back


def watch() -> None:
    """Starts to watch, if this is the main thread and nobody else does. Cheap when called again."""
    if os.name == "posix" and watched.thread in (0, get_ident()) and is_default():
        _start()


def watch_again() -> None:
    """The same for a call, where `watched` says that it is due. While an asyncio loop runs, signals are its own."""
    running_loop = getattr(sys.modules.get("asyncio"), "_get_running_loop", None)
    if running_loop is not None and running_loop() is not None:
        watched.due = 0.0
        return
    begun = monotonic()
    left_alone = is_default() and not _start()
    now = monotonic()
    watched.due = now + (_PAUSE_OF_OTHERS if left_alone else min(_PAUSE, _SHARE * (now - begun)))


def _start() -> bool:
    global _pipe
    if _pipe is not None:
        return _install(_pipe[1])
    try:
        reading, writing = os.pipe()
    except OSError:  # no descriptor is free: a later call may find one
        return False
    os.set_blocking(writing, False)
    try:
        if _install(writing):
            start_new_thread(_wait, (reading, get_ident()))
            _pipe = reading, writing
            watched.thread = get_ident()
            return True
    except RuntimeError:  # the system gives no thread
        signal.set_wakeup_fd(-1)
    os.close(reading)
    os.close(writing)
    return False


def is_default() -> bool:
    """Whether Ctrl-C raises KeyboardInterrupt."""
    return signal.getsignal(signal.SIGINT) is signal.default_int_handler


def delivered() -> None:
    """A KeyboardInterrupt was raised by Python in the midst of JavaScript, which it ends: what runs next is not to be
    ended for it by the thread here, which may be late."""
    global _delivered, _cancelled
    with _deciding:
        now = monotonic()
        if now - _cancelled < _TOGETHER:
            _cancelled = -_TOGETHER
        else:
            _delivered = now


def returned() -> None:
    """A call has come back whose JavaScript the thread here has ended."""
    global _cancelled
    _cancelled = -_TOGETHER


def _end(main: int) -> None:
    """Ends what the main thread runs for the Ctrl-C that this thread has just learned of, unless Python has."""
    global _delivered, _cancelled
    with _deciding:
        now = monotonic()
        if now - _delivered < _TOGETHER:
            _delivered = -_TOGETHER
            return
        _cancelled = now  # before the call can come back
        ended = [engine.interrupt_thread(main, None) for engine in list(_runtime._engines)]
        if not any(ended):  # Python raises it in Python's code
            _cancelled = -_TOGETHER


def _install(descriptor: int) -> bool:
    try:
        before = signal.set_wakeup_fd(descriptor, warn_on_full_buffer=False)
    except ValueError:  # not the main thread, or not the main interpreter
        return False
    if before not in (-1, descriptor):
        try:
            signal.set_wakeup_fd(before)
            return False
        except OSError:  # it has been closed
            pass
    return True


def _wait(descriptor: int, main: int) -> None:
    while True:
        try:
            numbers = os.read(descriptor, 64)
        except OSError:
            return
        if not numbers:
            return
        if signal.SIGINT in numbers and is_default():
            _end(main)


def _after_fork_in_child() -> None:
    """The pipe is the parent's, and its reader is not here."""
    global _deciding, _pipe
    _deciding = allocate_lock()
    watched.thread = 0
    if _pipe is not None:
        reading, writing = _pipe
        _pipe = None
        before = signal.set_wakeup_fd(-1)
        if before not in (-1, writing):
            signal.set_wakeup_fd(before)
        os.close(reading)
        os.close(writing)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
