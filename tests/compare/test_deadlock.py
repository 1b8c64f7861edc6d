"""Demands that wait for each other, and what opens them."""

import itertools

from hypothesis import assume, given, settings

from negotiations_api.compare.position import Condition, ConditionKind, Position, Stance
from negotiations_api.compare.roadmap import Deadlock, HeldCondition, Relaxation, Roadmap
from tests.compare.factories import after, together_with
from tests.compare.roads import (
    Conditions,
    Negotiation,
    all_delivered,
    asked,
    conditions_of,
    delivered,
    dropped,
    made_reciprocal,
    negotiations,
    reaches,
    relaxed,
    stands,
    unmet,
)

HOW = {Relaxation.RECIPROCAL: made_reciprocal, Relaxation.DROPPED: dropped}


def of_one_party(*conditions: Condition, more: tuple[Position, ...] = ()) -> Roadmap:
    """Demands d0, d1, ... of the United States, with one condition on each."""
    positions = [stands(f"d{n}", "usa", condition) for n, condition in enumerate(conditions)]
    slugs = sorted({said.demand for said in (*positions, *more)})
    return Negotiation([asked(slug, "usa") for slug in slugs], [*positions, *more]).roadmap()


def sets(deadlock: Deadlock, relaxation: Relaxation) -> list[list[str]]:
    """The demands of the conditions in each of its openings of a kind."""
    return [
        [held.demand for held in opening.conditions]
        for opening in deadlock.openings
        if opening.relaxation is relaxation
    ]


def test_one_change_to_reciprocal_opens_the_talks() -> None:
    found = Negotiation(
        [
            asked("cvid", "prk"),
            asked("sanctions-relief", "usa"),
            asked("security-guarantees", "usa"),
        ],
        [
            stands("cvid", "prk", together_with("sanctions-relief")),
            stands("sanctions-relief", "usa", after("cvid")),
            stands("security-guarantees", "usa", after("cvid")),
        ],
    ).roadmap()
    (deadlock,) = found.deadlocks
    assert deadlock.demands == ("cvid", "sanctions-relief")
    assert deadlock.parties == ("prk", "usa")
    assert [held.demand for held in deadlock.conditions] == ["cvid", "sanctions-relief"]
    assert sets(deadlock, Relaxation.RECIPROCAL) == [["sanctions-relief"]]
    assert sets(deadlock, Relaxation.DROPPED) == [["cvid"], ["sanctions-relief"]]
    assert {opening.opens for opening in deadlock.openings} == {
        ("cvid", "sanctions-relief", "security-guarantees")
    }
    assert deadlock.is_exact


def test_a_ring_of_preconditions_is_opened_by_dropping_any_or_by_making_all_reciprocal() -> None:
    (deadlock,) = of_one_party(after("d1"), after("d2"), after("d0")).deadlocks
    assert sets(deadlock, Relaxation.RECIPROCAL) == [["d0", "d1", "d2"]]
    assert sets(deadlock, Relaxation.DROPPED) == [["d0"], ["d1"], ["d2"]]


def test_a_ring_of_reciprocal_conditions_that_something_else_blocks_is_no_deadlock() -> None:
    reject = stands("d2", "usa", stance=Stance.REJECT)
    found = of_one_party(together_with("d1"), together_with("d0"), more=(reject,))
    assert not found.deadlocks
    ring = Negotiation(
        [asked("d0", "usa", "prk"), asked("d1", "usa")],
        [stands("d0", "usa", together_with("d1")), stands("d1", "usa", together_with("d0"))],
    ).roadmap()
    assert len(ring.blocked) == 2
    assert not ring.deadlocks


def test_a_demand_that_is_its_own_precondition_is_a_deadlock() -> None:
    (deadlock,) = of_one_party(after("d0")).deadlocks
    assert deadlock.demands == ("d0",)
    assert sets(deadlock, Relaxation.RECIPROCAL) == sets(deadlock, Relaxation.DROPPED) == [["d0"]]


def test_what_only_waits_for_a_deadlock_is_not_in_it() -> None:
    (deadlock,) = of_one_party(after("d1"), after("d0"), after("d0")).deadlocks
    assert deadlock.demands == ("d0", "d1")


def test_a_deadlock_in_which_somebody_refuses_is_not_opened_by_relaxing_conditions() -> None:
    (deadlock,) = (
        Negotiation(
            [asked("d0", "usa", "prk"), asked("d1", "usa")],
            [
                stands("d0", "usa", after("d1")),
                stands("d0", "prk", stance=Stance.RESERVE),
                stands("d1", "usa", after("d0")),
            ],
        )
        .roadmap()
        .deadlocks
    )
    assert not deadlock.openings
    assert deadlock.is_exact


