"""Answers that may be longer than memory: whole in a file before the first byte of them is sent.

A list that is sent while it is read can break off in the middle, which a client cannot tell from
its end, and one that stops reading would hold a transaction open. So it is read to its end first:
then its length is known, and what goes wrong is a problem document (docs/decisions/0015).
"""

import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import IO

from flask import Response

from negotiations_api.http.problem import Problem

IN_MEMORY = 8 * 1024 * 1024
"""Up to so many bytes an answer is kept in memory."""

MOST_SENT = 16
"""How many longer ones a process sends at once: each takes a file until its client has read it."""

_CHUNK = 256 * 1024
_RETRY_AFTER_S = 5
_free = threading.BoundedSemaphore(MOST_SENT)


@dataclass(frozen=True, slots=True)
class Stream:
    """The bytes of an answer, in a file, and the headers that tell of it."""

    file: IO[bytes]
    headers: Mapping[str, str] = field(default_factory=dict)


def spool(chunks: Iterable[bytes], headers: Mapping[str, str]) -> Stream:
    """The stream of `chunks`, read to their end."""
    file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # closed when it has been sent
    try:
        file.writelines(chunks)
    except BaseException:
        file.close()
        raise
    return Stream(file, headers)


def send(stream: Stream, media: str, *, with_body: bool) -> Response:
    """The answer with the bytes of `stream`, or its headers only.

    Raises Problem (503) if as many long ones are being sent as can be.
    """
    length = stream.file.tell()
    stream.file.seek(0)
    if not with_body or length <= IN_MEMORY:
        with stream.file:
            response = Response(stream.file.read() if with_body else b"", content_type=media)
        response.content_length = length
        return response
    if not _free.acquire(blocking=False):
        stream.file.close()
        raise Problem(
            "unavailable",
            "As many long answers are being sent as can be: try again, or ask with a limit.",
            headers={"Retry-After": str(_RETRY_AFTER_S)},
        )
    response = Response(_chunks(stream.file), content_type=media)
    response.content_length = length
    response.call_on_close(stream.file.close)
    response.call_on_close(_free.release)
    return response


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk
