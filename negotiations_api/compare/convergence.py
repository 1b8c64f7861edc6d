"""Whether parties come closer: a measure at every date on which a position changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from negotiations_api.compare.change import Change, change
from negotiations_api.compare.effect import Measured, effects, mean_of_pairs
from negotiations_api.compare.measure import Measure, Weights
from negotiations_api.compare.order import in_order
from negotiations_api.compare.pairwise import between
from negotiations_api.compare.panel import Panel, balanced_days, observe
from negotiations_api.compare.period import Period
from negotiations_api.compare.position import Demand, Party, Position
from negotiations_api.compare.sums import Mask
from negotiations_api.compare.table import PositionTable, record, tabulate

NO_EFFECT = 1e-12
"""The effect below which a move has none, but for the rounding of floats."""

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ConvergencePoint:
    """The measure on one day (``YYYY-MM-DD``), the mean over the pairs of parties.

    `value` is over the fixed demands of the answer; `recorded_value` over the `recorded` demands
    that all parties are recorded on that day, which `entered` and `left` (slugs) since the last
    point. The two values are None where there is nothing to measure.
    """

    on: str
    value: float | None
    recorded_value: float | None
    recorded: int
    entered: tuple[str, ...]
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """A change of one position on a day on a demand that all parties are recorded on throughout.

    `effect` is by how much the measure moved for it alone, over the demands that all parties are
    recorded on both before and after that day.
    """

    on: str
    before: Position
    after: Position
    change: Change
    effect: float


@dataclass(frozen=True, slots=True)
class Convergence:
    """How a measure moved over a period.

    The fixed `demands` are those that all parties are recorded on from the first point to the
    last one at which they are all recorded on any; points after that have no value. `moves` are
    the largest, the largest first.
    """

    measure: Measure
    weights: Weights
    period: Period
    parties: tuple[Party, ...]
    demands: tuple[Demand, ...]
    points: tuple[ConvergencePoint, ...]
    moves: tuple[Move, ...]


def convergence(
    parties: Sequence[Party],
    demands: Iterable[Demand],
    histories: Iterable[Position],
    *,
    period: Period,
    measure: Measure,
    weights: Weights,
    largest: int = 10,
    today: str | None = None,
) -> Convergence:
    """How close `parties` were on each day of `period` on which one of them changed a position.

    `histories` are all their positions ever; others, and those on other demands, are left out.
    There are points from the first of the days that `balanced_days` (`panel.py`) chooses, and none
    if the parties are never recorded on one demand. `largest` is how many moves to keep. What is
    later than `today` (``YYYY-MM-DD``), if that is given, is not looked at.
    """
    wanted = {demand.slug: demand for demand in demands}
    slugs = {party.slug for party in parties}
    held = [
        position for position in histories if position.party in slugs and position.demand in wanted
    ]
    seen = replace(period, last_day=min(period.last_day, today)) if today else period
    panel = observe(sorted(slugs), sorted(wanted), held, seen)
    balanced = balanced_days(panel, seen)
    points: list[ConvergencePoint] = []
    moves: list[Move] = []
    fixed: Mask = np.zeros(len(wanted), np.bool_)
    if balanced:
        fixed = np.logical_and.reduce(panel.common[balanced.start : balanced.stop])
        measured = partial(between, measure=measure, weights=weights)
        points, moves = _replay(panel, sorted(slugs), wanted, held, balanced, fixed, measured)
    moves.sort(key=_rank)
    return Convergence(
        measure=measure,
        weights=weights,
        period=period,
        parties=tuple(parties),
        demands=tuple(in_order(wanted[panel.demands[column]] for column in np.flatnonzero(fixed))),
        points=tuple(points),
        moves=tuple(moves[:largest]),
    )


def _replay(
    panel: Panel,
    parties: Sequence[str],
    demands: Mapping[str, Demand],
    positions: Sequence[Position],
    balanced: range,
    fixed: Mask,
    measured: Measured,
) -> tuple[list[ConvergencePoint], list[Move]]:
    """The points from the first of `balanced` on, and every move after it that had an effect.

    `fixed` are the demands on which all parties are recorded throughout `balanced`.
    """
    start = balanced.start
    changes = _changes(panel, parties, positions)
    current: dict[Cell, Position | None] = {}
    for day in range(start + 1):
        current |= changes[day]
    table = tabulate(
        parties,
        list(demands.values()),
        ((p.party, p.demand, p.stance, p.value, p.salience) for p in current.values() if p),
    )
    common = panel.common[start]
    value = mean_of_pairs(table, fixed, measured)
    recorded_value = mean_of_pairs(table, common, measured)
    points = [ConvergencePoint(panel.days[start], value, recorded_value, int(common.sum()), (), ())]
    moves: list[Move] = []
    for day in range(start + 1, len(panel.days)):
        earlier, common = common, panel.common[day]
        moved = {cell: (current.get(cell), position) for cell, position in changes[day].items()}
        moves += _moves(panel.days[day], table, moved, demands, earlier & common, measured)
        current |= changes[day]
        for (row, column), position in changes[day].items():
            record(table, row, column, position, demands[table.demands[column]].scale)
        touched = [column for _, column in changes[day]]
        if day not in balanced:
            value = None
        elif fixed[touched].any():
            value = mean_of_pairs(table, fixed, measured)
        if (earlier | common)[touched].any():
            recorded_value = mean_of_pairs(table, common, measured)
        points.append(
            ConvergencePoint(
                on=panel.days[day],
                value=value,
                recorded_value=recorded_value,
                recorded=int(common.sum()),
                entered=_slugs(table, common & ~earlier),
                left=_slugs(table, earlier & ~common),
            )
        )
    return points, moves


def _changes(
    panel: Panel, parties: Sequence[str], positions: Sequence[Position]
) -> list[dict[Cell, Position | None]]:
    """For each day of the panel the cells of the table that change, and what they change to."""
    row_of = {slug: row for row, slug in enumerate(parties)}
    column_of = {slug: column for column, slug in enumerate(panel.demands)}
    changes: list[dict[Cell, Position | None]] = [{} for _ in panel.days]
    for position in positions:
        begin, end = panel.span(position)
        if begin < end:
            cell = row_of[position.party], column_of[position.demand]
            changes[begin][cell] = position
            if end < len(changes):
                changes[end].setdefault(cell, None)
    return changes


def _moves(
    on: str,
    table: PositionTable,
    moved: Mapping[Cell, tuple[Position | None, Position | None]],
    demands: Mapping[str, Demand],
    throughout: Mask,
    measured: Measured,
) -> Iterator[Move]:
    """The moves of a day that had an effect on the measure; `table` is that of the day before."""
    tried = [
        (row, column, before, after, kind)
        for (row, column), (before, after) in moved.items()
        if throughout[column] and before and after
        if (kind := change(before, after)) is not Change.UNCHANGED
    ]
    if not tried:
        return
    replacements = [(r, c, after, demands[after.demand].scale) for r, c, _, after, _ in tried]
    alone = effects(table, replacements, throughout, measured)
    for (_, _, before, after, kind), effect in zip(tried, alone, strict=True):
        if effect is not None and abs(effect) > NO_EFFECT:
            yield Move(on, before, after, kind, effect)


def _rank(move: Move) -> tuple[float, str, str, str]:
    """The largest effect first; those that differ by rounding only are alike."""
    return -round(abs(move.effect), 12), move.on, move.after.demand, move.after.party


def _slugs(table: PositionTable, columns: Mask) -> tuple[str, ...]:
    return tuple(table.demands[column] for column in np.flatnonzero(columns))
