"""How one party's position on one demand moved."""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiations_api.compare.change import Change, change
from negotiations_api.compare.position import Condition, ConditionKind, Position, Stance
from tests.compare.factories import (
    after,
    citation,
    conditional,
    conditions,
    position,
    positions,
    together_with,
)

REVERSED = {
    Change.NEW: Change.ENDED,
    Change.ENDED: Change.NEW,
    Change.SOFTENED: Change.HARDENED,
    Change.HARDENED: Change.SOFTENED,
    Change.REWORDED: Change.REWORDED,
    Change.UNCHANGED: Change.UNCHANGED,
}
FROM_HARD_TO_SOFT = [
    Stance.REJECT,
    Stance.RESERVE,
    Stance.CONDITIONAL,
    Stance.DEMAND,
    Stance.ACCEPT,
]
GENERATED = positions(st.sampled_from(["", "a", "b"]))


def test_a_position_that_was_not_recorded_before_is_new() -> None:
    assert change(None, position()) is Change.NEW


def test_a_position_that_is_not_recorded_any_more_has_ended() -> None:
    assert change(position(), None) is Change.ENDED


def test_what_was_and_is_not_recorded_is_unchanged() -> None:
    assert change(None, None) is Change.UNCHANGED


@pytest.mark.parametrize(
    ("harder", "softer"), list(itertools.combinations(FROM_HARD_TO_SOFT, 2)), ids=str
)
def test_a_stance_nearer_to_acceptance_is_softer(harder: Stance, softer: Stance) -> None:
    assert change(position(harder), position(softer)) is Change.SOFTENED


@pytest.mark.parametrize(
    ("softer", "harder"),
    list(itertools.combinations(reversed(FROM_HARD_TO_SOFT), 2)),
    ids=str,
)
def test_a_stance_further_from_acceptance_is_harder(softer: Stance, harder: Stance) -> None:
    assert change(position(softer), position(harder)) is Change.HARDENED


def test_the_stance_decides_before_the_value() -> None:
    before = position(Stance.RESERVE, value=30, reservation_value=30)
    now = position(Stance.ACCEPT, value=10, reservation_value=30)
    assert change(before, now) is Change.SOFTENED


@pytest.mark.parametrize(
    ("harder", "softer"),
    [
        pytest.param([after("cvid")], [], id="a condition dropped"),
        pytest.param([after("cvid"), after("freeze")], [after("freeze")], id="one of two dropped"),
        pytest.param([after("cvid")], [together_with("cvid")], id="no longer before, but together"),
        pytest.param([after("cvid")], [after("cvid", "freeze")], id="more alternatives"),
        pytest.param(
            [together_with("cvid")],
            [together_with("cvid", "freeze")],
            id="more alternatives, together",
        ),
        pytest.param(
            [after("cvid", text="verified")],
            [after("cvid", "freeze", text="verified")],
            id="more alternatives under the same text",
        ),
        pytest.param([after(text="Be sincere.")], [], id="a text dropped"),
        pytest.param(
            [after(text="Be sincere.")], [together_with(text="Be sincere.")], id="a text, together"
        ),
        pytest.param(
            [after("cvid"), after("freeze")],
            [after("cvid", "freeze")],
            id="either in place of both",
        ),
        pytest.param(
            [after("cvid")],
            [after("cvid", "freeze", text="verified")],
            id="more alternatives, though a text was added",
        ),
        pytest.param(
            [after("cvid", text="verified")],
            [after("cvid", "freeze", text="by experts")],
            id="more alternatives, though under another text",
        ),
        pytest.param(
            [after("cvid", text="verified")],
            [together_with("cvid", text="by experts")],
            id="no longer before, though under another text",
        ),
        pytest.param(
            [after("cvid", text="verified")],
            [together_with("cvid", "freeze")],
            id="more alternatives, no longer before, and the text dropped",
        ),
        pytest.param(
            [after("cvid", text="verified"), after(text="Be sincere.")],
            [after("cvid")],
            id="one of two dropped, and the text of the other",
        ),
        pytest.param(
            [after("cvid"), after(text="Be sincere.")],
            [after("cvid")],
            id="the one without demands dropped",
        ),
    ],
)
class TestConditions:
    """Conditions that ask for less are softer, conditions that ask for more are harder."""

    def test_asking_for_less_softens(
        self, harder: list[Condition], softer: list[Condition]
    ) -> None:
        assert change(conditional(*harder), conditional(*softer)) is Change.SOFTENED

    def test_asking_for_more_hardens(
        self, harder: list[Condition], softer: list[Condition]
    ) -> None:
        assert change(conditional(*softer), conditional(*harder)) is Change.HARDENED


