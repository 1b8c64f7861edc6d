"""What is special to an engine: how it is connected to, how a transaction begins, what it reports.

A PostgreSQL address may name several servers, as libpq has it: ``postgresql://one,two:5433/name``.
The first of them that takes writes is connected to, so that the primary may be another one by the
next connection.
"""

import re
import sqlite3
from collections.abc import Mapping
from enum import Enum
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ArgumentError
from sqlalchemy.util import LRUCache

BUSY_TIMEOUT_S = 10
_CATALOGUE_LOCK = 0x6E676F74
_HOSTS = re.compile(
    r"(?P<scheme>postgres[^:/]*://)(?P<user>[^@/]*@)?(?P<hosts>[^/?@]*,[^/?]*)(?P<rest>.*)"
)
_PATIENCE: Mapping[str, int] = {
    "connect_timeout": 2,
    # A server that vanishes without a word is noticed by what it does not acknowledge.
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""How long libpq waits, in seconds and the last one in milliseconds, unless the address says so."""

_READ_ONLY = "25006"
"""The SQLSTATE of a write on a server that takes none, since it is the primary no longer."""


class SQLiteDialect(SQLiteDialect_pysqlite):
    """One SQLite is as another: what has been compiled for one file serves all.

    There are many, since each state of the past is one (records/past.py). SQLAlchemy keeps what it
    compiles by the dialect, and a dialect for as long as that: MB for each file there has been.
    """

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))


registry.register("sqlite", __name__, SQLiteDialect.__name__)
_SQLITE_STATEMENTS: Any = LRUCache(1000)


class Access(Enum):
    """What a transaction is for."""

    READ = "read"
    WRITE = "write"
    CATALOGUE = "catalogue"


def isolation(engine: Engine, access: Access) -> dict[str, Any]:
    """The execution options by which a transaction sees one state."""
    if engine.dialect.name != "postgresql" or access is not Access.READ:
        return {}
    return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def connect(url: str, *, wanted: str = "read-write") -> Engine:
    """The engine at `url`, which connects lazily.

    `wanted` is what of several servers to connect to (target_session_attrs of libpq). Raises
    sqlalchemy.exc.ArgumentError for what is no address of one of our engines.
    """
    address = _address(url, wanted)
    dialect = address.get_backend_name()
    if dialect == "sqlite":
        engine = create_engine(
            address,
            hide_parameters=True,
            connect_args={"timeout": BUSY_TIMEOUT_S},
            execution_options={"compiled_cache": _SQLITE_STATEMENTS},
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    elif dialect == "postgresql":
        engine = create_engine(address, hide_parameters=True, connect_args=_patience(address))
        event.listen(engine, "begin", _begin_postgresql)
        event.listen(engine, "handle_error", _leave_read_only)
    else:
        raise ArgumentError(f"{dialect} is neither sqlite nor postgresql")
    return engine


def is_there(connection: Connection) -> bool:
    """Whether the server of a connection answers.

    For what cannot be done once more if it turns out in the middle that it does not.
    """
    dialect = connection.dialect
    if dialect.name == "sqlite":
        return True
    driver: Any = dialect.loaded_dbapi
    held: Any = connection.connection.dbapi_connection
    try:
        dialect.do_ping(held)
    except driver.Error:
        return False
    return True


def without_transactions(engine: Engine) -> Engine:
    """An engine like `engine`, whose connections are each in no transaction.

    They are as they were when they are given back: what is left is one round trip.
    """
    if engine.dialect.name == "sqlite":
        return engine  # nothing to be saved, and a database in memory has the one connection
    return create_engine(
        engine.url,
        hide_parameters=True,
        isolation_level="AUTOCOMMIT",
        pool_reset_on_return=None,
        pool_size=2,
        max_overflow=0,
        pool_timeout=_PATIENCE["connect_timeout"],
        connect_args=_patience(engine.url),
    )


def _patience(address: URL) -> dict[str, int]:
    return {name: wait for name, wait in _PATIENCE.items() if name not in address.query}


def _address(url: str, wanted: str) -> URL:
    """`url` as SQLAlchemy writes it, which has several hosts in the query only."""
    several = _HOSTS.fullmatch(url)
    try:
        if several is None:
            address = make_url(url)
        else:
            plain = f"{several['scheme']}{several['user'] or ''}{several['rest']}"
            address = make_url(plain).update_query_dict({"host": several["hosts"].split(",")})
    except ValueError as error:  # a port that is no number
        raise ArgumentError(str(error)) from None
    hosts = address.query.get("host", "")
    if (
        len(hosts) > 1
        and not isinstance(hosts, str)
        and "target_session_attrs" not in address.query
    ):
        address = address.update_query_dict({"target_session_attrs": wanted})
    return address


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


def _leave_read_only(context: ExceptionContext) -> None:
    """Have done with connections to a server that has stopped to take writes.

    They would go on to fail, although the next one may be to the new primary.
    """
    connection = context.connection
    access = connection and connection.get_execution_options().get("access")
    state = getattr(context.original_exception, "sqlstate", None)
    if state == _READ_ONLY and access is not Access.READ:
        context.is_disconnect = True


def has_wal_reset_bug(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> bool:
    """Whether that version of SQLite can corrupt a database that two write at the same instant.

    It is rare; see https://www.sqlite.org/wal.html#walresetbug.
    """
    return version < (3, 51, 3) and not (
        (3, 44, 6) <= version < (3, 45) or (3, 50, 7) <= version < (3, 51)
    )
