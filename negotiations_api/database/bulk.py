"""Writing and counting a million rows, as fast as each engine can."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Table, text
from sqlalchemy.orm import Session


def prepare_bulk(session: Session) -> None:
    """Give the transaction the memory to sort and to index a million rows: 64 MiB."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql("SET LOCAL work_mem = '64MB'")
    else:
        session.connection().exec_driver_sql("PRAGMA cache_size = -65536")


def may_skip_checks(session: Session) -> bool:
    """Whether rows may be written without a query for each foreign key of each (`unchecked`)."""
    bind = session.get_bind()
    if bind.dialect.name != "postgresql" or (bind.dialect.server_version_info or ()) < (15,):
        return False
    return bool(
        session.scalar(text("SELECT has_parameter_privilege('session_replication_role', 'SET')"))
    )


@contextmanager
def unchecked(session: Session) -> Iterator[None]:
    """Write rows without those queries: what they refer to is there, and locked.

    The server has no statement for it but this one, by which replicas write what the primary has
    checked.
    """
    role = "SET LOCAL session_replication_role = "
    session.connection().exec_driver_sql(f"{role} replica")
    # After an error nothing is set back: SET LOCAL ends with the transaction, which is rolled back,
    # and would take no other statement if it is the server that has refused something.
    yield
    session.connection().exec_driver_sql(f"{role} origin")


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
        # The names are our own, and no value is in it.
        statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  # nosec B608
        driver.executemany(statement, rows).close()


def finish_bulk(session: Session) -> None:
    """Let the engine count anew what there is, which its plans of queries rest on."""
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA analysis_limit = 1000")
    session.connection().exec_driver_sql("ANALYZE position")
