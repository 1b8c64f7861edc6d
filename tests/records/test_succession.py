"""The ends of positions: moved past the records, with what the session has of them in step."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from negotiations_api.database import Access, Authorship, Database
from negotiations_api.models import Position
from negotiations_api.records.succession import move_ends
from negotiations_api.records.write import create, remove, replace
from tests.records.test_bulk import SCHEMAS, negotiation, position

SCHEMA = SCHEMAS[Position]


def take(session: Session, date: str, **more: Any) -> Position:
    payload = position(date=date, **more)
    record = create(session, Position, SCHEMA, payload, negotiation(session))
    assert isinstance(record, Position)
    return record


def kept(record: Position) -> tuple[Any, ...]:
    """What of a position others leave as it is."""
    return record.version, record.updated_at, record.created_at, record.changed_by


def test_what_the_session_has_of_a_position_is_kept_in_step(border: Database) -> None:
    with border.transaction(Access.WRITE, by=Authorship("ann")) as session:
        first = take(session, "2019")
        mine = kept(first)
    with border.transaction(Access.WRITE, by=Authorship("bob")) as session:
        revision = negotiation(session).revision
        first = session.scalars(select(Position)).one()
        assert (kept(first), first.revision) == (mine, revision)
        second = take(session, "2020", until="2024")
        assert (first.last_day, second.last_day) == ("2019-12-31", "2024-12-31")
        assert (first.revision, second.version) == (revision + 1, 1)
        replace(session, second, SCHEMA, position(date="2021-05"), negotiation(session))
        assert (first.last_day, second.last_day) == ("2021-04-30", None)
        assert not session.dirty
        assert (kept(first), second.version) == (mine, 2)
    with border.transaction(Access.WRITE, by=Authorship("cid")) as session:
        found = session.scalars(select(Position).order_by(Position.date)).all()
        first, second = found
        assert [one.ends_on for one in found] == ["2021-04-30", "9999-12-31"]
        assert (kept(first), first.revision) == (mine, revision + 1)
        remove(session, second)
        assert first.last_day is None
    with border.transaction(Access.READ) as session:
        first = session.scalars(select(Position)).one()
        assert (first.last_day, kept(first), first.revision) == (None, mine, revision + 2)


def test_a_record_whose_end_has_moved_is_changed_as_any_other(border: Database) -> None:
    with border.transaction(Access.WRITE) as session:
        first = take(session, "2019")
        take(session, "2020")
        replace(session, first, SCHEMA, position(date="2019", value=3), negotiation(session))
        assert (first.last_day, first.version) == ("2019-12-31", 2)
    with border.transaction(Access.READ) as session:
        stored = session.scalars(select(Position).where(Position.date == "2019")).one()
        assert (stored.last_day, stored.version, stored.value) == ("2019-12-31", 2, 3)


def test_where_no_end_moves_nothing_is_written(border: Database, queries: Any) -> None:
    with border.transaction(Access.WRITE) as session:
        take(session, "2019")
        queries().clear()
        take(session, "2020", party="beta")
        move_ends(session, {})
        assert not any(statement.startswith("UPDATE position") for statement in queries())
