"""Idempotency-Key: a POST that is sent again gets its first answer, and is done once.

After draft-ietf-httpapi-idempotency-key-header. The answer is kept in the transaction that writes
what it tells of, so that there is never one without the other, whatever ends the process. Refusals
are not kept: nothing was written, and the request is judged anew. What has been answered is said
again without a transaction that writes. What is under way is known within a process by a set;
PostgreSQL knows it among processes, too, and on SQLite the second one waits for the write lock and
then finds the answer (docs/decisions/0014).
"""

import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from flask import Response, current_app, request
from sqlalchemy import Row, bindparam, delete, insert, select
from sqlalchemy.orm import Session

from negotiations_api.database import Database, claim
from negotiations_api.http import consistency
from negotiations_api.http.caller import caller
from negotiations_api.http.problem import Problem
from negotiations_api.models import AudienceMember, KeptAnswer
from negotiations_api.models.base import now

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
KEPT = timedelta(days=1)
LONGEST = 255
PATTERN = f"^[!-~]{{1,{LONGEST}}}$"

_KEY = re.compile(PATTERN)
_AUDIENCES = select(AudienceMember.audience_id).where(AudienceMember.name == bindparam("name"))
_RETRY_AFTER_S = 1
_MOST_FORGOTTEN = 1000
_under_way: set[str] = set()
_lock = threading.Lock()

_ANSWER = select(
    KeptAnswer.fingerprint,
    KeptAnswer.status,
    KeptAnswer.headers,
    KeptAnswer.body,
    KeptAnswer.created_at,
).where(KeptAnswer.key == bindparam("key"))


class InFlight(Problem):
    """The first request with a key has not been answered yet, as far as one could see."""

    def __init__(self) -> None:
        super().__init__(
            "in-flight",
            "The first request with this key has not been answered yet.",
            headers={"Retry-After": str(_RETRY_AFTER_S)},
        )


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
    told = f"{known.key} {rights.scope} {seen} {_audiences_of(known.name)} {plain}"
    return hashlib.sha256(told.encode()).hexdigest()


def _audiences_of(name: str | None) -> list[int]:
    """The audiences (ids) that a caller is in, in all negotiations."""
    if name is None:
        return []
    database: Database = current_app.extensions["database"]
    return sorted(row.audience_id for row in database.quickly(_AUDIENCES, {"name": name}))


def answer_once(
    database: Database, key: str | None, body: bytes, media: str, write: Callable[[], Response]
) -> Response:
    """What `write` answers; or, to a request with a key, what that was answered before.

    Raises InFlight (409) while another one with the key is answered, and Problem (422) if the key
    was another request's.
    """
    if key is None:
        return write()
    if replayed := _replay(database, key, body, media):
        return replayed
    try:
        with _held(key):
            return write()
    except InFlight:
        # The one that was in the way may have been answered meanwhile, or be a replay itself.
        if replayed := _replay(database, key, body, media):
            return replayed
        raise


def _replay(database: Database, key: str, body: bytes, media: str) -> Response | None:
    """The answer that was given to this request before, if any: what is committed on the primary.

    It is read only, so that no replay keeps another one waiting, or waits for who writes.
    """
    found = database.quickly(_ANSWER, {"key": key})
    if not found or _is_old(found[0]):
        return None
    response = _replayed(found[0], body, media)
    if token := database.committed_lsn():
        response.headers[consistency.HEADER] = token
    return response


@contextmanager
def _held(key: str) -> Iterator[None]:
    """Hold `key` while its request is answered. Raises InFlight if another one holds it."""
    with _lock:
        if key in _under_way:
            raise InFlight
        _under_way.add(key)
    try:
        yield
    finally:
        with _lock:
            _under_way.discard(key)


def keep(
    session: Session,
    key: str | None,
    body: bytes,
    media: str,
    respond: Callable[[Session], Response],
) -> Response:
    """What `respond` answers, kept with what it tells of if the request has a key.

    Or what has been answered since that was looked for. Raises InFlight and Problem as answer_once.
    """
    if key is None:
        return respond(session)
    if kept := _begin(session, key, body, media):
        return kept
    response = respond(session)
    session.execute(
        insert(KeptAnswer).values(
            key=key,
            fingerprint=_fingerprint(body, media),
            status=response.status_code,
            headers=json.dumps(list(response.headers.items())),
            body=response.get_data(),
        )
    )
    return response


def _begin(session: Session, key: str, body: bytes, media: str) -> Response | None:
    """Claim `key` for the transaction; the answer that was given before, if any, or old ones go."""
    if not claim(session, f"{HEADER} {key}"):
        raise InFlight
    found = session.execute(_ANSWER, {"key": key}).first()
    if found is not None and not _is_old(found):
        return _replayed(found, body, media)
    unseen = {"synchronize_session": False}
    if found is not None:
        session.execute(delete(KeptAnswer).where(KeptAnswer.key == key), execution_options=unseen)
    # Not those that another transaction is deleting: it would be waited for.
    old = select(KeptAnswer.key).where(KeptAnswer.created_at < now() - KEPT).limit(_MOST_FORGOTTEN)
    session.execute(
        delete(KeptAnswer).where(KeptAnswer.key.in_(old.with_for_update(skip_locked=True))),
        execution_options=unseen,
    )
    return None


def _is_old(kept: Row[*tuple[Any, ...]]) -> bool:
    return bool(kept.created_at < now() - KEPT)


def _replayed(kept: Row[*tuple[Any, ...]], body: bytes, media: str) -> Response:
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


def _fingerprint(body: bytes, media: str) -> str:
    asked = f"{request.method} {request.full_path} {request.mimetype} {media}\n"
    return hashlib.sha256(asked.encode(errors="replace") + body).hexdigest()
