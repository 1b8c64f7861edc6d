"""The measure of a set of parties, and by how much it moves for one position alone."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from negotiations_api.batch import batched
from negotiations_api.compare.position import Position, Scale
from negotiations_api.compare.sums import Counts, Mask
from negotiations_api.compare.table import Numbers, PositionTable, record, take

Measured = Callable[[PositionTable, PositionTable], tuple[Numbers, Counts]]
"""A measure of each party of one table with each of another, as `pairwise.between`."""

_BATCH = 256
"""How many positions are tried at a time."""


def mean_of_pairs(table: PositionTable, demands: Mask, measured: Measured) -> float | None:
    """The mean over all pairs, on some demands; None if it is not defined for one of them."""
    some = take(table, np.arange(len(table.parties)), np.flatnonzero(demands))
    values, _ = measured(some, some)
    pairs = values[np.triu_indices(len(table.parties), 1)]
    return float(pairs.mean()) if pairs.size and not np.isnan(pairs).any() else None


def effects(
    table: PositionTable,
    replacements: Sequence[tuple[int, int, Position, Scale | None]],
    demands: Mask,
    measured: Measured,
) -> Iterator[float | None]:
    """By how much each of `replacements` alone would move the mean over all pairs, on `demands`.

    A replacement is a party's row and a demand's column in `table`, the position that would stand
    there, and the demand's scale. None where the mean is not defined without it or with it.
    """
    count, columns = len(table.parties), np.flatnonzero(demands)
    without = take(table, np.arange(count), columns)
    base, _ = measured(without, without)
    others = ~np.eye(count, dtype=np.bool_)
    is_defined = count > 1 and not np.isnan(base[others]).any()
    for batch in batched(replacements, _BATCH):
        # A row for each: all the positions of its party, but that one replaced.
        replaced = take(table, np.array([row for row, *_ in batch]), columns)
        for index, (_, column, position, scale) in enumerate(batch):
            record(replaced, index, int(np.searchsorted(columns, column)), position, scale)
        values, _ = measured(replaced, without)
        for (row, *_), value in zip(batch, values, strict=True):
            gained = (value - base[row])[others[row]].sum()
            is_known = is_defined and not np.isnan(gained)
            yield float(gained / (count * (count - 1) / 2)) if is_known else None
