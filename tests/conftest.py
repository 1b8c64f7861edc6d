"""Every test that has to do with the database runs on SQLite and on PostgreSQL.

The schema comes from the migrations, once an engine. A test gets a database as the migrations
leave it: on SQLite a copy of the file, on PostgreSQL the same one with its tables emptied. What
many tests begin with is written once, too (`kept.py`).
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, settings
from sqlalchemy.orm import Session

from negotiations_api import upgrade
from negotiations_api.app import create_app
from negotiations_api.config import Settings
from negotiations_api.database import Access, Database
from negotiations_api.http import caches, pasts
from negotiations_api.records.loading import load_document
from negotiations_api.records.strict_yaml import read_yaml
from tests.client import Client
from tests.kept import Kept, keep, replace_file, restore
from tests.postgres import postgresql

# How long a test takes is no matter of it, and machines are busy.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

LONG = "test_schemathesis"
# Writing is open, so that who may write is the matter of the tests of that (test_access.py).
SETTINGS = Settings(database_url="sqlite://", open_writing=True)
EXAMPLE = Path(__file__).parent.parent / "negotiations_api" / "examples" / "us-dprk.yaml"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let each worker of xdist begin with one of the longest tests, so that none ends with it."""
    longest = [item for item in items if LONG in item.nodeid]
    others = [item for item in items if item not in longest]
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    share = len(items) // workers  # what --dist worksteal gives each at the start
    for index, item in enumerate(longest):
        others.insert(index % workers * share, item)
    items[:] = others


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{path}")
    upgrade.upgrade(database)
    database.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a PostgreSQL server."""
    # Not below pytest's directory, which another user may not enter.
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as directory,
        postgresql(Path(directory)) as address,
    ):
        yield address


def create_database(server: str, name: str) -> str:
    """Create an empty database on a PostgreSQL server; return its address."""
    engine = sa.create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return f"{server}/{name}"


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_server: str) -> Iterator[Database]:
    """A migrated PostgreSQL database."""
    database = Database(create_database(postgresql_server, "tests"))
    upgrade.upgrade(database)
    keep(database, "migrated")
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def migrated_sqlite(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """A migrated SQLite database, in a file that is another one for each test."""
    path = tmp_path_factory.mktemp("database") / "test.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database as the migrations leave it, on either engine."""
    # The same one for all tests: what it has compiled of statements need not be compiled again.
    made: Database = request.getfixturevalue(f"migrated_{request.param}")
    if request.param == "sqlite":
        replace_file(made, request.getfixturevalue("sqlite_template"))
        yield made
        made.dispose()
    else:
        yield made
        restore(made, "migrated")


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """What is written once, and copied from then on."""
    return Kept(tmp_path_factory.mktemp("kept"))


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session that writes; what it leaves is committed at the end of the test."""
    with database.transaction(Access.CATALOGUE) as opened:
        yield opened


@pytest.fixture(scope="session")
def application() -> Flask:
    """The application, whose making takes longer than most tests: its routes are compiled."""
    return create_app(SETTINGS)


@pytest.fixture
def app(application: Flask, database: Database) -> Flask:
    """The application on that database."""
    application.extensions["database"] = database
    # What was kept of a record that another test has written differently, from the same copy.
    caches.register(application, SETTINGS.cache_mb)
    pasts.register(application)
    return application


@pytest.fixture
def client(app: Flask) -> Client:
    """A client of the API, which checks what every answer has to have."""
    return Client(app)


@pytest.fixture
def talks(database: Database, kept: Kept) -> Database:
    """The example talks, loaded."""

    def load() -> None:
        with database.transaction(Access.CATALOGUE) as opened:
            load_document(opened, read_yaml(EXAMPLE.read_bytes()).value)

    kept.bring(database, "talks", load)
    return database


@pytest.fixture
def queries(database: Database) -> Iterator[Callable[[], list[str]]]:
    """The statements that the database has run since the test began."""
    ran: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        ran.append(statement)

    sa.event.listen(database.engine, "before_cursor_execute", note)
    yield lambda: ran
    sa.event.remove(database.engine, "before_cursor_execute", note)
