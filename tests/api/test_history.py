"""The history over HTTP: what was written when, by whom and why, page by page."""

import json
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from negotiations_api.database import Access, Database
from negotiations_api.models import Audience, Change, Negotiation, change_audience, change_of
from negotiations_api.records.find import find
from negotiations_api.records.write import create
from negotiations_api.schemas.audience import AudienceSchema
from tests.api.samples import HERE, SAMPLES, Sample
from tests.client import Client

DEMAND = f"{HERE}/demands/prisoners"


def history(client: Client, path: str, **query: Any) -> list[dict[str, Any]]:
    """The changes that a history has, the newest first."""
    items: list[dict[str, Any]] = client.get(f"{path}/history", query_string=query).get_json()[
        "items"
    ]
    return items


def shown(client: Client, path: str) -> dict[str, Any]:
    record: dict[str, Any] = client.get(path).get_json()
    return record


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.noun)
def test_the_history_of_a_record_tells_all_that_was_done_to_it(
    world: Client, sample: Sample
) -> None:
    made = world.create(sample.collection, sample.payload)
    path = made.headers["Location"]
    first = made.get_json()
    second = world.patch(path, sample.change, match="*").get_json()
    assert world.delete(path, match="*").status_code == 204
    at = path if sample.noun != "negotiation" else "/v1/negotiations/rivers"
    gone, changed, created = history(world, at)
    assert [one["action"] for one in (created, changed, gone)] == ["created", "changed", "deleted"]
    assert created["before"] is None
    assert gone["after"] is None
    if sample.noun == "position":  # its end follows from others
        del first["ends_on"], second["ends_on"]
    assert created["after"] == first | extras(created["after"])
    assert changed["before"] == first | extras(changed["before"])
    assert changed["after"] == gone["before"] == second | extras(changed["after"])
    assert sorted(changed["changed"]) == sorted(sample.change)
    assert {one["noun"] for one in (created, changed, gone)} == {sample.noun}
    assert {one["record"] for one in (created, changed, gone)} == {first["id"]}
    assert {one["key"] for one in (created, changed, gone)} == {path.rpartition("/")[2]}


def extras(state: dict[str, Any]) -> dict[str, Any]:
    """What a state has beyond what is shown of a record."""
    return {name: state[name] for name in ("version", "created_revision") if name in state}


def test_what_changes_nothing_is_no_change(world: Client) -> None:
    before = history(world, HERE)
    record = shown(world, DEMAND)
    assert world.put(DEMAND, record, match="*").status_code == 200
    assert world.patch(DEMAND, {"title": record["title"]}, match="*").status_code == 200
    assert history(world, HERE) == before


def test_what_was_tried_out_or_refused_is_no_change(world: Client) -> None:
    before = history(world, HERE)
    assert world.patch(f"{DEMAND}?dry_run=true", {"title": "Other"}, match="*").status_code == 200
    assert world.patch(DEMAND, {"title": 1}, match="*").status_code == 422
    assert world.delete("/v1/parties/alpha", match="*").status_code == 409
    assert history(world, HERE) == before


def test_the_history_of_a_negotiation_has_what_it_shows_of_the_shared(world: Client) -> None:
    world.patch("/v1/parties/alpha", {"name": "Alpha Republic"}, match="*")
    newest = history(world, HERE)[0]
    assert (newest["noun"], newest["key"], newest["negotiation"]) == ("party", "alpha", None)
    assert newest["revision"] == int(world.get(HERE).headers["Negotiation-Revision"])
    (of_party, _) = history(world, "/v1/parties/alpha")
    assert of_party["id"] == newest["id"]
    assert of_party["revision"] is None


def test_a_change_of_a_party_that_nobody_shows_belongs_to_no_negotiation(world: Client) -> None:
    before = history(world, HERE)
    world.patch("/v1/parties/delta", {"name": "Delta Republic"}, match="*")
    assert history(world, HERE) == before
    assert len(history(world, "/v1/parties/delta")) == 2


