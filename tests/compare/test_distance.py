"""How far apart two positions are, and two sides over all their demands."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiations_api.compare.distance import distance_of
from negotiations_api.compare.position import Demand, Position, Scale, Stance
from tests.compare.factories import (
    comparison,
    conditional,
    demand,
    position,
    positions,
    together_with,
)

RELIEF = demand()
SCALED = demand(scale=Scale(10, 30))


@pytest.mark.parametrize(
    ("left", "right", "distance"),
    [
        (Stance.DEMAND, Stance.ACCEPT, 0),
        (Stance.DEMAND, Stance.REJECT, 1),
        (Stance.RESERVE, Stance.REJECT, 1 / 2),
        (Stance.ACCEPT, Stance.RESERVE, 1 / 2),
    ],
)
def test_stances_are_as_far_apart_as_their_acceptance(
    left: Stance, right: Stance, distance: float
) -> None:
    assert distance_of(position(left), position(right), RELIEF) == distance


def test_a_condition_is_half_of_the_way_from_reserve_to_acceptance() -> None:
    waiting = conditional(together_with("cvid"))
    assert distance_of(waiting, position(Stance.ACCEPT), RELIEF) == 1 / 4
    assert distance_of(waiting, position(Stance.RESERVE), RELIEF) == 1 / 4


def test_what_is_not_recorded_has_no_distance() -> None:
    assert distance_of(None, position(), RELIEF) is None
    assert distance_of(position(), None, RELIEF) is None


def test_values_are_compared_on_their_scale() -> None:
    left, right = position(value=15), position(Stance.RESERVE, value=25)
    assert distance_of(left, right, SCALED) == (25 - 15) / (30 - 10)


def test_who_rejects_accepts_no_value() -> None:
    assert distance_of(position(value=15), position(Stance.REJECT, value=15), SCALED) == 1


def test_a_value_on_one_side_only_leaves_the_stances_to_compare() -> None:
    assert distance_of(position(value=15), position(Stance.REJECT), SCALED) == 1


@given(
    positions(st.just("x")),
    positions(st.just("x")),
    st.sampled_from([RELIEF, demand(scale=Scale(0, 30))]),
)
@settings(deadline=None)
def test_distance_is_the_same_both_ways_and_at_most_one(
    left: Position, right: Position, asked: Demand
) -> None:
    there, back = distance_of(left, right, asked), distance_of(right, left, asked)
    assert there == back
    assert there is not None
    assert 0 <= there <= 1


def test_totals_have_the_mean_distance_over_what_both_have_recorded() -> None:
    asked = [demand("a"), demand("b"), demand("c"), demand("d")]
    lefts = [position(demand="a"), position(demand="b"), position(demand="c")]
    rights = [
        position(Stance.REJECT, demand="a"),
        position(Stance.ACCEPT, demand="b"),
        position(Stance.REJECT, demand="d"),
    ]
    totals = comparison(asked, lefts, rights).totals
    assert (totals.recorded_by_both, totals.coverage) == (2, 2 / 4)
    assert totals.distance == (1 + 0) / 2
    assert (totals.left_recorded, totals.left_acceptance) == (3, 1)
    assert (totals.right_recorded, totals.right_acceptance) == (3, (-1 + 1 - 1) / 3)


def test_the_weighted_distance_weighs_by_salience_and_takes_the_middle_otherwise() -> None:
    asked = [demand("a"), demand("b")]
    lefts = [position(demand="a", salience=100), position(demand="b")]
    rights = [
        position(Stance.REJECT, demand="a", salience=60),
        position(Stance.ACCEPT, demand="b", salience=30),
    ]
    weights = ((100 + 60) / 2, (50 + 30) / 2)
    expected = (1 * weights[0] + 0 * weights[1]) / sum(weights)
    assert comparison(asked, lefts, rights).totals.weighted_distance == pytest.approx(expected)


def test_without_salience_the_weighted_distance_is_the_distance() -> None:
    asked = [demand(slug) for slug in "abcd"]
    stances = list(product([Stance.DEMAND, Stance.REJECT], [Stance.RESERVE, Stance.REJECT]))
    lefts = [position(one, demand=slug) for slug, (one, _) in zip("abcd", stances, strict=True)]
    rights = [position(one, demand=slug) for slug, (_, one) in zip("abcd", stances, strict=True)]
    totals = comparison(asked, lefts, rights).totals
    assert totals.weighted_distance == pytest.approx(totals.distance)


def test_sides_with_nothing_in_common_have_no_distance() -> None:
    totals = comparison([demand("a"), demand("b")], [position(demand="a")], []).totals
    assert (totals.coverage, totals.distance, totals.weighted_distance) == (0, None, None)
    assert totals.right_acceptance is None


def test_where_neither_side_has_said_anything_there_is_no_coverage() -> None:
    assert comparison([demand("a")]).totals.coverage is None


def test_what_neither_side_speaks_of_takes_nothing_off_the_coverage() -> None:
    asked = [demand(slug) for slug in "abc"]
    lefts, rights = [position(demand="a"), position(demand="b")], [position(demand="a")]
    assert comparison(asked, lefts, rights).totals.coverage == 1 / 2


def test_a_demand_that_neither_cares_for_weighs_nothing() -> None:
    lefts, rights = [position(salience=0)], [position(Stance.REJECT, salience=0)]
    totals = comparison([RELIEF], lefts, rights).totals
    assert (totals.distance, totals.weighted_distance) == (1, None)
