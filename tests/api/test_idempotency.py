"""Idempotency-Key: what is sent again is done once, and answered as it was the first time."""

import datetime as dt
import json
import threading
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from negotiations_api.database import Access, Database
from negotiations_api.models import KeptAnswer
from tests.api.samples import HERE, SAMPLES, Sample
from tests.client import Client

KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}

every_resource = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.noun)


def send(client: Client, path: str, body: Any, key: str = KEY["Idempotency-Key"]) -> Any:
    return client.post(path, body, headers={"Idempotency-Key": key})


@every_resource
def test_the_same_request_gets_the_same_answer_and_is_done_once(
    world: Client, sample: Sample
) -> None:
    first = send(world, sample.collection, sample.payload)
    again = send(world, sample.collection, sample.payload)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.data == first.data
    for name in ("Location", "ETag", "Content-Type", "Negotiation-Revision"):
        assert again.headers.get(name) == first.headers.get(name)
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    items = world.get(sample.collection).get_json()["items"]
    assert [item["id"] for item in items].count(first.get_json()["id"]) == 1


def test_a_part_is_added_once(world: Client) -> None:
    address = f"{HERE}/demands/treaty/citations"
    for _ in range(2):
        assert send(world, address, {"source": "treaty"}).status_code == 201
    assert len(world.get(address).get_json()["items"]) == 1


def test_many_records_are_created_once(world: Client) -> None:
    line = json.dumps({"slug": "border-posts", "title": "Border posts", "issue": "peace-treaty"})
    answers = [
        world.request(
            "POST",
            f"{HERE}/demands",
            data=line,
            content_type="application/x-ndjson",
            headers=KEY,
        )
        for _ in range(2)
    ]
    assert [answer.get_json()["created"] for answer in answers] == [1, 1]


def test_another_body_under_the_same_key_is_refused(world: Client) -> None:
    payload = {"slug": "fourth", "name": "Fourth", "kind": "state"}
    send(world, "/v1/parties", payload)
    other = send(world, "/v1/parties", payload | {"name": "Fifth"})
    assert (other.status_code, other.get_json()["type"]) == (422, "/problems/key-reused")
    elsewhere = send(world, "/v1/issues", payload)
    assert elsewhere.get_json()["type"] == "/problems/key-reused"


def test_a_refusal_is_not_kept_and_the_key_can_be_used_again(world: Client) -> None:
    wrong = send(world, "/v1/parties", {"slug": "fourth", "name": "Fourth", "kind": "sate"})
    assert wrong.status_code == 422
    mended = send(world, "/v1/parties", {"slug": "fourth", "name": "Fourth", "kind": "state"})
    assert mended.status_code == 201
    assert "Idempotent-Replayed" not in mended.headers


def test_quotation_marks_around_a_key_are_not_part_of_it(world: Client) -> None:
    payload = {"slug": "fourth", "name": "Fourth", "kind": "state"}
    send(world, "/v1/parties", payload, "abc")
    assert send(world, "/v1/parties", payload, '"abc"').headers["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize("key", ["", '""', "a b", "x" * 256, "\u00e9", "a\tb"])
def test_what_is_no_key_is_refused(world: Client, key: str) -> None:
    answer = send(world, "/v1/parties", {"slug": "fourth", "name": "Fourth", "kind": "state"}, key)
    assert (answer.status_code, answer.get_json()["type"]) == (400, "/problems/bad-header")
    assert "Idempotency-Key" in answer.get_json()["detail"]
    assert world.get("/v1/parties/fourth").status_code == 404


def test_an_answer_is_kept_for_a_day(world: Client, database: Database) -> None:
    payload = {"slug": "fourth", "name": "Fourth", "kind": "state"}
    send(world, "/v1/parties", payload)

    def age(by: dt.timedelta) -> None:
        with database.transaction(Access.WRITE) as session:
            session.execute(sa.update(KeptAnswer).values(created_at=dt.datetime.now(dt.UTC) - by))

    age(dt.timedelta(hours=23, minutes=59))
    assert send(world, "/v1/parties", payload).status_code == 201
    age(dt.timedelta(days=1, seconds=1))
    assert send(world, "/v1/parties", payload).status_code == 409
    send(world, "/v1/parties", payload | {"slug": "fifth"}, "another")
    with database.transaction(Access.READ) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(KeptAnswer)) == 1
    assert (
        "Idempotent-Replayed"
        in send(world, "/v1/parties", payload | {"slug": "fifth"}, "another").headers
    )


