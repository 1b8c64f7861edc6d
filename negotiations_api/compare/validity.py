"""Until when a position holds: to the day before its successor begins, or to its own end."""

from collections.abc import Sequence

from negotiations_api.compare.date import FOREVER, eve, first_day, last_day


def last_days(history: Sequence[tuple[str, str | None]]) -> list[str]:
    """The last day (``YYYY-MM-DD``, inclusive) on which each position of a history holds.

    `history` is the (date, until) pairs of one party's positions on one demand, in their order. A
    position ends the day before the next one begins, whatever its own `until` says beyond that;
    without either it holds for ever (`FOREVER`). One that is superseded on the day on which it
    begins ends before that: it never holds.
    """
    ends = [last_day(until) if until else FOREVER for _, until in history]
    for index, (successor, _) in enumerate(history[1:]):
        ends[index] = min(ends[index], eve(first_day(successor)))
    return ends
