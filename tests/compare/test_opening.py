"""What opens a deadlock whose conditions have alternatives, or are too many to try them all."""

from collections.abc import Iterable, Sequence

import pytest

from negotiations_api.compare.position import Condition
from negotiations_api.compare.roadmap import Deadlock, HeldCondition, Opening, Relaxation
from tests.compare.factories import after, together_with
from tests.compare.roads import (
    Conditions,
    Negotiation,
    asked,
    conditions_of,
    dropped,
    is_met,
    made_reciprocal,
    relaxed,
    stands,
)

HOW = {Relaxation.RECIPROCAL: made_reciprocal, Relaxation.DROPPED: dropped}


def of_one_party(**conditions: Iterable[Condition]) -> Negotiation:
    """What is asked of the United States, and on which conditions it accepts."""
    return Negotiation(
        [asked(slug, "usa") for slug in conditions],
        [stands(slug, "usa", *given) for slug, given in conditions.items()],
    )


def only_deadlock(talks: Negotiation) -> Deadlock:
    (found,) = talks.roadmap().deadlocks
    return found


def openings(deadlock: Deadlock, relaxation: Relaxation) -> list[Opening]:
    return [opening for opening in deadlock.openings if opening.relaxation is relaxation]


def opens_all(held: Conditions, chosen: Sequence[HeldCondition], relaxation: Relaxation) -> bool:
    """Whether every demand can be delivered once the chosen conditions are relaxed."""
    left = relaxed(held, chosen, HOW[relaxation])
    before: set[str] = set()
    while step := _step(left, before):
        before |= step
    return before == {slug for slug, _ in held}


def _step(held: Conditions, before: set[str]) -> set[str]:
    """All that is not delivered yet, less whatever waits for something else, again and again."""
    step = {slug for slug, _ in held} - before
    while True:
        waiting = {
            slug
            for (slug, _), conditions in held.items()
            if slug in step
            and not all(is_met(one.condition, before, step) for one in conditions or ())
        }
        if not waiting:
            return step
        step -= waiting


def in_pairs(count: int) -> Negotiation:
    """Each demand waits for every other one: the orders in which they may give way are many."""
    slugs = [f"d{number:02}" for number in range(count)]
    return of_one_party(
        **{slug: [after(other) for other in slugs if other != slug] for slug in slugs}
    )


def around_a_hub(count: int) -> Negotiation:
    """Each demand waits for every other one or for the hub, and that for any of them."""
    slugs = [f"d{number:02}" for number in range(count)]
    around = {slug: [after(other, "hub") for other in slugs if other != slug] for slug in slugs}
    return of_one_party(**around, hub=[after(*slugs)])


def in_a_circle(count: int, steps: Sequence[int]) -> Negotiation:
    """Each demand waits for one of two neighbours, so many times as there are steps to them."""
    slugs = [f"d{number:02}" for number in range(count)]
    return of_one_party(
        **{
            slug: [
                after(*sorted(slugs[(number + step + more) % count] for more in (0, 1)))
                for step in steps
            ]
            for number, slug in enumerate(slugs)
        }
    )


def test_a_precondition_with_an_alternative_outside_its_ring_need_not_be_relaxed() -> None:
    """Freeze and relief come together, after inspections too, which come with access."""
    deadlock = only_deadlock(
        of_one_party(
            freeze=[together_with("relief"), after("relief", "inspections")],
            relief=[together_with("freeze")],
            inspections=[together_with("freeze", "access")],
            access=[after("inspections")],
        )
    )
    assert [
        [(held.demand, held.index) for held in opening.conditions]
        for opening in openings(deadlock, Relaxation.RECIPROCAL)
    ] == [[("access", 0)], [("freeze", 1)]]


@pytest.mark.parametrize(
    ("talks", "exact"),
    [
        pytest.param(in_pairs(16), {Relaxation.RECIPROCAL}, id="all have to be reciprocal"),
        pytest.param(around_a_hub(8), {Relaxation.DROPPED}, id="one may be dropped"),
        pytest.param(around_a_hub(3), set(Relaxation), id="few"),
        pytest.param(in_a_circle(12, (1, 3, 7)), set(), id="many ways"),
    ],
)
def test_an_opening_says_whether_it_is_proven_that_no_fewer_do(
    talks: Negotiation, exact: set[Relaxation]
) -> None:
    deadlock = only_deadlock(talks)
    for relaxation in Relaxation:
        found = openings(deadlock, relaxation)
        assert found
        assert {opening.is_exact for opening in found} == {relaxation in exact}
    assert deadlock.is_exact is (exact == set(Relaxation))


@pytest.mark.parametrize(
    "talks",
    [
        pytest.param(in_pairs(16), id="pairs"),
        pytest.param(around_a_hub(8), id="hub"),
        pytest.param(in_a_circle(12, (1, 3, 7)), id="circle"),
        pytest.param(in_a_circle(20, (1, 3, 7)), id="wide circle"),
    ],
)
def test_without_proof_there_is_one_set_that_opens_it_and_nothing_can_be_left_out_of_it(
    talks: Negotiation,
) -> None:
    held = conditions_of(talks)
    deadlock = only_deadlock(talks)
    assert not deadlock.is_exact
    for relaxation in Relaxation:
        (*_, found) = openings(deadlock, relaxation)
        assert opens_all(held, found.conditions, relaxation)
        if not found.is_exact:
            assert openings(deadlock, relaxation) == [found]
        for one in found.conditions:
            fewer = [other for other in found.conditions if other != one]
            assert not opens_all(held, fewer, relaxation)
