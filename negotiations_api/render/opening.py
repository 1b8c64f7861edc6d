"""What would open a deadlock, and what a concession would open, in sentences."""

from collections.abc import Callable, Iterable, Iterator

from negotiations_api.compare.roadmap import (
    Assumption,
    Concession,
    ConcessionEffect,
    Deadlock,
    HeldCondition,
    Opening,
    Relaxation,
)
from negotiations_api.render.position import condition_words
from negotiations_api.render.words import listed

Naming = Callable[[str], str]
"""How a party is named, given its slug."""

_DONE = {Relaxation.RECIPROCAL: "made reciprocal", Relaxation.DROPPED: "dropped"}


def opening_sentences(deadlock: Deadlock, name: Naming = str) -> Iterator[str]:
    """Each smallest set of conditions to relax, and what that opens."""
    if not deadlock.openings:
        yield "No change of these conditions alone opens it: something else blocks it too."
    for opening in deadlock.openings:
        yield _opening(opening, name)


def _opening(opening: Opening, name: Naming) -> str:
    """As in: If the condition of usa on relief (only after cvid) is dropped, that opens relief."""
    what = listed(_condition(held, name) for held in opening.conditions)
    are = "is" if len(opening.conditions) == 1 else "are"
    bound = "" if opening.is_exact else " (fewer may do)"
    return (
        f"If {what} {are} {_DONE[opening.relaxation]}{bound}, that opens {_opened(opening.opens)}."
    )


def _condition(held: HeldCondition, name: Naming) -> str:
    words = condition_words(held.condition)
    return f"the condition of {name(held.party)} on {held.demand} ({words})"


def assumption_words(assumption: Assumption, name: Naming = str) -> str:
    """As in: usa accepts cvid."""
    if assumption.concession is Concession.ACCEPT:
        return f"{name(assumption.party)} accepts {assumption.demand}"
    return f"{name(assumption.party)} makes its preconditions on {assumption.demand} reciprocal"


def concession_sentence(effect: ConcessionEffect, name: Naming = str) -> str:
    """As in: If usa accepts cvid, that opens cvid and relief."""
    return f"If {assumption_words(effect.assumption, name)}, that opens {_opened(effect.opens)}."


def concessions_title(shown: int, found: int) -> str:
    """What the list of concessions is called, and how many of them it leaves out."""
    return f"Concessions that open most{f' ({shown} of {found})' if shown < found else ''}"


def _opened(slugs: Iterable[str]) -> str:
    return listed(slugs) or "nothing"
