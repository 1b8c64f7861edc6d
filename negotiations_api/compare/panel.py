"""On which days parties changed their positions, and on which demands all are recorded then."""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from negotiations_api.compare.date import EVER_SINCE, FOREVER, day_after, first_day
from negotiations_api.compare.period import Period
from negotiations_api.compare.position import Position
from negotiations_api.compare.sums import Mask


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Parties observed on demands (slugs) on `days` (``YYYY-MM-DD``), in order.

    `common` says on which demands all parties are recorded on which day: shape (days, demands).
    """

    demands: tuple[str, ...]
    days: tuple[str, ...]
    common: Mask

    def span(self, position: Position) -> tuple[int, int]:
        """The days on which a position holds, as places in `days`: from, and up to but not at."""
        return _span(self.days, position)


def observe(
    parties: Sequence[str], demands: Sequence[str], positions: Sequence[Position], period: Period
) -> Panel:
    """The panel of `positions`, all of these parties and demands; one at most holds on a day."""
    days = _days(positions, period)
    column_of = {slug: column for column, slug in enumerate(demands)}
    held = np.zeros((len(days) + 1, len(demands)), np.int32)
    for position in positions:
        begin, end = _span(days, position)
        if begin < end:
            held[begin, column_of[position.demand]] += 1
            held[end, column_of[position.demand]] -= 1
    np.cumsum(held, axis=0, out=held)
    return Panel(tuple(demands), tuple(days), held[:-1] == len(parties))


def balanced_days(panel: Panel, period: Period) -> range:
    """The days (their places) to measure on; none if all parties never meet on a demand.

    The last is the last day on which all are recorded on some demand. The day after a position has
    ended there may be none any more, and no demand would last until then. No other end is tried.

    With a stated start the first is the first day on which all are recorded on some demand. Where
    the period is open at its start, the record itself has to say where to begin: parties take
    positions one after the other, so the earlier the first day, the fewer the demands that all
    are recorded on from then to the last. It is then the day that makes the most of both: the one
    with the largest balanced panel (the same demands throughout), in demands times calendar days up
    to the last; the earliest if there are several.
    """
    meeting = np.flatnonzero(panel.common.any(axis=1))
    if not meeting.size:
        return range(0)
    first, end = int(meeting[0]), int(meeting[-1]) + 1
    if period.first_day == EVER_SINCE:
        common = panel.common[first:end]
        throughout = np.logical_and.accumulate(common[::-1], axis=0)[::-1].sum(axis=1)
        ordinals = np.array([dt.date.fromisoformat(d).toordinal() for d in panel.days[first:end]])
        first += int((throughout * (ordinals[-1] + 1 - ordinals)).argmax())
    return range(first, end)


def _days(positions: Sequence[Position], period: Period) -> list[str]:
    """The days in `period` on which a position begins, or has ended the day before.

    And its first day, unless it has none, if a position holds then already.
    """
    days = {first_day(position.date) for position in positions}
    days |= {day_after(end) for end in {position.ends_on for position in positions} - {FOREVER}}
    start = period.first_day
    if start != EVER_SINCE and any(p.holds_on(start) for p in positions):
        days.add(start)
    return sorted(day for day in days if period.first_day <= day <= period.last_day)


def _span(days: Sequence[str], position: Position) -> tuple[int, int]:
    return bisect_left(days, first_day(position.date)), bisect_right(days, position.ends_on)
