"""`make demo`, as the README tells a newcomer to run it."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.test_cli import get_soon

ROOT = Path(__file__).parent.parent
VENV = Path(sys.executable).parent.parent
DIFF = "--- usa  2019-10-31  United States\n+++ prk  2019-10-31  North Korea\n"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return os.environ | {"NEGOTIATIONS_DATABASE_URL": f"sqlite:///{tmp_path / 'demo.db'}"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def command(port: int) -> list[str]:
    # -o: the virtual environment is there, since the tests run in it.
    return [
        "make",
        "--no-print-directory",
        "-o",
        f"{VENV}/.service",
        "demo",
        f"VENV={VENV}",
        f"PORT={port}",
    ]


@contextmanager
def demo(port: int, environment: dict[str, str], output: Path) -> Iterator[str]:
    """The demo while it runs, and what it answers about its two sides."""
    with (
        output.open("wb") as written,
        subprocess.Popen(
            command(port), cwd=ROOT, env=environment, stdout=written, start_new_session=True
        ) as running,
    ):
        try:
            yield get_soon(f"http://127.0.0.1:{port}/v1/negotiations/us-dprk/compare/usa...prk")
        finally:
            os.killpg(running.pid, signal.SIGTERM)


def status_of_the_command_that_writes(output: Path) -> int:
    """Run what the demo says how to write: the status, without anything written."""
    (said,) = re.findall(
        r"  (curl -H 'Authorization: Bearer ngt_[0-9A-Za-z]{36}'.*)", output.read_text()
    )
    trial = f"{said}?dry_run=true --silent --output /dev/null --write-out '%{{http_code}}'"
    ran = subprocess.run(["sh", "-c", trial], capture_output=True, text=True, check=True)
    return int(ran.stdout)


def test_the_demo_shows_the_diff_and_serves_it(environment: dict[str, str], tmp_path: Path) -> None:
    output = tmp_path / "output.txt"
    with demo(free_port(), environment, output) as text:
        assert '"sanctions-relief"' in text
        addresses = re.findall(r"http://[^\s']+/v1/[^\s']+", output.read_text())
        assert all(get_soon(address) for address in addresses)
        assert status_of_the_command_that_writes(output) == 201
    shown = output.read_text()
    assert DIFF in shown
    assert (shown.count("  curl "), len(addresses)) == (5, 6)


def test_a_demo_beside_another_one_takes_nothing_away_from_it(
    environment: dict[str, str], tmp_path: Path
) -> None:
    port = free_port()
    outputs = [tmp_path / "first.txt", tmp_path / "second.txt"]
    with demo(port, environment, outputs[0]):
        same = subprocess.run(
            command(port), cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        assert same.returncode != 0
        assert f"Port {port} on 127.0.0.1 cannot be had" in same.stderr
        assert "make demo PORT=" in same.stderr
        assert same.stdout == ""
        with demo(free_port(), environment, outputs[1]):
            assert [status_of_the_command_that_writes(output) for output in outputs] == [201, 201]
    shown = outputs[1].read_text()
    assert "It is there already, and was left as it is." in shown
    assert DIFF in shown


def test_a_demo_that_has_ended_can_be_run_again(
    environment: dict[str, str], tmp_path: Path
) -> None:
    port = free_port()
    for output in (tmp_path / "first.txt", tmp_path / "second.txt"):
        with demo(port, environment, output):
            assert status_of_the_command_that_writes(output) == 201