def test_the_history_is_filtered(world: Client) -> None:
    world.request("PATCH", DEMAND, {"title": "Free them"}, headers={"If-Match": "*"})
    last = int(world.get(HERE).headers["Negotiation-Revision"])
    assert {one["noun"] for one in history(world, HERE, noun="demand")} == {"demand"}
    assert [one["key"] for one in history(world, HERE, action="changed")] == ["prisoners"]
    assert [one["revision"] for one in history(world, HERE, since=last)] == [last]
    assert [one["revision"] for one in history(world, HERE, since=last, until=last)] == [last]
    assert history(world, HERE, until=last - 1) == history(world, HERE)[1:]
    assert history(world, HERE, by="nobody") == []
    assert history(world, DEMAND, action="created")[0]["revision"] < last
    answer = world.get(f"{HERE}/history?noun=demnad")
    assert "did you mean 'demand'" in answer.get_json()["detail"]


def test_pages_of_a_history_have_each_change_once(world: Client) -> None:
    every = history(world, HERE)
    address, found = f"{HERE}/history?limit=3", []
    while address:
        page = world.get(address).get_json()
        found += page["items"]
        address = page["next"]
    assert found == every
    lines = world.get(f"{HERE}/history", headers={"Accept": "application/x-ndjson"}).text
    assert [json.loads(line) for line in lines.splitlines()] == every
    text = world.get(f"{HERE}/history?format=text&limit=2").text
    assert text.startswith("History of border\n")
    assert "the next are at:" in text
    header, *rows = world.get(f"{HERE}/history?format=csv").text.splitlines()
    assert header.startswith("id,revision,at,action,noun,key,record,negotiation,by")
    assert len(rows) == len(every)


def test_a_history_is_304_until_it_goes_on(world: Client) -> None:
    tag = world.get(f"{HERE}/history").headers["ETag"]
    assert world.get(f"{HERE}/history", headers={"If-None-Match": tag}).status_code == 304
    world.patch(DEMAND, {"title": "Free them"}, match="*")
    assert world.get(f"{HERE}/history", headers={"If-None-Match": tag}).status_code == 200


def test_what_never_was_has_no_history(world: Client) -> None:
    answer = world.get("/v1/negotiations/bordr/history")
    assert answer.status_code == 404
    assert "did you mean 'border'" in answer.get_json()["detail"]
    assert "did you mean 'prisoners'" in world.get(f"{HERE}/demands/prisonrs/history").text
    assert world.get("/v1/parties/omega/history").status_code == 404
    assert world.get(f"{HERE}/positions/0SAV1NDADV516/history").status_code == 404


def test_the_history_of_a_negotiation_outlives_it_and_goes_on_with_the_next(
    world: Client,
) -> None:
    last = int(world.get(HERE).headers["Negotiation-Revision"])
    every = history(world, HERE, limit=1000)
    world.delete(HERE, match="*")
    gone = history(world, HERE, since=last + 1)
    assert {one["action"] for one in gone} == {"deleted"}
    assert {one["revision"] for one in gone} == {last + 1}
    assert gone[0]["noun"] == "negotiation"
    assert len(gone) == 7
    assert history(world, HERE, until=last) == every
    assert history(world, DEMAND)[0]["action"] == "deleted"
    assert world.get(f"{HERE}/demands/never/history").status_code == 404
    world.create("/v1/negotiations", {"slug": "border", "title": "Anew"})
    assert int(world.get(HERE).headers["Negotiation-Revision"]) == last + 2
    assert history(world, HERE)[0]["after"]["title"] == "Anew"


def test_the_reason_and_the_request_stand_with_the_change(world: Client) -> None:
    headers = {
        "If-Match": "*",
        "Change-Reason": "Der Gesandte hat es geändert: 번역".encode().decode("latin-1"),
        "X-Request-Id": "job-17.a",
    }
    world.request("PATCH", DEMAND, {"title": "Free them"}, headers=headers)
    newest = history(world, DEMAND)[0]
    assert newest["reason"] == "Der Gesandte hat es geändert: 번역"
    assert newest["request_id"] == "job-17.a"
    assert newest["by"] is None


