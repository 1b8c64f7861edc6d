"""The databases that are written to, and how they are killed."""

import os
import random
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import LiteralString, Protocol

import psycopg

from tests.conftest import create_database
from tests.postgres import Programs, Server

ENGINES = ("sqlite", "postgresql")
_SETTINGS = {
    "fsync": "on",  # so that a commit takes the time that it takes for users
    "recovery_init_sync_method": "syncfs",  # for what it cannot lose by the death of a process
}
_PATIENCE_S = 30

Kill = Callable[[], None]


class Crashing(Protocol):
    """A database: where it is, and by which names what of it can be killed."""

    url: str

    @property
    def kills(self) -> Mapping[str, Kill]:
        """Each kills something of the database itself, and leaves it killed."""

    def recover(self) -> None:
        """Have the database answer again, after any of these or of its clients was killed."""


class Sqlite:
    """A file, which has no process but those that have opened it."""

    kills: Mapping[str, Kill] = {}

    def __init__(self, directory: Path) -> None:
        self.url = f"sqlite:///{directory / 'soak.db'}"

    def recover(self) -> None:
        """Nothing: whoever opens it next does that."""


class Postgresql:
    """A server with processes of its own."""

    def __init__(self, server: Server, chance: random.Random) -> None:
        self.url = create_database(server.address, "soak")
        self._server = server
        self._chance = chance
        self._is_down = False

    @property
    def kills(self) -> Mapping[str, Kill]:
        """All of it, or one of its processes, which it ends all others for and recovers from."""
        return {"PostgreSQL": self._kill_all, "a process of PostgreSQL": self._kill_one}

    def recover(self) -> None:
        """Start it if it is down; wait until no client that is gone commits any more."""
        if self._is_down:
            self._start()
            self._is_down = False
        deadline = time.monotonic() + _PATIENCE_S
        while self._under_way():
            if time.monotonic() > deadline:
                raise TimeoutError("PostgreSQL has transactions that do not end")
            time.sleep(0.01)

    def _start(self) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            try:
                self._server.start()
            except RuntimeError:  # some process of before has not gone yet
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                return

    def _kill_all(self) -> None:
        self._is_down = True
        processes = self._processes()
        self._server.end(signal.SIGKILL)
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def _kill_one(self) -> None:
        while True:
            with suppress(ProcessLookupError):  # it has ended meanwhile
                self._server.crash(self._chance.choice(self._processes()))
                return

    def _processes(self) -> list[int]:
        """The processes beside the first one."""
        return self._ask("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()")

    def _under_way(self) -> list[int]:
        """The processes in whose transactions something is being done."""
        return self._ask(
            "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
            "AND backend_type = 'client backend' AND state <> 'idle'"
        )

    def _ask(self, statement: LiteralString) -> list[int]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            return [int(row[0]) for row in connection.execute(statement)]


@contextmanager
def opened(engine: str, chance: random.Random) -> Iterator[tuple[Crashing, Path]]:
    """An empty database on an engine, and a directory for logs; both are removed at the end."""
    # Not below pytest's directory, which another user may not enter.
    with tempfile.TemporaryDirectory(prefix="soak-", ignore_cleanup_errors=True) as name:
        directory = Path(name)
        logs = directory / "service"
        logs.mkdir()
        if engine == "sqlite":
            yield Sqlite(directory), logs
            return
        server = Programs(directory, **_SETTINGS).new_cluster("cluster")
        server.start()
        try:
            yield Postgresql(server, chance), logs
        finally:
            server.end()
