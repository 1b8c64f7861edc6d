"""The gateway, called as a server calls it."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from flask import Flask

from negotiations_api.http.gateway import Gateway

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
DISCONNECT = {"type": "http.disconnect"}
EVENTS = (b"accept", b"text/event-stream")


def part(body: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


def arriving(*messages: Message) -> Receive:
    """Messages at once, and then none any more."""
    waiting = list(messages)

    async def receive() -> Message:
        while not waiting:
            await asyncio.sleep(3600)
        return waiting.pop(0)

    return receive


async def ask(
    served: Gateway,
    method: str,
    path: str,
    receive: Receive,
    headers: Sequence[tuple[bytes, bytes]] = (),
) -> tuple[int, dict[str, str], bytes]:
    """The status, the headers and the body of an answer."""
    sent: list[Message] = []
    await call(served, method, path, receive, headers, sent)
    assert [message["type"] for message in sent] == [
        "http.response.start",
        *["http.response.body"] * (len(sent) - 1),
    ]
    told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], told, b"".join(message["body"] for message in sent[1:])


async def call(
    served: Gateway,
    method: str,
    path: str,
    receive: Receive,
    headers: Sequence[tuple[bytes, bytes]],
    sent: list[Message],
) -> None:
    """Call the gateway, and add what it sends to `sent` as it comes."""

    async def send(message: Message) -> None:
        sent.append(message)

    await served(asked(method, path, headers), receive, send)


def asked(method: str, path: str, headers: Sequence[tuple[bytes, bytes]] = ()) -> dict[str, Any]:
    """A request, as a server tells of it."""
    raw_path, _, query = path.encode().partition(b"?")
    return {
        "type": "http",
        "http_version": "1.1",
        "scheme": "http",
        "method": method,
        "raw_path": raw_path,
        "query_string": query,
        "headers": [(b"host", b"localhost"), *headers],
        # Who writes without a token is on this machine; who reads, is anybody.
        "client": ("192.0.2.1" if method in {"GET", "HEAD"} else "127.0.0.1", 5),
        "server": ("127.0.0.1", 80),
    }


class Counting:
    """The application, and how often it was asked."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.times = 0

    def __call__(self, *request: Any) -> Any:
        self.times += 1
        return self.app(*request)


def counting(served: Gateway) -> Counting:
    """What counts how often a gateway asks its application, from now on."""
    counter = Counting(served._app)
    served._app = counter  # type: ignore[assignment]  # it is called, and nothing else
    return counter


def body_of(sent: list[Message]) -> str:
    """What a stream has said."""
    return b"".join(message["body"] for message in sent[1:]).decode()


def ids(text: str) -> list[str]:
    """The ids of events."""
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
