"""What could be done, in which order, and what blocks the rest: rendered."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from negotiations_api.compare.roadmap import (
    Assumption,
    Block,
    BlockedDemand,
    Concession,
    ConcessionEffect,
    Deadlock,
    HeldCondition,
    Obstacle,
    Opening,
    PlannedDemand,
    Relaxation,
    Roadmap,
    Step,
)
from negotiations_api.render.page import Page, Section
from negotiations_api.render.roadmap import roadmap_page, roadmap_table
from tests.compare.factories import NUCLEAR, PRK, USA, after, demand
from tests.render.hostile import TEXTS, WIDTHS, check_page, check_table

CVID = HeldCondition("sanctions-relief", "usa", 0, after("cvid"))
RELIEF = HeldCondition("cvid", "prk", 0, after("sanctions-relief", "treaty"))
OPENS = ("cvid", "sanctions-relief")
DEADLOCK = Deadlock(
    demands=OPENS,
    parties=("prk", "usa"),
    conditions=(RELIEF, CVID),
    openings=(Opening(Relaxation.RECIPROCAL, (CVID,), OPENS),),
    is_exact=True,
)
ROADMAP = Roadmap(
    on="2019-10-05",
    parties=(PRK, USA),
    assumed=(Assumption("freeze", "usa", Concession.RECIPROCAL),),
    delivered=(demand("moratorium", title="No tests"),),
    steps=(
        Step(1, (PlannedDemand(demand("teams", title="Teams"), (), ()),)),
        Step(2, (PlannedDemand(demand("remains", title="Remains"), ("teams",), ("a", "b")),)),
    ),
    blocked=(
        BlockedDemand(
            demand("cvid", NUCLEAR, title="All of it"),
            (
                Block(Obstacle.DEADLOCK, "prk", RELIEF, ("sanctions-relief", "treaty")),
                Block(Obstacle.NOT_RECORDED, "chn", None, ()),
                Block(Obstacle.NOT_RECORDED, "kor", None, ()),
            ),
        ),
        BlockedDemand(
            demand("trade", title="Trade"), (Block(Obstacle.NOT_ADDRESSED, None, None, ()),)
        ),
    ),
    deadlocks=(DEADLOCK,),
    concessions=(ConcessionEffect(Assumption("cvid", "prk", Concession.ACCEPT), OPENS),),
)


def section(page: Page, title: str) -> Section:
    """The section with that title."""
    return next(each for each in page.sections if each.title == title)


def deadlock_of(deadlock: Deadlock) -> Section:
    """The section of a roadmap with one deadlock."""
    page = roadmap_page(replace(ROADMAP, deadlocks=(deadlock,)))
    return next(each for each in page.sections if (each.title or "").startswith("Deadlock"))


def test_it_goes_from_what_is_assumed_to_what_is_blocked() -> None:
    page = roadmap_page(ROADMAP)
    assert page.title == "What could be done on 2019-10-05"
    assert [each.title for each in page.sections] == [
        None,
        "Assumed",
        "Delivered",
        "Step 1",
        "Step 2",
        "Deadlock between prk and usa",
        "Concessions that open most",
        "Blocked: somebody has no recorded position",
        "Blocked: in a deadlock",
        "Blocked: nobody is asked to deliver it",
    ]


def test_it_begins_with_how_many_there_are_of_each() -> None:
    assert roadmap_page(ROADMAP).sections[0].paragraphs == (
        "5 demands: 1 delivered, 2 deliverable in 2 steps, 2 blocked, 1 deadlock.",
    )


def test_what_there_is_nothing_of_has_no_section() -> None:
    empty = Roadmap("2019-10-05", (), (), (), (), (), (), ())
    assert [each.title for each in roadmap_page(empty).sections] == [None]


def test_a_step_says_after_what_and_together_with_what() -> None:
    page = roadmap_page(ROADMAP)
    assert section(page, "Step 1").items == ("teams: Teams",)
    assert section(page, "Step 2").items == (
        "remains: Remains (after teams, together with a and b)",
    )


def test_an_assumption_says_who_concedes_what() -> None:
    assert section(roadmap_page(ROADMAP), "Assumed").items == (
        "usa makes its preconditions on freeze reciprocal.",
    )


def test_a_deadlock_says_what_closes_it_and_what_would_open_it() -> None:
    shown = deadlock_of(DEADLOCK)
    assert shown.paragraphs == ("cvid and sanctions-relief wait for each other.",)
    assert shown.items == (
        "prk delivers cvid only after sanctions-relief or treaty",
        "usa delivers sanctions-relief only after cvid",
        (
            "If the condition of usa on sanctions-relief (only after cvid) is made reciprocal, "
            "that opens cvid and sanctions-relief."
        ),
    )


def test_a_bound_is_said_to_be_one() -> None:
    (*_, opening) = deadlock_of(
        replace(DEADLOCK, openings=(replace(DEADLOCK.openings[0], is_exact=False),))
    ).items
    assert "is made reciprocal (fewer may do), that opens" in opening


def test_a_deadlock_that_nothing_opens_is_blocked_by_something_else_too() -> None:
    (*_, last) = deadlock_of(replace(DEADLOCK, openings=())).items
    assert last.endswith("something else blocks it too.")


def test_a_demand_can_wait_for_itself() -> None:
    alone = replace(DEADLOCK, demands=("cvid",), parties=("prk",))
    assert deadlock_of(alone).title == "Deadlock of prk"
    assert deadlock_of(alone).paragraphs == ("cvid waits for itself.",)


def test_a_blocked_demand_says_by_whom_and_on_which_condition() -> None:
    page = roadmap_page(ROADMAP)
    assert section(page, "Blocked: somebody has no recorded position").items == (
        "cvid: All of it (chn; kor)",
    )
    assert section(page, "Blocked: in a deadlock").items == (
        "cvid: All of it (prk only after sanctions-relief or treaty)",
    )
    assert section(page, "Blocked: nobody is asked to deliver it").items == ("trade: Trade",)


@pytest.mark.parametrize("obstacle", Obstacle)
def test_every_obstacle_has_words(obstacle: Obstacle) -> None:
    blocked = (BlockedDemand(demand(), (Block(obstacle, "usa", None, ()),)),)
    page = roadmap_page(replace(ROADMAP, blocked=blocked))
    assert [each.items for each in page.sections if (each.title or "").startswith("Blocked: ")] == [
        ("sanctions-relief: sanctions-relief (usa)",)
    ]


def test_ten_concessions_are_listed_at_most() -> None:
    many = ROADMAP.concessions * 12
    page = roadmap_page(replace(ROADMAP, concessions=many))
    assert (
        list(section(page, "Concessions that open most (10 of 12)").items)
        == ["If prk accepts cvid, that opens cvid and sanctions-relief."] * 10
    )


def test_the_table_has_a_row_for_each_demand() -> None:
    table = roadmap_table(ROADMAP)
    assert table.header == (
        *("demand", "title", "issue", "status", "step", "after", "together_with", "reasons"),
    )
    relief = "sanctions-relief"
    assert table.rows == (
        ("moratorium", "No tests", relief, "delivered", None, None, None, None),
        ("teams", "Teams", relief, "step", 1, None, None, None),
        ("remains", "Remains", relief, "step", 2, "teams", "a b", None),
        (
            *("cvid", "All of it", "denuclearisation", "blocked", None, None, None),
            "deadlock:prk:sanctions-relief|treaty not_recorded:chn: not_recorded:kor:",
        ),
        ("trade", "Trade", relief, "blocked", None, None, None, "not_addressed::"),
    )


@given(TEXTS, WIDTHS)
@settings(deadline=None, max_examples=25)
def test_it_keeps_to_the_width_whatever_the_record_says(text: str, width: int) -> None:
    held = HeldCondition("x" * 80, "usa", 0, after(text=text))
    shown = replace(
        ROADMAP,
        delivered=(demand(title=text),),
        blocked=(BlockedDemand(demand(title=text), (Block(Obstacle.TEXT_ONLY, "usa", held, ()),)),),
        deadlocks=(replace(DEADLOCK, conditions=(held,)),),
    )
    check_page(roadmap_page(shown), width)
    check_table(roadmap_table(shown))
