"""What a real service prints: of each failure the id of its request, and nothing that was sent."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from negotiations_api.database import Access, Database
from negotiations_api.models.token import Scope
from negotiations_api.records.tokens import create_token
from tests.serving import Server, server

SECRETS = {
    place: f"zq9x{place}"
    for place in ("token", "body", "query", "key", "condition", "agent", "cookie", "rubbish")
}
"""What stands in the requests, by where it stands."""


@contextmanager
def spoilt(database: Database) -> Iterator[None]:
    """A database in which one table is missing, and two parties cannot have one name."""
    statements = (
        ("CREATE UNIQUE INDEX spoilt ON party (name)", "DROP INDEX spoilt"),
        ("ALTER TABLE source RENAME TO gone", "ALTER TABLE gone RENAME TO source"),
    )
    for spoil, _ in statements:
        _run(database, spoil)
    try:
        yield
    finally:
        for _, mend in statements:
            _run(database, mend)


def _run(database: Database, statement: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(sa.text(statement))


def ask(
    running: Server, method: str, path: str, body: bytes | None, request_id: str, token: str
) -> int:
    """The status of an answer to a request that is full of secrets."""
    headers = {
        "Authorization": f"Bearer {token}",
        "Proxy-Authorization": f"Bearer {SECRETS['token']}",
        "Content-Type": "application/json",
        "Cookie": f"session={SECRETS['cookie']}",
        "If-Match": f'"{SECRETS["condition"]}"',
        "User-Agent": SECRETS["agent"],
        "X-Request-Id": request_id,
    }
    if method == "POST":
        headers["Idempotency-Key"] = f"{SECRETS['key']}-{request_id}"
        del headers["If-Match"]
    asked = urllib.request.Request(f"{running.address}{path}", body, headers, method=method)
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:
            status: int = answer.status
    except urllib.error.HTTPError as error:
        with error:
            status = error.code
    return status


def party(slug: str) -> bytes:
    return json.dumps({"slug": slug, "name": SECRETS["body"], "kind": "state"}).encode()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nothing_that_was_sent_is_printed(database: Database, tmp_path: Path, method: str) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    asked = f"?author={SECRETS['query']}&publisher={SECRETS['query']}&q={SECRETS['query']}"
    source = json.dumps({"slug": SECRETS["body"], "title": SECRETS["body"]}).encode()
    with database.transaction(Access.WRITE) as session:
        token = create_token(session, "writer", Scope.WRITE).secret
    with server(url, tmp_path) as running, spoilt(database):
        if method == "GET":
            # The statement that fails has the query among its parameters.
            assert ask(running, "GET", f"/v1/sources{asked}", None, "logged-1", token) >= 500
            assert ask(running, "GET", f"/v1/parties{asked}", None, "unlogged-1", token) == 400
            wrong = f"/v1/parties/x?{SECRETS['rubbish']}=1"
            assert ask(running, "DELETE", wrong, None, "unlogged-2", token) == 400
        else:
            assert ask(running, "POST", "/v1/parties", party("one"), "unlogged-1", token) == 201
            # What PostgreSQL says of it names the value that is there twice.
            assert ask(running, "POST", "/v1/parties", party("two"), "logged-1", token) == 409
            assert ask(running, "POST", "/v1/sources", source, "logged-2", token) >= 500
            assert ask(running, "POST", "/v1/parties", source[:-3], "unlogged-2", token) == 400
            assert (
                ask(running, "POST", f"/v1/parties{asked}", party("three"), "unlogged-3", token)
                == 400
            )
        with running.connect() as raw:
            raw.sendall(
                f"{SECRETS['rubbish']} / HTTP/1.1\r\nHost: x: {SECRETS['rubbish']}".encode()
            )
            raw.sendall(b"\r\n\x00\r\n\r\n")
            assert raw.recv(65536).startswith(b"HTTP/1.1 400")
    printed = running.log.read_text()
    lines = printed.splitlines()
    for one in ("logged-1", *(["logged-2"] if method == "POST" else [])):
        assert [line for line in lines if f"] [{one}] " in line], printed
    assert "unlogged" not in printed
    assert [secret for secret in (*SECRETS.values(), token) if secret in printed] == []
