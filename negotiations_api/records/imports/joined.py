"""Another file, whose columns are added to the rows that have the same word in a column."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from negotiations_api.records.faults import Fault, Invalid
from negotiations_api.records.imports.files import csv_file_lines
from negotiations_api.schemas.fields import near_miss


@dataclass(frozen=True, slots=True)
class Joined:
    """The rows of a CSV file by what stands in its column `key`: the other columns, `names`."""

    key: str
    names: tuple[str, ...]
    rows: dict[str, list[str]]
    blank: list[str]

    def place_in(self, header: Sequence[str]) -> int:
        """Where in a header the key stands. Raises Invalid."""
        if self.key not in header:
            raise _no_column(self.key, header)
        return header.index(self.key)


def read_joined(file: BinaryIO, key: str) -> Joined:
    """The rows of `file`, a CSV file with a header; of several with one key the first counts.

    Raises Invalid, and Malformed for what is not UTF-8.
    """
    lines = csv_file_lines(file)
    _, header = next(lines, (0, []))
    if isinstance(header, str):
        raise Invalid([Fault("", header, 1)])
    if key not in header:
        raise _no_column(key, header)
    place = header.index(key)
    rows: dict[str, list[str]] = {}
    for line, cells in lines:
        if isinstance(cells, str):
            raise Invalid([Fault("", cells, line)])
        if len(cells) != len(header):
            detail = f"This line has {len(cells)} cells and the header {len(header)}."
            raise Invalid([Fault("", detail, line)])
        rows.setdefault(cells.pop(place), cells)
    names = tuple(name for name in header if name != key)
    return Joined(key, names, rows, [""] * len(names))


def _no_column(key: str, header: Sequence[str]) -> Invalid:
    near = near_miss(key[:80], header) or f"; there is {', '.join(header)[:500]}."
    return Invalid([Fault("", f"There is no column '{key[:80]}' to join by{near}")])
