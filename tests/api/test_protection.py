"""What keeps a browser from making of an answer what it is not."""

import pytest

from tests.api.samples import HERE
from tests.client import Client

ANSWERS = (
    *("/", "/v1/parties", "/v1/parties?format=csv", f"{HERE}/matrix", f"{HERE}/matrix?format=svg"),
    *("/nothing", "/v1/parties?x=1", "/openapi.yaml", "/problems/stale", "/docs", "/docs/page.js"),
)


@pytest.mark.parametrize("path", ANSWERS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "DELETE"])
def test_every_answer_is_protected(world: Client, method: str, path: str) -> None:
    headers = world.flask.open(path, method=method).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert path == "/docs" or "script-src" not in policy


def test_a_picture_has_styles_and_no_scripts(world: Client) -> None:
    policy = world.get(f"{HERE}/matrix?format=svg").headers["Content-Security-Policy"]
    assert policy == (
        "default-src 'none'; frame-ancestors 'none'; style-src 'unsafe-inline'; img-src data:"
    )
