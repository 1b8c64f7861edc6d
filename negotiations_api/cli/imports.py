"""Files of many records: import positions, demands and parties."""

import hashlib
import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, BinaryIO

import click
from marshmallow import Schema
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from negotiations_api import __version__
from negotiations_api.cli.database import current_database, fail, session
from negotiations_api.compare.participant import Role
from negotiations_api.database import Access
from negotiations_api.models import Negotiation
from negotiations_api.records.faults import Fault, Invalid
from negotiations_api.records.find import find
from negotiations_api.records.imports.columns import read_constants, read_map
from negotiations_api.records.imports.csv_reader import CsvReader
from negotiations_api.records.imports.files import unpacked
from negotiations_api.records.imports.joined import Joined, read_joined
from negotiations_api.records.imports.ndjson_reader import NdjsonReader
from negotiations_api.records.imports.reading import Reader
from negotiations_api.records.imports.run import Imported, import_positions
from negotiations_api.records.imports.whole import import_demands, import_parties
from negotiations_api.records.text import Malformed
from negotiations_api.schemas.demand import DemandSchema
from negotiations_api.schemas.party import PartySchema
from negotiations_api.schemas.position import PositionSchema

_BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Source:
    """The file to import, and how its columns are to be read."""

    file: BinaryIO
    maps: Sequence[str]
    constants: Sequence[str]
    join: tuple[Path, str] | None
    form: str | None
    tidy: bool
    skip_bad: bool

    @property
    def name(self) -> str:
        """What messages call it."""
        return str(self.file.name)

    def fingerprint(self, negotiation: str) -> str:
        """What stands for the file and the options; for standard input nothing does."""
        if not self.file.seekable():
            return secrets.token_hex(32)
        options = [
            __version__,
            negotiation,
            *self.maps,
            "",
            *self.constants,
            "",
            self.form,
            self.tidy,
        ]
        digest = hashlib.sha256(json.dumps(options).encode())
        if self.join is not None:
            digest.update(self.join[1].encode() + self.join[0].read_bytes())
        while block := self.file.read(_BLOCK):
            digest.update(block)
        self.file.seek(0)
        return digest.hexdigest()

    def reader(self, schema: Schema, file: BinaryIO) -> Reader:
        """What reads `file`, which tells how far it is. Raises Invalid and Malformed."""
        columns = read_map(self.maps, schema.load_fields)
        constants = read_constants(self.constants, schema.load_fields)
        joined = None if self.join is None else self._joined(*self.join)
        name = self.name.removesuffix(".gz")
        form = self.form or ("ndjson" if name.endswith((".ndjson", ".jsonl")) else "csv")
        made = CsvReader if form == "csv" else NdjsonReader
        return made(unpacked(file), schema, columns, constants, joined, tidy=self.tidy)

    @staticmethod
    def _joined(path: Path, key: str) -> Joined:
        with path.open("rb") as file:
            try:
                return read_joined(unpacked(file), key)
            except (Invalid, Malformed) as error:
                return fail(f"{path}: {str(error).removeprefix(': ')}")


def _join(_: click.Context, __: click.Parameter, value: str | None) -> tuple[Path, str] | None:
    if value is None:
        return None
    path, colon, column = value.rpartition(":")
    if not colon or not column:
        raise click.BadParameter("write FILE:COLUMN.")
    if not Path(path).is_file():
        raise click.BadParameter(f"there is no file {path}.")
    return Path(path), column


def _source(command: Callable[..., None]) -> Callable[..., None]:
    """The argument and the options that every import has."""

    @wraps(command)
    def run(
        file: BinaryIO,
        maps: Sequence[str],
        constants: Sequence[str],
        join: tuple[Path, str] | None,
        form: str | None,
        tidy: bool,
        skip_bad: bool,
        **more: Any,
    ) -> None:
        command(Source(file, maps, constants, join, form, tidy, skip_bad), **more)

    for decorate in (
        click.option("--skip-bad", is_flag=True, help="Leave out bad rows, and import the others."),
        click.option(
            "--tidy",
            is_flag=True,
            help="Take control characters out of texts, and line breaks out of single lines.",
        ),
        click.option(
            "--format",
            "form",
            type=click.Choice(["csv", "ndjson"]),
            help="What the file is, if its name does not say so.",
        ),
        click.option(
            "--join",
            callback=_join,
            metavar="FILE:COLUMN",
            help="Add the columns of another CSV file, by a column that both have.",
        ),
        click.option(
            "--set",
            "constants",
            multiple=True,
            metavar="FIELD=TEXT",
            help="What a field is where no column says so. Can be given several times.",
        ),
        click.option(
            "--map",
            "maps",
            multiple=True,
            metavar="COLUMN=FIELD[:WORD=WORD],...",
            help="Which column says what, and what its words stand for; without it, the columns "
            "are called like the fields. Can be given several times.",
        ),
        click.argument("file", type=click.File("rb")),
    ):
        run = decorate(run)
    return run


@click.group("import")
def import_() -> None:
    """Import many records from a file: CSV or NDJSON, plain or gzip, or - for standard input."""


@import_.command()
@_source
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
@_source
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
@_source
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
