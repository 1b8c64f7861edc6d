"""What a client sees when the service cannot: never a stack trace, nothing half written."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from negotiations_api.app import create_app
from negotiations_api.config import Settings
from negotiations_api.database import Access, Database
from tests.api.samples import HERE, build_world
from tests.client import Client, check_problem


def test_a_database_that_does_not_answer_is_503_and_says_when_to_try_again(
    tmp_path: Path,
) -> None:
    app = create_app(Settings(database_url="postgresql://nobody@127.0.0.1:1/none"))
    answer = app.test_client().get("/v1/parties")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    check_problem(answer)


def test_a_failure_of_the_service_shows_nothing_of_its_inside() -> None:
    app = create_app(Settings(database_url="sqlite://"))  # its own, since it gets an address more

    @app.get("/fails")
    def fail() -> str:
        raise RuntimeError("the secret")

    answer = app.test_client().get("/fails")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    check_problem(answer)


def test_of_many_changes_to_one_version_one_wins_and_the_others_are_told(app: Flask) -> None:
    client = Client(app)
    build_world(client)
    address = f"{HERE}/demands/treaty"
    tag = client.get(address).headers["ETag"]
    statuses: list[int] = []

    def change(number: int) -> None:
        answer = Client(app).patch(address, {"title": f"Title {number}"}, tag)
        statuses.append(answer.status_code)

    threads = [threading.Thread(target=change, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] + [412] * 7


def test_of_many_changes_made_on_what_was_read_none_is_lost(app: Flask) -> None:
    client = Client(app)
    build_world(client)
    address = f"{HERE}/participants/alpha"
    client.patch(address, {"weight": 0}, "*")

    def add_one() -> None:
        own = Client(app)
        for _ in range(10):
            while True:
                read = own.get(address)
                weight = read.get_json()["weight"] + 1
                if own.patch(address, {"weight": weight}, read.headers["ETag"]).status_code == 200:
                    break

    threads = [threading.Thread(target=add_one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert client.get(address).get_json()["weight"] == 40


def test_positions_recorded_at_once_supersede_each_other_rightly(app: Flask) -> None:
    client = Client(app)
    build_world(client)
    years = list(range(2000, 2024))

    def record(mine: list[int]) -> None:
        own = Client(app)
        for year in mine:
            payload = {"party": "alpha", "demand": "treaty", "date": str(year), "stance": "accept"}
            own.create(f"{HERE}/positions", payload)

    threads = [threading.Thread(target=record, args=(years[start::4],)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    items = client.get(f"{HERE}/positions").get_json()["items"]
    expected: dict[str, Any] = {str(year): f"{year}-12-31" for year in years[:-1]}
    assert {item["date"]: item["ends_on"] for item in items} == expected | {"2023": None}
    revision = client.get(f"{HERE}/matrix").get_json()["revision"]
    assert revision == client.get(f"{HERE}/matrix?on=2001").get_json()["revision"] >= len(years)


def test_a_write_that_is_refused_leaves_nothing(app: Flask, database: Database) -> None:
    client = Client(app)
    build_world(client)

    def rows() -> dict[str, int]:
        with database.transaction(Access.READ) as session:
            return {
                name: session.scalar(sa.text(f"SELECT count(*) FROM {name}")) or 0
                for name in ("position", "condition", "citation", "condition_demand")
            }

    before = rows()
    payload = {
        "party": "alpha",
        "demand": "treaty",
        "date": "2019",
        "stance": "conditional",
        "conditions": [{"kind": "reciprocal", "demands": ["prisoners"]}],
        "value": 99,
        "citations": [{"source": "treaty"}],
    }
    assert client.post(f"{HERE}/positions", payload).status_code == 422
    assert rows() == before


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"slug": "\\ud800"}', b'{"n": 1e999}', b"\xff\xfe", b""]
)
def test_a_hostile_body_is_a_client_error(client: Client, body: bytes) -> None:
    answer = client.request("POST", "/v1/parties", data=body, content_type="application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize("value", [None, 1, [], "x", True])
def test_a_body_that_is_no_object_is_refused(client: Client, value: Any) -> None:
    answer = client.request(
        "POST", "/v1/parties", data=json.dumps(value), content_type="application/json"
    )
    assert answer.status_code == 422
