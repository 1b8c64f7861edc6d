"""Text for terminals: colour, and lines that keep to a width."""

import textwrap
from dataclasses import dataclass
from enum import StrEnum

DEFAULT_WIDTH = 80
NARROWEST = 40
WIDEST = 500


class Ink(StrEnum):
    """The colours, as SGR parameters (ECMA-48)."""

    REMOVED = "31"
    ADDED = "32"
    HEADING = "36"
    STRONG = "1"
    FAINT = "2"


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
        return textwrap.wrap(
            text,
            width=self.width,
            initial_indent=first,
            subsequent_indent=rest,
            break_long_words=True,
            break_on_hyphens=False,
        ) or [first.rstrip()]

    def shorten(self, text: str, width: int) -> str:
        """`text` cut to `width`, with an ellipsis where something is missing."""
        return text if len(text) <= width else text[: max(width - 3, 0)].rstrip() + "..."
