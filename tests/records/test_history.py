"""The history of what is written past the API: imports, which are one change each."""

import io
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from negotiations_api.database import Access, Authorship, Database
from negotiations_api.models import Action, Change, Position, change_of
from negotiations_api.models.identifier import format_id, new_ids
from negotiations_api.records.history import Entry, Which, imported, read_newest, read_oldest
from negotiations_api.records.imports.csv_reader import CsvReader
from negotiations_api.records.imports.run import import_positions
from negotiations_api.records.talks import find_talks
from negotiations_api.schemas.position import PositionSchema
from tests.client import Client
from tests.histories import check_history

HERE = "/v1/negotiations/border/positions"


def run_import(database: Database, *dates: str, who: str | None = "ann") -> None:
    """Import a position of each of the dates."""
    rows = "".join(f"alpha,prisoners,{date},accept\n" for date in dates)
    file = io.BytesIO(f"party,demand,date,stance\n{rows}".encode())
    import_positions(
        database,
        "border",
        CsvReader(file, PositionSchema(), [], {}),
        f"{'-'.join(dates):0>64}"[:64],
        skip_bad=False,
        report=lambda fault: pytest.fail(str(fault)),
        by=Authorship(who),
    )


def of(client: Client, key: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get(f"{HERE}/{key}/history").get_json()["items"]
    return items


def keys(client: Client) -> list[str]:
    return [one["id"] for one in client.get(HERE).get_json()["items"]]


def test_an_import_is_one_change(border: Database) -> None:
    run_import(border, "2001", "2002", "2003")
    with border.transaction(Access.READ) as session:
        talks = find_talks(session, "border")
        (made,) = read_newest(session, Which(talks, action=Action.IMPORTED), 10)
        ids = sorted(session.scalars(sa.select(Position.id)))
        written = session.execute(
            sa.select(Position.created_revision, Position.recorded_by, Position.changed_by)
        ).all()
    assert made.after == {
        "records": 3,
        "first": format_id(ids[0]),
        "last": format_id(ids[-1]),
        "fingerprint": f"{'2001-2002-2003':0>64}",
    }
    assert (made.revision, made.who, made.record_id, made.key) == (
        talks.revision,
        "ann",
        None,
        None,
    )
    assert written == [(talks.revision, "ann", "ann")] * 3
    check_history(border)


def test_an_import_of_nothing_new_is_no_change(border: Database) -> None:
    run_import(border, "2001")
    with border.transaction(Access.READ) as session:
        before = session.scalar(sa.select(sa.func.count()).select_from(Change))
    run_import(border, "2001")
    with border.transaction(Access.READ) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Change)) == before


def test_an_imported_position_has_its_import_at_the_beginning(
    border: Database, client: Client
) -> None:
    run_import(border, "2001", "2002")
    run_import(border, "2003", who="bob")
    first, _, third = keys(client)
    (made,) = of(client, first)
    assert (made["action"], made["key"], made["by"]) == ("imported", first, "ann")
    assert made["before"] is None
    assert made["after"]["date"] == "2001"
    assert of(client, third)[0]["by"] == "bob"
    client.patch(f"{HERE}/{first}", {"stance": "reject"}, match="*")
    changed, made = of(client, first)
    assert (changed["action"], made["action"]) == ("changed", "imported")
    assert made["after"]["stance"] == changed["before"]["stance"] == "accept"
    client.delete(f"{HERE}/{first}", match="*")
    assert [one["action"] for one in of(client, first)] == ["deleted", "changed", "imported"]
    assert client.get(f"{HERE}/{first}/history?action=imported").get_json()["items"] == [made]
    assert client.get(f"{HERE}/{first}/history?by=bob").get_json()["items"] == []
    page = client.get(f"{HERE}/{first}/history?limit=2").get_json()
    assert client.get(page["next"]).get_json()["items"] == [made]
    check_history(border)


