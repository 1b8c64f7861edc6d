"""Negotiations as documents: load and dump."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any, BinaryIO

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from sqlalchemy.orm import Session

from negotiations_api.cli.author import takes_author
from negotiations_api.cli.database import fail, session
from negotiations_api.database import Access, Authorship
from negotiations_api.http.representations import json_bytes
from negotiations_api.models import Negotiation
from negotiations_api.records.document import dump_document
from negotiations_api.records.faults import Invalid, Missing
from negotiations_api.records.find import find
from negotiations_api.records.loading import LoadReport, load_document
from negotiations_api.records.strict_json import read_json
from negotiations_api.records.strict_yaml import read_yaml, write_yaml
from negotiations_api.records.text import Malformed, Tree

_EXAMPLE = files("negotiations_api") / "examples" / "us-dprk.yaml"


@click.command()
@click.argument("file", type=click.File("rb"), required=False)
@click.option("--example", is_flag=True, help="Load the US-North Korea talks instead of a file.")
@click.option("--if-missing", is_flag=True, help="Leave a negotiation that is there as it is.")
@click.option("--prune", is_flag=True, help="Delete what the negotiation has beyond the document.")
@takes_author
def load(
    file: BinaryIO | None, example: bool, if_missing: bool, prune: bool, author: Authorship
) -> None:
    """Load a negotiation from a document: all of it or nothing.

    FILE is YAML or JSON (by its name: .json), or - for YAML from standard input.
    """
    if (file is None) is not example:
        fail("Name one file, or give --example.")
    name = file.name if file else "the example"
    body = file.read() if file else _EXAMPLE.read_bytes()
    try:
        tree = Tree(read_json(body)) if name.endswith(".json") else read_yaml(body)
        with session(Access.CATALOGUE, author) as opened, _progress() as progress:
            if if_missing and _is_there(opened, tree.value):
                click.echo("It is there already, and was left as it is.")
                return
            negotiation, report = load_document(opened, tree.value, prune=prune, progress=progress)
    except Malformed as error:
        fail(f"{name}: {error}")
    except Invalid as error:
        for fault in error.in_text(tree.line).faults:
            line = "" if fault.line is None else f":{fault.line}"
            click.echo(f"{name}{line}: {fault.pointer or 'the document'}: {fault.detail}", err=True)
        fail(f"{len(error.faults)} to mend; nothing was loaded.")
    click.echo(_summary(negotiation.slug, report))


def _is_there(opened: Session, document: Any) -> bool:
    """Whether the negotiation of a document is in the database."""
    talks = document.get("negotiation") if isinstance(document, dict) else None
    slug = talks.get("slug") if isinstance(talks, dict) else None
    try:
        find(opened, Negotiation, str(slug))
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


def _summary(slug: str, report: LoadReport) -> str:
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
    audiences = report.kept["audiences"]
    if others := report.kept.total() - audiences:
        said += f"; {others} beyond the document were kept (--prune deletes such)"
    if audiences:
        are, were = ("is", "was") if audiences == 1 else ("are", "were")
        said += (
            f"; {audiences} of the audiences {are} not in the document, and {were} kept (no load "
            "takes away who sees what: delete them one by one)"
        )
    return said + "."


@click.command()
@click.argument("slug")
@click.option("--format", "form", type=click.Choice(["yaml", "json"]), default="yaml")
def dump(slug: str, form: str) -> None:
    """Write a negotiation as one document to standard output."""
    with session(Access.READ) as opened:
        document = dump_document(opened, find(opened, Negotiation, slug))
    body = write_yaml(document) if form == "yaml" else json_bytes(document)
    sys.stdout.buffer.write(body)
