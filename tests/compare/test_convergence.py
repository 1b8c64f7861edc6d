"""Whether parties come closer: the measure at every date on which a position changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negotiations_api.compare.convergence import ConvergencePoint
from negotiations_api.compare.date import FOREVER
from negotiations_api.compare.measure import Measure
from negotiations_api.compare.position import Party, Stance
from tests.compare.factories import PRK, USA, demand
from tests.compare.histories import (
    CHN,
    EVER,
    FREEZE,
    LIFT,
    TURN,
    VISIT,
    both,
    converging,
    says,
)


def test_there_is_a_point_on_every_day_on_which_a_position_changed() -> None:
    found = converging(TURN)
    assert found.demands == (FREEZE,)
    assert found.points == (
        ConvergencePoint("2018-02-01", 0, 0, 1, (), ()),
        ConvergencePoint("2018-06-01", 1, 1, 1, (), ()),
    )


def test_a_new_demand_moves_the_recorded_value_but_not_the_value() -> None:
    histories = [
        *both(Stance.ACCEPT, FREEZE, "2018-01-01"),
        # Two more points before it, so that freeze alone on four days outweighs two on one.
        says("usa", Stance.DEMAND, VISIT, "2018-02-01"),
        says("usa", Stance.DEMAND, LIFT, "2018-03-01"),
        says("prk", Stance.REJECT, LIFT, "2018-04-01"),
    ]
    found = converging(histories)
    assert found.demands == (FREEZE,)
    assert [(p.value, p.recorded_value, p.recorded) for p in found.points[-2:]] == [
        (1, 1, 1),
        (1, 1 / 2, 2),
    ]
    assert [p.entered for p in found.points] == [(), (), (), ("lift",)]
    assert found.moves == ()


def test_a_position_that_ends_takes_its_demand_away_the_day_after() -> None:
    histories = [
        *both(Stance.ACCEPT, FREEZE, "2018-01-01"),
        says("usa", Stance.DEMAND, LIFT, "2018-01-01"),
        says("prk", Stance.REJECT, LIFT, "2018-01-01", "2018-12-31"),
    ]
    found = converging(histories)
    assert found.demands == (FREEZE,)
    assert found.points == (
        ConvergencePoint("2018-01-01", 1, 1 / 2, 2, (), ()),
        ConvergencePoint("2019-01-01", 1, 1, 1, (), ("lift",)),
    )


def test_nothing_comes_after_what_holds_for_ever() -> None:
    assert [p.on for p in converging(both(Stance.ACCEPT, FREEZE, "2018")).points] == ["2018-01-01"]


def test_a_stated_period_begins_with_what_holds_on_its_first_day() -> None:
    found = converging(TURN, "2018-03-15/..")
    assert [(p.on, p.value) for p in found.points] == [("2018-03-15", 0), ("2018-06-01", 1)]


def test_a_stated_period_begins_later_if_the_parties_have_no_demand_in_common_yet() -> None:
    assert converging(TURN, "2018-01-15/..").points[0].on == "2018-02-01"


def test_a_period_ends_with_its_last_day() -> None:
    assert [p.on for p in converging(TURN, "../2018-06-01").points] == ["2018-02-01", "2018-06-01"]
    assert [p.on for p in converging(TURN, "../2018-05").points] == ["2018-02-01"]


def test_a_stated_period_keeps_its_start_even_if_few_demands_are_fixed_from_there() -> None:
    early, late = both(Stance.ACCEPT, FREEZE, "2017"), both(Stance.ACCEPT, LIFT, "2018")
    found = converging([*early, *late, *both(Stance.ACCEPT, VISIT, "2018")], "2017/..")
    assert (found.points[0].on, found.demands) == ("2017-01-01", (FREEZE,))


def test_an_open_start_is_where_fixed_demands_times_days_are_most() -> None:
    # To 3 January, from the 1st: one demand, three days. From the 2nd: three demands, two days.
    turn = [
        says("usa", Stance.ACCEPT, LIFT, "2018-01-02"),
        says("prk", Stance.ACCEPT, LIFT, "2018-01-02", "2018-01-02"),
        says("prk", Stance.REJECT, LIFT, "2018-01-03"),
    ]
    early = both(Stance.ACCEPT, FREEZE, "2018-01-01")
    found = converging([*early, *turn, *both(Stance.ACCEPT, VISIT, "2018-01-02")])
    assert [p.on for p in found.points] == ["2018-01-02", "2018-01-03"]
    assert found.demands == (FREEZE, LIFT, VISIT)


def test_the_earliest_of_open_starts_that_are_as_good() -> None:
    # To 2 January, from the 1st: one demand, two days. From the 2nd: two demands, one day.
    early = both(Stance.ACCEPT, FREEZE, "2018-01-01")
    found = converging([*early, *both(Stance.ACCEPT, LIFT, "2018-01-02")])
    assert found.points[0].on == "2018-01-01"


def test_what_is_later_than_today_is_not_looked_at() -> None:
    ending = both(Stance.ACCEPT, FREEZE, "2018", "2030-12-31")
    lasting = [
        *both(Stance.ACCEPT, LIFT, "2018"),
        says("usa", Stance.DEMAND, VISIT, "2018"),
        says("prk", Stance.REJECT, VISIT, "2018", "2018-06-30"),
        says("prk", Stance.ACCEPT, VISIT, "2018-07"),
    ]
    found = converging([*ending, *lasting], today="2019-01-01")
    assert [point.on for point in found.points] == ["2018-01-01", "2018-07-01"]
    assert found.demands == (FREEZE, LIFT, VISIT)
    assert converging([*ending, *lasting]).demands == (LIFT, VISIT)


def test_parties_that_never_meet_on_a_demand_have_no_point() -> None:
    apart = [
        says("usa", Stance.ACCEPT, FREEZE, "2018", "2018-12-31"),
        says("prk", Stance.ACCEPT, FREEZE, "2019"),
        says("prk", Stance.ACCEPT, LIFT, "2018"),
    ]
    found = converging(apart)
    assert (found.points, found.demands, found.moves) == ((), (), ())


def test_a_demand_need_not_last_any_longer_than_there_is_something_to_compare() -> None:
    """Their only demand in common ends on the last day of 2019; nothing is left to compare then."""
    found = converging([says("usa", Stance.DEMAND, FREEZE, "2018", "2019-12-31"), *TURN[1:]])
    assert found.demands == (FREEZE,)
    assert found.points == (
        ConvergencePoint("2018-02-01", 0, 0, 1, (), ()),
        ConvergencePoint("2018-06-01", 1, 1, 1, (), ()),
        ConvergencePoint("2020-01-01", None, None, 0, (), ("freeze",)),
    )
    assert [move.on for move in found.moves] == ["2018-06-01"]


@pytest.mark.parametrize("period", [EVER, "2018/..", "../2300"])
def test_an_end_far_ahead_leaves_the_points_and_moves_before_it_as_they_are(period: str) -> None:
    turn, ending = (
        converging([says("usa", Stance.DEMAND, FREEZE, "2018-01-01", end), *TURN[1:]], period)
        for end in (FOREVER, "2099-12-31")
    )
    assert ending.points[:-1] == turn.points
    assert ending.points[-1] == ConvergencePoint("2100-01-01", None, None, 0, (), ("freeze",))
    assert (ending.demands, ending.moves) == (turn.demands, turn.moves)


def test_an_open_start_is_the_best_up_to_the_last_day_with_a_demand_in_common() -> None:
    # To 2 January, from the 1st: one demand, two days. From the 2nd: two demands, one day. To the
    # year after, when nothing is in common any more, the second would be the larger.
    early = both(Stance.ACCEPT, FREEZE, "2018-01-01", "2018-12-31")
    found = converging([*early, *both(Stance.ACCEPT, LIFT, "2018-01-02", "2018-12-31")])
    assert found.demands == (FREEZE,)
    assert [(p.on, p.value) for p in found.points] == [
        ("2018-01-01", 1),
        ("2018-01-02", 1),
        ("2019-01-01", None),
    ]


def test_three_that_still_meet_two_by_two_have_no_value_without_a_demand_of_all() -> None:
    abouts, parties = (FREEZE, LIFT, VISIT), ("usa", "prk", "chn")
    # From 2019 on each of the three is silent on another one of the demands.
    histories = [
        says(party, Stance.ACCEPT, about, "2018", "2018-12-31" if mine == turn else FOREVER)
        for turn, about in enumerate(abouts)
        for mine, party in enumerate(parties)
    ]
    found = converging(histories, parties=(USA, PRK, CHN))
    assert found.demands == abouts
    assert [(p.on, p.value) for p in found.points] == [("2018-01-01", 1), ("2019-01-01", None)]


def test_without_a_demand_that_lasts_to_the_last_one_in_common_there_is_no_value() -> None:
    histories = [
        *both(Stance.ACCEPT, FREEZE, "2018-01-01", "2018-12-31"),
        *both(Stance.ACCEPT, LIFT, "2019-02-01"),
    ]
    points = converging(histories, "2018/..").points
    assert [(p.on, p.value, p.recorded_value) for p in points] == [
        ("2018-01-01", None, 1),
        ("2019-01-01", None, None),
        ("2019-02-01", None, 1),
    ]


def test_a_measure_that_is_not_defined_has_no_value_and_no_moves() -> None:
    # Both always say yes at first: kappa is not defined without variation.
    histories = [
        says("usa", Stance.DEMAND, FREEZE, "2018-01-01"),
        says("prk", Stance.ACCEPT, FREEZE, "2018-01-01", "2018-05-31"),
        says("prk", Stance.REJECT, FREEZE, "2018-06-01"),
    ]
    found = converging(histories, measure=Measure.KAPPA)
    assert [p.value for p in found.points] == [None, 0]
    assert found.moves == ()


def test_with_three_parties_the_value_is_the_mean_over_their_pairs() -> None:
    histories = [*TURN, says("chn", Stance.ACCEPT, FREEZE, "2018-01-01")]
    found = converging(histories, parties=(USA, PRK, CHN))
    # China agrees with the United States (1), and North Korea with neither (0, 0) until it turns.
    assert [p.value for p in found.points] == [pytest.approx(1 / 3), pytest.approx(1)]
    assert [move.effect for move in found.moves] == [pytest.approx(2 / 3)]


def test_positions_of_others_and_on_other_demands_do_not_count() -> None:
    others = [
        says("chn", Stance.REJECT, FREEZE, "2018-03-01"),
        says("usa", Stance.REJECT, demand("other"), "2018-03-01"),
    ]
    assert converging([*TURN, *others]) == converging(TURN)


def test_one_party_alone_has_nothing_to_measure() -> None:
    found = converging(TURN, parties=(USA,))
    assert [p.value for p in found.points] == [None]


@given(st.permutations(range(3)), st.permutations([USA, PRK]))
def test_the_order_of_what_comes_in_changes_nothing(order: list[int], parties: list[Party]) -> None:
    found, other = converging(TURN), converging([TURN[i] for i in order], parties=parties)
    assert (found.points, found.demands, found.moves) == (other.points, other.demands, other.moves)
