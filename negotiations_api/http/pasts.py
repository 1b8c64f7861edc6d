"""Which state of the record a request reads: today's, or one of the past.

Two axes: `on` says of which day the record speaks (valid time), `revision` and `known_on` which
state of the record is asked (record time). A past state is a database of its own
(`records/past.py`), kept while it is used: those that were asked for last.
"""

import tempfile
import threading
from collections import OrderedDict, defaultdict
from pathlib import Path
from shutil import rmtree
from typing import Any, cast
from weakref import finalize

from flask import Flask, current_app
from marshmallow import ValidationError, validates_schema
from sqlalchemy.orm import Session

from negotiations_api.compare.date import last_day
from negotiations_api.database import Database
from negotiations_api.http.parameters import Whole
from negotiations_api.http.problem import bad_query
from negotiations_api.models import Negotiation
from negotiations_api.records.past import build_past, first_known, revision_on
from negotiations_api.schemas.base import StrictSchema
from negotiations_api.schemas.fields import Date

KNOWN = ("revision", "known_on")
"""The parameters that say it."""

MOST_KEPT = 8
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
    def _one_of_them(self, given: dict[str, Any], **_: Any) -> None:
        if "revision" in given and "known_on" in given:
            raise ValidationError("Give either revision or known_on.", "known_on")


class Pasts:
    """The states of the past that were asked for last, each in a file of its own."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._directory: Path | None = None
        self._kept: OrderedDict[tuple[int, int], tuple[Database, Path]] = OrderedDict()
        self._lock = threading.Lock()
        self._building: defaultdict[tuple[int, int], threading.Lock] = defaultdict(threading.Lock)
        self._made = 0

    def at(self, session: Session, negotiation: Negotiation, revision: int) -> Database:
        """The database of `negotiation` at `revision`, which `session` reads at a later one."""
        key = (negotiation.id, revision)
        with self._lock:
            building = self._building[key]
        with building:
            with self._lock:
                if key in self._kept:
                    self._kept.move_to_end(key)
                    return self._kept[key][0]
                self._made += 1
                path = self._room() / f"{self._made}.db"
            database = build_past(session, negotiation, revision, path)
            with self._lock:
                self._kept[key] = (database, path)
                self._building.pop(key, None)
                gone = self._kept.popitem(last=False)[1] if len(self._kept) > self._most else None
        if gone is not None:
            _drop(*gone)
        return database

    def _room(self) -> Path:
        """A directory of its own, made when it is first needed, which ends with the process."""
        if self._directory is None:
            self._directory = Path(tempfile.mkdtemp(prefix="negotiations-"))
            finalize(self, rmtree, self._directory, ignore_errors=True)
        return self._directory


def _drop(database: Database, path: Path) -> None:
    """Let go of a file; who reads it still, reads it to the end."""
    database.dispose()
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


def open_past(session: Session, negotiation: Negotiation, revision: int) -> Session:
    """A session on the past, to be closed by whoever asked for it."""
    pasts = cast("Pasts", current_app.extensions["pasts"])
    database = pasts.at(session, negotiation, revision)
    return database.reading()
