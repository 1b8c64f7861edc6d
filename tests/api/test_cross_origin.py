"""Pages of other origins may read answers where that was set, and nowhere else."""

from collections.abc import Callable, Iterator

import pytest

from negotiations_api.app import create_app
from negotiations_api.config import Settings
from negotiations_api.database import Database
from negotiations_api.http.cross_origin import READ
from tests.api.samples import HERE, build_world
from tests.client import Client
from tests.contract import contract

PAGE = "https://desk.example"
OTHERS = (
    "https://evil.example",
    "https://desk.example.evil.example",
    "https://evildesk.example",
    "http://desk.example",
    "https://desk.example:444",
    "https://desk.example/",
    "https://DESK.example",
    "null",
    "*",
    "",
)
LIST = "/v1/parties"
Start = Callable[[str], Client]


@pytest.fixture
def start(database: Database) -> Iterator[Start]:
    """What makes the application with these origins, with something to read."""
    url, made = database.engine.url.render_as_string(False), []

    def make(origins: str) -> Client:
        made.append(create_app(Settings(database_url=url, cors_origins=origins, open_writing=True)))
        client = Client(made[-1])
        build_world(client)
        return client

    yield make
    for app in made:
        app.extensions["database"].dispose()


def allowed(client: Client, origin: str | None, method: str = "GET", path: str = LIST) -> str:
    """Who may read an answer, as it says; empty if nobody elsewhere."""
    headers = {} if origin is None else {"Origin": origin}
    answer = client.request(method, path, headers=headers)
    assert "Access-Control-Allow-Credentials" not in answer.headers
    return answer.headers.get("Access-Control-Allow-Origin", "")


def test_by_default_nobody_elsewhere_may_read(world: Client) -> None:
    assert [allowed(world, origin) for origin in (PAGE, None, *OTHERS)] == [""] * 12
    answer = world.request("OPTIONS", LIST, headers=preflight("GET"))
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]
    assert "Vary" not in answer.headers


def test_an_origin_that_is_named_may_read_and_no_other(start: Start) -> None:
    client = start(f"{PAGE}, https://second.example:8443")
    assert allowed(client, PAGE) == PAGE
    assert allowed(client, "https://second.example:8443") == "https://second.example:8443"
    assert [allowed(client, origin) for origin in (None, *OTHERS)] == [""] * 11


@pytest.mark.parametrize("path", [LIST, f"{HERE}/matrix", f"{HERE}/nothing", "/v1/x?y", "/docs"])
def test_every_answer_says_that_it_depends_on_the_origin(start: Start, path: str) -> None:
    client = start(PAGE)
    for origin in (None, PAGE, "https://evil.example"):
        headers = {} if origin is None else {"Origin": origin}
        answer = client.flask.get(path, headers=headers)
        assert "Origin" in answer.headers["Vary"].split(", ")


def test_problems_can_be_read_too(start: Start) -> None:
    client = start(PAGE)
    assert allowed(client, PAGE, path="/v1/parties/nobody") == PAGE
    assert allowed(client, PAGE, "DELETE", LIST) == PAGE
    assert allowed(client, PAGE, "POST", LIST) == PAGE


def preflight(method: str, origin: str = PAGE) -> dict[str, str]:
    return {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization, if-match",
    }


def test_a_browser_that_asks_first_is_told_what_may_be_sent(start: Start) -> None:
    client = start(PAGE)
    answer = client.request("OPTIONS", f"{LIST}/alpha", headers=preflight("PATCH"))
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == PAGE
    assert set(answer.headers["Access-Control-Allow-Methods"].split(", ")) == {
        *("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "PUT")
    }
    assert {"authorization", "if-match", "idempotency-key", "content-type"} <= {
        name.lower() for name in answer.headers["Access-Control-Allow-Headers"].split(", ")
    }
    refused = client.request(
        "OPTIONS", f"{LIST}/alpha", headers=preflight("PATCH", "https://evil.example")
    )
    assert "Access-Control-Allow-Origin" not in refused.headers


def test_every_header_of_the_contract_can_be_read_by_a_page(start: Start) -> None:
    # Beside these there are those that every page may read (the fetch standard), and those of CORS.
    always = {"Cache-Control", "Access-Control-Allow-Origin"}
    not_for_pages = {"Vary", "Accept", "Accept-Encoding"}
    documented = set(contract().document["components"]["headers"])
    assert documented - always - not_for_pages <= set(READ)
    exposed = start(PAGE).get(LIST, headers={"Origin": PAGE}).headers
    assert exposed["Access-Control-Expose-Headers"].split(", ") == list(READ)


def test_a_star_lets_every_page_read(start: Start) -> None:
    client = start("*")
    assert [allowed(client, origin) for origin in (None, PAGE, "null")] == ["*"] * 3
    answer = client.get(LIST, headers={"Origin": PAGE})
    assert "Origin" not in answer.headers["Vary"]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize(
    "origins",
    [
        *("desk.example", "https://desk.example/", "https://desk.example/page", "https://"),
        *("https://*.example", "https://Desk.example", f"*,{PAGE}", f"{PAGE} https://b.example"),
        *("null", "https://a.example\r\nX: y", "https://user@a.example", "https://a.example:port"),
    ],
)
def test_what_is_no_origin_is_refused_at_the_start(origins: str) -> None:
    with pytest.raises(ValueError, match="as the browser sends it"):
        Settings(cors_origins=origins)


@pytest.mark.parametrize("origins", ["", " ", ","])
def test_nothing_names_no_origin(origins: str) -> None:
    assert Settings(cors_origins=origins).origins == frozenset()
