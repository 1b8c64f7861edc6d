"""Weighted sums over the demands that two parties are both recorded on, for many pairs at once."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from negotiations_api.compare.measure import Weights
from negotiations_api.compare.position import Stance
from negotiations_api.compare.score import NEUTRAL
from negotiations_api.compare.table import Indices, Numbers, PositionTable

Mask = NDArray[np.bool_]
Counts = NDArray[np.int64]

Term = Callable[[Numbers, Numbers], Numbers]
"""What a demand adds, before it is weighed, for the scores x and y of two parties (one shape)."""

_ACCEPTANCES = sorted({stance.acceptance for stance in Stance})
_BLOCK = 2**16
"""How many numbers a broadcast array may hold: few enough to stay in a processor's cache."""


def weighted_sums(
    left: PositionTable, right: PositionTable, weights: Weights, terms: Sequence[Term]
) -> list[Numbers]:
    """The sum of w * term(x, y) over demands, for each term: shape (parties of left, of right).

    Both tables are of the same demands. A demand counts where both parties are recorded on it: x
    and y are their scores (`score.py`), w its weight for the two (1, or that of `pair_weight`).

    Acceptance has few levels. How often each two of them meet, weighed, is a matrix product of
    indicators: the contingency table of every pair, from which the sum of any term follows. Where
    both parties have a value on a demand's scale, scores are any numbers, and each is added on its
    own. Nothing is ever subtracted: what is 0 by definition comes out as 0.
    """
    scaled: Mask = np.any(_has_value(left), axis=0) & np.any(_has_value(right), axis=0)
    levels = [level for level in _ACCEPTANCES if _occurs(level, left) or _occurs(level, right)]
    x, y = np.meshgrid(levels, levels, indexing="ij")
    met = _contingency(left, right, scaled, weights, levels)
    sums = [np.einsum("ab,aibj->ij", term(x, y), met) for term in terms]
    for x, y, w in _blocks(left, right, np.flatnonzero(scaled), weights):
        for index, term in enumerate(terms):
            sums[index] += np.einsum("dij,dij->ij", term(x, y), w)
    return sums


def count_common(left: PositionTable, right: PositionTable) -> Counts:
    """On how many demands both are recorded, shape (parties of left, parties of right)."""
    # Counts below 2 ** 24 are exact in single precision, and take half the time.
    one = left.recorded.astype(np.float32)
    other = one if right is left else right.recorded.astype(np.float32)
    return (one @ other.T).astype(np.int64)


def _occurs(level: float, table: PositionTable) -> bool:
    return bool((table.acceptance == level).any())


def _has_value(table: PositionTable) -> Mask:
    return ~np.isnan(table.scaled)


def _salience(recorded: Numbers) -> Numbers:
    return np.where(np.isnan(recorded), NEUTRAL, recorded)


def _contingency(
    left: PositionTable,
    right: PositionTable,
    scaled: Mask,
    weights: Weights,
    levels: Sequence[float],
) -> Numbers:
    """The weight of the demands on which one acceptance is a, the other b: (a, left, b, right).

    Where both have a value, on one of the demands `scaled`, acceptance does not count.
    """
    saliences = (
        None if weights is Weights.EQUAL else (_salience(left.salience), _salience(right.salience))
    )
    if not scaled.any():
        return _products(left.acceptance, right.acceptance, saliences, levels)
    bare_left, bare_right = (
        np.where(_has_value(table) & scaled, np.nan, table.acceptance) for table in (left, right)
    )
    valued = np.where(_has_value(left), left.acceptance, np.nan)[:, scaled]
    some = None if saliences is None else (saliences[0][:, scaled], saliences[1][:, scaled])
    met = _products(bare_left, right.acceptance, saliences, levels)
    met += _products(valued, bare_right[:, scaled], some, levels)
    return met


def _products(
    left: Numbers,
    right: Numbers,
    saliences: tuple[Numbers, Numbers] | None,
    levels: Sequence[float],
) -> Numbers:
    """The contingency tables of acceptances `left` and `right`, where NaN does not count.

    The mean of two saliences s and t is a sum, so what weighs that much is two products more.
    """
    if saliences is None:
        # Counts below 2 ** 24 are exact in single precision, and take half the time.
        one = _indicators(left, levels, np.float32)
        other = one if right is left else _indicators(right, levels, np.float32)
        met = (one @ other.T).astype(np.float64)
    else:
        one, other = (_indicators(side, levels, np.float64) for side in (left, right))
        times = len(levels), 1
        met = (one * np.tile(saliences[0], times)) @ other.T
        met += one @ (other * np.tile(saliences[1], times)).T
        met /= 2 * 100
    return met.reshape(len(levels), len(left), len(levels), len(right))


def _indicators(
    acceptance: Numbers, levels: Sequence[float], dtype: type[np.float32 | np.float64]
) -> NDArray[np.floating]:
    """1 where the acceptance is that level, else 0: shape (levels x parties, demands)."""
    parties, demands = acceptance.shape
    indicators = np.empty((len(levels), parties, demands), dtype)
    for indicator, level in zip(indicators, levels, strict=True):
        np.equal(acceptance, level, out=indicator)
    return indicators.reshape(len(levels) * parties, demands)


def _blocks(
    left: PositionTable, right: PositionTable, scaled: Indices, weights: Weights
) -> Iterator[tuple[Numbers, Numbers, Numbers]]:
    """The scores x and y and the weights w of a few demands at a time: (demands, left, right).

    Where the two do not both have a value, w is 0.
    """
    x, y = (table.scaled.T[scaled] for table in (left, right))
    has_x, has_y = (1.0 - np.isnan(values) for values in (x, y))
    x, y = np.nan_to_num(x), np.nan_to_num(y)
    s, t = (_salience(table.salience.T[scaled]) / (2 * 100) for table in (left, right))
    size = max(1, _BLOCK // max(1, x.shape[1] * y.shape[1]))
    for start in range(0, len(scaled), size):
        at = slice(start, start + size)
        w = has_x[at, :, None] * has_y[at, None, :]
        if weights is Weights.SALIENCE:
            w *= s[at, :, None] + t[at, None, :]
        yield np.broadcast_to(x[at, :, None], w.shape), np.broadcast_to(y[at, None, :], w.shape), w