def test_a_text_on_which_a_deadlock_waits_too_can_only_be_dropped() -> None:
    (deadlock,) = (
        Negotiation(
            [asked("d0", "usa", "prk"), asked("d1", "usa")],
            [
                stands("d0", "usa", after("d1")),
                stands("d0", "prk", after(text="Be sincere.")),
                stands("d1", "usa", after("d0")),
            ],
        )
        .roadmap()
        .deadlocks
    )
    assert sets(deadlock, Relaxation.RECIPROCAL) == []
    assert [
        [(held.demand, held.party) for held in opening.conditions] for opening in deadlock.openings
    ] == [[("d0", "prk"), ("d0", "usa")], [("d0", "prk"), ("d1", "usa")]]


def test_a_condition_that_something_else_may_meet_need_not_be_relaxed() -> None:
    """The second ring has a way out, once the first is open."""
    (deadlock,) = of_one_party(after("d1"), after("d0", "d2"), after("d3"), after("d1")).deadlocks
    assert deadlock.demands == ("d0", "d1", "d2", "d3")
    assert sets(deadlock, Relaxation.DROPPED) == [["d0"], ["d1"], ["d2"], ["d3"]]
    assert sets(deadlock, Relaxation.RECIPROCAL) == [["d0", "d1"]]


def test_a_ring_longer_than_the_recursion_limit_is_a_deadlock() -> None:
    count = 1_200
    ring = [after(f"d{(n + 1) % count}") for n in range(count)]
    (deadlock,) = of_one_party(*ring).deadlocks
    assert len(deadlock.demands) == count
    (all_reciprocal,) = sets(deadlock, Relaxation.RECIPROCAL)
    assert len(all_reciprocal) == count
    assert {len(chosen) for chosen in sets(deadlock, Relaxation.DROPPED)} == {1}


@given(negotiations())
@settings(max_examples=100, deadline=None)
def test_deadlocks_are_what_waits_for_itself_beforehand(talks: Negotiation) -> None:
    found = talks.roadmap()
    blocked = {blocked.demand.slug for blocked in found.blocked}
    waiting = list(unmet(conditions_of(talks), delivered(found)))
    edges: dict[str, set[str]] = {slug: set() for slug in blocked}
    for held in waiting:
        edges[held.demand].update(blocked.intersection(held.condition.demands))
    reached = reaches(edges, blocked)
    rings = {
        tuple(sorted({slug} | {o for o in blocked if o in reached[slug] and slug in reached[o]}))
        for slug in blocked
    }
    expected = []
    for ring in sorted(rings):
        closing = [
            held
            for held in waiting
            if held.demand in ring and set(ring).intersection(held.condition.demands)
        ]
        if any(held.condition.kind is ConditionKind.PRECONDITION for held in closing):
            expected.append((ring, {(held.demand, held.party, held.index) for held in closing}))
    assert [
        (deadlock.demands, {(held.demand, held.party, held.index) for held in deadlock.conditions})
        for deadlock in found.deadlocks
    ] == expected


@given(negotiations(most_demands=5, parties=("prk", "usa")))
@settings(max_examples=100, deadline=None)
def test_openings_are_all_the_smallest_sets_that_open_a_deadlock(talks: Negotiation) -> None:
    found = talks.roadmap()
    held = conditions_of(talks)
    assume(found.deadlocks)
    for deadlock in found.deadlocks:
        waiting = [one for one in unmet(held, delivered(found)) if one.demand in deadlock.demands]
        for relaxation in Relaxation:
            given_here = {
                frozenset((one.demand, one.party, one.index) for one in opening.conditions)
                for opening in deadlock.openings
                if opening.relaxation is relaxation
            }
            candidates = [
                one
                for one in waiting
                if relaxation is Relaxation.DROPPED
                or (
                    one.condition.kind is ConditionKind.PRECONDITION
                    and set(deadlock.demands).intersection(one.condition.demands)
                )
            ]
            assert given_here == smallest(found, deadlock, held, candidates, relaxation)


def smallest(
    found: Roadmap,
    deadlock: Deadlock,
    held: Conditions,
    candidates: list[HeldCondition],
    relaxation: Relaxation,
) -> set[frozenset[tuple[str, str, int]]]:
    """The smallest sets that open a deadlock, of all that there are; checks what they open."""
    start = [demand.slug for demand in found.delivered]
    before = delivered(found)
    most = relaxed(held, candidates, HOW[relaxation])
    if not set(deadlock.demands) <= all_delivered(most, start):
        return set()
    for size in range(len(candidates) + 1):
        opening = set()
        for chosen in itertools.combinations(candidates, size):
            after_it = all_delivered(relaxed(held, chosen, HOW[relaxation]), start)
            if set(deadlock.demands) <= after_it:
                opening.add(frozenset((one.demand, one.party, one.index) for one in chosen))
                assert {opening.opens for opening in deadlock.openings} == {
                    tuple(sorted(after_it - before))
                }
        if opening:
            return opening
    return set()
