"""How close two parties are, by every measure."""

import math
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score  # type: ignore[import-untyped]

from negotiations_api.compare.measure import Measure, Weights
from negotiations_api.compare.pairwise import pairwise
from negotiations_api.compare.position import Position, Scale, Stance
from tests.compare.agreements import (
    DEMANDS,
    POSITIONS,
    A,
    B,
    C,
    agreed,
    positions_of,
    stance,
    table_of,
)
from tests.compare.definitions import measured, score_pairs
from tests.compare.factories import demand, position


def value_of(
    positions: Iterable[Position], measure: Measure, weights: Weights = Weights.EQUAL
) -> float | None:
    return agreed(positions, measure, weights).pairs[0].value


# On p, q, r, s: x is 1, 1/2, 0, 0 and y is 1, -1, 0, 1. Nobody else speaks of t.
# |x - y| is 0, 3/2, 0, 1, together 5/2; its squares are 0, 9/4, 0, 1, together 13/4;
# the products x y are 1, -1/2, 0, 0, together 1/2.
LEFT = positions_of("a", p=1, q=0.5, r=0, s=0, t=1)
RIGHT = positions_of("b", p=1, q=-1, r=0, s=1)
BY_HAND = {
    Measure.SHARE: 1 - (5 / 2) / (2 * 4),
    Measure.S: 2 * (1 - (5 / 2) / (2 * 4)) - 1,
    # Means 3/8 and 1/4; variances 5/16 - 9/64 = 11/64 and 3/4 - 1/16 = 11/16.
    Measure.KAPPA: 1 - (13 / 4 / 4) / (11 / 64 + 11 / 16 + (3 / 8 - 1 / 4) ** 2),
    # Together the mean is 5/16, the variance 17/32 - 25/256 = 111/256.
    Measure.PI: 1 - (13 / 4 / 4) / (2 * 111 / 256),
    Measure.MANHATTAN: (5 / 2) / (2 * 4),
    Measure.EUCLIDEAN: math.sqrt((13 / 4) / (4 * 4)),
    Measure.DIRECTIONAL: (1 - (1 / 2) / 4) / 2,
    Measure.HYBRID: ((5 / 2) / (2 * 4) + (1 - (1 / 2) / 4) / 2) / 2,
}


@pytest.mark.parametrize("measure", Measure)
def test_a_measure_is_what_its_definition_gives_by_hand(measure: Measure) -> None:
    assert value_of([*LEFT, *RIGHT], measure) == pytest.approx(BY_HAND[measure], abs=1e-15)


def test_a_demand_weighs_the_mean_of_the_two_saliences_and_50_where_none_is_recorded() -> None:
    positions = [
        position(Stance.ACCEPT, party="a", demand="p", salience=100),
        position(Stance.REJECT, party="b", demand="p", salience=60),
        position(Stance.ACCEPT, party="a", demand="q", salience=None),
        position(Stance.ACCEPT, party="b", demand="q", salience=90),
    ]
    # p weighs (100 + 60) / 2 = 80 and they differ by all of it; q weighs (50 + 90) / 2 = 70.
    weighed = value_of(positions, Measure.SHARE, Weights.SALIENCE)
    assert weighed == pytest.approx(1 - 80 / (80 + 70), abs=1e-15)


def test_demands_that_matter_to_neither_leave_nothing_to_measure() -> None:
    both = [position(party=party, demand="p", salience=0) for party in "ab"]
    (pair,) = agreed(both, weights=Weights.SALIENCE).pairs
    assert (pair.value, pair.n) == (None, 1)


def test_two_values_on_a_scale_are_compared_rather_than_stances() -> None:
    # On a scale from 0 to 10, 2 and 7 are half of it apart, whatever the stances say.
    stated = [("a", Stance.ACCEPT, 2.0), ("b", Stance.RESERVE, 7.0)]
    positions = [position(s, party=p, demand="t", value=v) for p, s, v in stated]
    assert value_of(positions, Measure.SHARE) == 0.5


def test_who_rejects_accepts_no_value() -> None:
    stated = [("a", Stance.ACCEPT, 2.0), ("b", Stance.REJECT, 2.0)]
    positions = [position(s, party=p, demand="t", value=v) for p, s, v in stated]
    assert value_of(positions, Measure.SHARE) == 0


def test_with_one_value_only_stances_are_compared() -> None:
    stated = [("a", Stance.ACCEPT, 2.0), ("b", Stance.REJECT, None)]
    positions = [position(s, party=p, demand="t", value=v) for p, s, v in stated]
    assert value_of(positions, Measure.SHARE) == 0


def test_what_is_compared_may_differ_from_pair_to_pair() -> None:
    stated = [("a", Stance.ACCEPT, 0.0), ("b", Stance.ACCEPT, 10.0), ("c", Stance.ACCEPT, None)]
    positions = [position(s, party=p, demand="t", value=v) for p, s, v in stated]
    pairs = agreed(positions, parties=(A, B, C)).pairs
    assert {pair.left + pair.right: pair.value for pair in pairs} == {"ab": 0, "ac": 1, "bc": 1}


@given(POSITIONS, st.sampled_from(Measure), st.sampled_from(Weights))
@settings(max_examples=300)
def test_every_measure_of_every_pair_follows_its_definition(
    positions: dict[tuple[str, str], Position], measure: Measure, weights: Weights
) -> None:
    for pair in agreed(positions.values(), measure, weights, parties=(A, B, C)).pairs:
        compared = score_pairs(positions, pair.left, pair.right, DEMANDS, weights)
        expected = measured(measure, compared)
        assert pair.n == len(compared)
        assert (pair.value is None) == (expected is None)
        assert pair.value is None or pair.value == pytest.approx(expected, abs=1e-12)


