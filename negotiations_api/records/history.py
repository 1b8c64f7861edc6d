"""Reading the history of the record: of a negotiation, of one record, as a feed.

What stands for a record in addresses stands for it in its history, too, whether it is there still
or not; so does the slug of a negotiation, for all that there have been under it (`talks.py`).
"""

import datetime as dt
import zlib
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, null, or_, select, tuple_
from sqlalchemy.orm import Session

from negotiations_api.database.rights import visible
from negotiations_api.database.sight import sees_whatever_there_is
from negotiations_api.models import (
    Action,
    Change,
    Negotiation,
    Position,
    Record,
    change_audience,
    change_of,
)
from negotiations_api.models.identifier import format_id
from negotiations_api.records.faults import Missing
from negotiations_api.records.find import find, key_value
from negotiations_api.records.noting import states_of
from negotiations_api.records.seen import WRITTEN_BY_NOBODY, State, read_state
from negotiations_api.records.talks import Talks


@dataclass(frozen=True, slots=True)
class Entry:
    """A change, as of a `revision` of the negotiation whose history it stands in, if any."""

    id: int
    at: dt.datetime
    action: Action
    noun: str
    record_id: int | None
    key: str | None
    negotiation: str | None
    revision: int | None
    who: str | None
    request_id: str | None
    reason: str | None
    before: State | None
    after: State | None

    @property
    def changed(self) -> list[str]:
        """The fields that say something else than before, if it was there and is."""
        before, after = self.before, self.after
        if before is None or after is None:
            return []
        return [
            name
            for name in after
            if name not in WRITTEN_BY_NOBODY and before.get(name) != after[name]
        ]


@dataclass(frozen=True, slots=True)
class Which:
    """Which changes: those of a negotiation, or of what none owns; and what else they are."""

    talks: Talks | None
    noun: str | None = None
    key: str | None = None
    action: Action | None = None
    who: str | None = None
    since: int | None = None
    until: int | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """What they are all of, in SQL."""
        equal = (
            (Change.noun, self.noun),
            (Change.key, self.key),
            (Change.action, self.action),
            (Change.who, self.who),
        )
        wanted = [column == value for column, value in equal if value is not None]
        if self.talks is None:
            return [*wanted, Change.negotiation.is_(None)]
        owner: ColumnElement[Any] = change_of.c.negotiation_id
        if self.key is not None:
            # Not by the primary key, which SQLite would take for the sake of the order: one record
            # has few changes, and its negotiation any number of them.
            owner = owner + 0
        wanted.append(owner.in_(self.talks.ids))
        if self.since is not None:
            wanted.append(change_of.c.revision >= self.since)
        if self.until is not None:
            wanted.append(change_of.c.revision <= self.until)
        return wanted

    def has(self, entry: Entry) -> bool:
        """Whether it is one of them, of the record that they are about."""
        revision = entry.revision or 0
        return (
            self.action in {None, entry.action}
            and self.who in {None, entry.who}
            and (self.since or 0) <= revision
            and (self.until is None or revision <= self.until)
        )


HistoryPoint = tuple[int, int]
"""Where a change stands in a history: its revision (0 without one), and its id."""


def read_newest(
    session: Session,
    which: Which,
    limit: int,
    before: HistoryPoint | None = None,
    *,
    change: int | None = None,
) -> list[Entry]:
    """Up to `limit` changes, the newest first, of those that stand before a point.

    Or the one `change` with that id, if it is among them.
    """
    statement = _select(session, which)
    if change is not None:
        statement = statement.where(Change.id == change)
    if which.talks is None:
        if before is not None:
            statement = statement.where(Change.id < before[1])
        statement = statement.order_by(Change.id.desc())
    else:
        point = (change_of.c.revision, change_of.c.change_id)
        if before is not None:
            statement = statement.where(tuple_(*point) < before)
        statement = statement.order_by(*(column.desc() for column in point))
    return _entries(session, statement.limit(limit))


def read_oldest(session: Session, which: Which, limit: int, after: HistoryPoint) -> list[Entry]:
    """Up to `limit` changes of a negotiation, the oldest first, of those that follow a point."""
    point = (change_of.c.revision, change_of.c.change_id)
    follows = tuple_(*point) > after
    statement = _select(session, which).where(follows).order_by(*point).limit(limit)
    return _entries(session, statement)


