"""What takes a test long to write is written once, and copied from then on.

A copy says when it was written: it is from the same day, so that it is not yesterday's record.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from negotiations_api.compare.date import today
from negotiations_api.database import Database
from negotiations_api.models import Base

_TABLES = Base.metadata.sorted_tables
_MIGRATED = {"issue"}
"""What the migrations write into."""


class Kept:
    """The states of the databases of a run."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._on_postgresql: set[str] = set()

    def bring(self, database: Database, state: str, write: Callable[[], object]) -> None:
        """Have `database` say what `write` writes into it, if nobody has written anything yet."""
        if not _is_new(database):
            write()
            return
        name = f"{state}_{today()}"
        if database.engine.dialect.name == "sqlite":
            self._copy_file(database, name, write)
        elif name in self._on_postgresql:
            restore(database, name)
        else:
            write()
            keep(database, name)
            self._on_postgresql.add(name)

    def _copy_file(self, database: Database, name: str, write: Callable[[], object]) -> None:
        kept = self._directory / f"{name}.db"
        if kept.exists():
            replace_file(database, kept)
        else:
            write()
            database.dispose()  # who leaves last folds what was written into the file
            assert not _file(database).with_suffix(".db-wal").exists(), "something is not closed"
            shutil.copy(_file(database), kept)


def _is_new(database: Database) -> bool:
    written = [
        sa.select(sa.literal(1)).select_from(table)
        for table in _TABLES
        if table.name not in _MIGRATED
    ]
    with database.engine.connect() as connection:
        return not connection.scalar(sa.select(sa.or_(*(sa.exists(one) for one in written))))


def replace_file(database: Database, by: Path) -> None:
    """Have an SQLite database say what another file says; whoever has the old one keeps that."""
    database.dispose()
    there = _file(database)
    for suffix in ("", "-wal", "-shm"):
        there.with_name(there.name + suffix).unlink(missing_ok=True)
    shutil.copy(by, there)


def _file(database: Database) -> Path:
    return Path(str(database.engine.url.database))


def keep(database: Database, name: str) -> None:
    """Keep what a PostgreSQL database says, in a schema that the tests of the schema do not see."""
    with database.engine.begin() as connection:
        connection.execute(sa.text(f'CREATE SCHEMA "{name}"'))
        for table in _TABLES:
            if connection.scalar(sa.select(sa.exists(sa.select(table)))):
                columns = _columns(table)
                connection.execute(
                    sa.text(f'CREATE TABLE "{name}".{table} AS SELECT {columns} FROM {table}')
                )


def restore(database: Database, name: str) -> None:
    """Have a PostgreSQL database say what was kept of it."""
    with database.engine.begin() as connection:
        kept = sa.text("SELECT table_name FROM information_schema.tables WHERE table_schema = :of")
        there = set(connection.scalars(kept, {"of": name}))
        # Without the triggers, which refuse to empty the history. And not by TRUNCATE, which takes
        # longer than to delete a few rows.
        statements = ["SET LOCAL session_replication_role = replica"]
        statements += [f"DELETE FROM {table}" for table in _TABLES]
        for table in _TABLES:
            if table.name in there:
                columns = _columns(table)
                statements.append(
                    f'INSERT INTO {table} ({columns}) SELECT {columns} FROM "{name}".{table}'
                )
        connection.exec_driver_sql("; ".join(statements))


def _columns(table: sa.Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.c if column.computed is None)
