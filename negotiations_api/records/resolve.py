"""From the slugs in a request to the records that they name."""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from marshmallow import Schema
from sqlalchemy.orm import Session, joinedload

from negotiations_api.database.sight import seen
from negotiations_api.models import Negotiation, Owned, Participant, Record
from negotiations_api.records.faults import Fault, Invalid, pointer
from negotiations_api.records.find import NOUNS, in_scope, key_column, part_schema
from negotiations_api.records.hints import hints_for_request
from negotiations_api.schemas.fields import Reference, References

Found: TypeAlias = dict[tuple[str, str], Record]
"""Records by noun and slug."""

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
        hints = hints_for_request(session, negotiation)
        places = _places(schema, raw, astray)
        raise Invalid(
            [
                Fault(at, hints.on(noun, slug))
                for at, (_, noun, slug) in zip(places, astray, strict=True)
            ]
        )
    return found


def _places(schema: Schema, raw: Any, astray: list[_Named]) -> Iterator[str]:
    """Where each of what leads nowhere stands in `raw`, or else where it was said to stand."""
    sent: defaultdict[tuple[str, str], deque[str]] = defaultdict(deque)
    for at, noun, slug in references(schema, raw) if isinstance(raw, Mapping) else ():
        sent[noun, slug].append(at)
    for at, noun, slug in astray:
        places = sent[noun, slug]
        yield places.popleft() if places else at
