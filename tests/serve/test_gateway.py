"""The gateway by itself, called as a server calls it: its deadlines, its bounds, its lanes."""

import asyncio
import json
import logging
import threading
from typing import Any

import pytest
from flask import Flask, Response, request

from negotiations_api.app import create_app
from negotiations_api.config import Settings
from negotiations_api.http import outgoing
from negotiations_api.http.gateway import Gateway
from negotiations_api.http.incoming import Gone, Incoming, while_there
from negotiations_api.http.lanes import TRUSTED_AFTER, Lane, Times
from negotiations_api.http.outgoing import Outgoing
from negotiations_api.http.problem import Problem
from tests.serve.calls import DISCONNECT, Message, arriving, ask, part

JSON = (b"content-type", b"application/json")


def test_a_body_that_comes_too_slowly_is_408(app: Flask, database: Any) -> None:
    served = Gateway(app, database.engine.dialect.name, body_deadline_s=0.05)
    receive = arriving(part(b'{"slug":', more=True))
    status, told, body = asyncio.run(ask(served, "POST", "/v1/parties", receive, [JSON]))
    assert (status, told["content-type"]) == (408, "application/problem+json")
    assert json.loads(body)["type"] == "/problems/too-slow"
    assert told["x-content-type-options"] == "nosniff"
    assert len(told["x-request-id"]) == 32


def test_a_body_in_parts_is_put_together(app: Flask, database: Any) -> None:
    served = Gateway(app, database.engine.dialect.name)
    body = b'{"slug": "p", "name": "P", "kind": "state"}'
    receive = arriving(part(body[:9], more=True), part(body[9:], more=True), part(b""))
    sent = (b"transfer-encoding", b"chunked")
    status, told, _ = asyncio.run(ask(served, "POST", "/v1/parties", receive, [JSON, sent]))
    assert (status, told["location"]) == (201, "/v1/parties/p")


def test_a_body_of_a_length_that_nothing_takes_is_refused_unread(app: Flask, database: Any) -> None:
    served = Gateway(app, database.engine.dialect.name)
    length = (b"content-length", b"99999999999")
    status, _, body = asyncio.run(ask(served, "POST", "/v1/parties", arriving(), [JSON, length]))
    assert (status, json.loads(body)["type"]) == (413, "/problems/too-large")


def test_more_bodies_than_can_be_held_are_told_to_come_again() -> None:
    async def hold() -> None:
        incoming = Incoming(most_held=10)
        async with incoming.body(arriving(part(b"12345678"))) as body:
            assert body.read() == b"12345678"
            with pytest.raises(Problem) as refused:
                async with incoming.body(arriving(part(b"123"))):
                    pass
            assert refused.value.status == 503
            assert int(refused.value.headers["Retry-After"]) > 0
        async with incoming.body(arriving(part(b"1234567890"))) as body:
            assert len(body.read()) == 10

    asyncio.run(hold())


