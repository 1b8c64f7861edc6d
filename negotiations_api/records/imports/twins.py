"""Staged rows whose like is there already: further up in the file, or in the record."""

from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, select
from sqlalchemy.orm import Session, selectinload

from negotiations_api.models import Position
from negotiations_api.models.citation import Citation
from negotiations_api.models.identifier import format_id
from negotiations_api.models.position import SAID, Condition
from negotiations_api.models.staging import import_row
from negotiations_api.records.faults import Fault
from negotiations_api.records.imports.staging import Report, Run, report_rows
from negotiations_api.records.position_parts import parts_text

_row = import_row.c
_CHUNK = 500

COMPARED = (*SAID, "meeting_id")
"""The columns in which a staged row and a position are the same or not."""

_is_twin = and_(
    Position.demand_id == _row.demand_id,
    Position.party_id == _row.party_id,
    Position.begins_on == _row.begins_on,
    Position.audience_id.is_(None),  # as what is imported
)
_is_alike = and_(
    *(Position.__table__.c[name].is_not_distinct_from(_row[name]) for name in COMPARED)
)
_has_parts = exists().where(Condition.position_id == Position.id) | exists().where(
    Citation.position_id == Position.id
)


def twins(session: Session, run: Run, report: Report) -> int:
    """Take out the rows that come again, and report where each stands first; how many they are."""
    key = (_row.demand_id, _row.party_id, _row.begins_on)
    of_run = select(*key).where(_row.run_id == run.id)
    repeated = of_run.group_by(*key).having(func.count() > 1).limit(1)
    if session.execute(repeated).first() is None:  # of most files, and found in half the time
        return 0
    first = func.first_value(_row.line).over(partition_by=key, order_by=_row.line)
    lines = select(_row.line, first.label("first")).where(_row.run_id == run.id).subquery()
    again = select(lines.c.line, lines.c.first).where(lines.c.line != lines.c.first)
    count = report_rows(session, again, _again, report)
    _take_out(session, run, _row.line.in_(select(again.subquery().c.line)))
    return count


def _again(line: int, first: int) -> Fault:
    return Fault(
        "/date", f"The same party has a position on it from that day in line {first}.", line
    )


def take_unchanged(session: Session, run: Run) -> int:
    """Take out the rows that are in the record as they are; how many they are."""
    plain = _row.parts.is_(None) & exists().where(_is_twin, _is_alike, ~_has_parts)
    count = _take_out(session, run, plain)
    alike = (
        select(_row.line, Position.id)
        .select_from(import_row)
        .join(Position, _is_twin)
        .where(_row.run_id == run.id, _is_alike)
        .order_by(_row.line)
        .limit(_CHUNK)
    )
    last = 0
    while some := session.execute(alike.where(_row.line > last)).all():
        last = some[-1].line
        count += _take_same(session, run, {row.line: row.id for row in some})
    return count


def _take_same(session: Session, run: Run, position_of: dict[int, int]) -> int:
    """Take out those of the lines, of rows that differ in their parts if at all, that do not."""
    positions = session.scalars(
        select(Position)
        .where(Position.id.in_(position_of.values()))
        .options(
            selectinload(Position.conditions).selectinload(Condition.demands),
            selectinload(Position.citations).joinedload(Citation.source),
        )
    )
    there = {position.id: parts_text(position) for position in positions}
    staged = session.execute(
        select(_row.line, _row.parts).where(_row.run_id == run.id, _row.line.in_(position_of))
    )
    same = [line for line, parts in staged if there[position_of[line]] == parts]
    session.expunge_all()
    return _take_out(session, run, _row.line.in_(same)) if same else 0


def others_there(session: Session, run: Run, report: Report) -> int:
    """Take out the rows that are in the record with other values, and report which each is."""
    found = (
        select(_row.line, Position.id)
        .select_from(import_row)
        .join(Position, _is_twin)
        .where(_row.run_id == run.id)
        .order_by(_row.line)
    )
    count = report_rows(session, found, _other, report)
    if count:
        _take_out(session, run, exists().where(_is_twin))
    return count


def _other(line: int, position: int) -> Fault:
    return Fault(
        "/date",
        "The record has another position of the same party on it from that day, "
        f"'{format_id(position)}': change that one, or leave this out.",
        line,
    )


def _take_out(session: Session, run: Run, which: ColumnElement[bool]) -> int:
    done: Any = session.execute(delete(import_row).where(_row.run_id == run.id, which))
    return int(done.rowcount)
