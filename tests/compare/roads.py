"""Small negotiations of any shape, and their roadmaps worked out by trying every set."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from negotiations_api.compare.commitment import Commitment, CommitmentStatus, Delivers
from negotiations_api.compare.position import Condition, ConditionKind, Demand, Position, Stance
from negotiations_api.compare.roadmap import HeldCondition, Roadmap, roadmap
from tests.compare.factories import PRK, USA, after, demand, position, together_with

ON = "2019-10-05"
ACCEPTING = {Stance.DEMAND, Stance.ACCEPT}


@dataclass(frozen=True)
class Negotiation:
    """What a roadmap is made of."""

    demands: Sequence[Demand]
    positions: Sequence[Position]
    commitments: Sequence[Commitment] = ()

    def roadmap(self, *assumed: Any) -> Roadmap:
        return roadmap(ON, (USA, PRK), self.demands, self.positions, self.commitments, assumed)


def asked(slug: str, *parties: str) -> Demand:
    """A demand addressed to `parties`."""
    return demand(slug, addressed_to=parties)


def stands(on: str, party: str, *conditions: Condition, stance: Stance | None = None) -> Position:
    """Where `party` stands: it accepts, on `conditions` if there are any, or as `stance` says."""
    stance = stance or (Stance.CONDITIONAL if conditions else Stance.ACCEPT)
    return position(stance, demand=on, party=party, conditions=conditions, id=f"{on}-{party}")


def done(on: str, party: str, **said: Any) -> Commitment:
    """A commitment by which `party` delivered wholly, unless it says otherwise."""
    facts = {
        "slug": f"{on}-{party}",
        "delivers": Delivers.WHOLLY,
        "status": CommitmentStatus.DELIVERED,
        "date": "2018-07",
    }
    return Commitment(party=party, demand=on, **facts | said)


def delivered(road: Roadmap) -> set[str]:
    """All that is delivered at the start or in a step."""
    planned = {planned.demand.slug for step in road.steps for planned in step.demands}
    return planned | {demand.slug for demand in road.delivered}


def steps(road: Roadmap) -> list[list[str]]:
    """The slugs of each step."""
    return [[planned.demand.slug for planned in step.demands] for step in road.steps]


Conditions = dict[tuple[str, str], list[HeldCondition] | None]
"""The conditions of each demand's addressed parties; None: refused."""


def conditions_of(negotiation: Negotiation) -> Conditions:
    held = {(said.demand, said.party): said for said in negotiation.positions}
    answers: Conditions = {}
    for asked_for in negotiation.demands:
        for party in asked_for.addressed_to:
            said = held.get((asked_for.slug, party))
            if said is None or said.stance in {Stance.REJECT, Stance.RESERVE}:
                answers[asked_for.slug, party] = None
            else:
                answers[asked_for.slug, party] = [
                    HeldCondition(said.demand, party, index, condition)
                    for index, condition in enumerate(said.conditions)
                    if said.stance not in ACCEPTING
                ]
    return answers


def relaxed(
    answers: Conditions,
    chosen: Iterable[HeldCondition],
    how: Callable[[HeldCondition], HeldCondition | None],
) -> Conditions:
    """`answers`, with the chosen conditions as `how` leaves them; None: dropped."""
    chosen = list(chosen)
    return {
        key: None
        if held is None
        else [left for one in held if (left := how(one) if one in chosen else one)]
        for key, held in answers.items()
    }


def dropped(held: HeldCondition) -> None:
    """Nothing is left of a condition that is dropped."""


def made_reciprocal(held: HeldCondition) -> HeldCondition:
    return replace(held, condition=replace(held.condition, kind=ConditionKind.RECIPROCAL))


