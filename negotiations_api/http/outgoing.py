"""Answers while they are sent: no thread waits for a reader, and none is waited for without end."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any

from negotiations_api.http import request_ids
from negotiations_api.http.problem import Problem

log = logging.getLogger(__name__)

Headers = list[tuple[bytes, bytes]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]

SENDING_S = 60
SENT_PER_S = 64 * 1024
"""A long answer is sent for a minute, and a second more for each so many bytes that are read."""

SENT_AT_ONCE = 256 * 1024
"""What is longer is sent in parts of so many bytes, each when the one before has gone."""

MOST_OUTGOING = 256 * 1024 * 1024
"""So many bytes of such answers a process holds while they are sent; what is beyond is refused."""

_RETRY_AFTER_S = 5


@dataclass(frozen=True, slots=True)
class SentAnswer:
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

    async def give(
        self,
        answer: SentAnswer,
        headers: Headers,
        send: Send,
        refuse: Callable[[Problem], SentAnswer],
        *,
        ends: bool = True,
    ) -> bool:
        """Send an answer and close it, or send what `refuse` makes of it if too much is held.

        Whether it was sent itself, and read in time.
        """
        try:
            with self.held(answer.first):
                return await send_answer(answer, headers, send, ends=ends)
        except Problem as problem:
            refused = refuse(problem)
            await send_answer(refused, encoded(refused.headers), send)
            return False
        finally:
            answer.close()


def encoded(headers: Iterable[tuple[str, str]]) -> Headers:
    """Headers as they are sent."""
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


async def send_answer(
    answer: SentAnswer, headers: Headers, send: Send, *, ends: bool = True
) -> bool:
    """Send an answer, with these headers; break it off if it is read too slowly.

    Whether it was read in time. Unless it `ends` there, more parts of it may follow.
    """
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    if ends and answer.rest is None and len(answer.first) <= SENT_AT_ONCE:
        await send(_chunk(answer.first, is_last=True))
        return True
    chunks = chain(parts(answer.first), answer.rest or ())
    return await send_parts(chunks, send, id_in(headers), ends=ends)


async def send_parts(
    chunks: Iterable[bytes], send: Send, request_id: str, *, ends: bool = False
) -> bool:
    """Send what follows of an answer, and that it `ends` there; whether it was read in time."""
    sent, started = 0, asyncio.get_running_loop().time()
    try:
        async with asyncio.timeout(SENDING_S) as limit:
            for chunk in chunks:
                await send(_chunk(chunk, is_last=False))
                sent += len(chunk)
                limit.reschedule(started + SENDING_S + sent / SENT_PER_S)
            if ends:
                await send(_chunk(b"", is_last=True))
    except TimeoutError:
        # Where its length was announced, the client sees that it has not got all.
        log.info(
            "an answer was read too slowly, and broken off after %s bytes",
            sent,
            extra={"request_id": request_id},
        )
        return False
    return True


def id_in(headers: Headers) -> str:
    """The id of the request that an answer with these headers is for."""
    return dict(headers).get(request_ids.SENT, b"").decode() or request_ids.NONE


def parts(body: bytes) -> Iterator[bytes]:
    """What is sent of it at a time."""
    for begin in range(0, len(body), SENT_AT_ONCE):
        yield body[begin : begin + SENT_AT_ONCE]


def _chunk(body: bytes, *, is_last: bool) -> dict[str, Any]:
    return {"type": "http.response.body", "body": body, "more_body": not is_last}
