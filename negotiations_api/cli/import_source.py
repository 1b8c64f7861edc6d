"""The file that an import reads, and the options that say how."""

import hashlib
import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, BinaryIO

import click
from marshmallow import Schema

from negotiations_api import __version__
from negotiations_api.cli.database import fail
from negotiations_api.records.faults import Invalid
from negotiations_api.records.imports.columns import read_constants, read_map
from negotiations_api.records.imports.csv_reader import CsvReader
from negotiations_api.records.imports.files import looks_like_json, unpacked
from negotiations_api.records.imports.joined import Joined, read_joined
from negotiations_api.records.imports.ndjson_reader import NdjsonReader
from negotiations_api.records.imports.reading import ImportReader
from negotiations_api.records.text import Malformed

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

    def reader(self, schema: Schema, file: BinaryIO) -> ImportReader:
        """What reads `file`, which tells how far it is. Raises Invalid and Malformed."""
        columns = read_map(self.maps, schema.load_fields)
        constants = read_constants(self.constants, schema.load_fields)
        joined = None if self.join is None else self._joined(*self.join)
        opened = unpacked(file)
        form = self.form or ("ndjson" if looks_like_json(opened) else "csv")
        made = CsvReader if form == "csv" else NdjsonReader
        return made(opened, schema, columns, constants, joined, tidy=self.tidy)

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


def takes_source(command: Callable[..., None]) -> Callable[..., None]:
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
            help="What the file is, if its beginning does not tell.",
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
