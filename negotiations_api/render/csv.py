"""A table as CSV (RFC 4180, with line feeds), for programs and spreadsheets alike."""

import csv
import io
import re
from collections.abc import Iterable

from negotiations_api.render.table import Cell, Table

FORMULA = re.compile(r"[\t\r\n]|[\s\u200b\u2060\ufeff]*[-=+@\uff1d\uff0b\uff0d\uff20]")
"""What a spreadsheet may run where it begins a cell, after what it may take off and in full-width
forms too (OWASP, CSV injection)."""


def is_guarded(cell: str) -> bool:
    """Whether the apostrophe that `cell` begins with is one that was put there."""
    return cell.startswith("'") and _is_formula(cell)


def _is_formula(text: str) -> bool:
    """Whether `text` is a formula, after any number of apostrophes.

    Those that the text itself has count, so that a reader takes off just the one put there.
    """
    return bool(FORMULA.match(text, len(text) - len(text.lstrip("'"))))


def table_csv(table: Table, *, with_header: bool = True) -> str:
    """The header and the rows, a line each; None is empty, and floats keep all their digits.

    A text that a spreadsheet would run as a formula has an apostrophe before it; numbers have not.
    """
    return "".join(_line(row) for row in (*[table.header] * with_header, *table.rows))


def _line(cells: Iterable[Cell]) -> str:
    # The writer ends a line with what it was told to, and quotes a cell that has any of it: told
    # CR LF, it quotes both, which older versions of Python do not with a line feed alone.
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow([_field(cell) for cell in cells])
    return written.getvalue().removesuffix("\r\n") + "\n"


def _field(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if _is_formula(cell) else cell
    # A number of numpy's is a float, but writes itself with its type's name.
    return str(cell) if isinstance(cell, int) else float.__repr__(cell)
