"""A matrix as a text table."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from negotiations_api.compare.matrix import Matrix
from negotiations_api.compare.position import Party, Position
from negotiations_api.render.style import Ink, Style

_NOT_RECORDED = "-"
_GAP = 2


def matrix_text(matrix: Matrix, style: Style) -> str:
    """Demands down, parties across; where the parties are too many for the width, in blocks.

    A party without any position has no column: it is named at the end.
    """
    return "\n".join(_lines(matrix, style)) + "\n"


def _lines(matrix: Matrix, style: Style) -> Iterator[str]:
    shown = [
        column
        for column in range(len(matrix.parties))
        if any(row.positions[column] for row in matrix.rows)
    ]
    cells = [_cell(row.positions[column]) for row in matrix.rows for column in shown]
    slugs = [matrix.parties[column].slug for column in shown]
    widest = max((len(text) for text in [*cells, *slugs]), default=1)
    wide = min(widest, (style.width - _GAP) // 2)
    longest = max((len(row.demand.slug) for row in matrix.rows), default=0) + 2
    label = min(longest, style.width - wide - _GAP)
    across = max((style.width - label) // (wide + _GAP), 1)
    yield style.paint(f"Who stands where on {matrix.on}", Ink.STRONG)
    for start in range(0, len(shown), across):
        yield ""
        yield from _block(matrix, shown[start : start + across], label, wide, style)
    yield ""
    possible = len(matrix.rows) * len(matrix.parties)
    demands = _count(len(matrix.rows), "demand", "demands")
    size = f"{demands}, {_count(len(matrix.parties), 'party', 'parties')}"
    recorded = f"{matrix.recorded} of {_count(possible, 'position', 'positions')} recorded"
    yield from style.wrap(f"{size}: {recorded}; {_NOT_RECORDED} is not recorded.", "", "")
    silent = [p.slug for column, p in enumerate(matrix.parties) if column not in shown]
    if silent:
        yield from style.wrap(f"No position recorded of: {', '.join(silent)}.", "", "  ")


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


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
    texts = "".join(" " * _GAP + style.column(cell, wide) for cell in cells)
    return f"{style.column(name, label)}{texts}".rstrip()


def _cell(position: Position | None) -> str:
    return _NOT_RECORDED if position is None else position.stance.value
