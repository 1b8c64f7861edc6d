"""Positions whose agreement is measured, and the measuring of it."""

from collections.abc import Iterable, Sequence

from hypothesis import strategies as st

from negotiations_api.compare.agreement import Agreement, agreement
from negotiations_api.compare.measure import Measure, Weights
from negotiations_api.compare.position import Demand, Party, Position, Scale, Stance
from negotiations_api.compare.table import PositionTable, tabulate
from tests.compare.definitions import Held
from tests.compare.factories import NUCLEAR, demand, position


def held(*positions: Position) -> dict[tuple[str, str], Position]:
    """Positions by party and demand."""
    return {(p.party, p.demand): p for p in positions}


def table_of(positions: Held, parties: Sequence[str], demands: Sequence[Demand]) -> PositionTable:
    rows = ((p.party, p.demand, p.stance, p.value, p.salience) for p in positions.values())
    return tabulate(parties, demands, rows)


def stance(acceptance: float) -> Stance:
    """A stance of this acceptance."""
    return {1.0: Stance.ACCEPT, 0.5: Stance.CONDITIONAL, 0.0: Stance.RESERVE, -1.0: Stance.REJECT}[
        acceptance
    ]


def positions_of(party: str, **acceptances: float) -> list[Position]:
    """One party's positions: an acceptance for each demand (its slug)."""
    return [position(stance(a), party=party, demand=d) for d, a in acceptances.items()]


A, B, C = (Party(slug, slug.upper()) for slug in "abc")
PLAIN = [demand(slug) for slug in "pqrs"]
SCALED = [demand("t", scale=Scale(0, 10)), demand("u", NUCLEAR, scale=Scale(-4, 4))]
DEMANDS = PLAIN + SCALED
STATED = st.builds(
    position,
    st.sampled_from(Stance),
    party=st.sampled_from("abc"),
    demand=st.sampled_from([d.slug for d in DEMANDS]),
    value=st.none() | st.sampled_from([0.0, 0.1, 1 / 3, 3.0, 4.0]),
    salience=st.none() | st.sampled_from([0.0, 10.0, 33.3, 100.0]),
)
POSITIONS = st.lists(STATED, max_size=18).map(lambda positions: held(*positions))


def agreed(
    positions: Iterable[Position],
    measure: Measure = Measure.SHARE,
    weights: Weights = Weights.EQUAL,
    *,
    parties: Sequence[Party] = (A, B),
    demands: Sequence[Demand] = DEMANDS,
) -> Agreement:
    table = table_of(held(*positions), [party.slug for party in parties], demands)
    return agreement(
        table, demands, parties, measure=measure, weights=weights, on="2019-10-05", period=None
    )
