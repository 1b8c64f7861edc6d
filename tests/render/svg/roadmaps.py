"""Roadmaps of any size, made up: what is drawn need not be what the positions come to."""

from collections.abc import Sequence

from negotiations_api.compare.position import Condition, ConditionKind, Demand
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
from tests.render.svg.answers import ON, Talks


def roadmap(of: Talks) -> Roadmap:
    """A sixth is delivered, a third in three steps, the others are blocked, some by each other."""
    many = len(of.demands)
    first, second = many // 6, many // 2
    planned, blocked = of.demands[first:second], of.demands[second:]
    steps = []
    for number in (1, 2, 3):
        here = planned[number - 1 :: 3]
        earlier = [d.slug for d in of.demands[:first]]
        earlier += [d.slug for n in range(number - 1) for d in planned[n::3]]
        steps.append(
            Step(
                number,
                tuple(
                    PlannedDemand(
                        d,
                        tuple(sorted(of.some(earlier, 2))),
                        tuple(sorted(of.some([o.slug for o in here if o != d], 1))),
                    )
                    for d in here
                ),
            )
        )
    waiting = [block_on(of, d, blocked) for d in blocked]
    return Roadmap(
        ON,
        of.parties,
        (Assumption(of.demands[0].slug, of.parties[0].slug, Concession.ACCEPT),),
        of.demands[:first],
        tuple(step for step in steps if step.demands),
        tuple(waiting),
        tuple(_deadlock(waiting)),
        tuple(
            ConcessionEffect(Assumption(d.slug, of.parties[0].slug, Concession.ACCEPT), (d.slug,))
            for d in blocked[:7]
        ),
    )


def block_on(of: Talks, demand: Demand, others: Sequence[Demand]) -> BlockedDemand:
    """Refused or waiting, for one demand or any of two."""
    party = of.chance.choice(of.parties).slug
    if of.chance.random() < 0.4:
        obstacle = of.chance.choice([Obstacle.REJECTED, Obstacle.RESERVED, Obstacle.NOT_RECORDED])
        return BlockedDemand(demand, (Block(obstacle, party, None, ()),))
    slugs = tuple(sorted({of.chance.choice(others).slug for _ in range(of.chance.choice([1, 2]))}))
    condition = HeldCondition(
        demand.slug, party, 0, Condition(of.chance.choice([*ConditionKind]), slugs)
    )
    return BlockedDemand(demand, (Block(Obstacle.WAITING, party, condition, slugs),))


def _deadlock(blocked: Sequence[BlockedDemand]) -> list[Deadlock]:
    conditions = [b.condition for each in blocked for b in each.blocks if b.condition][:3]
    if not conditions:
        return []
    slugs = tuple(sorted({held.demand for held in conditions}))
    parties = tuple(sorted({held.party for held in conditions}))
    opening = Opening(Relaxation.DROPPED, (conditions[0],), slugs)
    return [Deadlock(slugs, parties, tuple(conditions), (opening,), is_exact=True)]
