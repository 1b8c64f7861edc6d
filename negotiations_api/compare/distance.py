"""How far apart two positions on one demand are."""

import math
from collections.abc import Sequence
from operator import mul

from negotiations_api.compare.position import Demand, Position
from negotiations_api.compare.score import RANGE, scores


def distance_of(left: Position | None, right: Position | None, demand: Demand) -> float | None:
    """How far apart two positions on `demand` are, as a share of the farthest that there is.

    It is the difference of their scores (`score.py`) over the range of scores: of the values where
    both have one on the demand's scale, else of the acceptance of the stances. None where one of
    them is not recorded.
    """
    if left is None or right is None:
        return None
    if demand.scale is None:
        return abs(left.stance.acceptance - right.stance.acceptance) / RANGE
    one, other = scores((left, right), demand.scale)
    return abs(one - other) / RANGE


def coverage(both: int, left: int, right: int) -> float | None:
    """How much of what two sides have said can be compared; None if neither has said anything.

    It is the number of demands on which both are recorded over that on which either is (Jaccard
    1901), given how many these are and how many each side is recorded on.
    """
    either = left + right - both
    return both / either if either else None


def mean(numbers: Sequence[float], weights: Sequence[float] | None = None) -> float | None:
    """The mean of `numbers`, by `weights` if there are any; None where there is nothing to it."""
    if weights is None:
        return math.fsum(numbers) / len(numbers) if numbers else None
    total = math.fsum(weights)
    return math.fsum(map(mul, numbers, weights)) / total if total else None
