"""Time across a sheet: where a day lies, and the days that are marked."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from matplotlib.dates import AutoDateLocator, date2num, num2date

from negotiations_api.compare.date import first_day, last_day
from negotiations_api.render.svg.figure import PALE, Sheet
from negotiations_api.render.svg.lettering import SMALL

_TICK_ROOM = 64.0
_TALL = 500.0
"""From so many points on the days stand above the lanes too."""
_SHORTEST = 14
"""The least number of days across: matplotlib marks hours in fewer."""


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """The days from `first` to `last` (days since 1970-01-01), from x = `left` to x = `right`."""

    first: float
    last: float
    left: float
    right: float

    def x(self, day: str) -> float:
        """Where the first day of a date lies."""
        share = (_number(first_day(day)) - self.first) / (self.last - self.first)
        return self.left + share * (self.right - self.left)

    def x_after(self, day: str) -> float:
        """Where the last day of a date is over."""
        share = (_number(last_day(day)) + 1 - self.first) / (self.last - self.first)
        return min(self.left + share * (self.right - self.left), self.right)

    def draw(self, sheet: Sheet, top: float, bottom: float) -> None:
        """Grid lines from `top` to `bottom`, with their days: 2019, 2019-04, 2019-04-12."""
        days = self._marked()
        texts = [day.isoformat() for day in days]
        for ending in ("-01", "-01"):
            if all(text.endswith(ending) for text in texts):
                texts = [text.removesuffix(ending) for text in texts]
        for day, text in zip(days, texts, strict=True):
            x = self.x(day.isoformat())
            sheet.line([x, x], [top, bottom], color=PALE, linewidth=0.6, zorder=0.5)
            sheet.write(x, bottom + SMALL + 5, text, size=SMALL, align="center")
            if bottom - top > _TALL:
                sheet.write(x, top - 6, text, size=SMALL, align="center")

    def _marked(self) -> list[dt.date]:
        most = max(int((self.right - self.left) / _TICK_ROOM), 2)
        locator = AutoDateLocator(minticks=min(most, 5), maxticks=most)  # type: ignore[no-untyped-call]
        ends = (_date(self.first), _date(self.last))
        ticks: list[float] = list(locator.tick_values(*ends))  # type: ignore[no-untyped-call]
        days: list[dt.date] = []
        for tick in ticks:
            day = _date(tick).date()
            x = self.x(day.isoformat())
            is_free = not days or x - self.x(days[-1].isoformat()) >= _TICK_ROOM * 0.9
            if self.left <= x <= self.right and is_free:
                days.append(day)
        return days


def time_axis(dates: Iterable[str], left: float, right: float) -> TimeAxis:
    """The axis that has room for all `dates` of the record; there must be one at least."""
    dates = list(dates)
    first = min(_number(first_day(date)) for date in dates)
    last = max(_number(last_day(date)) for date in dates) + 1
    room = max((last - first) * 0.03, 1.0, (_SHORTEST - (last - first)) / 2)
    return TimeAxis(max(first - room, _EARLIEST), min(last + room, _LATEST), left, right)


def _number(day: str) -> float:
    return float(date2num(dt.date.fromisoformat(day)))  # type: ignore[no-untyped-call]


def _date(number: float) -> dt.datetime:
    date: dt.datetime = num2date(number)  # type: ignore[no-untyped-call]
    return date


# matplotlib looks for marks some years beyond both ends.
_EARLIEST, _LATEST = _number("0001-01-02"), _number("9999-12-30")
