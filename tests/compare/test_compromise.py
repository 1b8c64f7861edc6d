"""What the values of parties on a scale come to."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiations_api.compare.compromise import (
    Compromise,
    Compromises,
    Zone,
    compromises,
    zone_of,
)
from negotiations_api.compare.participant import Participant
from negotiations_api.compare.position import Demand, Position, Scale, Stance
from tests.compare.factories import NUCLEAR, SANCTIONS, demand, position

DAY = "2019-10-05"
SCALE = Scale(0, 100, unit="percent of the sanctions lifted")
SCALED = demand(scale=SCALE)
USA, PRK, KOR, CHN = (Participant(slug, slug.upper()) for slug in ("usa", "prk", "kor", "chn"))
PARTIES = (USA, PRK, KOR, CHN)
PERCENT = st.none() | st.integers(0, 100)
ENDS = st.integers(0, 20).map(lambda fives: fives * 5.0)


def at(value: float | None, furthest: float | None = None, **said: Any) -> Position:
    """A position with a value, and a reservation value."""
    return position(value=value, reservation_value=furthest, **said)


def of(
    *stands: Position, participants: Sequence[Participant] = PARTIES, scale: Scale = SCALE
) -> Compromise:
    """The compromise on one demand, between a position of each participant in turn."""
    held = [replace(p, party=q.slug) for p, q in zip(stands, participants, strict=False)]
    return compromises(DAY, participants, [demand(scale=scale)], held).demands[0]


@st.composite
def stands(draw: st.DrawFn) -> list[Position]:
    """A position of each of two to four parties, all with a value."""
    held = st.builds(at, ENDS, st.none() | ENDS, salience=PERCENT)
    return draw(st.lists(held, min_size=2, max_size=4))


def compared(answer: Compromises) -> list[str]:
    """The demands of an answer."""
    return [compromise.demand.slug for compromise in answer.demands]


def test_the_demands_are_in_order_and_have_a_scale_and_a_value() -> None:
    demands = [
        demand("part", part_of="whole", scale=SCALE),
        demand("whole", scale=SCALE),
        demand("cvid", NUCLEAR, scale=SCALE),
        demand("without-scale", SANCTIONS),
        demand("without-value", SANCTIONS, scale=SCALE),
        demand("without-position", SANCTIONS, scale=SCALE),
    ]
    held = [at(10, demand=slug) for slug in ("part", "whole", "cvid", "without-scale", "unknown")]
    answer = compromises(DAY, PARTIES, demands, [*held, at(None, demand="without-value")])
    assert answer.on == DAY
    assert compared(answer) == ["cvid", "whole", "part"]


def test_a_party_that_takes_no_part_has_no_value() -> None:
    assert compromises(DAY, [PRK], [SCALED], [at(10, party="usa")]).demands == ()


def test_positions_stand_by_value_and_then_by_party() -> None:
    shown = of(at(50), at(20), at(50), at(10)).positions
    assert [each.party for each in shown] == [CHN, PRK, KOR, USA]
    assert [each.position.value for each in shown] == [10, 20, 50, 50]


def test_who_has_a_position_but_no_value_is_named_in_the_order_of_the_participants() -> None:
    held = [at(None, party="chn"), at(None, 30, party="usa"), at(5, party="prk")]
    (only,) = compromises(DAY, PARTIES, [SCALED], held).demands
    assert only.without_value == (USA, CHN)
    assert [each.party for each in only.positions] == [PRK]


@pytest.mark.parametrize(
    ("salience", "capability", "influence"),
    [(80, 50, 0.4), (None, 50, 0.25), (80, None, 0.4), (None, None, 0.25), (0, 100, 0), (30, 0, 0)],
)
def test_a_position_weighs_salience_times_capability_and_what_is_not_recorded_half(
    salience: float | None, capability: float | None, influence: float
) -> None:
    party = replace(USA, weight=capability)
    assert of(at(10, salience=salience), participants=[party]).positions[0].influence == influence


def test_the_averages_of_three_that_do_not_weigh_the_same() -> None:
    # Weights 0.5, 0.1 and 0.4: half of the weight is at 0, half above it.
    parties = [replace(USA, weight=100), replace(PRK, weight=20), replace(KOR, weight=50)]
    held = at(0, salience=50), at(40, salience=50), at(100, salience=80)
    found = of(*held, participants=parties)
    assert found.mean == pytest.approx(0.1 * 40 + 0.4 * 100)
    assert (found.median_low, found.median, found.median_high) == (0, 20, 40)


def test_where_nobody_has_any_weight_there_is_no_average_but_a_zone() -> None:
    found = of(at(0, 60, salience=0), at(100, 40, salience=0))
    assert (found.mean, found.median, found.median_low, found.median_high) == (None,) * 4
    assert (found.zone.low, found.zone.high, found.nash) == (40, 60, 50)


def test_for_whom_a_demand_is_matters_not_nor_since_when() -> None:
    other = of(position(Stance.RESERVE, value=0, reservation_value=60, date="2018"), at(100, 40))
    assert other.mean == 50
    assert other.nash == 50


def test_who_rejects_the_demand_has_no_value_whatever_is_recorded() -> None:
    parties = [USA, PRK, KOR]
    rejecting = position(Stance.REJECT, party="kor", value=0, reservation_value=100)
    found = of(at(0, 60), at(100, 40), rejecting, participants=parties)
    assert (found.mean, found.zone) == (50, zone_of([(0, 60), (100, 40)]))
    assert [party.slug for party in found.without_value] == ["kor"]


def test_the_zone_is_that_of_the_values_of_those_who_have_one() -> None:
    assert of(at(0, 60), at(None, 10), at(100, 40)).zone == zone_of([(0, 60), (100, 40)])


def test_there_is_no_bargain_in_an_empty_zone() -> None:
    found = of(at(0, 30), at(100, 40))
    assert found.zone.zone is Zone.EMPTY
    assert found.nash is None


def test_there_is_no_bargain_of_one() -> None:
    assert of(at(0, 60), at(None, 40)).nash is None


def test_there_is_no_bargain_until_all_have_said_how_far_they_would_go() -> None:
    found = of(at(50), at(100, 40))
    assert found.zone.zone is Zone.NON_EMPTY
    assert found.nash is None


def test_the_bargain_is_halfway_between_how_far_two_would_go() -> None:
    assert of(at(10, 70), at(90, 20)).nash == 45


def test_the_bargain_does_not_leave_what_all_accept() -> None:
    # Halfway between 20 and 70 is 45, but the second asks for no more than 30.
    assert of(at(10, 70), at(30, 20)).nash == 30


def test_the_bargain_with_one_that_goes_nowhere_is_its_value() -> None:
    assert of(at(30, 30), at(0, 60)).nash == 30


@given(stands())
@settings(deadline=None)
def test_the_bargain_lies_in_the_zone_of_those_who_all_said_how_far_they_would_go(
    held: list[Position],
) -> None:
    found = of(*held)
    is_known = found.zone.is_complete and found.zone.zone is Zone.NON_EMPTY
    assert (found.nash is not None) is is_known
    if found.nash is not None and found.zone.low is not None and found.zone.high is not None:
        assert found.zone.low <= found.nash <= found.zone.high


def moved(number: float | None, factor: float, shift: float) -> float | None:
    """A number on another scale."""
    return None if number is None else number * factor + shift


@given(stands(), st.sampled_from([-3.0, -1.0, 0.25, 7.0]), st.integers(-50, 50))
@settings(deadline=None)
def test_another_scale_moves_the_answer_with_it(
    held: list[Position], factor: float, shift: int
) -> None:
    rescaled = [
        replace(
            each,
            value=moved(each.value, factor, shift),
            reservation_value=moved(each.reservation_value, factor, shift),
        )
        for each in held
    ]
    before, now = of(*held), of(*rescaled, scale=Scale(-400, 800))
    ends = [(before.median_low, before.median_high), (before.zone.low, before.zone.high)]
    if factor < 0:
        ends = [(high, low) for low, high in ends]
    expected = [before.mean, before.median, before.nash, *ends[0], *ends[1]]
    found = [now.mean, now.median, now.nash, now.median_low, now.median_high]
    found += [now.zone.low, now.zone.high]
    assert now.zone.zone is before.zone.zone
    assert found == [
        None if number is None else pytest.approx(number * factor + shift, abs=1e-9)
        for number in expected
    ]


@given(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, unique=True), stands(), st.data())
@settings(deadline=None)
def test_the_order_of_the_record_changes_nothing(
    slugs: list[str], held: list[Position], data: st.DataObject
) -> None:
    demands: list[Demand] = [demand(slug, scale=SCALE) for slug in slugs]
    positions = [
        replace(each, party=party.slug, demand=slug)
        for slug in slugs
        for each, party in zip(held, PARTIES, strict=False)
    ]
    shuffled = data.draw(st.permutations(demands)), data.draw(st.permutations(positions))
    assert compromises(DAY, PARTIES, *shuffled) == compromises(DAY, PARTIES, demands, positions)


@given(stands(), st.permutations(PARTIES))
@settings(deadline=None)
def test_the_order_of_the_participants_changes_no_number(
    held: list[Position], participants: list[Participant]
) -> None:
    positions = [replace(p, party=q.slug) for p, q in zip(held, PARTIES, strict=False)]
    expected = compromises(DAY, PARTIES, [SCALED], positions)
    assert compromises(DAY, participants, [SCALED], positions) == expected
