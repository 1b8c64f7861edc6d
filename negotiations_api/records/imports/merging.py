"""From staged rows to positions: in one transaction, with the ends of all successions right."""

from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import String, Table, case, exists, func, insert, literal, select
from sqlalchemy.orm import Session

from negotiations_api.compare.date import FOREVER
from negotiations_api.database import (
    authorship,
    finish_bulk,
    may_skip_checks,
    prepare_bulk,
    touch,
    unchecked,
)
from negotiations_api.models import Negotiation, Position
from negotiations_api.models.base import Timestamp, now
from negotiations_api.models.identifier import new_ids
from negotiations_api.models.staging import import_row
from negotiations_api.records.imports.parts import write_parts
from negotiations_api.records.imports.staging import Report, Run, staged_count
from negotiations_api.records.imports.stale import lock_referred, stale, stale_parts
from negotiations_api.records.imports.twins import COMPARED, others_there, take_unchanged, twins
from negotiations_api.records.noting import note_import
from negotiations_api.records.succession import correct_ends

_row = import_row.c
_COPIED = ("party_id", "demand_id", "begins_on", *COMPARED, "words")


@dataclass(frozen=True, slots=True)
class Checked:
    """What is left to be written: whether the negotiation has positions already (`adds`).

    `unchanged` rows are in the record as they are; `bad` ones cannot be. `refers` says that all
    that the rows refer to has been looked up, and is locked.
    """

    adds: bool
    refers: bool
    unchanged: int
    bad: int


def check(session: Session, run: Run, negotiation: Negotiation, report: Report) -> Checked:
    """Take out the staged rows that are there already or are wrong; report what is wrong with each.

    Wrong are rows whose like stands further up, that are in the record with other values, or that
    do not fit any more what the record has become since they were read.
    """
    prepare_bulk(session)
    refers = may_skip_checks(session)
    if refers:
        lock_referred(session, negotiation)
    bad = 0
    if refers or negotiation.revision != run.revision:
        bad += stale(session, run, negotiation, report)
    bad += stale_parts(session, run, negotiation, report)
    bad += twins(session, run, report)
    adds = session.scalar(_any_position(negotiation)) is not None
    unchanged = 0
    if adds:
        unchanged = take_unchanged(session, run)
        bad += others_there(session, run, report)
    return Checked(adds, refers, unchanged, bad)


def write(session: Session, run: Run, negotiation: Negotiation, checked: Checked) -> int:
    """Make positions of the rows that are left; how many."""
    created = staged_count(session, run)
    if created:
        with unchecked(session) if checked.refers else nullcontext():
            first = _insert(session, run, negotiation, created)
        write_parts(session, run)
        if checked.adds:
            _correct_ends(session, run, first)
        note_import(session, negotiation, first, created, run.fingerprint)
        finish_bulk(session)
        touch(session, negotiation)
    return created


def _any_position(negotiation: Negotiation) -> Any:
    return select(Position.id).where(Position.negotiation_id == negotiation.id).limit(1)


def _insert(session: Session, run: Run, negotiation: Negotiation, count: int) -> int:
    """Make positions of the rows that are left; the first id of theirs.

    Each ends by its own `until`, or the day before the next one of the same history begins: the
    rule of compare/validity.py, for rows that have no others beside them.
    """
    first = new_ids(count)
    order = (_row.demand_id, _row.party_id, _row.begins_on)
    history = (_row.demand_id, _row.party_id)
    next_begins = func.lead(_row.day_before).over(partition_by=history, order_by=_row.begins_on)
    before_next = func.coalesce(next_begins, FOREVER)
    ends_on = case((_row.last_day < before_next, _row.last_day), else_=before_next)
    moment = literal(now(), Timestamp)
    name = literal(authorship(session).name, String)
    made = {
        "id": literal(first - 1) + func.row_number().over(order_by=order),
        "negotiation_id": literal(negotiation.id),
        "ends_on": ends_on,
        "version": literal(1),
        "revision": literal(negotiation.revision + 1),
        "created_revision": literal(negotiation.revision + 1),
        "recorded_by": name,
        "changed_by": name,
        "created_at": moment,
        "updated_at": moment,
    }
    table = cast("Table", Position.__table__)
    # In the order of their successions, so that the largest index grows at its end.
    rows = (
        select(*made.values(), *(_row[name] for name in _COPIED))
        .where(_row.run_id == run.id)
        .order_by(*order)
    )
    session.execute(insert(table).from_select([*made, *_COPIED], rows, include_defaults=False))
    return first


def _correct_ends(session: Session, run: Run, first: int) -> None:
    """Set the ends of the successions that had positions before the first that was made."""
    staged = (_row.run_id == run.id) & (_row.demand_id == Position.demand_id)
    successions = exists().where(staged, _row.party_id == Position.party_id)
    demands = session.scalars(
        select(Position.demand_id).where(Position.id < first, successions).distinct()
    ).all()
    correct_ends(session, sorted(demands), successions)
