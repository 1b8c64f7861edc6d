"""Staged rows that do not fit any more: the record has changed since they were read."""

import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select
from sqlalchemy.orm import Session

from negotiations_api.models import Demand, Meeting, Negotiation, Participant, Source
from negotiations_api.models.staging import import_row
from negotiations_api.records.faults import Fault
from negotiations_api.records.imports.staging import Report, Run, report_rows

_row = import_row.c
_CHUNK = 1_000


def lock_referred(session: Session, negotiation: Negotiation) -> None:
    """Let nobody take away what positions refer to before the end of the transaction.

    The locks are those that the checks of foreign keys would take.
    """
    for referred in (Participant, Demand, Meeting):
        session.connection().execute(
            select(referred.id)
            .where(referred.negotiation_id == negotiation.id)
            .with_for_update(read=True, key_share=True)
        )


def stale(session: Session, run: Run, negotiation: Negotiation, report: Report) -> int:
    """Take out the rows that do not fit any more, and report why; how many they are."""
    owner = negotiation.id
    scale = Demand.__table__.c
    off_scale = [
        and_(value.is_not(None), ~value.between(scale.scale_min, scale.scale_max))
        for value in (_row.value, _row.reservation_value)
    ]
    no_scale = and_(
        scale.scale_min.is_(None),
        or_(_row.value.is_not(None), _row.reservation_value.is_not(None)),
    )
    checks = {
        "/party": ~exists().where(
            Participant.negotiation_id == owner, Participant.party_id == _row.party_id
        ),
        "/demand": ~exists().where(_is_for_all(negotiation), Demand.id == _row.demand_id),
        "/meeting": and_(
            _row.meeting_id.is_not(None),
            ~exists().where(Meeting.negotiation_id == owner, Meeting.id == _row.meeting_id),
        ),
        "/value": exists().where(Demand.id == _row.demand_id, or_(no_scale, *off_scale)),
    }
    bad = 0
    for at, condition in checks.items():
        of_run = (_row.run_id == run.id, condition)
        detail = _detail("The scale of the demand" if at == "/value" else "What it names")
        found = report_rows(
            session, select(_row.line).where(*of_run), partial(Fault, at, detail), report
        )
        if found:
            session.execute(delete(import_row).where(*of_run))
        bad += found
    return bad


def stale_parts(session: Session, run: Run, negotiation: Negotiation, report: Report) -> int:
    """The same of the rows whose parts name what is gone.

    Always to be looked for: a source may go without any negotiation's revision telling of it.
    """
    bad = 0
    for rows in _with_parts(session, run):
        demands, sources = set(), set()
        for parts in rows.values():
            demands |= {one for condition in parts["conditions"] for one in condition["demands"]}
            sources |= {citation["source_id"] for citation in parts["citations"]}
        known = session.connection()
        there = {
            *known.scalars(
                select(Demand.id).where(Demand.id.in_(demands), _is_for_all(negotiation))
            ),
            *known.scalars(select(Source.id).where(Source.id.in_(sources))),
        }
        gone = {line: [*_missing(parts, there)] for line, parts in rows.items()}
        lines = [line for line, places in gone.items() if places]
        for line in lines:
            for at in gone[line]:
                report(Fault(at, _detail("What it names"), line))
        if lines:
            session.execute(delete(import_row).where(_row.run_id == run.id, _row.line.in_(lines)))
        bad += len(lines)
    return bad


def _is_for_all(negotiation: Negotiation) -> ColumnElement[bool]:
    """The demands that what is imported may refer to: it is for all, and so are they."""
    return and_(Demand.negotiation_id == negotiation.id, Demand.audience_id.is_(None))


def _with_parts(session: Session, run: Run) -> Iterator[dict[int, Mapping[str, Any]]]:
    line = 0
    while rows := session.execute(
        select(_row.line, _row.parts)
        .where(_row.run_id == run.id, _row.line > line, _row.parts.is_not(None))
        .order_by(_row.line)
        .limit(_CHUNK)
    ).all():
        yield {row.line: json.loads(row.parts) for row in rows}
        line = rows[-1].line


def _missing(parts: Mapping[str, Any], there: set[int]) -> Iterator[str]:
    for index, condition in enumerate(parts["conditions"]):
        if not there.issuperset(condition["demands"]):
            yield f"/conditions/{index}/demands"
    for index, citation in enumerate(parts["citations"]):
        if citation["source_id"] not in there:
            yield f"/citations/{index}/source"


def _detail(what: str) -> str:
    return f"{what} has changed while the file was read: import it again."
