"""A matrix as a heat map: demands down, grouped by issue, parties across."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from negotiations_api.compare.matrix import Matrix
from negotiations_api.compare.position import Stance
from negotiations_api.render.svg.figure import (
    GREY,
    INK,
    PALE,
    Caption,
    Corners,
    Look,
    Sheet,
    picture,
)
from negotiations_api.render.svg.labels import Label, labels
from negotiations_api.render.svg.legend import box_key, legend
from negotiations_api.render.svg.lettering import NORMAL, shorten
from negotiations_api.render.svg.matrix_part import part_to_draw, what_is_drawn
from negotiations_api.render.svg.names import LABEL_ROOM, names_above, names_below
from negotiations_api.render.words import count

_WIDE, _HIGH = 23.0, 17.0
_HEADING = 24.0
_LONG = 30
"""From so many demands on, the parties are named below the matrix too."""


@dataclass(frozen=True, slots=True)
class _Paint:
    """The colour of a stance, and the sign that says the same without colour."""

    color: str
    sign: str
    ink: str = INK


# Okabe and Ito (2008), the blues by how far they accept.
_LOOKS = {
    Stance.DEMAND: _Paint("#0072b2", "D", "white"),
    Stance.ACCEPT: _Paint("#56b4e9", "A"),
    Stance.CONDITIONAL: _Paint("#cfe8f7", "C"),
    Stance.RESERVE: _Paint("#f0e442", "?"),
    Stance.REJECT: _Paint("#d55e00", "\N{MULTIPLICATION SIGN}"),
}
_MEANINGS = {
    Stance.DEMAND: "demands it",
    Stance.ACCEPT: "accepts",
    Stance.CONDITIONAL: "accepts on conditions",
    Stance.RESERVE: "reserves (undecided)",
    Stance.REJECT: "rejects",
}
_UNRECORDED: Look = {"facecolor": "white", "edgecolor": PALE, "linewidth": 0.5}


def matrix_svg(matrix: Matrix) -> str:
    """The matrix as an SVG document: the stances as colours and letters."""
    return picture("matrix", lambda sheet: _paint(matrix, sheet))


def _paint(matrix: Matrix, sheet: Sheet) -> Caption:
    title = f"Who stands where on {matrix.on}"
    if not matrix.rows or not matrix.parties:
        missing = "party" if matrix.rows else "demand"
        return Caption(title, f"There is nothing to show: no {missing} is recorded.")
    drawn = part_to_draw(matrix)
    demands = [row.demand for row in drawn.rows]
    slugs = [demand.slug for demand in demands]
    titles = labels([demand.title for demand in demands], slugs, LABEL_ROOM)
    start = max(title.width for title in titles) + 8
    names = [party.name for party in drawn.parties]
    centres = [start + (column + 0.5) * _WIDE for column in range(len(names))]
    sheet.reach((start + len(names) * _WIDE, 0.0))
    bottom = _rows(drawn, titles, sheet, start)
    names_above(sheet, names, centres, 0.0)
    if len(drawn.rows) > _LONG:
        names_below(sheet, names, centres, bottom)
    keys = [
        box_key(_MEANINGS[stance], look.sign, look.ink, facecolor=look.color)
        for stance, look in _LOOKS.items()
    ]
    legend(sheet, 0, sheet.bottom + 18, [*keys, box_key("not recorded", **_UNRECORDED)])
    said = f"{_description(matrix)} {what_is_drawn(matrix, drawn)}".rstrip()
    return Caption(title, said)


def _rows(matrix: Matrix, titles: Sequence[Label], sheet: Sheet, start: float) -> float:
    """Draw all rows from y = 0 down; gives where they end."""
    cells: defaultdict[Stance | None, list[Corners]] = defaultdict(list)
    y = 0.0
    labelled = zip(matrix.rows, titles, strict=True)
    for issue, rows in groupby(labelled, key=lambda row: row[0].demand.issue):
        heading = shorten(issue.title, start + len(matrix.parties) * _WIDE, bold=True)
        sheet.write(0, y + _HEADING - 7, heading, bold=True)
        y += _HEADING
        for row, title in rows:
            title.write(sheet, start - 6, y + _HIGH - 5.2, align="right")
            high = _HIGH + title.more
            for column, position in enumerate(row.positions):
                stance = position.stance if position else None
                x = start + column * _WIDE
                cells[stance].append((x + 0.5, y + 0.5, _WIDE - 1, high - 1))
                if stance is not None:
                    look = _LOOKS[stance]
                    at = (x + _WIDE / 2, y + high / 2 + 0.36 * NORMAL)
                    sheet.write(*at, look.sign, color=look.ink, bold=True, align="center")
            y += high
    sheet.boxes(cells[None], **_UNRECORDED)
    for stance, look in _LOOKS.items():
        sheet.boxes(cells[stance], facecolor=look.color)
    sheet.line([start, start + len(matrix.parties) * _WIDE], [y + 1, y + 1], color=GREY)
    return y


def _description(matrix: Matrix) -> str:
    possible = len(matrix.rows) * len(matrix.parties)
    stances = [p.stance for row in matrix.rows for p in row.positions if p is not None]
    counts = [f"{stance} {stances.count(stance)}" for stance in Stance if stance in stances]
    demands = count(len(matrix.rows), "demand")
    parties = count(len(matrix.parties), "party", "parties")
    recorded = f"{matrix.recorded} of {count(possible, 'position')} recorded"
    listed = f": {', '.join(counts)}" if counts else ""
    return f"{demands} (rows), {parties} (columns), {recorded}{listed}."
