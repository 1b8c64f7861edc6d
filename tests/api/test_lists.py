"""Lists: filters, words, fields, what stands beside, representations, pages while others write."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError

from negotiations_api.app import create_app
from negotiations_api.config import Settings
from negotiations_api.database import Database
from negotiations_api.http import streams
from tests.api.samples import SAMPLES, Sample
from tests.client import Client, check_problem

every_resource = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.noun)
THERE = "/v1/negotiations/us-dprk"


@pytest.fixture
def talking(talks: Database, client: Client) -> Client:
    """A client of the example talks."""
    return client


def items(client: Client, address: str) -> list[dict[str, Any]]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.get_json()["items"]
    return found


def day(date: str, *, last: bool) -> str:
    """The first or the last day of a date, as far as texts compare."""
    return (date + ("-12-31" if last else "-01-01")[len(date) - 4 :])[:10]


@pytest.mark.parametrize(
    ("noun", "query", "holds"),
    [
        ("positions", "party=usa", lambda p: p["party"] == "usa"),
        ("positions", "party.in=usa,swe", lambda p: p["party"] in {"usa", "swe"}),
        ("positions", "party.not_in=usa,prk", lambda p: p["party"] not in {"usa", "prk"}),
        ("positions", "stance.in=reject,accept", lambda p: p["stance"] in {"reject", "accept"}),
        ("positions", "stance.not_in=conditional", lambda p: p["stance"] != "conditional"),
        ("positions", "meeting=hanoi", lambda p: p["meeting"] == "hanoi"),
        ("positions", "meeting.not_in=hanoi", lambda p: p["meeting"] != "hanoi"),
        ("positions", "meeting.exists=true", lambda p: p["meeting"] is not None),
        ("positions", "meeting.exists=false", lambda p: p["meeting"] is None),
        ("positions", "date.gte=2019", lambda p: day(p["date"], last=False) >= "2019-01-01"),
        ("positions", "date.gt=2018", lambda p: day(p["date"], last=False) > "2018-12-31"),
        ("positions", "date.lt=2019-03-11", lambda p: day(p["date"], last=False) < "2019-03-11"),
        ("positions", "date.lte=2019-03-11", lambda p: day(p["date"], last=False) <= "2019-03-11"),
        ("positions", "deadline.exists=true", lambda p: p["deadline"] is not None),
        ("positions", "salience.gte=0", lambda p: (p["salience"] or -1) >= 0),
        ("demands", "addressed_to=usa", lambda d: "usa" in d["addressed_to"]),
        ("demands", "addressed_to.in=usa,kor", lambda d: {"usa", "kor"} & {*d["addressed_to"]}),
        ("demands", "addressed_to.not_in=usa", lambda d: "usa" not in d["addressed_to"]),
        ("demands", "part_of.exists=true", lambda d: d["part_of"] is not None),
        (
            "demands",
            "issue.in=peace-treaty,denuclearisation",
            lambda d: d["issue"] in {"peace-treaty", "denuclearisation"},
        ),
        (
            "demands",
            "source=wsws-2019-10-10",
            lambda d: "wsws-2019-10-10" in {c["source"] for c in d["citations"]},
        ),
        (
            "commitments",
            "status.not_in=pledged,breached",
            lambda c: c["status"] not in {"pledged", "breached"},
        ),
        ("events", "parties=chn", lambda e: "chn" in e["parties"]),
        ("participants", "supports.exists=false", lambda p: p["supports"] is None),
    ],
)
def test_a_filter_keeps_what_it_says_and_nothing_else(
    talking: Client, noun: str, query: str, holds: Callable[[dict[str, Any]], Any]
) -> None:
    everything = items(talking, f"{THERE}/{noun}?limit=1000")
    found = items(talking, f"{THERE}/{noun}?limit=1000&{query}")
    assert found == [item for item in everything if holds(item)]
    if "salience" not in query:
        assert 0 < len(found) < len(everything) or "supports" in query


def test_positions_are_found_by_the_issue_of_their_demand(talking: Client) -> None:
    demands = {d["slug"] for d in items(talking, f"{THERE}/demands?issue=peace-treaty")}
    everything = items(talking, f"{THERE}/positions?limit=1000")
    found = items(talking, f"{THERE}/positions?limit=1000&issue=peace-treaty")
    assert found == [position for position in everything if position["demand"] in demands]
    assert found


@every_resource
def test_the_times_of_records_find_what_was_written_since(world: Client, sample: Sample) -> None:
    _, body = add(world, sample)
    moment = quote(body["updated_at"])
    assert body in items(world, f"{sample.collection}?updated_at.gte={moment}&limit=1000")
    future = "2999-01-01T00:00:00%2B02:00"
    assert items(world, f"{sample.collection}?updated_at.gt={future}") == []
    assert body in items(world, f"{sample.collection}?created_at.lt={future}&limit=1000")
    newest = items(world, f"{sample.collection}?sort=-created_at&limit=1")
    assert newest == [body]


@pytest.mark.parametrize(
    "moment", ["2026", "2026-11-01", "2026-11-01T00:00:00", "2026-13-01T00:00:00Z", "now", ""]
)
def test_a_moment_needs_its_time_zone(world: Client, moment: str) -> None:
    answer = world.get(f"/v1/parties?updated_at.gte={moment}")
    assert answer.status_code == 400
    assert "2026-11-01T00:00:00Z" in answer.get_json()["detail"]


@pytest.mark.parametrize(
    ("query", "advice"),
    [
        ("stance.in=reject,acept", "did you mean 'accept'?"),
        ("stance.in=", "Name one or more"),
        ("party.in=usa,usa", "stands here twice"),
        ("party=usa,prk", "Name one participant; party.in takes several."),
        ("party.in=usa,pkr", "did you mean 'prk'"),
        ("party.like=usa", "There is no parameter 'party.like' here"),
        ("date.gte=last year", "write a day"),
        ("meeting.exists=maybe", "Write true or false"),
        ("salience.gte=much", "Give a number"),
        ("salience.gte=1e999", "Give a number"),
        ("fields=stanse", "did you mean 'stance'?"),
        ("expand=partys", "did you mean 'party'?"),
        ("expand=commitment", "there is party, demand, source, meeting"),
        ("limit=1001", "from 1 to 1000"),
        ("q=%20", "Write a text"),
        (f"stance.in={','.join(['x'] * 101)}", "at most 100"),
    ],
)
def test_a_parameter_that_is_wrong_is_told_what_would_be_right(
    talking: Client, query: str, advice: str
) -> None:
    answer = talking.get(f"{THERE}/positions?{query}")
    assert answer.status_code == 400, answer.text
    assert advice in answer.get_json()["detail"]


def test_every_word_has_to_occur_in_any_of_its_forms(talking: Client) -> None:
    relief = {d["slug"] for d in items(talking, f"{THERE}/demands?q=sanction+relief")}
    assert relief >= {"sanctions-relief", "partial-sanctions-relief"}
    assert {d["slug"] for d in items(talking, f"{THERE}/demands?q=relief+yongbyon")} < relief
    assert items(talking, f"{THERE}/demands?q=relief+rhubarb") == []
    begins = {d["slug"] for d in items(talking, f"{THERE}/demands?q=dismantl*")}
    assert "yongbyon-dismantlement" in begins
    assert items(talking, "/v1/sources?q=STOCKHOLM")
    assert items(talking, f"{THERE}/positions?q=incrementally&party=usa")


@every_resource
def test_fields_leaves_out_what_is_not_named_and_may_be_left_out(
    world: Client, sample: Sample
) -> None:
    address, body = add(world, sample)
    shown = world.get(f"{address}?fields=created_at").get_json()
    assert shown["created_at"] == body["created_at"]
    assert "updated_at" not in shown
    assert shown.items() <= body.items()
    assert shown in items(world, f"{sample.collection}?fields=created_at&limit=1000")


@every_resource
def test_a_csv_has_the_columns_that_are_asked_for(world: Client, sample: Sample) -> None:
    _, body = add(world, sample)
    key = sample.required
    answer = world.get(f"{sample.collection}?fields=id,{key}&format=csv")
    header, *lines = csv.reader(io.StringIO(answer.text))
    assert header == ["id", key]
    assert [body["id"], body[key]] in lines


@every_resource
def test_a_list_is_to_be_had_as_text_csv_and_ndjson(world: Client, sample: Sample) -> None:
    add(world, sample)
    everything = items(world, f"{sample.collection}?limit=1000")
    ndjson = world.get(sample.collection, headers={"Accept": "application/x-ndjson"})
    assert [json.loads(line) for line in ndjson.text.splitlines()] == everything
    table = list(csv.DictReader(io.StringIO(world.get(f"{sample.collection}?format=csv").text)))
    assert [row["id"] for row in table] == [item["id"] for item in everything]
    text = world.get(sample.collection, headers={"Accept": "text/plain"})
    assert text.mimetype == "text/plain"
    assert text.text.endswith("\n")
    assert all(len(line) <= 80 for line in text.text.splitlines())
    assert sample.key is None or sample.key[:12] in text.text


@every_resource
def test_a_record_is_to_be_had_as_text(world: Client, sample: Sample) -> None:
    address, body = add(world, sample)
    answer = world.get(address, headers={"Accept": "text/plain"})
    assert answer.mimetype == "text/plain"
    assert body["id"] in answer.text
    assert answer.text.endswith("\n")
    assert answer.headers["ETag"] != world.get(address).headers["ETag"]
    assert world.patch(address, sample.change, answer.headers["ETag"]).status_code == 200


def test_expand_gives_each_record_that_is_named_once(talking: Client) -> None:
    address = f"{THERE}/positions?limit=1000&expand=party,demand,source,meeting"
    body = talking.get(address).get_json()
    positions, included = body["items"], body["included"]
    assert set(included["parties"]) == {p["party"] for p in positions}
    assert {"chn", "un"} & set(included["parties"]) == set()
    assert included["parties"]["usa"] == talking.get("/v1/parties/usa").get_json()
    named = {s for p in positions for c in p["conditions"] for s in c["demands"]}
    assert set(included["demands"]) == {p["demand"] for p in positions} | named
    cvid = talking.get(f"{THERE}/demands/cvid").get_json()
    assert included["demands"]["cvid"] == cvid
    assert set(included["sources"]) == {c["source"] for p in positions for c in p["citations"]}
    assert set(included["meetings"]) == {p["meeting"] for p in positions} - {None}


def test_expand_gives_what_a_record_names_beside_it(talking: Client) -> None:
    demand = talking.get(f"{THERE}/demands/cvid?expand=issue,party").get_json()
    assert set(demand["included"]) == {"issues", "parties"}
    assert set(demand["included"]["issues"]) == {"denuclearisation"}
    assert set(demand["included"]["parties"]) == {"prk"}
    back = talking.put(f"{THERE}/demands/cvid", demand, "*")
    assert back.status_code == 200


def test_what_stands_beside_a_record_is_part_of_its_version(talking: Client) -> None:
    address = f"{THERE}/demands/cvid?expand=party"
    tag = talking.get(address).headers["ETag"]
    assert talking.get(address, headers={"If-None-Match": tag}).status_code == 304
    talking.patch("/v1/parties/prk", {"name": "DPRK"}, "*")
    answer = talking.get(address, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert answer.get_json()["included"]["parties"]["prk"]["name"] == "DPRK"


@pytest.mark.parametrize("form", ["csv", "ndjson", "text"])
def test_only_json_has_room_for_what_stands_beside(talking: Client, form: str) -> None:
    answer = talking.get(f"{THERE}/positions?expand=party&format={form}")
    assert (answer.status_code, answer.get_json()["errors"][0]["parameter"]) == (400, "expand")


@pytest.mark.parametrize("noun", ["positions", "demands", "meetings", "accounts", "commitments"])
@pytest.mark.parametrize("query", ["", "expand=party,source", "format=csv", "format=text"])
def test_the_number_of_queries_does_not_grow_with_the_list(
    talking: Client, queries: Callable[[], list[str]], noun: str, query: str
) -> None:
    def count(limit: int) -> int:
        start = len(queries())
        assert talking.get(f"{THERE}/{noun}?limit={limit}&{query}").status_code == 200
        return len(queries()) - start

    count(5)
    assert count(5) == count(1000)


@pytest.fixture
def long(client: Client) -> Client:
    """A client of talks with so many demands that all of them are no page."""
    client.create("/v1/negotiations", {"slug": "long", "title": "Long talks"})
    rows = "".join(
        json.dumps({"slug": slug, "title": slug, "issue": "peace-treaty"}) + "\n" for slug in MANY
    )
    client.request("POST", LONG, data=rows, content_type="application/x-ndjson")
    return client


LONG = "/v1/negotiations/long/demands"
MANY = [f"d{number:05}" for number in range(2500)]


@contextmanager
def before_page(number: int, database: Database, act: Callable[[], object]) -> Iterator[None]:
    """Act before the statement that reads that page of demands."""
    pages = 0

    def count(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        nonlocal pages
        pages += "ORDER BY demand.slug" in statement
        if pages == number:
            pages += 1
            act()

    sa.event.listen(database.engine, "before_cursor_execute", count)
    yield
    sa.event.remove(database.engine, "before_cursor_execute", count)


def test_a_whole_list_is_of_one_state_while_others_write(long: Client, database: Database) -> None:
    writer = create_app(Settings(database.engine.url.render_as_string(False), open_writing=True))

    def write() -> None:
        for slug in ("a-new-one", "z-new-one"):
            demand = {"slug": slug, "title": "New", "issue": "peace-treaty"}
            Client(writer).create(LONG, demand)

    address = f"{LONG}?format=ndjson&fields=slug&count=exact"
    with before_page(2, database, write):
        answer = long.get(address)
    assert [json.loads(line)["slug"] for line in answer.text.splitlines()] == MANY
    assert answer.headers["Total-Count"] == "2500"
    assert long.get(address).headers["Total-Count"] == "2502"
    writer.extensions["database"].dispose()


def test_a_list_that_breaks_off_is_no_list(app: Flask, long: Client, database: Database) -> None:
    def fail() -> None:
        raise OperationalError("SELECT", {}, Exception("the connection has gone"))

    address = f"{LONG}?format=csv"
    with before_page(3, database, fail):
        answer = app.test_client().get(address)
    assert answer.status_code == 503
    check_problem(answer)
    whole = long.get(address)
    assert whole.content_length == len(whole.data)


def test_a_whole_list_as_csv_has_one_header(long: Client) -> None:
    header, *lines = long.get(f"{LONG}?format=csv&fields=slug").text.splitlines()
    assert (header, lines) == ("slug", MANY)


def test_more_long_answers_than_can_be_sent_are_told_to_come_again(
    app: Flask, long: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "IN_MEMORY", 10_000)
    address = f"{LONG}?format=csv"
    being_sent = [app.test_client().get(address) for _ in range(streams.MOST_SENT)]
    refused = app.test_client().get(address)
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    check_problem(refused)
    assert long.get(f"{address}&limit=10").status_code == 200
    assert long.request("HEAD", address).status_code == 200
    being_sent[0].close()
    being_sent[0] = app.test_client().get(address)
    assert being_sent[0].status_code == 200
    for answer in being_sent:
        answer.close()


def test_pages_lose_and_repeat_nothing_while_others_write(world: Client) -> None:
    for number in range(0, 40, 2):
        world.create("/v1/parties", party(number))
    seen: list[str] = []
    address, written = "/v1/parties?limit=3", 1
    while address:
        page = world.get(address).get_json()
        seen += [one["slug"] for one in page["items"]]
        address = page["next"]
        world.create("/v1/parties", party(written))
        world.delete(f"/v1/parties/{seen[0]}", "*")
        world.request("PUT", f"/v1/parties/{seen[0]}", party(0) | {"slug": seen[0]})
        written += 2
    old = {"alpha", "beta", "delta", *(f"p{number:02}" for number in range(0, 40, 2))}
    assert old <= set(seen)
    assert len(seen) == len(set(seen))
    assert seen == sorted(seen)


def party(number: int) -> dict[str, str]:
    return {"slug": f"p{number:02}", "name": f"Party {number}", "kind": "state"}


def add(world: Client, sample: Sample) -> tuple[str, dict[str, Any]]:
    """Create the sample; return its address and its representation."""
    answer = world.create(sample.collection, sample.payload)
    return answer.headers["Location"], answer.get_json()


def test_a_list_says_how_many_there_are_if_it_is_asked(talking: Client) -> None:
    everything = items(talking, f"{THERE}/positions?limit=1000")
    for form in ("json", "csv", "ndjson", "text"):
        answer = talking.get(f"{THERE}/positions?limit=2&count=exact&format={form}")
        assert answer.headers["Total-Count"] == str(len(everything))
        assert 'rel="next"' in answer.headers["Link"]
    assert f"2 of {len(everything)} shown" in answer.text


def test_a_file_has_a_name_after_its_address(talking: Client) -> None:
    for path, name in {
        f"{THERE}/positions?format=csv": "us-dprk-positions.csv",
        f"{THERE}/demands/cvid": "us-dprk-demands-cvid.json",
        f"{THERE}/document?format=yaml": "us-dprk-document.yaml",
        f"{THERE}/compare/usa...prk?format=markdown": "us-dprk-compare-usa...prk.md",
        f"{THERE}/matrix?format=svg": "us-dprk-matrix.svg",
        "/openapi.yaml": "openapi.yaml",
        "/": "negotiations.txt",
    }.items():
        answer = talking.get(path)
        assert answer.headers["Content-Disposition"] == f'inline; filename="{name}"'


@pytest.mark.parametrize("address", ["positions?sort=-date", "events?sort=date", "demands"])
def test_a_cursor_goes_with_its_list_and_order(talking: Client, address: str) -> None:
    following = talking.get(f"{THERE}/positions?sort=date&limit=5").get_json()["next"]
    cursor = following.rpartition("after=")[2]
    sign = "&" if "?" in address else "?"
    answer = talking.get(f"{THERE}/{address}{sign}after={cursor}")
    assert answer.status_code == 400
    assert answer.get_json()["errors"][0]["parameter"] == "after"


@pytest.mark.parametrize("date", ["2019", "2019-03", "2019-03-11"])
def test_a_date_is_all_that_begins_in_it(talking: Client, date: str) -> None:
    within = items(talking, f"{THERE}/positions?date={date}&limit=1000")
    assert within
    assert within == items(talking, f"{THERE}/positions?date.gte={date}&date.lte={date}&limit=1000")


@every_resource
def test_a_time_as_it_is_shown_is_the_time_that_is_compared(world: Client, sample: Sample) -> None:
    record = world.create(sample.collection, sample.payload).get_json()
    for operator, is_found in (("gte", True), ("lte", True), ("gt", False), ("lt", False)):
        address = f"{sample.collection}?limit=1000&updated_at.{operator}={record['updated_at']}"
        assert (record["id"] in {one["id"] for one in items(world, address)}) == is_found
