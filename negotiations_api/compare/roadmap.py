"""What could be delivered, in which order, and what blocks the rest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from negotiations_api.compare.block import Block, BlockedDemand, blocked_demands
from negotiations_api.compare.commitment import Commitment, CommitmentStatus, Delivers
from negotiations_api.compare.concession import (
    Assumption,
    Concession,
    ConcessionEffect,
    MalformedAssumption,
    check_assumptions,
    conceded,
    concessions,
    parse_assumption,
)
from negotiations_api.compare.date import first_day, last_day
from negotiations_api.compare.deadlock import Deadlock, Opening, deadlocks
from negotiations_api.compare.delivery import Delivery
from negotiations_api.compare.opening import Relaxation
from negotiations_api.compare.position import Demand, Party, Position
from negotiations_api.compare.terms import HeldCondition, Obstacle, Terms, answers, terms

# A roadmap consists of all of these; whoever builds on it finds them here.
__all__ = [
    "Assumption",
    "Block",
    "BlockedDemand",
    "Concession",
    "ConcessionEffect",
    "Deadlock",
    "HeldCondition",
    "MalformedAssumption",
    "Obstacle",
    "Opening",
    "PlannedDemand",
    "Relaxation",
    "Roadmap",
    "Step",
    "parse_assumption",
    "roadmap",
]


@dataclass(frozen=True, slots=True)
class PlannedDemand:
    """A demand that a step delivers, and the demands that meet the conditions on it.

    `after` are those of earlier steps and those delivered before the first, `together_with` those
    of the same step; all slugs, each list sorted.
    """

    demand: Demand
    after: tuple[str, ...]
    together_with: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What can be delivered together, given all earlier steps; `number` counts from 1."""

    number: int
    demands: tuple[PlannedDemand, ...]


@dataclass(frozen=True, slots=True)
class Roadmap:
    """What can be done on a day, in steps, and what blocks the rest.

    `delivered` is what commitments have delivered already; `concessions` the single concessions
    that open something, those that open most first. `parties` are the participants.
    """

    on: str
    parties: tuple[Party, ...]
    assumed: tuple[Assumption, ...]
    delivered: tuple[Demand, ...]
    steps: tuple[Step, ...]
    blocked: tuple[BlockedDemand, ...]
    deadlocks: tuple[Deadlock, ...]
    concessions: tuple[ConcessionEffect, ...]


def roadmap(
    on: str,
    parties: Sequence[Party],
    demands: Iterable[Demand],
    positions: Iterable[Position],
    commitments: Iterable[Commitment],
    assumed: Iterable[Assumption] = (),
) -> Roadmap:
    """The roadmap of the `positions` that hold on the day `on`; one per party and demand at most.

    It is that of `positions` in which everything `assumed` has been conceded. All lists are sorted
    by slug but for the steps and the concessions. Raises MalformedAssumption.
    """
    demands = list(demands)
    assumed = sorted(set(assumed))
    held = answers(demands, positions)
    check_assumptions(assumed, demands, held)
    set_out = terms(demands, conceded(held, assumed))
    delivery = Delivery(set_out.dependencies)
    start = _delivered_on(on, set_out.demands, commitments)
    delivery.deliver(start)
    steps = _steps(set_out, delivery, start)
    locked = deadlocks(set_out, delivery)
    return Roadmap(
        on=on,
        parties=tuple(sorted(parties, key=lambda party: party.slug)),
        assumed=tuple(assumed),
        delivered=tuple(set_out.demands[number] for number in start),
        steps=tuple(steps),
        blocked=tuple(blocked_demands(set_out, delivery, locked)),
        deadlocks=tuple(locked),
        concessions=tuple(concessions(set_out, delivery)),
    )


def _delivered_on(
    on: str, demands: Sequence[Demand], commitments: Iterable[Commitment]
) -> list[int]:
    """The numbers of the demands that every addressed party has delivered wholly by the day `on`.

    Where nobody is addressed, any party will do.
    """
    by: dict[str, set[str]] = {}
    for commitment in commitments:
        if (
            commitment.status is CommitmentStatus.DELIVERED
            and commitment.delivers is Delivers.WHOLLY
            and first_day(commitment.status_since or commitment.date) <= last_day(on)
        ):
            by.setdefault(commitment.demand, set()).add(commitment.party)
    return [
        number
        for number, demand in enumerate(demands)
        if demand.slug in by and by[demand.slug].issuperset(demand.addressed_to)
    ]


def _steps(terms: Terms, delivery: Delivery, start: Iterable[int]) -> list[Step]:
    """Take all steps of `delivery`, in which `start` has been delivered."""
    step_of = dict.fromkeys(start, 0)
    steps = []
    for number, delivered in enumerate(delivery.steps(), start=1):
        step_of |= dict.fromkeys(delivered, number)
        planned = tuple(_planned(terms, demand, step_of) for demand in delivered)
        steps.append(Step(number, planned))
    return steps


def _planned(terms: Terms, demand: int, step_of: dict[int, int]) -> PlannedDemand:
    """`demand`, which is delivered in the last step so far, with what meets its conditions."""
    after, together_with = set(), set()
    depends = terms.dependencies
    for condition in depends.conditions_on[demand]:
        for other in depends.alternatives[condition]:
            step = step_of.get(other, step_of[demand] + 1)
            if step < step_of[demand]:
                after.add(other)
            elif (
                step == step_of[demand]
                and other != demand
                and not depends.is_precondition[condition]
            ):
                together_with.add(other)
    return PlannedDemand(
        terms.demands[demand], terms.slugs(sorted(after)), terms.slugs(sorted(together_with))
    )
