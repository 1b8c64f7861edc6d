"""The records that others refer to, given beside them: `expand=party,source`."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from marshmallow import Schema
from sqlalchemy.orm import Session

from negotiations_api.http.addresses import COLLECTIONS
from negotiations_api.models import Negotiation, Participant, Party
from negotiations_api.records.find import part_schema
from negotiations_api.records.reader import reader_of
from negotiations_api.records.resolve import references
from negotiations_api.schemas.document import SECTIONS
from negotiations_api.schemas.fields import Reference, References

EXPANDABLE = ("party", "demand", "issue", "source", "meeting")
"""The nouns whose records can be given beside those that refer to them."""

_SECTIONS = {section.model.noun: section for section in SECTIONS.values()}


def expandable(schema: Schema) -> tuple[str, ...]:
    """The nouns of records that `schema` refers to and that can be expanded."""
    nouns = {_noun(noun) for noun in _referred(schema)}
    return tuple(noun for noun in EXPANDABLE if noun in nouns)


def _referred(schema: Schema) -> Iterator[str]:
    for field in schema.load_fields.values():
        if isinstance(field, Reference | References):
            yield field.noun
        elif (part := part_schema(field)) is not None:
            yield from _referred(part)


def include(
    session: Session,
    negotiation: Negotiation | None,
    schema: Schema,
    dumped: Iterable[Mapping[str, Any]],
    nouns: Iterable[str],
) -> dict[str, dict[str, Any]]:
    """The records of `nouns` that `dumped` refers to, by collection and slug."""
    wanted: dict[str, set[str]] = {noun: set() for noun in sorted(nouns)}
    for record in dumped:
        for _, noun, slug in references(schema, record):
            if _noun(noun) in wanted:
                wanted[_noun(noun)].add(slug)
    included: dict[str, dict[str, Any]] = {}
    for noun, slugs in wanted.items():
        section = _SECTIONS[noun]
        named = reader_of(section.model, section.schema).named(session, negotiation, slugs)
        included[COLLECTIONS[noun]] = {one["slug"]: one for one in named}
    return included


def _noun(noun: str) -> str:
    """A participant is expanded to the party that it is."""
    return Party.noun if noun == Participant.noun else noun
