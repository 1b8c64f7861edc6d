"""A server of the API in a process of its own, as users run it."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_START_S = 30


@dataclass(frozen=True)
class Server:
    """A server: its address, its process, and the file with what it has printed."""

    port: int
    process: "subprocess.Popen[bytes]"
    log: Path

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def workers(self) -> list[int]:
        """The ids of the processes that it has started so far, as its log has them."""
        return [
            int(pid) for pid in re.findall(r"Spawning worker-.* PID: (\d+)", self.log.read_text())
        ]

    def connect(self, *, patient: bool = False) -> socket.socket:
        """A connection to it; if `patient`, as soon as one of its workers listens."""
        deadline = time.monotonic() + _START_S
        while True:
            try:
                return socket.create_connection(("127.0.0.1", self.port), timeout=30)
            except ConnectionRefusedError:
                if not patient or self.process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)


@contextmanager
def server(
    database_url: str,
    directory: Path,
    *options: str,
    replica_urls: str = "",
    open_writing: bool = True,
) -> Iterator[Server]:
    """Serve what is in a database, on a port that is free; stop, if it has not stopped by then.

    Without tokens, unless who may write is the matter.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    environment = os.environ | {
        "NEGOTIATIONS_DATABASE_URL": database_url,
        "NEGOTIATIONS_REPLICA_URLS": replica_urls,
        "NEGOTIATIONS_OPEN_WRITING": "true" if open_writing else "false",
    }
    program = str(Path(sys.executable).parent / "negotiations")
    log = directory / "server.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [program, "serve", "--port", str(port), *options],
            env=environment,
            cwd=directory,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process,
    ):
        try:
            running = Server(port, process, log)
            _wait(running)
            yield running
        finally:
            process.terminate()


@contextmanager
def serving(
    database_url: str, directory: Path, replica_urls: str = "", *, open_writing: bool = True
) -> Iterator[str]:
    """Serve what is in a database, and give the address."""
    with server(
        database_url, directory, replica_urls=replica_urls, open_writing=open_writing
    ) as running:
        yield running.address


def _wait(running: Server) -> None:
    """Wait until it answers, and all of its workers do: one that is starting is killed by a signal
    that it would otherwise heed.
    """
    deadline = time.monotonic() + _START_S
    while running.process.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{running.address}/", timeout=5).close()
        except OSError:
            pass
        else:
            if running.log.read_text().count("Started worker-") >= len(running.workers()):
                return
        time.sleep(0.05)
    raise RuntimeError(f"nothing answers at {running.address}")
