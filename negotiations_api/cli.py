"""The `negotiations` command."""

import json
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import click
from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import Session

from negotiations_api import __version__, upgrade
from negotiations_api.blueprints.comparisons import comparison_of, matrix_of
from negotiations_api.compare.date import is_date, last_day, today
from negotiations_api.compare.side import MalformedSide, parse_side
from negotiations_api.config import Settings
from negotiations_api.database import Access, Database
from negotiations_api.http.openapi import build
from negotiations_api.http.representations import json_bytes
from negotiations_api.models import Negotiation
from negotiations_api.records.document import dump_document
from negotiations_api.records.faults import Conflict, Invalid, Missing
from negotiations_api.records.find import find
from negotiations_api.records.loading import Report, load_document
from negotiations_api.records.strict_json import read_json
from negotiations_api.records.strict_yaml import read_yaml, write_yaml
from negotiations_api.records.text import Malformed, Tree
from negotiations_api.render.comparison import comparison_text
from negotiations_api.render.matrix import matrix_text
from negotiations_api.render.style import NARROWEST, WIDEST, Style

Factory = Callable[[], Flask]

_EXAMPLE = files("negotiations_api") / "examples" / "us-dprk.yaml"


@click.group()
@click.version_option(__version__)
@click.pass_context
def cli(context: click.Context) -> None:
    """Keep the record of a negotiation, and see where its sides differ.

    The database is the one that NEGOTIATIONS_DATABASE_URL names; without it, the file
    negotiations.db in this directory.
    """


def _database() -> Database:
    try:
        return Database(Settings.from_environment().database_url)
    except (ArgumentError, ModuleNotFoundError) as error:
        _fail(
            f"NEGOTIATIONS_DATABASE_URL is no address of a database ({error}): "
            "write sqlite:///FILE.db or postgresql://USER@HOST/NAME."
        )


