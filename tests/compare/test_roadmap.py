"""What could be delivered, in which order, and what blocks the rest."""

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiations_api.compare.commitment import CommitmentStatus, Delivers
from negotiations_api.compare.position import Condition, Demand, Position, Stance
from negotiations_api.compare.roadmap import Obstacle, Roadmap, roadmap
from tests.compare.factories import PRK, USA, after, together_with
from tests.compare.roads import (
    Negotiation,
    all_delivered,
    asked,
    conditions_of,
    delivered,
    done,
    dropped,
    is_met,
    largest_steps,
    made_reciprocal,
    negotiations,
    relaxed,
    stands,
    steps,
)

MODERATELY = settings(max_examples=60, deadline=None)


def road(demands: list[Demand], *positions: Position, commitments: Any = ()) -> Roadmap:
    return Negotiation(demands, positions, commitments).roadmap()


def two(on_cvid: Condition, on_relief: Condition, **more: Any) -> Roadmap:
    """Denuclearisation asked of North Korea, sanctions relief of the United States."""
    demands = [asked("cvid", "prk"), asked("relief", "usa")]
    return road(demands, stands("cvid", "prk", on_cvid), stands("relief", "usa", on_relief), **more)


def obstacles(found: Roadmap, slug: str) -> list[tuple[str | None, Obstacle]]:
    return [
        (block.party, block.obstacle)
        for blocked in found.blocked
        if blocked.demand.slug == slug
        for block in blocked.blocks
    ]


@pytest.mark.parametrize("stance", [Stance.DEMAND, Stance.ACCEPT])
def test_a_demand_that_every_addressed_party_accepts_is_deliverable(stance: Stance) -> None:
    found = road(
        [asked("freeze", "usa", "prk")],
        *(stands("freeze", party, stance=stance) for party in ("usa", "prk")),
    )
    assert steps(found) == [["freeze"]]
    assert not found.blocked


def test_parties_that_are_not_addressed_do_not_matter() -> None:
    found = road(
        [asked("freeze", "prk")],
        stands("freeze", "prk"),
        stands("freeze", "usa", stance=Stance.REJECT),
    )
    assert steps(found) == [["freeze"]]


def test_a_part_does_not_wait_for_the_whole_nor_the_whole_for_its_part() -> None:
    part = replace(asked("yongbyon", "prk"), part_of="cvid")
    found = road([asked("cvid", "usa"), part], stands("yongbyon", "prk"))
    assert steps(found) == [["yongbyon"]]
    assert obstacles(found, "cvid") == [("usa", Obstacle.NOT_RECORDED)]


def test_a_precondition_is_met_in_an_earlier_step() -> None:
    found = road(
        [asked("cvid", "prk"), asked("relief", "usa")],
        stands("cvid", "prk"),
        stands("relief", "usa", after("cvid")),
    )
    assert steps(found) == [["cvid"], ["relief"]]
    assert found.steps[1].demands[0].after == ("cvid",)
    assert [step.number for step in found.steps] == [1, 2]


def test_a_reciprocal_condition_is_met_in_the_same_step() -> None:
    found = two(together_with("relief"), together_with("cvid"))
    assert steps(found) == [["cvid", "relief"]]
    assert [demand.together_with for demand in found.steps[0].demands] == [("relief",), ("cvid",)]
    assert [demand.after for demand in found.steps[0].demands] == [(), ()]


def test_a_reciprocal_condition_is_met_in_an_earlier_step() -> None:
    found = road(
        [asked("cvid", "prk"), asked("freeze", "prk"), asked("relief", "usa")],
        stands("cvid", "prk"),
        stands("freeze", "prk"),
        stands("relief", "usa", after("freeze"), together_with("cvid")),
    )
    assert steps(found) == [["cvid", "freeze"], ["relief"]]
    assert found.steps[1].demands[0].after == ("cvid", "freeze")
    assert found.steps[1].demands[0].together_with == ()


def test_any_one_of_its_demands_meets_a_condition() -> None:
    found = road(
        [asked("cvid", "prk"), asked("freeze", "prk"), asked("relief", "usa")],
        stands("cvid", "prk", stance=Stance.REJECT),
        stands("freeze", "prk"),
        stands("relief", "usa", after("cvid", "freeze")),
    )
    assert steps(found) == [["freeze"], ["relief"]]
    assert found.steps[1].demands[0].after == ("freeze",)


