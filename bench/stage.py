"""All servers of one size, side by side: started when first needed, idle when not asked."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from bench import database, postgresql
from bench.contenders import HERE, Contender, Place, contenders
from bench.load import Client
from bench.options import Options
from bench.rows import COMPARED
from bench.server import Running, free_port, running
from bench.work import Work

_ITEMS = 200


@dataclass
class Stage:
    """The contenders of a size. `problems` are those of servers that did not start."""

    size: int
    options: Options
    contenders: list[Contender]
    stack: ExitStack
    problems: dict[str, str] = field(default_factory=dict)
    _running: dict[str, Running] = field(default_factory=dict)

    def address(self, contender: Contender) -> str | None:
        """Where it answers; None if it does not, which is noted."""
        if contender.key in self.problems:
            return None
        if contender.key not in self._running:
            try:
                started = self.stack.enter_context(self.start(contender))
            except RuntimeError as error:
                self.problems[contender.key] = str(error)
                return None
            self._running[contender.key] = started
        return self._running[contender.key].address

    @contextmanager
    def start(self, contender: Contender) -> Iterator[Running]:
        """Start a server of a contender, for as long as it is needed."""
        port = free_port()
        environment = dict(contender.environment)
        if contender.name == "PostgREST":
            environment["PGRST_SERVER_PORT"] = str(port)
        log = self.options.work / f"{contender.key}.log"
        with running(
            contender.command(port), environment, port, self.options.server_core, log
        ) as server:
            yield server


@contextmanager
def staged(size: int, options: Options, server: str) -> Iterator[Stage]:
    """Make the databases of a size, for the contenders to be started on."""
    template = database.sqlite_file(options.work, size)
    file = options.work / "positions.db"
    name = f"positions{size}"
    _remove(file)
    shutil.copy(template, file)
    with ExitStack() as stack:
        stack.callback(_remove, file)
        address = postgresql.create_database(server, name)
        stack.callback(postgresql.drop_database, server, name)
        database.migrated(address)
        database.fill_postgresql(address, template)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute((HERE / "sql" / "postgresql.sql").read_text())
        body = options.work / "comparison.json"
        body.write_bytes(b"")
        places = [_place("SQLite", f"sqlite:///{file}", file, options.work)]
        places.append(_place("PostgreSQL", address, file, options.work))
        everyone = [one for place in places for one in contenders(place, body)]
        stage = Stage(size, options, everyone, stack)
        _write_body(stage, body)
        yield stage


def _place(engine: str, url: str, file: Path, scratch: Path) -> Place:
    with sqlite3.connect(file) as connection:
        (negotiation,) = connection.execute(
            "SELECT id FROM negotiation WHERE slug = ?", (COMPARED,)
        ).fetchone()
        positions = connection.execute(
            "SELECT id FROM position WHERE negotiation_id = ? ORDER BY id % 997, id LIMIT ?",
            (negotiation, _ITEMS),
        )
        return Place(engine, url, negotiation, tuple(row[0] for row in positions), scratch)


def _write_body(stage: Stage, path: Path) -> None:
    """What ours answers to the comparison, for the floor that only sends it."""
    ours = stage.contenders[0]
    address = stage.address(ours)
    if address is None:
        raise RuntimeError(f"Ours did not start:\n{stage.problems[ours.key]}")
    client = Client(address)
    path.write_bytes(client.send(ours.plans[Work.COMPARISON, ""](0)).body)
    client.close()


def _remove(file: Path) -> None:
    for path in file.parent.glob(f"{file.name}*"):
        path.unlink()
