"""Streams of events through the gateway: what they tell and when, and that they have bounds."""

import asyncio
import json
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from negotiations_api.database import Access, Database
from negotiations_api.http import feeds, outgoing, waiting
from negotiations_api.http.gateway import Gateway
from negotiations_api.http.outgoing import Outgoing
from negotiations_api.models.token import Scope
from negotiations_api.records.tokens import create_token
from tests.client import Client
from tests.serve.calls import DISCONNECT, Message, arriving, ask, asked, call, counting, part
from tests.serve.test_following import TALKS, change, gateway, raise_revision, revision

EVENTS = (b"accept", b"text/event-stream")
WHOLE = f"{TALKS}/changes?limit=1000"
HEARTBEAT = ": nothing new\n\n"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for news more often than a server does."""
    monkeypatch.setattr(waiting, "POLL_S", 0.05)


def body_of(sent: list[Message]) -> str:
    return b"".join(message["body"] for message in sent[1:]).decode()


def ids(text: str) -> list[str]:
    return [line[4:] for line in text.split("\n") if line.startswith("id: ")]


class Reader:
    """A client that reads so many bytes at once, and no more."""

    def __init__(self, most: float = float("inf")) -> None:
        self.left = most
        self.sent: list[tuple[float, Message]] = []

    async def send(self, message: Message) -> None:
        self.left -= len(message.get("body", b""))
        if self.left < 0:
            await asyncio.sleep(3600)
        self.sent.append((time.monotonic(), message))

    async def follow(self, served: Gateway, path: str) -> None:
        await served(asked("GET", path, [EVENTS]), arriving(part(b"")), self.send)


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
    assert [body for _, body in bodies] == [
        f": us-dprk at revision {now}\n\n",
        *[HEARTBEAT] * 4,
        "",
    ]
    began = bodies[0][0]
    assert [round((when - began) / 0.5) for when, _ in bodies[1:-1]] == [1, 2, 3, 4]
    assert all(abs((when - began) % 0.5 - 0.25) > 0.15 for when, _ in bodies[1:-1])


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


def test_a_stream_that_nobody_reads_is_broken_off(
    app: Flask, client: Client, talks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "SENDING_S", 0.2)
    monkeypatch.setattr(feeds, "HEARTBEAT_S", 0.2)
    served = gateway(app, talks)
    room = served._outgoing._room
    for most in (10, 10_000_000):  # of the first page, and until it says that it is there
        reader = Reader(most if most == 10 else len(whole(client)) + 5)
        asyncio.run(asyncio.wait_for(reader.follow(served, WHOLE), 10))
        assert reader.sent[-1][1].get("more_body") is not False
        assert served._watch._places == waiting.MOST_WAITING
        assert served._outgoing._room == room


def whole(client: Client) -> str:
    """The first page of a stream of all that there is."""
    return client.get(WHOLE, headers={"Accept": "text/event-stream"}).text


def test_a_page_of_a_stream_goes_out_in_parts(
    app: Flask, client: Client, talks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "SENT_AT_ONCE", 1000)
    monkeypatch.setattr(feeds, "STREAM_S", 0.2)
    reader = Reader()
    asyncio.run(asyncio.wait_for(reader.follow(gateway(app, talks), WHOLE), 10))
    sent = [message for _, message in reader.sent]
    assert max(len(message["body"]) for message in sent[1:]) == 1000
    assert body_of(sent) == whole(client)


def test_what_streams_send_is_held_as_any_other_answer(
    app: Flask, client: Client, talks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = len(whole(client))
    monkeypatch.setattr(outgoing, "SENT_AT_ONCE", 1000)
    first = Reader(10)

    async def follow() -> tuple[int, dict[str, str], bytes]:
        served = gateway(app, talks)
        served._outgoing = Outgoing(int(page * 1.5))
        stream = asyncio.create_task(first.follow(served, WHOLE))
        await asyncio.sleep(0.3)
        answer = await ask(served, "GET", WHOLE, arriving(part(b"")), [EVENTS])
        stream.cancel()
        return answer

    status, told, body = asyncio.run(follow())
    assert (status, json.loads(body)["type"]) == (503, "/problems/unavailable")
    assert int(told["retry-after"]) > 0


def test_a_stream_ends_where_its_next_page_cannot_be_held(
    app: Flask, client: Client, talks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = client.get(f"{TALKS}/changes?limit=10", headers={"Accept": "text/event-stream"}).text
    monkeypatch.setattr(outgoing, "SENT_AT_ONCE", 1000)
    served, reader = gateway(app, talks), Reader()
    served._outgoing = Outgoing(len(page) + 100)
    asyncio.run(asyncio.wait_for(reader.follow(served, f"{TALKS}/changes?limit=10"), 10))
    sent = [message for _, message in reader.sent]
    assert sent[-1]["more_body"] is False
    told, every = ids(body_of(sent)), ids(whole(client))
    assert told
    assert told == every[: len(told)]
    assert len(told) < len(every)


def test_a_stream_has_a_place_among_those_who_wait_also_while_it_is_sent(
    app: Flask, client: Client, talks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "MOST_WAITING", 1)
    first, second = Reader(10), Reader()

    async def follow() -> bool:
        served = gateway(app, talks)
        stuck = asyncio.create_task(first.follow(served, WHOLE))
        await asyncio.sleep(0.3)
        await asyncio.wait_for(second.follow(served, WHOLE), 10)
        is_stuck = not stuck.done()
        stuck.cancel()
        return is_stuck

    assert asyncio.run(follow())
    sent = [message for _, message in second.sent]
    assert body_of(sent) == whole(client)  # answered at once, and ended
    assert sent[-1]["more_body"] is False


def test_no_page_is_made_for_who_has_gone(app: Flask, client: Client, talks: Any) -> None:
    async def leave() -> int:
        served = gateway(app, talks)
        counter, gone = counting(served), asyncio.Event()
        messages = [part(b"")]

        async def receive() -> Message:
            if messages:
                return messages.pop()
            await gone.wait()
            return DISCONNECT

        async def send(message: Message) -> None:
            if len(message.get("body", b"")):
                gone.set()  # after the first page, of many

        path = f"{TALKS}/changes?limit=1"
        await asyncio.wait_for(served(asked("GET", path, [EVENTS]), receive, send), 10)
        return counter.times

    assert asyncio.run(leave()) <= 2


def test_many_who_have_been_told_much_cost_little_while_they_wait(
    app: Flask, client: Client, talks: Any
) -> None:
    page, streams = len(whole(client)), 20

    async def discard(_: Message) -> None:
        pass

    async def follow() -> int:
        served = gateway(app, talks)
        await ask(served, "GET", f"{WHOLE}&wait=1", arriving(part(b"")))
        tracemalloc.start()
        try:
            scope = asked("GET", WHOLE, [EVENTS])
            tasks = [
                asyncio.create_task(served(scope, arriving(part(b"")), discard))
                for _ in range(streams)
            ]
            await asyncio.sleep(3)
            assert not any(task.done() for task in tasks)
            held, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        for task in tasks:
            task.cancel()
        return held

    assert asyncio.run(follow()) < streams * page / 2
