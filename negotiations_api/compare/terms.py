"""On what terms the addressed parties deliver each demand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from negotiations_api.compare.delivery import Dependencies, dependencies
from negotiations_api.compare.position import (
    Condition,
    ConditionKind,
    Demand,
    Position,
    Stance,
)


class Obstacle(StrEnum):
    """Why a party does not deliver a demand."""

    REJECTED = "rejected"
    RESERVED = "reserved"
    NOT_RECORDED = "not_recorded"
    TEXT_ONLY = "text_only"
    WAITING = "waiting"
    DEADLOCK = "deadlock"
    NOT_ADDRESSED = "not_addressed"


@dataclass(frozen=True, slots=True)
class HeldCondition:
    """A condition with whose it is: `party` sets it on `demand`; `index` is its place there."""

    demand: str
    party: str
    index: int
    condition: Condition


Answer = Obstacle | tuple[Condition, ...]
"""A refusal, or the conditions on which a party delivers a demand: none if it just accepts."""

Answers = Mapping[tuple[str, str], Answer]
"""By demand and party (slugs), for each party that the demand is addressed to."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What each addressed party answers, and the dependencies that follow from it.

    The numbers in `dependencies` are places in `demands` and in `conditions`, both sorted.
    """

    demands: tuple[Demand, ...]
    answers: Answers
    conditions: tuple[HeldCondition, ...]
    dependencies: Dependencies

    def slugs(self, demands: Iterable[int]) -> tuple[str, ...]:
        """The slugs of `demands`, in their order."""
        return tuple(self.demands[demand].slug for demand in demands)


def addressees(demand: Demand) -> list[str]:
    """The parties (slugs) who would have to deliver `demand`, sorted."""
    return sorted(set(demand.addressed_to))


def answers(
    demands: Iterable[Demand], positions: Iterable[Position]
) -> dict[tuple[str, str], Answer]:
    """What each addressed party answers to each demand; positions of others do not matter."""
    held = {(position.demand, position.party): position for position in positions}
    return {
        (demand.slug, party): _answer(held.get((demand.slug, party)))
        for demand in demands
        for party in addressees(demand)
    }


def terms(demands: Iterable[Demand], answers: Answers) -> Terms:
    """The terms on which `demands` are delivered; a demand addressed to nobody never is."""
    in_order = tuple(sorted(demands, key=lambda demand: demand.slug))
    number = {demand.slug: place for place, demand in enumerate(in_order)}
    conditions: list[HeldCondition] = []
    is_refused = []
    for demand in in_order:
        replies = [(party, answers[demand.slug, party]) for party in addressees(demand)]
        is_refused.append(not replies)
        for party, answer in replies:
            if isinstance(answer, Obstacle):
                is_refused[-1] = True
            else:
                conditions += (
                    HeldCondition(demand.slug, party, index, condition)
                    for index, condition in enumerate(answer)
                )
    return Terms(
        in_order,
        answers,
        tuple(conditions),
        dependencies(
            is_refused,
            [number[held.demand] for held in conditions],
            [_numbers(held.condition.demands, number) for held in conditions],
            [held.condition.kind is ConditionKind.PRECONDITION for held in conditions],
        ),
    )


def _answer(position: Position | None) -> Answer:
    match position.stance if position else None:
        case None:
            return Obstacle.NOT_RECORDED
        case Stance.REJECT:
            return Obstacle.REJECTED
        case Stance.RESERVE:
            return Obstacle.RESERVED
        case Stance.CONDITIONAL:
            assert position is not None
            return tuple(
                replace(condition, demands=tuple(sorted(set(condition.demands))))
                for condition in position.conditions
            )
        case _:
            return ()


def _numbers(demands: Iterable[str], number: Mapping[str, int]) -> Sequence[int]:
    """The numbers of those `demands` that the negotiation knows."""
    return [number[slug] for slug in demands if slug in number]
