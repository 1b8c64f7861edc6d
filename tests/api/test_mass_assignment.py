"""What the service says of a record itself (ids, versions, times, owners) is set by nobody else."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from negotiations_api.database import Access, Database
from negotiations_api.models import Base
from negotiations_api.models.base import Part, Record
from negotiations_api.models.identifier import parse_id
from tests.api.attacks import WITH_BODY, Request, good_write
from tests.api.engines import Engines
from tests.api.samples import SAMPLES, Sample
from tests.client import Client
from tests.injection import MARK, Json, bodies

MODELS: dict[str, type[Record]] = {
    mapper.class_.noun: mapper.class_
    for mapper in Base.registry.mappers
    if issubclass(mapper.class_, Record)
}
COLUMNS = {column.key for mapper in Base.registry.mappers for column in mapper.columns}
"""The columns of all tables, those to come among them."""

WISHED = COLUMNS | {
    *("negotiation", "negotiation_id", "owner", "owner_id", "user", "tenant", "_id", "__class__"),
    *("recorded_by", "changed_by", "created_by", "updated_by", "author_id", "request_id", "reason"),
    *("is_admin", "admin", "role", "roles", "scope", "scopes", "token", "audience", "is_private"),
    *("private", "public", "ends_on", "included", "etag", "ordinal", "search", "words", "href"),
}
VALUES: tuple[Any, ...] = (7, MARK, {"id": 1})


def foreign(name: str) -> list[str]:
    """What nobody may write in the body of an operation."""
    may_be_written = {
        field
        for schema in bodies(*name.split(" ")).values()
        for field, inner in schema.get("properties", {}).items()
        if not inner.get("readOnly") and field != "included"
    }
    return sorted(WISHED - may_be_written)


def test_the_wishes_are_many() -> None:
    assert {"id", "version", "created_at", "updated_at", "negotiation_id", "revision"} <= COLUMNS
    assert all(len(foreign(name)) > 50 for name in WITH_BODY)


@pytest.fixture(scope="module")
def document(engines: Engines) -> Json:
    return engines.clients[0].get("/v1/negotiations/border/document?format=json").get_json()


@pytest.mark.parametrize("name", WITH_BODY)
def test_what_is_not_for_others_to_write_is_refused_or_changes_nothing(
    engines: Engines, name: str, document: Json
) -> None:
    good = good_write(name, document)
    expected = [essence(answer.get_json()) for answer in good.send(engines)]
    for value in VALUES:
        wished = dict.fromkeys(foreign(name), value)
        (refused, other) = with_members(good, wished).send(engines)
        assert refused.status_code == 422
        pointers = {error["pointer"][1:] for error in refused.get_json()["errors"]}
        assert pointers <= set(wished)
        assert pointers == {error["pointer"][1:] for error in other.get_json()["errors"]}
        # All else was looked over: it makes no difference.
        rest = dict.fromkeys(set(wished) - pointers, value)
        assert set(rest) <= {*FORGED, "version"}
        answers = with_members(good, rest).send(engines)
        assert [essence(answer.get_json()) for answer in answers] == expected


def with_members(good: Request, members: dict[str, Any]) -> Request:
    """The same request, with more members in its body."""
    return Request(good.method, good.path, good.headers, good.query, good.body | members)


def essence(body: Json) -> Json:
    """An answer without what is another one each time."""
    if not isinstance(body, dict):
        return body
    return {name: value for name, value in body.items() if name not in {"id", "token", *TIMES}}


TIMES = ("created_at", "updated_at")
FORGED: dict[str, Any] = {
    "id": "0000000000001",
    "created_at": "2001-01-01T00:00:00Z",
    "updated_at": "2001-01-01T00:00:00Z",
    "ends_on": "2001",
    "included": {"parties": {"alpha": {"slug": "alpha", "name": MARK}}},
    "recorded_by": MARK,
    "changed_by": MARK,
}


def rows(database: Database, model: type[Record]) -> Iterator[dict[str, Any]]:
    with database.transaction(Access.READ) as session:
        for row in session.execute(sa.select(model.__table__)).mappings():
            yield dict(row)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.noun)
def test_what_is_sent_of_it_all_the_same_is_not_stored(
    world: Client, database: Database, sample: Sample
) -> None:
    model = MODELS[sample.noun]
    before = {row["id"] for row in rows(database, model)}
    forged = {name: value for name, value in FORGED.items() if taken(world, sample, name)}
    assert {"id", *TIMES} <= set(forged)
    made = world.create(sample.collection, sample.payload | forged)
    (stored,) = (row for row in rows(database, model) if row["id"] not in before)
    assert stored["id"] == parse_id(made.get_json()["id"]) != parse_id(FORGED["id"])
    assert stored["version"] <= 2  # the parts of some are added in a second one
    assert all(_seconds_ago(stored[name]) < 60 for name in TIMES)

    where = made.headers["Location"]
    for method, body in (("PATCH", sample.change), ("PUT", sample.payload | sample.change)):
        answer = world.request(method, where, body | forged, headers={"If-Match": "*"})
        assert answer.status_code == 200, answer.text
    (changed,) = (row for row in rows(database, model) if row["id"] not in before)
    for name in ("id", "created_at", *(["negotiation_id"] if sample.is_owned else [])):
        assert changed[name] == stored[name]
    assert changed["version"] > stored["version"]
    assert _seconds_ago(changed["updated_at"]) < 60
    assert all(MARK not in str(row) for other in MODELS.values() for row in rows(database, other))


def taken(world: Client, sample: Sample, name: str) -> bool:
    """Whether a member is looked over, and not refused."""
    body = sample.payload | {name: FORGED[name]}
    return world.post(f"{sample.collection}?dry_run=true", body).status_code == 201


def _seconds_ago(moment: dt.datetime) -> float:
    return abs((dt.datetime.now(dt.UTC) - moment).total_seconds())


def test_a_part_cannot_be_moved_to_another_record(world: Client, database: Database) -> None:
    parts = [m.class_ for m in Base.registry.mappers if issubclass(m.class_, Part)]
    assert len(parts) >= 6
    columns = {column.key for part in parts for column in sa.inspect(part).columns}
    owners = {name for name in columns if name.endswith("_id")}
    sample = next(sample for sample in SAMPLES if sample.noun == "demand")
    where = world.create(sample.collection, sample.payload).headers["Location"]
    for name in sorted(owners | {"id", "ordinal"}):
        answer = world.post(f"{where}/citations", {"source": "treaty", name: 1})
        assert answer.status_code == 422, name
