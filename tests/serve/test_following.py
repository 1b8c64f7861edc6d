"""Following a feed through the gateway: waiting for news holds no thread, and ends by itself."""

import asyncio
import json
from typing import Any

import pytest
from flask import Flask

from negotiations_api.http import feeds, waiting
from negotiations_api.http.gateway import Gateway
from tests.client import Client
from tests.serve.calls import DISCONNECT, Message, arriving, ask, call, part

TALKS = "/v1/negotiations/us-dprk"
EVENTS = (b"accept", b"text/event-stream")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for news more often than a server does."""
    monkeypatch.setattr(waiting, "POLL_S", 0.05)


def revision(client: Client) -> int:
    return int(client.get(TALKS).headers["Negotiation-Revision"])


def change(client: Client, title: str) -> None:
    assert client.patch(f"{TALKS}/demands/cvid", {"title": title}, match="*").status_code == 200


def gateway(app: Flask, database: Any) -> Gateway:
    return Gateway(app, database.engine.dialect.name)


def test_who_waits_is_answered_as_soon_as_there_is_news(
    app: Flask, client: Client, talks: Any
) -> None:
    async def wait() -> Any:
        served, now = gateway(app, talks), revision(client)
        path = f"{TALKS}/changes?after={now}&wait=30"
        # More than there are threads of any lane, and yet others are answered meanwhile.
        asked = [
            asyncio.create_task(ask(served, "GET", path, arriving(part(b"")))) for _ in range(40)
        ]
        await asyncio.sleep(0.3)
        assert not any(task.done() for task in asked)
        status, *_ = await ask(served, "GET", f"{TALKS}/demands/cvid", arriving(part(b"")))
        assert status == 200
        await asyncio.to_thread(change, client, "Other")
        return now, await asyncio.wait_for(asyncio.gather(*asked), 10)

    now, answers = asyncio.run(wait())
    for status, told, body in answers:
        feed = json.loads(body)
        assert (status, feed["revision"], len(feed["items"])) == (200, now + 1, 1)
        assert told["negotiation-revision"] == str(now + 1)


def test_who_waits_in_vain_is_told_so_in_the_end(app: Flask, client: Client, talks: Any) -> None:
    path = f"{TALKS}/changes?after={revision(client)}&wait=1"
    status, _, body = asyncio.run(ask(gateway(app, talks), "GET", path, arriving(part(b""))))
    assert (status, json.loads(body)["items"]) == (200, [])


def test_what_is_there_is_not_waited_for(app: Flask, client: Client, talks: Any) -> None:
    path = f"{TALKS}/changes?wait=30"
    asked = ask(gateway(app, talks), "GET", path, arriving(part(b"")))
    status, _, body = asyncio.run(asyncio.wait_for(asked, 10))
    assert status == 200
    assert json.loads(body)["items"]
    refused = ask(gateway(app, talks), "GET", f"{TALKS}/changes?wait=99", arriving(part(b"")))
    assert asyncio.run(asyncio.wait_for(refused, 10))[0] == 400


def test_who_goes_is_not_waited_with(app: Flask, client: Client, talks: Any) -> None:
    sent: list[Message] = []

    async def leave() -> None:
        path = f"{TALKS}/changes?after={revision(client)}&wait=30"
        receive = arriving(part(b""), DISCONNECT)
        await asyncio.wait_for(call(gateway(app, talks), "GET", path, receive, [], sent), 10)

    asyncio.run(leave())
    assert sent == []


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
    monkeypatch.setattr(feeds, "STREAM_S", 0.5)
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
