"""The history of the record: each change, written in the transaction that makes it.

Whoever writes a record notes what it was before and what it is then (`records/noting.py`). Which
negotiations show the change, and at which revision, is known when their revisions are raised.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, event, func, insert, or_, select
from sqlalchemy.orm import Session

from negotiations_api.batch import batched
from negotiations_api.database.authorship import authorship
from negotiations_api.models import (
    Action,
    Audience,
    Change,
    Negotiation,
    Record,
    change_audience,
    change_of,
)
from negotiations_api.models.base import now
from negotiations_api.models.identifier import new_id
from negotiations_api.models.references import shown_to

_AT_ONCE = 1000
"""So many changes are held in memory before they are written."""

Shared = tuple[str, int]
"""The noun and the id of a party, issue or source."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A change that a transaction has made, of a record or, where it has no id, of many.

    `owner` is the id of the negotiation that owns it, and `negotiation` the slug; `before` and
    `after` are JSON. Only `audiences` (slugs) see it, or all where there are none.
    """

    action: Action
    noun: str
    record_id: int | None
    key: str | None
    owner: int | None
    negotiation: str | None
    before: str | None
    after: str | None
    audiences: frozenset[str] = frozenset()


class _Pending:
    """The changes of a transaction that wait for their revisions."""

    def __init__(self) -> None:
        self.unwritten: list[Noted] = []
        self.written: list[tuple[int, int | None, Shared | None, frozenset[str]]] = []
        """The ids of changes, each with its negotiation, or else with what was changed, and with
        the audiences that alone see it.
        """
        self.audiences: dict[tuple[int, str], int] = {}
        """The ids of audiences, by negotiation and slug, as long as they are there."""
        self.shown_by: dict[Shared, set[int]] = {}
        self.gone: dict[int, int] = {}
        self.at = now()


def _pending(session: Session) -> _Pending:
    pending: _Pending = session.info.setdefault("changes", _Pending())
    return pending


def note(session: Session, changes: Iterable[Noted]) -> None:
    """Have changes written into the history, in their order, if the transaction is committed."""
    pending = _pending(session)
    for change in changes:
        _find_audiences(session, pending, change)
        pending.unwritten.append(change)
        if len(pending.unwritten) == _AT_ONCE:
            _write(session, pending)


def _find_audiences(session: Session, pending: _Pending, change: Noted) -> None:
    """Look up the audiences of a change now: they may be deleted before it is written."""
    owner = change.owner
    if owner is None or all((owner, slug) in pending.audiences for slug in change.audiences):
        return
    there = select(Audience.slug, Audience.id).where(Audience.negotiation_id == owner)
    pending.audiences |= {(owner, slug): found for slug, found in session.execute(there)}


def note_shown(session: Session, record: Record, negotiations: set[int]) -> None:
    """Remember which negotiations show the change of `record`, which none of them owns.

    Those among them whose revision is raised have it in their history.
    """
    _pending(session).shown_by.setdefault((record.noun, record.id), set()).update(negotiations)


def note_gone(session: Session, negotiation: Negotiation) -> None:
    """Remember which revision of a negotiation is the one at which it is deleted."""
    _pending(session).gone[negotiation.id] = negotiation.revision + 1


def write_history(session: Session, revisions: Mapping[int, int]) -> None:
    """Write what was noted, as of the new `revisions` of the negotiations that show it."""
    pending = _pending(session)
    _write(session, pending)
    raised = {**pending.gone, **revisions}
    links = [
        {"negotiation_id": negotiation, "revision": raised[negotiation], "change_id": change}
        for change, owner, shared, _ in pending.written
        for negotiation in sorted(
            {owner} if owner is not None else pending.shown_by.get(cast("Shared", shared), ())
        )
        if negotiation in raised
    ]
    for some in batched(links, _AT_ONCE):
        session.connection().execute(insert(change_of), some)
    _write_audiences(session, pending, raised)
    session.info.pop("changes")


def _write_audiences(session: Session, pending: _Pending, raised: Mapping[int, int]) -> None:
    """Write who alone sees the changes that not everybody sees."""
    divided = set(
        session.scalars(
            select(Negotiation.id).where(Negotiation.id.in_(raised), Negotiation.is_divided)
        )
        if raised
        else ()
    )
    rows = []
    for change, owner, shared, slugs in pending.written:
        if owner is not None:
            seen_by = {owner: {pending.audiences[owner, slug] for slug in slugs}}
        else:
            assert shared is not None
            shown = pending.shown_by.get(shared, set()) & divided
            seen_by = {one: shown_to(session, *shared, one) for one in sorted(shown)}
        rows += [
            {"negotiation_id": negotiation, "change_id": change, "audience_id": audience}
            for negotiation, audiences in seen_by.items()
            if negotiation in raised
            for audience in sorted(audiences)
        ]
    if rows:
        session.connection().execute(insert(change_audience), rows)


def has_seen(session: Session, audience: Audience) -> bool:
    """Whether the history has a state that was limited to `audience`."""
    limited = f'%"audience":"{audience.slug}"%'
    states = (
        select(Change.id)
        .join(change_of, change_of.c.change_id == Change.id)
        .where(change_of.c.negotiation_id == audience.negotiation_id)
        .where(or_(Change.before.like(limited), Change.after.like(limited)))
    )
    return session.scalar(states.limit(1)) is not None


def _write(session: Session, pending: _Pending) -> None:
    """Write the changes themselves."""
    if not pending.unwritten:
        return
    by = authorship(session)
    rows: list[dict[str, Any]] = []
    for change in pending.unwritten:
        identifier = new_id()
        rows.append(
            {
                "id": identifier,
                "at": pending.at,
                "action": change.action,
                "noun": change.noun,
                "record_id": change.record_id,
                "key": change.key,
                "negotiation": change.negotiation,
                "before": change.before,
                "after": change.after,
                "who": by.name,
                "request_id": by.request_id,
                "reason": by.reason,
            }
        )
        shared = None if change.record_id is None else (change.noun, change.record_id)
        pending.written.append((identifier, change.owner, shared, change.audiences))
    session.connection().execute(insert(cast("Table", Change.__table__)), rows)
    pending.unwritten.clear()


def last_revision(session: Session, slug: str) -> int:
    """The last revision of what negotiations there have been under `slug`; 0 if there were none."""
    owners = select(Change.record_id).where(Change.noun == Negotiation.noun, Change.key == slug)
    found = select(func.max(change_of.c.revision)).where(change_of.c.negotiation_id.in_(owners))
    return session.scalar(found) or 0


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    """Forget what was noted of changes that have not been made."""
    session.info.pop("changes", None)
