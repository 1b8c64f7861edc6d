"""A deadlock, and what would open it, in words."""

from collections.abc import Iterator

from negotiations_api.compare.roadmap import (
    Deadlock,
    HeldCondition,
    Opening,
    Relaxation,
)
from negotiations_api.render.page import Section
from negotiations_api.render.position import condition_words
from negotiations_api.render.words import listed, one_line

_RELAXED = {Relaxation.RECIPROCAL: "make reciprocal", Relaxation.DROPPED: "drop"}


def deadlock_section(deadlock: Deadlock) -> Section:
    """The parties, the conditions that close the deadlock, and the smallest sets that open it."""
    one_party, one_demand = len(deadlock.parties) == 1, len(deadlock.demands) == 1
    between = "of" if one_party else "between"
    waiting = "waits for itself" if one_demand else "wait for each other"
    return Section(
        f"Deadlock {between} {listed(deadlock.parties)}",
        (f"{listed(deadlock.demands)} {waiting}.",),
        (*(_closing(held) for held in deadlock.conditions), *_openings(deadlock)),
    )


def _closing(held: HeldCondition) -> str:
    return f"{held.party} delivers {held.demand} {condition_words(held.condition)}"


def _openings(deadlock: Deadlock) -> Iterator[str]:
    if not deadlock.openings:
        yield "no change of these conditions alone opens it: something else blocks it too"
    for opening in deadlock.openings:
        yield _opening(opening, is_exact=deadlock.is_exact)


def _opening(opening: Opening, *, is_exact: bool) -> str:
    """``make reciprocal: usa's condition on sanctions-relief (cvid): opens cvid``."""
    bound = "" if is_exact else " (at most these; fewer may do)"
    conditions = listed(_condition(held) for held in opening.conditions)
    return f"{_RELAXED[opening.relaxation]}{bound}: {conditions}: opens {', '.join(opening.opens)}"


def _condition(held: HeldCondition) -> str:
    what = " or ".join(held.condition.demands) or one_line(held.condition.text)
    return f"{held.party}'s condition on {held.demand} ({what})"
