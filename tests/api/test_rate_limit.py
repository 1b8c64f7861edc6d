"""How many requests an address, or a token, may send, where a limit is set."""

import time

import pytest
from flask import Flask

from negotiations_api.app import create_app
from negotiations_api.config import Settings
from negotiations_api.database import Access, Database
from negotiations_api.http.windows import InMemory
from negotiations_api.models.token import Scope
from negotiations_api.records.tokens import create_token
from tests.client import Client


@pytest.fixture
def limited(database: Database) -> Flask:
    """The application, where an address may send three requests a minute."""
    url = database.engine.url.render_as_string(False)
    made = create_app(Settings(database_url=url, rate_limit="3/minute", open_writing=True))
    made.extensions["database"].dispose()
    made.extensions["database"] = database
    return made


def test_what_is_beyond_the_limit_is_told_when_to_come_again(limited: Flask) -> None:
    client = Client(limited)
    left = []
    for _ in range(3):
        answer = client.get("/v1/parties")
        assert answer.status_code == 200
        assert answer.headers["RateLimit-Policy"] == '"default";q=3;w=60'
        left.append(answer.headers["RateLimit"].split(";")[1])
    assert left == ["r=2", "r=1", "r=0"]
    refused = client.get("/v1/parties")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["RateLimit"].startswith('"default";r=0;t=')


def test_each_address_has_a_limit_of_its_own(limited: Flask) -> None:
    client = Client(limited)
    for address in ("10.0.0.1", "10.0.0.2"):
        environ = {"REMOTE_ADDR": address}
        statuses = [client.get("/v1/parties", environ_base=environ).status_code for _ in range(4)]
        assert statuses == [200, 200, 200, 429]


@pytest.mark.parametrize(
    "addresses",
    [
        ("2001:db8:0:1::1", "2001:db8:0:1::2", "2001:db8:0:1:ffff:ffff:ffff:ffff"),
        ("::ffff:10.0.0.1", "10.0.0.1", "::ffff:a00:1"),
    ],
    ids=["of one network", "written in two ways"],
)
def test_who_has_many_addresses_has_one_limit(limited: Flask, addresses: tuple[str, ...]) -> None:
    client = Client(limited)

    def ask(address: str) -> int:
        return client.get("/v1/parties", environ_base={"REMOTE_ADDR": address}).status_code

    assert [ask(address) for address in addresses] == [200, 200, 200]
    assert [ask(address) for address in addresses] == [429, 429, 429]
    others = ("2001:db8:0:2::1", "::ffff:10.0.0.2", "fe80::1%eth0", "no address")
    assert [ask(address) for address in others] == [200] * 4


def test_no_more_is_kept_than_has_a_bound() -> None:
    windows = InMemory(60, most=3)
    for key in ("first", "first", "second", "third"):
        windows.count(key)
    assert windows.count("first")[0] == 3
    assert windows.count("fourth")[0] == 1  # the first one is forgotten for that
    assert [windows.count(key)[0] for key in ("second", "third", "fourth")] == [2, 2, 2]
    assert windows.count("first")[0] == 1


def test_a_window_ends() -> None:
    windows = InMemory(2)
    counted, left_s = windows.count("one")
    assert (counted, 1 < left_s <= 2) == (1, True)
    time.sleep(0.6)
    assert [windows.count(key)[0] for key in ("one", "other")] == [2, 1]
    time.sleep(1.5)
    assert [windows.count(key)[0] for key in ("one", "other")] == [1, 2]
    assert len(windows._windows) == 2


@pytest.fixture
def bearers(database: Database) -> list[dict[str, str]]:
    """The headers of two tokens, and of one that is no good, which counts for its address."""
    with database.transaction(Access.WRITE) as session:
        made = [create_token(session, name, Scope.READ) for name in ("one", "two")]
    return [
        {"Authorization": f"Bearer {secret}"} for secret in (*(m.secret for m in made), "nobody")
    ]


def test_each_token_has_a_limit_of_its_own_wherever_it_comes_from(
    limited: Flask, bearers: list[dict[str, str]]
) -> None:
    client = Client(limited)

    def ask(address: str, headers: dict[str, str]) -> int:
        environ = {"REMOTE_ADDR": address}
        return client.get("/v1/parties", headers=headers, environ_base=environ).status_code

    first, second, nobody = bearers
    assert [ask(f"10.0.0.{number}", first) for number in range(4)] == [200, 200, 200, 429]
    assert [ask("10.0.0.1", second) for _ in range(4)] == [200, 200, 200, 429]
    assert [ask("10.0.0.1", {}) for _ in range(4)] == [200, 200, 200, 429]
    assert [ask("10.0.0.2", nobody) for _ in range(4)] == [401, 401, 401, 429]


def test_who_has_sent_too_many_is_told_who_that_is(
    limited: Flask, bearers: list[dict[str, str]]
) -> None:
    client = Client(limited)
    for headers, who in (({}, "An address may"), (bearers[0], "A token may")):
        told = [client.get("/v1/parties", headers=headers) for _ in range(4)]
        assert told[3].get_json()["detail"].startswith(f"{who} send 3 requests in 60 seconds")


def test_what_is_refused_writes_nothing(limited: Flask) -> None:
    client = Client(limited)
    for number in range(5):
        party = {"slug": f"p{number}", "name": str(number), "kind": "state"}
        client.post("/v1/parties", party)
    other = client.get("/v1/parties", environ_base={"REMOTE_ADDR": "10.0.0.3"})
    assert [one["slug"] for one in other.get_json()["items"]] == ["p0", "p1", "p2"]


def test_without_a_limit_nothing_is_said_of_one(client: Client) -> None:
    assert "RateLimit" not in client.get("/v1/parties").headers


@pytest.mark.parametrize(
    "limit",
    [
        "many",
        "3",
        "/minute",
        "-1/minute",
        "0/minute",
        "5/0minute",
        "5 per 0 minutes",
        "5/minute;1/second",
        "5/minute, 9/hour",
    ],
)
def test_what_is_no_limit_is_refused_at_the_start(limit: str) -> None:
    with pytest.raises(ValueError, match="write 600/minute"):
        Settings(rate_limit=limit)
