"""A sheet to draw on, as large as what is on it, and how it becomes an SVG document."""

import re
import threading
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from io import StringIO
from typing import Any

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from negotiations_api.render.svg.lettering import (
    FAMILY,
    LARGE,
    NORMAL,
    line_of,
    width,
    wrap,
)

INK, GREY, PALE = "#1a1a1a", "#595959", "#d0d0d0"
MARGIN = 16.0
NARROWEST = 460.0
READABLE = 800.0
"""How long a line of text may be, in points."""

_LOCK = threading.Lock()
"""Matplotlib's settings are those of the process: one picture at a time."""

_SETTINGS: Any = {
    "font.family": ["sans-serif"],
    "font.sans-serif": list(FAMILY),
    "svg.fonttype": "none",
    "svg.hashsalt": "negotiations",
    "image.composite_image": False,
    "hatch.linewidth": 0.6,
    "hatch.color": "#808080",
}
_NO_METADATA = {"Creator": None, "Date": None, "Format": None, "Type": None}
_SVG = re.compile(r"<svg[^>]*>")

Look = dict[str, Any]
"""How an artist looks, in matplotlib's words."""

_LINE: Look = {"color": INK, "linewidth": 0.8, "zorder": 2}
_BOX: Look = {"edgecolor": "none", "zorder": 1}

Point = tuple[float, float]

Corners = tuple[float, float, float, float]
"""The left, top, width and height of a box."""


@dataclass(frozen=True, slots=True)
class Caption:
    """What a picture is called, and what it shows in a sentence or two."""

    title: str
    description: str


class Sheet:
    """A sheet to draw on, anywhere: its edges are where what was drawn ends."""

    def __init__(self) -> None:
        self.figure = Figure(dpi=72, facecolor="white")
        self.axes: Axes = self.figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self.axes.set_axis_off()
        self.left, self.top, self.right, self.bottom = 0.0, 0.0, NARROWEST, 0.0

    def reach(self, *points: Point) -> None:
        """Make the sheet large enough for `points`."""
        for x, y in points:
            self.left, self.right = min(self.left, x), max(self.right, x)
            self.top, self.bottom = min(self.top, y), max(self.bottom, y)

    def write(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = NORMAL,
        color: str = INK,
        bold: bool = False,
        align: str = "left",
        angle: float = 0.0,
    ) -> None:
        """`text` on the baseline `y`; `angle` in degrees, upwards."""
        text = line_of(text)
        if not text:
            return
        self.axes.text(
            x,
            y,
            text,
            fontsize=size,
            color=color,
            fontweight="bold" if bold else "normal",
            horizontalalignment=align,
            verticalalignment="baseline",
            rotation=angle,
            rotation_mode="anchor",
            parse_math=False,
            clip_on=False,
            zorder=5,
        )
        if not angle:
            wide = width(text, size, bold=bold)
            start = x - {"left": 0.0, "center": wide / 2, "right": wide}[align]
            self.reach((start, y - size), (start + wide, y + 0.3 * size))

    def draw(self, artist: Artist) -> None:
        """Any artist, in the sheet's points."""
        artist.set_clip_on(False)
        self.axes.add_artist(artist)

    def boxes(self, boxes: Sequence[Corners], **look: Any) -> None:
        """Boxes that look alike, as one path."""
        if not boxes:
            return
        vertices: list[Point] = []
        for x, y, wide, high in boxes:
            vertices += [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high), (x, y)]
        codes = [Path.MOVETO, *[Path.LINETO] * 3, Path.CLOSEPOLY] * len(boxes)
        self.draw(PathPatch(Path(vertices, codes), **_BOX | look))
        self.reach(*vertices)

    def line(self, xs: Sequence[float], ys: Sequence[float], **look: Any) -> None:
        """A line through points, or markers on them."""
        self.draw(Line2D(xs, ys, **_LINE | look))

    def ring(self, x: float, y: float, radius: float, color: str = INK, **look: Any) -> None:
        """A white circle with an edge, to write in."""
        look |= {"markersize": 2 * radius, "markerfacecolor": "white", "markeredgecolor": color}
        self.line([x], [y], linestyle="none", marker="o", **look)

    def lines_of_text(self, x: float, y: float, lines: Sequence[str], **look: Any) -> float:
        """Lines below each other, the first on `y`; gives the baseline for what comes next."""
        step = look.get("size", NORMAL) * 1.45
        for line in lines:
            self.write(x, y, line, **look)
            y += step
        return y

    def paragraph(self, x: float, y: float, text: str, **look: Any) -> None:
        """`text` from the top `y` down, broken where the sheet or the reader's eye ends."""
        size = look.get("size", NORMAL)
        lines = wrap(text, min(self.right - x, READABLE), size, most=12)
        self.lines_of_text(x, y + size, lines, **look)

    def head(self, caption: Caption) -> None:
        """The caption above all that is drawn, as wide as that is and as the eye can follow."""
        room = min(self.right - self.left, READABLE)
        title = wrap(caption.title, room, LARGE, bold=True, most=3)
        text = wrap(caption.description, room, NORMAL, most=8)
        y = self.top - 16 - len(text) * NORMAL * 1.45 - (len(title) - 1) * LARGE * 1.45
        x = self.left
        y = self.lines_of_text(x, y, title, size=LARGE, bold=True) - 2
        self.lines_of_text(x, y, text, color=GREY)

    def svg(self, name: str, caption: Caption) -> str:
        """The document; `name` makes its ids differ from those of other pictures on a page."""
        left, right = self.left - MARGIN, self.right + MARGIN
        top, bottom = self.top - MARGIN, self.bottom + MARGIN
        self.axes.set_xlim(left, right)
        self.axes.set_ylim(bottom, top)
        self.figure.set_size_inches((right - left) / 72, (bottom - top) / 72)
        written = StringIO()
        canvas = FigureCanvasSVG(self.figure)
        canvas.print_svg(written, metadata=_NO_METADATA)  # type: ignore[no-untyped-call]
        return _with_caption(written.getvalue(), name, caption)


def _with_caption(svg: str, name: str, caption: Caption) -> str:
    """`svg` from its root on (no document type to look up), with what it is, for screen readers."""
    root = _SVG.search(svg)
    assert root is not None, "matplotlib writes a root"
    title, description = (
        escape(line_of(text), quote=False) for text in (caption.title, caption.description)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'{root[0][:-1]} role="img" aria-labelledby="{name}-title {name}-description">\n'
        f' <title id="{name}-title">{title}</title>\n'
        f' <desc id="{name}-description">{description}</desc>'
        f"{svg[root.end() :].rstrip()}\n"
    )


def picture(name: str, paint: Callable[[Sheet], Caption]) -> str:
    """The SVG document of what `paint` draws on an empty sheet, with the caption that it gives."""
    with _LOCK, mpl.rc_context(), warnings.catch_warnings():
        # A script that DejaVu Sans lacks is there where the picture is looked at.
        warnings.filterwarnings("ignore", r"Glyph \d+ .* missing from font", UserWarning)
        mpl.rcdefaults()
        mpl.rcParams.update(_SETTINGS)
        sheet = Sheet()
        caption = paint(sheet)
        sheet.head(caption)
        return sheet.svg(name, caption)