@given(st.lists(st.tuples(*[st.sampled_from([-1, 0, 1])] * 2), min_size=1, max_size=25))
@settings(max_examples=100)
def test_kappa_is_the_quadratically_weighted_kappa_of_scikit_learn(
    votes: list[tuple[int, int]],
) -> None:
    assume(len({vote for pair in votes for vote in pair}) > 1)
    demands = [demand(f"d{index}") for index in range(len(votes))]
    positions = [
        position(stance(float(vote)), party=party, demand=about.slug)
        for about, pair in zip(demands, votes, strict=True)
        for party, vote in zip("ab", pair, strict=True)
    ]
    (pair,) = agreed(positions, Measure.KAPPA, demands=demands).pairs
    left, right = zip(*votes, strict=True)
    expected = cohen_kappa_score(left, right, labels=[-1, 0, 1], weights="quadratic")
    assert pair.value == pytest.approx(expected, abs=1e-12)


@given(POSITIONS, st.sampled_from(Measure), st.sampled_from(Weights))
@settings(max_examples=100)
def test_a_measure_is_symmetric_and_within_its_bounds(
    positions: dict[tuple[str, str], Position], measure: Measure, weights: Weights
) -> None:
    values, n = pairwise(table_of(positions, "abc", DEMANDS), measure, weights)
    assert np.allclose(values, values.T, rtol=0, atol=1e-12, equal_nan=True)
    assert (n == n.T).all()
    defined = values[~np.isnan(values)]
    assert (defined >= measure.definition.least).all()
    assert (defined <= 1).all()


@pytest.mark.parametrize("measure", [Measure.KAPPA, Measure.PI])
def test_the_rounding_of_floats_takes_no_measure_out_of_its_bounds(measure: Measure) -> None:
    # On each demand the two are the same way from the middle of a scale from 0 to 10.
    opposite = [
        position(party=party, demand="t", value=value, salience=salience)
        for party, value, salience in (("a", 2.0, 33.3), ("b", 8.0, None))
    ]
    mirrored = [
        position(party=party, demand="v", value=value, salience=salience)
        for party, value, salience in (("a", 8.0, 33.3), ("b", 2.0, None))
    ]
    demands = [demand(slug, scale=Scale(0, 10)) for slug in "tv"]
    how = measure, Weights.SALIENCE
    assert agreed([*opposite, *mirrored], *how, demands=demands).pairs[0].value == -1


@given(POSITIONS, st.sampled_from(Weights))
@settings(max_examples=100)
def test_s_and_manhattan_distance_say_the_same_as_the_share(
    positions: dict[tuple[str, str], Position], weights: Weights
) -> None:
    share, s, manhattan = (
        value_of(positions.values(), measure, weights)
        for measure in (Measure.SHARE, Measure.S, Measure.MANHATTAN)
    )
    if share is None:
        assert (s, manhattan) == (None, None)
    else:
        assert s == pytest.approx(2 * share - 1, abs=1e-12)
        assert manhattan == pytest.approx(1 - share, abs=1e-12)


@given(POSITIONS, st.sampled_from(Measure), st.sampled_from(Weights))
@settings(max_examples=50)
def test_a_party_is_at_no_distance_from_one_that_says_the_same(
    positions: dict[tuple[str, str], Position], measure: Measure, weights: Weights
) -> None:
    alike = [
        position(p.stance, party=party, demand=p.demand, value=p.value, salience=p.salience)
        for p in positions.values()
        if p.party == "a"
        for party in "ab"
    ]
    value = value_of(alike, measure, weights)
    if measure in {Measure.MANHATTAN, Measure.EUCLIDEAN}:
        assert value in {None, 0}
    elif not measure.is_distance:
        assert value in {None, 1}


@pytest.mark.parametrize("measure", Measure)
@pytest.mark.parametrize("weights", Weights)
def test_parties_with_no_demand_in_common_have_no_value_rather_than_0(
    measure: Measure, weights: Weights
) -> None:
    apart = [*positions_of("a", p=1), *positions_of("b", q=1)]
    (pair,) = agreed(apart, measure, weights).pairs
    assert (pair.value, pair.n, pair.coverage) == (None, 0, 0)


@pytest.mark.parametrize("measure", [Measure.KAPPA, Measure.PI])
def test_chance_corrected_measures_are_not_defined_where_nothing_varies(measure: Measure) -> None:
    alike = [*positions_of("a", p=1, q=1), *positions_of("b", p=1, q=1)]
    (pair,) = agreed(alike, measure).pairs
    assert (pair.value, pair.n) == (None, 2)


@given(
    st.sampled_from([Measure.KAPPA, Measure.PI]),
    st.integers(0, 10),
    st.lists(st.integers(1, 100), min_size=2, max_size=4),
)
@settings(max_examples=100)
def test_weights_that_do_not_add_up_exactly_are_no_variation(
    measure: Measure, value: int, saliences: list[int]
) -> None:
    demands = [demand(f"d{index}", scale=Scale(0, 10)) for index in range(len(saliences))]
    alike = [
        position(party=party, demand=about.slug, value=float(value), salience=float(salience))
        for about, salience in zip(demands, saliences, strict=True)
        for party in "ab"
    ]
    (pair,) = agreed(alike, measure, Weights.SALIENCE, demands=demands).pairs
    assert (pair.value, pair.n) == (None, len(demands))
