"""Who stands where: demands by parties, on one day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from negotiations_api.compare.order import in_order
from negotiations_api.compare.position import Demand, Party, Position


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One demand and where each party of the matrix stands on it, in the order of its parties."""

    demand: Demand
    positions: tuple[Position | None, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The positions of all parties on all demands on one day; None is not recorded."""

    on: str
    parties: tuple[Party, ...]
    rows: tuple[MatrixRow, ...]
    recorded: int


def matrix(
    on: str, parties: Sequence[Party], demands: Iterable[Demand], positions: Iterable[Position]
) -> Matrix:
    """The matrix of `positions` that hold on the day `on`; one per party and demand at most."""
    held = {(position.demand, position.party): position for position in positions}
    rows = tuple(
        MatrixRow(demand, tuple(held.get((demand.slug, party.slug)) for party in parties))
        for demand in in_order(demands)
    )
    return Matrix(
        on=on,
        parties=tuple(parties),
        rows=rows,
        recorded=sum(position is not None for row in rows for position in row.positions),
    )
