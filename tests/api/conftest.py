"""What the tests of the API share."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from negotiations_api import upgrade
from negotiations_api.app import create_app
from negotiations_api.config import Settings
from negotiations_api.database import Access, Database
from negotiations_api.models.token import Scope
from negotiations_api.records.tokens import create_token
from tests.api.callers import As
from tests.api.engines import Engines
from tests.api.samples import build_world
from tests.client import Client
from tests.conftest import create_database
from tests.histories import check_history
from tests.kept import Kept


@pytest.fixture(autouse=True)
def _history(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test has written, the history of it comes to what is there."""
    database = None
    if "database" in request.fixturenames:
        database = request.getfixturevalue("database")
    yield
    if database is not None:
        check_history(database)


@pytest.fixture
def world(client: Client, database: Database, kept: Kept) -> Client:
    """A client, with a small negotiation to work on."""
    kept.bring(database, "world", lambda: build_world(client))
    return client


@pytest.fixture(scope="module")
def engines(
    sqlite_template: Path, postgresql_server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engines]:
    """Both engines, on databases of their own, since what they hold outlives a test."""
    path = tmp_path_factory.mktemp("engines") / "both.db"
    shutil.copy(sqlite_template, path)
    urls = (f"sqlite:///{path}", create_database(postgresql_server, path.parent.name))
    apps = [create_app(Settings(database_url=url, open_writing=True)) for url in urls]
    databases: list[Database] = [app.extensions["database"] for app in apps]
    upgrade.upgrade(databases[1])
    made = Engines(*apps)
    made.build()
    yield made
    for database in databases:
        database.dispose()


@pytest.fixture
def closed(database: Database, world: Client) -> Flask:
    """The application as it is installed, on the world."""
    app = create_app(Settings(database_url="sqlite://"))
    app.extensions["database"] = database
    return app


@pytest.fixture
def callers(closed: Flask, database: Database) -> dict[str, As]:
    """Callers of each kind; alpha and beta are each in an audience of their own, both in two."""
    scopes = {
        "admin": Scope.ADMIN,
        "alpha": Scope.WRITE,
        "beta": Scope.READ,
        "both": Scope.WRITE,
        "writer": Scope.WRITE,
    }
    with database.transaction(Access.WRITE) as session:
        secrets = {
            name: create_token(session, name, scope).secret for name, scope in scopes.items()
        }
    client = Client(closed)
    made = {name: As(client, secret) for name, secret in secrets.items()}
    for team in ("alpha", "beta"):
        body = {"slug": f"{team}-team", "title": f"Of {team}", "members": [team, "both"]}
        answer = made["admin"].post("/audiences", body)
        assert answer.status_code == 201, answer.text
    return made | {"nobody": As(client, None)}
