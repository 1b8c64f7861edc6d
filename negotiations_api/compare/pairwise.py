"""The measures of how close two parties are, for every pair at once.

x and y are the scores of two parties on a demand (`score.py`), w its weight for the two; sums are
over the demands that both are recorded on, and R is the range of scores.
"""

from collections.abc import Callable

import numpy as np

from negotiations_api.compare.measure import Measure, Weights
from negotiations_api.compare.score import RANGE
from negotiations_api.compare.sums import Counts, Term, count_common, weighted_sums
from negotiations_api.compare.table import Numbers, PositionTable

NO_VARIATION = 1e-12
"""The expected disagreement below which scores do not vary, but for the rounding of floats."""


def pairwise(table: PositionTable, measure: Measure, weights: Weights) -> tuple[Numbers, Counts]:
    """The measure of every two parties, and on how many demands it rests: (parties, parties).

    NaN where it is not defined: without a demand in common or with no weight on any, and for
    kappa and pi where the scores do not vary.
    """
    return between(table, table, measure, weights)


def between(
    left: PositionTable, right: PositionTable, measure: Measure, weights: Weights
) -> tuple[Numbers, Counts]:
    """The measure of each party of `left` with each of `right`: (parties of left, of right).

    Both tables are of the same demands. Otherwise like `pairwise`.
    """
    formula, terms = _FORMULAS[measure]
    weight, *sums = weighted_sums(left, right, weights, (_one, *terms))
    with np.errstate(divide="ignore", invalid="ignore"):
        values = formula(weight, *sums)
    np.clip(values, measure.definition.least, measure.definition.greatest, out=values)
    return values, count_common(left, right)


def _one(x: Numbers, _: Numbers) -> Numbers:
    return np.ones_like(x)


def _difference(x: Numbers, y: Numbers) -> Numbers:
    return np.abs(x - y)


def _square_difference(x: Numbers, y: Numbers) -> Numbers:
    return np.square(x - y)


def _product(x: Numbers, y: Numbers) -> Numbers:
    return x * y


def _left(x: Numbers, _: Numbers) -> Numbers:
    return x


def _right(_: Numbers, y: Numbers) -> Numbers:
    return y


def _squares(x: Numbers, y: Numbers) -> Numbers:
    return np.square(x) + np.square(y)


def _share(weight: Numbers, difference: Numbers) -> Numbers:
    """1 - sum(w |x - y|) / (R sum(w)): the share of the greatest agreement that there could be."""
    return 1 - _manhattan(weight, difference)


def _s(weight: Numbers, difference: Numbers) -> Numbers:
    """S, from -1 to 1 (Signorino and Ritter 1999)."""
    return 2 * _share(weight, difference) - 1


def _kappa(weight: Numbers, square: Numbers, x: Numbers, y: Numbers, squares: Numbers) -> Numbers:
    """Kappa with squared disagreement (Cohen 1968; Häge 2011 for states).

    Agreement by chance is that of two independent parties, each with its own mean and variance.
    """
    return _beyond_chance(weight, square, weight * squares - 2 * x * y)


def _pi(weight: Numbers, square: Numbers, x: Numbers, y: Numbers, squares: Numbers) -> Numbers:
    """Pi with squared disagreement (Scott 1955; Häge 2011 for states).

    Agreement by chance is that of two draws from the scores of both, taken together.
    """
    return _beyond_chance(weight, square, weight * squares - np.square(x + y) / 2)


def _beyond_chance(weight: Numbers, square: Numbers, expected: Numbers) -> Numbers:
    """1 - observed / expected disagreement; `expected` is times the square of the weight.

    In that form it is exact as long as weights and scores are whole numbers or halves.
    """
    varies = expected >= NO_VARIATION * np.square(weight)
    return np.where(varies, 1 - weight * square / expected, np.nan)


def _manhattan(weight: Numbers, difference: Numbers) -> Numbers:
    """sum(w |x - y|) / (R sum(w)): the Manhattan distance."""
    return difference / (RANGE * weight)


def _euclidean(weight: Numbers, square: Numbers) -> Numbers:
    """sqrt(sum(w (x - y)^2) / (R^2 sum(w)))."""
    return np.sqrt(square / (RANGE**2 * weight))


def _directional(weight: Numbers, product: Numbers) -> Numbers:
    """The scalar product as a distance from 0 to 1 (Rabinowitz and Macdonald 1989)."""
    return (1 - product / weight) / 2


def _hybrid(weight: Numbers, difference: Numbers, product: Numbers) -> Numbers:
    """The mean of Manhattan and directional distance (Mendez 2017)."""
    return (_manhattan(weight, difference) + _directional(weight, product)) / 2


_FORMULAS: dict[Measure, tuple[Callable[..., Numbers], tuple[Term, ...]]] = {
    Measure.SHARE: (_share, (_difference,)),
    Measure.S: (_s, (_difference,)),
    Measure.KAPPA: (_kappa, (_square_difference, _left, _right, _squares)),
    Measure.PI: (_pi, (_square_difference, _left, _right, _squares)),
    Measure.MANHATTAN: (_manhattan, (_difference,)),
    Measure.EUCLIDEAN: (_euclidean, (_square_difference,)),
    Measure.DIRECTIONAL: (_directional, (_product,)),
    Measure.HYBRID: (_hybrid, (_difference, _product)),
}
"""For each measure its formula, which takes the sum of weights and those of its terms."""
