"""How united a set of parties is."""

from collections import Counter
from fractions import Fraction

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from negotiations_api.compare.cohesion import agreement_index, alpha, rice
from negotiations_api.compare.position import Position, Scale, Stance
from tests.compare.agreements import held, positions_of, table_of
from tests.compare.definitions import ACCEPTANCE
from tests.compare.factories import demand, position

DEMAND, ACCEPT, CONDITIONAL, RESERVE, REJECT = Stance
PLAIN = [demand(slug) for slug in "pqrs"]
SCALED = demand("t", scale=Scale(0, 10))
COUNTS = st.dictionaries(st.sampled_from(Stance), st.integers(0, 9))


@pytest.mark.parametrize(
    ("stances", "cohesion"),
    [
        ({ACCEPT: 3, REJECT: 1}, 2 / 4),
        ({DEMAND: 1, ACCEPT: 2, REJECT: 3}, 0),
        ({REJECT: 5}, 1),
        ({ACCEPT: 1, RESERVE: 9, CONDITIONAL: 9}, 1),
        ({RESERVE: 2, CONDITIONAL: 1}, None),
        ({}, None),
    ],
)
def test_rice_is_the_difference_of_for_and_against_over_their_sum(
    stances: dict[Stance, int], cohesion: float | None
) -> None:
    assert rice(stances) == cohesion


@pytest.mark.parametrize(
    ("stances", "index"),
    [
        # The largest side less half of all others, over all.
        ({ACCEPT: 6, REJECT: 2, RESERVE: 2}, (6 - 4 / 2) / 10),
        ({DEMAND: 1, ACCEPT: 1, REJECT: 1, CONDITIONAL: 1}, (2 - 2 / 2) / 4),
        ({ACCEPT: 2, REJECT: 2, RESERVE: 2}, 0),
        ({CONDITIONAL: 1, RESERVE: 3}, 1),
        ({}, None),
    ],
)
def test_the_agreement_index_weighs_the_largest_of_three_sides_against_the_others(
    stances: dict[Stance, int], index: float | None
) -> None:
    assert agreement_index(stances) == index


@given(COUNTS)
def test_both_run_from_0_to_1_and_are_1_where_all_say_the_same(stances: Counter[Stance]) -> None:
    for index in (rice(stances), agreement_index(stances)):
        assert index is None or 0 <= index <= 1
    if sum(stances.values()) and set(+Counter(stances)) <= {DEMAND, ACCEPT}:
        assert (rice(stances), agreement_index(stances)) == (1, 1)


def test_alpha_by_hand() -> None:
    positions = held(
        *positions_of("a", p=1, q=1, r=-1), *positions_of("b", p=1, q=0), *positions_of("c", q=1)
    )
    # r has one position, so it does not count. Within p: 1, 1. Within q: 1, 0, 1.
    # Observed: ordered pairs of q that differ by 1 are 4, over m - 1 = 2, over 5 values: 2/5.
    # Expected: of the 5 values (four 1, one 0) 8 of 5 x 4 ordered pairs differ by 1: 2/5.
    found, demands, values = alpha(table_of(positions, "abc", PLAIN))
    assert found == pytest.approx(1 - (2 / 5) / (2 / 5))
    assert (demands, values) == (2, 5)


def test_alpha_is_1_where_all_agree_and_demands_differ() -> None:
    positions = held(*positions_of("a", p=1, q=-1), *positions_of("b", p=1, q=-1))
    assert alpha(table_of(positions, "ab", PLAIN)) == (1, 2, 4)


def test_alpha_is_not_defined_where_nothing_varies() -> None:
    positions = held(*positions_of("a", p=1, q=1), *positions_of("b", p=1, q=1))
    assert alpha(table_of(positions, "ab", PLAIN)) == (None, 2, 4)


def test_alpha_is_not_defined_where_no_demand_has_two_positions() -> None:
    positions = held(*positions_of("a", p=1), *positions_of("b", q=-1))
    assert alpha(table_of(positions, "ab", PLAIN)) == (None, 0, 0)


@pytest.mark.parametrize(("value", "compared"), [(5.0, [-1, 0]), (None, [1, 0])])
def test_alpha_compares_values_where_every_position_on_a_demand_has_one(
    value: float | None, compared: list[float]
) -> None:
    positions = held(
        position(ACCEPT, party="a", demand="t", value=0.0),
        position(RESERVE, party="b", demand="t", value=value),
        *positions_of("a", p=1),
        *positions_of("b", p=1),
    )
    found, *_ = alpha(table_of(positions, "ab", [*PLAIN, SCALED]))
    x, y = (Fraction(score) for score in compared)
    values = [x, y, Fraction(1), Fraction(1)]
    observed = 2 * (x - y) ** 2 / 4
    expected = sum((v - w) ** 2 for v in values for w in values) / (4 * 3)
    assert found == pytest.approx(float(1 - observed / expected))


@given(
    st.lists(
        st.builds(
            position,
            st.sampled_from(Stance),
            party=st.sampled_from("abcd"),
            demand=st.sampled_from("pqrst"),
            value=st.none() | st.sampled_from([0.0, 1.0, 7.5, 10.0]),
        ),
        max_size=20,
    ).map(lambda positions: held(*positions))
)
@settings(max_examples=200)
def test_alpha_is_that_of_the_krippendorff_package(
    positions: dict[tuple[str, str], Position],
) -> None:
    columns = []
    for about in (*PLAIN, SCALED):
        stated = [positions.get((party, about.slug)) for party in "abcd"]
        said = [p for p in stated if p is not None]
        if len(said) < 2:
            continue
        by_value = about.scale is not None and all(
            p.value is not None and p.stance is not REJECT for p in said
        )
        columns.append(
            [
                np.nan
                if p is None
                else (p.value or 0) / 5 - 1
                if by_value
                else ACCEPTANCE[p.stance]
                for p in stated
            ]
        )
    assume(len({score for column in columns for score in column if score == score}) > 1)
    expected = krippendorff.alpha(np.array(columns).T, level_of_measurement="interval")
    found, demands, pairable = alpha(table_of(positions, "abcd", [*PLAIN, SCALED]))
    assert found == pytest.approx(expected, abs=1e-12)
    assert demands == len(columns)
    assert pairable == np.count_nonzero(~np.isnan(columns))
