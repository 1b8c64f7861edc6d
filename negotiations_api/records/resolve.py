"""From the slugs in a request to the records that they name."""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from marshmallow import Schema
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from negotiations_api.database.sight import seen
from negotiations_api.models import Negotiation, Owned, Participant, Record
from negotiations_api.records.faults import Fault, Invalid, pointer
from negotiations_api.records.find import NOUNS, in_scope, key_column, part_schema, suggestion
from negotiations_api.schemas.fields import Reference, References, near_miss

Found: TypeAlias = dict[tuple[str, str], Record]
"""Records by noun and slug."""

_MOST_HINTS = 50

_Named = tuple[str, str, str]
"""What names a record: the place (a JSON Pointer), the noun and the slug."""


def references(
    schema: Schema, data: Mapping[str, Any], at: str = ""
) -> Iterator[tuple[str, str, str]]:
    """The references in raw or loaded `data`: (JSON Pointer, noun, slug), if it is a text."""
    for name, field in schema.load_fields.items():
        value = data.get(name, data.get(field.attribute or name))
        here = at + pointer(name)
        if isinstance(field, Reference) and isinstance(value, str):
            yield here, field.noun, value
        elif isinstance(field, References) and isinstance(value, list):
            for index, slug in enumerate(value):
                if isinstance(slug, str):
                    yield here + pointer(index), field.noun, slug
        elif (nested := part_schema(field)) is not None:
            items = enumerate(value) if isinstance(value, list) else [(None, value)]
            for step, item in items:
                if isinstance(item, Mapping):
                    below = here if step is None else here + pointer(step)
                    yield from references(nested, item, below)


def look_up(
    session: Session, negotiation: Negotiation | None, wanted: set[tuple[str, str]]
) -> Found:
    """The records among `wanted` that are there for the caller, with one query a noun."""
    found: Found = {}
    for noun in sorted({noun for noun, _ in wanted}):
        model = NOUNS[noun]
        if issubclass(model, Owned) and negotiation is None:
            continue
        slugs = sorted(slug for other, slug in wanted if other == noun)
        for start in range(0, len(slugs), 500):
            statement = in_scope(model, negotiation).where(
                key_column(model).in_(slugs[start : start + 500]),
                seen(session, model, negotiation),
            )
            if model is Participant:
                statement = statement.options(joinedload(Participant.party))
            for record in session.scalars(statement):
                found[noun, record.slug] = record
    return found


def resolve(
    session: Session,
    negotiation: Negotiation | None,
    schema: Schema,
    data: Mapping[str, Any],
    raw: Any = None,
) -> Found:
    """All that loaded `data` refers to. Raises Invalid, with every reference that leads nowhere.

    Each at its place in `raw`, which was loaded: there, lists are as they were sent.
    """
    wanted = list(references(schema, data))
    found = look_up(session, negotiation, {(noun, slug) for _, noun, slug in wanted})
    astray = [one for one in wanted if one[1:] not in found]
    if astray:
        raise Invalid(list(_faults(session, negotiation, astray, _places(schema, raw, astray))))
    return found


def _places(schema: Schema, raw: Any, astray: list[_Named]) -> Iterator[str]:
    """Where each of what leads nowhere stands in `raw`, or else where it was said to stand."""
    sent: defaultdict[tuple[str, str], deque[str]] = defaultdict(deque)
    for at, noun, slug in references(schema, raw) if isinstance(raw, Mapping) else ():
        sent[noun, slug].append(at)
    for at, noun, slug in astray:
        places = sent[noun, slug]
        yield places.popleft() if places else at


def _faults(
    session: Session,
    negotiation: Negotiation | None,
    astray: list[_Named],
    places: Iterator[str],
) -> Iterator[Fault]:
    hints: dict[tuple[str, str], str] = {}
    for (_, noun, slug), at in zip(astray, places, strict=True):
        if (noun, slug) not in hints:
            # Each takes a look at every slug, and others may wait to write meanwhile.
            hints[noun, slug] = (
                unresolved(session, negotiation, noun, slug)
                if len(hints) < _MOST_HINTS
                else f"There is no {noun} '{slug}'{_whose(NOUNS[noun], negotiation)}."
            )
        yield Fault(at, hints[noun, slug])


def _whose(model: type[Record], negotiation: Negotiation | None) -> str:
    return f" of '{negotiation.slug}'" if negotiation and issubclass(model, Owned) else ""


def unresolved(session: Session, negotiation: Negotiation | None, noun: str, slug: str) -> str:
    """What to say of a reference that leads nowhere."""
    model = NOUNS[noun]
    where = _whose(model, negotiation)
    advice = suggestion(session, model, slug, negotiation)
    if model is Participant and session.scalar(
        select(NOUNS["party"].id).where(key_column(NOUNS["party"]) == slug)
    ):
        return (
            f"'{slug}' is a party, but no participant{where}: make it one first"
            f"{advice.replace('; there is', '; participants are')}"
        )
    return f"There is no {noun} '{slug}'{where}{advice}"


class Advice:
    """What to say of the references of a document that lead nowhere.

    It looks for near misses of the first `_MOST_HINTS` only: each takes a look at every slug.
    """

    def __init__(self, found: Found) -> None:
        self.found = found
        self.known: dict[str, list[str]] = {}
        self.hints: dict[tuple[str, str], str] = {}

    def on(self, noun: str, slug: str) -> str:
        """What would be right instead of `slug`, which stands for no `noun`."""
        if (noun, slug) not in self.hints and len(self.hints) < _MOST_HINTS:
            if noun not in self.known:
                self.known[noun] = sorted(known for other, known in self.found if other == noun)
            self.hints[noun, slug] = near_miss(slug, self.known[noun])
        near = self.hints.get((noun, slug), "")
        if noun == Participant.noun and not near:
            return f"'{slug}' is no participant: add it to the participants."
        return f"There is no {noun} '{slug}', here or in the record{near or ': add it.'}"