def largest_steps(answers: Conditions, start: Iterable[str] = ()) -> list[set[str]]:
    """The steps, each the largest of all sets of demands that can be delivered together."""
    slugs = sorted({slug for slug, _ in answers})
    before = set(start)
    found: list[set[str]] = []
    while True:
        rest = [slug for slug in slugs if slug not in before]
        step = next(
            set(chosen)
            for size in range(len(rest), -1, -1)
            for chosen in itertools.combinations(rest, size)
            if _holds(answers, before, set(chosen))
        )
        if not step:
            return found
        found.append(step)
        before |= step


def all_delivered(answers: Conditions, start: Iterable[str] = ()) -> set[str]:
    return set(start).union(*largest_steps(answers, start))


def _holds(answers: Conditions, before: set[str], step: set[str]) -> bool:
    return all(
        held is not None and all(is_met(one.condition, before, step) for one in held)
        for (slug, _), held in answers.items()
        if slug in step
    )


def is_met(condition: Condition, before: set[str], step: Iterable[str] = ()) -> bool:
    meets = before if condition.kind is ConditionKind.PRECONDITION else before.union(step)
    return not meets.isdisjoint(condition.demands)


def unmet(answers: Conditions, delivered: set[str]) -> Iterator[HeldCondition]:
    """The conditions on what is not delivered that nothing delivered meets."""
    for (slug, _), held in answers.items():
        if slug not in delivered:
            yield from (one for one in held or () if not is_met(one.condition, delivered))


def negotiations(
    most_demands: int = 6, parties: Sequence[str] = ("prk", "usa", "chn")
) -> st.SearchStrategy[Negotiation]:
    """Negotiations of few demands, most positions conditional."""
    return st.integers(1, most_demands).flatmap(
        lambda count: _negotiations([f"d{number}" for number in range(count)], parties)
    )


def _negotiations(slugs: list[str], parties: Sequence[str]) -> st.SearchStrategy[Negotiation]:
    asked_for = st.tuples(
        *(
            st.lists(st.sampled_from(parties), min_size=1, max_size=2, unique=True).map(
                lambda addressed, slug=slug: asked(slug, *addressed)  # type: ignore[misc]
            )
            for slug in slugs
        )
    )
    said = st.tuples(
        *(
            st.none() | _positions(slug, party, slugs)
            if (slug, party) == (slugs[0], parties[0])
            else _positions(slug, party, slugs)
            for slug in slugs
            for party in parties
        )
    )
    commitments = st.lists(
        st.builds(done, st.sampled_from(slugs), st.sampled_from(parties)), max_size=1
    )
    return st.builds(
        Negotiation,
        asked_for,
        said.map(lambda held: [position for position in held if position is not None]),
        commitments,
    )


def _positions(slug: str, party: str, slugs: list[str]) -> st.SearchStrategy[Position]:
    others = [other for other in slugs if other != slug]
    alternatives = (
        st.lists(st.sampled_from(others), min_size=1, max_size=2, unique=True)
        if others
        else st.just([])
    )
    condition = st.builds(
        lambda make, demands, text: make(*demands, text=text),
        st.sampled_from([after, after, together_with]),
        alternatives,
        st.none() | st.just("Be sincere."),
    )
    text_only = st.builds(lambda: after(text="Be sincere."))
    conditional = st.lists(
        st.integers(0, 11).flatmap(lambda n: condition if n else text_only), min_size=1, max_size=2
    ).map(lambda conditions: stands(slug, party, *conditions))
    plain = st.sampled_from([*Stance, Stance.ACCEPT, Stance.ACCEPT, Stance.DEMAND]).map(
        lambda stance: stands(
            slug, party, stance=Stance.ACCEPT if stance is Stance.CONDITIONAL else stance
        )
    )
    return st.integers(0, 3).flatmap(lambda n: conditional if n else plain)


def reaches(edges: Mapping[str, set[str]], nodes: Iterable[str]) -> dict[str, set[str]]:
    """What can be reached from each node, by closing paths one node at a time (Warshall, 1962)."""
    reached = {node: set(edges.get(node, ())) for node in nodes}
    for via, further in reached.items():
        for targets in reached.values():
            if via in targets:
                targets.update(further)
    return reached
