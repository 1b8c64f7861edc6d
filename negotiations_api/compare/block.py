"""What stands in the way of a demand that never becomes deliverable."""

from collections.abc import Iterable
from dataclasses import dataclass

from negotiations_api.compare.deadlock import Deadlock
from negotiations_api.compare.delivery import Delivery
from negotiations_api.compare.position import Demand
from negotiations_api.compare.terms import HeldCondition, Obstacle, Terms, addressees


@dataclass(frozen=True, slots=True)
class Block:
    """One reason why a demand is blocked: whose (None: nobody is named), and on which condition.

    `waits_for` are the demands that would meet the condition, none of which becomes deliverable.
    """

    obstacle: Obstacle
    party: str | None
    condition: HeldCondition | None
    waits_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BlockedDemand:
    """A demand that never becomes deliverable, with all that stands in its way."""

    demand: Demand
    blocks: tuple[Block, ...]


def blocked_demands(
    terms: Terms, delivery: Delivery, deadlocks: Iterable[Deadlock]
) -> list[BlockedDemand]:
    """The demands that are not delivered when `delivery` has come to its end, by slug."""
    closing = {
        (held.demand, held.party, held.index)
        for deadlock in deadlocks
        for held in deadlock.conditions
    }
    return [
        BlockedDemand(demand, tuple(_blocks(terms, delivery, number, closing)))
        for number, demand in enumerate(terms.demands)
        if not delivery.is_delivered[number]
    ]


def _blocks(
    terms: Terms, delivery: Delivery, number: int, closing: set[tuple[str, str, int]]
) -> list[Block]:
    """All reasons, by party and the place of the condition."""
    demand = terms.demands[number]
    parties = addressees(demand)
    if not parties:
        return [Block(Obstacle.NOT_ADDRESSED, None, None, ())]
    refusals = [
        Block(answer, party, None, ())
        for party in parties
        if isinstance(answer := terms.answers[demand.slug, party], Obstacle)
    ]
    unmet = [
        _unmet(terms.conditions[condition], closing)
        for condition in terms.dependencies.conditions_on[number]
        if not delivery.is_met[condition]
    ]
    # Conditions are in order already, and the sort is stable.
    return sorted(refusals + unmet, key=lambda block: block.party or "")


def _unmet(held: HeldCondition, closing: set[tuple[str, str, int]]) -> Block:
    if not held.condition.demands:
        obstacle = Obstacle.TEXT_ONLY
    elif (held.demand, held.party, held.index) in closing:
        obstacle = Obstacle.DEADLOCK
    else:
        obstacle = Obstacle.WAITING
    return Block(obstacle, held.party, held, held.condition.demands)
