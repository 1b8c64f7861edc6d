"""Lettering: how wide a text is, and how it is cut, broken and made harmless.

Texts stay texts in the SVG, so whoever looks at it has them in a font of their own. They are
measured in DejaVu Sans, which is wider than Arial and Helvetica: what fits in it fits in those.
"""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

import matplotlib as mpl
from matplotlib.ft2font import FT2Font, LoadFlags

from negotiations_api.compare.position import Party
from negotiations_api.render.style import plain

FAMILY = ("DejaVu Sans", "Verdana", "Arial", "Helvetica")
"""What is asked for before any other font without serifs; the first is what is measured."""

SMALL, NORMAL, LARGE = 7.5, 8.5, 13.0
"""The sizes of letters, in points: at 100 % the smallest is 10 pixels."""

_NAME_ROOM = 170.0
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
_FALLBACK = 1.0
"""The width that a character without a glyph in DejaVu Sans is taken to have, in ems."""

_NOT_IN_XML = re.compile("[\ufffe\uffff]")


def line_of(text: str) -> str:
    """`text` in one line, without anything that a reader of the SVG would obey or refuse."""
    return " ".join(_NOT_IN_XML.sub("\ufffd", plain(text)).split())


def width(text: str, size: float = NORMAL, *, bold: bool = False) -> float:
    """How wide `text` is at most, in points, in letters of `size`."""
    return size * sum(_advance(character, bold) for character in text)


def shorten(text: str, room: float, size: float = NORMAL, *, bold: bool = False) -> str:
    """`text` in one line, cut to `room` points, with an ellipsis where something is missing."""
    text = line_of(text)
    if width(text, size, bold=bold) <= room:
        return text
    left = room - width(ELLIPSIS, size, bold=bold)
    kept = 0
    for character in text:
        left -= width(character, size, bold=bold)
        if left < 0:
            break
        kept += 1
    return text[:kept].rstrip() + ELLIPSIS


def name_in_text(party: Party) -> str:
    """The name of a party, cut short where it would leave a sentence no room."""
    return shorten(party.name, _NAME_ROOM)


def wrap(
    text: str, room: float, size: float = NORMAL, *, bold: bool = False, most: int = 0
) -> list[str]:
    """`text` in lines of `room` points; where it takes more than `most` of them, it is cut."""
    lines: list[str] = []
    words = line_of(text).split()
    while words:
        line = words.pop(0)
        while words and width(f"{line} {words[0]}", size, bold=bold) <= room:
            line = f"{line} {words.pop(0)}"
        if most and len(lines) == most - 1:
            line = " ".join([line, *words])
            words = []
        lines.append(shorten(line, room, size, bold=bold))
    return lines


@lru_cache(maxsize=4096)
def _advance(character: str, bold: bool) -> float:
    if unicodedata.category(character) == "Mn":
        return 0.0
    font = _font(bold)
    if not font.get_char_index(ord(character)):
        return _FALLBACK
    advance: float = font.load_char(ord(character), LoadFlags.NO_SCALE).horiAdvance
    return advance / font.units_per_EM


@lru_cache(maxsize=2)
def _font(bold: bool) -> FT2Font:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return FT2Font(Path(mpl.get_data_path(), "fonts", "ttf", name))
