"""The turns of a MiniRacer's event loop on an asyncio loop, where no thread of the library's runs them."""

from __future__ import annotations

from ._errors import JSClosedException, MiniRacerBaseException
from ._event_loop import install_wake
from ._unhandled import tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, TimerHandle

    from ._context import Context


class Pump:
    """A wake callback that has turns run by an asyncio loop, in its thread, when they are due."""

    __slots__ = ("_context", "_loop", "_timer", "_when")

    def __init__(self, context: Context, loop: AbstractEventLoop) -> None:
        self._context = context._weak
        self._loop = loop
        self._timer: TimerHandle | None = None  # of the next turn
        self._when = 0.0  # that is to be, in the loop's time

    def runs_on(self, loop: AbstractEventLoop) -> bool:
        return self._loop is loop

    def __call__(self, delay: float) -> None:
        try:
            self._loop.call_soon_threadsafe(self._turn_in, delay)
        except RuntimeError:  # the loop is closed: the next one to await something takes its place
            pass

    def _turn_in(self, delay: float) -> None:
        when = self._loop.time() + delay
        if self._timer is not None:
            if self._when <= when:
                return
            self._timer.cancel()
        self._when = when
        self._timer = self._loop.call_later(delay, self._turn)

    def _turn(self) -> None:
        self._timer = None
        context = self._context()
        if context is None or context._closed or context._on_wake is not self:
            return
        try:
            due = context.run_pending()  # type: ignore[attr-defined]
        except JSClosedException:  # or dead: nothing is due any more
            return
        except MiniRacerBaseException as exception:  # it took too long, say; what is left is told to the wake callback
            tell(context, exception)
            return
        if due is not None:
            self._turn_in(due)


def pump(context: Context, loop: AbstractEventLoop) -> None:
    """Has turns run by this asyncio loop, unless the host has a wake callback of its own, and so sees to them."""
    now = context._on_wake
    if now is None or (isinstance(now, Pump) and not now.runs_on(loop)):
        install_wake(context, Pump(context, loop))
