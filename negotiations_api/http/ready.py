"""Answers that stand ready: given as they were once given, while the record stays as it was then.

What a question is answered by follows from the revisions of its negotiations, from today where it
says so, and from the request. So a request like one before, from the same revisions, gets the same
answer: one short statement asks whether they are the same, and nothing else of the application
runs (docs/decisions/0027).
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

from negotiations_api.compare.date import today
from negotiations_api.http.caches import Answers

AsgiScope = Mapping[str, Any]
Request = tuple[bytes, bytes, bytes | None, bytes | None]
"""The path, the query, Accept and If-None-Match: what an answer may differ by."""

MOST_KEPT = 2_000
_LONGEST = 1_000

_RESTS_ON = "negotiations.rests_on"
_INDIFFERENT = frozenset(
    (
        *(b"host", b"user-agent", b"connection", b"cache-control", b"pragma", b"referer"),
        *(b"accept-encoding", b"accept-language", b"accept-charset", b"dnt", b"priority"),
        b"x-request-id",
    )
)
"""The headers that make no difference to an answer; beside one that may, none stands ready.

The id of a request does make one: it is not among the headers that are kept, and is added when they
are sent (`gateway.py`).
"""


@dataclass(frozen=True, slots=True)
class RestsOn:
    """What an answer rests on.

    `key` is that of its bytes (`caches.py`), `states` are the ids of its negotiations with their
    revisions, `day` is today if the answer changes with the calendar, and else empty.
    """

    key: Hashable
    states: tuple[tuple[int, int], ...]
    day: str


@dataclass(frozen=True, slots=True)
class Ready:
    """An answer that stands ready: its status, what it rests on, and its headers as they are sent.

    All but the id of the request.
    """

    status: int
    headers: Sequence[tuple[bytes, bytes]]
    rests_on: RestsOn
    has_body: bool


class ReadyAnswers:
    """The answers that stand ready, those that were asked for last. For the event loop only."""

    def __init__(self, bodies: Answers, most: int = MOST_KEPT) -> None:
        """Whose bytes are kept in `bodies`; `most` is how many answers."""
        self._bodies = bodies
        self._most = most
        self._kept: OrderedDict[Request, Ready] = OrderedDict()

    def find(self, scope: AsgiScope) -> tuple[Ready, bytes] | None:
        """The answer to a request that was given last, and its body, whatever has happened since.

        None if there is none, or none that could be told from others by what is kept.
        """
        asked = _request(scope)
        ready = None if asked is None else self._kept.get(asked)
        if ready is None or asked is None:
            return None
        body = self._bodies.get(ready.rests_on.key) if ready.has_body else b""
        if body is None:
            del self._kept[asked]
            return None
        self._kept.move_to_end(asked)
        return ready, body

    def keep(self, scope: AsgiScope, answer: Ready) -> None:
        """Let an answer stand ready for requests like this one."""
        asked = _request(scope)
        if asked is None or sum(len(part or b"") for part in asked) > _LONGEST:
            return
        self._kept[asked] = answer
        self._kept.move_to_end(asked)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)


def is_current(ready: Ready, revision_of: Callable[[int], int | None]) -> bool:
    """Whether everything still is as it was when the answer was given."""
    rests_on = ready.rests_on
    return rests_on.day in {"", today()} and all(
        revision_of(negotiation) == revision for negotiation, revision in rests_on.states
    )


def note(rests_on: RestsOn) -> None:
    """Say, while a request is answered, what its answer rests on."""
    request.environ[_RESTS_ON] = rests_on


def noted(environ: Mapping[str, Any]) -> RestsOn | None:
    """What the answer to a request rests on, if that was said."""
    return environ.get(_RESTS_ON)


def _request(scope: AsgiScope) -> Request | None:
    accept: bytes | None = None
    tag: bytes | None = None
    if scope["method"] != "GET":
        return None
    for name, value in scope["headers"]:
        if name == b"accept" and accept is None:
            accept = value
        elif name == b"if-none-match" and tag is None:
            tag = value
        elif name not in _INDIFFERENT and not name.startswith(b"sec-"):
            return None
    return scope["raw_path"], scope["query_string"], accept, tag
