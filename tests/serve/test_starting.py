"""How many processes answer, what is warned of, and that they answer as one."""

import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from negotiations_api.database import Database, has_wal_reset_bug
from tests.serve.connections import head, read_all
from tests.serving import server

CORES = len(os.sched_getaffinity(0))
WARNING = "can, rarely, corrupt a database"


@pytest.fixture
def url(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


def test_as_many_workers_as_cores_but_one_where_several_could_corrupt(
    database: Database, url: str, tmp_path: Path
) -> None:
    with server(url, tmp_path) as running:
        is_unsafe = database.engine.dialect.name == "sqlite" and has_wal_reset_bug()
        assert len(running.workers()) == (1 if is_unsafe else CORES)
        assert WARNING not in running.log.read_text()


def test_several_writing_processes_are_warned_of_where_they_could_corrupt(
    database: Database, url: str, tmp_path: Path
) -> None:
    is_unsafe = database.engine.dialect.name == "sqlite" and has_wal_reset_bug()
    with server(url, tmp_path, "--workers", "2") as running:
        assert len(running.workers()) == 2
        told = [line for line in running.log.read_text().splitlines() if WARNING in line]
    # Once by the command, once in the log.
    assert [line.split()[0] for line in sorted(told)] == (
        ["Warning:", "[WARNING]"] if is_unsafe else []
    )


@pytest.mark.parametrize(
    ("version", "is_unsafe"),
    [
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 0), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 0), False),
    ],
)
def test_the_versions_of_sqlite_with_the_bug_are_known(
    version: tuple[int, int, int], is_unsafe: bool
) -> None:
    assert has_wal_reset_bug(version) == is_unsafe


def test_the_number_of_workers_can_be_set(tmp_path: Path) -> None:
    ran = subprocess.run(
        [str(Path(sys.executable).parent / "negotiations"), "serve"],
        env=os.environ | {"NEGOTIATIONS_WORKERS": "none"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    assert "'--workers'" in ran.stderr
    assert "'none' is not a valid integer range" in ran.stderr


def test_what_was_written_through_one_worker_is_read_through_any_other(
    url: str, tmp_path: Path
) -> None:
    with server(url, tmp_path, "--workers", "3") as running:

        def send(method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, object]:
            headers |= {"Content_Type": "application/json", "Content_Length": str(len(body))}
            with running.connect() as connection:  # which worker gets it, the system decides
                connection.sendall(head(method, path, **headers) + body)
                return read_all(connection)

        body = b'{"slug": "p", "name": "0", "kind": "state"}'
        assert send("POST", "/v1/parties", body)[0] == 201
        for number in range(1, 9):
            patch = b'{"name": "%d"}' % number
            assert send("PATCH", "/v1/parties/p", patch, If_Match="*")[0] == 200
            for _ in range(8):
                address = f"{running.address}/v1/parties/p?fields=name&format=text"
                with urllib.request.urlopen(address, timeout=30) as answer:
                    assert f"name: {number}" in answer.read().decode()
