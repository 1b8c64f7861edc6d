"""The engine, the sessions, and the one place that commits. What is special to an engine is here.

Three kinds of transaction: one that reads a single consistent state, one that writes, and one that
changes what negotiations share (parties, issues, sources). On SQLite a write takes the write lock
at its beginning (BEGIN IMMEDIATE), so that it cannot read something stale and then fail. On
PostgreSQL writes of different negotiations run side by side; one that changes the shared catalogue
waits for them and keeps new ones waiting, so that the revision of every negotiation that shows the
change is raised with it (docs/decisions/0006).
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Table,
    create_engine,
    event,
    func,
    make_url,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session, UOWTransaction, sessionmaker

from negotiations_api.models import Catalogued, CatalogueRevision, Negotiation, Record
from negotiations_api.models.references import negotiations_touched

BUSY_TIMEOUT_S = 10
_CATALOGUE_LOCK = 0x6E676F74


class Access(Enum):
    """What a transaction is for."""

    READ = "read"
    WRITE = "write"
    CATALOGUE = "catalogue"


class Database:
    """An engine and its transactions."""

    def __init__(self, url: str) -> None:
        """Connect lazily to `url`; raises sqlalchemy.exc.ArgumentError for what is no address."""
        self.engine = _engine(url)
        self._sessions = {
            access: sessionmaker(
                self.engine.execution_options(access=access, **self._isolation(access)),
                autoflush=False,
                expire_on_commit=False,
            )
            for access in Access
        }

    @contextmanager
    def transaction(self, access: Access, *, is_trial: bool = False) -> Iterator[Session]:
        """A session whose work is committed at the end, or rolled back whole on any exception.

        A trial does all of it but the commit.
        """
        with self._sessions[access]() as session:
            yield session
            if access is Access.READ or is_trial:
                return
            settle(session)
            session.commit()

    def _isolation(self, access: Access) -> dict[str, Any]:
        if self.engine.dialect.name != "postgresql" or access is not Access.READ:
            return {}
        return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


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


def prepare_bulk(session: Session) -> None:
    """Give the transaction the memory to sort and to index a million rows: 64 MiB."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql("SET LOCAL work_mem = '64MB'")
    else:
        session.connection().exec_driver_sql("PRAGMA cache_size = -65536")


def finish_bulk(session: Session) -> None:
    """Let the engine count anew what there is, which its plans of queries rest on."""
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA analysis_limit = 1000")
    session.connection().exec_driver_sql("ANALYZE position")


def write_rows(session: Session, table: Table, rows: Iterable[tuple[Any, ...]]) -> None:
    """Write rows, whose values are in the order of the columns, as fast as the driver can."""
    names = ", ".join(column.name for column in table.columns)
    driver: Any = session.connection().connection.driver_connection
    if session.get_bind().dialect.name == "postgresql":
        with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        marks = ", ".join("?" * len(table.columns))
        statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  # our own names
        driver.executemany(statement, rows).close()


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


def _engine(url: str) -> Engine:
    dialect = make_url(url).get_backend_name()
    if dialect not in {"sqlite", "postgresql"}:
        raise ArgumentError(f"{dialect} is neither sqlite nor postgresql")
    if dialect == "sqlite":
        engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        engine = create_engine(url, pool_pre_ping=True)
        event.listen(engine, "begin", _begin_postgresql)
    return engine


def _prepare_sqlite(connection: Any, _: Any) -> None:
    # The driver's own transactions begin too late: BEGIN is ours (see _begin_sqlite).
    connection.isolation_level = None
    for pragma in ("foreign_keys = ON", "journal_mode = WAL", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get("access") is Access.READ
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _begin_postgresql(connection: Connection) -> None:
    match connection.get_execution_options().get("access"):
        case Access.WRITE:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock_shared({_CATALOGUE_LOCK})")
        case Access.CATALOGUE:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_CATALOGUE_LOCK})")


def has_wal_reset_bug(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> bool:
    """Whether that version of SQLite can corrupt a database that two write at the same instant.

    It is rare; see https://www.sqlite.org/wal.html#walresetbug.
    """
    return version < (3, 51, 3) and not (
        (3, 44, 6) <= version < (3, 45) or (3, 50, 7) <= version < (3, 51)
    )
