"""Where two sides differ, demand by demand."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiations_api.compare.alignment import Alignment
from negotiations_api.compare.change import Change
from negotiations_api.compare.comparison import Comparison, in_order
from negotiations_api.compare.position import Demand, Issue, Position, Stance
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

ISSUES = [SANCTIONS, NUCLEAR, Issue("peace-treaty", "Peace treaty")]
SLUGS = ["a", "b", "c", "d", "e", "f"]


@st.composite
def demand_lists(draw: st.DrawFn) -> list[Demand]:
    """Demands of a few issues, each perhaps a part of any other, of itself or of none."""
    slugs = draw(st.lists(st.sampled_from(SLUGS), unique=True))
    return [
        demand(
            slug,
            draw(st.sampled_from(ISSUES)),
            part_of=draw(st.none() | st.sampled_from(SLUGS)),
        )
        for slug in slugs
    ]


@st.composite
def side_of(draw: st.DrawFn, demands: list[Demand], party: str) -> list[Position]:
    """A position of `party` on some of the demands."""
    recorded = draw(st.lists(st.sampled_from(demands), unique=True)) if demands else []
    return [position(draw(st.sampled_from(Stance)), demand=on.slug, party=party) for on in recorded]


def slugs(demands: list[Demand]) -> list[str]:
    """Their slugs."""
    return [each.slug for each in demands]


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


def test_a_part_follows_its_whole() -> None:
    demands = [demand("a", part_of="z"), demand("b"), demand("z")]
    assert slugs(in_order(demands)) == ["b", "z", "a"]


def test_a_part_of_a_part_stands_between_its_whole_and_what_follows() -> None:
    demands = [
        demand("reactor", part_of="yongbyon"),
        demand("cvid"),
        demand("missiles", part_of="cvid"),
        demand("freeze"),
        demand("yongbyon", part_of="cvid"),
    ]
    assert slugs(in_order(demands)) == ["cvid", "missiles", "yongbyon", "reactor", "freeze"]


def test_a_part_of_a_demand_of_another_issue_stands_among_its_own() -> None:
    demands = [demand("a", NUCLEAR, part_of="z"), demand("b", NUCLEAR), demand("z", SANCTIONS)]
    assert slugs(in_order(demands)) == ["a", "b", "z"]


def test_a_part_of_a_demand_that_is_not_there_stands_on_its_own() -> None:
    demands = [demand("b"), demand("a", part_of="elsewhere")]
    assert slugs(in_order(demands)) == ["a", "b"]


@pytest.mark.parametrize(
    "wholes",
    [
        pytest.param({"a": "a"}, id="itself"),
        pytest.param({"a": "b", "b": "a"}, id="each other"),
        pytest.param({"a": "b", "b": "c", "c": "a", "d": "a"}, id="a ring, and a part of it"),
    ],
)
def test_demands_that_are_parts_of_each_other_are_each_given_once(wholes: dict[str, str]) -> None:
    demands = [demand(slug, part_of=whole) for slug, whole in wholes.items()]
    assert sorted(slugs(in_order(demands))) == sorted(wholes)


@given(demand_lists())
@settings(deadline=None)
def test_a_part_never_stands_before_its_whole_unless_that_is_a_part_of_it(
    demands: list[Demand],
) -> None:
    by_slug = {each.slug: each for each in demands}

    def wholes(part: Demand) -> set[str]:
        found: set[str] = set()
        step: Demand | None = by_slug.get(part.part_of or "")
        while step and step.issue == part.issue and step.slug not in found:
            found.add(step.slug)
            step = by_slug.get(step.part_of or "")
        return found

    order = slugs(in_order(demands))
    early = [
        (part.slug, whole.slug)
        for part in demands
        if (whole := by_slug.get(part.part_of or "")) is not None
        and whole.issue == part.issue
        and part.slug not in wholes(whole)
        and order.index(part.slug) <= order.index(whole.slug)
    ]
    assert early == []


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
