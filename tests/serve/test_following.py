"""Following a feed through the gateway: waiting for news holds no thread, and ends by itself."""

import asyncio
import json
import time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from negotiations_api.database import Database
from negotiations_api.http import outgoing, waiting
from negotiations_api.http.gateway import Gateway
from negotiations_api.http.outgoing import Outgoing
from negotiations_api.http.waiting import Followed, Watch
from negotiations_api.models import Negotiation
from tests.client import Client
from tests.serve.calls import DISCONNECT, Message, arriving, ask, call, part

TALKS = "/v1/negotiations/us-dprk"


def revision(client: Client) -> int:
    return int(client.get(TALKS).headers["Negotiation-Revision"])


def change(client: Client, title: str) -> None:
    assert client.patch(f"{TALKS}/demands/cvid", {"title": title}, match="*").status_code == 200


def raise_revision(database: Database) -> None:
    """What all sees of a change that is not told to anybody."""
    with database.engine.begin() as connection:
        connection.execute(update(Negotiation).values(revision=Negotiation.revision + 1))


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


def test_what_is_gone_is_not_waited_for(app: Flask, client: Client, talks: Any) -> None:
    last = revision(client)
    assert client.delete(TALKS, match="*").status_code == 204
    path = f"{TALKS}/changes?after={last + 1}&wait=30"
    asked = ask(gateway(app, talks), "GET", path, arriving(part(b"")))
    status, _, body = asyncio.run(asyncio.wait_for(asked, 10))
    assert (status, json.loads(body)["items"]) == (200, [])


def test_who_waits_waits_on_when_there_is_nothing_to_tell_him(
    app: Flask, client: Client, talks: Any
) -> None:
    async def wait() -> tuple[int, Any]:
        served, now = gateway(app, talks), revision(client)
        path = f"{TALKS}/changes?after={now}&wait=30"
        asked = asyncio.create_task(ask(served, "GET", path, arriving(part(b""))))
        for _ in range(2):
            await asyncio.sleep(0.3)
            await asyncio.to_thread(raise_revision, talks)
        await asyncio.sleep(0.3)
        assert not asked.done()
        await asyncio.to_thread(change, client, "Other")
        return now, await asyncio.wait_for(asked, 10)

    now, (_, _, body) = asyncio.run(wait())
    assert [one["revision"] for one in json.loads(body)["items"]] == [now + 3]


def test_who_is_told_nothing_is_not_told_when_it_was(
    app: Flask, client: Client, talks: Any
) -> None:
    async def wait() -> tuple[float, Any]:
        served, path = gateway(app, talks), f"{TALKS}/changes?after={revision(client)}&wait=1"
        began = time.monotonic()
        asked = asyncio.create_task(ask(served, "GET", path, arriving(part(b""))))
        await asyncio.sleep(0.3)
        await asyncio.to_thread(raise_revision, talks)
        answer = await asyncio.wait_for(asked, 10)
        return time.monotonic() - began, answer

    took, (status, _, body) = asyncio.run(wait())
    assert (status, json.loads(body)["items"]) == (200, [])
    assert took >= 1


def test_who_waits_beyond_the_bound_is_answered_at_once(
    app: Flask, client: Client, talks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "MOST_WAITING", 1)

    async def wait() -> bool:
        served, path = gateway(app, talks), f"{TALKS}/changes?after={revision(client)}&wait=5"
        first = asyncio.create_task(ask(served, "GET", path, arriving(part(b""))))
        await asyncio.sleep(0.3)
        await asyncio.wait_for(ask(served, "GET", path, arriving(part(b""))), 3)
        is_waiting = not first.done()
        first.cancel()
        return is_waiting

    assert asyncio.run(wait())


def test_an_answer_that_was_waited_for_is_held_as_any_other(
    app: Flask, client: Client, talks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "SENT_AT_ONCE", 1000)
    served, path = gateway(app, talks), f"{TALKS}/changes?limit=1000&wait=5"
    served._outgoing = Outgoing(10_000)
    status, told, body = asyncio.run(ask(served, "GET", path, arriving(part(b""))))
    assert (status, json.loads(body)["type"]) == (503, "/problems/unavailable")
    assert int(told["retry-after"]) > 0


@pytest.mark.parametrize(
    ("said", "is_news"), [(4, False), (5, False), (6, True), (None, True)], ids=str
)
def test_a_later_revision_is_news_and_an_earlier_one_a_replica_that_is_behind(
    said: int | None, is_news: bool
) -> None:
    async def wait() -> bool:
        async def ask_for(_: int) -> int | None:
            return said

        followed = Followed(1, 5, "5", is_all=True, wait_s=30, has_items=False)
        return await Watch(ask_for).news(followed, 0.2, lambda: False)

    assert asyncio.run(wait()) is is_news


def test_it_is_not_asked_again_and_again_where_there_is_always_news() -> None:
    asked: list[None] = []

    async def wait() -> None:
        async def ask_for(_: int) -> int | None:
            asked.append(None)
            return 6

        watch, followed = Watch(ask_for), Followed(1, 5, "5", True, 30, False)
        ends = time.monotonic() + 0.5
        while time.monotonic() < ends:
            assert await watch.news(followed, 30, lambda: False)

    asyncio.run(wait())
    assert len(asked) <= 10
