"""Where two sides differ, demand by demand."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiations_api.compare.alignment import Alignment
from negotiations_api.compare.change import Change
from negotiations_api.compare.comparison import Comparison
from negotiations_api.compare.position import Demand, Position, Stance
from tests.compare.demand_lists import demand_lists
from tests.compare.factories import (
    NUCLEAR,
    PRK,
    SANCTIONS,
    USA,
    comparison,
    demand,
    of_one_party,
    position,
    positions,
)


@st.composite
def side_of(draw: st.DrawFn, demands: list[Demand], party: str) -> list[Position]:
    """A position of `party` on some of the demands."""
    recorded = draw(st.lists(st.sampled_from(demands), unique=True)) if demands else []
    return [position(draw(st.sampled_from(Stance)), demand=on.slug, party=party) for on in recorded]


def shown(compared: Comparison) -> list[str]:
    """The slugs of the demands that a comparison shows."""
    return [each.demand.slug for issue in compared.issues for each in issue.demands]


def test_demands_are_grouped_by_issue() -> None:
    demands = [demand("a", SANCTIONS), demand("b", NUCLEAR), demand("c", SANCTIONS)]
    groups = [
        (issue.issue, [each.demand.slug for each in issue.demands])
        for issue in comparison(demands).issues
    ]
    assert groups == [(NUCLEAR, ["b"]), (SANCTIONS, ["a", "c"])]


@given(demand_lists())
@settings(deadline=None)
def test_every_issue_has_one_group(demands: list[Demand]) -> None:
    groups = [issue.issue for issue in comparison(demands).issues]
    assert groups == sorted({each.issue for each in demands}, key=lambda issue: issue.slug)


@given(demand_lists(), st.data())
@settings(deadline=None)
def test_the_order_of_what_comes_in_changes_nothing(
    demands: list[Demand], data: st.DataObject
) -> None:
    lefts = data.draw(side_of(demands, "usa"))
    rights = data.draw(side_of(demands, "prk"))
    shuffled = comparison(
        data.draw(st.permutations(demands)),
        data.draw(st.permutations(lefts)),
        data.draw(st.permutations(rights)),
    )
    assert shuffled == comparison(demands, lefts, rights)


def test_each_side_has_its_own_position_on_a_demand() -> None:
    left, right = position(Stance.REJECT), position(Stance.DEMAND, party="prk")
    compared = comparison([demand()], [left], [right]).issues[0].demands[0]
    assert (compared.left, compared.right) == (left, right)


def test_a_demand_without_a_position_is_not_recorded() -> None:
    compared = comparison([demand()]).issues[0].demands[0]
    assert (compared.left, compared.right) == (None, None)


def test_a_position_on_a_demand_that_is_not_compared_is_left_out() -> None:
    compared = comparison([demand("a")], [position(demand="b")])
    assert shown(compared) == ["a"]


def test_the_sides_say_who_and_when() -> None:
    compared = comparison([], dates=("2018-06-12", "2019-10-05"))
    sides = [(side.party, side.on) for side in (compared.left, compared.right)]
    assert sides == [(USA, "2018-06-12"), (PRK, "2019-10-05")]


def test_two_parties_have_alignments_and_no_changes() -> None:
    compared = comparison([demand()], [position(Stance.REJECT)], [position(Stance.DEMAND)])
    only = compared.issues[0].demands[0]
    assert (only.alignment, only.change) == (Alignment.OPPOSED, None)


def test_two_dates_of_one_party_have_changes_and_no_alignments() -> None:
    compared = of_one_party([demand()], [position(Stance.REJECT)], [position(Stance.DEMAND)])
    only = compared.issues[0].demands[0]
    assert (only.alignment, only.change) == (None, Change.SOFTENED)


def test_totals_of_two_parties_count_alignments_alone() -> None:
    totals = comparison([demand()], [position()], [position()]).totals
    assert (totals.alignments, totals.changes) == (
        {kind: int(kind is Alignment.AGREED) for kind in Alignment},
        None,
    )


def test_totals_of_one_party_count_changes_alone() -> None:
    totals = of_one_party([demand()], [], [position()]).totals
    assert (totals.alignments, totals.changes) == (
        None,
        {kind: int(kind is Change.NEW) for kind in Change},
    )


@pytest.mark.parametrize("how", [{}, {"differences_only": True}], ids=["all", "differences"])
@given(data=st.data())
@settings(deadline=None)
def test_totals_count_every_demand_whether_shown_or_not(
    how: dict[str, Any], data: st.DataObject
) -> None:
    demands = data.draw(demand_lists())
    lefts, rights = data.draw(side_of(demands, "usa")), data.draw(side_of(demands, "prk"))
    totals = comparison(demands, lefts, rights, **how).totals
    assert sum((totals.alignments or {}).values()) == totals.demands == len(demands)


@given(st.data())
@settings(deadline=None)
def test_changes_count_every_demand(data: st.DataObject) -> None:
    demands = data.draw(demand_lists())
    befores, afters = data.draw(side_of(demands, "prk")), data.draw(side_of(demands, "prk"))
    totals = of_one_party(demands, befores, afters).totals
    assert sum((totals.changes or {}).values()) == totals.demands == len(demands)


@given(st.data())
@settings(deadline=None)
def test_the_totals_of_the_issues_add_up(data: st.DataObject) -> None:
    demands = data.draw(demand_lists())
    lefts, rights = data.draw(side_of(demands, "usa")), data.draw(side_of(demands, "prk"))
    compared = comparison(demands, lefts, rights)
    by_issue = [issue.totals for issue in compared.issues]
    added = {kind: sum((t.alignments or {})[kind] for t in by_issue) for kind in Alignment}
    assert added == compared.totals.alignments


@given(st.data())
@settings(deadline=None)
def test_recorded_by_both_counts_the_demands_on_which_neither_is_silent(
    data: st.DataObject,
) -> None:
    demands = data.draw(demand_lists())
    lefts, rights = data.draw(side_of(demands, "usa")), data.draw(side_of(demands, "prk"))
    both = {held.demand for held in lefts} & {held.demand for held in rights}
    assert comparison(demands, lefts, rights).totals.recorded_by_both == len(both)


@pytest.mark.parametrize(
    ("left", "right", "differs"),
    [
        pytest.param(position(Stance.DEMAND), position(Stance.ACCEPT), False, id="agreed"),
        pytest.param(position(Stance.REJECT), position(Stance.REJECT), False, id="both_reject"),
        pytest.param(None, None, False, id="not_recorded"),
        pytest.param(position(Stance.DEMAND), position(Stance.CONDITIONAL), True, id="conditional"),
        pytest.param(position(Stance.DEMAND), position(Stance.RESERVE), True, id="open"),
        pytest.param(position(Stance.DEMAND), position(Stance.REJECT), True, id="opposed"),
        pytest.param(position(Stance.DEMAND), None, True, id="one_sided"),
    ],
)
def test_differences_leave_out_what_two_parties_have_alike(
    left: Position | None, right: Position | None, differs: bool
) -> None:
    lefts, rights = ([held] if held else [] for held in (left, right))
    compared = comparison([demand()], lefts, rights, differences_only=True)
    assert shown(compared) == (["sanctions-relief"] if differs else [])


@pytest.mark.parametrize(
    ("before", "now", "differs"),
    [
        pytest.param(position(), position(), False, id="unchanged"),
        pytest.param(None, None, False, id="not recorded"),
        pytest.param(None, position(), True, id="new"),
        pytest.param(position(), None, True, id="ended"),
        pytest.param(position(), position(Stance.ACCEPT), True, id="softened"),
        pytest.param(position(), position(Stance.REJECT), True, id="hardened"),
        pytest.param(position(), position(deadline="2019"), True, id="reworded"),
    ],
)
def test_differences_leave_out_what_one_party_did_not_change(
    before: Position | None, now: Position | None, differs: bool
) -> None:
    befores, afters = ([held] if held else [] for held in (before, now))
    compared = of_one_party([demand()], befores, afters, differences_only=True)
    assert shown(compared) == (["sanctions-relief"] if differs else [])


def test_an_issue_without_differences_is_left_out() -> None:
    demands = [demand("a", NUCLEAR), demand("b", SANCTIONS)]
    compared = comparison(demands, [position(demand="b")], differences_only=True)
    assert [issue.issue for issue in compared.issues] == [SANCTIONS]


def test_the_totals_of_an_issue_count_also_the_demands_that_are_left_out() -> None:
    demands = [demand("a"), demand("b")]
    compared = comparison(demands, [position(demand="b")], differences_only=True)
    assert compared.issues[0].totals.demands == 2


@given(positions(st.text(max_size=5)))
@settings(deadline=None)
def test_a_party_compared_with_itself_on_one_day_does_not_differ(held: Position) -> None:
    assert of_one_party([demand()], [held], [held], differences_only=True).issues == ()
