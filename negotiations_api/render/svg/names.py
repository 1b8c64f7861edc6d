"""Names along the edge of a heat map, slanted, so that each has room whatever its length."""

from collections.abc import Sequence
from math import sqrt

from negotiations_api.render.svg.figure import Sheet
from negotiations_api.render.svg.lettering import NORMAL, shorten, width

LABEL_ROOM = 270.0
"""How long a label beside a row may be, in points."""

_NAME_ROOM = 150.0
_ANGLE = 45.0


def names_above(
    sheet: Sheet, names: Sequence[str], centres: Sequence[float], y: float, size: float = NORMAL
) -> None:
    """Names that rise to the right from above each column's centre."""
    for name, centre in zip(names, centres, strict=True):
        text = shorten(name, _NAME_ROOM, size)
        sheet.write(centre + 0.25 * size, y - 4, text, size=size, angle=_ANGLE)
        across = width(text, size) / sqrt(2)
        sheet.reach((centre + across + size, y - across - 1.2 * size))


def names_below(
    sheet: Sheet, names: Sequence[str], centres: Sequence[float], y: float, size: float = NORMAL
) -> None:
    """Names that rise to the right and end below each column's centre."""
    for name, centre in zip(names, centres, strict=True):
        text = shorten(name, _NAME_ROOM, size)
        at = (centre + 0.6 * size, y + size + 2)
        sheet.write(*at, text, size=size, align="right", angle=_ANGLE)
        across = width(text, size) / sqrt(2)
        sheet.reach((centre - across, y + across + 1.5 * size))
