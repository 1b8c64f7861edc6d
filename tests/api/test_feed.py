"""The feed of changes: whole revisions, oldest first, nothing missed and nothing twice."""

import json
import threading
from typing import Any

import pytest
from flask import Flask

from negotiations_api.database import Database
from negotiations_api.records import feed_page
from tests.api.samples import HERE, build_world
from tests.client import Client

FEED = f"{HERE}/changes"
EVENTS = {"Accept": "text/event-stream"}


def read(client: Client, address: str) -> dict[str, Any]:
    feed: dict[str, Any] = client.get(address).get_json()
    return feed


def revisions(feed: dict[str, Any]) -> list[int]:
    return [one["revision"] for one in feed["items"]]


def test_a_feed_goes_on_after_a_revision(world: Client) -> None:
    every = read(world, FEED)
    assert revisions(every) == sorted(revisions(every))
    assert every["revision"] == revisions(every)[-1]
    assert every["next"] == f"{FEED}?after={every['revision']}"
    after = read(world, f"{FEED}?after=3")
    assert after["items"] == [one for one in every["items"] if one["revision"] > 3]
    end = read(world, every["next"])
    assert (end["items"], end["next"]) == ([], every["next"])
    world.patch(f"{HERE}/demands/treaty", {"title": "Other"}, match="*")
    assert [one["key"] for one in read(world, end["next"])["items"]] == ["treaty"]


def test_what_lies_beyond_all_that_there_is_is_refused(world: Client) -> None:
    last = read(world, FEED)["revision"]
    assert world.get(f"{FEED}?after={last}").status_code == 200
    beyond = world.get(f"{FEED}?after={last + 1}")
    assert beyond.status_code == 400
    assert f"at revision {last}" in beyond.get_json()["detail"]
    event = world.get(FEED, headers=EVENTS | {"Last-Event-ID": f"{last + 1}"})
    assert event.status_code == 400


def test_a_page_has_whole_revisions(world: Client) -> None:
    rows = "".join(
        f'{{"party": "alpha", "demand": "prisoners", "date": "{year}", "stance": "accept"}}\n'
        for year in (2010, 2011, 2012)
    )
    media = {"Content-Type": "application/x-ndjson"}
    last = read(world, FEED)["revision"]
    world.patch(f"{HERE}/demands/treaty", {"title": "Other"}, match="*")
    world.post(f"{HERE}/positions", data=rows, headers=media)
    page = read(world, f"{FEED}?after={last}&limit=3")
    assert revisions(page) == [last + 1]  # the next has three, which do not fit
    page = read(world, page["next"])
    assert revisions(page) == [last + 2] * 3


def test_a_revision_that_is_larger_than_a_page_comes_in_parts(world: Client) -> None:
    rows = "".join(
        f'{{"party": "alpha", "demand": "prisoners", "date": "{year}", "stance": "accept"}}\n'
        for year in range(2010, 2015)
    )
    media = {"Content-Type": "application/x-ndjson"}
    last = read(world, FEED)["revision"]
    world.post(f"{HERE}/positions", data=rows, headers=media)
    world.patch(f"{HERE}/demands/treaty", {"title": "Other"}, match="*")
    address, pages = f"{FEED}?after={last}&limit=2", []
    while (page := read(world, address))["items"]:
        pages.append(page["items"])
        address = page["next"]
    assert [len(page) for page in pages] == [2, 2, 2]
    every = [one for page in pages for one in page]
    assert every == read(world, f"{FEED}?after={last}")["items"]
    assert [one["revision"] for one in pages[2]] == [last + 1, last + 2]


