"""The history of the record held against the record: replayed, it comes to what the tables say."""

from collections import defaultdict
from collections.abc import Iterable
from operator import itemgetter
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session

from negotiations_api.compare.date import first_day
from negotiations_api.compare.validity import last_days
from negotiations_api.database import Access, Database
from negotiations_api.models import (
    Action,
    Audience,
    Change,
    Negotiation,
    Owned,
    Position,
    change_audience,
    change_of,
)
from negotiations_api.models.identifier import parse_id
from negotiations_api.records.find import NOUNS
from negotiations_api.records.noting import states_of

State = dict[str, Any]
Replayed = dict[tuple[str, int], State]

_DERIVED = {"ends_on"}
"""What another position of the same party may change of one."""


def check_history(database: Database) -> None:
    """Replay the history of everything; raises AssertionError where it is not what is there."""
    with database.transaction(Access.READ) as session:
        replayed = _replay(session, _shared(session))
        owners = set(session.scalars(sa.select(change_of.c.negotiation_id)))
        owners |= set(session.scalars(sa.select(Negotiation.id)))
        for owner in sorted(owners):
            replayed |= _replay(session, _owned(session, owner))
            _check_revisions(session, owner)
        _check_tables(session, replayed)
        _check_ends(session, replayed)
        _check_audiences(session)


def _shared(session: Session) -> Iterable[Change]:
    return session.scalars(
        sa.select(Change).where(Change.negotiation.is_(None)).order_by(Change.id)
    )


def _owned(session: Session, owner: int) -> Iterable[Change]:
    return session.scalars(
        sa.select(Change)
        .join(change_of, change_of.c.change_id == Change.id)
        .where(change_of.c.negotiation_id == owner, Change.negotiation.is_not(None))
        .order_by(change_of.c.revision, change_of.c.change_id)
    )


def _replay(session: Session, changes: Iterable[Change]) -> Replayed:
    state_of: Replayed = {}
    imported: list[tuple[int, int]] = []
    for change in changes:
        before, after = _state(change.before), _state(change.after)
        if change.action is Action.IMPORTED:
            assert after is not None
            imported.append((parse_id(after["first"]) or 0, parse_id(after["last"]) or 0))
            continue
        assert change.record_id is not None
        one = (change.noun, change.record_id)
        there = state_of.get(one)
        if before is not None and there is None:  # imported, or made by a migration
            is_imported = any(first <= change.record_id <= last for first, last in imported)
            assert is_imported or change.noun == "issue", f"nothing tells where {before} is from"
            there = before
        assert _essence(change.noun, there) == _essence(change.noun, before), change.key
        assert (after is None) is (change.action is Action.DELETED)
        assert change.action is not Action.CREATED or before is None
        state_of.pop(one, None)
        if after is not None:
            state_of[one] = after
    for first, last in imported:
        ids = session.scalars(sa.select(Position.id).where(Position.id.between(first, last))).all()
        for identifier, state in zip(ids, states_of(session, Position, ids), strict=True):
            state_of.setdefault(("position", identifier), state)
    return state_of


def _state(text: str | None) -> State | None:
    return None if text is None else orjson.loads(text)


def _check_revisions(session: Session, owner: int) -> None:
    """Each revision, up to the one of the negotiation, has a change, and there is no other.

    Those of all that there have been under its slug, in turns, are counted as one.
    """
    is_negotiation = Change.noun == Negotiation.noun
    slug = sa.select(Change.key).where(is_negotiation, Change.record_id == owner).limit(1)
    alike = sa.select(Change.record_id).where(is_negotiation, Change.key == slug.scalar_subquery())
    known = set(
        session.scalars(
            sa.select(change_of.c.revision).where(
                sa.or_(change_of.c.negotiation_id == owner, change_of.c.negotiation_id.in_(alike))
            )
        )
    )
    now = session.scalar(sa.select(Negotiation.revision).where(Negotiation.id == owner))
    first = min(known, default=1)
    last = max(known, default=0)
    assert known == set(range(first, last + 1)), f"revisions {sorted(known)}"
    assert now is None or now == last, f"at {now}, and the history ends at {last}"


def _check_tables(session: Session, replayed: Replayed) -> None:
    for noun, model in NOUNS.items():
        ids = session.scalars(sa.select(model.id)).all()
        there = dict(zip(ids, states_of(session, model, ids), strict=True))
        told = {identifier: state for (of, identifier), state in replayed.items() if of == noun}
        if noun == "issue":  # most come with the migrations
            there = {identifier: state for identifier, state in there.items() if identifier in told}
        assert there.keys() == told.keys(), noun
        for identifier, state in there.items():
            assert _essence(noun, told[identifier]) == _essence(noun, state)
            if issubclass(model, Owned):
                assert list(told[identifier]) == list(state)


def _check_ends(session: Session, replayed: Replayed) -> None:
    """What other positions do to the ends of one follows from the positions themselves."""
    rows = session.execute(sa.select(Position.id, Position.negotiation_id, Position.ends_on)).all()
    there = {row.id: row for row in rows}
    audiences = {
        (row.negotiation_id, row.slug): row.id
        for row in session.execute(sa.select(Audience.negotiation_id, Audience.slug, Audience.id))
    }
    histories: dict[Any, list[Any]] = defaultdict(list)
    for (noun, identifier), state in replayed.items():
        if noun == "position":
            owner = there[identifier].negotiation_id
            place = (first_day(state["date"]), audiences.get((owner, state.get("audience")), 0))
            histories[owner, state["demand"], state["party"]].append((place, identifier, state))
    for history in histories.values():
        history.sort(key=itemgetter(0))
        ends = last_days([(state["date"], state["until"]) for _, _, state in history])
        for (_, identifier, _), end in zip(history, ends, strict=True):
            assert there[identifier].ends_on == end


def _check_audiences(session: Session) -> None:
    """A change is seen by those alone who see a state of the record before or after it."""
    alone: dict[tuple[int, int], set[int]] = defaultdict(set)
    for row in session.execute(sa.select(*change_audience.c)):
        alone[row.negotiation_id, row.change_id].add(row.audience_id)
    rows = sa.select(change_of.c.negotiation_id, Change).join(
        Change, Change.id == change_of.c.change_id
    )
    for owner, change in session.execute(rows.where(Change.negotiation.is_not(None))):
        states = [one for one in (_state(change.before), _state(change.after)) if one]
        limits = {one.get("audience") for one in states}
        if change.noun != "audience" and change.action is not Action.IMPORTED:
            assert len(limits - {None}) <= len(alone[owner, change.id]) or None in limits
            assert alone[owner, change.id] or None in limits, change.key


def _essence(noun: str, state: State | None) -> State | None:
    if state is None or noun != "position":
        return state
    return {name: value for name, value in state.items() if name not in _DERIVED}