@pytest.mark.parametrize(
    ("before", "now"),
    [
        pytest.param([after("cvid")], [after("freeze")], id="another demand"),
        pytest.param([after(text="Be sincere.")], [after(text="Be quick.")], id="another text"),
        pytest.param([after("cvid")], [after("cvid", text="verified")], id="a text added"),
        pytest.param(
            [after("cvid", text="verified")], [after("cvid", text="by experts")], id="a new text"
        ),
        pytest.param(
            [after("cvid", "freeze", text="verified")],
            [after("freeze", "cvid")],
            id="a text dropped",
        ),
        pytest.param(
            [after("cvid", "freeze")],
            [together_with("cvid")],
            id="fewer alternatives, but no longer before",
        ),
        pytest.param(
            [after(text="Be sincere.")],
            [together_with(text="Be quick.")],
            id="another text, but no longer before",
        ),
        pytest.param(
            [after("cvid"), after("freeze")], [after("inspections")], id="fewer, but others"
        ),
        pytest.param(
            [after("cvid"), after("freeze")],
            [after("inspections"), together_with("declaration")],
            id="as many, but others, with fewer of them to be met before",
        ),
        pytest.param(
            [after(text="Be sincere."), after(text="Be quick.")],
            [after(text="Be fair.")],
            id="fewer texts, but others",
        ),
        pytest.param(
            [after("cvid", text="verified"), after("freeze")],
            [after(text="verified")],
            id="fewer, but one without the demand that its text explained",
        ),
        pytest.param([after("cvid")], [after(text="Be sincere.")], id="a text for a demand"),
        pytest.param(
            [after(text="verified")], [after("cvid", text="verified")], id="a demand to a text"
        ),
        pytest.param(
            [after("cvid", "freeze")], [after("freeze", "inspections")], id="other alternatives"
        ),
        pytest.param(
            [after("cvid")],
            [together_with("freeze"), together_with("inspections")],
            id="more of them, but none to be met before",
        ),
        pytest.param(
            [after("cvid")], [after("cvid"), together_with("cvid")], id="one that says nothing new"
        ),
    ],
)
def test_conditions_that_are_other_but_neither_clearly_less_nor_more_are_reworded(
    before: list[Condition], now: list[Condition]
) -> None:
    assert change(conditional(*before), conditional(*now)) is Change.REWORDED


DELIVERED = [
    dict(zip(("cvid", "freeze", "inspections"), times, strict=True))
    for times in itertools.product(["before", "together", "never"], repeat=3)
]


def outcomes_that_meet(conditions: Sequence[Condition]) -> set[int]:
    """Which of all outcomes, each a time of delivery for each demand, meet every condition."""
    in_time = {
        ConditionKind.PRECONDITION: {"before"},
        ConditionKind.RECIPROCAL: {"before", "together"},
    }
    return {
        number
        for number, delivered in enumerate(DELIVERED)
        if all({delivered[slug] for slug in c.demands} & in_time[c.kind] for c in conditions)
    }


NAMING_DEMANDS = st.lists(
    conditions(st.none() | st.sampled_from(["verified", "by experts"])).filter(lambda c: c.demands),
    max_size=3,
)


@given(NAMING_DEMANDS, NAMING_DEMANDS)
@settings(deadline=None)
def test_conditions_are_softer_if_more_outcomes_meet_them_and_every_one_that_did(
    before: list[Condition], now: list[Condition]
) -> None:
    was, is_now = outcomes_that_meet(before), outcomes_that_meet(now)
    moved = change(conditional(*before), conditional(*now))
    assert (moved is Change.SOFTENED) is (was < is_now)
    assert (moved is Change.HARDENED) is (was > is_now)


