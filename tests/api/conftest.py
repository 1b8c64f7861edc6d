"""What the tests of the API share."""

import pytest

from tests.api.samples import build_world
from tests.client import Client


@pytest.fixture
def world(client: Client) -> Client:
    """A client, with a small negotiation to work on."""
    build_world(client)
    return client
