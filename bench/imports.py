"""Import of all UN votes, end to end: rows a second and memory, on both engines."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench import database, postgresql, votes
from bench.options import ROOT, Options
from bench.record import Figure
from bench.work import Work

_ENOUGH_S = 60
_RUN = "from negotiations_api.__main__ import main; main()"
# By a small process between: what a process has at its start counts as its own, and that is a copy
# of who starts it, who has had a million rows in memory.
_BETWEEN = """
import resource, subprocess, sys
status = subprocess.run(sys.argv[1:], stdout=sys.stderr).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(status)
"""


def measure(options: Options, server: str) -> Iterator[Figure]:
    """Each run into a database that has the parties and demands and no position.

    Raises RuntimeError with what the command said if it fails, or leaves less than all of it.
    """
    directory = votes.votes_file(options.unga).parent
    file = options.work / "votes-with-dates.csv.gz"
    count = votes.write_import(directory, file)
    empty = database.made_once(
        options.work, "unga-empty", lambda: votes.tables(directory, positions=False)
    )
    target = options.work / "unga-imported.db"

    def fresh_sqlite() -> str:
        for left in target.parent.glob(f"{target.name}*"):
            left.unlink()
        shutil.copy(empty, target)
        return f"sqlite:///{target}"

    def fresh_postgresql() -> str:
        address = postgresql.create_database(server, "imported")
        database.migrated(address)
        database.fill_postgresql(address, empty, votes.TABLES)
        return address

    def fresh_plain() -> str:
        return _as_plain(fresh_postgresql())

    with ExitStack() as stack:
        stack.callback(_drop_plain, server)
        stack.callback(postgresql.drop_database, server, "imported")
        for engine, whose, fresh in (
            ("SQLite", "", fresh_sqlite),
            ("PostgreSQL", "", fresh_postgresql),
            ("PostgreSQL", ", each row checked by the server", fresh_plain),
        ):
            yield from _runs(options, engine, whose, fresh, file, count)


def _as_plain(address: str) -> str:
    """The address for a role that may not save the server the checks of each row."""
    with psycopg.connect(address, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'plain'").fetchone():
            connection.execute("CREATE ROLE plain LOGIN")
        connection.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO plain")
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"plain@{host}"))


def _drop_plain(server: str) -> None:
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS plain")


def _runs(
    options: Options, engine: str, whose: str, fresh: Callable[[], str], file: Path, count: int
) -> Iterator[Figure]:
    rates, peaks = [], []
    begun = time.monotonic()
    for _ in range(options.runs):
        url = fresh()
        seconds, peak = _import(options, url, file)
        there = _count(url)
        if there != count:
            raise RuntimeError(f"The import left {there:,} positions on {engine}, not {count:,}.")
        rates.append(count / seconds)
        peaks.append(peak)
        if time.monotonic() - begun > _ENOUGH_S:
            break
    yield Figure(Work.IMPORT, "ours", f"rows a second{whose}", engine, 0, "rows/s", tuple(rates))
    yield Figure(Work.IMPORT, "ours", f"peak memory{whose}", engine, 0, "MB", tuple(peaks))


def _import(options: Options, url: str, file: Path) -> tuple[float, float]:
    """Seconds and peak memory (MB) of one import, in a process of its own, on all cores."""
    log = options.work / "import.log"
    begun = time.perf_counter()
    with log.open("wb") as output:
        ran = subprocess.run(
            [
                *(sys.executable, "-c", _BETWEEN),
                *(sys.executable, "-c", _RUN, "import", "positions", str(file)),
                *("--negotiation", votes.SLUG, "--map", votes.MAP),
            ],
            env=os.environ | {"PYTHONPATH": str(ROOT), "NEGOTIATIONS_DATABASE_URL": url},
            cwd=options.work,
            stdout=subprocess.PIPE,
            stderr=output,
            check=False,
        )
    if ran.returncode:
        raise RuntimeError(f"The import failed: {log.read_text()[-500:].strip()}")
    return time.perf_counter() - begun, int(ran.stdout) * 1024 / 1e6


def _count(url: str) -> int:
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
            found: int = connection.execute("SELECT count(*) FROM position").fetchone()[0]
            return found
    with psycopg.connect(url) as server:
        row = server.execute("SELECT count(*) FROM position").fetchone()
        return int(row[0]) if row else 0
