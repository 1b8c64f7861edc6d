"""Writing and counting a million rows, as fast as each engine can."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Table
from sqlalchemy.orm import Session


def prepare_bulk(session: Session) -> None:
    """Give the transaction the memory to sort and to index a million rows: 64 MiB."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql("SET LOCAL work_mem = '64MB'")
    else:
        session.connection().exec_driver_sql("PRAGMA cache_size = -65536")


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


def finish_bulk(session: Session) -> None:
    """Let the engine count anew what there is, which its plans of queries rest on."""
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA analysis_limit = 1000")
    session.connection().exec_driver_sql("ANALYZE position")
