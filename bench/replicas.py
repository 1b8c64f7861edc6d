"""What docs/scaling.md says was measured: one process, two, a replica, a fail-over, bytes a row.

In a clone where `make test` has been run: `.venv/bin/python -m bench.replicas`, about two minutes.
The servers are real, on this machine and this disk (fsync is on), and share its cores with the
client; so what is compared is how much of a processor each request takes in each place, and times
of one run with each other.
"""

import http.client
import itertools
import json
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from bench.replicas_record import DEMANDS, PARTIES, build, sizes
from negotiations_api.app import create_app
from negotiations_api.config import Settings
from negotiations_api.models.identifier import new_id
from tests.api.samples import HERE, build_world
from tests.client import Client
from tests.replication import Pair, replicating
from tests.serving import serving

SECONDS = 5
CLIENTS = 4
WRITES = 200
FAIL_OVERS = 3


def main() -> None:
    """Measure, and print tables in Markdown."""
    with _replicating() as pair:
        build(pair)
        head = ("bytes of a position with", "rows", "tables", "indexes", "together")
        _say(*head, rows=sizes(pair))
        rows = [_reads(pair, *step) for step in _STEPS]
        head = ("reads", "a second", "ms of CPU a read: API", "primary", "replica")
        _say(*head, rows=rows)
        _say("writes, one after another", "median ms", "p99 ms", rows=_writes(pair))
    seconds = sorted(_fail_over() for _ in range(FAIL_OVERS))
    _say("from the kill to the next write", "s", rows=[("each", *map(_round, seconds))])


def _say(*head: str, rows: Iterable[Sequence[Any]]) -> None:
    lines = [head, ["---"] * len(head), *rows]
    for line in lines:
        sys.stdout.write(f"| {' | '.join(map(str, line))} |\n")
    sys.stdout.write("\n")
    sys.stdout.flush()


def _round(value: float) -> str:
    return f"{value:.3g}"


@contextmanager
def _replicating() -> Iterator[Pair]:
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as directory,
        replicating(Path(directory), fsync="on") as pair,
    ):
        yield pair


@dataclass(frozen=True)
class Server:
    """Where it answers, and which process it is."""

    address: str
    process: int


_STEPS = (
    ("one process, primary only", 1, False),
    ("two processes, primary only", 2, False),
    ("two processes, a replica", 2, True),
)


