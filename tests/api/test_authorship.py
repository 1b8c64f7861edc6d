"""Who recorded it: told by what is recorded, and never settable from outside."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, request

from negotiations_api.database.rights import ALL_RIGHTS
from negotiations_api.http import caller as callers
from tests.api.samples import HERE, SAMPLES, Sample
from tests.api.test_history import history
from tests.client import Client

ATTRIBUTED = [one for one in SAMPLES if one.noun in {"position", "account", "commitment"}]
NAMES = {"recorded_by": "mallory", "changed_by": "mallory"}


class Caller:
    """Who sends the requests of a test."""

    name: str | None = None


@pytest.fixture
def caller(app: Flask) -> Iterator[Caller]:
    """Who calls, as what checks credentials would say."""
    one = Caller()

    def say() -> None:
        request.environ[callers.HERE] = callers.Caller(one.name, ALL_RIGHTS, one.name or "nobody")

    app.before_request_funcs.setdefault(None, []).insert(0, say)
    yield one
    app.before_request_funcs[None].remove(say)


@pytest.mark.parametrize("sample", ATTRIBUTED, ids=lambda sample: sample.noun)
def test_a_record_tells_who_recorded_and_who_changed_it(
    world: Client, caller: Caller, sample: Sample
) -> None:
    caller.name = "ann"
    made = world.create(sample.collection, sample.payload | NAMES)
    path = made.headers["Location"]
    assert by(made.get_json()) == ("ann", "ann")
    caller.name = "bob"
    assert by(world.patch(path, sample.change | NAMES, match="*").get_json()) == ("ann", "bob")
    assert by(world.put(path, sample.payload | NAMES, match="*").get_json()) == ("ann", "bob")
    caller.name = "cid"
    world.post(f"{path}/citations", {"source": "treaty"})
    assert by(world.get(path).get_json()) == ("ann", "cid")
    caller.name = "dan"
    world.delete(path, match="*")
    assert by(world.post(f"{path}/restore", {}).get_json()) == ("ann", "dan")
    assert [one["by"] for one in history(world, path)] == ["dan", "dan", "cid", "bob", "bob", "ann"]


def by(record: dict[str, Any]) -> tuple[str | None, str | None]:
    return record["recorded_by"], record["changed_by"]


@pytest.mark.parametrize("sample", ATTRIBUTED, ids=lambda sample: sample.noun)
def test_lists_are_filtered_by_who(world: Client, caller: Caller, sample: Sample) -> None:
    caller.name = "ann"
    world.create(sample.collection, sample.payload)
    for query, count in (
        ("recorded_by=ann", 1),
        ("changed_by=ann", 1),
        ("recorded_by=bob", 0),
        ("recorded_by.exists=true", 1),
        ("changed_by.exists=false", 0),
    ):
        assert len(world.get(f"{sample.collection}?{query}").get_json()["items"]) == count


def test_a_position_whose_end_moves_was_changed_by_nobody(world: Client, caller: Caller) -> None:
    def take(date: str) -> str:
        payload = {"party": "alpha", "demand": "prisoners", "date": date, "stance": "accept"}
        return world.create(f"{HERE}/positions", payload).headers["Location"]

    caller.name = "ann"
    first = take("2018")
    caller.name = "bob"
    take("2019")
    assert by(world.get(first).get_json()) == ("ann", "ann")
    assert len(history(world, first)) == 1


def test_what_many_are_recorded_by(world: Client, caller: Caller) -> None:
    caller.name = "ann"
    rows = "party,demand,date,stance,recorded_by\nalpha,prisoners,2018,accept,mallory\n"
    world.post(f"{HERE}/positions", data=rows, headers={"Content-Type": "text/csv"})
    document = world.get(f"{HERE}/document").get_json()
    assert "recorded_by" not in document["positions"][0]
    document["positions"].append({**document["positions"][0], "date": "2019", **NAMES})
    caller.name = "bob"
    world.put(f"{HERE}/document", document, match="*")
    items = world.get(f"{HERE}/positions").get_json()["items"]
    assert [by(one) for one in items] == [("ann", "ann"), ("bob", "bob")]