@pytest.mark.parametrize(
    "reason", ["x" * 501, "a\tb", "a\x7fb", "é\x85".encode().decode("latin-1")]
)
def test_an_unreadable_reason_is_refused(world: Client, reason: str) -> None:
    headers = {"If-Match": "*", "Change-Reason": reason}
    answer = world.request("PATCH", DEMAND, {"title": "Free them"}, headers=headers)
    assert answer.status_code == 400
    assert answer.get_json()["type"] == "/problems/bad-header"


def test_many_at_once_are_a_change_each(world: Client) -> None:
    lines = "".join(
        f'{{"party": "alpha", "demand": "prisoners", "date": "{year}", "stance": "accept"}}\n'
        for year in (2010, 2011, 2012)
    )
    media = {"Content-Type": "application/x-ndjson"}
    keys = world.post(f"{HERE}/positions", data=lines, headers=media).get_json()["keys"]
    made = history(world, HERE, noun="position")
    assert {one["key"] for one in made} == set(keys)
    assert {one["action"] for one in made} == {"created"}
    assert len({one["revision"] for one in made}) == 1


def test_a_document_is_a_change_of_each_record_that_it_changes(world: Client) -> None:
    document = world.get(f"{HERE}/document").get_json()
    document["demands"] = [one for one in document["demands"] if one["slug"] != "withdrawal"]
    document["demands"][0]["title"] = "Other"
    document["parties"][0]["name"] = "Alpha Republic"
    last = int(world.get(HERE).headers["Negotiation-Revision"])
    world.put(f"{HERE}/document", document, match="*")
    made = history(world, HERE, since=last + 1)
    assert [(one["action"], one["noun"], one["key"]) for one in made] == [
        ("deleted", "demand", "withdrawal"),
        ("changed", "demand", "prisoners"),
        ("changed", "party", "alpha"),
    ]


def test_the_history_cannot_be_changed(world: Client, database: Database) -> None:
    with database.transaction(Access.WRITE) as session:  # by who may, past the API
        talks = find(session, Negotiation, "border")
        team = {"slug": "team", "title": "A team", "members": ["desk"]}
        create(session, Audience, AudienceSchema(), team, talks)
    ways = [
        *(f"DELETE FROM {table}" for table in ("change", "change_of", "change_audience")),
        "UPDATE change SET noun = 1",
        "UPDATE change_of SET revision = 1",
        "UPDATE change_audience SET audience_id = 1",
    ]
    if database.engine.dialect.name == "sqlite":
        columns = ", ".join(column.name for column in Change.__table__.columns)
        forged = columns.replace("who", "'somebody'")
        ways += [
            f"{verb} INTO change ({columns}) SELECT {forged} FROM change WHERE true{more}"
            for verb, more in (
                ("REPLACE", ""),
                ("INSERT OR REPLACE", ""),
                ("INSERT", " ON CONFLICT (id) DO UPDATE SET who = 'somebody'"),
            )
        ]
    else:
        ways += [f"TRUNCATE {table}" for table in ("change_of", "change_audience")]
        ways.append("TRUNCATE change CASCADE")
    before = kept(database)
    assert all(before)
    for statement in ways:
        with (
            pytest.raises(DBAPIError, match="added to only"),
            database.transaction(Access.WRITE) as session,
        ):
            session.execute(sa.text(statement))
    assert kept(database) == before
    # What is in a row of the others is its key: one in its place is the same.
    if database.engine.dialect.name == "sqlite":
        with database.transaction(Access.WRITE) as session:
            for table in ("change_of", "change_audience"):
                session.execute(sa.text(f"REPLACE INTO {table} SELECT * FROM {table}"))
        assert kept(database) == before


def kept(database: Database) -> tuple[list[Any], ...]:
    """All that there is of the history."""
    with database.transaction(Access.READ) as session:
        return tuple(
            list(session.execute(sa.select(table).order_by(*table.primary_key)))
            for table in (Change.__table__, change_of, change_audience)
        )
