"""The application as servers call it (ASGI): what is slow by the network holds no thread.

Bodies are received, and long answers sent, by the event loop; in between the application, which is
WSGI, computes (`lanes.py`). So clients that are slow to send or to read cost memory and a file, and
no thread that others wait for (docs/decisions/0018).
"""

import asyncio
import io
import logging
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any
from urllib.parse import unquote_to_bytes

from flask import Flask, request

from negotiations_api.http import rate_limit
from negotiations_api.http.body import LARGEST_DOCUMENT
from negotiations_api.http.incoming import DEADLINE_S, Gone, Incoming, Receive, while_there
from negotiations_api.http.lanes import OF_ENGINE, Lane, Times
from negotiations_api.http.problem import Problem
from negotiations_api.http.ready import Ready, ReadyAnswers, Scope, is_current, noted

log = logging.getLogger(__name__)

Environ = dict[str, Any]
Headers = list[tuple[bytes, bytes]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]

SENDING_S = 60
SENT_PER_S = 64 * 1024
"""A long answer is sent for a minute, and a second more for each so many bytes that are read."""

SENT_AT_ONCE = 256 * 1024
"""What is longer is sent in parts of so many bytes, each when the one before has gone."""

MOST_OUTGOING = 256 * 1024 * 1024
"""So many bytes of such answers a process holds while they are sent; what is beyond is refused."""

