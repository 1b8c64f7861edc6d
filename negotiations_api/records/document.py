"""A whole negotiation as one document: what it holds, and in which order."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from negotiations_api.models import Issue, Negotiation, Record
from negotiations_api.records.find import in_scope, is_catalogue
from negotiations_api.records.reader import Reader, reader_of
from negotiations_api.records.resolve import references
from negotiations_api.schemas.base import RecordSchema
from negotiations_api.schemas.document import SECTIONS, Section
from negotiations_api.schemas.negotiation import NegotiationSchema


def dump_document(session: Session, negotiation: Negotiation) -> dict[str, Any]:
    """The negotiation, all that it owns, and the parties, issues and sources that it uses."""
    sections: dict[str, list[dict[str, Any]]] = {}
    used: set[tuple[str, str]] = set()
    for name, section in reversed(list(SECTIONS.items())):
        schema = section.schema()
        reader = reader_of(section.model, section.schema)
        if is_catalogue(section.model):
            slugs = {slug for noun, slug in used if noun == section.model.noun}
            shown = _closed(session, reader, slugs)
        else:
            shown = reader.read(session, in_scope(section.model, negotiation))
        dumped = [_written(schema, section.model, one) for one in shown]
        used.update((noun, slug) for entry in dumped for _, noun, slug in references(schema, entry))
        sections[name] = sorted(dumped, key=lambda entry: _sort_key(section, entry))
    document: dict[str, Any] = {"negotiation": writable(NegotiationSchema(), negotiation)}
    return document | {name: sections[name] for name in SECTIONS if sections[name]}


def _closed(session: Session, reader: Reader, slugs: set[str]) -> list[dict[str, Any]]:
    """The records that `slugs` name, and those of their kind that these name in turn."""
    shown: dict[str, dict[str, Any]] = {}
    while missing := slugs - shown.keys():
        for one in reader.named(session, None, missing):
            shown[one["slug"]] = one
            slugs.update(
                slug
                for _, noun, slug in references(reader.schema, one)
                if noun == reader.model.noun
            )
    return list(shown.values())


def writable(schema: RecordSchema, record: Record) -> dict[str, Any]:
    """What a document holds of `record`: all that can be written, without what is empty.

    An issue is written whole: some come with the database, and what is empty in ours must not
    come back from there.
    """
    return _written(schema, type(record), schema.dump(record))


def _written(schema: RecordSchema, model: type[Record], shown: Mapping[str, Any]) -> dict[str, Any]:
    written = {
        name: shown[name]
        for name in schema.load_fields
        if name not in schema.implied or shown[name] != schema.implied[name]
    }
    if model is Issue:
        return written
    slim: dict[str, Any] = _without_empty(written)
    return slim


def _without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        items = ((name, _without_empty(item)) for name, item in value.items())
        return {name: item for name, item in items if item is not None and item != []}
    return [_without_empty(item) for item in value] if isinstance(value, list) else value


_SORT_KEYS: Mapping[str, tuple[str, ...]] = {
    "participant": ("party",),
    "position": ("demand", "party", "date", "audience"),
    "meeting": ("starts_on", "slug"),
    "account": ("date", "slug"),
    "commitment": ("date", "slug"),
    "event": ("date", "slug"),
}
"""What the records of a section are sorted by, where it is not the slug."""


def _sort_key(section: Section, entry: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(entry.get(name, "") for name in _SORT_KEYS.get(section.model.noun, ("slug",)))
