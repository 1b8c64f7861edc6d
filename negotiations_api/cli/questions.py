"""The questions on the command line: the same requests that a client sends, and their answers.

A command is made of the contract of its question, so that it takes what the service takes. The
request goes to a server, or into the application in this process, on the local database.
"""

import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from http.client import HTTPException
from typing import Any
from urllib.parse import quote, urlencode

import click
from marshmallow import fields
from rich.console import Console

from negotiations_api.blueprints import (
    agreement,
    comparisons,
    compromise,
    contradictions,
    convergence,
    matrix,
    roadmap,
    standing,
    timeline,
)
from negotiations_api.cli.database import fail, session
from negotiations_api.cli.factory import Factory
from negotiations_api.config import Settings
from negotiations_api.database import Access
from negotiations_api.http.caller import COMMAND, HERE
from negotiations_api.http.operation import Operation
from negotiations_api.http.parameters import Repeated
from negotiations_api.http.question import LooksQuery
from negotiations_api.http.representations import FORMATS
from negotiations_api.render.style import NARROWEST, WIDEST
from negotiations_api.schemas.fields import Choice

_TALKS = "/v1/negotiations/{negotiation}"
_TIMEOUT_S = 60


def _question(
    name: str, asked: Operation, address: str, *arguments: str, sides: str = ""
) -> click.Command:
    """The command `name` that asks at `address`, which its `arguments` fill in.

    `sides` says how the sides of a comparison are written here, where they are two arguments.
    """
    summary = f"{asked.summary.partition('?')[0]}? {sides}" if sides else f"{asked.summary}."
    own = [
        _option(field.data_key or key, field)
        for key, field in asked.query().fields.items()
        if key not in LooksQuery().fields
    ]
    formats = [short for short, media in FORMATS.items() if media in asked.renderers]
    return click.Command(
        name,
        callback=_asking(address, arguments),
        help=summary.replace("?.", "?"),
        params=[
            *(click.Argument([argument]) for argument in arguments),
            *own,
            click.Option(
                ["--format", "form"],
                type=click.Choice(formats),
                default="text",
                show_default=True,
                help="The representation.",
            ),
            click.Option(
                ["--width"],
                type=click.IntRange(NARROWEST, WIDEST),
                help="The columns of a text; by default the terminal's.",
            ),
            click.Option(
                ["--color"],
                type=click.Choice(["auto", "always", "never"]),
                default="auto",
                show_default=True,
                help="Whether a text is in colour.",
            ),
            click.Option(
                ["--server"],
                metavar="URL",
                help="Ask that server, like http://127.0.0.1:8000, instead of the local database.",
            ),
        ],
    )


def _option(name: str, field: fields.Field[Any]) -> click.Option:
    """The option for a parameter of the question."""
    return click.Option(
        [f"--{name}"],
        type=click.Choice([str(choice) for choice in field.enum])
        if isinstance(field, Choice)
        else click.STRING,
        multiple=isinstance(field, Repeated),
        help=str(field.metadata.get("description", "")),
    )


def _asking(address: str, arguments: tuple[str, ...]) -> Callable[..., None]:
    @click.pass_obj
    def ask(
        factory: Factory,
        /,
        form: str,
        width: int | None,
        color: str,
        server: str | None,
        **given: Any,
    ) -> None:
        named = {name: _step(given.pop(name)) for name in arguments}
        query = {"format": form} | {
            key: value for key, value in given.items() if value not in {None, ()}
        }
        if form == "text":
            query |= _looks(width, color)
        asked = urlencode(query, doseq=True, errors="surrogateescape")
        path = f"{address.format_map(named)}?{asked}"
        status, media, body = _fetch(server, path) if server else _answer(factory, path)
        if status != 200 or media.partition(";")[0] != FORMATS[form]:
            fail(_problem(body))
        sys.stdout.buffer.write(body)

    return ask


def _step(argument: str) -> str:
    """An argument of the command line, be it no UTF-8, as a step of an address."""
    return quote(argument, safe="@:.", errors="surrogateescape")


def _looks(width: int | None, color: str) -> dict[str, Any]:
    """The parameters for the terminal that the answer is printed on."""
    console = Console()
    is_colored = color == "always" or (color == "auto" and console.is_terminal)
    return {
        "width": width or min(max(console.width, NARROWEST), WIDEST),
        "color": "always" if is_colored else "never",
    }


def _answer(factory: Factory, path: str) -> tuple[int, str, bytes]:
    """The status, the type and the body of the answer of the application in this process."""
    with session(Access.READ):
        pass  # says what is wrong with the database in the words of the command line
    # Not of a replica, which may not have yet what the command before has written.
    app = factory.app(replace(Settings.from_environment(), replica_urls=""))
    try:
        response = app.test_client().get(path, environ_overrides={HERE: COMMAND})
    finally:
        app.extensions["database"].dispose()
    return response.status_code, response.content_type or "", response.data


def _fetch(server: str, path: str) -> tuple[int, str, bytes]:
    """The status, the type and the body of a server's answer."""
    if not server.lower().startswith(("http://", "https://")):
        fail(f"'{server}' is no address of a server: write http://127.0.0.1:8000.")
    address = server.rstrip("/").removesuffix("/v1") + path
    try:
        # Only http and https come so far.
        request = urllib.request.Request(address, headers=_credentials())  # noqa: S310
        with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as response:  # noqa: S310  # nosec B310
            return response.status, response.headers["Content-Type"] or "", response.read()
    except urllib.error.HTTPError as error:
        return error.code, "", error.read()
    except (OSError, ValueError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        fail(f"{server} does not answer ({reason}): is it served there?")


def _credentials() -> dict[str, str]:
    token = os.environ.get("NEGOTIATIONS_TOKEN", "")
    return {"Authorization": f"Bearer {token}"} if token else {}


def _problem(body: bytes) -> str:
    """What a problem document says."""
    try:
        return str(json.loads(body)["detail"])
    except (ValueError, KeyError, TypeError):
        return f"The answer is none of this service's: {body[:200].decode(errors='replace')}"


QUESTIONS = (
    _question(
        "diff",
        comparisons.ASKED,
        f"{_TALKS}/compare/{{left}}...{{right}}",
        "negotiation",
        "left",
        "right",
        sides="Each side is PARTY or PARTY@DATE.",
    ),
    _question(
        "across",
        comparisons.ASKED_ACROSS,
        "/v1/compare/{left}...{right}",
        "left",
        "right",
        sides="Each side is NEGOTIATION:PARTY or NEGOTIATION:PARTY@DATE.",
    ),
    _question("matrix", matrix.ASKED, f"{_TALKS}/matrix", "negotiation"),
    _question("agreement", agreement.ASKED, f"{_TALKS}/agreement", "negotiation"),
    _question("convergence", convergence.ASKED, f"{_TALKS}/convergence", "negotiation"),
    _question("compromise", compromise.ASKED, f"{_TALKS}/compromise", "negotiation"),
    _question("timeline", timeline.ASKED, f"{_TALKS}/timeline", "negotiation"),
    _question(
        "accounts",
        contradictions.ASKED,
        f"{_TALKS}/meetings/{{meeting}}/accounts/compare",
        "negotiation",
        "meeting",
    ),
    _question("roadmap", roadmap.ASKED, f"{_TALKS}/roadmap", "negotiation"),
    _question("positions", standing.ASKED, "/v1/parties/{party}/positions", "party"),
)
"""The commands of the questions."""