_WITH_BODY = {"POST", "PUT", "PATCH"}
_WRITES = {*_WITH_BODY, "DELETE"}
_REFUSED = "negotiations.refused"
_RETRY_AFTER_S = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, and what is to be closed when it has been sent.

    `rest` is what comes after the first chunk, of an answer that has several.
    """

    status: int
    headers: list[tuple[str, str]]
    first: bytes
    rest: Iterator[bytes] | None
    body: Iterable[bytes]

    def close(self) -> None:
        """Free what the answer holds."""
        close = getattr(self.body, "close", None)
        if close is not None:
            close()


class Outgoing:
    """The long answers that a process holds while they are sent. Used from the event loop only."""

    def __init__(self, most_held: int = MOST_OUTGOING) -> None:
        self._room = most_held

    @contextmanager
    def held(self, body: bytes) -> Iterator[None]:
        """Hold `body` meanwhile. Raises Problem (503) if as much is held as can be."""
        size = len(body) if len(body) > SENT_AT_ONCE else 0
        if size > self._room:
            raise Problem(
                "unavailable",
                "As many long answers are being sent as can be held: try again, or ask for less.",
                headers={"Retry-After": str(_RETRY_AFTER_S)},
            )
        self._room -= size
        try:
            yield
        finally:
            self._room += size


class Gateway:
    """An ASGI application that answers by `app`, whose database is one of `engine`."""

    def __init__(self, app: Flask, engine: str, *, body_deadline_s: float = DEADLINE_S) -> None:
        threads = OF_ENGINE[engine]
        self._app = app
        self._incoming = Incoming(body_deadline_s)
        self._outgoing = Outgoing()
        self._reads = Lane("read", threads.reads)
        self._long_reads = Lane("read long", threads.long_reads)
        self._writes = Lane("write", threads.writes)
        self._reads_on_arrival = threads.reads_on_arrival
        self._times = Times()
        self._revision_of = app.extensions["database"].revision_of
        # What is counted has to come to the application.
        keeps = app.extensions["answers"].room and not rate_limit.is_counting(app)
        self._ready = ReadyAnswers(app.extensions["answers"]) if keeps else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self._ready is not None and await self._is_given(self._ready, scope, send):
            return
        environ = _environ(scope)
        try:
            if scope["method"] not in _WITH_BODY or _length(environ) > LARGEST_DOCUMENT:
                answer = await self._answer(environ, receive)
            else:
                async with self._incoming.body(receive) as body:
                    environ["wsgi.input"] = body
                    environ["CONTENT_LENGTH"] = str(len(body.getbuffer()))
                    environ.pop("HTTP_TRANSFER_ENCODING", None)  # its length is known by now
                    answer = await self._answer(environ, receive)
        except Gone:
            return
        except Problem as problem:
            answer = self._compute(environ | {_REFUSED: problem})
        headers = _encoded(answer.headers)
        rests_on = noted(environ)
        if self._ready is not None and rests_on is not None and answer.status in {200, 304}:
            has_body = answer.status == 200
            self._ready.keep(scope, Ready(answer.status, headers, rests_on, has_body))
        try:
            with self._outgoing.held(answer.first):
                await _send(answer, headers, send)
        except Problem as problem:
            refused = self._compute(environ | {_REFUSED: problem})
            await _send(refused, _encoded(refused.headers), send)
        finally:
            answer.close()

    async def _is_given(self, answers: ReadyAnswers, scope: Scope, send: Send) -> bool:
        """Give the answer that stands ready, if there is one that is still right."""
        found = answers.find(scope)
        if found is None:
            return False
        ready, body = found
        asks = partial(is_current, ready, self._revision_of)
        try:
            if not (asks() if self._reads_on_arrival else await self._reads.run(asks)):
                return False
            with self._outgoing.held(body):
                await _send(Answer(ready.status, [], body, None, ()), ready.headers, send)
        except Problem:  # too much is waiting, which is said as ever
            return False
        return True

    async def _answer(self, environ: Environ, receive: Receive) -> Answer:
        if environ["REQUEST_METHOD"] in _WRITES:
            return await self._writes.run(partial(self._compute, environ))
        work = partial(self._read, environ)
        is_slow = _is_whole_list(environ) or self._times.is_slow(environ["PATH_INFO"])
        if is_slow:
            async with while_there(receive, work) as unless_gone:
                return await self._long_reads.run(unless_gone)
        if self._reads_on_arrival and is_slow is not None:
            return work()
        return await self._reads.run(work)

    def _read(self, environ: Environ) -> Answer:
        # Not the time that passes: beside something slow all is slow, and would be sent after it.
        started = time.thread_time()
        answer = self._compute(environ)
        self._times.note(environ["PATH_INFO"], time.thread_time() - started)
        return answer

    def _compute(self, environ: Environ) -> Answer:
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start(
            status: str, headers: list[tuple[str, str]], _: object = None
        ) -> Callable[[bytes], object]:
            started[:] = [(status, headers)]
            return io.BytesIO().write  # no application of this century writes by it

        body = self._app(environ, start)
        chunks = iter(body)
        first = next(chunks, b"")
        second = next(chunks, None)
        ((status, headers),) = started
        rest = None if second is None else chain([second], chunks)
        answer = Answer(int(status[:3]), headers, first, rest, body)
        if rest is None:
            answer.close()
        return answer


def register(app: Flask) -> None:
    """Let `app` say what was wrong with a request before it came to the application."""
    app.before_request(_refuse)


def _refuse() -> None:
    problem = request.environ.get(_REFUSED)
    if problem is not None:
        raise problem


def _is_whole_list(environ: Environ) -> bool:
    """Whether it may be one: only JSON and text are in pages."""
    asked = environ["QUERY_STRING"] + environ.get("HTTP_ACCEPT", "")
    return "csv" in asked or "ndjson" in asked


def _length(environ: Environ) -> int:
    length = environ.get("CONTENT_LENGTH", "")
    return int(length) if length.isdecimal() else 0


def _environ(scope: Scope) -> Environ:
    """The request as WSGI (PEP 3333) has it, without its body."""
    server, client = scope.get("server") or ("", 0), scope.get("client") or ("", 0)
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "REMOTE_ADDR": client[0],
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        if "_" in name:
            continue  # it would be taken for the one with hyphens
        key = name.upper().replace("-", "_")
        if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            key = f"HTTP_{key}"
        if key in environ:
            value = f"{environ[key]}{';' if key == 'HTTP_COOKIE' else ','}{value}"
        environ[key] = value
    return environ


def _encoded(headers: Iterable[tuple[str, str]]) -> Headers:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


async def _send(answer: Answer, headers: Sequence[tuple[bytes, bytes]], send: Send) -> None:
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    if answer.rest is None and len(answer.first) <= SENT_AT_ONCE:
        await send(_chunk(answer.first, is_last=True))
        return
    sent, started = 0, asyncio.get_running_loop().time()
    try:
        async with asyncio.timeout(SENDING_S) as limit:
            for chunk in chain(_parts(answer.first), answer.rest or ()):
                await send(_chunk(chunk, is_last=False))
                sent += len(chunk)
                limit.reschedule(started + SENDING_S + sent / SENT_PER_S)
            await send(_chunk(b"", is_last=True))
    except TimeoutError:
        # Its length was announced, so the client sees that it has not got all.
        log.info("an answer was read too slowly, and broken off after %s bytes", sent)


def _parts(body: bytes) -> Iterator[bytes]:
    """What is sent of it at a time."""
    for begin in range(0, len(body), SENT_AT_ONCE):
        yield body[begin : begin + SENT_AT_ONCE]


def _chunk(body: bytes, *, is_last: bool) -> dict[str, Any]:
    return {"type": "http.response.body", "body": body, "more_body": not is_last}
