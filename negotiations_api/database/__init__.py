"""The sessions, and the one place that commits. What is special to an engine is in this package.

Three kinds of transaction: one that reads a single consistent state, one that writes, and one that
changes what negotiations share (parties, issues, sources). On SQLite a write takes the write lock
at its beginning (BEGIN IMMEDIATE), so that it cannot read something stale and then fail. On
PostgreSQL writes of different negotiations run side by side; one that changes the shared catalogue
waits for them and keeps new ones waiting, so that the revision of every negotiation that shows the
change is raised with it (docs/decisions/0006). Reads may go to replicas (`replicas.py`).
"""

import datetime as dt
import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select, event, func, select
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from negotiations_api.database.authorship import Authorship, authorship
from negotiations_api.database.bulk import (
    finish_bulk,
    may_skip_checks,
    prepare_bulk,
    unchecked,
    write_rows,
)
from negotiations_api.database.engines import (
    Access,
    connect,
    has_wal_reset_bug,
    is_there,
    isolation,
)
from negotiations_api.database.failures import brief, trace
from negotiations_api.database.history import (
    Noted,
    has_seen,
    last_revision,
    note,
    note_gone,
    note_shown,
)
from negotiations_api.database.quick import REVISION, Quick
from negotiations_api.database.replicas import (
    BEYOND_ALL,
    LONGEST_WAIT_S,
    LSN,
    WAIT_S,
    ReadingSession,
    Replica,
    Replicas,
    lsn_of,
    parse_lsn,
)
from negotiations_api.database.revisions import revisions, settle, touch
from negotiations_api.database.uses import Uses, write_uses

__all__ = [
    "LONGEST_WAIT_S",
    "LSN",
    "WAIT_S",
    "Access",
    "Authorship",
    "Database",
    "Noted",
    "OutcomeUnknown",
    "authorship",
    "brief",
    "claim",
    "finish_bulk",
    "has_seen",
    "has_wal_reset_bug",
    "last_revision",
    "may_skip_checks",
    "note",
    "note_gone",
    "note_shown",
    "prepare_bulk",
    "revisions",
    "settle",
    "touch",
    "trace",
    "unchecked",
    "write_rows",
    "written_lsn",
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
        self.uses = Uses(self._write_uses)
        self._quick = Quick(self.engine)
        event.listen(self.engine, "handle_error", self._leave)
        self._engines = {
            access: self.engine.execution_options(access=access, **isolation(self.engine, access))
            for access in Access
        }

    @contextmanager
    def transaction(
        self, access: Access, *, is_trial: bool = False, by: Authorship | None = None
    ) -> Iterator[Session]:
        """A session whose work is committed at the end, or rolled back whole on any exception.

        It is on the primary, whatever it is for. A trial does all of it but the commit. What is
        written is written `by` somebody, if it is known by whom. Raises OutcomeUnknown.
        """
        with self._session(access) as session:
            if by is not None:
                session.info["authorship"] = by
            yield session
            if access is Access.READ or is_trial:
                return
            settle(session)
            _commit(session)
            if self.replicas.all:
                _note_lsn(session)

    def read(
        self, work: Callable[[Session], T], *, since: str | None = None, wait_s: float = WAIT_S
    ) -> T:
        """What `work` makes of one consistent state, on a replica or, where none can, the primary.

        The state has what was written up to the LSN `since`, for which a replica is waited for
        `wait_s` seconds at most. What a replica has failed at is done once more, on the primary; so
        is what broke off since the primary was lost. Raises ValueError for what is no LSN.
        """
        chosen: Replica | None = None
        least = parse_lsn(since) if since else 0

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
        try:
            with Session(self._engines[Access.READ], **_OPTIONS) as session:
                return work(session)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
        with self.transaction(Access.READ) as session:
            return work(session)

    def reading(self) -> Session:
        """A session that reads one state, for whoever closes it."""
        return Session(self._engines[Access.READ], **_OPTIONS)

    def revision_of(self, negotiation_id: int) -> int | None:
        """The revision of a negotiation as it is committed now, asked for by the shortest way.

        None if it is gone, or if it could not be asked for: then another way has to tell.
        """
        if self.replicas.all:
            asked = {"negotiation": negotiation_id}
            return self.read(lambda session: session.scalar(REVISION, asked))
        return self._quick.revision_of(negotiation_id)

    def quickly(
        self, statement: Select[*tuple[Any, ...]], given: Mapping[str, Any]
    ) -> list[Row[*tuple[Any, ...]]]:
        """The rows of one statement that reads what is committed now, on the primary.

        Raises DBAPIError if it does not answer, also when asked once more.
        """
        try:
            return self._quick.rows(statement, given)
        except SQLAlchemyError:
            with self.transaction(Access.READ) as session:
                return list(session.execute(statement, given).all())

    def committed_lsn(self) -> str | None:
        """The LSN of all that is committed now, where there are replicas."""
        if not self.replicas.all:
            return None
        with self._connected(Access.READ) as connection:
            return lsn_of(connection)

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

    def _write_uses(self, noted: Mapping[int, dt.datetime]) -> None:
        try:
            with self.transaction(Access.WRITE) as session:
                write_uses(session, noted)
        except (SQLAlchemyError, OutcomeUnknown) as error:
            log.warning("the last uses of tokens could not be written down: %s", brief(error))

    @contextmanager
    def _session(self, access: Access) -> Iterator[Session]:
        # The connection is kept beyond the commit, to ask for how far it has come.
        with self._connected(access) as connection, Session(connection, **_OPTIONS) as session:
            yield session

    def _connected(self, access: Access) -> Connection:
        """A connection to a server that is there. Raises DBAPIError if there is none."""
        connection = self._engines[access].connect()
        if not is_there(connection):
            connection.invalidate()
            connection.close()
            self.engine.dispose()  # the others are to the same server
            connection = self._engines[access].connect()
        return connection


def _commit(session: Session) -> None:
    try:
        session.commit()
    except DBAPIError as error:
        if error.connection_invalidated:
            raise OutcomeUnknown from error
        raise


def _note_lsn(session: Session) -> None:
    bind = session.get_bind()
    assert isinstance(bind, Connection)
    try:
        session.info["written_lsn"] = lsn_of(bind)
    except DBAPIError as error:
        log.warning(
            "written, but the server was lost before it said how far it is: %s", brief(error)
        )
        session.info["written_lsn"] = BEYOND_ALL


def written_lsn(session: Session) -> str | None:
    """The LSN of what the transaction has committed, where there are replicas."""
    lsn: str | None = session.info.get("written_lsn")
    return lsn


def claim(session: Session, name: str) -> bool:
    """Claim `name` until the end of the transaction; False if another transaction has it.

    On SQLite there is one writing transaction at a time, which has whatever it claims.
    """
    if session.get_bind().dialect.name != "postgresql":
        return True
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(number))))
