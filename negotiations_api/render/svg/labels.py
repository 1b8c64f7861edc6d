"""Labels in a line or two, of which no two on a picture read alike."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from negotiations_api.render.svg.figure import GREY, Sheet
from negotiations_api.render.svg.lettering import ELLIPSIS, NORMAL, SMALL, shorten, width, wrap

LINE = 10.5
"""How far below each other the lines of a label stand, in points."""

_MOST = 2


@dataclass(frozen=True, slots=True)
class Label:
    """The lines of a label, and the slug below them where they do not tell which one it is."""

    lines: tuple[str, ...]
    slug: str = ""

    @property
    def more(self) -> float:
        """How much higher it is than one line, in points."""
        return LINE * (len(self.lines) + bool(self.slug) - 1)

    @property
    def width(self) -> float:
        """How wide its longest line is, in points."""
        return max([*map(width, self.lines), width(self.slug, SMALL)])

    def write(self, sheet: Sheet, x: float, y: float, align: str = "left") -> None:
        """Write it, its first line on the baseline `y`."""
        for line in self.lines:
            sheet.write(x, y, line, align=align)
            y += LINE
        sheet.write(x, y, self.slug, size=SMALL, color=GREY, align=align)


def labels(texts: Sequence[str], slugs: Sequence[str], room: float) -> list[Label]:
    """A label for each text: all of it where two lines of `room` points hold it.

    Where they don't, or another text is the same, it is one line of the text, and its slug.
    """
    wrapped = [tuple(wrap(text, room, NORMAL, most=_MOST)) for text in texts]
    times = Counter(wrapped)
    return [
        Label((shorten(text, room),), slug)
        if times[lines] > 1 or not lines or any(line.endswith(ELLIPSIS) for line in lines)
        else Label(lines)
        for text, slug, lines in zip(texts, slugs, wrapped, strict=True)
    ]
