"""A feed as it is sent: an answer that is waited for, or a stream of events.

The application knows nothing of either: it makes an answer of what there is, and says how far that
tells (`waiting.py`). A stream is one such answer after the other, with the same request and the
point that the one before has come to. The revision may be raised by what a client is not told:
that an answer was made which tells it nothing does not show, neither in what is sent nor when.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass

from negotiations_api.http import rate_limit
from negotiations_api.http.incoming import Environ, Gone
from negotiations_api.http.outgoing import (
    Outgoing,
    Send,
    SentAnswer,
    encoded,
    id_in,
    parts,
    send_parts,
)
from negotiations_api.http.problem import Problem
from negotiations_api.http.representations import EVENTS
from negotiations_api.http.waiting import Followed, Watch, told

FEED = "/changes"
"""How the address of a feed ends."""

STREAM_S = 300
"""So long a stream of events goes on; clients take it up again where it ended."""

HEARTBEAT_S = 15
"""So often a stream says that it is there."""

_HEARTBEAT = b": nothing new\n\n"
_STILL = {rate_limit.UNCOUNTED: True}
"""In the environ of a page that was waited for: what is left to a client would tell of what is
hidden, if such pages were counted.
"""

_NOT_OF_A_STREAM = {b"content-length", b"etag", b"link"}


@dataclass(frozen=True, slots=True)
class Feed:
    """The answer to one request.

    `page` computes what there is by now, `refuse` why there is no answer; `is_gone` says whether
    the client has gone.
    """

    page: Callable[[Environ], Awaitable[SentAnswer]]
    refuse: Callable[[Problem], SentAnswer]
    watch: Watch
    outgoing: Outgoing
    is_gone: Callable[[], bool]

    async def answer(self, environ: Environ, send: Send) -> None:
        """Answer it, when there is something to tell or the client would wait no longer.

        Raises Gone if the client has gone, or reads too slowly.
        """
        with ExitStack() as slots:
            stream = await self._begin(environ, send, slots)
            if stream is not None:
                await stream.go_on()

    async def _begin(self, environ: Environ, send: Send, slots: ExitStack) -> "_Stream | None":
        """The stream that goes on after what has been sent, if any; it has one of the `slots`.

        What has been sent is in no variable any more while a stream waits for what comes next.
        """
        answer, followed = await self.now(environ)
        if followed is None or answer.status != 200 or not _is_stream(answer):
            answer = await self._awaited(environ, answer, followed)
            await self.outgoing.give(answer, encoded(answer.headers), send, self.refuse)
            return None
        headers = [one for one in encoded(answer.headers) if one[0] not in _NOT_OF_A_STREAM]
        goes_on = slots.enter_context(self.watch.slot())
        is_read = await self.outgoing.give(answer, headers, send, self.refuse, ends=not goes_on)
        return (
            _Stream(self, environ, send, id_in(headers), followed) if goes_on and is_read else None
        )

    async def _awaited(
        self, environ: Environ, answer: SentAnswer, followed: Followed | None
    ) -> SentAnswer:
        """An answer that tells something, or the one that there is when the time has passed."""
        with self.watch.slot() as may_wait:
            waits, ends = may_wait, time.monotonic() + (followed.wait_s if followed else 0)
            while waits and followed is not None and _is_waited_for(followed):
                answer.close()
                waits = await self.watch.news(followed, ends - time.monotonic(), self.is_gone)
                if self.is_gone():
                    raise Gone
                answer, followed = await self.now(environ | _STILL)
        return answer

    async def now(self, environ: Environ) -> tuple[SentAnswer, Followed | None]:
        """The answer as of now, and how far it tells, if it does."""
        own = dict(environ)  # the application writes into it
        return await self.page(own), told(own)


class _Stream:
    """A stream of events that has begun."""

    def __init__(
        self, feed: Feed, environ: Environ, send: Send, request_id: str, followed: Followed
    ) -> None:
        self._feed = feed
        self._environ = environ
        self._send = send
        self._request_id = request_id
        self._followed = followed
        self._ends = time.monotonic() + STREAM_S
        self._beats = time.monotonic() + HEARTBEAT_S

    async def go_on(self) -> None:
        """Send what comes, until its time is over or there is nothing to come. Raises Gone."""
        while await self._has_more() and await self._tell():
            pass
        await self._send_all((), ends=True)

    async def _has_more(self) -> bool:
        """Whether there may be more to tell before it ends; it says meanwhile that it is there."""
        if not self._followed.is_all:
            await asyncio.sleep(0)  # others come in between, and it is seen if the client goes
            return self._is_on()
        if self._followed.revision is None:
            return False  # another one may come in its place, and is there for who comes anew
        watch = self._feed.watch
        while self._is_on() and not watch.is_stopping:
            left = min(self._ends, self._beats) - time.monotonic()
            if await watch.news(self._followed, left, self._feed.is_gone):
                return self._is_on()
            if time.monotonic() >= self._beats:
                self._beats += HEARTBEAT_S
                await self._send_all((_HEARTBEAT,))
        return False

    def _is_on(self) -> bool:
        """Whether its time is not over. Raises Gone."""
        if self._feed.is_gone():
            raise Gone
        return time.monotonic() < self._ends

    async def _tell(self) -> bool:
        """Send what there is by now; False if that cannot be had. Raises Gone."""
        here = {"HTTP_LAST_EVENT_ID": self._followed.last} | (
            _STILL if self._followed.is_all else {}
        )
        answer, followed = await self._feed.now(self._environ | here)
        try:
            if followed is None or answer.status != 200:
                return False  # what is wrong is told when it is asked for anew
            self._followed = followed
            if followed.has_items:
                with self._feed.outgoing.held(answer.first):
                    await self._send_all(parts(answer.first))
        except Problem:
            return False  # too much is being sent: it can be taken up again
        finally:
            answer.close()
        return True

    async def _send_all(self, chunks: Iterable[bytes], *, ends: bool = False) -> None:
        if not await send_parts(chunks, self._send, self._request_id, ends=ends):
            raise Gone


def _is_waited_for(followed: Followed) -> bool:
    """Whether the client would wait for more than there is, and more may come."""
    is_empty = followed.is_all and not followed.has_items
    return is_empty and followed.wait_s > 0 and followed.revision is not None


def _is_stream(answer: SentAnswer) -> bool:
    return any(
        name.lower() == "content-type" and value.startswith(EVENTS)
        for name, value in answer.headers
    )
