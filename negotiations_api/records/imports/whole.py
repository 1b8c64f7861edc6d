"""Imports of demands and of parties, which are few: read whole, and written in one transaction."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from negotiations_api.compare.participant import Role
from negotiations_api.database import note_shown
from negotiations_api.models import Demand, Negotiation, Participant, Party
from negotiations_api.records.assign import load
from negotiations_api.records.bulk import create_all
from negotiations_api.records.faults import Invalid
from negotiations_api.records.imports.reading import ImportReader
from negotiations_api.records.imports.run import Imported
from negotiations_api.records.imports.staging import Report
from negotiations_api.records.loaded import Loaded, load_row
from negotiations_api.records.noting import note_created
from negotiations_api.records.reader import reader_of
from negotiations_api.records.resolve import look_up
from negotiations_api.schemas.base import RecordSchema
from negotiations_api.schemas.demand import DemandSchema
from negotiations_api.schemas.fields import SLUG
from negotiations_api.schemas.party import PartySchema


def import_demands(
    session: Session,
    negotiation: Negotiation,
    reader: ImportReader,
    *,
    skip_bad: bool,
    report: Report,
) -> Imported:
    """Import demands into `negotiation`; those that are there as they are stay. Flushed.

    Every fault is given to `report`; with one, `skip_bad` leaves such rows out, or else all are
    refused, and the transaction is not to be committed.
    """
    schema = DemandSchema()
    rows, passed_over = _read(reader, schema)
    there = _there(session, Demand, schema, rows, negotiation)
    is_same = [_is_same(schema, row, there.get(_slug(row))) for row in rows]
    new = [row for row, same in zip(rows, is_same, strict=True) if not same]
    created, bad = _create(session, Demand, schema, new, negotiation, skip_bad, report)
    return Imported(created, sum(is_same), passed_over, bad, is_refused=bad > 0 and not skip_bad)


def import_parties(
    session: Session,
    negotiation: Negotiation | None,
    role: Role,
    reader: ImportReader,
    *,
    skip_bad: bool,
    report: Report,
) -> Imported:
    """Import parties, and make them participants of `negotiation` in a `role`. Flushed.

    Those that are there stay as they are, since other negotiations show them too: of these
    `unchanged` says how many. For the rest as `import_demands`.
    """
    schema = PartySchema()
    rows, passed_over = _read(reader, schema)
    there = _there(session, Party, schema, rows, None)
    new = [row for row in rows if _slug(row) not in there or row.faults]
    created, bad = _create(session, Party, schema, new, None, skip_bad, report)
    if negotiation is not None and (skip_bad or not bad):
        _take_part(session, negotiation, role, [_slug(row) for row in rows])
    unchanged = len(rows) - len(new)
    return Imported(created, unchanged, passed_over, bad, is_refused=bad > 0 and not skip_bad)


def _read(reader: ImportReader, schema: RecordSchema) -> tuple[list[Loaded], int]:
    read = [reader.row(line, content) for line, content in reader.lines()]
    rows = [load_row(schema, row) for row in read if row is not None]
    return rows, len(read) - len(rows)


def _slug(row: Loaded) -> str:
    return str(row.raw.get("slug", ""))


def _there(
    session: Session,
    model: type[Demand] | type[Party],
    schema: RecordSchema,
    rows: Sequence[Loaded],
    negotiation: Negotiation | None,
) -> dict[str, dict[str, Any]]:
    """What the record shows of those of the rows that are there, by slug."""
    slugs = {slug for row in rows if SLUG.fullmatch(slug := _slug(row))}
    shown = reader_of(model, type(schema)).named(session, negotiation, slugs)
    return {one["slug"]: one for one in shown}


def _is_same(schema: RecordSchema, row: Loaded, there: dict[str, Any] | None) -> bool:
    if there is None or row.faults:
        return False
    loaded = load(schema, there)
    return loaded == loaded | dict(row.data)  # what it does not say stays as it is


def _create(
    session: Session,
    model: type[Demand] | type[Party],
    schema: RecordSchema,
    rows: Sequence[Loaded],
    negotiation: Negotiation | None,
    skip_bad: bool,
    report: Report,
) -> tuple[int, int]:
    """Create those of the rows that are sound, if they may be; how many, and how many are not."""
    bad: set[int] = set()
    while True:
        try:
            sound = [row for row in rows if row.line not in bad]
            created = len(create_all(session, model, schema, sound, negotiation).keys)
        except Invalid as error:
            for fault in error.faults:
                if fault.pointer or fault.line not in bad:
                    report(fault)
            bad |= {fault.line or 0 for fault in error.faults}
        else:
            return created, len(bad)
        if not skip_bad:
            return 0, len(bad)


def _take_part(
    session: Session, negotiation: Negotiation, role: Role, slugs: Sequence[str]
) -> None:
    """Make participants of the parties that are none."""
    parties = look_up(session, None, {(Party.noun, slug) for slug in slugs})
    there = set(
        session.scalars(
            select(Participant.party_id).where(Participant.negotiation_id == negotiation.id)
        )
    )
    new = [
        Participant(negotiation_id=negotiation.id, party_id=party.id, role=role)
        for party in parties.values()
        if party.id not in there
    ]
    session.add_all(new)
    session.flush()
    for party in parties.values():  # those that are new came with the negotiation
        note_shown(session, party, {negotiation.id})
    note_created(session, Participant, [participant.id for participant in new], negotiation)
