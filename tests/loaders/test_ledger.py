"""What is kept of positions is what the record says, whoever writes it."""

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import select
from sqlalchemy.orm import Session

from negotiations_api.compare.ledger import Ledger
from negotiations_api.database import Access, Database
from negotiations_api.loaders.ledger import Ledgers, load_ledger
from negotiations_api.loaders.position import load_positions
from negotiations_api.models import Negotiation, Position
from negotiations_api.records.faults import Conflict
from negotiations_api.records.loading import load_document
from tests.models.test_supersession import DOCUMENT, apply, writes
from tests.records.test_imports import ndjson, run

ROOM = 1024 * 1024


@pytest.fixture
def border(database: Database) -> Database:
    """A negotiation without positions."""
    with database.transaction(Access.CATALOGUE) as session:
        load_document(session, DOCUMENT)
    return database


def talks(session: Session) -> Negotiation:
    return session.scalars(select(Negotiation)).one()


def same(one: Ledger, other: Ledger) -> bool:
    return all(
        np.array_equal(
            getattr(one, field.name),
            getattr(other, field.name),
            equal_nan=field.name in {"values", "saliences"},
        )
        for field in fields(Ledger)
    )


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(writes)
def test_what_is_kept_is_what_is_there_after_any_order_of_writes(
    border: Database, sequence: list[tuple[str, int, Any]]
) -> None:
    with border.transaction(Access.WRITE) as session:
        for position in session.scalars(select(Position)):
            session.delete(position)
    kept = Ledgers(ROOM)  # as if each write came through another process
    for write in sequence:
        try:
            with border.transaction(Access.WRITE) as session:
                apply(session, talks(session), write)
        except Conflict:
            pass
        with border.transaction(Access.READ) as session:
            assert same(kept.of(session, talks(session)), load_ledger(session, talks(session)))


def test_what_is_imported_is_seen(border: Database) -> None:
    kept = Ledgers(ROOM)
    for year in ("2019", "2021", "2020"):
        rows = [
            {"party": party, "demand": "treaty", "date": year, "stance": "accept"}
            for party in ("alpha", "beta")
        ]
        run(border, ndjson(rows))
        with border.transaction(Access.READ) as session:
            assert same(kept.of(session, talks(session)), load_ledger(session, talks(session)))


def test_a_ledger_has_what_the_positions_say(border: Database) -> None:
    rows: list[dict[str, Any]] = [
        {"party": "alpha", "demand": "treaty", "date": "2019", "stance": "accept", "salience": 7},
        {"party": "alpha", "demand": "treaty", "date": "2020-02", "stance": "reject"},
    ]
    run(border, ndjson(rows))
    with border.transaction(Access.READ) as session:
        ledger = Ledgers(ROOM).of(session, talks(session))
        days = sorted(zip(ledger.begins_on.tolist(), ledger.ends_on.tolist(), strict=True))
        said = load_positions(session, talks(session))
    assert days == [(20190101, 20200131), (20200201, 99991231)]
    assert sorted(ledger.saliences.tolist(), key=str) == [7, pytest.approx(np.nan, nan_ok=True)]
    assert len(said) == len(ledger.ids)


def test_without_a_write_nothing_is_read_again(border: Database, queries: Any) -> None:
    kept = Ledgers(ROOM)
    with border.transaction(Access.READ) as session:
        first = kept.of(session, talks(session))
    queries().clear()
    with border.transaction(Access.READ) as session:
        assert kept.of(session, talks(session)) is first
    assert not [statement for statement in queries() if "FROM position" in statement]


def test_a_reader_that_is_behind_sees_its_own_state(border: Database) -> None:
    kept = Ledgers(ROOM)
    rows = [{"party": "alpha", "demand": "treaty", "date": "2019", "stance": "accept"}]
    with border.transaction(Access.READ) as behind:
        before = talks(behind)
        run(border, ndjson(rows))
        with border.transaction(Access.READ) as session:
            assert len(kept.of(session, talks(session)).ids) == 1
        assert len(kept.of(behind, before).ids) == 0
    with border.transaction(Access.READ) as session:
        assert len(kept.of(session, talks(session)).ids) == 1


def test_no_more_is_kept_than_there_is_room_for(border: Database) -> None:
    rows = [
        {"party": "alpha", "demand": "treaty", "date": str(year), "stance": "accept"}
        for year in range(1000, 1100)
    ]
    run(border, ndjson(rows))
    for room, is_kept in ((0, False), (49 * 100 - 1, False), (49 * 100, True), (ROOM, True)):
        kept = Ledgers(room)
        with border.transaction(Access.READ) as session:
            first = kept.of(session, talks(session))
            assert len(first.ids) == 100
            assert (kept.of(session, talks(session)) is first) is is_kept
