"""Dates across the border. Imported with the first one: most programs have none, and datetime is slow to import."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._context import Context
    from ._objects import JSObject

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MILLISECOND = timedelta(milliseconds=1)


def moment_of(time: float) -> datetime | None:
    """The datetime of a Date's time value, or None where there is none."""
    if abs(time) <= 8.64e15:  # and not NaN
        try:
            return _EPOCH + int(time) * _MILLISECOND
        except OverflowError:
            pass
    return None


def new_date(context: Context, moment: datetime) -> JSObject:
    """A new Date in JavaScript."""
    return context._new_date(float((moment.astimezone(timezone.utc) - _EPOCH) // _MILLISECOND))
