"""The sessions, and the one place that commits. What is special to an engine is in this package.

Three kinds of transaction: one that reads a single consistent state, one that writes, and one that
changes what negotiations share (parties, issues, sources). On SQLite a write takes the write lock
at its beginning (BEGIN IMMEDIATE), so that it cannot read something stale and then fail. On
PostgreSQL writes of different negotiations run side by side; one that changes the shared catalogue
waits for them and keeps new ones waiting, so that the revision of every negotiation that shows the
change is raised with it (docs/decisions/0006). Reads may go to replicas (`replicas.py`).
"""

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, event, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, UOWTransaction

from negotiations_api.database.bulk import (
    finish_bulk,
    may_skip_checks,
    prepare_bulk,
    unchecked,
    write_rows,
)
from negotiations_api.database.engines import Access, connect, has_wal_reset_bug, isolation
from negotiations_api.database.quick import REVISION, Quick
from negotiations_api.database.replicas import (
    BEYOND_ALL,
    LONGEST_WAIT_S,
    POSITION,
    WAIT_S,
    ReadingSession,
    Replica,
    Replicas,
    brief,
    position,
    read_token,
)
from negotiations_api.models import Catalogued, CatalogueRevision, Negotiation, Record
from negotiations_api.models.references import negotiations_touched

__all__ = [
    "LONGEST_WAIT_S",
    "POSITION",
    "WAIT_S",
    "Access",
    "Database",
    "OutcomeUnknown",
    "claim",
    "finish_bulk",
    "has_wal_reset_bug",
    "may_skip_checks",
    "prepare_bulk",
    "revisions",
    "settle",
    "touch",
    "unchecked",
    "write_rows",
    "written_at",
]

log = logging.getLogger(__name__)

T = TypeVar("T")

_OPTIONS: dict[str, Any] = {"autoflush": False, "expire_on_commit": False}


class OutcomeUnknown(Exception):
    """The connection was lost while it was committing: all was written, or nothing."""


class Database:
    """An engine and its transactions; and what may be read elsewhere, where there are replicas."""

    def __init__(self, url: str, replica_urls: Sequence[str] = ()) -> None:
        """Connect lazily; raises sqlalchemy.exc.ArgumentError for what is no address."""
        self.engine = connect(url)
        self.replicas = Replicas(replica_urls)
        self._quick = Quick(self.engine)
        event.listen(self.engine, "handle_error", self._leave)
        self._engines = {
            access: self.engine.execution_options(access=access, **isolation(self.engine, access))
            for access in Access
        }

    @contextmanager
    def transaction(self, access: Access, *, is_trial: bool = False) -> Iterator[Session]:
        """A session whose work is committed at the end, or rolled back whole on any exception.

        It is on the primary, whatever it is for. A trial does all of it but the commit. Raises
        OutcomeUnknown.
        """
        with self._session(access) as session:
            yield session
            if access is Access.READ or is_trial:
                return
            settle(session)
            _commit(session)
            if self.replicas.all:
                _note_position(session)

    def read(
        self, work: Callable[[Session], T], *, since: str | None = None, wait_s: float = WAIT_S
    ) -> T:
        """What `work` makes of one consistent state, on a replica or, where none can, the primary.

        The state has what was written at the token `since`, for which a replica is waited for up to
        `wait_s` seconds. What a replica has failed at is done once more, on the primary. Raises
        ValueError for what is no token.
        """
        chosen: Replica | None = None
        least = read_token(since) if since else 0

        def choose() -> Connection:
            nonlocal chosen
            found = self.replicas.connection(least, wait_s)
            if found is None:
                return self._engines[Access.READ].connect()
            chosen, connection = found
            return connection

        if self.replicas.all and since != BEYOND_ALL:
            try:
                with ReadingSession(choose, **_OPTIONS) as reading:
                    return work(reading)
            except DBAPIError as error:
                if chosen is None:
                    raise
                chosen.fail(error)
        with self.transaction(Access.READ) as session:
            return work(session)

    def revision_of(self, negotiation_id: int) -> int | None:
        """The revision of a negotiation as it is committed now, asked for by the shortest way.

        None if it is gone, or if it could not be asked for: then another way has to tell.
        """
        if self.replicas.all:
            asked = {"negotiation": negotiation_id}
            return self.read(lambda session: session.scalar(REVISION, asked))
        return self._quick.revision_of(negotiation_id)

    def dispose(self) -> None:
        """Close the connections that are not in use."""
        self.engine.dispose()
        self._quick.forget()
        for replica in self.replicas.all:
            replica.engine.dispose()

    def _leave(self, context: ExceptionContext) -> None:
        """Leave the quick connections, too, when those to the server are left."""
        if context.is_disconnect:
            self._quick.forget()

    @contextmanager
    def _session(self, access: Access) -> Iterator[Session]:
        if access is Access.READ:
            with Session(self._engines[access], **_OPTIONS) as session:
                yield session
        else:
            # The connection is kept beyond the commit, to ask for how far it has come.
            with (
                self._engines[access].connect() as connection,
                Session(connection, **_OPTIONS) as session,
            ):
                yield session


