"""Requests while they arrive: no thread waits for a body, and none is waited for without end.

A body is whole before anything is computed. One that breaks off is nothing: a part of a list of
records is a list of records, too, and would be taken for it.
"""

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from negotiations_api.http.body import LARGEST_DOCUMENT
from negotiations_api.http.problem import Problem

Receive = Callable[[], Awaitable[Mapping[str, Any]]]

Environ = dict[str, Any]
"""A request as WSGI (PEP 3333) has it."""

T = TypeVar("T")

DEADLINE_S = 20
"""So long a body may take,"""

LEAST_PER_S = 64 * 1024
"""and a second more for each so many bytes of it that have come."""

MOST_HELD = 2 * LARGEST_DOCUMENT
"""So many bytes of all bodies together are held, of those that arrive and those being answered."""

_RETRY_AFTER_S = 5


class Gone(Exception):
    """The client has gone before its answer was begun, or reads no more of it."""


class Incoming:
    """The bodies that a process holds. Used from the event loop only."""

    def __init__(self, deadline_s: float = DEADLINE_S, most_held: int = MOST_HELD) -> None:
        self._deadline_s = deadline_s
        self._room = most_held

    @asynccontextmanager
    async def body(self, receive: Receive) -> AsyncIterator[io.BytesIO]:
        """The whole body; or its beginning, if it is larger than any that is taken.

        Raises Problem: 400 if it breaks off, 408 if it comes too slowly, 503 if too many are held.
        """
        body = io.BytesIO()
        try:
            await self._fill(body, receive)
            body.seek(0)
            yield body
        finally:
            self._room += len(body.getbuffer())

    async def _fill(self, body: io.BytesIO, receive: Receive) -> None:
        try:
            async with asyncio.timeout(self._deadline_s) as limit:
                deadline = asyncio.get_running_loop().time() + self._deadline_s
                more = True
                while more and body.tell() <= LARGEST_DOCUMENT:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise Problem("malformed", "The body broke off: send it to its end.")
                    self._take(body, message.get("body", b""))
                    limit.reschedule(deadline + body.tell() / LEAST_PER_S)
                    more = message.get("more_body", False)
        except TimeoutError:
            raise Problem(
                "too-slow",
                f"A body has {self._deadline_s:g} seconds to arrive, and one more for each "
                f"{LEAST_PER_S:,} bytes of it: send it faster, or less at a time.",
            ) from None

    def _take(self, body: io.BytesIO, chunk: bytes) -> None:
        if len(chunk) > self._room:
            raise Problem(
                "unavailable",
                "As many bodies are being received as can be held; nothing was written: try again.",
                headers={"Retry-After": str(_RETRY_AFTER_S)},
            )
        self._room -= len(chunk)
        body.write(chunk)


@asynccontextmanager
async def while_there(receive: Receive, work: Callable[[], T]) -> AsyncIterator[Callable[[], T]]:
    """`work`, for a request without a body, that raises Gone if the client has gone by its begin.

    So what clients have given up on does not keep those waiting who come after them.
    """
    async with leaving(receive) as is_gone:

        def unless_gone() -> T:
            if is_gone():
                raise Gone
            return work()

        yield unless_gone


class Leaving:
    """Whether the client of a request without a body has gone: a function of nothing."""

    def __init__(self, task: "asyncio.Task[None]") -> None:
        """`task` is done when it has."""
        self._task = task

    def __call__(self) -> bool:
        """Whether it has gone."""
        return self._task.done()

    async def receive(self) -> Mapping[str, Any]:
        """What a server tells when it has gone, for whoever waits for that, too."""
        await asyncio.wait([self._task])
        return {"type": "http.disconnect"}


@asynccontextmanager
async def leaving(receive: Receive) -> AsyncIterator[Leaving]:
    """What tells whether the client of a request without a body has gone meanwhile."""
    task = asyncio.create_task(_leaves(receive))
    try:
        yield Leaving(task)
    finally:
        task.cancel()


async def _leaves(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
