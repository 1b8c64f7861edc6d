"""A real Redis for the tests, where its program is on the path (redis-server of Debian)."""

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PROGRAMS = [path for name in ("redis-server", "valkey-server") if (path := shutil.which(name))][:1]
_START_S = 10


def free_port() -> int:
    """A port of this machine that nothing listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def redis(program: str, port: int, directory: Path) -> Iterator[str]:
    """A server that keeps nothing, and its address."""
    options = {"port": str(port), "bind": "127.0.0.1", "save": "", "appendonly": "no"}
    arguments = [word for name, value in options.items() for word in (f"--{name}", value)]
    with (
        (directory / "redis.log").open("ab") as output,
        subprocess.Popen([program, *arguments], cwd=directory, stdout=output) as process,
    ):
        try:
            _wait(port, process)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.terminate()


@contextmanager
def far(address: str, delay_s: float) -> Iterator[str]:
    """The address of a Redis that is as far away: each answer of it comes so much later."""
    target = ("127.0.0.1", int(address.rpartition(":")[2].partition("/")[0]))
    open_sockets: list[socket.socket] = []

    def pass_on(source: socket.socket, drain: socket.socket, delay_s: float) -> None:
        with suppress(OSError):
            while chunk := source.recv(65536):
                time.sleep(delay_s)
                drain.sendall(chunk)
            drain.shutdown(socket.SHUT_WR)

    def accept(listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                redis_side = socket.create_connection(target)
                open_sockets.extend((client, redis_side))
                for way in ((client, redis_side, 0), (redis_side, client, delay_s)):
                    threading.Thread(target=pass_on, args=way, daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, args=(listener,), daemon=True).start()
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"
        listener.shutdown(socket.SHUT_RDWR)
    for one in open_sockets:
        one.close()


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _START_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"no Redis answers on port {port}")
