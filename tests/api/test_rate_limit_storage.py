"""Requests that all processes count together, in a Redis; and what happens without it.

Without a redis-server (the package of Debian), pytest says that the tests which need one have no
parameters.
"""

import asyncio
import itertools
import logging
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from negotiations_api.app import create_app
from negotiations_api.config import Settings
from negotiations_api.database import Database
from negotiations_api.http import rate_limit, windows
from negotiations_api.http.gateway import Gateway
from tests.client import Client
from tests.redis import PROGRAMS, far, free_port, redis
from tests.serve.calls import arriving, ask
from tests.serving import server

IN_REDIS = pytest.mark.parametrize("program", PROGRAMS)
LIST = "/v1/parties"
Start = Callable[[str], Client]

AGAIN = 3
"""So often it is seen how long something takes: a machine that is busy may take its time once."""


@pytest.fixture
def start(database: Database) -> Iterator[Start]:
    """What starts another process of the service, as far as its counters go."""
    url, made = database.engine.url.render_as_string(False), []

    def make(storage: str) -> Client:
        settings = Settings(
            url, rate_limit="3/minute", rate_limit_storage=storage, open_writing=True
        )
        made.append(create_app(settings))
        return Client(made[-1])

    yield make
    for app in made:
        app.extensions["database"].dispose()


@IN_REDIS
def test_all_processes_count_together(start: Start, tmp_path: Path, program: str) -> None:
    with redis(program, free_port(), tmp_path) as storage:
        first, second = start(storage), start(storage)
        told = [client.get(LIST) for client in (first, second, first, second)]
    assert [answer.status_code for answer in told] == [200, 200, 200, 429]
    left = [answer.headers["RateLimit"].split(";")[1] for answer in told]
    assert left == ["r=2", "r=1", "r=0", "r=0"]
    assert 0 < int(told[3].headers["Retry-After"]) <= 60


@IN_REDIS
def test_each_caller_is_counted_apart(start: Start, tmp_path: Path, program: str) -> None:
    with redis(program, free_port(), tmp_path) as storage:
        client = start(storage)
        for address in ("10.0.0.1", "2001:db8::1"):
            environ = {"REMOTE_ADDR": address}
            statuses = [client.get(LIST, environ_base=environ).status_code for _ in range(4)]
            assert statuses == [200, 200, 200, 429]


@IN_REDIS
def test_what_counts_goes_and_comes_again(
    start: Start,
    tmp_path: Path,
    program: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rate_limit, "PAUSE_S", 0)
    port = free_port()
    with redis(program, port, tmp_path) as storage:
        client = start(storage)
        assert [client.get(LIST).status_code for _ in range(4)] == [200, 200, 200, 429]
    without = [client.get(LIST) for _ in range(5)]
    assert [answer.status_code for answer in without] == [200] * 5
    assert not [answer for answer in without if "RateLimit" in answer.headers]
    assert caplog.text.count("requests are not counted, and all let through") == 1
    with redis(program, port, tmp_path):
        assert [client.get(LIST).status_code for _ in range(4)] == [200, 200, 200, 429]