def test_all_conditions_must_be_met() -> None:
    found = road(
        [asked("cvid", "prk"), asked("freeze", "prk"), asked("relief", "usa")],
        stands("cvid", "prk", stance=Stance.RESERVE),
        stands("freeze", "prk"),
        stands("relief", "usa", after("freeze"), after("cvid")),
    )
    assert steps(found) == [["freeze"]]
    (block,) = next(b for b in found.blocked if b.demand.slug == "relief").blocks
    assert (block.obstacle, block.waits_for) == (Obstacle.WAITING, ("cvid",))
    assert block.condition is not None
    assert (block.condition.party, block.condition.index) == ("usa", 1)


def test_what_is_only_said_in_a_text_is_never_met() -> None:
    found = road([asked("cvid", "prk")], stands("cvid", "prk", after(text="Be sincere.")))
    assert obstacles(found, "cvid") == [("prk", Obstacle.TEXT_ONLY)]


def test_the_demands_of_a_condition_decide_not_its_text() -> None:
    found = road(
        [asked("cvid", "prk"), asked("relief", "usa")],
        stands("cvid", "prk"),
        stands("relief", "usa", after("cvid", text="verified")),
    )
    assert steps(found) == [["cvid"], ["relief"]]


def test_a_condition_that_names_an_unknown_demand_waits_for_it() -> None:
    found = road([asked("cvid", "prk")], stands("cvid", "prk", together_with("unheard-of")))
    (block,) = found.blocked[0].blocks
    assert (block.obstacle, block.waits_for) == (Obstacle.WAITING, ("unheard-of",))
    assert not found.deadlocks


def test_a_demand_addressed_to_nobody_is_blocked() -> None:
    found = road([asked("cvid")], stands("cvid", "prk"))
    assert obstacles(found, "cvid") == [(None, Obstacle.NOT_ADDRESSED)]


def test_all_that_stands_in_the_way_is_listed_by_party_and_condition() -> None:
    found = road(
        [asked("peace", "usa", "rok", "prk", "chn", "rus"), asked("cvid", "prk")],
        stands("cvid", "prk", stance=Stance.REJECT),
        stands("peace", "chn"),
        stands("peace", "prk", after("cvid"), after(text="Be sincere.")),
        stands("peace", "rok", stance=Stance.RESERVE),
        stands("peace", "usa", stance=Stance.REJECT),
    )
    assert obstacles(found, "peace") == [
        ("prk", Obstacle.WAITING),
        ("prk", Obstacle.TEXT_ONLY),
        ("rok", Obstacle.RESERVED),
        ("rus", Obstacle.NOT_RECORDED),
        ("usa", Obstacle.REJECTED),
    ]


def test_conditions_that_close_a_deadlock_are_told_from_those_that_wait_for_it() -> None:
    found = road(
        [asked("cvid", "prk"), asked("relief", "usa"), asked("guarantees", "usa")],
        stands("cvid", "prk", together_with("relief")),
        stands("relief", "usa", after("cvid")),
        stands("guarantees", "usa", after("cvid")),
    )
    assert obstacles(found, "cvid") == [("prk", Obstacle.DEADLOCK)]
    assert obstacles(found, "relief") == [("usa", Obstacle.DEADLOCK)]
    assert obstacles(found, "guarantees") == [("usa", Obstacle.WAITING)]


def test_what_a_commitment_delivered_is_delivered_at_the_start() -> None:
    found = two(after("relief"), after("cvid"), commitments=[done("cvid", "prk")])
    assert [demand.slug for demand in found.delivered] == ["cvid"]
    assert steps(found) == [["relief"]]
    assert found.steps[0].demands[0].after == ("cvid",)
    assert not found.blocked


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"delivers": Delivers.PARTLY}, id="partly"),
        pytest.param({"status": CommitmentStatus.PLEDGED}, id="pledged only"),
        pytest.param({"status": CommitmentStatus.BREACHED}, id="breached"),
        pytest.param({"date": "2019-10-06"}, id="later"),
        pytest.param({"date": "2018", "status_since": "2019-11"}, id="pledged before, done later"),
        pytest.param({"party": "usa"}, id="by another party"),
    ],
)
def test_a_commitment_does_not_count_as_delivered(said: dict[str, Any]) -> None:
    commitment = replace(done("cvid", "prk"), **said)
    found = road([asked("cvid", "prk")], commitments=[commitment])
    assert not found.delivered
    assert obstacles(found, "cvid") == [("prk", Obstacle.NOT_RECORDED)]


