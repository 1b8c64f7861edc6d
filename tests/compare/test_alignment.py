"""How two parties' positions on one demand relate."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiations_api.compare.alignment import Alignment, align
from negotiations_api.compare.position import Position, Stance
from tests.compare.factories import after, position, positions

TABLE = """
              demand       accept       conditional  reserve      reject       (none)
demand        agreed       agreed       conditional  open         opposed      one_sided
accept        agreed       agreed       conditional  open         opposed      one_sided
conditional   conditional  conditional  conditional  open         opposed      one_sided
reserve       open         open         open         open         open         one_sided
reject        opposed      opposed      opposed      open         both_reject  one_sided
(none)        one_sided    one_sided    one_sided    one_sided    one_sided    not_recorded
"""
HEADING, *ROWS = (line.split() for line in TABLE.strip().splitlines())
CELLS = [
    (left, right, expected)
    for left, *alignments in ROWS
    for right, expected in zip(HEADING, alignments, strict=True)
]


def _standing(stance: str) -> Position | None:
    return None if stance == "(none)" else position(Stance(stance))


@pytest.mark.parametrize(("left", "right", "expected"), CELLS)
def test_two_positions_align_as_the_table_says(left: str, right: str, expected: str) -> None:
    assert align(_standing(left), _standing(right)) == expected


def test_the_table_covers_every_pair_of_stances() -> None:
    stances = [*Stance, "(none)"]
    assert [(left, right) for left, right, _ in CELLS] == list(itertools.product(stances, stances))


def test_every_alignment_occurs() -> None:
    assert {expected for *_, expected in CELLS} == set(Alignment)


PERHAPS = st.none() | positions(st.text(max_size=5))


@given(PERHAPS, PERHAPS)
@settings(deadline=None)
def test_alignment_does_not_ask_who_stands_on_the_left(
    one: Position | None, other: Position | None
) -> None:
    assert align(one, other) is align(other, one)


@given(positions(st.text(max_size=5)), positions(st.text(max_size=5)))
@settings(deadline=None)
def test_with_no_values_only_the_stances_decide(left: Position, right: Position) -> None:
    left, right = (replace(each, value=None, reservation_value=None) for each in (left, right))
    assert align(left, right) is align(position(left.stance), position(right.stance))


# On a scale


ACCEPTING = (Stance.DEMAND, Stance.ACCEPT)
Numbers = tuple[float | None, float | None]
"""A value and a reservation value."""


def at(stance: Stance, numbers: Numbers) -> Position:
    """A position with these numbers, and with a condition where it needs one."""
    conditions = (after("cvid"),) if stance is Stance.CONDITIONAL else ()
    return position(stance, conditions=conditions, value=numbers[0], reservation_value=numbers[1])


def both_ways(stances: tuple[Stance, Stance], left: Numbers, right: Numbers) -> set[Alignment]:
    """The alignments of two positions, whichever stands on the left."""
    one, other = at(stances[0], left), at(stances[1], right)
    return {align(one, other), align(other, one)}


ONE_VALUE = [
    pytest.param((10.0, None), (10.0, None), id="equal values"),
    pytest.param((0.0, None), (-0.0, None), id="both zero"),
    pytest.param((10.0, 20.0), (10.0, 0.0), id="equal values with reservations apart"),
    pytest.param((10.0, None), (None, None), id="no value on one side"),
    pytest.param((0.0, None), (None, None), id="zero and no value"),
    pytest.param((10.0, 20.0), (None, None), id="a range and no value"),
    pytest.param((10.0, 20.0), (None, 90.0), id="a range and a reservation without a value"),
    pytest.param((None, 10.0), (None, 90.0), id="two reservations without a value"),
]
TWO_VALUES_IN_REACH = [
    pytest.param((10.0, None), (90.0, None), id="no reservations"),
    pytest.param((0.0, None), (10.0, None), id="zero is a value"),
    pytest.param((10.0, 20.0), (90.0, None), id="a reservation of one side only"),
    pytest.param((10.0, 50.0), (90.0, 50.0), id="ranges that touch"),
    pytest.param((10.0, 10.0), (90.0, 10.0), id="a range of one point that touches"),
    pytest.param((10.0, 60.0), (90.0, 40.0), id="ranges that overlap"),
    pytest.param((10.0, 90.0), (40.0, 50.0), id="a range within the other"),
    pytest.param((50.0, 10.0), (50.5, 10.0), id="two that would go the same way"),
]
TWO_VALUES_OUT_OF_REACH = [
    pytest.param((10.0, 40.0), (90.0, 50.0), id="towards each other, not far enough"),
    pytest.param((40.0, 10.0), (50.0, 90.0), id="away from each other"),
    pytest.param((10.0, 20.0), (50.0, 30.0), id="the lower one goes up"),
    pytest.param((10.0, 10.0), (10.5, 10.5), id="two that do not move"),
    pytest.param((0.0, 0.0), (-5.0, -1.0), id="zero is a reservation"),
]
accepting = pytest.mark.parametrize(
    "stances", [*itertools.combinations_with_replacement(ACCEPTING, 2)]
)
with_a_condition = pytest.mark.parametrize(
    "stances", [(Stance.CONDITIONAL, other) for other in (*ACCEPTING, Stance.CONDITIONAL)]
)


@accepting
@pytest.mark.parametrize(("left", "right"), ONE_VALUE)
def test_equal_values_or_no_value_on_one_side_are_agreed(
    stances: tuple[Stance, Stance], left: Numbers, right: Numbers
) -> None:
    assert both_ways(stances, left, right) == {Alignment.AGREED}


@accepting
@pytest.mark.parametrize(("left", "right"), TWO_VALUES_IN_REACH)
def test_different_values_are_open(
    stances: tuple[Stance, Stance], left: Numbers, right: Numbers
) -> None:
    assert both_ways(stances, left, right) == {Alignment.OPEN}


@accepting
@pytest.mark.parametrize(("left", "right"), TWO_VALUES_OUT_OF_REACH)
def test_values_whose_ranges_do_not_meet_are_opposed(
    stances: tuple[Stance, Stance], left: Numbers, right: Numbers
) -> None:
    assert both_ways(stances, left, right) == {Alignment.OPPOSED}


@with_a_condition
@pytest.mark.parametrize(("left", "right"), TWO_VALUES_OUT_OF_REACH)
def test_values_whose_ranges_do_not_meet_are_opposed_on_any_condition(
    stances: tuple[Stance, Stance], left: Numbers, right: Numbers
) -> None:
    assert both_ways(stances, left, right) == {Alignment.OPPOSED}


@with_a_condition
@pytest.mark.parametrize(("left", "right"), ONE_VALUE + TWO_VALUES_IN_REACH)
def test_a_condition_is_told_before_values_that_may_meet(
    stances: tuple[Stance, Stance], left: Numbers, right: Numbers
) -> None:
    assert both_ways(stances, left, right) == {Alignment.CONDITIONAL}


@pytest.mark.parametrize(
    ("left", "right"), ONE_VALUE + TWO_VALUES_IN_REACH + TWO_VALUES_OUT_OF_REACH
)
@pytest.mark.parametrize("other", Stance)
@pytest.mark.parametrize("first", [Stance.RESERVE, Stance.REJECT])
def test_who_reserves_or_rejects_decides_before_any_value(
    first: Stance, other: Stance, left: Numbers, right: Numbers
) -> None:
    assert both_ways((first, other), left, right) == {align(position(first), position(other))}


@pytest.mark.parametrize(("left", "right"), ONE_VALUE + TWO_VALUES_OUT_OF_REACH)
def test_a_value_against_no_recorded_position_is_one_sided(left: Numbers, right: Numbers) -> None:
    for numbers in (left, right):
        assert align(at(Stance.ACCEPT, numbers), None) is Alignment.ONE_SIDED
        assert align(None, at(Stance.ACCEPT, numbers)) is Alignment.ONE_SIDED


STEPS = st.integers(0, 12)


@given(STEPS, STEPS, STEPS, STEPS, st.sampled_from(ACCEPTING), st.sampled_from(ACCEPTING))
@settings(deadline=None)
def test_two_ranges_are_opposed_if_no_step_of_the_scale_lies_in_both(
    value: int, furthest: int, other_value: int, other_furthest: int, one: Stance, other: Stance
) -> None:
    takes = [
        {step for step in range(13) if (step - start) * (step - end) <= 0}
        for start, end in ((value, furthest), (other_value, other_furthest))
    ]
    expected = (
        Alignment.AGREED
        if value == other_value
        else Alignment.OPEN
        if takes[0] & takes[1]
        else Alignment.OPPOSED
    )
    left, right = (float(value), float(furthest)), (float(other_value), float(other_furthest))
    assert both_ways((one, other), left, right) == {expected}


@given(PERHAPS, PERHAPS)
@settings(deadline=None)
def test_values_change_nothing_but_agreed_and_conditional(
    left: Position | None, right: Position | None
) -> None:
    plain = align(left and position(left.stance), right and position(right.stance))
    may_be = {
        Alignment.AGREED: {Alignment.AGREED, Alignment.OPEN, Alignment.OPPOSED},
        Alignment.CONDITIONAL: {Alignment.CONDITIONAL, Alignment.OPPOSED},
    }
    assert align(left, right) in may_be.get(plain, {plain})
