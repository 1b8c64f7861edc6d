"""Deadlocks: demands that wait for each other, and what opens them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from negotiations_api.compare.component import strong_components
from negotiations_api.compare.delivery import Delivery, Dependencies, dependencies
from negotiations_api.compare.opening import Relaxation, smallest_openings
from negotiations_api.compare.terms import HeldCondition, Terms


@dataclass(frozen=True, slots=True)
class Opening:
    """A smallest set of conditions to relax in one way, and the demands (slugs) that it opens.

    Where `is_exact` is false, it is a bound: there may be smaller sets to relax in this way.
    """

    relaxation: Relaxation
    conditions: tuple[HeldCondition, ...]
    opens: tuple[str, ...]
    is_exact: bool = True


@dataclass(frozen=True, slots=True)
class Deadlock:
    """Demands that wait for each other, at least one of them beforehand.

    `conditions` are those that close it. `openings` are the smallest sets to relax, for each way of
    relaxing; `is_exact` says whether the search was exact for every way, also where it found
    nothing. Without an opening, something else blocks it too (see the blocks of its demands).
    """

    demands: tuple[str, ...]
    parties: tuple[str, ...]
    conditions: tuple[HeldCondition, ...]
    openings: tuple[Opening, ...]
    is_exact: bool


def deadlocks(terms: Terms, delivery: Delivery) -> list[Deadlock]:
    """The deadlocks that are left when `delivery` has come to its end, by their demands."""
    depends = terms.dependencies
    waiting: dict[int, set[int]] = {
        demand: set() for demand, delivered in enumerate(delivery.is_delivered) if not delivered
    }
    for demand, others in waiting.items():
        for condition in _unmet(depends, delivery, [demand]):
            others.update(depends.alternatives[condition])
    found = []
    for component in sorted(strong_components(waiting)):
        closing = _closing(depends, delivery, component)
        if any(depends.is_precondition[condition] for condition in closing):
            found.append(_deadlock(terms, delivery, component, closing))
    return found


def _unmet(depends: Dependencies, delivery: Delivery, demands: Iterable[int]) -> list[int]:
    return [
        c for demand in demands for c in depends.conditions_on[demand] if not delivery.is_met[c]
    ]


def _closing(depends: Dependencies, delivery: Delivery, component: Sequence[int]) -> list[int]:
    """The unmet conditions with both ends in `component`."""
    within = set(component)
    return [
        condition
        for condition in _unmet(depends, delivery, component)
        if not within.isdisjoint(depends.alternatives[condition])
    ]


def _deadlock(
    terms: Terms, delivery: Delivery, component: Sequence[int], closing: Sequence[int]
) -> Deadlock:
    conditions = tuple(terms.conditions[condition] for condition in closing)
    openings: list[Opening] = []
    is_exact = True
    if not any(terms.dependencies.is_refused[demand] for demand in component):
        # All of a deadlock's demands open together, so every opening opens the same beyond it.
        opens = terms.slugs(delivery.opened_by(component))
        unmet = _unmet(terms.dependencies, delivery, component)
        within = _within(terms.dependencies, component, unmet)
        for relaxation in Relaxation:
            sets, is_proven = smallest_openings(within, relaxation)
            is_exact &= is_proven
            openings += (
                Opening(
                    relaxation=relaxation,
                    conditions=tuple(terms.conditions[unmet[c]] for c in chosen),
                    opens=opens,
                    is_exact=is_proven,
                )
                for chosen in sorted(sorted(numbers) for numbers in sets)
            )
    return Deadlock(
        demands=terms.slugs(component),
        parties=tuple(sorted({held.party for held in conditions})),
        conditions=conditions,
        openings=tuple(openings),
        is_exact=is_exact,
    )


def _within(depends: Dependencies, component: Sequence[int], unmet: Sequence[int]) -> Dependencies:
    """The dependencies of `component` on itself by its `unmet` conditions, numbered anew.

    What lies outside does not matter: it stays blocked if it does not wait for the component, and
    if it does, then the component does not wait for it.
    """
    number = {demand: place for place, demand in enumerate(component)}
    return dependencies(
        [False] * len(component),
        [number[depends.set_on[condition]] for condition in unmet],
        [[number[d] for d in depends.alternatives[c] if d in number] for c in unmet],
        [depends.is_precondition[condition] for condition in unmet],
    )