@IN_REDIS
def test_the_workers_of_a_server_count_together(
    database: Database, tmp_path: Path, program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with redis(program, free_port(), tmp_path) as storage:
        monkeypatch.setenv("NEGOTIATIONS_RATE_LIMIT", "20/hour")
        monkeypatch.setenv("NEGOTIATIONS_RATE_LIMIT_STORAGE", storage)
        url = database.engine.url.render_as_string(False)
        with server(url, tmp_path, "--workers", "2") as running:
            # The server has been asked once or more by then, to see whether it is there.
            statuses = [status(f"{running.address}{LIST}") for _ in range(40)]
    taken = statuses.count(200)
    assert 0 < taken < 20
    assert statuses == [200] * taken + [429] * (40 - taken)


def status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            code: int = answer.status
            return code
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_without_its_redis_the_service_answers_and_says_so_once(
    start: Start, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limit, "PAUSE_S", 0)
    client = start(f"redis://user:very-secret@127.0.0.1:{free_port()}/0")
    assert [client.get(LIST).status_code for _ in range(5)] == [200] * 5
    (line,) = [record for record in caplog.records if record.name == rate_limit.__name__]
    assert line.levelno == logging.WARNING
    assert "very-secret" not in caplog.text
    monkeypatch.setattr(rate_limit, "SILENCE_S", 0)
    client.app.extensions["rate_limit"]._silent_until = 0
    client.get(LIST)
    assert caplog.text.count("requests are not counted") == 2


def test_a_redis_that_has_failed_is_left_alone_for_a_while(start: Start) -> None:
    client = start(f"redis://127.0.0.1:{free_port()}/0")
    counter = client.app.extensions["rate_limit"]
    # A machine that is busy may not come to it in time, which is no failure of the Redis.
    asked = itertools.count(1)
    while not counter._paused_until:
        assert next(asked) < 20
        client.get(LIST)
    paused_until = counter._paused_until
    client.get(LIST)
    assert counter._paused_until == paused_until  # not asked again


def seconds_of(client: Client, number: int) -> list[float]:
    took = []
    for _ in range(number):
        began = time.perf_counter()
        assert client.get(LIST).status_code in {200, 429}
        took.append(time.perf_counter() - began)
    return took


@IN_REDIS
def test_a_redis_that_is_slow_is_waited_for_once_a_request(
    start: Start, tmp_path: Path, program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limit, "PAUSE_S", 0)
    longest = []
    with redis(program, free_port(), tmp_path) as storage, far(storage, 0.15) as address:
        seconds_of(start(storage), 1)  # compiles what all need
        for _ in range(AGAIN):
            client = start(address)
            longest.append(max(seconds_of(client, 10)))
        told = client.get(LIST)
    assert min(longest) < windows.WAIT_S + 0.1
    assert "RateLimit" in told.headers  # as soon as there is a connection


@pytest.mark.parametrize("what", ["name", "answer"])
def test_a_redis_that_cannot_be_reached_is_waited_for_a_quarter_of_a_second(
    start: Start, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    seconds_of(start("redis://127.0.0.1:1/0"), 1)  # compiles what all need
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        if what == "name":
            asked = socket.getaddrinfo

            def late(*arguments: Any, **more: Any) -> Any:
                time.sleep(1)
                return asked(*arguments, **more)

            monkeypatch.setattr(socket, "getaddrinfo", late)
        took = [seconds_of(start(f"redis://localhost:{port}/0"), 5) for _ in range(AGAIN)]
        assert any(
            first < windows.WAIT_S + 0.1 and max(rest) < 0.1  # it is left alone
            for first, *rest in took
        )
        time.sleep(1.5)  # until nothing waits for it any more
    assert "Timeout" in caplog.text or "no answer in 0.25 seconds" in caplog.text


@IN_REDIS
def test_a_process_that_is_too_busy_to_count_goes_on_counting(
    start: Start, tmp_path: Path, program: str
) -> None:
    done = threading.Event()

    def compute() -> None:
        while not done.is_set():
            sum(range(1000))

    crowd = [threading.Thread(target=compute) for _ in range(9)]
    with redis(program, free_port(), tmp_path) as storage:
        client = start(storage)
        counter = client.app.extensions["rate_limit"]
        client.get(LIST)
        counter._paused_until = 0
        for one in crowd:
            one.start()
        for _ in range(40):
            counter.count("address", "192.0.2.1")
        done.set()
        for one in crowd:
            one.join()
        assert counter._paused_until == 0
        told = counter.count("address", "192.0.2.1")
    assert (told.is_within, told.remaining) == (False, 0)


@IN_REDIS
def test_others_are_served_while_a_redis_is_waited_for(
    start: Start, tmp_path: Path, program: str, database: Database
) -> None:
    async def pauses(served: Gateway) -> float:
        longest = 0.0
        asked = [asyncio.create_task(ask(served, "GET", LIST, arriving())) for _ in range(3)]
        while not all(task.done() for task in asked):
            began = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, time.perf_counter() - began)
        return longest

    with redis(program, free_port(), tmp_path) as storage, far(storage, 0.15) as address:
        client = start(address)
        seconds_of(client, 1)
        time.sleep(1.5)  # it is connected to meanwhile
        client.app.extensions["rate_limit"]._paused_until = 0
        served = Gateway(client.app, database.engine.dialect.name)
        asyncio.run(ask(served, "GET", LIST, arriving()))  # is known to be quick from then on
        client.app.extensions["rate_limit"]._paused_until = 0
        longest = [asyncio.run(pauses(served)) for _ in range(AGAIN)]
    assert min(longest) < 0.1


@pytest.mark.parametrize(
    "storage",
    [
        "localhost:6379",
        "http://localhost",
        "memcached://localhost",
        "redis://",
        "memory://",
        "redis",
    ],
)
def test_what_is_no_redis_is_refused_at_the_start(storage: str) -> None:
    with pytest.raises(ValueError, match="write redis://HOST:6379/0"):
        Settings(rate_limit_storage=storage)


def test_a_password_is_not_shown() -> None:
    with pytest.raises(ValueError, match="no address") as refused:
        Settings(rate_limit_storage="rediss//user:very-secret@host")
    assert "very-secret" not in str(refused.value)
