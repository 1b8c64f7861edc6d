"""The same rows in a SQLite file and in a PostgreSQL database, on the schema of the migrations."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path

import psycopg

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
    """A SQLite file with `size` positions, which is not to be written to."""
    return made_once(directory, str(size), lambda: Rows(size).of())


def made_once(
    directory: Path, name: str, tables: Callable[[], Iterable[tuple[Table, Iterable[Row]]]]
) -> Path:
    """A SQLite file with these rows, made if an equal one is not there yet."""
    path = directory / f"{name}-{_fingerprint()}.db"
    if not path.exists():
        made = path.with_suffix(".new")
        for left in directory.glob(f"{made.name}*"):
            left.unlink()
        migrated(f"sqlite:///{made}")
        fill_sqlite(made, tables())
        made.rename(path)
    return path


def fill_sqlite(path: Path, tables: Iterable[tuple[Table, Iterable[Row]]]) -> None:
    """Write rows into a migrated file; what they refer to is checked once, at the end."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("synchronous = OFF", "foreign_keys = OFF", "cache_size = -400000"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN")
    put_aside = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE tbl_name = 'position'"
        " AND type IN ('index', 'trigger') AND sql IS NOT NULL"
    ).fetchall()
    for kind, name, _ in put_aside:  # a million entries are made faster at once than one by one
        connection.execute(f"DROP {kind} {name}")
    for (table, columns), these in tables:
        marks = ", ".join("?" * len(columns))
        connection.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", these
        )
    for _, _, made in put_aside:
        connection.execute(made)
    connection.execute("INSERT INTO position_words (position_words) VALUES ('rebuild')")
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
        put_aside = connection.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'position'"
            " AND indexname NOT IN (SELECT conname FROM pg_constraint)"
        ).fetchall()
        for name, _ in put_aside:
            connection.execute(f"DROP INDEX {name}")
        for table, columns in tables:
            names = ", ".join(columns)
            with (
                connection.cursor() as cursor,
                cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
            ):
                for row in source.execute(f"SELECT {names} FROM {table} ORDER BY rowid"):
                    copy.write_row(row)
        for _, made in put_aside:
            connection.execute(made)
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
    source.close()


def _fingerprint() -> str:
    """What stands for the rows and for the schema that they are written to."""
    made_by = (
        Path(__file__),
        *(Path(__file__).with_name(name) for name in ("rows.py", "votes.py")),
    )
    sources = (*made_by, *sorted(_MIGRATIONS.glob("*.py")))
    text = b"".join(path.read_bytes() for path in sources)
    return hashlib.sha256(text).hexdigest()[:12]
