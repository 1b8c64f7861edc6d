"""A matrix as a text table."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from negotiations_api.compare.matrix import Matrix
from negotiations_api.compare.position import Party, Position
from negotiations_api.render.style import Ink, Style

_NOT_RECORDED = "-"
_GAP = 2


def matrix_text(matrix: Matrix, style: Style) -> str:
    """Demands down, parties across; where the parties are too many for the width, in blocks."""
    return "\n".join(_lines(matrix, style)) + "\n"


def _lines(matrix: Matrix, style: Style) -> Iterator[str]:
    cells = [_cell(position) for row in matrix.rows for position in row.positions]
    wide = max(
        (len(text) for text in [*cells, *(party.slug for party in matrix.parties)]), default=1
    )
    longest = max((len(row.demand.slug) for row in matrix.rows), default=0) + 2
    label = min(longest, style.width - wide - _GAP)
    across = max((style.width - label) // (wide + _GAP), 1)
    yield style.paint(f"Who stands where on {matrix.on}", Ink.STRONG)
    for start in range(0, len(matrix.parties), across):
        yield ""
        yield from _block(
            matrix, range(start, min(start + across, len(matrix.parties))), label, wide, style
        )
    yield ""
    possible = len(matrix.rows) * len(matrix.parties)
    size = f"{len(matrix.rows)} demands, {len(matrix.parties)} parties"
    recorded = f"{matrix.recorded} of {possible} positions recorded"
    yield from style.wrap(f"{size}: {recorded}; {_NOT_RECORDED} is not recorded.", "", "")


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
    texts = "".join(f"{'':{_GAP}}{style.shorten(cell, wide):{wide}}" for cell in cells)
    return f"{style.shorten(name, label):{label}}{texts}".rstrip()


def _cell(position: Position | None) -> str:
    return _NOT_RECORDED if position is None else position.stance.value
