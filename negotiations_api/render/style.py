"""Text for terminals: colour, and lines that keep to a width.

Widths are columns of a terminal, of which a Chinese or Korean character takes two.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from rich.cells import cell_len, chop_cells

DEFAULT_WIDTH = 80
NARROWEST = 40
WIDEST = 500

_OBEYED = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # controls: line breaks, escape sequences
    "\u2028\u2029\u202a-\u202e\u2066-\u2069"  # line separators, writing direction
    "\ud800-\udfff]"  # halves of surrogate pairs, which no encoding has
)


class Ink(StrEnum):
    """The colours, as SGR parameters (ECMA-48)."""

    REMOVED = "31"
    ADDED = "32"
    HEADING = "36"
    STRONG = "1"


@dataclass(frozen=True, slots=True)
class Style:
    """How wide, and whether in colour."""

    width: int = DEFAULT_WIDTH
    color: bool = False

    def paint(self, text: str, ink: Ink | None) -> str:
        """`text` in a colour, if there are any."""
        return f"\x1b[{ink}m{text}\x1b[0m" if self.color and ink and text else text

    def wrap(self, text: str, first: str, rest: str) -> list[str]:
        """`text` in lines of the width, the first behind `first`, the others behind `rest`."""
        lines, line = [], first
        for word in plain(text).split():
            gap = "" if line in {first, rest} else " "
            for piece in chop_cells(word, max(self.width - cell_len(rest), 2)):
                if line.strip() and cell_len(line + gap + piece) > self.width:
                    lines.append(line)
                    line, gap = rest, ""
                line += gap + piece
                gap = ""
        return [*lines, line.rstrip()]

    def shorten(self, text: str, width: int) -> str:
        """`text` cut to `width`, with an ellipsis where something is missing."""
        text = plain(text)
        if cell_len(text) <= width:
            return text
        start = chop_cells(text, width - 3)[0] if width > 3 else ""
        return start.rstrip() + "..."

    def column(self, text: str, width: int) -> str:
        """`text` in a column of `width`: cut or filled up with spaces."""
        short = self.shorten(text, width)
        return short + " " * (width - cell_len(short))


def plain(text: str) -> str:
    """`text` as long as it was, but what a terminal obeys is a space or a visible U+FFFD."""
    return _OBEYED.sub(lambda obeyed: " " if obeyed[0].isspace() else "\ufffd", text)
