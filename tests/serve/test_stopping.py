"""What is under way when the service is told to stop is finished; then it ends well."""

import os
import shutil
import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from negotiations_api.cli.supervision import StoppableServer
from negotiations_api.database import Access, Database
from negotiations_api.models import Token
from negotiations_api.models.token import Scope
from negotiations_api.records.tokens import create_token
from tests.serve.connections import head, read_all
from tests.serving import Server, server

BODY = b'{"slug": "late", "name": "Late", "kind": "state"}'
SENT = {"Content-Type": "application/json", "Content-Length": str(len(BODY))}
HEAD = head("POST", "/v1/parties", Expect="100-continue", **SENT)


@pytest.fixture
def url(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


def tell_one(running: Server) -> None:
    os.kill(running.process.pid, signal.SIGTERM)


def interrupt_all(running: Server) -> None:
    """What Ctrl-C in a terminal does."""
    os.killpg(running.process.pid, signal.SIGINT)


def tell_each(running: Server) -> None:
    """What a supervisor does that knows the processes only, not which is whose."""
    for pid in [*running.workers(), running.process.pid]:
        os.kill(pid, signal.SIGTERM)


def tell_often(running: Server) -> None:
    """What comes of it when make and a terminal both pass it on."""
    for _ in range(200):
        os.kill(running.process.pid, signal.SIGTERM)


@pytest.mark.parametrize("tell", [tell_one, interrupt_all, tell_each, tell_often])
def test_a_request_that_is_under_way_gets_its_whole_answer(
    url: str, tmp_path: Path, tell: Callable[[Server], None]
) -> None:
    with server(url, tmp_path, "--workers", "2") as running:
        with running.connect() as under_way, running.connect() as idle:
            idle.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert idle.recv(65536).startswith(b"HTTP/1.1 200")
            under_way.sendall(HEAD)
            assert under_way.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"  # now it is
            under_way.sendall(BODY[:10])
            tell(running)
            while True:  # until nobody is taken any more
                try:
                    running.connect().close()
                except ConnectionError:  # refused, or reset while it closes
                    break
            while idle.recv(65536):  # what is idle is closed
                pass
            assert running.process.poll() is None
            under_way.sendall(BODY[10:])
            status, record = read_all(under_way)
        assert (status, record["slug"]) == (201, "late")
        assert running.process.wait(20) == 0, running.log.read_text()


def test_being_told_to_stop_waits_for_nobody() -> None:
    told = StoppableServer("negotiations")
    with told.main_loop_interrupt._cond:  # as where the signal before has interrupted its handler
        telling = threading.Thread(target=told.signal_handler_interrupt, args=(15, None))
        telling.daemon = True
        telling.start()
        telling.join(5)
        assert not telling.is_alive()
    assert told.interrupt_signal


def test_a_worker_that_dies_is_replaced(url: str, tmp_path: Path) -> None:
    with server(url, tmp_path, "--workers", "2") as running:
        os.kill(running.workers()[0], signal.SIGKILL)
        while len(running.workers()) == 2:
            assert running.process.poll() is None
        for _ in range(20):
            with running.connect(patient=True) as connection:
                connection.sendall(head("GET", "/v1/parties"))
                assert read_all(connection) == (200, {"items": [], "next": None})
        running.process.terminate()
        assert running.process.wait(20) == 0


def test_no_worker_outlives_a_parent_that_is_killed(url: str, tmp_path: Path) -> None:
    with server(url, tmp_path, "--workers", "2") as running:
        assert len(running.workers()) == 2
        running.process.kill()
        deadline = time.monotonic() + 20
        while True:  # until nobody listens any more
            assert time.monotonic() < deadline
            try:
                running.connect().close()
            except ConnectionError:
                break
            time.sleep(0.05)


def test_an_sqlite_file_is_whole_when_the_service_has_ended(
    sqlite_template: Path, tmp_path: Path
) -> None:
    file = tmp_path / "served.db"
    shutil.copy(sqlite_template, file)
    with server(f"sqlite:///{file}", tmp_path) as running:
        with running.connect() as connection:
            connection.sendall(head("POST", "/v1/parties", **SENT) + BODY)
            assert read_all(connection)[0] == 201
        running.process.terminate()
        assert running.process.wait(20) == 0
    assert not list(tmp_path.glob("served.db-*"))
    shutil.copy(file, tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("SELECT slug FROM party").fetchall() == [("late",)]


def test_the_last_uses_of_tokens_are_written_down_when_the_service_ends(
    url: str, tmp_path: Path, database: Database
) -> None:
    with database.transaction(Access.WRITE) as session:
        made = create_token(session, "once", Scope.READ)
    with server(url, tmp_path) as running:
        with running.connect() as connection:
            bearer = {"Authorization": f"Bearer {made.secret}"}
            connection.sendall(head("GET", "/v1/parties", **bearer))
            assert read_all(connection)[0] == 200
        running.process.terminate()
        assert running.process.wait(20) == 0
    with database.transaction(Access.READ) as session:
        assert session.scalars(select(Token.last_used_at)).one() is not None


def test_who_waits_for_news_is_sent_away(url: str, tmp_path: Path, talks: Database) -> None:
    with server(url, tmp_path) as running:
        with running.connect() as waiting, running.connect() as following:
            at = "/v1/negotiations/us-dprk/changes?after=1"
            waiting.sendall(head("GET", f"{at}&wait=30"))
            following.sendall(head("GET", at, Accept="text/event-stream"))
            assert following.recv(65536).startswith(b"HTTP/1.1 200")
            tell_one(running)
            status, feed = read_all(waiting)
            assert (status, feed["items"]) == (200, [])
            received = b""
            while chunk := following.recv(65536):
                received += chunk
            assert received.endswith(b"0\r\n\r\n")  # the end of a body in chunks
        assert running.process.wait(timeout=20) == 0  # workers are killed after a minute only
