"""The application as servers call it (ASGI): what is slow by the network holds no thread.

Bodies are received, and long answers sent, by the event loop; in between the application, which is
WSGI, computes (`lanes.py`). So clients that are slow to send or to read cost memory and a file, and
no thread that others wait for (docs/decisions/0018).
"""

import io
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import chain
from urllib.parse import unquote_to_bytes

from flask import Flask, request

from negotiations_api.http import rate_limit, request_ids
from negotiations_api.http.body import LARGEST_DOCUMENT
from negotiations_api.http.feeds import FEED, Feed
from negotiations_api.http.incoming import (
    DEADLINE_S,
    Environ,
    Gone,
    Incoming,
    Receive,
    leaving,
)
from negotiations_api.http.lanes import WRITES, Lanes
from negotiations_api.http.outgoing import Outgoing, Send, SentAnswer, encoded, send_answer
from negotiations_api.http.problem import Problem
from negotiations_api.http.ready import AsgiScope, Ready, ReadyAnswers, is_current, noted
from negotiations_api.http.representations import EVENTS
from negotiations_api.http.waiting import Watch

_WITH_BODY = WRITES - {"DELETE"}
_REFUSED = "negotiations.refused"


class Gateway:
    """An ASGI application that answers by `app`, whose database is one of `engine`."""

    def __init__(
        self,
        app: Flask,
        engine: str,
        *,
        body_deadline_s: float = DEADLINE_S,
        stop_signal: int | None = None,
    ) -> None:
        self._app = app
        self._incoming = Incoming(body_deadline_s)
        self._outgoing = Outgoing()
        self._waits_to_count = rate_limit.has_to_wait(app)
        self._lanes = Lanes(engine, waits=self._waits_to_count)
        self._is_open = app.extensions["unasked"].open_writing
        self._revision_of = app.extensions["database"].revision_of
        self._watch = Watch(self._ask, stop_signal)
        # What is counted has to come to the application.
        keeps = app.extensions["answers"].room and not rate_limit.is_counting(app)
        self._ready = ReadyAnswers(app.extensions["answers"]) if keeps else None

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        made = request_ids.id_of(scope["headers"])
        if self._ready is not None and await self._is_given(self._ready, scope, made, send):
            return
        environ = _environ(scope) | request_ids.known(made)
        if _is_feed(environ):
            await self._follow(environ, receive, send)
            return
        try:
            if scope["method"] not in _WITH_BODY or self._is_refused_anyway(environ):
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
            answer = self._refused(environ, problem)
        headers = encoded(answer.headers)
        rests_on = noted(environ)
        if self._ready is not None and rests_on is not None and answer.status in {200, 304}:
            has_body = answer.status == 200
            # The id is that of this request, and each that is answered so has another one.
            lasting = [header for header in headers if header[0] != request_ids.SENT]
            self._ready.keep(scope, Ready(answer.status, lasting, rests_on, has_body))
        await self._outgoing.give(answer, headers, send, partial(self._refused, environ))

    def _is_refused_anyway(self, environ: Environ) -> bool:
        """Whether a request is refused whatever its body says, which need not come in then."""
        is_nobody = not self._is_open and "HTTP_AUTHORIZATION" not in environ
        return is_nobody or _length(environ) > LARGEST_DOCUMENT

    async def _is_given(
        self, answers: ReadyAnswers, scope: AsgiScope, made: str, send: Send
    ) -> bool:
        """Give the answer that stands ready, if there is one that is still right.

        `made` is the id of the request.
        """
        found = answers.find(scope)
        if found is None:
            return False
        ready, body = found
        asks = partial(is_current, ready, self._revision_of)
        try:
            if not await self._lanes.look(asks):
                return False
            headers = [*ready.headers, (request_ids.SENT, made.encode())]
            with self._outgoing.held(body):
                await send_answer(SentAnswer(ready.status, [], body, None, ()), headers, send)
        except Problem:  # too much is waiting, which is said as ever
            return False
        return True

    async def _follow(self, environ: Environ, receive: Receive, send: Send) -> None:
        """Answer a request for a feed, which may wait for what there is not yet."""
        async with leaving(receive) as is_gone:
            page, refuse = partial(self._page, is_gone.receive), partial(self._refused, environ)
            with suppress(Gone):
                await Feed(page, refuse, self._watch, self._outgoing, is_gone).answer(environ, send)

    async def _page(self, receive: Receive, environ: Environ) -> SentAnswer:
        """A page of a feed, or the problem with it. Raises Gone."""
        try:
            return await self._answer(environ, receive)
        except Problem as problem:
            return self._refused(environ, problem)

    def _refused(self, environ: Environ, problem: Problem) -> SentAnswer:
        """The answer that says why a request does not come to the application."""
        # In the thread of the loop, which waits for nobody.
        uncounted = {rate_limit.UNCOUNTED: True} if self._waits_to_count else {}
        return self._compute(environ | uncounted | {_REFUSED: problem})

    async def _ask(self, negotiation: int) -> int | None:
        """The revision of a negotiation; None if it is not known."""
        try:
            return await self._lanes.look(partial(self._revision_of, negotiation))
        except Problem:
            return None

    async def _answer(self, environ: Environ, receive: Receive) -> SentAnswer:
        return await self._lanes.compute(environ, receive, self._compute)

    def _compute(self, environ: Environ) -> SentAnswer:
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
        answer = SentAnswer(int(status[:3]), headers, first, rest, body)
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


def _is_feed(environ: Environ) -> bool:
    """Whether it is read for news that may have to be waited for."""
    may_wait = "wait=" in environ["QUERY_STRING"] or EVENTS in environ.get("HTTP_ACCEPT", "")
    return may_wait and environ["REQUEST_METHOD"] == "GET" and environ["PATH_INFO"].endswith(FEED)


def _length(environ: Environ) -> int:
    length = environ.get("CONTENT_LENGTH", "")
    return int(length) if length.isdecimal() else 0


def _environ(scope: AsgiScope) -> Environ:
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
