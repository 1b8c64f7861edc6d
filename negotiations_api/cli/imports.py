"""Files of many records: import positions, demands and parties."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from negotiations_api.cli.database import current_database, fail, session
from negotiations_api.cli.import_source import Source, takes_source
from negotiations_api.compare.participant import Role
from negotiations_api.database import Access
from negotiations_api.models import Negotiation
from negotiations_api.records.faults import Fault, Invalid
from negotiations_api.records.find import find
from negotiations_api.records.imports.run import Imported, import_positions
from negotiations_api.records.imports.whole import import_demands, import_parties
from negotiations_api.records.text import Malformed
from negotiations_api.schemas.demand import DemandSchema
from negotiations_api.schemas.party import PartySchema
from negotiations_api.schemas.position import PositionSchema


@click.group("import")
def import_() -> None:
    """Import many records from a file: CSV or NDJSON, plain or gzip, or - for standard input."""


@import_.command()
@takes_source
@click.option("--negotiation", required=True, metavar="SLUG")
def positions(source: Source, negotiation: str) -> None:
    """Import positions, in one revision; what was broken off goes on when it is given again.

    Rows that are there already as they are stay. Rows that are there with other values are bad.
    """
    with (
        _problems(source),
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
            report=_reporter(source),
            writing=writing,
        )
    _finish("position", "positions", imported)


@import_.command()
@takes_source
@click.option("--negotiation", required=True, metavar="SLUG")
def demands(source: Source, negotiation: str) -> None:
    """Import demands.

    Rows that are there already as they are stay. Rows that are there with other values are bad.
    """
    with _problems(source), session(Access.WRITE) as opened, _progress(source) as (file, _):
        imported = import_demands(
            opened,
            find(opened, Negotiation, negotiation, lock=True),
            source.reader(DemandSchema(), file),
            skip_bad=source.skip_bad,
            report=_reporter(source),
        )
    _finish("demand", "demands", imported)


@import_.command()
@takes_source
@click.option("--negotiation", metavar="SLUG", help="Make them participants of that negotiation.")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default=Role.PRINCIPAL.value,
    show_default=True,
    help="As what they take part.",
)
def parties(source: Source, negotiation: str | None, role: str) -> None:
    """Import parties; those that are there already stay as they are."""
    with _problems(source), session(Access.CATALOGUE) as opened, _progress(source) as (file, _):
        imported = import_parties(
            opened,
            find(opened, Negotiation, negotiation, lock=True) if negotiation else None,
            Role(role),
            source.reader(PartySchema(), file),
            skip_bad=source.skip_bad,
            report=_reporter(source),
        )
    _finish("party", "parties", imported)


@contextmanager
def _problems(source: Source) -> Iterator[None]:
    """What keeps a file from being read ends the command with a sentence."""
    try:
        yield
    except Malformed as error:
        fail(f"{source.name}: {error}")
    except Invalid as error:
        for fault in error.faults:
            _reporter(source)(fault)
        fail("Nothing was imported.")


def _reporter(source: Source) -> Callable[[Fault], None]:
    def report(fault: Fault) -> None:
        line = "" if fault.line is None else f":{fault.line}"
        at = f" {fault.pointer}:" if fault.pointer else ""
        click.echo(f"{source.name}{line}:{at} {fault.detail}", err=True)

    return report


@contextmanager
def _progress(source: Source) -> Iterator[tuple[BinaryIO, Callable[[], None]]]:
    """A progress bar on a terminal: the file that moves it, and what says that all is read."""
    console = Console(stderr=True)
    size = Path(source.name).stat().st_size if source.file.seekable() else None
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


def _finish(one: str, many: str, imported: Imported) -> None:
    bad = _counted(imported.bad, "row", "rows")
    if imported.is_refused:
        fail(f"{bad} to mend; nothing was imported. With --skip-bad the others are.")
    said = [f"{_counted(imported.created, one, many)} imported"]
    if imported.unchanged:
        said.append(_counted(imported.unchanged, "was there already", "were there already"))
    if imported.passed_over:
        said.append(_counted(imported.passed_over, "row passed over", "rows passed over"))
    if imported.bad:
        said.append(f"{bad} left out")
    if imported.resumed_at:
        said.append(f"going on after {_counted(imported.resumed_at, 'row', 'rows')}")
    click.echo(f"{', '.join(said)}.")


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
