"""A feed as it is sent: an answer that is waited for, or a stream of events.

The application knows nothing of either: it makes an answer of what there is, and says how far that
tells (`waiting.py`). A stream is one such answer after the other, with the same request and the
place that the one before has come to.
"""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from negotiations_api.http.outgoing import Answer, Send, encoded, send_answer
from negotiations_api.http.representations import EVENTS
from negotiations_api.http.waiting import Followed, Watch, told

FEED = "/changes"
"""How the address of a feed ends."""

STREAM_S = 300
"""So long a stream of events goes on; clients take it up again where it ended."""

HEARTBEAT_S = 15
"""So often a stream that has nothing to tell says that it is there."""

_HEARTBEAT = b": nothing new\n\n"
_NOT_OF_A_STREAM = {b"content-length", b"etag", b"link"}

Environ = dict[str, Any]
Page = Callable[[Environ], Awaitable[Answer]]


class Feed:
    """The answer to one request; `page` computes what there is by now."""

    def __init__(self, page: Page, watch: Watch, is_gone: Callable[[], bool]) -> None:
        self._page = page
        self._watch = watch
        self._is_gone = is_gone

    async def answer(self, environ: Environ, send: Send) -> None:
        """Answer it, when there is something to tell or the client would wait no longer."""
        answer, followed = await self._now(environ)
        if followed is not None and answer.status == 200 and _is_stream(answer):
            await self._stream(environ, answer, followed, send)
            return
        if followed is not None and followed.is_all and followed.wait_s:
            answer.close()
            await self._watch.news(followed, followed.wait_s, self._is_gone)
            answer, _ = await self._now(environ)
        if not self._is_gone():
            await send_answer(answer, encoded(answer.headers), send)
        answer.close()

    async def _now(self, environ: Environ) -> tuple[Answer, Followed | None]:
        own = dict(environ)  # the application writes into it
        return await self._page(own), told(own)

    async def _stream(
        self, environ: Environ, answer: Answer, followed: Followed, send: Send
    ) -> None:
        ends = time.monotonic() + STREAM_S
        headers = [one for one in encoded(answer.headers) if one[0] not in _NOT_OF_A_STREAM]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        while True:
            for chunk in (answer.first, *(answer.rest or ())):
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            answer.close()
            if followed.is_all and not await self._wait(followed, ends, send):
                break
            here = {"HTTP_LAST_EVENT_ID": followed.last}
            answer, following = await self._now(environ | here)
            if following is None or answer.status != 200:
                answer.close()
                break  # what is wrong is told when it is asked for anew
            followed = following
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _wait(self, followed: Followed, ends: float, send: Send) -> bool:
        """Whether there is something new before the stream ends."""
        while (left := ends - time.monotonic()) > 0 and self._watch.takes_more:
            if await self._watch.news(followed, min(left, HEARTBEAT_S), self._is_gone):
                return True
            if self._is_gone():
                return False
            await send({"type": "http.response.body", "body": _HEARTBEAT, "more_body": True})
        return False


def _is_stream(answer: Answer) -> bool:
    return any(
        name.lower() == "content-type" and value.startswith(EVENTS)
        for name, value in answer.headers
    )