@pytest.mark.parametrize("since", ["2019", "2019-10", "2019-10-05"])
def test_a_commitment_counts_from_the_first_day_of_its_date(since: str) -> None:
    commitment = done("cvid", "prk", date="2018", status_since=since)
    assert road([asked("cvid", "prk")], commitments=[commitment]).delivered


def test_every_addressed_party_has_to_have_delivered() -> None:
    one, other = done("freeze", "prk"), done("freeze", "usa")
    demands = [asked("freeze", "usa", "prk")]
    assert not road(demands, commitments=[one]).delivered
    assert road(demands, commitments=[one, other]).delivered


def test_what_nobody_was_asked_for_may_have_been_delivered_by_anybody() -> None:
    assert road([asked("freeze")], commitments=[done("freeze", "chn")]).delivered


@given(negotiations())
@MODERATELY
def test_a_step_is_the_largest_set_that_can_be_delivered_together(talks: Negotiation) -> None:
    found = talks.roadmap()
    start = {demand.slug for demand in found.delivered}
    assert [set(step) for step in steps(found)] == largest_steps(conditions_of(talks), start)


@given(negotiations())
@MODERATELY
def test_every_demand_is_delivered_planned_or_blocked(talks: Negotiation) -> None:
    found = talks.roadmap()
    blocked = {blocked.demand.slug for blocked in found.blocked}
    assert delivered(found).isdisjoint(blocked)
    assert delivered(found) | blocked == {demand.slug for demand in talks.demands}
    assert all(blocked.blocks for blocked in found.blocked)


@given(negotiations())
@MODERATELY
def test_what_comes_before_and_together_meets_all_conditions(talks: Negotiation) -> None:
    held = conditions_of(talks)
    for step in talks.roadmap().steps:
        for planned in step.demands:
            for party in planned.demand.addressed_to:
                for one in held[planned.demand.slug, party] or ():
                    assert is_met(one.condition, set(planned.after), planned.together_with)


@given(negotiations(), st.data())
@MODERATELY
def test_a_relaxed_condition_never_makes_a_demand_undeliverable(
    talks: Negotiation, data: st.DataObject
) -> None:
    held = conditions_of(talks)
    conditions = [one for answer in held.values() for one in answer or ()]
    chosen = data.draw(
        st.lists(st.sampled_from(conditions), max_size=3) if conditions else st.just([])
    )
    how = data.draw(st.sampled_from([dropped, made_reciprocal]))
    left = relaxed(held, chosen, how)
    positions = [
        replace(
            said, conditions=tuple(one.condition for one in left[said.demand, said.party] or ())
        )
        if said.conditions and (said.demand, said.party) in left
        else said
        for said in talks.positions
    ]
    after_it = replace(talks, positions=positions).roadmap()
    assert delivered(talks.roadmap()) <= delivered(after_it)
    assert delivered(after_it) == all_delivered(left, {d.slug for d in after_it.delivered})


@given(negotiations(), st.randoms(use_true_random=False))
@MODERATELY
def test_the_order_of_what_is_given_changes_nothing(
    talks: Negotiation, chance: random.Random
) -> None:
    def shuffled(things: Any) -> tuple[Any, ...]:
        return tuple(chance.sample(list(things), len(things)))

    positions = [
        replace(
            said,
            conditions=tuple(
                replace(condition, demands=shuffled(condition.demands))
                for condition in said.conditions
            ),
        )
        for said in talks.positions
    ]
    other = roadmap(
        "2019-10-05",
        (PRK, USA),
        shuffled(talks.demands),
        shuffled(positions),
        shuffled(talks.commitments),
    )
    assert other == talks.roadmap()


@pytest.mark.parametrize("count", [3_000])
def test_a_long_chain_is_a_step_for_each_demand(count: int) -> None:
    slugs = [f"d{number:04}" for number in range(count)]
    demands = [asked(slug, "usa") for slug in slugs]
    chain = [stands(slug, "usa", after(slugs[n])) for n, slug in enumerate(slugs[1:])]
    found = road(demands, stands(slugs[0], "usa"), *chain)
    assert steps(found) == [[slug] for slug in slugs]


def test_a_long_ring_of_reciprocal_conditions_is_one_step() -> None:
    slugs = [f"d{number:04}" for number in range(3_000)]
    demands = [asked(slug, "usa") for slug in slugs]
    ring = [stands(slug, "usa", together_with(slugs[n - 1])) for n, slug in enumerate(slugs)]
    assert steps(road(demands, *ring)) == [slugs]