def test_a_page_has_no_more_than_can_be_held(
    world: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = read(world, FEED)["revision"]
    rows = "".join(
        f'{{"party": "alpha", "demand": "prisoners", "date": "{year}", "stance": "accept"}}\n'
        for year in range(2010, 2013)
    )
    media = {"Content-Type": "application/x-ndjson"}
    for text in ("a" * 4000, "b" * 4000, "c" * 20_000):  # each with what was there before
        world.patch(f"{HERE}/demands/treaty", {"text": text}, match="*")
    world.post(f"{HERE}/positions", data=rows, headers=media)
    every = read(world, f"{FEED}?after={last}")["items"]
    monkeypatch.setattr(feed_page, "LARGEST_PAGE", 15_000)
    address, pages = f"{FEED}?after={last}", []
    while (page := read(world, address))["items"]:
        pages.append(page["items"])
        address = page["next"]
    assert [one for page in pages for one in page] == every
    assert [[one["revision"] - last for one in page] for page in pages] == [[1, 2], [3], [4, 4, 4]]


def test_a_large_page_is_read_whole(world: Client) -> None:
    last = read(world, FEED)["revision"]
    rows = "".join(
        f'{{"party": "alpha", "demand": "prisoners", "date": "{year}", "stance": "accept"}}\n'
        for year in range(1000, 1230)
    )
    world.post(f"{HERE}/positions", data=rows, headers={"Content-Type": "application/x-ndjson"})
    every = read(world, f"{FEED}?after={last}&limit=1000")["items"]
    assert len(every) == 230
    parts, address = [], f"{FEED}?after={last}&limit=150"
    while (page := read(world, address))["items"]:
        parts.append(page["items"])
        address = page["next"]
    assert [len(part) for part in parts] == [150, 80]
    assert [one for part in parts for one in part] == every


def test_the_feed_of_a_negotiation_ends_with_its_deletion(world: Client) -> None:
    last = read(world, FEED)["revision"]
    world.delete(HERE, match="*")
    end = read(world, f"{FEED}?after={last}")
    assert (end["items"][-1]["noun"], end["items"][-1]["action"]) == ("negotiation", "deleted")
    assert read(world, end["next"])["items"] == []
    world.create("/v1/negotiations", {"slug": "border", "title": "Anew"})
    assert [one["action"] for one in read(world, end["next"])["items"]] == ["created"]


def test_what_is_no_point_in_a_feed_is_refused(world: Client) -> None:
    for after in ("x", "-1", "1.2", "1.0SAV1NDADV51U", "9999999999"):
        answer = world.get(f"{FEED}?after={after}")
        assert answer.status_code == 400, after
        assert "Give a revision" in answer.get_json()["detail"]
    headers = EVENTS | {"Last-Event-ID": "x"}
    assert world.get(FEED, headers=headers).status_code == 400
    assert world.get("/v1/negotiations/never/changes").status_code == 404
    assert world.get(f"{FEED}?wait=31").status_code == 400


def events(text: str) -> list[tuple[str, dict[str, Any]]]:
    """The ids and the data of server-sent events."""
    found = []
    for block in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n") if line[:1] not in {"", ":"})
        if lines:
            assert lines["event"] == "change"
            found.append((lines["id"], json.loads(lines["data"])))
    return found


def test_events_are_the_changes_with_points_to_go_on_from(world: Client) -> None:
    rows = "".join(
        f'{{"party": "alpha", "demand": "prisoners", "date": "{year}", "stance": "accept"}}\n'
        for year in (2010, 2011, 2012)
    )
    media = {"Content-Type": "application/x-ndjson"}
    last = read(world, FEED)["revision"]
    world.post(f"{HERE}/positions", data=rows, headers=media)
    told = events(world.get(FEED, headers=EVENTS).text)
    assert [data for _, data in told] == read(world, FEED)["items"]
    assert told[-1][0] == str(last + 1)
    assert told[-2][0] == f"{last + 1}.{told[-2][1]['id']}"
    for index, (point, _) in enumerate(told):
        following = world.get(FEED, headers=EVENTS | {"Last-Event-ID": point}).text
        assert events(following) == told[index + 1 :]


def test_nothing_is_missed_and_nothing_comes_twice_while_many_write(
    app: Flask, database: Database
) -> None:
    client = Client(app)
    build_world(client)
    writers, each = 4, 12
    done = threading.Event()

    def write(number: int) -> None:
        own = Client(app)
        for count in range(each):
            if count % 3 == 2:  # shared with other writers
                own.patch("/v1/parties/alpha", {"name": f"{number} {count}"}, match="*")
            else:
                payload = {
                    "slug": f"demand-{number}-{count}",
                    "title": "A demand",
                    "issue": "peace-treaty",
                }
                own.create(f"{HERE}/demands", payload)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    followed: list[dict[str, Any]] = []

    def follow() -> None:
        own, address = Client(app), f"{FEED}?limit=5"
        while True:
            was_done = done.is_set()
            feed = read(own, address)
            followed.extend(feed["items"])
            address = feed["next"]
            if was_done and not feed["items"]:
                return

    follower = threading.Thread(target=follow)
    follower.start()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    follower.join()
    every = read(client, f"{FEED}?limit=1000")
    assert followed == every["items"]
    seen = [one["revision"] for one in followed]
    assert seen == list(range(1, every["revision"] + 1))
    assert len(seen) >= writers * each


def test_what_comes_with_a_document_is_in_the_feed(client: Client) -> None:
    document = {
        "negotiation": {"slug": "border", "title": "Border talks"},
        "parties": [{"slug": "alpha", "name": "Alpha", "kind": "state"}],
        "participants": [{"party": "alpha", "role": "principal"}],
    }
    assert client.put(f"{HERE}/document", document).status_code == 201
    feed = read(client, FEED)
    assert [(one["noun"], one["key"], one["negotiation"]) for one in feed["items"]] == [
        ("negotiation", "border", "border"),
        ("party", "alpha", None),
        ("participant", "alpha", "border"),
    ]