@given(NAMING_DEMANDS, st.data())
@settings(deadline=None)
def test_the_texts_of_conditions_that_name_demands_are_at_most_reworded(
    before: list[Condition], data: st.DataObject
) -> None:
    texts = st.none() | st.text(max_size=5)
    now = [replace(condition, text=data.draw(texts)) for condition in before]
    moved = change(conditional(*before), conditional(*now))
    assert moved in {Change.REWORDED, Change.UNCHANGED}


@given(conditions(st.sampled_from(["a", "b"])), st.sampled_from(ConditionKind))
@settings(deadline=None)
def test_a_condition_with_demands_and_one_without_never_imply_each_other(
    condition: Condition, kind: ConditionKind
) -> None:
    naming = replace(condition, demands=condition.demands or ("cvid",))
    without = Condition(kind, (), condition.text)
    assert change(conditional(naming), conditional(without)) is Change.REWORDED


def test_the_conditions_decide_before_the_value() -> None:
    before = conditional(after("cvid"), value=30, reservation_value=30)
    now = conditional(value=10, reservation_value=30)
    assert change(before, now) is Change.SOFTENED


def test_the_order_of_conditions_says_nothing() -> None:
    before = conditional(after("cvid"), together_with("freeze"))
    now = conditional(together_with("freeze"), after("cvid"))
    assert change(before, now) is Change.UNCHANGED


def test_the_order_of_alternatives_says_nothing() -> None:
    before, now = conditional(after("cvid", "freeze")), conditional(after("freeze", "cvid"))
    assert change(before, now) is Change.UNCHANGED


WITH_TEXTS = positions(st.sampled_from(["a", "b"]))


@given(WITH_TEXTS, st.data())
@settings(deadline=None)
def test_no_order_of_conditions_or_alternatives_says_anything(
    held: Position, data: st.DataObject
) -> None:
    shuffled = [
        replace(condition, demands=tuple(data.draw(st.permutations(condition.demands))))
        for condition in data.draw(st.permutations(held.conditions))
    ]
    assert change(held, replace(held, conditions=tuple(shuffled))) is Change.UNCHANGED


@pytest.mark.parametrize("reservation", [0.0, 50.0, 100.0])
@pytest.mark.parametrize("side", ["before", "after", "both"])
def test_a_value_that_moves_the_way_of_the_reservation_value_is_softer(
    reservation: float, side: str
) -> None:
    far, near = (10.0, 20.0) if reservation > 20 else (20.0, 10.0)
    before, now = position(value=far), position(value=near)
    if side != "after":
        before = replace(before, reservation_value=reservation)
    if side != "before":
        now = replace(now, reservation_value=reservation)
    assert change(before, now) is Change.SOFTENED


@pytest.mark.parametrize("reservation", [0.0, 50.0, 100.0])
@pytest.mark.parametrize("side", ["before", "after", "both"])
def test_a_value_that_moves_away_from_the_reservation_value_is_harder(
    reservation: float, side: str
) -> None:
    far, near = (10.0, 20.0) if reservation > 20 else (20.0, 10.0)
    before, now = position(value=near), position(value=far)
    if side != "after":
        before = replace(before, reservation_value=reservation)
    if side != "before":
        now = replace(now, reservation_value=reservation)
    assert change(before, now) is Change.HARDENED


def test_a_value_that_reaches_the_reservation_value_is_softer() -> None:
    before = position(value=10, reservation_value=50)
    assert change(before, replace(before, value=50)) is Change.SOFTENED


def test_a_value_beyond_what_was_the_furthest_is_softer() -> None:
    before = position(value=10, reservation_value=50)
    now = position(value=100, reservation_value=100)
    assert change(before, now) is Change.SOFTENED


@pytest.mark.parametrize(
    ("near", "far"),
    [
        pytest.param(50.0, 80.0, id="upwards"),
        pytest.param(20.0, 0.0, id="downwards"),
        pytest.param(30.0, 50.0, id="from no room at all, upwards"),
        pytest.param(30.0, 10.0, id="from no room at all, downwards"),
    ],
)
def test_with_the_same_value_a_party_that_would_go_further_is_softer(
    near: float, far: float
) -> None:
    less, more = (position(value=30.0, reservation_value=furthest) for furthest in (near, far))
    assert change(less, more) is Change.SOFTENED
    assert change(more, less) is Change.HARDENED


