"""The PostgreSQL server that everyone is measured on."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from bench.load import on_core
from tests.postgres import postgresql

SETTINGS = {
    "fsync": "on",  # which the tests do without
    "shared_buffers": "512MB",
    "effective_cache_size": "2GB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "random_page_cost": "1.1",
    "max_parallel_workers_per_gather": "0",  # it has one core
    "jit": "off",
}
"""What is set; the rest is as it comes, so that fsync and synchronous_commit are on."""


@contextmanager
def measured_server(core: int) -> Iterator[str]:
    """Start a server on one core; give its address; stop it and remove its data."""
    # Not below the work tree: PostgreSQL runs as another user where we are root.
    with ExitStack() as stack:
        directory = stack.enter_context(
            tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True)
        )
        with on_core(core):  # which the server and its processes inherit
            address = stack.enter_context(postgresql(Path(directory), SETTINGS))
        yield address


def create_database(server: str, name: str) -> str:
    """Create an empty database, in place of one of the same name; return its address."""
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"{server}/{name}"


def drop_database(server: str, name: str) -> None:
    """Remove a database, whoever is connected to it."""
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
