"""Files of many records: import positions, demands and parties."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from negotiations_api.cli.author import takes_author
from negotiations_api.cli.database import current_database, fail, session
from negotiations_api.cli.import_source import Source, takes_source
from negotiations_api.compare.participant import Role
from negotiations_api.database import Access, Authorship
from negotiations_api.models import Negotiation
from negotiations_api.records.faults import Fault, Invalid
from negotiations_api.records.find import find
from negotiations_api.records.imports.run import Imported, import_positions
from negotiations_api.records.imports.whole import import_demands, import_parties
from negotiations_api.records.loaded import MOST_FAULTS
from negotiations_api.records.text import Malformed
from negotiations_api.schemas.demand import DemandSchema
from negotiations_api.schemas.party import PartySchema
from negotiations_api.schemas.position import PositionSchema


@click.group("import")
def import_() -> None:
    """Import many records from a file: CSV or NDJSON, plain or gzip, or - for standard input."""


@import_.command()
@takes_source
@takes_author
@click.option("--negotiation", required=True, metavar="SLUG")
def positions(source: Source, negotiation: str, author: Authorship) -> None:
    """Import positions, in one revision; what was broken off goes on when it is given again.

    Rows that are there already as they are stay. Rows that are there with other values are bad.
    """
    report = _Reporter(source)
    with (
        _problems(source),
        _broken_off(source),
        current_database() as database,
        _progress(source) as (file, writing),
    ):
        fingerprint = source.fingerprint(negotiation)  # reads the file too, and so comes first
        imported = import_positions(
            database,
            negotiation,
            source.reader(PositionSchema(), file),
            fingerprint,
            skip_bad=source.skip_bad,
            report=report,
            writing=writing,
            by=author,
        )
    _end_if_refused(imported, report)
    _finish("position", "positions", imported)


@import_.command()
@takes_source
@takes_author
@click.option("--negotiation", required=True, metavar="SLUG")
def demands(source: Source, negotiation: str, author: Authorship) -> None:
    """Import demands.

    Rows that are there already as they are stay. Rows that are there with other values are bad.
    """
    report = _Reporter(source)
    with _problems(source), session(Access.WRITE, author) as opened, _progress(source) as (file, _):
        imported = import_demands(
            opened,
            find(opened, Negotiation, negotiation, lock=True),
            source.reader(DemandSchema(), file),
            skip_bad=source.skip_bad,
            report=report,
        )
        _end_if_refused(imported, report)
    _finish("demand", "demands", imported)


@import_.command()
@takes_source
@takes_author
@click.option("--negotiation", metavar="SLUG", help="Make them participants of that negotiation.")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default=Role.PRINCIPAL.value,
    show_default=True,
    help="As what they take part.",
)
def parties(source: Source, negotiation: str | None, role: str, author: Authorship) -> None:
    """Import parties; those that are there already stay as they are."""
    report = _Reporter(source)
    with (
        _problems(source),
        session(Access.CATALOGUE, author) as opened,
        _progress(source) as (file, _),
    ):
        imported = import_parties(
            opened,
            find(opened, Negotiation, negotiation, lock=True) if negotiation else None,
            Role(role),
            source.reader(PartySchema(), file),
            skip_bad=source.skip_bad,
            report=report,
        )
        _end_if_refused(imported, report)
    _finish("party", "parties", imported)


@contextmanager
def _problems(source: Source) -> Iterator[None]:
    """What keeps a file from being read ends the command with a sentence."""
    try:
        yield
    except Malformed as error:
        fail(f"{source.name}: {error}")
    except Invalid as error:
        report = _Reporter(source)
        for fault in error.faults:
            report(fault)
        report.finish()
        fail("Nothing was imported.")


@contextmanager
def _broken_off(source: Source) -> Iterator[None]:
    """Ctrl-C ends the command with what may be done next."""
    try:
        yield
    except KeyboardInterrupt:
        fail(
            "Broken off; nothing can be seen of it. The same command again goes on from here."
            if source.file.seekable()
            else "Broken off; nothing was imported."
        )


class _Reporter:
    """What prints what is wrong with rows, and where: so many of them that somebody may read."""

    def __init__(self, source: Source) -> None:
        self._name = source.name
        self._count = 0

    def __call__(self, fault: Fault) -> None:
        """Print a fault."""
        self._count += 1
        if self._count <= MOST_FAULTS:
            line = "" if fault.line is None else f":{fault.line}"
            at = f" {fault.pointer}:" if fault.pointer else ""
            click.echo(f"{self._name}{line}:{at} {fault.detail}", err=True)

    def finish(self) -> None:
        """Say how many there were beside those that are printed."""
        if self._count > MOST_FAULTS:
            click.echo(f"And {self._count - MOST_FAULTS:,} more.", err=True)


@contextmanager
def _progress(source: Source) -> Iterator[tuple[BinaryIO, Callable[[], None]]]:
    """A progress bar on a terminal: the file that moves it, and what says that all is read."""
    console = Console(stderr=True)
    size = os.fstat(source.file.fileno()).st_size if source.file.seekable() else None
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("reading", total=size)
        file = bar.wrap_file(source.file, task_id=task) if size else source.file
        yield file, lambda: bar.update(task, description="writing", total=None)


def _end_if_refused(imported: Imported, report: _Reporter) -> None:
    """Say how much is bad; if that keeps all out, end the command and its transaction."""
    report.finish()
    if imported.is_refused:
        bad = _counted(imported.bad, "row", "rows")
        fail(f"{bad} to mend; nothing was imported. With --skip-bad the others are.")


def _finish(one: str, many: str, imported: Imported) -> None:
    said = [f"{_counted(imported.created, one, many)} imported"]
    if imported.unchanged:
        said.append(_counted(imported.unchanged, "was there already", "were there already"))
    if imported.passed_over:
        said.append(_counted(imported.passed_over, "row passed over", "rows passed over"))
    if imported.bad:
        said.append(f"{_counted(imported.bad, 'row', 'rows')} left out")
    if imported.resumed_at:
        said.append(f"going on after {_counted(imported.resumed_at, 'row', 'rows')}")
    click.echo(f"{', '.join(said)}.")


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
