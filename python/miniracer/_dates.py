"""Dates across the border. Imported with the first one: most programs have none, and datetime is slow to import."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta, timezone

from ._errors import JSConversionException
from ._values import is_datetime

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._context import Context
    from ._objects import JSObject

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MILLISECOND = timedelta(milliseconds=1)
_MOST_YEARS = 273_790  # before and after 1970, all of which a Date has


def moment_of(time: float) -> datetime | None:
    """The datetime of a Date's time value, or None where there is none."""
    if abs(time) <= 8.64e15:  # and not NaN
        try:
            return _EPOCH + int(time) * _MILLISECOND
        except OverflowError:
            pass
    return None


def time_of(value: Any) -> float | None:
    """A Date's time value for a datetime or a numpy.datetime64, None for anything else."""
    if not isinstance(value, datetime):
        return _time_of_numpys(value)
    # Not by way of UTC, where the year may be 0 or 10000.
    aware = value if value.utcoffset() is not None else _local(value.replace(tzinfo=None))
    return float((aware - _EPOCH) // _MILLISECOND)


def _local(naive: datetime) -> datetime:
    """A naive datetime as one of local time."""
    try:
        return naive.astimezone()
    except (OverflowError, ValueError):  # at the ends of the calendar: as two days nearer to its middle
        near = naive + timedelta(days=2 if naive.year == 1 else -2)
        return naive.replace(tzinfo=near.astimezone().tzinfo)


def _time_of_numpys(value: Any) -> float | None:
    """numpy's are UTC, as its documentation has it."""
    if not is_datetime(value):
        return None
    numpy = sys.modules["numpy"]
    if isinstance(value, numpy.timedelta64):
        raise JSConversionException(
            "a numpy timedelta64 has no counterpart in JavaScript: value / numpy.timedelta64(1, 'ms') is a number"
        )
    if numpy.isnat(value):
        raise JSConversionException(
            "a numpy datetime64 that is no time (NaT) has no counterpart in JavaScript: pass None"
        )
    if abs(int(value.astype("datetime64[Y]").astype("int64"))) > _MOST_YEARS:
        raise JSConversionException(f"a Date has no such year: {value!r}")
    milliseconds = value.astype("datetime64[ms]")
    if milliseconds != value:
        raise JSConversionException(
            f"a Date has whole milliseconds, and {value!r} has not: value.astype('datetime64[ms]') cuts the rest off"
        )
    return float(milliseconds.astype("int64"))


def new_date(context: Context, moment: Any) -> JSObject:
    """A new Date in JavaScript."""
    return context._new_date(time_of(moment) or 0.0)
