"""Reads from a streaming replica, and the reading of one's own writes."""

import asyncio
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask
from sqlalchemy.orm import Session

from negotiations_api.__main__ import Factory
from negotiations_api.app import create_app
from negotiations_api.cli import cli
from negotiations_api.config import Settings
from negotiations_api.database import Access, Database, replicas
from negotiations_api.database.replicas import BEYOND_ALL
from negotiations_api.http import feeds
from negotiations_api.http.gateway import Gateway
from tests.api.samples import HERE, build_world
from tests.client import Client, check_problem
from tests.contract import contract
from tests.replication import Pair, replicating, wait_until
from tests.serve.calls import arriving, ask, counting

TOKEN = "Consistency-Token"
NO_SERVER = "postgresql://tests@127.0.0.1:1/talks"


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    """A small negotiation on two servers."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as directory,
        replicating(Path(directory)) as made,
    ):
        app = create_app(Settings(database_url=made.url, open_writing=True))
        build_world(Client(app))
        app.extensions["database"].dispose()
        made.catch_up()
        yield made


@pytest.fixture(scope="module")
def application(pair: Pair) -> Iterator[Flask]:
    """The application, whose making takes longer than most tests."""
    app = create_app(Settings(f"{pair.primary.address}/talks", pair.replica_url, open_writing=True))
    yield app
    app.extensions["database"].dispose()


@pytest.fixture
def database(application: Flask) -> Database:
    """The database of the application, on both servers."""
    database: Database = application.extensions["database"]
    return database


@pytest.fixture
def client(application: Flask) -> Client:
    """A client of the API."""
    return Client(application)


@pytest.fixture(autouse=True)
def _forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test finds a replica behind since another test has."""
    monkeypatch.setattr(replicas, "BEHIND_S", 0)


@pytest.fixture
def paused(pair: Pair) -> Iterator[Callable[[], None]]:
    """The replica stays where it is until the function is called, or the test ends."""
    pair.catch_up()
    pair.on_replica("SELECT pg_wal_replay_pause()")
    wait_until(
        lambda: pair.on_replica("SELECT pg_get_wal_replay_pause_state()") == "paused",
        "the replica pauses",
    )

    def go_on() -> None:
        pair.on_replica("SELECT pg_wal_replay_resume()")

    yield go_on
    go_on()
    pair.catch_up()


