"""The agreement of a set of parties: every pair, every demand, and all together."""

from hypothesis import given, settings
from hypothesis import strategies as st

from negotiations_api.compare.agreement import agreement
from negotiations_api.compare.measure import Measure, Weights
from negotiations_api.compare.order import in_order
from negotiations_api.compare.position import Party, Position, Stance
from tests.compare.agreements import (
    DEMANDS,
    POSITIONS,
    A,
    B,
    C,
    agreed,
    held,
    positions_of,
    table_of,
)
from tests.compare.factories import NUCLEAR, SANCTIONS, demand, position


def test_coverage_is_of_what_either_of_the_two_speaks_of_whoever_else_is_there() -> None:
    positions = [*positions_of("a", p=1, q=1), *positions_of("b", p=1), *positions_of("c", s=1)]
    table = table_of(held(*positions), "abc", DEMANDS)
    found = agreement(
        table,
        DEMANDS,
        [A, B, C],
        measure=Measure.SHARE,
        weights=Weights.EQUAL,
        on=None,
        period=None,
    )
    assert {(p.left, p.right): p.coverage for p in found.pairs} == {
        ("a", "b"): 1 / 2,
        ("a", "c"): 0,
        ("b", "c"): 0,
    }


def test_without_any_position_there_is_no_coverage_and_no_demand() -> None:
    nothing = agreed([])
    assert (nothing.pairs[0].coverage, nothing.demands) == (None, ())


def test_every_pair_comes_once_in_the_order_of_the_parties() -> None:
    pairs = agreed([], parties=(C, A, B)).pairs
    assert [(pair.left, pair.right) for pair in pairs] == [("c", "a"), ("c", "b"), ("a", "b")]


@given(POSITIONS, st.permutations([A, B, C]), st.sampled_from(Measure), st.sampled_from(Weights))
@settings(max_examples=50)
def test_the_order_of_parties_and_demands_changes_no_value(
    positions: dict[tuple[str, str], Position],
    parties: list[Party],
    measure: Measure,
    weights: Weights,
) -> None:
    one = agreed(positions.values(), measure, weights, parties=(A, B, C))
    other = agreed(
        reversed(positions.values()), measure, weights, parties=parties, demands=DEMANDS[::-1]
    )
    found = [{frozenset((p.left, p.right)): p.value for p in some.pairs} for some in (one, other)]
    assert found[0] == found[1]
    assert (one.demands, one.together) == (other.demands, other.together)


def test_demands_come_in_order_without_those_that_nobody_speaks_of() -> None:
    demands = [demand("z", SANCTIONS), demand("x", NUCLEAR), demand("y", SANCTIONS)]
    found = agreed(positions_of("a", z=1, x=0), demands=demands).demands
    assert [d.demand for d in found] == in_order([demands[0], demands[1]])


def test_positions_on_a_demand_are_counted_by_stance() -> None:
    stances = {"a": Stance.DEMAND, "b": Stance.ACCEPT, "c": Stance.REJECT}
    positions = [position(s, party=party, demand="p") for party, s in stances.items()]
    (found,) = agreed(positions, parties=(A, B, C)).demands
    assert found.n == 3
    assert found.stances == {
        Stance.DEMAND: 1,
        Stance.ACCEPT: 1,
        Stance.CONDITIONAL: 0,
        Stance.RESERVE: 0,
        Stance.REJECT: 1,
    }
    # Two for it and one against: |2 - 1| / 3, and (2 - 1/2) / 3.
    assert (found.rice, found.agreement_index) == (1 / 3, 1 / 2)


def test_one_party_has_no_pair() -> None:
    alone = agreed(positions_of("a", p=1), parties=(A,))
    assert (alone.pairs, alone.together.alpha, alone.together.n) == ((), None, 0)
