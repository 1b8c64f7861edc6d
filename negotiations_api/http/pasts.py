"""The states of the record that are copies: those of the past, and what one sees of today's.

Each is a database of its own (`records/past.py`), kept while it is used: those that were asked for
last. Which one a request asks for is in `known.py`, what its caller sees in `call.py`.
"""

import itertools
import os
import tempfile
import threading
from collections import OrderedDict
from pathlib import Path
from shutil import rmtree
from typing import cast
from weakref import finalize

from flask import Flask, current_app, request
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from negotiations_api.database import Database
from negotiations_api.database.sight import Sight
from negotiations_api.http.lanes import ELSEWHERE, ON_ARRIVAL
from negotiations_api.http.problem import Problem, bad_query
from negotiations_api.models import CatalogueRevision, Negotiation, Position
from negotiations_api.records.history import signed_for
from negotiations_api.records.numbering import numbering
from negotiations_api.records.past import NotThere, build_past

MOST_KEPT = 16
MOST_OF_TODAY = 128
"""So many states of today's record are kept: one question may ask for one of each negotiation."""

MOST_BYTES = 2**30
WAIT_S = 1
HIDING_WAIT_S = 10
"""So long one waits for another state that is being made: not for long, in one of a few threads."""

RETRY_AFTER_S = 5

MOST_POSITIONS = 100_000
"""So many positions a state has at most: to make one of so many takes some ten seconds."""

_PREFIX = "negotiations-past-"


Key = tuple[int, int, Sight | None, tuple[int | None, str] | None, bool]
"""A negotiation (its id), a revision as it is counted, what is seen of it, how often what is shared
has changed and who is told by whom, and whether that is the last revision.
"""

_SHARED = select(func.sum(CatalogueRevision.revision))


class Pasts:
    """The states that were asked for last, each in a file of its own."""

    def __init__(self, most: int = MOST_KEPT, most_bytes: int = MOST_BYTES) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._directory: Path | None = None
        self._kept: OrderedDict[Key, tuple[Database, Path]] = OrderedDict()
        self._lock = threading.Lock()
        self._building = threading.Lock()
        self._hiding = threading.Lock()
        self._made = itertools.count(1)

    def open(
        self,
        session: Session,
        negotiation: Negotiation,
        revision: int,
        sight: Sight | None = None,
    ) -> Session:
        """A session on `negotiation` at `revision`, for whoever closes it.

        On what is seen of it with `sight`, where that is not everything. `session` reads it at a
        later one, or at that. Raises NotThere, and Problem: 400 if it had too many positions, 503
        if another state is being made, each of which takes the disk and a core.
        """
        is_today = revision == negotiation.revision
        shared = None
        if sight is not None:
            # What is shared may change without any revision of the negotiation.
            shared = session.scalar(_SHARED), signed_for(session)
        # At a revision that is hidden what is seen is what it was at the one before.
        counted = _counted(session, negotiation, revision, sight)
        key = (negotiation.id, counted, sight, shared, is_today)
        found = self._opened(key)
        if found is not None:
            return found
        beyond = _beyond_bound(negotiation, revision, sight)
        if not is_today and session.scalar(beyond) is not None:
            said = (
                f"'{negotiation.slug}' had more than {MOST_POSITIONS:,} positions, too many to "
                "make the record as it stood: its history tells what was changed since, and of "
                f"one record what it was (since={counted + 1})."
            )
            raise bad_query({"revision": said})
        if request.environ.get(ON_ARRIVAL):
            request.environ[ELSEWHERE] = True
            raise Problem("unavailable", "This takes longer than it may where requests arrive.")
        # What is seen of today's record waits for no state of the past.
        turn, wait_s = (self._hiding, HIDING_WAIT_S) if is_today else (self._building, WAIT_S)
        if not turn.acquire(timeout=wait_s):
            raise Problem(
                "unavailable",
                "Another state of the record is being made; this one is made when that is.",
                headers={"Retry-After": str(RETRY_AFTER_S)},
            )
        try:
            found = self._opened(key)
            return found or self._build(key, session, negotiation, revision)
        finally:
            turn.release()

    def _build(
        self, key: Key, session: Session, negotiation: Negotiation, revision: int
    ) -> Session:
        path = self.directory / f"{next(self._made)}.db"
        try:
            database = build_past(session, negotiation, revision, path, key[2])
        except BaseException:
            _remove(path)
            raise
        with self._lock:
            self._kept[key] = (database, path)
        self._make_room(is_today=key[-1])
        opened = self._opened(key)
        assert opened is not None
        return opened

    def _opened(self, key: Key) -> Session | None:
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            opened = self._kept[key][0].reading()
            # The file is held from here on, whether its name is taken away or not.
            opened.connection().exec_driver_sql("SELECT 1 FROM negotiation").close()
            return opened

    def _make_room(self, *, is_today: bool) -> None:
        """Let go of those that were asked for first; the last one stays, whatever it takes.

        Those of the past make no room among those of today, which others ask for.
        """
        with self._lock:
            while True:
                alike = [key for key in self._kept if key[-1] is is_today]
                size = sum(self._kept[key][1].stat().st_size for key in alike)
                most = MOST_OF_TODAY if is_today else self._most
                if len(alike) < 2 or (len(alike) <= most and size <= self._most_bytes):
                    return
                database, path = self._kept.pop(alike[0])
                database.dispose()
                _remove(path)  # who reads it still, reads it to the end

    @property
    def directory(self) -> Path:
        """A directory of this process, made when it is first needed.

        Those of processes that are no more go: most of them end without a chance to clean up.
        """
        if self._directory is None:
            parent = Path(tempfile.gettempdir())
            for other in parent.glob(f"{_PREFIX}*"):
                owner = other.name.removeprefix(_PREFIX).partition("-")[0]
                if owner.isdecimal() and not _is_running(int(owner)):
                    rmtree(other, ignore_errors=True)
            self._directory = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
            finalize(self, rmtree, self._directory, ignore_errors=True)
        return self._directory


def _counted(session: Session, negotiation: Negotiation, revision: int, sight: Sight | None) -> int:
    """A revision as whoever has `sight` counts them."""
    if sight is None:
        return revision
    return numbering(session, negotiation.id, sight).seen(revision)


def _beyond_bound(negotiation: Negotiation, revision: int, sight: Sight | None) -> Select[int]:
    """A position beyond those that a state may have, if there is one: of those that are seen."""
    of_then = [Position.negotiation_id == negotiation.id, Position.created_revision <= revision]
    if sight is not None:
        limited = Position.audience_id
        of_then.append(or_(limited.is_(None), limited.in_(sorted(sight.audiences))))
    return select(Position.id).where(*of_then).offset(MOST_POSITIONS).limit(1)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def register(app: Flask) -> None:
    """Let `app` answer of the past."""
    app.extensions["pasts"] = Pasts()


def open_past(
    session: Session,
    negotiation: Negotiation,
    revision: int,
    sight: Sight | None = None,
    number: int | None = None,
) -> Session:
    """A session on the past, or on what is seen with `sight`, to be closed by whoever asked for it.

    `number` is the revision as the caller counts them, where that is not the same. Raises Problem:
    400 for a revision at which the negotiation was not there, 503 if it cannot be made now.
    """
    pasts = cast("Pasts", current_app.extensions["pasts"])
    try:
        return pasts.open(session, negotiation, revision, sight)
    except NotThere:
        asked = revision if number is None else number
        said = f"'{negotiation.slug}' was not there at revision {asked}: give another one."
        raise bad_query({"revision": said}) from None
