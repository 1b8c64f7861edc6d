"""Whether there is a value that all would accept."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiations_api.compare.compromise import Zone, ZoneOfAgreement, zone_of

Stand = tuple[float, float | None]
"""A value and a reservation value."""

ENDS = st.integers(0, 20).map(float)
STANDS = st.lists(st.tuples(ENDS, st.none() | ENDS), max_size=4)


@pytest.mark.parametrize(
    ("stands", "low", "high", "is_complete"),
    [
        pytest.param([(0, 60), (100, 40)], 40, 60, True, id="two that overlap"),
        pytest.param([(0, 60), (100, 60)], 60, 60, True, id="two that touch"),
        pytest.param([(0, 60), (20, 90), (100, 10)], 20, 60, True, id="three"),
        pytest.param([(30, 30), (0, 60)], 30, 30, True, id="one that goes nowhere"),
        pytest.param([(50, None), (100, 40)], 50, 50, False, id="a value that the other takes"),
        pytest.param([(50, None), (50, None)], 50, 50, False, id="one value of two"),
    ],
)
def test_what_all_accept_for_certain_is_a_zone(
    stands: list[Stand], low: float, high: float, is_complete: bool
) -> None:
    assert zone_of(stands) == ZoneOfAgreement(Zone.NON_EMPTY, low, high, is_complete)


@pytest.mark.parametrize(
    ("stands", "is_complete"),
    [
        pytest.param([(0, 30), (100, 40)], True, id="two that are too far apart"),
        pytest.param([(0, 30), (20, 50), (100, 40)], True, id="two of three"),
        pytest.param([(0, 30), (35, None), (100, 40)], False, id="a third that may go on"),
    ],
)
def test_what_two_would_never_both_accept_leaves_no_zone(
    stands: list[Stand], is_complete: bool
) -> None:
    assert zone_of(stands) == ZoneOfAgreement(Zone.EMPTY, None, None, is_complete)


@pytest.mark.parametrize(
    "stands",
    [
        pytest.param([(0, None), (100, None)], id="nobody said how far it would go"),
        pytest.param([(0, 30), (100, None)], id="one did not, who might come that far"),
        pytest.param([(0, 60), (100, 40), (70, None)], id="a third did not, beyond the others"),
        pytest.param([(0, 60)], id="only one has a value"),
        pytest.param([], id="nobody has a value"),
    ],
)
def test_where_it_depends_on_what_nobody_has_said_the_zone_is_unknown_and_not_empty(
    stands: list[Stand],
) -> None:
    assert zone_of(stands) == ZoneOfAgreement(Zone.UNKNOWN, None, None, is_complete=False)


def accepts(stand: Stand, value: float) -> bool:
    """Whether a party is known to accept a value."""
    end = stand[0] if stand[1] is None else stand[1]
    return min(stand[0], end) <= value <= max(stand[0], end)


@given(STANDS.filter(lambda stands: len(stands) > 1))
@settings(deadline=None)
def test_the_zone_is_every_value_that_all_accept(stands: list[Stand]) -> None:
    shared = [n for n in range(21) if all(accepts(stand, n) for stand in stands)]
    zone = zone_of(stands)
    assert (zone.low, zone.high) == ((shared[0], shared[-1]) if shared else (None, None))
    assert (zone.zone is Zone.NON_EMPTY) is bool(shared)


def going(stands: list[Stand], furthest: float) -> Zone:
    """The zone if those who have not said so would go as far as `furthest`."""
    return zone_of([(value, furthest if end is None else end) for value, end in stands]).zone


@given(STANDS)
@settings(deadline=None)
def test_nothing_that_is_not_known_can_turn_an_empty_or_a_non_empty_zone(
    stands: list[Stand],
) -> None:
    known = zone_of(stands).zone
    if known is not Zone.UNKNOWN:
        assert {going(stands, furthest) for furthest in range(21)} == {known}


@given(STANDS.filter(lambda stands: len(stands) > 1))
@settings(deadline=None)
def test_an_unknown_zone_is_empty_if_nobody_goes_any_further_and_may_be_non_empty(
    stands: list[Stand],
) -> None:
    if zone_of(stands).zone is Zone.UNKNOWN:
        stubborn = [(value, value if end is None else end) for value, end in stands]
        assert zone_of(stubborn).zone is Zone.EMPTY
        known = [stand for stand in stands if stand[1] is not None]
        meeting = next(n for n in range(21) if all(accepts(stand, n) for stand in known))
        assert going(stands, meeting) is Zone.NON_EMPTY


@given(STANDS, st.data())
@settings(deadline=None)
def test_the_order_of_the_parties_changes_nothing(stands: list[Stand], data: st.DataObject) -> None:
    assert zone_of(data.draw(st.permutations(stands))) == zone_of(stands)
