"""Which state of the record a request reads: today's, or one of the past.

Two axes: `on` says of which day the record speaks (valid time), `revision` and `known_on` which
state of the record is asked (record time). A past state is a database of its own
(`records/past.py`), kept while it is used: those that were asked for last.
"""

import itertools
import os
import tempfile
import threading
from collections import OrderedDict
from pathlib import Path
from shutil import rmtree
from typing import Any, cast
from weakref import finalize

from flask import Flask, current_app, request
from marshmallow import ValidationError, validates_schema
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from negotiations_api.compare.date import last_day
from negotiations_api.database import Database
from negotiations_api.database.sight import Sight
from negotiations_api.http.parameters import Whole
from negotiations_api.http.problem import Problem, bad_query
from negotiations_api.models import CatalogueRevision, Negotiation, Position
from negotiations_api.records.numbering import numbering
from negotiations_api.records.past import NotThere, build_past
from negotiations_api.records.revisions import first_known, revision_on
from negotiations_api.schemas.base import StrictSchema
from negotiations_api.schemas.fields import Date

KNOWN = ("revision", "known_on")
"""The parameters that say it."""

MOST_KEPT = 16
MOST_BYTES = 2**30
WAIT_S = 1
HIDING_WAIT_S = 10
"""So long one waits for another state that is being made: not for long, in one of a few threads."""

RETRY_AFTER_S = 5

MOST_POSITIONS = 100_000
"""So many positions a state has at most: to make one of so many takes some ten seconds."""

_PREFIX = "negotiations-past-"
_LARGEST = 2**31 - 1


class KnownQuery(StrictSchema):
    """Which state of the record is asked."""

    revision = Whole(
        0,
        _LARGEST,
        metadata={
            "description": "The record as it stood at that revision of the negotiation.",
            "examples": [1],
        },
    )
    known_on = Date(
        metadata={"description": "The record as it stood at the end of that date (UTC)."}
    )

    @validates_schema(skip_on_field_errors=False)
    def _one_state_only(self, given: dict[str, Any], **_: Any) -> None:
        if "revision" in given and "known_on" in given:
            raise ValidationError("Give either revision or known_on.", "known_on")


Key = tuple[int, int, Sight | None, int | None, bool]
"""A negotiation (its id), a revision as it is counted, what is seen of it, how often what is shared
has changed, and whether that is the last revision.
"""

ON_ARRIVAL = "negotiations.on_arrival"
"""Whether a request is answered where all of them arrive, so that nothing there may take long."""

ELSEWHERE = "negotiations.elsewhere"
"""That it has to be answered elsewhere, since it would."""

_SHARED = select(func.sum(CatalogueRevision.revision))


class Pasts:
    """The states of the past that were asked for last, each in a file of its own."""

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
        shared, counted = None, revision
        if sight is not None:
            # What is shared may change without any revision of the negotiation.
            shared = session.scalar(_SHARED)
            # At a revision that is hidden what is seen is what it was at the one before.
            counted = numbering(session, negotiation.id, sight).seen(revision)
        key = (negotiation.id, counted, sight, shared, is_today)
        found = self._opened(key)
        if found is not None:
            return found
        beyond = _beyond_bound(negotiation, revision, sight)
        if not is_today and session.scalar(beyond) is not None:
            said = (
                f"'{negotiation.slug}' had more than {MOST_POSITIONS:,} positions, too many to "
                "make the record as it stood: its history tells what was changed since, and of "
                f"one record what it was (since={revision + 1})."
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
                if len(alike) < 2 or (len(alike) <= self._most and size <= self._most_bytes):
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


def asked_revision(session: Session, negotiation: Negotiation, known: dict[str, Any]) -> int | None:
    """The revision that is asked for; None for today's. Raises Problem (400) for one not known."""
    if "known_on" in known:
        day = last_day(known["known_on"])
        revision = revision_on(session, negotiation, day)
        if revision is None:
            raise bad_query({"known_on": f"Nothing is known of what was recorded by {day}."})
        return revision
    revision = known.get("revision")
    if revision is None:
        return None
    first = first_known(session, negotiation)
    if not first <= revision <= negotiation.revision:
        span = f"{first} to {negotiation.revision}"
        raise bad_query({"revision": f"'{negotiation.slug}' has the revisions {span}: give one."})
    return int(revision)


def open_past(
    session: Session, negotiation: Negotiation, revision: int, sight: Sight | None = None
) -> Session:
    """A session on the past, or on what is seen with `sight`, to be closed by whoever asked for it.

    Raises Problem: 400 for a revision at which the negotiation was not there, 503 if it cannot be
    made now.
    """
    pasts = cast("Pasts", current_app.extensions["pasts"])
    try:
        return pasts.open(session, negotiation, revision, sight)
    except NotThere:
        said = f"'{negotiation.slug}' was not there at revision {revision}: give another one."
        raise bad_query({"revision": said}) from None
