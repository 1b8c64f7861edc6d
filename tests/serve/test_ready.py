"""Answers that stand ready are those that the application would give."""

import asyncio
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from negotiations_api.app import create_app
from negotiations_api.config import Settings
from negotiations_api.database import Access, Database
from negotiations_api.http.caches import Answers
from negotiations_api.http.gateway import Gateway
from negotiations_api.http.ready import Ready, ReadyAnswers, RestsOn, is_current
from tests.api.test_questions import HERE, QUESTIONS
from tests.client import Client
from tests.serve.calls import arriving, ask

Told = tuple[int, dict[str, str], bytes]
STANDING_READY = sorted(set(QUESTIONS) - {"party_positions"})  # that rests on more than revisions


class Served:
    """The service, asked from one event loop after the other."""

    def __init__(self, app: Flask, engine: str) -> None:
        self.app = app
        self.gateway = Gateway(app, engine)
        self.ids: list[str] = []

    def get(self, path: str, *headers: tuple[str, str]) -> Told:
        """The answer, but for the id of the request, which is added to `ids`."""
        sent = [(name.encode(), value.encode()) for name, value in headers]
        status, told, body = asyncio.run(ask(self.gateway, "GET", path, arriving(), sent))
        self.ids.append(told.pop("x-request-id"))
        return status, told, body


Start = Callable[..., Flask]


@pytest.fixture
def start(talks: Database) -> Iterator[Start]:
    """What starts another process of the service, as far as what it keeps goes."""
    url, started = talks.engine.url.render_as_string(hide_password=False), []

    def make(**settings: Any) -> Flask:
        started.append(create_app(Settings(url, open_writing=True, **settings)))
        return started[-1]

    yield make
    for app in started:
        app.extensions["database"].dispose()


@pytest.fixture
def served(app: Flask, talks: Database) -> Served:
    return Served(app, talks.engine.dialect.name)


@pytest.fixture
def other(start: Start) -> Client:
    """A client of another process, which keeps nothing."""
    return Client(start(cache_mb=0))


def statements(served: Served) -> list[str]:
    """The statements that are run from now on, but for those that ask for a revision alone."""
    ran: list[str] = []
    sa.event.listen(
        served.app.extensions["database"].engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_: ran.append(statement),
    )
    return ran


@pytest.mark.parametrize("media", ["application/json", "text/plain", "text/csv"])
@pytest.mark.parametrize("name", STANDING_READY)
def test_the_second_answer_is_the_first_and_the_application_is_not_asked(
    served: Served, name: str, media: str
) -> None:
    accept = ("accept", media)
    first = served.get(QUESTIONS[name], accept)
    assert first[0] == 200
    has_it = (accept, ("if-none-match", first[1]["etag"]))
    unchanged = served.get(QUESTIONS[name], *has_it)
    assert (unchanged[0], unchanged[2]) == (304, b"")
    ran = statements(served)
    assert served.get(QUESTIONS[name], accept, ("user-agent", "another")) == first
    assert served.get(QUESTIONS[name], *has_it) == unchanged
    assert not ran


def test_every_answer_that_stands_ready_has_the_id_of_its_own_request(served: Served) -> None:
    own = ("x-request-id", "of-a-proxy.1")
    served.get(QUESTIONS["compare"], own)
    ran = statements(served)
    for headers in ((own,), (), (), (("x-request-id", "no id"),), (own, own)):
        served.get(QUESTIONS["compare"], *headers)
    assert not ran
    first, second, *new = served.ids
    assert {first, second} == {"of-a-proxy.1"}
    assert [re.fullmatch("[0-9a-f]{32}", one) is not None for one in new] == [True] * 4
    assert len(set(new)) == 4


def test_a_write_through_another_process_is_seen_at_once(served: Served, other: Client) -> None:
    address = QUESTIONS["compare"]
    before = served.get(address)
    tag = ("if-none-match", before[1]["etag"])
    assert served.get(address, tag)[0] == 304
    said = {"party": "prk", "demand": "cvid", "date": "2019-10-31", "stance": "accept"}
    made = other.create(f"{HERE}/positions", said).get_json()
    for headers in ((), (tag,)):
        status, _, body = served.get(address, *headers)
        assert (status, body) == (200, other.get(address).data)
    assert served.get(address)[2] != before[2]
    other.delete(f"{HERE}/positions/{made['id']}", "*")
    assert served.get(address)[2] == other.get(address).data


def test_what_is_gone_is_no_longer_answered(served: Served, other: Client) -> None:
    assert served.get(QUESTIONS["matrix"])[0] == served.get(QUESTIONS["matrix"])[0] == 200
    other.delete(HERE, "*")
    assert served.get(QUESTIONS["matrix"])[0] == 404


