"""A server of the API in a process of its own, as users run it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_START_S = 30


@contextmanager
def serving(database_url: str, directory: Path, replica_urls: str = "") -> Iterator[str]:
    """Serve what is in a database, on a port that is free; give the address; stop."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    environment = os.environ | {
        "NEGOTIATIONS_DATABASE_URL": database_url,
        "NEGOTIATIONS_REPLICA_URLS": replica_urls,
    }
    command = [str(Path(sys.executable).parent / "negotiations"), "serve", "--port", str(port)]
    with (
        (directory / "server.log").open("wb") as log,
        subprocess.Popen(
            command, env=environment, cwd=directory, stdout=log, stderr=subprocess.STDOUT
        ) as server,
    ):
        try:
            _wait(f"http://127.0.0.1:{port}/", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _wait(address: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _START_S
    while server.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"nothing answers at {address}")
