"""What can be delivered, step by step, where demands wait for each other.

A step is the largest set of demands whose preconditions are met by what earlier steps delivered,
and whose reciprocal conditions are met by that or by the step itself: a greatest fixpoint within a
step, a least one over the steps (Tarski, 1955). Both are monotone: whatever is conceded in
addition, what was deliverable stays so. That is why the effect of a concession can be worked out
from where the delivery stands, instead of anew.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dependencies:
    """Which demand waits for which. Demands and conditions are numbers, each from 0.

    By condition: the demand that it is set on, the demands any of which meets it, and whether it is
    a precondition (else reciprocal). By demand: whether somebody refuses it whatever is delivered,
    the conditions set on it, and the conditions that name it.
    """

    is_refused: Sequence[bool]
    set_on: Sequence[int]
    alternatives: Sequence[Collection[int]]
    is_precondition: Sequence[bool]
    conditions_on: Sequence[Sequence[int]]
    conditions_naming: Sequence[Sequence[int]]


def dependencies(
    is_refused: Sequence[bool],
    set_on: Sequence[int],
    alternatives: Sequence[Collection[int]],
    is_precondition: Sequence[bool],
) -> Dependencies:
    """The dependencies, with both ways from a demand to its conditions."""
    conditions_on: list[list[int]] = [[] for _ in is_refused]
    conditions_naming: list[list[int]] = [[] for _ in is_refused]
    for condition, demand in enumerate(set_on):
        conditions_on[demand].append(condition)
        for alternative in alternatives[condition]:
            conditions_naming[alternative].append(condition)
    return Dependencies(
        is_refused, set_on, alternatives, is_precondition, conditions_on, conditions_naming
    )


class Delivery:
    """How far the demands have been delivered, and which conditions are met by that."""

    def __init__(self, dependencies: Dependencies) -> None:
        self.dependencies = dependencies
        self.is_delivered = [False] * len(dependencies.is_refused)
        self.is_met = [False] * len(dependencies.set_on)
        self.is_precondition = list(dependencies.is_precondition)
        self._left = [len(conditions) for conditions in dependencies.conditions_on]
        self._preconditions_left = [
            sum(self.is_precondition[condition] for condition in conditions)
            for conditions in dependencies.conditions_on
        ]

    def deliver(self, demands: Iterable[int]) -> list[int]:
        """Deliver `demands`; those that may be deliverable only since."""
        names, set_on = self.dependencies.conditions_naming, self.dependencies.set_on
        new = []
        for demand in demands:
            self.is_delivered[demand] = True
            for condition in names[demand]:
                if self.is_met[condition]:
                    continue
                self.is_met[condition] = True
                waiting = set_on[condition]
                self._left[waiting] -= 1
                if self.is_precondition[condition]:
                    self._preconditions_left[waiting] -= 1
                if self._is_ready(waiting):
                    new.append(waiting)
        return [demand for demand in new if not self.is_delivered[demand]]

    def steps(self) -> Iterator[list[int]]:
        """Deliver step by step, each sorted, until nothing more is deliverable."""
        ready = [d for d in range(len(self.is_delivered)) if self._is_ready(d)]
        return self.steps_from(ready)

    def steps_from(self, new: Collection[int]) -> Iterator[list[int]]:
        """Go on after the last step, `new` being what may be deliverable since."""
        while step := sorted(self.together(new)):
            yield step
            new = self.deliver(step)

    def opened_by(self, granted: Collection[int]) -> list[int]:
        """What would be delivered in all, sorted, if `granted` were. The delivery itself stays.

        Only for a delivery whose steps have been taken.
        """
        further = copy(self)
        further.is_delivered = self.is_delivered.copy()
        further.is_met = self.is_met.copy()
        further._preconditions_left = self._preconditions_left.copy()  # noqa: SLF001
        further._left = self._left.copy()  # noqa: SLF001
        opened: list[int] = []
        step = set(granted)
        while step:
            new = set()
            # The order does not matter here, so what waits for nothing more need not wait its turn.
            at_once = list(step)
            while at_once:
                demand = at_once.pop()
                if not further.is_delivered[demand]:
                    opened.append(demand)
                    for ready in further.deliver((demand,)):
                        if further._left[ready]:  # noqa: SLF001
                            new.add(ready)
                        else:
                            at_once.append(ready)
            step = further.together([d for d in new if not further.is_delivered[d]])
        return sorted(opened)

    def relax(self, conditions: Iterable[int], *, dropped: bool) -> list[int]:
        """Drop `conditions`, or make them reciprocal; the demands that may be deliverable since."""
        for condition in conditions:
            if self.is_met[condition]:
                continue
            demand = self.dependencies.set_on[condition]
            if self.is_precondition[condition]:
                self._preconditions_left[demand] -= 1
            if dropped:
                self.is_met[condition] = True
                self._left[demand] -= 1
            self.is_precondition[condition] = False
        return [d for c in conditions if self._is_ready(d := self.dependencies.set_on[c])]

    def together(self, new: Collection[int], granted: int | None = None) -> set[int]:
        """The largest set of demands that can be delivered together, given what has been delivered.

        `new` are those that were not ready when this was asked last: such a set without any of
        them would have been delivered then, so only what waits for them, directly or not, is
        looked at. `granted` is in the set whatever it waits for.
        """
        candidates = self._waiting_for(new)
        support = {
            condition: sum(
                other in candidates for other in self.dependencies.alternatives[condition]
            )
            for demand in candidates
            if demand != granted
            for condition in self.dependencies.conditions_on[demand]
            if not self.is_met[condition]
        }
        set_on = self.dependencies.set_on
        falling = [set_on[condition] for condition, count in support.items() if not count]
        while falling:
            demand = falling.pop()
            if demand not in candidates:
                continue
            candidates.remove(demand)
            for condition in self.dependencies.conditions_naming[demand]:
                if condition in support:
                    support[condition] -= 1
                    if not support[condition]:
                        falling.append(set_on[condition])
        return candidates

    def reasons(self) -> dict[int, int]:
        """One unmet condition for each demand that is not delivered.

        Only for a delivery whose steps have been taken and of which no demand is refused. A
        demand's reason is a precondition, or a reciprocal condition that names only demands which
        come earlier in the answer.
        """
        reasons = {}
        for demand, is_delivered in enumerate(self.is_delivered):
            if not is_delivered and self._preconditions_left[demand]:
                reasons[demand] = next(
                    c
                    for c in self.dependencies.conditions_on[demand]
                    if self.is_precondition[c] and not self.is_met[c]
                )
        support = [len(alternatives) for alternatives in self.dependencies.alternatives]
        falling = list(reasons)
        for demand in falling:  # grows as it goes
            for condition in self.dependencies.conditions_naming[demand]:
                waiting = self.dependencies.set_on[condition]
                support[condition] -= 1
                if not support[condition] and not self.is_met[condition] and waiting not in reasons:
                    reasons[waiting] = condition
                    falling.append(waiting)
        return reasons

    def _is_ready(self, demand: int) -> bool:
        return not (
            self.is_delivered[demand]
            or self._preconditions_left[demand]
            or self.dependencies.is_refused[demand]
        )

    def _waiting_for(self, demands: Collection[int]) -> set[int]:
        """`demands`, and what is ready and waits for them by reciprocal conditions."""
        found = set(demands)
        left = list(found)
        while left:
            for condition in self.dependencies.conditions_naming[left.pop()]:
                waiting = self.dependencies.set_on[condition]
                if waiting not in found and not self.is_met[condition] and self._is_ready(waiting):
                    found.add(waiting)
                    left.append(waiting)
        return found
