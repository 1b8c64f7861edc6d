"""The service itself: its contract, and serving it."""

import json
import socket
import sys
from typing import Any

import click
from granian import Granian
from granian.constants import Interfaces

from negotiations_api.cli.database import fail, session
from negotiations_api.cli.factory import Factory
from negotiations_api.database import Access
from negotiations_api.http.openapi import build
from negotiations_api.http.streams import MOST_SENT
from negotiations_api.records.strict_yaml import write_yaml

THREADS = 2 * MOST_SENT
"""So that half of them are left for short answers while as many long ones are sent as can be."""


@click.command()
@click.option("--format", "form", type=click.Choice(["yaml", "json"]), default="yaml")
@click.pass_obj
def openapi(factory: Factory, form: str) -> None:
    """Write the OpenAPI document of the service to standard output."""
    document: Any = build(factory())
    text = (
        write_yaml(document) if form == "yaml" else json.dumps(document, indent=2).encode() + b"\n"
    )
    sys.stdout.buffer.write(text)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
def serve(host: str, port: int) -> None:
    """Serve the API."""
    with session(Access.READ):
        pass  # says what to do where there is no database that can be served
    _refuse_taken(host, port)
    click.echo(f"Serving on http://{host}:{port}/ (stop with Ctrl-C)", err=True)
    Granian(
        "negotiations_api.app:create_app",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        # One that is long to compute or slow to be read does not hold up the others.
        blocking_threads=THREADS,
        log_access=False,
        websockets=False,
    ).serve()


def _refuse_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            fail(
                f"Port {port} on {host} cannot be had ({error.strerror}): stop what uses it, "
                "or choose another one with --port."
            )
