"""`dry_run=true`: everything is checked and answered as it would be, and nothing is written."""

import json

import pytest
import sqlalchemy as sa
from flask import Flask

from negotiations_api.database import Access, Database
from negotiations_api.http.operation import OperationView
from negotiations_api.models import Base
from tests.api.samples import HERE, SAMPLES, Sample
from tests.client import Client

every_resource = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.noun)


def rows(database: Database) -> dict[str, list[str]]:
    """Everything that the database holds."""
    with database.transaction(Access.READ) as session:
        return {
            table.name: sorted(map(str, session.execute(sa.select(table)).all()))
            for table in Base.metadata.sorted_tables
        }


@every_resource
def test_a_trial_answers_as_the_write_would_and_leaves_nothing(
    world: Client, sample: Sample, database: Database
) -> None:
    before = rows(database)
    tried = world.post(f"{sample.collection}?dry_run=true", sample.payload)
    assert tried.status_code == 201, tried.text
    assert tried.headers["Dry-Run"] == "true"
    assert not {"ETag", "Location"} & set(tried.headers.keys())
    assert rows(database) == before
    done = world.create(sample.collection, sample.payload)
    assert "Dry-Run" not in done.headers
    kept = {"id", "created_at", "updated_at"}
    assert {n: v for n, v in tried.get_json().items() if n not in kept} == {
        n: v for n, v in done.get_json().items() if n not in kept
    }


@every_resource
def test_a_trial_of_a_change_changes_nothing(
    world: Client, sample: Sample, database: Database
) -> None:
    address = world.create(sample.collection, sample.payload).headers["Location"]
    before = rows(database)
    trial = f"{address}?dry_run=true"
    patched = world.patch(trial, sample.change, "*")
    assert patched.status_code == 200
    assert {n: patched.get_json()[n] for n in sample.change} == sample.change
    assert world.put(trial, sample.payload, "*").status_code == 200
    assert world.delete(trial, "*").status_code == 204
    assert rows(database) == before


@every_resource
def test_a_trial_is_refused_as_the_write_would_be(world: Client, sample: Sample) -> None:
    trial = f"{sample.collection}?dry_run=true"
    assert world.post(trial, {"citatons": []}).status_code == 422
    address = world.create(sample.collection, sample.payload).headers["Location"]
    assert world.post(trial, sample.payload).status_code == 409
    assert world.delete(f"{address}?dry_run=true").status_code == 428
    assert world.delete(f"{address}?dry_run=true", '"x"').status_code == 412


def test_parts_documents_and_many_at_once_can_be_tried_out(
    world: Client, database: Database
) -> None:
    document = world.get(f"{HERE}/document").get_json()
    before = rows(database)
    citation = world.post(f"{HERE}/demands/treaty/citations?dry_run=true", {"source": "treaty"})
    assert citation.status_code == 201
    changed = document | {"negotiation": document["negotiation"] | {"title": "Other talks"}}
    loaded = world.put(f"{HERE}/document?dry_run=true", changed, "*")
    assert loaded.get_json()["changed"] == {"negotiation": 1}
    many = world.request(
        "POST",
        f"{HERE}/demands?dry_run=true",
        data=json.dumps({"slug": "x", "title": "X", "issue": "peace-treaty"}),
        content_type="application/x-ndjson",
    )
    assert (many.get_json()["created"], many.headers["Dry-Run"]) == (1, "true")
    assert rows(database) == before


def test_every_operation_that_writes_can_be_tried_out(app: Flask) -> None:
    views = app.view_functions.values()
    contracts = [view.operation for view in views if isinstance(view, OperationView)]
    writing = [c for c in contracts if c.access is not Access.READ]
    assert writing
    assert all("dry_run" in c.parameters().fields for c in writing)


@pytest.mark.parametrize("value", ["yes", "1", "True", ""])
def test_a_trial_is_asked_for_with_true(world: Client, value: str) -> None:
    payload = {"slug": "fourth", "name": "Fourth", "kind": "state"}
    answer = world.post(f"/v1/parties?dry_run={value}", payload)
    assert (answer.status_code, answer.get_json()["errors"][0]["parameter"]) == (400, "dry_run")
    assert world.get("/v1/parties/fourth").status_code == 404
