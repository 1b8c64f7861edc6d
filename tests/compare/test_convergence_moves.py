"""Which change of a position brought parties closer, or apart."""

import pytest

from negotiations_api.compare.change import Change
from negotiations_api.compare.measure import Measure
from negotiations_api.compare.position import Stance
from tests.compare.factories import PRK, USA
from tests.compare.histories import CHN, FREEZE, LIFT, TONNES, TURN, VISIT, both, converging, says


def test_a_move_is_named_with_what_it_changed() -> None:
    (move,) = converging(TURN).moves
    assert (move.on, move.before, move.after) == ("2018-06-01", TURN[1], TURN[2])
    assert (move.change, move.effect) == (Change.SOFTENED, 1)


def test_the_effect_of_a_move_is_that_of_it_alone() -> None:
    # Both turn on the same day: together nothing moves, each alone would bring them together.
    histories = [
        says("usa", Stance.ACCEPT, FREEZE, "2018-01-01", "2018-05-31"),
        says("prk", Stance.REJECT, FREEZE, "2018-01-01", "2018-05-31"),
        says("usa", Stance.REJECT, FREEZE, "2018-06-01"),
        says("prk", Stance.ACCEPT, FREEZE, "2018-06-01"),
    ]
    found = converging(histories)
    assert [p.value for p in found.points] == [0, 0]
    assert [(move.after.party, move.effect) for move in found.moves] == [("prk", 1), ("usa", 1)]


def test_values_on_a_scale_move_too() -> None:
    histories = [
        says("usa", Stance.ACCEPT, TONNES, "2018-01-01", value=10),
        says("prk", Stance.ACCEPT, TONNES, "2018-01-01", "2018-05-31", value=0),
        says("prk", Stance.ACCEPT, TONNES, "2018-06-01", value=4),
    ]
    found = converging(histories)
    assert [p.value for p in found.points] == [0, pytest.approx(0.4)]
    assert [move.change for move in found.moves] == [Change.REWORDED]


def test_what_is_repeated_or_has_no_effect_is_no_move() -> None:
    histories = [
        *both(Stance.ACCEPT, FREEZE, "2018-01-01", "2018-05-31"),
        says("usa", Stance.ACCEPT, FREEZE, "2018-06-01"),
        says("prk", Stance.DEMAND, FREEZE, "2018-06-01"),
    ]
    assert converging(histories).moves == ()


def test_the_largest_moves_come_first_and_only_so_many() -> None:
    histories = [
        *[says("usa", Stance.ACCEPT, about, "2018-01-01") for about in (FREEZE, LIFT, VISIT)],
        says("prk", Stance.REJECT, FREEZE, "2018-01-01", "2018-02-28"),
        says("prk", Stance.RESERVE, FREEZE, "2018-03-01"),
        says("prk", Stance.ACCEPT, LIFT, "2018-01-01", "2018-03-31"),
        says("prk", Stance.REJECT, LIFT, "2018-04-01"),
        says("prk", Stance.REJECT, VISIT, "2018-01-01", "2018-04-30"),
        says("prk", Stance.CONDITIONAL, VISIT, "2018-05-01"),
    ]
    # Each is one demand of three: from reject to reserve by 1/2 of the range, from accept to reject
    # by all of it, from reject to conditional by 3/4.
    effects = [move.effect for move in converging(histories).moves]
    assert effects == [pytest.approx(e) for e in (-1 / 3, 3 / 4 / 3, 1 / 2 / 3)]
    assert [move.effect for move in converging(histories, largest=1).moves] == effects[:1]


def test_where_one_pair_is_not_defined_no_move_has_an_effect_on_the_mean() -> None:
    # China and the United States only ever say yes: between them pi has nothing that varies.
    histories = [
        *[
            says(party, Stance.ACCEPT, about, "2018-01-01")
            for party in ("usa", "chn")
            for about in (FREEZE, LIFT, VISIT)
        ],
        says("prk", Stance.ACCEPT, FREEZE, "2018-01-01"),
        says("prk", Stance.REJECT, LIFT, "2018-01-01"),
        says("prk", Stance.REJECT, VISIT, "2018-01-01", "2018-05-31"),
        says("prk", Stance.ACCEPT, VISIT, "2018-06-01"),
    ]
    for parties, defined in (((USA, PRK), True), ((USA, PRK, CHN), False)):
        found = converging(histories, parties=parties, measure=Measure.PI)
        assert [p.value is not None for p in found.points] == [defined, defined]
        assert bool(found.moves) is defined
