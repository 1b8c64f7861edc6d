"""What bargaining theory makes of the values that parties would accept on a scale.

An interval is its least and its greatest value.
"""

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction

from negotiations_api.compare.average import exact

STEPS = 64
"""How often the share of the zone is halved: more than a float can tell apart."""

_FAR = Fraction(10) ** 300
"""What is that many widths of the zone away makes no difference, and is still a float."""


def interval(value: float, furthest: float | None) -> tuple[float, float]:
    """What a party certainly accepts: from its value to its furthest, if that is known."""
    return (value, value) if furthest is None else (min(value, furthest), max(value, furthest))


def common(intervals: Iterable[tuple[float, float]]) -> tuple[float, float] | None:
    """What all of one or more `intervals` have in common; None if that is nothing."""
    lows, highs = zip(*intervals, strict=True)
    low, high = max(lows), min(highs)
    return (low, high) if low <= high else None


def nash_solution(furthest: Sequence[float], low: float, high: float) -> float:
    """The value of the zone from `low` to `high` with the greatest product of gains (Nash 1950).

    `furthest` are the reservation values of the parties, none of them between `low` and `high`;
    a party gains the distance from its own, so that those below would rather go up and those above
    down. The logarithm of the product is concave: its slope is halved in on.
    """
    if low == high:
        return low
    below = sorted(exact(one) for one in furthest if one <= low)
    above = sorted(exact(one) for one in furthest if one > low)
    if not below or not above:
        return high if below else low
    bottom, top = exact(low), exact(high)
    if len({*below, *above}) == 2:
        # Two camps (so also two parties) divide what lies between them by heads: exact.
        best = (len(below) * above[0] + len(above) * below[0]) / len(furthest)
        return float(min(max(best, bottom), top))
    width = top - bottom
    gained = [float(min((bottom - one) / width, _FAR)) for one in below]
    left = [float(min((one - top) / width, _FAR)) for one in above]
    return float(bottom + Fraction(_best_share(gained, left)) * width)


def _best_share(gained: Sequence[float], left: Sequence[float]) -> float:
    """How far up the zone (0 to 1) the best value lies.

    `gained` is what each party below has gained where the zone begins, `left` what each party
    above has left where it ends, in widths of the zone.
    """

    def slope(share: float) -> float:
        ups = (_inverse(gain + share) for gain in gained)
        return sum(ups) - sum(_inverse(gain + (1 - share)) for gain in left)

    if slope(0) <= 0:
        return 0
    if slope(1) >= 0:
        return 1
    start, end = 0.0, 1.0
    for _ in range(STEPS):
        middle = (start + end) / 2
        if slope(middle) > 0:
            start = middle
        else:
            end = middle
    return (start + end) / 2


def _inverse(gain: float) -> float:
    return 1 / gain if gain else math.inf
