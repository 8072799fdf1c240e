"""Dates across the border. Imported with the first one: most programs have none, and datetime is slow to import."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

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


def time_of(value: Any) -> float | None:
    """A Date's time value for a datetime, None for anything else."""
    if not isinstance(value, datetime):
        return None
    return float((value.astimezone(timezone.utc) - _EPOCH) // _MILLISECOND)


def new_date(context: Context, moment: datetime) -> JSObject:
    """A new Date in JavaScript."""
    return context._new_date(time_of(moment) or 0.0)
