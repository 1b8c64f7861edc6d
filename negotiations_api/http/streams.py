"""Answers that are sent while they are read, since they may be longer than memory."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

from flask import Response

from negotiations_api.http.problem import Problem

MOST_STREAMS = 2
"""How many are sent at once: each takes a thread of the server for as long as its client reads."""

_RETRY_AFTER_S = 5
_free = threading.BoundedSemaphore(MOST_STREAMS)


@dataclass(frozen=True, slots=True)
class Stream:
    """The bytes of an answer, in chunks, and the headers that tell of it."""

    chunks: Iterator[bytes]
    headers: Mapping[str, str] = field(default_factory=dict)


def hold(stack: ExitStack, response: Response) -> None:
    """Let what `stack` holds, the transaction that is read in, last until `response` is sent.

    Raises Problem (503) if as many are being sent as can be.
    """
    if not _free.acquire(blocking=False):
        raise Problem(
            "unavailable",
            "As many long answers are being sent as can be: try again, or ask with a limit.",
            headers={"Retry-After": str(_RETRY_AFTER_S)},
        )
    stack.callback(_free.release)
    held = stack.pop_all()
    chunks = response.iter_encoded()

    def until_the_end() -> Iterator[bytes]:
        with held:
            yield from chunks

    response.response = until_the_end()
    response.call_on_close(held.close)  # also if nobody has read any of it