def _reads(pair: Pair, step: str, processes: int, with_replica: bool) -> Sequence[Any]:
    """Comparisons of two parties over all demands, lists of 100 and single demands, in turns."""
    replica_url = pair.replica_url if with_replica else ""
    with ExitStack() as stack, tempfile.TemporaryDirectory() as directory:
        servers = []
        for _ in range(processes):
            before = _children(os.getpid())
            address = stack.enter_context(serving(pair.url, Path(directory), replica_url))
            (process,) = _children(os.getpid()) - before
            servers.append(Server(address, process))
        for server in servers:
            _read_for(server.address, 0.5)
        api = sum(_cpu(server.process) for server in servers)
        primary, replica = _cpu(pair.primary.pid), _cpu(pair.replica.pid)
        counts = _in_threads(
            [lambda a=server.address: _read_for(a, SECONDS) for server in servers]
            * (CLIENTS // processes)
        )
        read = sum(counts)
        used = (
            sum(_cpu(server.process) for server in servers) - api,
            _cpu(pair.primary.pid) - primary,
            _cpu(pair.replica.pid) - replica,
        )
    return (step, round(read / SECONDS), *(_round(1000 * seconds / read) for seconds in used))


def _read_for(address: str, seconds: float) -> int:
    """How many reads are answered in that time."""
    connection = _connection(address)
    chance = random.Random(1)  # noqa: S311 - no secret
    end = time.monotonic() + seconds
    for count in itertools.count():
        if time.monotonic() > end:
            return count
        one, other = chance.sample(range(PARTIES), 2)
        path = (
            f"/compare/party-{one}...party-{other}",
            f"/positions?party=party-{one}&limit=100",
            f"/demands/demand-{chance.randrange(DEMANDS)}",
        )[count % 3]
        status, _, _ = _ask(connection, "GET", f"{HERE}{path}")
        assert status == 200, path
    raise AssertionError


def _writes(pair: Pair) -> Iterator[Sequence[Any]]:
    """Positions one by one, and the reading of each."""
    for names, wait in (("''", "asynchronous"), ("'*'", "synchronous")):
        pair.on_primary(f"ALTER SYSTEM SET synchronous_standby_names = {names}")
        pair.on_primary("SELECT pg_reload_conf()")
        time.sleep(1)
        for replica_url, token in (("", "no token"), (pair.replica_url, "a token")):
            with (
                tempfile.TemporaryDirectory() as directory,
                serving(pair.url, Path(directory), replica_url) as address,
            ):
                wrote, read = _write_and_read(address)
                yield f"{wait} replica, {token}", *_times(wrote)
                if replica_url:
                    yield f"{wait} replica: reading it with the token", *_times(read)


def _write_and_read(address: str) -> tuple[list[float], list[float]]:
    connection = _connection(address)
    wrote, read = [], []
    for number in range(-20, WRITES):
        day = next(_days)
        payload = {"party": "alpha", "demand": "treaty", "date": day, "stance": "accept"}
        before = time.perf_counter()
        status, headers, _ = _ask(connection, "POST", f"{HERE}/positions", payload)
        between = time.perf_counter()
        assert status == 201
        token = {"Consistency-Token": headers.get("Consistency-Token", "0/0")}
        status, _, _ = _ask(connection, "GET", headers["Location"], headers=token)
        assert status == 200
        if number >= 0:
            wrote.append(1000 * (between - before))
            read.append(1000 * (time.perf_counter() - between))
    return wrote, read


_days = (
    f"{year}-{month:02}-{day:02}"
    for year in range(1000, 9000)
    for month in range(1, 13)
    for day in range(1, 29)
)


def _times(measured: Sequence[float]) -> tuple[str, str]:
    return _round(median(measured)), _round(quantiles(measured, n=100)[98])


def _fail_over() -> float:
    """Seconds from the kill of the primary to the next write that is acknowledged."""
    with _replicating() as pair, tempfile.TemporaryDirectory() as directory:
        app = create_app(Settings(database_url=pair.url, open_writing=True))
        build_world(Client(app))
        app.extensions["database"].dispose()
        with serving(pair.url, Path(directory), pair.replica_url) as address:
            connection = _connection(address)
            _write(connection)
            killed = time.monotonic()
            pair.kill_primary()
            promotion = threading.Thread(target=pair.promote)
            promotion.start()
            answers = [201]
            while 503 not in answers or answers[-1] != 201:
                answers.append(_write(connection))
            promotion.join()
            return time.monotonic() - killed


def _write(connection: http.client.HTTPConnection) -> int:
    slug = f"s{new_id()}"
    payload = {"slug": slug, "title": slug, "issue": "peace-treaty"}
    return _ask(connection, "POST", f"{HERE}/demands", payload)[0]


def _connection(address: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(address.removeprefix("http://"))


def _ask(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    payload: Any = None,
    headers: Any = None,
) -> tuple[int, Any, bytes]:
    body = None if payload is None else json.dumps(payload)
    content = {} if payload is None else {"Content-Type": "application/json"}
    connection.request(method, path, body, {**content, **(headers or {})})
    with connection.getresponse() as response:
        return response.status, response.headers, response.read()


def _in_threads(works: Sequence[Callable[[], int]]) -> list[int]:
    done: list[int] = []
    threads = [threading.Thread(target=lambda w=work: done.append(w())) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


def _children(process: int) -> set[int]:
    lists = Path(f"/proc/{process}/task").glob("*/children")
    return {int(child) for one in lists for child in one.read_text().split()}


def _cpu(process: int) -> float:
    """The seconds of CPU that a process and all below it have taken."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    own = sum(map(int, fields[11:15])) / 100  # its own and those of children that have ended
    return own + sum(_cpu(child) for child in _children(process))


if __name__ == "__main__":
    main()