def point_of(entry: Entry) -> HistoryPoint:
    """Where a change stands."""
    return entry.revision or 0, entry.id


def imported(session: Session, talks: Talks, key: str) -> Entry | None:
    """The creation of a position by an import, which has one change for all that it created."""
    identifier = key_value(Position, key)
    if not isinstance(identifier, int):
        return None
    of_it = Which(talks, Position.noun, format_id(identifier))
    first = next(iter(read_oldest(session, of_it, 1, (0, 0))), None)
    state = first.before if first else _stored(session, talks, identifier)
    if state is None:
        return None
    revision = state.get("created_revision", 0)
    imports = Which(talks, Position.noun, action=Action.IMPORTED, since=revision, until=revision)
    for entry in read_newest(session, imports, 1000):
        made = entry.after or {}
        if made["first"] <= state["id"] <= made["last"]:
            own = {"record_id": identifier, "key": state["id"], "after": state}
            return replace(entry, **own)
    return None


def _stored(session: Session, talks: Talks, identifier: int) -> State | None:
    owner = select(Position.negotiation_id).where(Position.id == identifier)
    if session.scalar(owner) not in talks.ids:
        return None
    return next(states_of(session, Position, [identifier]))


def check_known(session: Session, model: type[Record], key: str, talks: Talks | None) -> None:
    """Raise Missing for a record that is not there; for what has no history."""
    if talks is not None and not talks.is_there:
        said = f"There is no {model.noun} '{key[:80]}' in the history of '{talks.slug}'."
        raise Missing(said)
    find(session, model, key, talks.negotiation if talks else None)


def _select(session: Session, which: Which) -> Select[Any]:
    revision = null() if which.talks is None else change_of.c.revision
    statement = select(*Change.__table__.c, revision.label("revision"))
    if which.talks is not None:
        statement = statement.join(change_of, change_of.c.change_id == Change.id)
    if which.who is not None and not sees_whatever_there_is(session):
        # Or what a filter finds would tell the name that is not shown.
        statement = statement.where(or_(Change.negotiation.is_not(None), _is_signed(session)))
    return statement.where(*which.conditions())


def signed_for(session: Session) -> str:
    """What tells a caller from others who are told of other changes by whom and why they were made.

    Which negotiations it sees changes without any revision of those that it reads.
    """
    if sees_whatever_there_is(session):
        return ""
    # A sum of the ids themselves would be too large.
    seen = select(func.count(), func.sum(Negotiation.id % 1_000_003)).where(visible(session))
    return f"{zlib.crc32(str(tuple(session.execute(seen).one())).encode()):08x}"


def _is_signed(session: Session) -> ColumnElement[bool]:
    """Whether the caller is told by whom and why a change of what all share was made.

    One that no negotiation shows may have been made for one that the caller does not see.
    """
    shown = change_of.alias()
    seen = select(Negotiation.id).where(visible(session))
    of_it = and_(
        shown.c.change_id == Change.id,
        # Where only an audience is shown it, nobody else is to know that it is shown there.
        ~exists().where(
            change_audience.c.negotiation_id == shown.c.negotiation_id,
            change_audience.c.change_id == shown.c.change_id,
        ),
    )
    return and_(exists().where(of_it), ~exists().where(of_it, shown.c.negotiation_id.not_in(seen)))


def _entries(session: Session, statement: Select[Any]) -> list[Entry]:
    """The changes that a statement selects.

    Of one of what all share, by whom and why it was made is told only to who sees a negotiation
    that shows it, and all of those that do; or whatever there is.
    """
    entries = [_entry(row) for row in session.execute(statement)]
    shared = [entry.id for entry in entries if entry.negotiation is None]
    if not shared or sees_whatever_there_is(session):
        return entries
    signed = set(
        session.scalars(select(Change.id).where(Change.id.in_(shared), _is_signed(session)))
    )
    unsigned: dict[str, Any] = {"who": None, "request_id": None, "reason": None}
    return [
        entry if entry.negotiation is not None or entry.id in signed else replace(entry, **unsigned)
        for entry in entries
    ]


def _entry(row: Row[Any]) -> Entry:
    values = row._asdict()
    before, after = (read_state(row.noun, values.pop(name)) for name in ("before", "after"))
    return Entry(**values, before=before, after=after)
