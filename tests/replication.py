"""A primary and a streaming replica of it, as a team would run them."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from negotiations_api import upgrade
from negotiations_api.database import Database
from tests.conftest import create_database
from tests.postgres import Programs, Server

_PATIENCE_S = 30


class Pair:
    """A migrated database on two servers, of which one follows the other."""

    def __init__(self, primary: Server, replica: Server) -> None:
        self.primary = primary
        self.replica = replica

    @property
    def url(self) -> str:
        """The address of both, of which the one that takes writes is connected to."""
        hosts = f"127.0.0.1:{self.primary.port},127.0.0.1:{self.replica.port}"
        return f"postgresql://tests@{hosts}/talks?target_session_attrs=read-write"

    @property
    def replica_url(self) -> str:
        """The address of the replica."""
        return f"{self.replica.address}/talks"

    def on_primary(self, statement: str) -> Any:
        """Run a statement on the first server; the first value of what it says."""
        return _run(f"{self.primary.address}/talks", statement)

    def on_replica(self, statement: str) -> Any:
        """Run a statement on the second server; the first value of what it says."""
        return _run(self.replica_url, statement)

    def catch_up(self) -> None:
        """Wait until the replica has all that the primary has."""
        # A position of its own that is flushed: one that is just there may be amid a record.
        reached = self.on_primary("SELECT pg_logical_emit_message(true, 'tests', 'here')")
        wait_until(
            lambda: self.on_replica(f"SELECT pg_last_wal_replay_lsn() >= '{reached}'"),
            "the replica has caught up",
        )

    def kill_primary(self) -> None:
        """Kill the primary."""
        self.primary.end(signal.SIGKILL)

    def promote(self) -> None:
        """Let the replica take the place of the primary."""
        assert self.on_replica("SELECT pg_promote()")


@contextmanager
def replicating(directory: Path, **settings: str) -> Iterator[Pair]:
    """Start two servers below `directory`, which is new and empty, with `settings`; stop them.

    A commit waits for the replica to have it, as docs/scaling.md recommends: so that what was
    acknowledged outlives the primary.
    """
    programs = Programs(directory, **settings)
    primary = programs.new_cluster("primary")
    primary.start()
    replica = Server(programs, "replica")
    try:
        database = Database(create_database(primary.address, "talks"))
        upgrade.upgrade(database)
        database.dispose()
        programs.run(
            "pg_basebackup",
            *("-d", f"host=127.0.0.1 port={primary.port} user=tests", "-D", "replica"),
            *("--write-recovery-conf", "--checkpoint=fast", "--no-sync"),
        )
        replica.start()
        pair = Pair(primary, replica)
        pair.on_primary("ALTER SYSTEM SET synchronous_standby_names = '*'")
        pair.on_primary("SELECT pg_reload_conf()")
        wait_until(
            lambda: pair.on_primary("SELECT sync_state FROM pg_stat_replication") == "sync",
            "commits wait for the replica",
        )
        yield pair
    finally:
        for server in (replica, primary):
            server.end(signal.SIGQUIT)


def _run(url: str, statement: str) -> Any:
    engine = sa.create_engine(
        url,
        isolation_level="AUTOCOMMIT",
        poolclass=sa.NullPool,
        connect_args={"options": "-c default_transaction_read_only=off"},  # a test sets it
    )
    with engine.connect() as connection:
        result = connection.execute(sa.text(statement))
        return result.scalar() if result.returns_rows else None


def wait_until(holds: Callable[[], Any], what: str) -> None:
    """Wait until `holds()` is true. Raises AssertionError, saying `what` did not come about."""
    deadline = time.monotonic() + _PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, f"this did not come about: {what}"
        time.sleep(0.01)
