"""The same rows in a SQLite file and in a PostgreSQL database, on the schema of the migrations."""

import hashlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path

import psycopg

from bench import rows
from bench.rows import TABLES, Row, Rows, Table
from negotiations_api import upgrade
from negotiations_api.database import Database

_MIGRATIONS = Path(__file__).parent.parent / "migrations" / "versions"


def migrated(url: str) -> None:
    """Bring the database at `url` to the schema of the release."""
    database = Database(url)
    upgrade.upgrade(database)
    database.engine.dispose()


def sqlite_file(directory: Path, size: int) -> Path:
    """A SQLite file with `size` positions, made if an equal one is not there yet."""
    path = directory / f"{size}-{_fingerprint()}.db"
    if not path.exists():
        made = path.with_suffix(".new")
        for left in directory.glob(f"{made.name}*"):
            left.unlink()
        migrated(f"sqlite:///{made}")
        fill_sqlite(made, Rows(size).of())
        made.rename(path)
    return path


def fill_sqlite(path: Path, tables: Iterable[tuple[Table, Iterable[Row]]]) -> None:
    """Write rows into a migrated file; what they refer to is checked once, at the end."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("synchronous = OFF", "foreign_keys = OFF", "cache_size = -400000"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN")
    for (table, columns), these in tables:
        marks = ", ".join("?" * len(columns))
        connection.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", these
        )
    connection.execute("COMMIT")
    wrong = connection.execute("PRAGMA foreign_key_check").fetchmany(3)
    if wrong:
        raise RuntimeError(f"The rows refer to what is not there: {wrong}")
    connection.execute("ANALYZE")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def fill_postgresql(url: str, path: Path, tables: Iterable[Table] = TABLES) -> None:
    """Copy rows from a SQLite file into a migrated and empty database, with their ids."""
    source = sqlite3.connect(path)
    with psycopg.connect(url, autocommit=True) as connection:
        # What the rows refer to has been checked in the file.
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET timezone = 'UTC'")
        for table, columns in tables:
            names = ", ".join(columns)
            with (
                connection.cursor() as cursor,
                cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
            ):
                for row in source.execute(f"SELECT {names} FROM {table} ORDER BY rowid"):
                    copy.write_row(row)
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
    source.close()


def _fingerprint() -> str:
    """What stands for the rows and for the schema that they are written to."""
    sources = (Path(rows.__file__), Path(__file__), *sorted(_MIGRATIONS.glob("*.py")))
    text = b"".join(path.read_bytes() for path in sources)
    return hashlib.sha256(text).hexdigest()[:12]
