"""Many demands or positions at once: all or nothing, every bad line with its number."""

import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from negotiations_api.database import Database
from tests.api.samples import HERE
from tests.client import Client

NDJSON = "application/x-ndjson"
CSV = "text/csv"
THERE = "/v1/negotiations/us-dprk"


def send(client: Client, path: str, lines: str, media: str) -> TestResponse:
    return client.request("POST", path, data=lines.encode(), content_type=media)


def ndjson(*records: Any) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def position(date: str, **more: Any) -> dict[str, Any]:
    return {"party": "alpha", "demand": "treaty", "date": date, "stance": "accept"} | more


def test_lines_of_json_become_records(world: Client) -> None:
    answer = send(world, f"{HERE}/positions", ndjson(position("2019"), position("2020")), NDJSON)
    assert (answer.status_code, answer.get_json()["created"]) == (200, 2)
    found = world.get(f"{HERE}/positions").get_json()["items"]
    assert [one["id"] for one in found] == answer.get_json()["keys"]
    assert [one["ends_on"] for one in found] == ["2019-12-31", None]
    assert (
        world.get(f"{HERE}/matrix").headers["Negotiation-Revision"]
        == (answer.headers["Negotiation-Revision"])
    )


def test_rows_of_csv_become_records(world: Client) -> None:
    table = (
        "slug,title,issue,addressed_to,scale\r\n"
        'fence,"A fence, long",peace-treaty,alpha beta,"{""min"": 0, ""max"": 5}"\r\n'
        "gate,A gate,peace-treaty,,\r\n"
    )
    answer = send(world, f"{HERE}/demands", table, CSV)
    assert answer.get_json() == {"created": 2, "keys": ["fence", "gate"]}
    fence = world.get(f"{HERE}/demands/fence").get_json()
    assert (fence["title"], fence["addressed_to"]) == ("A fence, long", ["alpha", "beta"])
    assert (fence["scale"]["min"], fence["scale"]["max"]) == (0, 5)


def test_every_bad_line_is_named_and_nothing_is_written(world: Client) -> None:
    revision = world.get(f"{HERE}/matrix").headers["Negotiation-Revision"]
    lines = ndjson(position("2018"), position("2019", stance="acept")) + "{]\n\n"
    lines += ndjson(position("2020", party="alhpa"), position("2021", colour="red"))
    answer = send(world, f"{HERE}/positions", lines, NDJSON)
    assert answer.status_code == 422
    errors = answer.get_json()["errors"]
    assert [(error["line"], error["pointer"]) for error in errors] == [
        (2, "/stance"),
        (3, ""),
        (5, "/party"),
        (6, "/colour"),
    ]
    assert "did you mean 'accept'?" in errors[0]["detail"]
    assert "did you mean 'alpha'?" in errors[2]["detail"]
    assert world.get(f"{HERE}/positions").get_json()["items"] == []
    assert world.get(f"{HERE}/matrix").headers["Negotiation-Revision"] == revision


def test_what_is_there_already_or_stands_twice_is_named_by_its_line(world: Client) -> None:
    world.create(f"{HERE}/positions", position("2020"))
    lines = ndjson(position("2019"), position("2020-01-01"), position("2019-01"))
    answer = send(world, f"{HERE}/positions", lines, NDJSON)
    assert answer.status_code == 422
    assert [error["line"] for error in answer.get_json()["errors"]] == [2, 3]


@pytest.mark.parametrize(("form", "media"), [("csv", CSV), ("ndjson", NDJSON)])
@pytest.mark.parametrize("noun", ["positions", "demands"])
def test_what_a_list_gives_can_be_sent_back(
    talks: Database, client: Client, form: str, media: str, noun: str
) -> None:
    address = f"{THERE}/{noun}"
    given = client.get(f"{address}?format={form}").text
    before = client.get(f"{address}?limit=1000").get_json()["items"]
    if noun == "demands":
        document = client.get(f"{THERE}/document").get_json()
        needed = ("negotiation", "parties", "issues", "sources", "participants")
        bare = {name: document[name] for name in needed}
        client.put(f"{THERE}/document", bare, "*")
    else:
        for one in before:
            client.delete(f"{address}/{one['id']}", "*")
    assert client.get(address).get_json()["items"] == []
    answer = send(client, address, given, media)
    assert answer.status_code == 200, answer.text
    after = client.get(f"{address}?limit=1000").get_json()["items"]
    kept = {"id", "created_at", "updated_at"}

    def said(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        plain = [{n: v for n, v in item.items() if n not in kept} for item in items]
        return sorted(plain, key=lambda item: json.dumps(item, sort_keys=True))

    assert said(after) == said(before)


def test_the_answer_is_to_be_had_as_a_sentence(world: Client) -> None:
    answer = world.request(
        "POST",
        f"{HERE}/positions",
        data=ndjson(position("2019")),
        content_type=NDJSON,
        headers={"Accept": "text/plain"},
    )
    assert answer.text == "positions recorded: 1\n"


@pytest.mark.parametrize("body", [b"", b"\n\n", b"\xff\xfe", b"[1]\n", b"slug\n"])
@pytest.mark.parametrize("media", [NDJSON, CSV])
def test_what_holds_no_records_is_refused(world: Client, body: bytes, media: str) -> None:
    answer = world.request("POST", f"{HERE}/demands", data=body, content_type=media)
    assert answer.status_code in {400, 422}


def test_other_records_are_created_one_by_one(world: Client) -> None:
    answer = send(world, "/v1/parties", ndjson({"slug": "x"}), NDJSON)
    assert answer.status_code == 415


def test_many_records_may_be_larger_than_one(world: Client) -> None:
    text = "x" * 10_000
    lines = ndjson(*(position(str(1800 + n), summary=text) for n in range(150)))
    assert len(lines) > 1024 * 1024
    assert send(world, f"{HERE}/positions", lines, NDJSON).get_json()["created"] == 150
    alone = json.dumps(position("2020", summary="y" * 1024 * 1024))
    assert send(world, f"{HERE}/positions", alone, "application/json").status_code == 413