@pytest.mark.parametrize(
    "header",
    [
        ("prefer", "wait=1"),
        ("consistency-token", "0/16B3748"),
        ("authorization", "Bearer of-somebody"),
        ("accept", "text/csv"),
        ("x-anything", "else"),
        ("origin", "https://example.org"),
    ],
)
def test_what_an_answer_may_differ_by_is_left_to_the_application(
    served: Served, header: tuple[str, str]
) -> None:
    served.get(QUESTIONS["compare"])
    ran = statements(served)
    status, *_ = served.get(QUESTIONS["compare"], header)
    assert ran or (status == 401) == (header[0] == "authorization")


@pytest.mark.parametrize(
    ("question", "where", "record"),
    [
        ("compare", "issues", {"slug": "fishing", "title": "Fishing"}),
        ("timeline", "parties", {"slug": "fishing", "name": "Fishing", "kind": "organisation"}),
    ],
)
def test_what_is_shared_and_goes_is_missed_by_the_question_about_it(
    served: Served, other: Client, question: str, where: str, record: dict[str, str]
) -> None:
    other.create(f"/v1/{where}", record)
    name = {"issues": "issue", "parties": "party"}[where]
    address = f"{QUESTIONS[question]}?{name}=fishing"
    assert served.get(address)[0] == 200
    other.delete(f"/v1/{where}/fishing", "*")
    assert served.get(address)[0] == 400


def test_requests_that_are_counted_all_come_to_the_application(
    start: Start, talks: Database
) -> None:
    limited = Served(start(rate_limit="2/minute"), talks.engine.dialect.name)
    assert [limited.get(QUESTIONS["matrix"])[0] for _ in range(3)] == [200, 200, 429]


def test_nothing_stands_ready_without_memory(start: Start, talks: Database) -> None:
    served = Served(start(cache_mb=0), talks.engine.dialect.name)
    first = served.get(QUESTIONS["matrix"])
    ran = statements(served)
    assert served.get(QUESTIONS["matrix"]) == first
    assert [statement for statement in ran if "FROM position" in statement]


def test_connections_that_are_lost_cost_nobody_an_answer(served: Served, talks: Database) -> None:
    first = served.get(QUESTIONS["matrix"])
    assert served.get(QUESTIONS["matrix"]) == first
    if talks.engine.dialect.name == "postgresql":
        all_others = sa.text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        with talks.transaction(Access.READ) as session:
            session.execute(all_others)
    else:
        served.app.extensions["database"].dispose()
    assert served.get(QUESTIONS["matrix"]) == first
    assert served.get(QUESTIONS["matrix"]) == first


def told_of(day: str, *states: tuple[int, int]) -> Ready:
    return Ready(200, [], RestsOn("key", states, day), has_body=True)


@pytest.mark.parametrize(
    ("ready", "right"),
    [
        (told_of("", (1, 7)), True),
        (told_of("", (1, 6)), False),
        (told_of("", (1, 7), (2, 1)), False),  # the second one is gone
        (told_of("2000-01-01", (1, 7)), False),
    ],
)
def test_an_answer_is_right_while_all_that_it_rests_on_is_the_same(
    ready: Ready, right: bool
) -> None:
    revisions: Callable[[int], int | None] = {1: 7}.get
    assert is_current(ready, revisions) is right


def scope(path: str, headers: Sequence[tuple[bytes, bytes]] = ()) -> dict[str, Any]:
    return {
        "method": "GET",
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": list(headers),
    }


def test_only_so_many_answers_are_kept_those_that_were_asked_for_last() -> None:
    bodies = Answers(1000)
    bodies.keep("key", b"body")
    kept = ReadyAnswers(bodies, most=2)
    for path in ("/a", "/b"):
        kept.keep(scope(path), told_of(""))
    assert kept.find(scope("/a"))
    kept.keep(scope("/c"), told_of(""))
    assert [path for path in ("/a", "/b", "/c") if kept.find(scope(path))] == ["/a", "/c"]
    kept.keep(scope("/" + "d" * 2000), told_of(""))
    assert [path for path in ("/a", "/b", "/c") if kept.find(scope(path))] == ["/a", "/c"]


def test_an_answer_whose_bytes_had_to_make_room_is_none() -> None:
    bodies = Answers(1000)
    bodies.keep("key", b"body")
    kept = ReadyAnswers(bodies)
    kept.keep(scope("/a"), told_of(""))
    for number in range(20):
        bodies.keep(number, b"x" * 100)
    assert kept.find(scope("/a")) is None
