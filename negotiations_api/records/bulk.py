"""Many new records at once: every row checked, every fault named, all or nothing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from negotiations_api.database.sight import seen, sees_all_of, sees_enough_to_write
from negotiations_api.models import Demand, Negotiation, Owned, Party, Position
from negotiations_api.models.identifier import format_id, new_id
from negotiations_api.records.assign import assign
from negotiations_api.records.entries import Key, key_of
from negotiations_api.records.faults import Fault, Invalid, pointer
from negotiations_api.records.find import in_scope
from negotiations_api.records.hints import hints_for_rows
from negotiations_api.records.loaded import MOST_FAULTS, Loaded, field_of
from negotiations_api.records.noting import note_created
from negotiations_api.records.resolve import Found, look_up, references
from negotiations_api.records.succession import (
    Succession,
    audience_id_of,
    move_ends,
    recorded,
    set_ends,
    succession_of,
)
from negotiations_api.records.wholes import in_circle, wholes_first
from negotiations_api.schemas.base import RecordSchema
from negotiations_api.schemas.fields import SLUG

Model = type[Demand] | type[Position] | type[Party]

_RELIED_ON = {"", "slug", "demand"}
"""The fields without which a record cannot be checked as a whole; "" is the row as such."""


@dataclass(frozen=True, slots=True)
class Created:
    """What was created: records of `noun`, by their ids or slugs in the order of the rows."""

    noun: str
    keys: tuple[str, ...]


@dataclass(eq=False, slots=True)
class _Entry:
    """The record of one row on its way in; `data` has its sound fields."""

    line: int
    raw: Mapping[str, Any]
    key: Key | None
    record: Any
    faults: list[Fault]
    data: dict[str, Any] = field(default_factory=dict)

    def fault(self, at: str, detail: str) -> None:
        self.faults.append(Fault(at, detail, self.line))

    def wrong_fields(self) -> set[str]:
        """The fields that its faults point into."""
        return {field_of(fault) for fault in self.faults}


def create_all(
    session: Session,
    model: Model,
    schema: RecordSchema,
    rows: Sequence[Loaded],
    negotiation: Negotiation | None,
) -> Created:
    """New records of `model`, one of each row, flushed; or none of them.

    The record is as if each row had been created by itself, in an order in which that works: a
    demand may be part of one that stands further down. Raises Invalid, and nothing else, with
    every fault of every row and its line, also for what is there already: `MOST_FAULTS` of them,
    and then how many more there are.
    """
    entries = [_entry(model, schema, row, negotiation) for row in rows]
    _refuse_twins(entries, schema)
    found = _resolve(session, model, schema, entries, negotiation)
    for entry in entries:
        _assign(entry, schema, found)
    _refuse_exposed(entries, found)
    _refuse_hidden(session, model, entries, negotiation)
    records = [entry.record for entry in entries]
    ends: dict[int, str] = {}
    if model is Demand:
        records = _wholes_before_parts(entries)
    elif model is Position:
        ends = _ends_of_positions(session, entries)
    faults = [fault for entry in entries for fault in entry.faults]
    if faults:
        raise Invalid(_shown(faults))
    session.add_all(records)
    session.flush()
    move_ends(session, ends)
    note_created(session, model, [entry.record.id for entry in entries], negotiation)
    return Created(model.noun, tuple(entry.record.key for entry in entries))


def _shown(faults: list[Fault]) -> list[Fault]:
    more = len(faults) - MOST_FAULTS
    if more <= 0:
        return faults
    detail = f"And {more:,} more, from this line on: correct these first."
    return [*faults[:MOST_FAULTS], Fault("", detail, faults[MOST_FAULTS].line)]


def _entry(
    model: Model,
    schema: RecordSchema,
    row: Loaded,
    negotiation: Negotiation | None,
) -> _Entry:
    # The id comes now and not with the flush, so that parts can name their wholes before it.
    record = model(id=new_id())
    if isinstance(record, Owned) and negotiation is not None:
        record.negotiation_id = negotiation.id
    key = key_of(schema, row.raw)
    return _Entry(row.line, row.raw, key, record, list(row.faults), dict(row.data))


def _refuse_twins(entries: Iterable[_Entry], schema: RecordSchema) -> None:
    """Find fault with each row whose like stands further up."""
    first: dict[Key, _Entry] = {}
    for entry in entries:
        if entry.key is not None:
            twin = first.setdefault(entry.key, entry)
            if twin is not entry:
                detail = f"{' '.join(entry.key)[:240]} stands in line {twin.line} already."
                entry.fault(pointer(schema.key[-1]), detail)


def _resolve(
    session: Session,
    model: Model,
    schema: RecordSchema,
    entries: Sequence[_Entry],
    negotiation: Negotiation | None,
) -> Found:
    """All that the rows refer to, in the record and among themselves, with a query a noun.

    Finds fault with what leads nowhere, and with names that are taken.
    """
    here: Found = {
        (model.noun, entry.key[0]): entry.record
        for entry in reversed(entries)
        if model is not Position and entry.key and SLUG.fullmatch(entry.key[0])
    }
    wanted = [
        (entry, at, noun, slug)
        for entry in entries
        for at, noun, slug in references(schema, entry.raw)
        if SLUG.fullmatch(slug)
    ]
    there = look_up(session, negotiation, {(noun, slug) for *_, noun, slug in wanted} | here.keys())
    for entry in entries:
        if model is not Position and entry.key and (model.noun, entry.key[0]) in there:
            entry.fault(
                "/slug",
                f"There is a {model.noun} '{entry.key[0]}' already: change that one, "
                "or give the new one another name.",
            )
    found = here | there
    hints = hints_for_rows(session, negotiation, here)
    for entry, at, noun, slug in wanted:
        if (noun, slug) not in found:
            entry.fault(at, hints.on(noun, slug))
    return found


def _refuse_hidden(
    session: Session, model: Model, entries: Sequence[_Entry], negotiation: Negotiation | None
) -> None:
    """Find fault with the names that what is hidden from the caller has, if it may write there."""
    if negotiation is None or model is not Demand or sees_all_of(session, negotiation.id):
        return
    by_slug = {entry.key[0]: entry for entry in entries if entry.key}
    hidden = ~seen(session, model, negotiation)
    for slug in session.scalars(
        in_scope(model, negotiation).with_only_columns(Demand.slug).where(hidden)
    ):
        if slug in by_slug and sees_enough_to_write(session, by_slug[slug].record):
            by_slug[slug].fault("/slug", f"'{slug}' cannot be had here: give another name.")


def _assign(entry: _Entry, schema: RecordSchema, found: Found) -> None:
    """Put what is sound of an entry into its record, and check that as a whole."""
    wrong = entry.wrong_fields()
    for name in wrong & schema.load_fields.keys():
        entry.data.pop(schema.load_fields[name].attribute or name, None)
    # The whole by its id: by the relationship, each demand would be a statement of its own.
    whole = entry.data.get("part_of")
    rest = {name: value for name, value in entry.data.items() if name != "part_of"}
    assign(entry.record, schema, rest, found)
    if whole is not None:
        entry.record.part_of_id = found["demand", whole].id
    if wrong.isdisjoint(_RELIED_ON):
        for at, detail in entry.record.refusals():
            entry.fault(at, detail)


def _refuse_exposed(entries: Iterable[_Entry], found: Found) -> None:
    """Find fault with demands that are part of what fewer see, be it here or in the record."""
    for entry in entries:
        whole = entry.data.get("part_of")
        if whole is not None:
            for at, detail in entry.record.exposed("/part_of", found["demand", whole]):
                entry.fault(at, detail)


def _wholes_before_parts(entries: Sequence[_Entry]) -> list[Demand]:
    """The demands in the order of their writing: each after the one that it is part of.

    Finds fault with those that would be part of themselves. What a record says of that
    (models/demand.py) takes a walk for each; this is one for all.
    """
    by_slug = {entry.key[0]: entry for entry in reversed(entries) if entry.key}
    wholes = {slug: entry.data.get("part_of") for slug, entry in by_slug.items()}
    for slug in in_circle(wholes):
        by_slug[slug].fault("/part_of", f"'{slug}' would be part of itself: break the circle.")
    return [by_slug[slug].record for slug in wholes_first(wholes)]


def _ends_of_positions(session: Session, entries: Sequence[_Entry]) -> dict[int, str]:
    """Give each position its last day; return those of others that move, by their id.

    Finds fault with those that begin on the day of one that is there.
    """
    successions: dict[Succession, list[_Entry]] = defaultdict(list)
    for entry in entries:
        succession = succession_of(entry.record)
        if succession is not None:
            successions[succession].append(entry)
    there = recorded(session, successions)
    ends: dict[int, str] = {}
    for succession, new in successions.items():
        old = there.get(succession, [])
        taken = {(one.begins_on, one.audience_id): one.id for one in old}
        # One a day for each audience: what comes twice has a fault already.
        placed: dict[tuple[str, int | None], Position] = {}
        for entry in new:
            day = (entry.record.begins_on, audience_id_of(entry.record))
            if day in taken:
                entry.fault("/date", _is_there(entry.record, taken[day]))
            else:
                placed.setdefault(day, entry.record)
        ends |= set_ends([*placed.values()], old)
    return ends


def _is_there(position: Position, twin: int) -> str:
    return (
        f"A position of '{position.participant.slug}' on '{position.demand.slug}' that begins on "
        f"{position.begins_on} is there already, '{format_id(twin)}': change that one, "
        "or give another date."
    )
