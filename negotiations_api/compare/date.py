"""Imprecise dates: ``2019``, ``2019-04``, ``2019-04-12`` (EDTF level 0; ISO 8601-2, 2019).

A date is kept as the text that it was written as. Three properties make that enough: the texts
sort by their first day (a coarser date before a finer one that begins with it), a text that is
compared with a whole day compares like its first day, and nothing has to be converted on the way
from the database to an answer.
"""

import calendar
import datetime as dt
import re
from enum import StrEnum

EVER_SINCE = "0001-01-01"
"""The first day that there is."""

FOREVER = "9999-12-31"
"""The last day of what has no end. A real day, so that validity is one plain range comparison."""

_SHAPE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


class Precision(StrEnum):
    """How much of a date is known."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"


def is_date(text: str) -> bool:
    """Whether `text` is a date of the record that exists in the calendar, years 0001 to 9999."""
    if not _SHAPE.fullmatch(text):
        return False
    try:
        dt.date.fromisoformat(first_day(text))
    except ValueError:
        return False
    return True


def precision(date: str) -> Precision:
    """How precise `date` is."""
    return {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}[len(date)]


def first_day(date: str) -> str:
    """The first day of `date`, as ``YYYY-MM-DD``: what it sorts by."""
    return f"{date}-01-01"[:10]


def last_day(date: str) -> str:
    """The last day of `date`, as ``YYYY-MM-DD``: what it means as an as-of date."""
    match len(date):
        case 4:
            return f"{date}-12-31"
        case 7:
            year, month = int(date[:4]), int(date[5:])
            return f"{date}-{calendar.monthrange(year, month)[1]:02}"
        case _:
            return date


def day_before(day: str) -> str:
    """The day before `day`, both ``YYYY-MM-DD``. Raises OverflowError before 0001-01-02."""
    return (dt.date.fromisoformat(day) - dt.timedelta(days=1)).isoformat()


def eve(day: str) -> str:
    """The day before `day`, or the first day that there is: nothing ends before that."""
    return day if day == EVER_SINCE else day_before(day)


def day_after(day: str) -> str:
    """The day after `day`, both ``YYYY-MM-DD``. Raises OverflowError for the last one there is."""
    return (dt.date.fromisoformat(day) + dt.timedelta(days=1)).isoformat()


def today() -> str:
    """Today in UTC, as ``YYYY-MM-DD``."""
    return dt.datetime.now(dt.UTC).date().isoformat()
