"""The Nash bargaining solution, against closed forms and a search over the whole zone."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiations_api.compare.bargain import common, interval, nash_solution

NEAR = st.floats(0, 50, allow_subnormal=False)


@st.composite
def bargains(draw: st.DrawFn) -> tuple[list[float], float, float]:
    """Reservation values below and above a zone, and the zone."""
    low = draw(st.floats(-100, 100, allow_subnormal=False))
    high = low + draw(st.floats(0.5, 100))
    below = [low - gained for gained in draw(st.lists(NEAR, max_size=4))]
    above = [high + left for left in draw(st.lists(NEAR, max_size=4))]
    furthest = draw(st.permutations(below + above).filter(lambda ends: len(ends) > 1))
    return furthest, low, high


def product(furthest: list[float], at: float) -> float:
    """What the gains multiply to."""
    return math.prod(abs(at - one) for one in furthest)


@given(bargains())
@settings(deadline=None)
def test_no_other_value_of_the_zone_has_a_greater_product_of_gains(
    bargain: tuple[list[float], float, float],
) -> None:
    furthest, low, high = bargain
    best = nash_solution(*bargain)
    grid = [low + (high - low) * step / 500 for step in range(501)]
    most = max(product(furthest, at) for at in grid)
    assert low <= best <= high
    assert product(furthest, best) >= most * (1 - 1e-9)


@given(bargains())
@settings(deadline=None)
def test_the_search_over_the_zone_ends_next_to_it(
    bargain: tuple[list[float], float, float],
) -> None:
    furthest, low, high = bargain
    step = (high - low) / 500
    found = max(range(501), key=lambda n: product(furthest, low + step * n))
    assert nash_solution(*bargain) == pytest.approx(low + step * found, abs=step * 1.001)


@pytest.mark.parametrize(
    ("furthest", "zone", "best"),
    [
        pytest.param([0, 100], (0, 100), 50, id="halfway between two"),
        pytest.param([10, 90], (40, 90), 50, id="halfway between how far two would go"),
        pytest.param([0, 100], (60, 100), 60, id="halfway is below the zone"),
        pytest.param([0, 100], (0, 30), 30, id="halfway is above the zone"),
        pytest.param([0, 0, 0, 100], (0, 100), 75, id="three against one"),
        pytest.param([0, 100, 100], (10, 90), 100 / 3, id="one against two"),
        pytest.param([0, 10], (20, 70), 70, id="all want more"),
        pytest.param([80, 100], (20, 70), 20, id="all want less"),
        pytest.param([0, 40], (40, 40), 40, id="a zone of one point"),
        # 1/x + 1/(x - 10) = 1/(40 - x), so 3x^2 - 100x + 400 = 0: the root in the zone.
        pytest.param(
            [0, 10, 40], (10, 40), (100 + math.sqrt(100**2 - 12 * 400)) / 6, id="three ends"
        ),
    ],
)
def test_the_best_value_is_the_one_worked_out_by_hand(
    furthest: list[float], zone: tuple[float, float], best: float
) -> None:
    assert nash_solution(furthest, *zone) == pytest.approx(best)


TENTHS = st.lists(st.integers(-500, 500), min_size=4, max_size=4, unique=True).map(sorted)


@given(TENTHS)
@settings(deadline=None)
def test_two_parties_meet_exactly_halfway_or_where_the_zone_ends(tenths: list[int]) -> None:
    bottom, low, high, top = (number / 10 for number in tenths)
    halfway = (tenths[0] + tenths[3]) / 20
    assert nash_solution([bottom, top], low, high) == min(max(halfway, low), high)


@pytest.mark.parametrize(
    ("furthest", "zone", "best"),
    [
        pytest.param([-100, -90, 10], (0, 10), 0, id="all of the slope is downwards"),
        pytest.param([-10, 90, 100], (-10, 0), 0, id="all of the slope is upwards"),
    ],
)
def test_the_best_value_may_be_the_very_end_of_the_zone(
    furthest: list[float], zone: tuple[float, float], best: float
) -> None:
    assert nash_solution(furthest, *zone) == best


@given(bargains(), st.data())
@settings(deadline=None)
def test_the_order_of_the_parties_changes_nothing(
    bargain: tuple[list[float], float, float], data: st.DataObject
) -> None:
    furthest, *zone = bargain
    shuffled = data.draw(st.permutations(furthest))
    assert nash_solution(shuffled, *zone) == nash_solution(furthest, *zone)


@pytest.mark.parametrize("size", [1e-300, 1e-12, 1.0, 1e12, 1e307])
def test_the_size_of_the_numbers_does_not_matter(size: float) -> None:
    furthest = [end * size for end in (0.0, 1.0, 4.0)]
    expected = nash_solution([0, 1, 4], 1, 4)
    assert nash_solution(furthest, size, 4 * size) / size == pytest.approx(expected)


def test_ends_as_far_apart_as_floats_can_be_have_a_solution() -> None:
    furthest = [-1.7e308, -5e-324, 5e-324, 1.7e308]
    assert nash_solution(furthest, -5e-324, 5e-324) == 0


def test_a_party_accepts_from_its_value_to_how_far_it_would_go_either_way() -> None:
    assert interval(10, 40) == interval(40, 10) == (10, 40)


def test_a_party_of_which_no_more_is_known_accepts_its_value() -> None:
    assert interval(10, None) == (10, 10)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1))
@settings(deadline=None)
def test_what_intervals_have_in_common_is_in_all_of_them(ends: list[tuple[int, int]]) -> None:
    intervals = [interval(*pair) for pair in ends]
    shared = [n for n in range(10) if all(low <= n <= high for low, high in intervals)]
    assert common(intervals) == ((shared[0], shared[-1]) if shared else None)
