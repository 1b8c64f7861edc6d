"""Serving the API."""

import errno
import logging
import os
import resource
import socket
import sqlite3
from typing import Any

import click
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings

from negotiations_api.cli.database import fail, session
from negotiations_api.cli.factory import Factory
from negotiations_api.cli.supervision import STOPPING_S, StoppableServer
from negotiations_api.config import Settings
from negotiations_api.database import Access, has_wal_reset_bug
from negotiations_api.http.request_ids import WithRequestId
from negotiations_api.loopback import is_loopback

HEADERS_S = 10
"""So long the headers of a request may take, and a connection may be idle."""

CONNECTIONS = 2_048
"""So many connections each process has at a time; more wait until one of them is closed."""

LONGEST_HEADERS = 128 * 1024
"""So many bytes the address and the headers of a request may have."""

_OTHER_FILES = 256
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
@click.pass_obj
def serve(factory: Factory, /, host: str, port: int, workers: int | None) -> None:
    """Serve the API, until SIGTERM or Ctrl-C: what is under way is finished first."""
    with session(Access.READ) as opened:  # says what to do where there is none that can be served
        is_sqlite = opened.get_bind().dialect.name == "sqlite"
    _refuse_open(host)
    _refuse_taken(host, port)
    # With several writers; in one process one writes at a time (http/lanes.py).
    is_unsafe = is_sqlite and has_wal_reset_bug()
    workers = workers or (1 if is_unsafe else _cores())
    server = StoppableServer(
        "negotiations",
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
    create_worker = factory.worker()
    if is_unsafe and workers > 1:
        _warn()
    click.echo(f"Serving on http://{host}:{port}/ (stop with Ctrl-C)", err=True)
    server.serve(target_loader=create_worker, wrap_loader=False)
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
