"""How close every pair of parties is, and how united a set of parties is on each demand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import isnan

from negotiations_api.compare.cohesion import agreement_index, alpha, rice
from negotiations_api.compare.distance import coverage
from negotiations_api.compare.measure import Measure, Weights
from negotiations_api.compare.order import in_order
from negotiations_api.compare.pairwise import pairwise
from negotiations_api.compare.period import Period
from negotiations_api.compare.position import Demand, Party, Stance
from negotiations_api.compare.table import STANCES, PositionTable, select


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """How close two parties are: `value` over the `n` demands that both are recorded on.

    `value` is None where the measure is not defined, as with no demand in common. `coverage` is
    the share of n in the demands that either is recorded on (`distance.py`).
    """

    left: str
    right: str
    value: float | None
    n: int
    coverage: float | None


@dataclass(frozen=True, slots=True)
class SetAgreement:
    """Krippendorff's alpha of all the parties, over `n` demands that at least two recorded."""

    alpha: float | None
    n: int
    positions: int


@dataclass(frozen=True, slots=True)
class DemandAgreement:
    """How united the parties are on one demand: `n` recorded positions, counted by stance."""

    demand: Demand
    n: int
    stances: dict[Stance, int]
    rice: float | None
    agreement_index: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """The agreement of every pair, on a day (`on`) or in positions taken over a period."""

    on: str | None
    period: Period | None
    measure: Measure
    weights: Weights
    parties: tuple[Party, ...]
    demands: tuple[DemandAgreement, ...]
    pairs: tuple[PairAgreement, ...]
    together: SetAgreement


def agreement(
    table: PositionTable,
    demands: Sequence[Demand],
    parties: Sequence[Party],
    *,
    measure: Measure,
    weights: Weights,
    on: str | None,
    period: Period | None,
) -> Agreement:
    """The agreement of `parties`, which are some or all of `table`, on its `demands`.

    Pairs are in the order of `parties`. Demands on which none of them is recorded are left out.
    """
    chosen = select(table, [party.slug for party in parties])
    coefficient, n, positions = alpha(chosen)
    return Agreement(
        on=on,
        period=period,
        measure=measure,
        weights=weights,
        parties=tuple(parties),
        demands=tuple(_on_demands(chosen, demands)),
        pairs=tuple(_pairs(chosen, parties, measure, weights)),
        together=SetAgreement(coefficient, n, positions),
    )


def _pairs(
    table: PositionTable, parties: Sequence[Party], measure: Measure, weights: Weights
) -> Iterator[PairAgreement]:
    matrices = pairwise(table, measure, weights)
    values, counts = (matrix.tolist() for matrix in matrices)
    row_of = {slug: row for row, slug in enumerate(table.parties)}
    for left, right in combinations(parties, 2):
        # One half of the matrix, so that rounding is the same whoever is named first.
        row, column = sorted((row_of[left.slug], row_of[right.slug]))
        value, n = values[row][column], counts[row][column]
        yield PairAgreement(
            left=left.slug,
            right=right.slug,
            value=None if isnan(value) else value,
            n=n,
            coverage=coverage(n, counts[row][row], counts[column][column]),
        )


def _on_demands(table: PositionTable, demands: Sequence[Demand]) -> Iterator[DemandAgreement]:
    by_stance = [(table.stances == code).sum(axis=0).tolist() for code in range(len(STANCES))]
    counts_of = dict(zip(table.demands, zip(*by_stance, strict=True), strict=True))
    for demand in in_order(demands):
        counts = counts_of[demand.slug]
        if any(counts):
            stances = dict(zip(STANCES, counts, strict=True))
            yield DemandAgreement(
                demand=demand,
                n=sum(counts),
                stances=stances,
                rice=rice(stances),
                agreement_index=agreement_index(stances),
            )
