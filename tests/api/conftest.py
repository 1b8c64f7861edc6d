"""What the tests of the API share."""

from collections.abc import Iterator

import pytest

from tests.api.samples import build_world
from tests.client import Client
from tests.histories import check_history


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
def world(client: Client) -> Client:
    """A client, with a small negotiation to work on."""
    build_world(client)
    return client
