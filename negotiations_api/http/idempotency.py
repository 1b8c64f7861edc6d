"""Idempotency-Key: a POST that is sent again gets its first answer, and is done once.

After draft-ietf-httpapi-idempotency-key-header. The answer is kept in the transaction that writes
what it tells of, so that there is never one without the other, whatever ends the process. Refusals
are not kept: nothing was written, and the request is judged anew. What is under way is known within
a process by a set; PostgreSQL knows it among processes, too, and on SQLite the second one waits for
the write lock and then finds the answer (docs/decisions/0014).
"""

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from flask import Response, request
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from negotiations_api.database import claim
from negotiations_api.http.caller import caller
from negotiations_api.http.problem import Problem
from negotiations_api.models import KeptAnswer
from negotiations_api.models.base import now

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
KEPT = timedelta(days=1)
LONGEST = 255
PATTERN = f"^[!-~]{{1,{LONGEST}}}$"

_KEY = re.compile(PATTERN)
_RETRY_AFTER_S = 1
_MOST_FORGOTTEN = 1000
_under_way: set[str] = set()
_lock = threading.Lock()


def read_key(*, may_be: bool) -> str | None:
    """The key of the request, as that of its caller with the rights that it has now.

    So nobody is given the answers of another, or what it may see no more.

    Raises Problem (400) for what is none.
    """
    key = request.headers.get(HEADER)
    if key is None or request.method != "POST":
        return None
    if not may_be:
        detail = f"{HEADER}: Leave it out: what is answered here is secret, and kept nowhere."
        raise Problem("bad-header", detail)
    # The draft writes it as a string with quotation marks, most clients without.
    plain = key[1:-1] if len(key) > 1 and key[0] == key[-1] == '"' else key
    if not _KEY.match(plain):
        raise Problem(
            "bad-header",
            f"{HEADER}: Give 1 to {LONGEST} printable ASCII characters without spaces, "
            "such as a UUID.",
        )
    known = caller()
    rights = known.rights
    seen = "all" if rights.negotiations is None else sorted(rights.negotiations)
    told = f"{known.key} {rights.scope} {seen} {plain}"
    return hashlib.sha256(told.encode()).hexdigest()


@contextmanager
def under_way(key: str) -> Iterator[None]:
    """Hold `key` while its request is answered. Raises Problem (409) if another one holds it."""
    with _lock:
        if key in _under_way:
            raise _in_flight()
        _under_way.add(key)
    try:
        yield
    finally:
        with _lock:
            _under_way.discard(key)


def replay(session: Session, key: str, body: bytes, media: str) -> Response | None:
    """The answer that was given to this request before, if any.

    Raises Problem: 409 while another process answers it, 422 if the key was another request's.
    """
    if not claim(session, f"{HEADER} {key}"):
        raise _in_flight()
    # Not those that another transaction is deleting: it would be waited for.
    old = select(KeptAnswer.key).where(KeptAnswer.created_at < now() - KEPT).limit(_MOST_FORGOTTEN)
    session.execute(
        delete(KeptAnswer)
        .where(KeptAnswer.key.in_(old.with_for_update(skip_locked=True)))
        .execution_options(synchronize_session=False)
    )
    kept = session.get(KeptAnswer, key)
    if kept is None:
        return None
    if kept.fingerprint != _fingerprint(body, media):
        raise Problem(
            "key-reused",
            f"{HEADER} {request.headers[HEADER][:80]} came with another address, body or format "
            "before: give each request a key of its own.",
        )
    headers = [(name, value) for name, value in json.loads(kept.headers)]
    response = Response(kept.body, kept.status, headers)
    response.headers[REPLAYED] = "true"
    return response


def keep(session: Session, key: str, body: bytes, media: str, response: Response) -> None:
    """Keep `response`, with what it tells of."""
    session.execute(
        insert(KeptAnswer).values(
            key=key,
            fingerprint=_fingerprint(body, media),
            status=response.status_code,
            headers=json.dumps(list(response.headers.items())),
            body=response.get_data(),
        )
    )


def _fingerprint(body: bytes, media: str) -> str:
    asked = f"{request.method} {request.full_path} {request.mimetype} {media}\n"
    return hashlib.sha256(asked.encode(errors="replace") + body).hexdigest()


def _in_flight() -> Problem:
    return Problem(
        "in-flight",
        "The first request with this key has not been answered yet.",
        headers={"Retry-After": str(_RETRY_AFTER_S)},
    )
