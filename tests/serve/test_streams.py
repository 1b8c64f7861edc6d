"""Streams of events through the gateway: what they tell, and when."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from negotiations_api.app import create_app
from negotiations_api.config import Settings
from negotiations_api.database import Access, Database
from negotiations_api.http import feeds
from negotiations_api.models.token import Scope
from negotiations_api.records.tokens import create_token
from tests.client import Client
from tests.serve.calls import (
    EVENTS,
    Message,
    Reader,
    arriving,
    ask,
    body_of,
    call,
    ids,
    part,
)
from tests.serve.test_following import TALKS, change, gateway, raise_revision, revision

WHOLE = f"{TALKS}/changes?limit=1000"
HEARTBEAT = ": nothing new\n\n"


def test_a_stream_tells_what_is_written_meanwhile_and_that_it_is_there(
    app: Flask, client: Client, talks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "HEARTBEAT_S", 0.2)
    monkeypatch.setattr(feeds, "STREAM_S", 2)
    sent: list[Message] = []

    async def follow() -> int:
        served, now = gateway(app, talks), revision(client)
        path = f"{TALKS}/changes?after={now}"
        stream = asyncio.create_task(call(served, "GET", path, arriving(part(b"")), [EVENTS], sent))
        await asyncio.sleep(0.5)
        for title in ("One", "Two"):
            await asyncio.to_thread(change, client, title)
            await asyncio.sleep(0.2)
        await asyncio.wait_for(stream, 10)
        return now

    now = asyncio.run(follow())
    headers = dict(sent[0]["headers"])
    assert headers[b"content-type"] == b"text/event-stream; charset=utf-8"
    assert b"content-length" not in headers
    assert [message.get("more_body") for message in sent[1:]][-1] is False
    text = b"".join(message["body"] for message in sent[1:]).decode()
    assert [line for line in text.split("\n") if line.startswith("id: ")] == [
        f"id: {now + 1}",
        f"id: {now + 2}",
    ]
    assert ": nothing new\n\n" in text


def test_a_stream_of_more_than_a_page_is_sent_whole(
    app: Flask, client: Client, talks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "STREAM_S", 2)
    sent: list[Message] = []

    async def follow() -> None:
        path = f"{TALKS}/changes?limit=10"
        receive = arriving(part(b""))
        await asyncio.wait_for(call(gateway(app, talks), "GET", path, receive, [EVENTS], sent), 20)

    asyncio.run(follow())
    text = b"".join(message["body"] for message in sent[1:]).decode()
    told = [json.loads(line[6:])["id"] for line in text.split("\n") if line.startswith("data: ")]
    every = client.get(f"{TALKS}/changes?limit=1000").get_json()["items"]
    assert told == [one["id"] for one in every]


def test_a_stream_tells_nothing_of_what_it_does_not_tell(
    app: Flask, client: Client, talks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "HEARTBEAT_S", 0.5)
    monkeypatch.setattr(feeds, "STREAM_S", 2.2)
    reader = Reader()

    async def follow() -> int:
        served, now = gateway(app, talks), revision(client)
        stream = asyncio.create_task(reader.follow(served, f"{TALKS}/changes?after={now}"))
        for _ in range(3):
            await asyncio.sleep(0.3)
            await asyncio.to_thread(raise_revision, talks)
        await asyncio.wait_for(stream, 10)
        return now

    now = asyncio.run(follow())
    bodies = [(when, message["body"].decode()) for when, message in reader.sent[1:]]
    (began, first), *beats, (_, last) = bodies
    assert (first, last) == (f": us-dprk at revision {now}\n\n", "")
    assert {body for _, body in beats} == {HEARTBEAT}
    # None comes before its time, as one for each revision would. A busy machine may be late.
    assert 2 <= len(beats) <= 4
    assert all(when - began > 0.45 * count for count, (when, _) in enumerate(beats, start=1))


@pytest.fixture
def hide(client: Client, talks: Database) -> Callable[[], None]:
    """Write what only an audience is to know, in which nobody is."""
    with talks.transaction(Access.WRITE) as session:
        secret = create_token(session, "desk", Scope.ADMIN).secret
    headers = {"Authorization": f"Bearer {secret}"}
    team = {"slug": "team", "title": "A team", "members": []}
    assert client.post(f"{TALKS}/audiences", team, headers=headers).status_code == 201

    def write() -> None:
        demand = {"slug": "secret", "title": "Secret", "issue": "peace-treaty", "audience": "team"}
        assert client.post(f"{TALKS}/demands", demand, headers=headers).status_code == 201

    return write


def test_what_is_hidden_shows_neither_in_a_stream_nor_in_when_one_is_answered(
    app: Flask,
    client: Client,
    talks: Database,
    hide: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(feeds, "HEARTBEAT_S", 1)
    monkeypatch.setattr(feeds, "STREAM_S", 2.5)
    reader = Reader()

    async def follow() -> tuple[bytes, float]:
        served = gateway(app, talks)
        path = json.loads((await ask(served, "GET", WHOLE, arriving(part(b""))))[2])["next"]
        began = time.monotonic()
        stream = asyncio.create_task(reader.follow(served, path))
        waits = asyncio.create_task(ask(served, "GET", f"{path}&wait=2", arriving(part(b""))))
        await asyncio.sleep(0.5)
        await asyncio.to_thread(hide)
        _, _, body = await asyncio.wait_for(waits, 20)
        took = time.monotonic() - began
        await asyncio.wait_for(stream, 20)
        return body, took

    body, took = asyncio.run(follow())
    assert json.loads(body)["items"] == []
    assert took >= 2
    bodies = [message["body"].decode() for _, message in reader.sent[1:]]
    assert bodies[1:] == [HEARTBEAT, HEARTBEAT, ""]
    assert "data:" not in bodies[0]


def test_a_stream_goes_on_after_what_it_does_not_tell(
    app: Flask, client: Client, talks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "STREAM_S", 1.5)
    reader = Reader()

    async def follow() -> int:
        served, now = gateway(app, talks), revision(client)
        stream = asyncio.create_task(reader.follow(served, f"{TALKS}/changes?after={now}"))
        await asyncio.sleep(0.3)
        await asyncio.to_thread(raise_revision, talks)
        await asyncio.sleep(0.3)
        await asyncio.to_thread(change, client, "Other")
        await asyncio.wait_for(stream, 10)
        return now

    now = asyncio.run(follow())
    assert ids(body_of([message for _, message in reader.sent])) == [str(now + 2)]


def test_a_stream_ends_with_its_negotiation_so_that_the_next_one_is_seen(
    app: Flask, client: Client, talks: Any
) -> None:
    reader, again = Reader(), Reader()

    async def follow() -> int:
        served, now = gateway(app, talks), revision(client)
        stream = asyncio.create_task(reader.follow(served, f"{TALKS}/changes?after={now}"))
        await asyncio.sleep(0.3)
        await asyncio.to_thread(client.delete, TALKS, match="*")
        await asyncio.wait_for(stream, 10)
        await asyncio.wait_for(again.follow(served, f"{TALKS}/changes?after={now + 1}"), 10)
        return now

    now = asyncio.run(follow())
    assert ids(body_of([message for _, message in reader.sent]))[-1] == str(now + 1)
    assert ids(body_of([message for _, message in again.sent])) == []


@pytest.fixture
def limited(talks: Database) -> Iterator[Flask]:
    """The application, where an address may send a thousand requests an hour."""
    url = talks.engine.url.render_as_string(hide_password=False)
    made = create_app(Settings(url, rate_limit="1000/hour", open_writing=True))
    yield made
    made.extensions["database"].dispose()


def left(app: Flask) -> int:
    """How many requests are left to who reads."""
    counted = app.extensions["rate_limit"].count("address", "192.0.2.1")
    return int(counted.remaining)


def test_a_request_is_counted_once_however_often_it_is_looked_for_news(
    limited: Flask, talks: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "STREAM_S", 1.2)
    reader = Reader()

    async def follow() -> None:
        served = gateway(limited, talks)
        path = json.loads((await ask(served, "GET", WHOLE, arriving(part(b""))))[2])["next"]
        stream = asyncio.create_task(reader.follow(served, path))
        waits = asyncio.create_task(ask(served, "GET", f"{path}&wait=1", arriving(part(b""))))
        for _ in range(3):
            await asyncio.sleep(0.3)
            await asyncio.to_thread(raise_revision, talks)
        await asyncio.wait_for(asyncio.gather(stream, waits), 20)

    asyncio.run(follow())
    assert left(limited) == 1000 - 3 - 1


def test_each_page_of_a_stream_that_has_much_to_tell_is_counted(
    limited: Flask, talks: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "STREAM_S", 2)
    reader = Reader()
    stream = reader.follow(gateway(limited, talks), f"{TALKS}/changes?limit=10")
    asyncio.run(asyncio.wait_for(stream, 20))
    assert left(limited) < 1000 - 10
