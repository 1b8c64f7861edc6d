"""Streams of events through the gateway: their bounds."""

import asyncio
import json
import tracemalloc
from typing import Any

import pytest
from flask import Flask

from negotiations_api.http import feeds, outgoing, waiting
from negotiations_api.http.outgoing import Outgoing
from tests.client import Client
from tests.serve.calls import (
    DISCONNECT,
    EVENTS,
    Message,
    Reader,
    arriving,
    ask,
    asked,
    body_of,
    counting,
    ids,
    part,
)
from tests.serve.test_following import TALKS, gateway

WHOLE = f"{TALKS}/changes?limit=1000"
HEARTBEAT = ": nothing new\n\n"


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
        assert served._watch._slots == waiting.MOST_WAITING
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


def test_a_stream_has_a_slot_among_those_who_wait_also_while_it_is_sent(
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