def _commit(session: Session) -> None:
    try:
        session.commit()
    except DBAPIError as error:
        if error.connection_invalidated:
            raise OutcomeUnknown from error
        raise


def _note_position(session: Session) -> None:
    bind = session.get_bind()
    assert isinstance(bind, Connection)
    try:
        session.info["written_at"] = position(bind)
    except DBAPIError as error:
        log.warning(
            "written, but the server was lost before it said how far it is: %s", brief(error)
        )
        session.info["written_at"] = BEYOND_ALL


def written_at(session: Session) -> str | None:
    """The token for what the transaction has committed, where there are replicas."""
    token: str | None = session.info.get("written_at")
    return token


def claim(session: Session, name: str) -> bool:
    """Claim `name` until the end of the transaction; False if another transaction has it.

    On SQLite there is one writing transaction at a time, which has whatever it claims.
    """
    if session.get_bind().dialect.name != "postgresql":
        return True
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(number))))


def revisions(session: Session) -> dict[int, int]:
    """The new revision of each negotiation, by id, that the transaction has committed."""
    raised: dict[int, int] = session.info.setdefault("revisions", {})
    return raised


def _touched(session: Session) -> set[int]:
    touched: set[int] = session.info.setdefault("touched", set())
    return touched


def touch(session: Session, negotiation: Negotiation) -> None:
    """Have the revision of `negotiation` raised, for a change that the session does not see."""
    _touched(session).add(negotiation.id)


def settle(session: Session) -> None:
    """Flush, and raise the revision of each negotiation that the transaction has touched."""
    session.flush()
    ids = sorted(_touched(session))
    for start in range(0, len(ids), 500):
        raised = session.execute(
            update(Negotiation)
            .where(Negotiation.id.in_(ids[start : start + 500]))
            # The revision is of what the negotiation shows; the record itself stays as it is.
            .values(revision=Negotiation.revision + 1, updated_at=Negotiation.updated_at)
            .returning(Negotiation.id, Negotiation.revision)
            .execution_options(synchronize_session=False)
        )
        revisions(session).update(dict(iter(raised)))
    _touched(session).clear()
    _raise_catalogue(session)


def _raise_catalogue(session: Session) -> None:
    """Raise the revision of each noun of the catalogue of which a record has changed.

    The row stays locked until the commit, so that no two transactions raise it to the same.
    """
    nouns: set[str] = session.info.pop("nouns", set())
    if not nouns:
        return
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert if is_sqlite else postgresql.insert
    rows = [{"noun": noun, "revision": 1} for noun in sorted(nouns)]
    session.execute(
        insert(CatalogueRevision)
        .values(rows)
        .on_conflict_do_update(
            index_elements=[CatalogueRevision.noun],
            set_={"revision": CatalogueRevision.revision + 1},
        )
        .execution_options(synchronize_session=False)
    )


@event.listens_for(Session, "after_flush")
def _note_touched(session: Session, _: UOWTransaction) -> None:
    """Remember which negotiations the flush has changed something of."""
    changed = {record for record in session.dirty if session.is_modified(record)}
    for record in {*session.new, *session.deleted, *changed}:
        if isinstance(record, Record):
            _touched(session).update(negotiations_touched(session, record))
        if isinstance(record, Catalogued):
            session.info.setdefault("nouns", set()).add(record.noun)
