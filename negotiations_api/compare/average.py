"""Weighted means and medians, exact in the decimals that the record was written in.

In binary floating point three tenths and six tenths are not nine tenths, so that a tie of weights
is missed. Fractions of the written decimals see it, and sum to the same in any order.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate


def exact(number: float) -> Fraction:
    """`number` as the decimals that it is written in: 0.1 is a tenth."""
    return Fraction(str(number))


def weighted_mean(values: Sequence[float], weights: Sequence[Fraction]) -> float | None:
    """The mean of `values`; None where nothing has weight. Weights are not negative."""
    total = sum(weights)
    if not total:
        return None
    weighed = (exact(value) * weight for value, weight in zip(values, weights, strict=True))
    return float(sum(weighed, Fraction()) / total)


def weighted_medians(
    values: Sequence[float], weights: Sequence[Fraction]
) -> tuple[float, float] | None:
    """The least and the greatest weighted median of `values`; None where nothing has weight.

    A median has at least half of the weight at or below it, and at least half at or above it.
    """
    if not sum(weights):
        return None
    upwards = sorted(zip(values, weights, strict=True))
    return _first_with_half(upwards), _first_with_half(upwards[::-1])


def _first_with_half(weighed: Sequence[tuple[float, Fraction]]) -> float:
    """The first value at which half of the weight has come together."""
    sums = list(accumulate(weight for _, weight in weighed))
    return next(
        value for (value, _), so_far in zip(weighed, sums, strict=True) if 2 * so_far >= sums[-1]
    )
