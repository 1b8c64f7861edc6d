"""`make demo`, as the README tells a newcomer to run it."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

from tests.test_cli import get_soon

ROOT = Path(__file__).parent.parent


def test_the_demo_shows_the_diff_serves_it_and_can_be_run_again(tmp_path: Path) -> None:
    venv = Path(sys.executable).parent.parent
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    database = f"sqlite:///{tmp_path / 'demo.db'}"
    environment = os.environ | {"NEGOTIATIONS_DATABASE_URL": database}
    # -o: the virtual environment is there, since the tests run in it.
    command = ["make", "-o", f"{venv}/.service", "demo", f"VENV={venv}", f"PORT={port}"]
    first = tmp_path / "first.txt"
    with (
        first.open("wb") as output,
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, start_new_session=True
        ) as demo,
    ):
        try:
            text = get_soon(f"http://127.0.0.1:{port}/v1/negotiations/us-dprk/compare/usa...prk")
            assert '"sanctions-relief"' in text
            addresses = re.findall(r"http://[^\s']+/v1/[^\s']+", first.read_text())
            assert all(get_soon(address) for address in addresses)
            again = subprocess.run(
                command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
            )
        finally:
            os.killpg(demo.pid, signal.SIGTERM)
    shown = first.read_text()
    assert "--- usa  2019-10-31  United States\n+++ prk  2019-10-31  North Korea\n" in shown
    assert (shown.count("  curl "), len(addresses)) == (5, 6)
    assert re.search(r"Authorization: Bearer ngt_[0-9A-Za-z]{36}'", shown)
    assert "It is there already, and was left as it is." in again.stdout
    assert again.returncode != 0
    assert f"Port {port} on 127.0.0.1 cannot be had" in again.stderr
