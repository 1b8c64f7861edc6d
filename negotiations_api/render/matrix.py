"""A matrix as a text table, as a page and as a table."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from negotiations_api.compare.matrix import Matrix
from negotiations_api.compare.position import Party, Position
from negotiations_api.render.grid import GAP, in_blocks
from negotiations_api.render.page import Page, Section, Table
from negotiations_api.render.style import Ink, Style
from negotiations_api.render.words import NOTHING, count, heading


def matrix_text(matrix: Matrix, style: Style) -> str:
    """Demands down, parties across; where the parties are too many for the width, in blocks.

    A party without any position has no column: it is named at the end.
    """
    return "\n".join(_lines(matrix, style)) + "\n"


def matrix_page(matrix: Matrix) -> Page:
    """A table for each issue, demands down, parties across, without those that said nothing."""
    shown = _voices(matrix)
    header = ("demand", *(matrix.parties[column].slug for column in shown))
    sections = [
        Section(
            issue.title,
            table=Table(
                header,
                tuple(
                    (heading(row.demand), *(_cell(row.positions[column]) for column in shown))
                    for row in rows
                ),
            ),
        )
        for issue, rows in groupby(matrix.rows, key=lambda row: row.demand.issue)
        if shown
    ]
    return Page(_title(matrix), (*sections, Section(None, tuple(_sentences(matrix)))))


def matrix_table(matrix: Matrix) -> Table:
    """A row for each demand, a column for each party, by slugs; a cell is a stance."""
    return Table(
        ("issue", "demand", "title", *(party.slug for party in matrix.parties)),
        tuple(
            (
                row.demand.issue.slug,
                row.demand.slug,
                row.demand.title,
                *(_stance(position) for position in row.positions),
            )
            for row in matrix.rows
        ),
    )


def _lines(matrix: Matrix, style: Style) -> Iterator[str]:
    shown = _voices(matrix)
    cells = [_cell(row.positions[column]) for row in matrix.rows for column in shown]
    slugs = [matrix.parties[column].slug for column in shown]
    widest = max((len(text) for text in [*cells, *slugs]), default=1)
    wide = min(widest, (style.width - GAP) // 2)
    longest = max((len(row.demand.slug) for row in matrix.rows), default=0) + 2
    label = min(longest, style.width - wide - GAP)
    yield style.paint(_title(matrix), Ink.STRONG)
    for block in in_blocks([wide + GAP] * len(shown), style.width - label):
        yield ""
        yield from _block(matrix, [shown[index] for index in block], label, wide, style)
    yield ""
    counted, *silent = _sentences(matrix)
    yield from style.wrap(counted, "", "")
    for sentence in silent:
        yield from style.wrap(sentence, "", "  ")


def _title(matrix: Matrix) -> str:
    return f"Who stands where on {matrix.on}"


def _sentences(matrix: Matrix) -> Iterator[str]:
    """How much is recorded, and of whom nothing is."""
    possible = len(matrix.rows) * len(matrix.parties)
    demands = count(len(matrix.rows), "demand")
    size = f"{demands}, {count(len(matrix.parties), 'party', 'parties')}"
    recorded = f"{matrix.recorded} of {count(possible, 'position')} recorded"
    yield f"{size}: {recorded}; {NOTHING} is not recorded."
    shown = set(_voices(matrix))
    silent = [p.slug for column, p in enumerate(matrix.parties) if column not in shown]
    if silent:
        yield f"No position recorded of: {', '.join(silent)}."


def _voices(matrix: Matrix) -> list[int]:
    """The columns of the parties that have a position at all."""
    return [
        column
        for column in range(len(matrix.parties))
        if any(row.positions[column] for row in matrix.rows)
    ]


def _block(
    matrix: Matrix, columns: Sequence[int], label: int, wide: int, style: Style
) -> Iterator[str]:
    parties: list[Party] = [matrix.parties[column] for column in columns]
    yield _row("", [party.slug for party in parties], label, wide, style)
    for issue, rows in groupby(matrix.rows, key=lambda row: row.demand.issue):
        yield style.paint(style.shorten(issue.title, style.width), Ink.HEADING)
        for row in rows:
            cells = [_cell(row.positions[column]) for column in columns]
            yield _row(f"  {row.demand.slug}", cells, label, wide, style)


def _row(name: str, cells: list[str], label: int, wide: int, style: Style) -> str:
    texts = "".join(" " * GAP + style.column(cell, wide) for cell in cells)
    return f"{style.column(name, label)}{texts}".rstrip()


def _cell(position: Position | None) -> str:
    return _stance(position) or NOTHING


def _stance(position: Position | None) -> str | None:
    return None if position is None else position.stance.value
