"""Weighted means and medians, against the plain ones of numbers that are repeated."""

import statistics
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiations_api.compare.average import exact, weighted_mean, weighted_medians

WEIGHED = st.lists(
    st.tuples(st.integers(-1000, 1000).map(lambda n: n / 10), st.integers(0, 8)), min_size=1
)
WITH_WEIGHT = WEIGHED.filter(lambda pairs: any(weight for _, weight in pairs))


def split(pairs: list[tuple[float, int]]) -> tuple[list[float], list[Fraction]]:
    """The values, and the weights as hundredths."""
    return [value for value, _ in pairs], [Fraction(weight, 100) for _, weight in pairs]


def repeated(pairs: list[tuple[float, int]]) -> list[float]:
    """Each value as many times as it weighs."""
    return [value for value, weight in pairs for _ in range(weight)]


def test_a_number_is_exactly_the_decimals_that_it_is_written_in() -> None:
    assert exact(0.1) + exact(0.2) == exact(0.3) == Fraction(3, 10)


def test_the_heavier_value_draws_the_mean_to_itself() -> None:
    assert weighted_mean([0, 100], [Fraction(1), Fraction(3)]) == 75


@given(WITH_WEIGHT)
@settings(deadline=None)
def test_the_mean_is_that_of_the_values_repeated_by_their_weights(
    pairs: list[tuple[float, int]],
) -> None:
    assert weighted_mean(*split(pairs)) == pytest.approx(statistics.fmean(repeated(pairs)))


@given(WITH_WEIGHT)
@settings(deadline=None)
def test_the_medians_are_those_of_the_values_repeated_by_their_weights(
    pairs: list[tuple[float, int]],
) -> None:
    every = repeated(pairs)
    expected = statistics.median_low(every), statistics.median_high(every)
    assert weighted_medians(*split(pairs)) == expected


@given(WITH_WEIGHT)
@settings(deadline=None)
def test_half_of_the_weight_lies_on_either_side_of_every_median(
    pairs: list[tuple[float, int]],
) -> None:
    every = repeated(pairs)
    for median in weighted_medians(*split(pairs)) or ():
        assert 2 * sum(value <= median for value in every) >= len(every)
        assert 2 * sum(value >= median for value in every) >= len(every)


def test_weights_that_tie_in_decimals_tie() -> None:
    weights = [exact(tenths) for tenths in (0.1, 0.2, 0.3)]
    assert weighted_medians([0, 50, 100], weights) == (50, 100)


def test_a_value_without_weight_is_no_median() -> None:
    assert weighted_medians([0, 50, 100], [Fraction(1), Fraction(0), Fraction(1)]) == (0, 100)


@pytest.mark.parametrize("values", [[], [10.0], [10.0, 20.0]], ids=str)
def test_where_nothing_has_weight_there_is_no_average(values: list[float]) -> None:
    weightless = [Fraction(0) for _ in values]
    assert weighted_mean(values, weightless) is None
    assert weighted_medians(values, weightless) is None


@given(WITH_WEIGHT, st.data())
@settings(deadline=None)
def test_the_order_changes_nothing(pairs: list[tuple[float, int]], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(pairs))
    assert weighted_mean(*split(shuffled)) == weighted_mean(*split(pairs))
    assert weighted_medians(*split(shuffled)) == weighted_medians(*split(pairs))
