"""What is kept in memory is never older than the record, whichever process writes it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from negotiations_api.app import create_app
from negotiations_api.config import Settings
from negotiations_api.database import Database
from negotiations_api.http.caches import Answers
from tests.api.test_questions import HERE, QUESTIONS
from tests.client import Client


@pytest.fixture
def processes(talks: Database) -> Iterator[list[Client]]:
    """Two processes on one database, as far as what they keep goes."""
    url = talks.engine.url.render_as_string(hide_password=False)
    apps = [create_app(Settings(database_url=url, open_writing=True)) for _ in range(2)]
    yield [Client(app) for app in apps]
    for app in apps:
        app.extensions["database"].dispose()


def pairs(client: Client) -> Any:
    """How close each pair is."""
    return client.get(QUESTIONS["agreement"]).get_json()["pairs"]


def state(client: Client) -> dict[str, bytes]:
    """The answer to each question; all of them about the same negotiation."""
    return {name: client.get(address).data for name, address in QUESTIONS.items()}


def test_a_write_through_one_process_is_seen_by_the_next_read_through_any(
    processes: list[Client],
) -> None:
    writer, reader = processes
    assert state(writer) == state(reader)
    before = pairs(reader)
    said = {"party": "prk", "demand": "cvid", "date": "2019-10-31", "stance": "accept"}
    made = writer.create(f"{HERE}/positions", said).get_json()
    assert pairs(reader) != before
    assert state(writer) == state(reader)
    writer.delete(f"{HERE}/positions/{made['id']}", "*")
    assert pairs(reader) == before
    assert state(writer) == state(reader)


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_the_same_question_is_answered_from_memory(
    talks: Database, app: Flask, queries: Callable[[], list[str]], name: str
) -> None:
    client = Client(app)
    first = client.get(QUESTIONS[name])
    queries().clear()
    again = client.get(QUESTIONS[name])
    assert (again.data, again.headers["ETag"]) == (first.data, first.headers["ETag"])
    assert not [ran for ran in queries() if "FROM position" in ran or "FROM condition" in ran]
    other = client.get(f"{QUESTIONS[name]}{'&' if '?' in QUESTIONS[name] else '?'}format=text")
    assert other.data != first.data


def test_without_memory_every_question_is_computed(talks: Database) -> None:
    url = talks.engine.url.render_as_string(hide_password=False)
    app = create_app(Settings(database_url=url, cache_mb=0, open_writing=True))
    client = Client(app)
    ran: list[str] = []
    engine = app.extensions["database"].engine
    sa.event.listen(
        engine, "before_cursor_execute", lambda _c, _cursor, statement, *_: ran.append(statement)
    )
    answers = []
    for _ in range(2):
        ran.clear()
        answers.append(client.get(QUESTIONS["agreement"]).data)
        assert [statement for statement in ran if "FROM position" in statement]
    assert answers[0] == answers[1]
    engine.dispose()


def test_the_answers_that_were_asked_for_last_are_kept() -> None:
    kept = Answers(room=100)
    for name in "abcdefghijk":
        kept.keep(name, name.encode() * 10)
        kept.get("a")
    assert kept.get("a") == b"a" * 10
    assert kept.get("b") is None
    assert kept.taken <= 100
    kept.keep("long", b"x" * 50)
    assert kept.get("long") is None


@pytest.mark.parametrize("text", ["many", "-1", "1.5"])
def test_a_setting_that_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="NEGOTIATIONS_CACHE_MB is no whole number"):
        Settings.from_environment({"NEGOTIATIONS_CACHE_MB": text})