def test_more_requests_than_can_wait_are_told_to_come_again() -> None:
    async def crowd() -> None:
        lane, go_on = Lane("lane", 1, most_waiting=1), threading.Event()
        waiting = [asyncio.create_task(lane.run(go_on.wait)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Problem) as refused:
            await lane.run(lambda: True)
        assert refused.value.status == 503
        assert int(refused.value.headers["Retry-After"]) > 0
        go_on.set()
        assert await asyncio.gather(*waiting) == [True, True]
        assert await lane.run(lambda: "again") == "again"

    asyncio.run(crowd())


def test_what_is_slow_is_known_by_the_shape_of_its_address() -> None:
    times = Times()
    meeting, other = "/v1/negotiations/a/meetings/m", "/v1/negotiations/a/meetings/n"
    assert times.is_slow(meeting) is None
    times.note(meeting, 0.2)  # the first time, with all that is done once
    assert times.is_slow(other) is False
    times.note(other, 0.2)
    assert times.is_slow(meeting) is True
    assert times.is_slow("/v1/negotiations/a/meetings") is None
    # What is quick in one negotiation may be slow in another, which is larger.
    assert times.is_slow("/v1/negotiations/b/meetings/m") is None


def test_what_was_slow_is_trusted_when_it_has_been_quick_for_long() -> None:
    times, matrix = Times(), "/v1/negotiations/a/matrix"
    times.note(matrix, 2)
    for _ in range(TRUSTED_AFTER - 1):
        times.note(matrix, 0.001)
    assert times.is_slow(matrix) is True
    times.note(matrix, 0.001)
    assert times.is_slow(matrix) is False
    times.note(matrix, 0.1)
    assert times.is_slow(matrix) is True


def test_what_a_client_has_given_up_on_is_not_begun() -> None:
    async def leave() -> None:
        async with while_there(arriving(part(b""), DISCONNECT), lambda: "done") as work:
            await asyncio.sleep(0)
            with pytest.raises(Gone):
                work()
        async with while_there(arriving(part(b"")), lambda: "done") as work:
            await asyncio.sleep(0)
            assert work() == "done"

    asyncio.run(leave())


@pytest.fixture
def small() -> Flask:
    """An application with a few addresses of its own."""
    app = create_app(Settings(database_url="sqlite://", open_writing=True))

    @app.get("/long")
    def long() -> Response:
        chunks = (b"x" * 1000 for _ in range(50))
        response = Response(chunks)
        response.call_on_close(lambda: closed.append(True))
        return response

    @app.get("/whole")
    def whole() -> bytes:
        return b"x" * 1_000_000

    @app.get("/thread")
    def thread() -> str:
        return threading.current_thread().name

    @app.get("/headers")
    def headers() -> dict[str, str]:
        return dict(request.headers)

    closed: list[bool] = []
    app.extensions["closed"] = closed
    return app


def test_a_long_answer_is_sent_whole_and_then_closed(small: Flask) -> None:
    status, _, body = asyncio.run(ask(Gateway(small, "sqlite"), "GET", "/long", arriving()))
    assert (status, body) == (200, b"x" * 50_000)
    assert small.extensions["closed"] == [True]


def test_a_long_answer_in_one_piece_goes_out_in_parts(small: Flask) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(Gateway(small, "sqlite")(get("/whole"), arriving(), send))
    parts = [message["body"] for message in sent[1:]]
    assert b"".join(parts) == b"x" * 1_000_000
    assert max(map(len, parts)) == outgoing.SENT_AT_ONCE
    assert dict(sent[0]["headers"])[b"content-length"] == b"1000000"


def test_more_long_answers_than_can_be_held_are_told_to_come_again() -> None:
    held_back, long = Outgoing(1_500_000), b"x" * 1_000_000
    with held_back.held(long), held_back.held(b"short" * 1000):
        with pytest.raises(Problem) as refused, held_back.held(long):
            pass
        assert refused.value.status == 503
        assert int(refused.value.headers["Retry-After"]) > 0
    with held_back.held(long):
        pass


def get(path: str) -> dict[str, Any]:
    """A request, as a server tells of it."""
    return {
        "http_version": "1.1",
        "scheme": "http",
        "method": "GET",
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [],
    }


def test_an_answer_that_nobody_reads_is_broken_off_and_closed(
    small: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    as_served = logging.Formatter("[%(request_id)s] %(message)s")
    monkeypatch.setattr(caplog.handler, "formatter", as_served)
    monkeypatch.setattr(outgoing, "SENDING_S", 0.05)
    sent: list[Message] = []

    async def stuck(message: Message) -> None:
        sent.append(message)
        if len(sent) > 5:
            await asyncio.sleep(3600)

    asked = get("/long") | {"headers": [(b"x-request-id", b"mine")]}
    asyncio.run(Gateway(small, "sqlite")(asked, arriving(), stuck))
    assert "[mine] an answer was read too slowly" in caplog.text
    assert len(sent) == 6
    assert sent[-1]["more_body"]
    assert small.extensions["closed"] == [True]


def test_what_is_quick_to_read_is_read_on_arrival_on_sqlite_only(small: Flask) -> None:
    async def threads(engine: str) -> list[str]:
        served = Gateway(small, engine)
        answers = [await ask(served, "GET", "/thread", arriving()) for _ in range(2)]
        answers.append(await ask(served, "GET", "/thread?format=csv", arriving()))
        return [body.decode().partition("_")[0] for _, _, body in answers]

    assert asyncio.run(threads("sqlite")) == [
        "read",  # not known to be quick yet
        "MainThread",
        "read long",  # may be a whole list
    ]
    assert "MainThread" not in asyncio.run(threads("postgresql"))


def test_a_header_with_an_underscore_is_not_taken_for_one_with_a_hyphen(small: Flask) -> None:
    sent = [
        (b"if_match", b"*"),
        (b"x-a", b"1"),
        (b"x-a", b"2"),
        (b"cookie", b"a"),
        (b"cookie", b"b"),
    ]
    _, _, body = asyncio.run(ask(Gateway(small, "sqlite"), "GET", "/headers", arriving(), sent))
    assert json.loads(body) == {"Host": "localhost", "X-A": "1,2", "Cookie": "a;b"}