def _fail(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(1)


@contextmanager
def _session(access: Access) -> Iterator[Session]:
    """A transaction; what goes wrong in it ends the command with a sentence."""
    database = _database()
    try:
        file = database.engine.url.database
        if database.engine.dialect.name == "sqlite" and file and not Path(file).exists():
            _fail(f"There is no database {Path(file).absolute()}: 'negotiations migrate' makes it.")
        if not upgrade.is_current(database):
            _fail("The database has not the schema of this release: run 'negotiations migrate'.")
        with database.transaction(access) as session:
            yield session
    except (Missing, MalformedSide, Conflict) as error:
        _fail(str(error.args[0]))
    except DBAPIError as error:
        _fail(f"The database does not answer: {error.orig}")


@cli.command()
def migrate() -> None:
    """Bring the database to the schema of this release."""
    database = _database()
    try:
        upgrade.upgrade(database)
    except DBAPIError as error:
        _fail(f"The database does not answer: {error.orig}")
    click.echo(f"{database.engine.url.render_as_string()} has the schema of this release.")


@cli.command()
@click.argument("file", type=click.File("rb"), required=False)
@click.option("--example", is_flag=True, help="Load the US-North Korea talks instead of a file.")
@click.option("--if-missing", is_flag=True, help="Leave a negotiation that is there as it is.")
@click.option("--prune", is_flag=True, help="Delete what the negotiation has beyond the document.")
def load(file: BinaryIO | None, example: bool, if_missing: bool, prune: bool) -> None:
    """Load a negotiation from a document: all of it or nothing.

    FILE is YAML or JSON (by its name: .json), or - for YAML from standard input.
    """
    if (file is None) is not example:
        _fail("Name one file, or give --example.")
    name = file.name if file else "the example"
    body = file.read() if file else _EXAMPLE.read_bytes()
    try:
        tree = Tree(read_json(body)) if name.endswith(".json") else read_yaml(body)
        with _session(Access.CATALOGUE) as session, _progress() as progress:
            if if_missing and _is_there(session, tree.value):
                click.echo("It is there already, and was left as it is.")
                return
            negotiation, report = load_document(session, tree.value, prune=prune, progress=progress)
    except Malformed as error:
        _fail(f"{name}: {error}")
    except Invalid as error:
        for fault in error.in_text(tree.line).faults:
            line = "" if fault.line is None else f":{fault.line}"
            click.echo(f"{name}{line}: {fault.pointer or 'the document'}: {fault.detail}", err=True)
        _fail(f"{len(error.faults)} to mend; nothing was loaded.")
    click.echo(_summary(negotiation.slug, report))


def _is_there(session: Session, document: Any) -> bool:
    """Whether the negotiation of a document is in the database."""
    talks = document.get("negotiation") if isinstance(document, dict) else None
    slug = talks.get("slug") if isinstance(talks, dict) else None
    try:
        find(session, Negotiation, str(slug))
    except Missing:
        return False
    return True


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """A progress bar on a terminal, and silence elsewhere."""
    console = Console(stderr=True)
    columns = (TextColumn("loading"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("load", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _summary(slug: str, report: Report) -> str:
    if not report.changed_anything:
        said = f"{slug}: nothing has changed, {report.unchanged.total()} records are as they were"
    else:
        parts = [
            f"{counter.total()} {word}"
            for word, counter in (
                ("created", report.created),
                ("changed", report.changed),
                ("unchanged", report.unchanged),
                ("deleted", report.deleted),
            )
            if counter
        ]
        said = f"{slug}: {', '.join(parts)}"
    if report.kept:
        said += f"; {report.kept.total()} beyond the document were kept (--prune deletes such)"
    return said + "."


@cli.command()
@click.argument("slug")
@click.option("--format", "form", type=click.Choice(["yaml", "json"]), default="yaml")
def dump(slug: str, form: str) -> None:
    """Write a negotiation as one document to standard output."""
    with _session(Access.READ) as session:
        document = dump_document(session, find(session, Negotiation, slug))
    body = write_yaml(document) if form == "yaml" else json_bytes(document)
    sys.stdout.buffer.write(body)


def _look(command: Callable[..., None]) -> Callable[..., None]:
    """The options of a text: how wide, and whether in colour."""
    width = click.option(
        "--width",
        type=click.IntRange(NARROWEST, WIDEST),
        help="Columns; by default the terminal's.",
    )
    color = click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto")
    return width(color(command))


def _style(width: int | None, color: str) -> Style:
    console = Console()
    is_colored = color == "always" or (color == "auto" and console.is_terminal)
    return Style(width or min(max(console.width, NARROWEST), WIDEST), is_colored)


def _say(text: str, style: Style) -> None:
    click.echo(text, nl=False, color=style.color)


@cli.command()
@click.argument("negotiation")
@click.argument("left")
@click.argument("right")
@click.option("--show", type=click.Choice(["all", "differences"]), default="all")
@click.option("--issue", help="Only the demands of that issue.")
@click.option("--demand", help="Only that demand.")
@_look
def diff(
    negotiation: str,
    left: str,
    right: str,
    show: str,
    issue: str | None,
    demand: str | None,
    width: int | None,
    color: str,
) -> None:
    """Where two sides differ; a side is PARTY or PARTY@DATE."""
    style = _style(width, color)
    with _session(Access.READ) as session:
        sides = parse_side(left, today()), parse_side(right, today())
        compared = comparison_of(
            session,
            find(session, Negotiation, negotiation),
            sides,
            issue=issue,
            demand=demand,
            differences_only=show == "differences",
        )
    _say(comparison_text(compared, style), style)


@cli.command()
@click.argument("negotiation")
@click.option("--on", help="The date; today by default.")
@_look
def matrix(negotiation: str, on: str | None, width: int | None, color: str) -> None:
    """Who stands where: every party on every demand."""
    if on is not None and not is_date(on):
        _fail(f"'{on}' is no date: write 2019, 2019-04 or 2019-04-12.")
    style = _style(width, color)
    with _session(Access.READ) as session:
        day = last_day(on) if on else today()
        shown = matrix_of(session, find(session, Negotiation, negotiation), day)
    _say(matrix_text(shown, style), style)


@cli.command()
@click.option("--format", "form", type=click.Choice(["yaml", "json"]), default="yaml")
@click.pass_obj
def openapi(factory: Factory, form: str) -> None:
    """Write the OpenAPI document of the service to standard output."""
    document: Any = build(factory())
    text = (
        write_yaml(document) if form == "yaml" else json.dumps(document, indent=2).encode() + b"\n"
    )
    sys.stdout.buffer.write(text)


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
def serve(host: str, port: int) -> None:
    """Serve the API."""
    with _session(Access.READ) as session:
        engine = session.get_bind().dialect.name
    _refuse_taken(host, port)
    click.echo(f"Serving on http://{host}:{port}/ (stop with Ctrl-C)", err=True)
    Granian(
        "negotiations_api.app:create_app",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        # SQLite has one writer at a time; PostgreSQL waits are worth overlapping.
        blocking_threads=1 if engine == "sqlite" else 4,
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
            _fail(
                f"Port {port} on {host} cannot be had ({error.strerror}): stop what uses it, "
                "or choose another one with --port."
            )
