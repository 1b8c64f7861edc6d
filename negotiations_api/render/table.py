"""A table, and how it keeps to a width: cells wrap, and too many columns stand in blocks."""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich import box
from rich import table as rich_table
from rich.console import Console
from rich.text import Text

from negotiations_api.batch import batched
from negotiations_api.render.columns import blocks_of, breakable
from negotiations_api.render.grid import GAP
from negotiations_api.render.style import Style, plain
from negotiations_api.render.words import NOTHING, numbers

Cell = str | int | float | None

_RULE = box.Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)
_TRAILING = re.compile(r"(?: |\x1b\[[0-9;]*m)+$")


@dataclass(frozen=True, slots=True)
class Table:
    """A table; cells are texts, numbers, or None (not recorded, or not defined).

    The first `keys` columns say what a row is about: where a table is cut into blocks, every block
    repeats them. Where all columns are of one kind (`is_alike`), their numbers have as many
    decimals; else those of a column have.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    keys: int = 1
    is_alike: bool = False


def is_numeric(table: Table, column: int) -> bool:
    """Whether a column holds no text: numbers, and where there is none a dash or a blank."""
    cells = [row[column] for row in table.rows if row[column] != ""]
    return bool(cells) and not any(isinstance(cell, str) for cell in cells)


def read_rows(table: Table) -> list[tuple[str, ...]]:
    """The rows as a reader gets them: numbers rounded, alike in a column; None is a dash."""
    if table.is_alike:
        read = _read([cell for row in table.rows for cell in row], fractions=True)
        return [tuple(row) for row in batched(read, len(table.header))]
    columns = [
        _read([row[column] for row in table.rows], fractions=is_numeric(table, column))
        for column in range(len(table.header))
    ]
    return list(zip(*columns, strict=True))


def _read(cells: Sequence[Cell], *, fractions: bool) -> list[str]:
    """A column; where all are numbers with `fractions`, these have as many decimals."""
    known = [cell for cell in cells if isinstance(cell, int | float)]
    together = numbers(known) if fractions else [numbers([cell])[0] for cell in known]
    shown = iter(together)
    return [_text(cell) if isinstance(cell, str | None) else next(shown) for cell in cells]


def _text(cell: str | None) -> str:
    return NOTHING if cell is None else " ".join(plain(cell).split())


def table_lines(table: Table, style: Style) -> Iterator[str]:
    """The lines of a table in `style.width` columns."""
    rows = read_rows(table)
    header = tuple(_text(name) for name in table.header)
    columns = [[name, *cells] for name, cells in zip(header, zip(*rows, strict=True), strict=True)]
    right = [is_numeric(table, column) for column in range(len(columns))]
    for number, (block, widths) in enumerate(blocks_of(columns, right, table.keys, style.width)):
        if number:
            yield ""
        yield from _block([columns[c] for c in block], widths, [right[c] for c in block], style)


def _block(
    columns: Sequence[Sequence[str]],
    widths: Sequence[int],
    right: Sequence[bool],
    style: Style,
) -> Iterator[str]:
    shown = rich_table.Table(
        box=_RULE,
        show_edge=False,
        pad_edge=False,
        padding=(0, 0, 0, GAP - 1),
        header_style="bold" if style.color else "",
    )
    for (name, *_), wide, numeric in zip(columns, widths, right, strict=True):
        shown.add_column(
            Text(breakable(name, wide)),
            width=wide,
            justify="right" if numeric else "left",
            overflow="fold",
        )
    for row in zip(*(cells[1:] for cells in columns), strict=True):
        cells = zip(row, widths, strict=True)
        shown.add_row(*(Text(breakable(cell, wide)) for cell, wide in cells))
    written = io.StringIO()
    console = Console(
        file=written,
        width=style.width,
        color_system="standard" if style.color else None,
        force_terminal=style.color,
        no_color=not style.color,
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
        _environ={},
    )
    console.print(shown)
    for line in written.getvalue().splitlines():
        yield _TRAILING.sub(lambda end: end[0].replace(" ", ""), line)