@contextmanager
def answering(database: Database) -> Iterator[list[str]]:
    """Which servers are read from, in order."""
    servers: list[str] = []

    def note(name: str) -> Callable[..., None]:
        def ran(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if "FROM" in statement and servers[-1:] != [name]:
                servers.append(name)

        return ran

    engines = {"primary": database.engine, "replica": database.replicas.all[-1].engine}
    notes = {name: note(name) for name in engines}
    for name, engine in engines.items():
        sa.event.listen(engine, "before_cursor_execute", notes[name])
    yield servers
    for name, engine in engines.items():
        sa.event.remove(engine, "before_cursor_execute", notes[name])


def party(client: Client, slug: str, **more: Any) -> Any:
    """The answer to the recording of a party."""
    return client.post("/v1/parties", {"slug": slug, "name": slug, "kind": "state"}, **more)


def test_a_replica_answers_what_is_read(client: Client, database: Database) -> None:
    with answering(database) as servers:
        assert client.get(f"{HERE}/matrix").status_code == 200
        assert client.get("/v1/parties?format=csv").status_code == 200
    assert servers == ["replica"]


def test_who_has_a_token_reads_what_it_stands_for_from_the_primary_if_need_be(
    client: Client, database: Database, paused: Callable[[], None]
) -> None:
    token = party(client, "early").headers[TOKEN]
    with answering(database) as servers:
        assert client.get("/v1/parties/early").status_code == 404
        assert client.get("/v1/parties/early", headers={TOKEN: token}).status_code == 200
    assert servers == ["replica", "primary"]


def test_a_replica_is_waited_for(
    client: Client, database: Database, paused: Callable[[], None]
) -> None:
    token = party(client, "awaited").headers[TOKEN]
    late = threading.Timer(0.4, paused)  # later than without Prefer it would be waited for
    late.start()
    with answering(database) as servers:
        headers = {TOKEN: token, "Prefer": "respond-async, wait=2"}
        assert client.get("/v1/parties/awaited", headers=headers).status_code == 200
    late.join()
    assert servers == ["replica"]


def test_a_replica_that_has_what_the_token_stands_for_answers(
    client: Client, database: Database, pair: Pair
) -> None:
    token = party(client, "replicated").headers[TOKEN]
    pair.catch_up()
    with answering(database) as servers:
        headers = {TOKEN: token, "Prefer": "wait=0"}
        assert client.get("/v1/parties/replicated", headers=headers).status_code == 200
    assert servers == ["replica"]


def test_what_is_said_again_comes_with_a_token_for_what_it_tells_of(
    client: Client, paused: Callable[[], None]
) -> None:
    payload = {"slug": "repeated", "name": "Repeated", "kind": "state"}
    key = {"Idempotency-Key": "repeated"}
    first, again = (client.post("/v1/parties", payload, headers=key) for _ in range(2))
    assert (again.status_code, again.data) == (201, first.data)
    assert again.headers["Idempotent-Replayed"] == "true"
    headers = {TOKEN: again.headers[TOKEN]}
    assert client.get("/v1/parties/repeated", headers=headers).status_code == 200


def test_a_replica_that_is_behind_is_not_waited_for_by_everybody(
    pair: Pair, paused: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replicas, "BEHIND_S", 60)
    app = create_app(Settings(f"{pair.primary.address}/talks", pair.replica_url, open_writing=True))
    client, database = Client(app), app.extensions["database"]
    tokens = [party(client, f"behind-{number}").headers[TOKEN] for number in range(20)]
    asked: list[str] = []
    replica = database.replicas.all[0].engine
    sa.event.listen(
        replica, "before_cursor_execute", lambda _c, _cursor, statement, *_: asked.append(statement)
    )
    counts = []
    for number, token in enumerate(tokens):
        before = len(asked)
        headers = {TOKEN: token, "Prefer": "wait=1"}
        answer = client.get(f"/v1/parties/behind-{number}", headers=headers)
        assert answer.status_code == 200
        counts.append(len(asked) - before)
    assert counts[0] > 10  # until the second was over
    assert counts[1:] == [1] * 19
    database.dispose()


def test_every_write_has_a_token_and_a_trial_none(client: Client) -> None:
    key = {"Idempotency-Key": "every-write"}
    payload = {"slug": "camp", "title": "Camp", "issue": "peace-treaty"}
    answers = [
        client.post(f"{HERE}/demands", payload, headers=key),
        client.post(f"{HERE}/demands", payload, headers=key),
        client.patch(f"{HERE}/demands/camp", {"title": "Camps"}, "*"),
        client.put(f"{HERE}/demands/camp", payload, "*"),
        client.delete(f"{HERE}/demands/camp", "*"),
    ]
    assert [answer.status_code for answer in answers] == [201, 201, 200, 200, 204]
    assert all(TOKEN in answer.headers for answer in answers)
    assert TOKEN not in client.post(f"{HERE}/demands?dry_run=true", payload).headers
    assert TOKEN not in client.post(f"{HERE}/demands", {"slug": "camp"}).headers


def test_an_etag_that_is_newer_than_the_replica_is_not_taken_for_what_the_replica_has(
    client: Client, paused: Callable[[], None]
) -> None:
    address = f"{HERE}/matrix"
    old = client.get(address).headers
    token = client.patch(f"{HERE}/demands/treaty", {"text": "New."}, "*").headers[TOKEN]
    new = client.get(address, headers={TOKEN: token}).headers
    assert int(new["Negotiation-Revision"]) == int(old["Negotiation-Revision"]) + 1
    behind = client.get(address, headers={"If-None-Match": new["ETag"]})
    assert (behind.status_code, behind.headers["ETag"]) == (200, old["ETag"])
    assert client.get(address, headers={"If-None-Match": old["ETag"]}).status_code == 304
    asked = {TOKEN: token, "If-None-Match": new["ETag"]}
    assert client.get(address, headers=asked).status_code == 304


@pytest.mark.parametrize(
    ("since", "is_replica"), [(None, True), ("0/1", True), (BEYOND_ALL, False)]
)
def test_what_is_read_is_one_state_and_cannot_be_written(
    database: Database, since: str | None, is_replica: bool
) -> None:
    def look(session: Session) -> list[Any]:
        return [
            session.scalar(sa.text(statement))
            for statement in (
                "SHOW transaction_isolation",
                "SHOW transaction_read_only",
                "SELECT pg_is_in_recovery()",
            )
        ]

    assert database.read(look, since=since) == ["repeatable read", "on", is_replica]


def test_what_breaks_off_on_a_replica_is_read_from_the_primary(database: Database) -> None:
    tries: list[bool] = []

    def work(session: Session) -> int:
        is_replica = bool(session.scalar(sa.text("SELECT pg_is_in_recovery()")))
        tries.append(is_replica)
        if is_replica:
            session.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return len(tries)

    assert database.read(work) == 2
    assert tries == [True, False]
    _until_back(database)


def test_a_replica_that_is_down_is_done_without_and_comes_back(
    client: Client, database: Database, pair: Pair
) -> None:
    assert client.get("/v1/parties").status_code == 200
    pair.replica.end()
    try:
        with answering(database) as servers:
            for _ in range(5):
                assert client.get("/v1/parties").status_code == 200
        assert servers[-1] == "primary"
    finally:
        pair.replica.start()
    _until_back(database)


def test_one_replica_of_two_answers_while_the_other_is_down(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replicas, "PAUSES_S", (60.0, 60.0))
    urls = f"{NO_SERVER},{pair.replica_url}"
    app = create_app(Settings(f"{pair.primary.address}/talks", urls, open_writing=True))
    database: Database = app.extensions["database"]
    tried: list[Any] = []
    sa.event.listen(
        database.replicas.all[0].engine, "do_connect", lambda *_: tried.append(None), named=False
    )
    with answering(database) as servers:
        for _ in range(6):
            assert Client(app).get("/v1/parties").status_code == 200
    database.dispose()
    assert servers == ["replica"]
    assert len(tried) == 1  # and then it was left alone


def test_the_command_line_reads_what_it_has_written(
    client: Client, pair: Pair, paused: Callable[[], None]
) -> None:
    payload = {"party": "alpha", "demand": "treaty", "date": "2021", "stance": "accept"}
    client.create(f"{HERE}/positions", payload)
    ran = CliRunner().invoke(
        cli,
        ["positions", "alpha", "--format", "csv"],
        obj=Factory(),
        env={
            "NEGOTIATIONS_DATABASE_URL": f"{pair.primary.address}/talks",
            "NEGOTIATIONS_REPLICA_URLS": pair.replica_url,
        },
    )
    assert "2021" in ran.stdout, ran.output


def _until_back(database: Database) -> None:
    """Wait until the replica is read from again."""

    def is_replica(session: Session) -> bool:
        return bool(session.scalar(sa.text("SELECT pg_is_in_recovery()")))

    wait_until(lambda: database.read(is_replica), "the replica is asked again")


# What writers are told when the primary fails them.


def refused(app: Flask, slug: str, **headers: str) -> Any:
    """The problem that a write is answered with."""
    payload = {"slug": slug, "name": slug, "kind": "state"}
    answer = app.test_client().post("/v1/parties", json=payload, headers=headers)
    contract().check(answer)
    check_problem(answer)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    return answer.get_json()


@pytest.fixture
def doomed(pair: Pair) -> Iterator[Callable[[], None]]:
    """The connection that commits the party 'doomed' is lost, until the function is called."""
    pair.on_primary(
        "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$"
    )
    pair.on_primary(
        "CREATE CONSTRAINT TRIGGER dies AFTER INSERT ON party DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW WHEN (NEW.slug = 'doomed') EXECUTE FUNCTION die()"
    )

    def save() -> None:
        pair.on_primary("DROP FUNCTION IF EXISTS die CASCADE")

    yield save
    save()


def test_an_answer_stands_ready_as_long_as_the_replica_has_nothing_newer(
    client: Client, application: Flask, pair: Pair, paused: Callable[[], None]
) -> None:
    served = Gateway(application, "postgresql")

    def matrix(*headers: tuple[bytes, bytes]) -> bytes:
        answer = asyncio.run(ask(served, "GET", f"{HERE}/matrix?on=2020", arriving(), headers))
        assert answer[0] == 200
        return answer[2]

    before = matrix()
    token = client.patch(HERE, {"title": "Another title"}, "*").headers[TOKEN]
    assert matrix() == before
    assert matrix((TOKEN.lower().encode(), token.encode())) != before
    paused()
    pair.catch_up()
    assert matrix() == matrix((TOKEN.lower().encode(), token.encode()))


@pytest.mark.parametrize("accept", [b"application/json", b"text/event-stream"])
def test_a_replica_that_is_behind_has_no_news(
    client: Client,
    application: Flask,
    paused: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
    accept: bytes,
) -> None:
    monkeypatch.setattr(feeds, "STREAM_S", 1)
    token = client.patch(HERE, {"title": f"For {accept!r}"}, "*").headers[TOKEN]
    now = client.get(HERE, headers={TOKEN: token}).headers["Negotiation-Revision"]
    served = Gateway(application, "postgresql")
    counter = counting(served)
    headers = [(TOKEN.lower().encode(), token.encode()), (b"accept", accept)]
    began = time.monotonic()
    path = f"{HERE}/changes?after={now}&wait=1"
    status, _, body = asyncio.run(ask(served, "GET", path, arriving(), headers))
    assert status == 200
    assert b'items":[]' in body or b"data:" not in body
    assert time.monotonic() - began >= 1
    assert counter.times <= 2  # at first, and when the time has passed


def test_a_replica_of_several_hosts_is_no_primary() -> None:
    several = "postgresql://tests@one,two:5433/talks"
    wanted = {
        Database(several, [several]).engine.url.query["target_session_attrs"],
        Database(several, [several]).replicas.all[0].engine.url.query["target_session_attrs"],
    }
    assert wanted == {"read-write", "prefer-standby"}


def test_a_connection_that_is_lost_in_a_commit_leaves_open_what_was_written_and_says_so(
    application: Flask, client: Client, doomed: Callable[[], None]
) -> None:
    without_key = refused(application, "doomed")
    assert without_key["type"] == "/problems/outcome-unknown"
    assert "Read what is there" in without_key["detail"]
    with_key = refused(application, "doomed", Idempotency_Key="to-be-sent-again")
    assert "same Idempotency-Key" in with_key["detail"]
    doomed()
    again = party(client, "doomed", headers={"Idempotency-Key": "to-be-sent-again"})
    assert again.status_code == 201


def test_a_connection_that_is_lost_before_the_commit_has_written_nothing(
    database: Database,
) -> None:
    with (
        pytest.raises(sa.exc.OperationalError) as raised,
        database.transaction(Access.WRITE) as session,
    ):
        session.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert raised.value.connection_invalidated


def test_a_server_that_takes_no_writes_is_left_for_the_one_that_does(
    application: Flask, client: Client, database: Database, pair: Pair
) -> None:
    pair.on_primary("ALTER DATABASE talks SET default_transaction_read_only = on")
    database.dispose()
    try:
        assert refused(application, "postponed")["type"] == "/problems/unavailable"
    finally:
        pair.on_primary("ALTER DATABASE talks SET default_transaction_read_only = off")
    assert party(client, "postponed").status_code == 201


def test_reading_goes_on_where_there_is_no_primary(pair: Pair) -> None:
    app = create_app(Settings(NO_SERVER, pair.replica_url, open_writing=True))
    assert Client(app).get("/v1/parties/alpha").status_code == 200
    refused(app, "later")
    app.extensions["database"].dispose()


def test_what_is_committed_is_read_also_if_the_server_was_lost_before_it_said_how_far_it_was(
    client: Client, pair: Pair, paused: Callable[[], None]
) -> None:
    def lose(session: Session) -> None:
        bind = session.get_bind()
        assert isinstance(bind, sa.Connection)
        driver: Any = bind.connection.driver_connection
        pair.on_primary(f"SELECT pg_terminate_backend({driver.info.backend_pid}, 10000)")

    sa.event.listen(Session, "after_commit", lose, once=True)
    written = party(client, "committed")
    assert written.status_code == 201
    headers = {TOKEN: written.headers[TOKEN]}
    assert client.get("/v1/parties/committed").status_code == 404
    assert client.get("/v1/parties/committed", headers=headers).status_code == 200