def test_a_value_that_moved_decides_before_how_far_it_might_move() -> None:
    before = position(value=10, reservation_value=50)
    now = position(value=20, reservation_value=40)
    assert change(before, now) is Change.SOFTENED


@pytest.mark.parametrize(
    ("before", "now"),
    [
        pytest.param({"value": 10}, {"value": 20}, id="no reservation value"),
        pytest.param(
            {"reservation_value": 50}, {"value": 20, "reservation_value": 50}, id="no value before"
        ),
        pytest.param(
            {"value": 10, "reservation_value": 50}, {"reservation_value": 50}, id="no value after"
        ),
        pytest.param(
            {"value": 10, "reservation_value": 50},
            {"value": 20, "reservation_value": 0},
            id="reservation values that lie on either side",
        ),
        pytest.param(
            {"value": 10, "reservation_value": 50},
            {"value": 10, "reservation_value": 0},
            id="reservation values on either side of a value that stayed",
        ),
        pytest.param(
            {"value": 10}, {"value": 10, "reservation_value": 50}, id="a first reservation value"
        ),
        pytest.param(
            {"reservation_value": 50}, {"reservation_value": 80}, id="reservation values alone"
        ),
    ],
)
def test_a_value_of_which_nobody_knows_where_to_it_moved_is_reworded(
    before: dict[str, Any], now: dict[str, Any]
) -> None:
    assert change(position(**before), position(**now)) is Change.REWORDED


@pytest.mark.parametrize(
    "said",
    [
        {"summary": "All sanctions must go."},
        {"deadline": "2019-12-31"},
        {"value": 10.0},
        {"reservation_value": 50.0},
    ],
    ids=str,
)
def test_a_position_that_says_something_else_without_moving_is_reworded(
    said: dict[str, Any],
) -> None:
    assert change(position(), position(**said)) is Change.REWORDED


@pytest.mark.parametrize(
    "said",
    [
        {"id": "p2"},
        {"date": "2019-10-05"},
        {"ends_on": "2019-12-31"},
        {"until": "2019"},
        {"citations": (citation("No deal."),)},
        {"meeting": "stockholm"},
        {"salience": 90.0},
        {"confidence": 20.0},
    ],
    ids=str,
)
def test_a_position_that_only_rests_on_something_else_is_unchanged(said: dict[str, Any]) -> None:
    assert change(position(), position(**said)) is Change.UNCHANGED


@given(GENERATED)
@settings(deadline=None)
def test_a_position_does_not_change_against_itself(held: Position) -> None:
    assert change(held, held) is Change.UNCHANGED


PERCENT = st.none() | st.floats(0, 100)


@given(GENERATED, GENERATED, st.tuples(PERCENT, PERCENT), st.tuples(PERCENT, PERCENT))
@settings(deadline=None)
def test_how_much_it_matters_and_how_sure_it_is_has_no_part_in_a_change(
    before: Position,
    now: Position,
    was: tuple[float | None, float | None],
    is_now: tuple[float | None, float | None],
) -> None:
    rated = replace(before, salience=was[0], confidence=was[1])
    rated_now = replace(now, salience=is_now[0], confidence=is_now[1])
    assert change(rated, rated_now) is change(before, now)


PERHAPS = st.none() | GENERATED


@given(PERHAPS, PERHAPS)
@settings(deadline=None)
def test_the_way_back_is_the_reverse_of_the_way_there(
    before: Position | None, now: Position | None
) -> None:
    assert change(now, before) is REVERSED[change(before, now)]


CONDITIONALS = GENERATED.map(lambda held: replace(held, stance=Stance.CONDITIONAL))


@given(CONDITIONALS, CONDITIONALS)
@settings(deadline=None)
def test_the_way_back_is_the_reverse_also_where_only_conditions_and_values_move(
    before: Position, now: Position
) -> None:
    assert change(now, before) is REVERSED[change(before, now)]


@given(CONDITIONALS, st.data())
@settings(deadline=None)
def test_the_fewer_conditions_the_softer(held: Position, data: st.DataObject) -> None:
    kept = data.draw(st.integers(0, len(held.conditions)))
    fewer = replace(held, conditions=held.conditions[:kept])
    assert change(held, fewer) is not Change.HARDENED
