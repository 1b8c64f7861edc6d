"""What to say of references that lead nowhere: what may have been meant.

To find that takes a look at every slug there is, and others may wait to write meanwhile. So it is
looked for `MOST_HINTS` times at most, and beyond that it is said only that there is no such thing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from negotiations_api.models import Negotiation, Owned, Participant
from negotiations_api.records.find import NOUNS, key_column, suggestion
from negotiations_api.schemas.fields import near_miss

MOST_HINTS = 50

Say = Callable[[str, str], str]
"""A sentence on a noun and a slug that stands for none."""

Names = Iterable[tuple[str, str]]
"""Nouns and slugs."""


class Hints:
    """Sentences on what is not there, each made once."""

    def __init__(self, thorough: Say, brief: Say) -> None:
        """`thorough` says what may have been meant, for the first ones; `brief` does not."""
        self._thorough = thorough
        self._brief = brief
        self._said: dict[tuple[str, str], str] = {}

    def on(self, noun: str, slug: str) -> str:
        """What to say of `slug`, which stands for no `noun`."""
        if (noun, slug) not in self._said:
            say = self._thorough if len(self._said) < MOST_HINTS else self._brief
            self._said[noun, slug] = say(noun, slug)
        return self._said[noun, slug]


def hints_for_request(session: Session, negotiation: Negotiation | None) -> Hints:
    """Hints on what a request refers to, in the record."""
    return Hints(
        lambda noun, slug: unresolved(session, negotiation, noun, slug),
        lambda noun, slug: f"{_there_is_none(negotiation, noun, slug)}.",
    )


def hints_for_rows(session: Session, negotiation: Negotiation | None, here: Names) -> Hints:
    """Hints on what rows refer to, in the record and among themselves: these are `here`."""
    known = _slugs(here, at_most=5000)

    def thorough(noun: str, slug: str) -> str:
        near = near_miss(slug, known[noun])
        if near:
            return f"There is no {noun} '{slug}', here or in the record{near}"
        return unresolved(session, negotiation, noun, slug)

    return Hints(thorough, lambda noun, slug: f"{_there_is_none(negotiation, noun, slug)}.")


def hints_for_document(found: Names) -> Hints:
    """Hints on what a document refers to, in itself and in the record: both are `found`."""
    known = _slugs(found)

    def say(noun: str, slug: str, near: str) -> str:
        if noun == Participant.noun and not near:
            return f"'{slug}' is no participant: add it to the participants."
        return f"There is no {noun} '{slug}', here or in the record{near or ': add it.'}"

    return Hints(
        lambda noun, slug: say(noun, slug, near_miss(slug, known[noun])),
        lambda noun, slug: say(noun, slug, ""),
    )


def unresolved(session: Session, negotiation: Negotiation | None, noun: str, slug: str) -> str:
    """What to say of a reference that leads nowhere, with what may have been meant."""
    model = NOUNS[noun]
    advice = suggestion(session, model, slug, negotiation)
    if model is Participant and session.scalar(
        select(NOUNS["party"].id).where(key_column(NOUNS["party"]) == slug)
    ):
        where = _whose(negotiation, noun)
        return (
            f"'{slug}' is a party, but no participant{where}: make it one first"
            f"{advice.replace('; there is', '; participants are')}"
        )
    return f"{_there_is_none(negotiation, noun, slug)}{advice}"


def _there_is_none(negotiation: Negotiation | None, noun: str, slug: str) -> str:
    return f"There is no {noun} '{slug}'{_whose(negotiation, noun)}"


def _whose(negotiation: Negotiation | None, noun: str) -> str:
    return f" of '{negotiation.slug}'" if negotiation and issubclass(NOUNS[noun], Owned) else ""


def _slugs(names: Names, at_most: int | None = None) -> defaultdict[str, list[str]]:
    """The slugs among them, by noun."""
    slugs: defaultdict[str, list[str]] = defaultdict(list)
    for noun, slug in names:
        if at_most is None or len(slugs[noun]) < at_most:
            slugs[noun].append(slug)
    return slugs