def test_a_trial_keeps_no_answer(world: Client) -> None:
    payload = {"slug": "fourth", "name": "Fourth", "kind": "state"}
    assert send(world, "/v1/parties?dry_run=true", payload).status_code == 201
    assert send(world, "/v1/parties", payload).headers.get("Idempotent-Replayed") is None


def test_of_many_at_once_one_is_done_and_the_others_wait_or_get_its_answer(app: Flask) -> None:
    payload = {"slug": "fourth", "name": "Fourth", "kind": "state"}
    answers: list[Any] = []

    def post() -> None:
        own = Client(app)
        while True:
            answer = send(own, "/v1/parties", payload)
            answers.append(answer)
            if answer.status_code == 201:
                return

    threads = [threading.Thread(target=post) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = [answer for answer in answers if answer.status_code == 201]
    assert len({answer.data for answer in done}) == 1
    assert sum("Idempotent-Replayed" not in answer.headers for answer in done) == 1
    for answer in answers:
        if answer.status_code != 201:
            assert answer.get_json()["type"] == "/problems/in-flight"
            assert answer.status_code == 409
            assert int(answer.headers["Retry-After"]) > 0


def test_what_has_been_answered_is_said_again_whoever_writes_and_replays_meanwhile(
    app: Flask, world: Client, database: Database
) -> None:
    payload = {"slug": "fourth", "name": "Fourth", "kind": "state"}
    first = send(world, "/v1/parties", payload)
    answers: list[Any] = []
    threads = [
        threading.Thread(target=lambda: answers.append(send(Client(app), "/v1/parties", payload)))
        for _ in range(4)
    ]
    with database.transaction(Access.CATALOGUE):  # nobody else writes
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(8)
        assert len(answers) == len(threads)
        other = send(Client(app), "/v1/parties", payload | {"name": "Fifth"})
    for answer in answers:
        assert (answer.status_code, answer.data) == (201, first.data)
        assert answer.headers["Idempotent-Replayed"] == "true"
    assert (other.status_code, other.get_json()["type"]) == (422, "/problems/key-reused")


def test_a_request_that_is_under_way_is_said_to_be(app: Flask, world: Client) -> None:
    lines = "".join(
        json.dumps({"slug": f"demand-{n}", "title": str(n), "issue": "peace-treaty"}) + "\n"
        for n in range(3000)
    )
    answers: list[Any] = []

    def post() -> None:
        answers.append(
            Client(app).request(
                "POST",
                f"{HERE}/demands",
                data=lines,
                content_type="application/x-ndjson",
                headers=KEY,
            )
        )

    first = threading.Thread(target=post)
    first.start()
    while first.is_alive():
        post()
    first.join()
    post()
    # Whichever of the two came first, the other one was told.
    assert {answer.status_code for answer in answers} == {409, 200}
    assert answers[-1].headers["Idempotent-Replayed"] == "true"
    assert answers[-1].get_json()["created"] == 3000


def test_the_same_body_in_another_format_is_another_request(world: Client) -> None:
    party = {"slug": "fourth", "name": "Fourth", "kind": "state"}
    assert send(world, "/v1/parties", party).status_code == 201
    other = world.post("/v1/parties", party, headers=KEY | {"Accept": "text/plain"})
    assert other.status_code == 422
