"""Positions as a table of numbers, parties by demands: what the measures of agreement take."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

from negotiations_api.compare.position import Demand, Position, Scale, Stance
from negotiations_api.compare.score import scaled_score

Numbers = NDArray[np.float64]
Indices = NDArray[np.intp]

STANCES = tuple(Stance)
NOT_RECORDED = -1
_CODES = {stance: code for code, stance in enumerate(STANCES)}


@dataclass(frozen=True, slots=True, eq=False)
class PositionTable:
    """Where parties (rows) stand on demands (columns), by slug; NaN is not recorded.

    `acceptance` is that of the stance, -1 to 1; `scaled` the accepted value on the demand's scale,
    where the least value of the scale is -1 and its greatest 1; `salience` is 0 to 100. `stances`
    are places in `STANCES`, or `NOT_RECORDED`. All four have the shape (parties, demands).
    """

    parties: tuple[str, ...]
    demands: tuple[str, ...]
    acceptance: Numbers
    scaled: Numbers
    salience: Numbers
    stances: NDArray[np.int8]

    @property
    def recorded(self) -> NDArray[np.bool_]:
        """Whether a party has a recorded position on a demand, shape (parties, demands)."""
        return np.not_equal(self.stances, NOT_RECORDED)


def tabulate(
    parties: Sequence[str],
    demands: Sequence[Demand],
    rows: Iterable[tuple[str, str, Stance, float | None, float | None]],
) -> PositionTable:
    """The table of `rows` of (party slug, demand slug, stance, value, salience).

    Parties and demands are in the order of their slugs, whatever order they come in: the order in
    which floats are summed then never changes an answer. A later row replaces an earlier one of
    the same party and demand; rows of other parties or demands are left out.
    """
    scales = {demand.slug: demand.scale for demand in demands}
    row_of = {slug: row for row, slug in enumerate(sorted(set(parties)))}
    column_of = {slug: column for column, slug in enumerate(sorted(scales))}
    cells: list[int] = []
    codes: list[int] = []
    scaled: list[float] = []
    saliences: list[float] = []
    for party, demand, stance, value, salience in rows:
        row, column = row_of.get(party), column_of.get(demand)
        if row is None or column is None:
            continue
        cells.append(row * len(column_of) + column)
        codes.append(_CODES[stance])
        accepted = None if stance is Stance.REJECT else value
        score = None if accepted is None else scaled_score(accepted, scales[demand])
        scaled.append(nan if score is None else score)
        saliences.append(nan if salience is None else salience)
    at, last = last_of_each(np.array(cells, np.intp), len(row_of) * len(column_of))
    shape = (len(row_of), len(column_of))
    stances = np.full(shape, NOT_RECORDED, np.int8)
    stances.flat[at] = np.array(codes, np.int8)[last]
    return PositionTable(
        parties=tuple(row_of),
        demands=tuple(column_of),
        acceptance=acceptance_of(stances),
        scaled=filled(shape, at, np.array(scaled, np.float64)[last]),
        salience=filled(shape, at, np.array(saliences, np.float64)[last]),
        stances=stances,
    )


def select(table: PositionTable, parties: Iterable[str]) -> PositionTable:
    """The table of some of its parties (slugs), in the order of `table`; KeyError for others."""
    row_of = {slug: row for row, slug in enumerate(table.parties)}
    rows = sorted({row_of[slug] for slug in parties})
    if len(rows) == len(table.parties):
        return table
    return take(table, np.array(rows, np.intp), np.arange(len(table.demands)))


def take(table: PositionTable, rows: Indices, columns: Indices) -> PositionTable:
    """A copy of the rows and columns of these numbers, in this order; one may come repeatedly."""
    cells = np.ix_(rows, columns)
    return PositionTable(
        parties=tuple(table.parties[row] for row in rows),
        demands=tuple(table.demands[column] for column in columns),
        acceptance=table.acceptance[cells],
        scaled=table.scaled[cells],
        salience=table.salience[cells],
        stances=table.stances[cells],
    )


def record(
    table: PositionTable, row: int, column: int, position: Position | None, scale: Scale | None
) -> None:
    """Write one position, or that there is none, into a cell of `table`."""
    score = None if position is None else scaled_score(position.accepted_value, scale)
    salience = None if position is None else position.salience
    table.stances[row, column] = NOT_RECORDED if position is None else _CODES[position.stance]
    table.acceptance[row, column] = nan if position is None else position.stance.acceptance
    table.scaled[row, column] = nan if score is None else score
    table.salience[row, column] = nan if salience is None else salience


def last_of_each(cells: Indices, size: int) -> tuple[Indices, Indices]:
    """The cells that occur, and for each the place where it occurs last.

    Assigning to repeated cells would leave it to NumPy which of them stays.
    """
    last = np.full(size, -1, np.intp)
    np.maximum.at(last, cells, np.arange(len(cells)))
    occurring = np.flatnonzero(last >= 0)
    return occurring, last[occurring]


def acceptance_of(stances: NDArray[np.int8]) -> Numbers:
    """The acceptance of stances, NaN for `NOT_RECORDED`."""
    # NOT_RECORDED, the place before the first, is the last one.
    of_code = np.array([*(stance.acceptance for stance in STANCES), nan])
    return of_code[stances]


def filled(shape: tuple[int, int], cells: Indices, values: Numbers) -> Numbers:
    """An array of `values` in `cells` (counted row by row), and NaN elsewhere."""
    array = np.full(shape, nan)
    array.flat[cells] = values
    return array
