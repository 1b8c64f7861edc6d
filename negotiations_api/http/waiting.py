"""Waiting for news: a client that asks for what there is not yet, and is answered when there is.

The application computes an answer as ever, and says of one that has no news what it rests on. The
event loop then asks for the revision of the negotiation now and again, and has the answer computed
once more when that is a later one: while a client waits, no thread does.
"""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import request

POLL_S = 0.5
"""So often it is looked whether there is something new, for all who wait for it together."""

MOST_WAITING = 1024
"""So many clients wait at a time in a process, and streams go on; others are answered at once."""

LONGEST_WAIT_S = 30

STOP_SIGNAL = signal.SIGUSR1
"""What tells a worker to let nobody wait any more, since it is to stop."""

LAST_EVENT = "Last-Event-ID"

_TOLD = "negotiations.followed"

Ask = Callable[[int], Awaitable[int | None]]


@dataclass(frozen=True, slots=True)
class Followed:
    """How far an answer tells of a negotiation, which is at a `revision`; None if it is gone.

    `last` is where the next answer begins; `is_all` says that there is no more yet, and `wait_s`
    for how long the client would wait for it. `has_items` says whether it tells anything at all:
    the revision may be a later one by what this client is not told.
    """

    negotiation: int
    revision: int | None
    last: str
    is_all: bool
    wait_s: float
    has_items: bool


def tell(followed: Followed) -> None:
    """Say, while a request is answered, how far its answer tells."""
    request.environ[_TOLD] = followed


def told(environ: Mapping[str, Any]) -> Followed | None:
    """How far the answer to a request tells, if that was said."""
    return environ.get(_TOLD)


class Watch:
    """Watches the revisions of negotiations. Used from the event loop only."""

    def __init__(self, ask: Ask, stop_signal: int | None = None) -> None:
        """It ends all waiting when the process gets `stop_signal`."""
        self._ask = ask
        self._stop_signal = stop_signal
        self._is_stopping = False
        self._seen: dict[int, tuple[float, int | None]] = {}
        self._slots = MOST_WAITING

    @property
    def is_stopping(self) -> bool:
        """Whether nobody is to wait any more."""
        return self._is_stopping

    def _stop(self) -> None:
        self._is_stopping = True

    @contextmanager
    def slot(self) -> Iterator[bool]:
        """Take a slot to wait in meanwhile, if there is one."""
        if self._stop_signal is not None:
            asyncio.get_running_loop().add_signal_handler(self._stop_signal, self._stop)
            self._stop_signal = None
        if self._slots <= 0 or self._is_stopping:
            yield False
            return
        self._slots -= 1
        try:
            yield True
        finally:
            self._slots += 1
            if self._slots == MOST_WAITING:
                self._seen.clear()

    async def news(self, followed: Followed, seconds: float, is_gone: Callable[[], bool]) -> bool:
        """Wait until the negotiation is at a later revision, or is gone, or cannot be asked for.

        An earlier one is no news: it is what a replica says that is behind. It is not asked for
        at once, so that answers which tell nothing do not follow each other without a pause.
        False if the seconds have passed before that, the client has gone, or all is to stop.
        """
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            await asyncio.sleep(min(POLL_S, left))
            if is_gone() or self._is_stopping:
                break
            revision = await self._revision(followed.negotiation)
            if revision is None or followed.revision is None or revision > followed.revision:
                return True
        return False

    async def _revision(self, negotiation: int) -> int | None:
        """The revision of a negotiation as it was a moment ago; None if that is not known."""
        when, revision = self._seen.get(negotiation, (0.0, None))
        if time.monotonic() - when < POLL_S / 2:
            return revision
        revision = await self._ask(negotiation)
        self._seen[negotiation] = (time.monotonic(), revision)
        return revision