def test_an_imported_position_comes_back(border: Database, client: Client) -> None:
    run_import(border, "2001", "2002")
    first, _ = keys(client)
    path = f"{HERE}/{first}"
    before = client.get(path).get_json()
    revision = int(client.get(HERE).headers["Negotiation-Revision"])
    client.patch(path, {"stance": "reject"}, match="*")
    client.delete(path, match="*")
    early = client.post(f"{path}/restore", {"revision": revision - 1})
    assert early.status_code == 422
    again = client.post(f"{path}/restore", {"revision": revision}).get_json()
    assert {**again, "updated_at": None, "changed_by": None} == {
        **before,
        "updated_at": None,
        "changed_by": None,
    }
    check_history(border)


def test_what_was_imported_goes_with_its_negotiation(border: Database, client: Client) -> None:
    run_import(border, *(str(year) for year in range(1000, 1100)))
    assert client.delete("/v1/negotiations/border", match="*").status_code == 204
    check_history(border)
    assert client.post("/v1/negotiations/border/restore", {}).status_code == 201
    assert len(keys(client)) == 100
    check_history(border)


def test_no_other_position_is_taken_for_imported(border: Database, client: Client) -> None:
    run_import(border, "2001")
    payload = {"party": "beta", "demand": "prisoners", "date": "2001", "stance": "accept"}
    made = client.create(HERE, payload)
    with border.transaction(Access.READ) as session:
        talks = find_talks(session, "border")
        assert imported(session, talks, made.get_json()["id"]) is None
        assert imported(session, talks, "nothing") is None


def test_the_history_of_one_record_does_not_walk_that_of_its_negotiation(
    border: Database, client: Client
) -> None:
    """By the plans of the engines, as far as these know how much there is of what."""
    count = 5000
    with border.transaction(Access.WRITE) as session:
        talks = find_talks(session, "border")
        first = new_ids(count)
        changes = [
            {
                "id": first + number,
                "action": Action.CHANGED,
                "noun": "demand",
                "record_id": number,
                "key": f"demand-{number}",
                "negotiation": "border",
            }
            for number in range(count)
        ]
        links = [
            {"negotiation_id": talks.ids[0], "revision": number + 10, "change_id": first + number}
            for number in range(count)
        ]
        session.execute(sa.insert(Change), changes)
        session.execute(sa.insert(change_of), links)
    if border.engine.dialect.name == "postgresql":  # counts by itself; SQLite only when it is asked
        with border.engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")
    of_one = Which(talks, "demand", "demand-4000")
    for read in (
        lambda session: read_newest(session, of_one, 100),
        lambda session: read_newest(session, of_one, 100, (4900, 0)),
        lambda session: read_oldest(session, of_one, 1, (0, 0)),
    ):
        plan, found = planned(border, read)
        assert [one.key for one in found] == ["demand-4000"]
        assert "ix_change_noun_key" in plan
        assert "ix_change_of_change_id" in plan
        assert "PRIMARY KEY (negotiation_id" not in plan
        assert "Seq Scan" not in plan
        assert "pk_change_of" not in plan


def planned(database: Database, read: Callable[[Session], list[Entry]]) -> tuple[str, list[Entry]]:
    """How the engine reads the history, and what it finds."""
    ran: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        ran.append((statement, given))

    sa.event.listen(database.engine, "before_cursor_execute", note)
    try:
        with database.transaction(Access.READ) as session:
            found = read(session)
    finally:
        sa.event.remove(database.engine, "before_cursor_execute", note)
    ((statement, given),) = [one for one in ran if "FROM change" in one[0]]
    verb = "EXPLAIN QUERY PLAN" if database.engine.dialect.name == "sqlite" else "EXPLAIN"
    with database.engine.connect() as connection:
        rows = connection.exec_driver_sql(f"{verb} {statement}", given).all()
    return "\n".join(str(row) for row in rows), found
