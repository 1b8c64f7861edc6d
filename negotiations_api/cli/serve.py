"""Serving the API."""

import errno
import logging
import os
import resource
import signal
import socket
import sqlite3
import threading
import time
from contextlib import suppress
from importlib import import_module
from queue import Empty, SimpleQueue
from typing import Any

import click
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings

from negotiations_api.cli.database import fail, open_database, session
from negotiations_api.config import Settings
from negotiations_api.database import Access, has_wal_reset_bug
from negotiations_api.http.caller import is_loopback
from negotiations_api.http.request_ids import WithRequestId
from negotiations_api.http.waiting import STOP_SIGNAL

HEADERS_S = 10
"""So long the headers of a request may take, and a connection may be idle."""

STOPPING_S = 60
"""So long what is under way may take to finish when the service is told to stop."""

CONNECTIONS = 2_048
"""So many connections each process has at a time; more wait until one of them is closed."""

LONGEST_HEADERS = 128 * 1024
"""So many bytes the address and the headers of a request may have."""

_OTHER_FILES = 256
_INSIST_S = 1
_LOG: dict[str, Any] = {
    "filters": {"request_id": {"()": WithRequestId}},
    "formatters": {"line": {"format": "[%(levelname)s] [%(request_id)s] %(message)s"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "filters": ["request_id"],
            "formatter": "line",
        }
    },
    "loggers": {
        name: {"handlers": ["console"], "level": "INFO", "propagate": False}
        for name in ("_granian", "negotiations_api")
    },
}

log = logging.getLogger(__name__)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    envvar="NEGOTIATIONS_WORKERS",
    show_envvar=True,
    help="How many processes answer. Default: one a core; on SQLite one, if this SQLite cannot "
    "safely be written by several.",
)
def serve(host: str, port: int, workers: int | None) -> None:
    """Serve the API, until SIGTERM or Ctrl-C: what is under way is finished first."""
    with session(Access.READ):
        pass  # says what to do where there is no database that can be served
    _refuse_open(host)
    _refuse_taken(host, port)
    # With several writers; in one process one writes at a time (http/lanes.py).
    is_unsafe = open_database().engine.dialect.name == "sqlite" and has_wal_reset_bug()
    workers = workers or (1 if is_unsafe else _cores())
    server = StoppableServer(
        "negotiations_api.app:create_worker",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        # There is no deadline for the headers of HTTP/2.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=HEADERS_S * 1000, max_buffer_size=LONGEST_HEADERS
        ),
        workers=workers,
        backpressure=_connections(),
        respawn_failed_workers=True,
        workers_kill_timeout=STOPPING_S,
        websockets=False,
        log_access=False,
        log_dictconfig=_LOG,
    )
    # Before the workers are forked: they share it, and heed signals as soon as they are there.
    import_module("negotiations_api.app")
    server.on_startup(threading.Thread(target=_insist, args=(server,), daemon=True).start)
    if is_unsafe and workers > 1:
        _warn()
    click.echo(f"Serving on http://{host}:{port}/ (stop with Ctrl-C)", err=True)
    server.serve()
    with session(Access.READ):
        pass  # the last one who leaves an SQLite file folds what was written into it


def _refuse_open(host: str) -> None:
    """Refuse to serve to others what whoever is here may write without a token."""
    if not Settings.from_environment().open_writing:
        return
    click.echo("Whoever is on this machine may write without a token.", err=True)
    if not is_loopback(host):
        fail(
            f"NEGOTIATIONS_OPEN_WRITING is for this machine only, and {host} is an address that "
            "others reach: leave it out and make tokens ('negotiations token create'), or serve on "
            "127.0.0.1."
        )


def follow_parent() -> None:
    """Have this worker stop when the parent has died: then nobody can stop it, or replace it.

    It would hold the port, and go on to write beside the service that is started next.
    """
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        log.warning("the parent of this worker has died: it stops, too")
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(STOPPING_S)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


class StoppableServer(Granian):  # type: ignore[misc, valid-type]  # one of several, by the platform
    """A server that can be told to stop twice at once, as a group of processes may be."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.told: SimpleQueue[None] = SimpleQueue()

    def signal_handler_interrupt(self, *_: Any) -> None:
        """Note it, and no more: what wakes the server takes a lock.

        The signal may have interrupted who has that, such as the handler of the one before, and
        would wait for itself. `_insist` wakes it.
        """
        self.interrupt_signal = True
        self.told.put(None)  # which may be interrupted by itself


def _insist(server: Any) -> None:
    """Wake the server when it has been told to stop, also while it replaces a worker.

    And let its workers send away who waits for news, so that nobody is waited for.
    """
    while True:
        with suppress(Empty):
            server.told.get(timeout=_INSIST_S)
        if server.interrupt_signal:
            server.main_loop_interrupt.set()
            for worker in list(server.wrks):
                with suppress(ProcessLookupError):
                    os.kill(worker.inner.pid, STOP_SIGNAL)


def _warn() -> None:
    warning = (
        f"SQLite {sqlite3.sqlite_version} can, rarely, corrupt a database that several processes "
        "write at the same instant: use SQLite 3.51.3 or newer, or --workers 1, or PostgreSQL."
    )
    click.echo(f"Warning: {warning}", err=True)
    log.warning(warning)


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _connections() -> int:
    """How many connections a process may have, after asking for enough open files for them."""
    files, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return CONNECTIONS
    wanted = max(files, CONNECTIONS + _OTHER_FILES)
    files = wanted if most_files == resource.RLIM_INFINITY else min(wanted, most_files)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, most_files))
    return max(min(CONNECTIONS, files - _OTHER_FILES), 1)


def _refuse_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            advice = "stop what uses it, or choose another one with --port."
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                advice = "give an address of this machine with --host."
            fail(f"Port {port} on {host} cannot be had ({error.strerror}): {advice}")
