"""Answers that are sent while they are read, since they may be longer than memory."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from negotiations_api.http.problem import Problem

MOST_STREAMS = 2
"""How many are sent at once: each takes a thread of the server for as long as its client reads."""

_RETRY_AFTER_S = 5
_free = threading.BoundedSemaphore(MOST_STREAMS)


@dataclass(frozen=True, slots=True)
class Stream:
    """The bytes of an answer, in chunks."""

    chunks: Iterator[bytes]


def begin(stack: ExitStack) -> None:
    """Take one of the places, which the end of `stack` gives back. Raises Problem (503)."""
    if not _free.acquire(blocking=False):
        raise Problem(
            "unavailable",
            "As many long answers are being sent as can be: try again, or ask with a limit.",
            headers={"Retry-After": str(_RETRY_AFTER_S)},
        )
    stack.callback(_free.release)
