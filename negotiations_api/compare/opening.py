"""The smallest sets of conditions whose relaxation opens a deadlock.

A set opens it if it contains a condition of every *conflict*: conditions that keep the deadlock
closed as long as none of them is relaxed. So the search branches over the conditions of one
conflict that the set so far leaves out, as in the diagnosis of faults (Reiter, 1987), for a
growing size; conflicts that have nothing in common tell how many more conditions it takes at least.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from negotiations_api.compare.component import strong_components
from negotiations_api.compare.delivery import Delivery, Dependencies

MOST_EVALUATIONS = 5_000
"""How many sets of conditions are tried for a deadlock, for each way of relaxing."""

MOST_LOOKS = 200_000
"""How many conditions are looked at in doing so: fewer sets are tried where there are many."""


class Relaxation(StrEnum):
    """How a condition is relaxed: a precondition made reciprocal, or a condition dropped."""

    RECIPROCAL = "reciprocal"
    DROPPED = "dropped"


class Undecided(Exception):
    """More sets would have to be tried than is worth it."""


@dataclass(slots=True)
class _Search:
    """The sets tried so far; `dependencies` are those within the deadlock."""

    dependencies: Dependencies
    relaxation: Relaxation
    conflicts: dict[frozenset[int], frozenset[int]] = field(default_factory=dict)

    def conflict(self, relaxed: frozenset[int]) -> frozenset[int]:
        """A conflict with `relaxed`: empty if that opens the deadlock. Raises Undecided."""
        if relaxed not in self.conflicts:
            looks = len(self.conflicts) * len(self.dependencies.set_on)
            if len(self.conflicts) >= MOST_EVALUATIONS or looks > MOST_LOOKS:
                raise Undecided
            delivery = _relaxed(self.dependencies, self.relaxation, relaxed)
            conflicts = _conflicts(delivery, self.relaxation)
            self.conflicts[relaxed] = min(conflicts, key=len, default=frozenset())
        return self.conflicts[relaxed]

    def needed(self, relaxed: frozenset[int], at_most: int) -> int:
        """A lower bound of how many conditions are missing in `relaxed`, counted to `at_most`."""
        count = 0
        while count < at_most and (conflict := self.conflict(relaxed)):
            relaxed |= conflict
            count += 1
        return count


def smallest_openings(
    dependencies: Dependencies, relaxation: Relaxation
) -> tuple[list[frozenset[int]], bool]:
    """All smallest sets of conditions that open a deadlock, and whether they are proven to be so.

    `dependencies` are those within the deadlock: conditions that no demand in it meets have no
    alternatives, and nobody refuses. Without proof there is one set that opens it. No set if there
    is nothing to relax that would open it.
    """
    hopeless = frozenset(c for c, others in enumerate(dependencies.alternatives) if not others)
    if relaxation is Relaxation.DROPPED:
        candidates = frozenset(range(len(dependencies.set_on)))
        essential = hopeless
    elif hopeless:
        return [], True
    else:
        candidates = frozenset(c for c, before in enumerate(dependencies.is_precondition) if before)
        essential = _in_a_ring_without_alternative(dependencies)
    search = _Search(dependencies, relaxation)
    try:
        if relaxation is Relaxation.RECIPROCAL:
            essential |= {c for c in candidates - essential if search.conflict(candidates - {c})}
        return _smallest(search, essential), True
    except Undecided:
        return [_approximate(search, essential)], False


def _smallest(search: _Search, essential: frozenset[int]) -> list[frozenset[int]]:
    size = len(essential) + search.needed(essential, MOST_EVALUATIONS)
    while True:
        found = []
        left: list[tuple[frozenset[int], frozenset[int]]] = [(essential, frozenset())]
        while left:
            relaxed, kept = left.pop()
            conflict = search.conflict(relaxed)
            if not conflict:
                found.append(relaxed)
                continue
            missing = size - len(relaxed)
            if search.needed(relaxed, missing + 1) > missing:
                continue
            # Every set is met once: what one branch relaxes, the next ones keep.
            for condition in sorted(conflict - kept):
                left.append((relaxed | {condition}, kept))
                kept |= {condition}
        if found:
            return found
        size += 1


def _approximate(search: _Search, essential: frozenset[int]) -> frozenset[int]:
    """A set that opens the deadlock, without what can be left out of it.

    For a deadlock of many conditions that is tried for the first of them only.
    """
    depends, relaxation = search.dependencies, search.relaxation
    delivery = _relaxed(depends, relaxation, essential)
    added: list[int] = []
    while conflicts := _conflicts(delivery, relaxation):
        # The demand that waits for least, with all that it waits for: it costs least.
        chosen: list[int] = []
        for conflict in conflicts:
            choices = [_relaxable(delivery, depends.set_on[c], relaxation) for c in conflict]
            cheapest = min(sorted(choices), key=len)
            chosen += cheapest
        added += chosen
        new = delivery.relax(chosen, dropped=relaxation is Relaxation.DROPPED)
        _finish(delivery.steps_from(new))
    needed = essential.union(added)
    for condition in added[: MOST_LOOKS // len(depends.set_on)]:
        if all(_relaxed(depends, relaxation, needed - {condition}).is_delivered):
            needed -= {condition}
    return needed


def _relaxable(delivery: Delivery, demand: int, relaxation: Relaxation) -> list[int]:
    return [
        condition
        for condition in delivery.dependencies.conditions_on[demand]
        if not delivery.is_met[condition]
        and (relaxation is Relaxation.DROPPED or delivery.is_precondition[condition])
    ]


def _relaxed(
    dependencies: Dependencies, relaxation: Relaxation, relaxed: Collection[int]
) -> Delivery:
    """All that is delivered once `relaxed` is."""
    delivery = Delivery(dependencies)
    delivery.relax(relaxed, dropped=relaxation is Relaxation.DROPPED)
    _finish(delivery.steps())
    return delivery


def _finish(steps: Iterable[object]) -> None:
    for _ in steps:
        pass


def _conflicts(delivery: Delivery, relaxation: Relaxation) -> list[frozenset[int]]:
    """Conflicts that have nothing in common: at least one, unless everything is delivered."""
    reasons = delivery.reasons()
    alternatives = delivery.dependencies.alternatives
    waiting = {demand: alternatives[condition] for demand, condition in reasons.items()}
    found = []
    for component in strong_components(waiting):
        # Demands whose reasons lead only to each other keep each other undelivered, whatever else
        # is relaxed.
        within = set(component)
        if all(within.issuperset(waiting[demand]) for demand in component):
            conditions = (reasons[demand] for demand in component)
            found.append(
                frozenset(
                    condition
                    for condition in conditions
                    if relaxation is Relaxation.DROPPED or delivery.is_precondition[condition]
                )
            )
    return found


def _in_a_ring_without_alternative(dependencies: Dependencies) -> frozenset[int]:
    """Preconditions in a ring of conditions that one demand only can meet.

    Reciprocal or not, those have the demands of the ring delivered together or not at all, so each
    precondition among them has to go. This saves trying long rings one condition after the other.
    """
    only: dict[int, list[int]] = {demand: [] for demand in range(len(dependencies.is_refused))}
    for condition, others in enumerate(dependencies.alternatives):
        if len(others) == 1:
            only[dependencies.set_on[condition]] += others
    ring = {
        demand: number
        for number, component in enumerate(strong_components(only))
        for demand in component
    }
    return frozenset(
        condition
        for condition, demand in enumerate(dependencies.set_on)
        if dependencies.is_precondition[condition]
        and all(ring[other] == ring[demand] for other in dependencies.alternatives[condition])
    )
