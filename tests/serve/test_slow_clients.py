"""Clients that are slow to send, or to read, or that break off, do not harm others."""

import json
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from negotiations_api.database import Database
from tests.serve.connections import head, read_all
from tests.serving import Server, server

THERE = "/v1/negotiations/us-dprk"
SLOW = 100
"""So many clients of each kind."""


@pytest.fixture
def running(talks: Database, tmp_path: Path) -> Iterator[Server]:
    url = talks.engine.url.render_as_string(hide_password=False)
    with server(url, tmp_path) as started:
        yield started


def seconds_of_gets(running: Server, number: int) -> list[float]:
    took = []
    for _ in range(number):
        began = time.perf_counter()
        with urllib.request.urlopen(f"{running.address}{THERE}/demands/cvid", timeout=30) as got:
            assert got.status == 200
            assert got.read()
        took.append(time.perf_counter() - began)
    return sorted(took)


def test_slow_headers_and_slow_bodies_leave_others_quick(running: Server) -> None:
    with ExitStack() as stack:
        headers = [stack.enter_context(running.connect()) for _ in range(SLOW)]
        bodies = [stack.enter_context(running.connect()) for _ in range(SLOW)]
        for one in headers:
            one.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        for one in bodies:
            length = {"Content_Type": "application/json", "Content_Length": "1000"}
            one.sendall(head("POST", "/v1/parties", **length) + b"{")
        took: list[float] = []
        for _ in range(3):
            for one in headers + bodies:
                one.sendall(b" ")
            took += seconds_of_gets(running, 50)
    took.sort()
    assert took[int(len(took) * 0.99)] < 1


def test_headers_that_come_too_slowly_end_the_connection(running: Server) -> None:
    with running.connect() as slow:
        slow.sendall(b"GET / HTTP/1.1\r\n")
        assert slow.recv(1000) == b""


LINES = b"".join(
    b'{"slug": "half-%d", "title": "Half", "issue": "peace-treaty"}\n' % n for n in range(2)
)


@pytest.mark.parametrize(
    ("length", "sent"),
    [
        ({"Content_Length": str(2 * len(LINES))}, LINES),
        ({"Transfer_Encoding": "chunked"}, b"%x\r\n%s\r\n" % (len(LINES), LINES)),
    ],
    ids=["length known", "in chunks"],
)
def test_a_body_that_breaks_off_is_not_taken_for_a_whole_one(
    running: Server, length: dict[str, str], sent: bytes
) -> None:
    with running.connect() as broken:
        broken.sendall(
            head("POST", f"{THERE}/demands", Content_Type="application/x-ndjson", **length) + sent
        )
        broken.shutdown(socket.SHUT_WR)
        status, problem = read_all(broken)
    assert (status, problem["type"]) == (400, "/problems/malformed")
    assert "broke off" in problem["detail"]
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{running.address}{THERE}/demands/half-0", timeout=30)


def test_a_body_in_chunks_is_taken_whole(running: Server) -> None:
    body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (LINES[:7], LINES[7:]))
    with running.connect() as whole:
        whole.sendall(
            head(
                "POST",
                f"{THERE}/demands",
                Content_Type="application/x-ndjson",
                Transfer_Encoding="chunked",
            )
            + body
            + b"0\r\n\r\n"
        )
        status, answer = read_all(whole)
    assert (status, answer) == (200, {"created": 2, "keys": ["half-0", "half-1"]})


def resident_mib(process: int) -> float:
    """How much memory a process has."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    (line,) = [line for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(line.split()[1]) / 1024


def write_much(running: Server) -> None:
    """Write some 30 MiB of history."""
    texts = ["\u4e00" * 20_000, "\u4e01" * 20_000]
    for number in range(250):
        change = urllib.request.Request(
            f"{running.address}{THERE}/demands/cvid",
            json.dumps({"text": texts[number % 2]}).encode(),
            {"Content-Type": "application/merge-patch+json", "If-Match": "*"},
            method="PATCH",
        )
        urllib.request.urlopen(change, timeout=30).close()


def test_streams_that_nobody_reads_take_little_memory_and_leave_others_quick(
    talks: Database, tmp_path: Path
) -> None:
    url = talks.engine.url.render_as_string(hide_password=False)
    with server(url, tmp_path, "--workers", "1") as running, ExitStack() as stack:
        write_much(running)
        (worker,) = running.workers()
        before = resident_mib(worker)
        stuck = [stack.enter_context(running.connect()) for _ in range(30)]
        for one in stuck:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            one.sendall(head("GET", f"{THERE}/changes?limit=1000", Accept="text/event-stream"))
        deadline, most = time.monotonic() + 10, before
        while time.monotonic() < deadline:
            took = seconds_of_gets(running, 5)
            most = max(most, resident_mib(worker))
            time.sleep(0.2)
    # Of each a page, of 4 MiB, and not all of it: that would be 900 MiB.
    assert most - before < 500
    assert took[-1] < 1
