"""The rows of an import between the file and the record."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, delete, exists, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from negotiations_api.database import write_rows
from negotiations_api.models import ImportFault, ImportRun
from negotiations_api.models.base import now
from negotiations_api.models.identifier import new_ids
from negotiations_api.models.staging import import_row
from negotiations_api.records.faults import Conflict, Fault
from negotiations_api.records.imports.known import Known
from negotiations_api.records.imports.positions import Read

Report = Callable[[Fault], None]

_KEPT = dt.timedelta(days=7)
_CHUNK = 1_000


@dataclass(slots=True)
class Run:
    """An import under way (models/staging.py)."""

    id: int
    fingerprint: str
    revision: int
    lines: int = 0
    passed_over: int = 0


def begin(session: Session, known: Known, fingerprint: str) -> Run:
    """The import that `fingerprint` stands for: one that was broken off, or a new one."""
    _forget_old(session)
    there = session.scalar(
        select(ImportRun).where(
            ImportRun.fingerprint == fingerprint,
            ImportRun.negotiation_id == known.negotiation_id,
        )
    )
    if there is not None:
        return Run(there.id, fingerprint, there.revision, there.lines, there.passed_over)
    made = ImportRun(
        fingerprint=fingerprint,
        negotiation_id=known.negotiation_id,
        revision=known.revision,
        lines=0,
        passed_over=0,
    )
    session.add(made)
    try:
        session.flush()
    except IntegrityError:
        raise _somebody_else() from None
    return Run(made.id, fingerprint, made.revision)


def stage(session: Session, run: Run, lines: Sequence[Read]) -> None:
    """Keep what has been read of the next `lines`. Raises Conflict if somebody else has them."""
    passed_over = run.passed_over + sum(not one.staged and not one.faults for one in lines)
    moved = session.execute(
        update(ImportRun)
        .where(ImportRun.id == run.id, ImportRun.lines == run.lines)
        .values(lines=run.lines + len(lines), passed_over=passed_over)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise _somebody_else()
    rows = ((run.id, one.line, *one.staged) for one in lines if one.staged)
    write_rows(session, import_row, rows)
    keep_faults(session, run, [fault for one in lines for fault in one.faults])
    run.lines += len(lines)
    run.passed_over = passed_over


def _somebody_else() -> Conflict:
    return Conflict("Somebody else imports the same file: let them finish, then try again.")


def keep_faults(session: Session, run: Run, faults: Sequence[Fault]) -> None:
    """Keep what is wrong with rows."""
    first = new_ids(len(faults) or 1)
    rows = [
        {
            "id": first + place,
            "run_id": run.id,
            "line": fault.line,
            "pointer": fault.pointer,
            "detail": fault.detail,
        }
        for place, fault in enumerate(faults)
    ]
    if rows:
        session.execute(insert(ImportFault), rows)


def report_kept(session: Session, run: Run, report: Report) -> int:
    """Report what is wrong with the rows that have been read; with how many of them."""
    rows = session.execute(
        select(ImportFault.pointer, ImportFault.detail, ImportFault.line)
        .where(ImportFault.run_id == run.id)
        .order_by(ImportFault.line, ImportFault.id),
        execution_options={"yield_per": _CHUNK},
    )
    bad, last = 0, None
    for pointer, detail, line in rows:
        report(Fault(pointer, detail, line))
        bad += line != last
        last = line
    return bad


def report_rows(
    session: Session,
    rows: Select[*tuple[Any, ...]],
    fault: Callable[..., Fault],
    report: Report,
) -> int:
    """Report a `fault` of each of the rows that are selected, as they come; how many they are."""
    count = 0
    for row in session.execute(rows, execution_options={"yield_per": _CHUNK}):
        report(fault(*row))
        count += 1
    return count


def staged_count(session: Session, run: Run) -> int:
    """How many rows are staged."""
    statement = select(func.count()).select_from(import_row).where(import_row.c.run_id == run.id)
    return session.scalar(statement) or 0


def discard(session: Session, run: Run) -> None:
    """Forget an import."""
    session.execute(delete(ImportRun).where(ImportRun.id == run.id))
    _sweep(session)


def _forget_old(session: Session) -> None:
    """Forget the imports that nobody has gone on with, and rows whose negotiation is gone."""
    session.execute(
        delete(ImportRun)
        .where(ImportRun.created_at < now() - _KEPT)
        .execution_options(synchronize_session=False)
    )
    _sweep(session)


def _sweep(session: Session) -> None:
    orphaned = delete(import_row)
    is_alone = session.get_bind().dialect.name == "sqlite"  # nobody else writes meanwhile
    if not is_alone or session.scalar(select(ImportRun.id).limit(1)) is not None:
        # Without a condition SQLite frees the pages as they are, which is a hundred times faster.
        orphaned = orphaned.where(~exists().where(ImportRun.id == import_row.c.run_id))
    session.execute(orphaned.execution_options(synchronize_session=False))
