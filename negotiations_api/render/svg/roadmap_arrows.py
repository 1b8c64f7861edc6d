"""The arrows of a roadmap: from what is delivered first to what waits for it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.patches import PathPatch
from matplotlib.path import Path

from negotiations_api.render.svg.figure import INK, Look, Point, Sheet
from negotiations_api.render.svg.lettering import SMALL
from negotiations_api.render.svg.roadmap_graph import BOX_WIDE, COLUMN_GAP, Places, Wait

CLOSES = "#d55e00"
PORT = 14.0
"""How far two arrows that choose between demands end from each other, in points."""

_HEAD = 6.0
_OR = 6.5
_BESIDE = 2 * _OR + _HEAD + 3
_BEND = COLUMN_GAP * 0.45
_NEAREST, _APART = 24.0, 20.0
_DASHES = (0, (4, 2.5))


@dataclass(frozen=True, slots=True)
class _Arrow:
    """The arrow of a wait from one demand to another, and the sides that it leaves and enters by.

    1 is the right side, -1 the left one, 0 the upper one.
    """

    wait: Wait
    source: str
    target: str
    leaves: int
    enters: int
    is_mutual: bool = False


def look_of(*, is_precondition: bool, closes_deadlock: bool = False) -> Look:
    """Solid for a precondition, else dashed; thick and red where it closes a deadlock."""
    look: Look = {"color": CLOSES, "linewidth": 2.0} if closes_deadlock else {"linewidth": 0.9}
    return {"color": INK, "linestyle": "solid" if is_precondition else _DASHES} | look


def _look(wait: Wait, *sources: str) -> Look:
    """How the arrow of a wait from any of `sources` looks."""
    closes = not set(sources).isdisjoint(wait.closing)
    return look_of(is_precondition=wait.is_precondition, closes_deadlock=closes)


def draw_arrows(sheet: Sheet, places: Places, waits: Sequence[Wait]) -> None:
    """All arrows; where any of several demands will do, theirs meet in a circle with an `or`."""
    arrows = _arrows(places, waits)
    ports = _ports(places, arrows)
    bulges = _bulges(places, arrows)
    chosen: set[tuple[Wait, int]] = set()
    for arrow in arrows:
        start = ports[arrow.source, arrow.leaves, _end(arrow, is_source=True)]
        end = ports[arrow.target, arrow.enters, _end(arrow, is_source=False)]
        has_or = len(arrow.wait.alternatives) > 1
        if has_or and (arrow.wait, arrow.enters) not in chosen:
            chosen.add((arrow.wait, arrow.enters))
            color = _look(arrow.wait, *arrow.wait.alternatives)["color"]
            draw_or(sheet, *_or_at(arrow, end), color)
            way = (-arrow.enters, 0) if arrow.enters else (0, 1)
            _head(sheet, end, way, color)
        _arrow(sheet, places, arrow, start, end, bulges.get(arrow, 0.0))


def _arrows(places: Places, waits: Sequence[Wait]) -> list[_Arrow]:
    columns = places.column_of
    together = {
        (slug, wait.on)
        for wait in waits
        for slug in wait.alternatives
        if not wait.is_precondition and len(wait.alternatives) == 1 and not wait.closing
    }
    arrows = []
    for wait in waits:
        ways = {slug: columns[wait.on] - columns[slug] for slug in wait.alternatives}
        sides = {-1 if way > 0 else 1 for way in ways.values()}
        for slug, way in ways.items():
            is_mutual = way == 0 and {(slug, wait.on), (wait.on, slug)} <= together
            if is_mutual and slug > wait.on:
                continue  # one arrow with two heads
            enters = 0 if len(sides) > 1 else min(sides)
            arrows.append(_Arrow(wait, slug, wait.on, -1 if way < 0 else 1, enters, is_mutual))
    return arrows


def _end(arrow: _Arrow, *, is_source: bool) -> tuple[str, Wait] | Wait:
    """What shares a port: the arrows of one wait arrive together."""
    return (arrow.target, arrow.wait) if is_source else arrow.wait


def _ports(places: Places, arrows: Sequence[_Arrow]) -> dict[tuple[str, int, object], Point]:
    """Where arrows leave and enter, spread along each side in the order of their other ends."""
    ends: defaultdict[tuple[str, int], dict[object, float]] = defaultdict(dict)
    for arrow in arrows:
        leave, enter = ends[arrow.source, arrow.leaves], ends[arrow.target, arrow.enters]
        bends = [y for _, y in places.routes.get((arrow.source, arrow.target), ())]
        middles = [places.corners[s][1] + places.box_high / 2 for s in (arrow.source, arrow.target)]
        leave.setdefault(_end(arrow, is_source=True), [*bends, middles[1]][0])
        enter.setdefault(_end(arrow, is_source=False), [middles[0], *bends][-1])
    ports = {}
    for (slug, side), others in ends.items():
        left, top = places.corners[slug]
        for place, end in enumerate(sorted(others, key=lambda end: others[end]), 1):
            share = place / (len(others) + 1)
            if side:
                at = (left + (BOX_WIDE if side > 0 else 0), top + share * places.box_high)
            else:
                at = (left + share * BOX_WIDE, top)
            ports[slug, side, end] = at
    return ports


def _bulges(places: Places, arrows: Sequence[_Arrow]) -> dict[_Arrow, float]:
    """How far the arrows that stay in a column leave it, the longer the further, each its own."""

    def length(arrow: _Arrow) -> float:
        return abs(places.corners[arrow.source][1] - places.corners[arrow.target][1])

    within: defaultdict[int, list[_Arrow]] = defaultdict(list)
    for arrow in sorted(arrows, key=lambda arrow: (length(arrow), arrow.source, arrow.target)):
        if _is_level(places, arrow):
            within[places.column_of[arrow.source]].append(arrow)
    return {
        arrow: min(_NEAREST + _APART * place, COLUMN_GAP)
        for inside in within.values()
        for place, arrow in enumerate(inside)
    }


def draw_or(sheet: Sheet, x: float, y: float, color: str = INK) -> None:
    """The circle in which the arrows from demands of which any will do meet."""
    sheet.ring(x, y, _OR, color, markeredgewidth=0.9, zorder=3)
    sheet.write(x, y + 2.1, "or", size=SMALL, align="center")


def _or_at(arrow: _Arrow, port: Point) -> Point:
    x, y = port
    away = _OR + _HEAD
    return (x + arrow.enters * away, y) if arrow.enters else (x, y - away)


def _arrow(
    sheet: Sheet, places: Places, arrow: _Arrow, start: Point, port: Point, bulge: float
) -> None:
    comes = -1 if arrow.leaves > 0 and not _is_level(places, arrow) else 1
    look = _look(arrow.wait, arrow.source)
    if len(arrow.wait.alternatives) > 1:
        x, y = _or_at(arrow, port)
        end = (x + comes * _OR, y)
    else:
        end = (port[0] + comes * _HEAD * 0.8, port[1])
        _head(sheet, port, (-comes, 0), look["color"])
    if arrow.is_mutual:
        _head(sheet, start, (-1, 0), look["color"])
    track = _Track(start)
    if _is_level(places, arrow):
        bulge = max(bulge, end[0] - port[0] + _OR)
        track.curve(end, bulge, -bulge)
    else:
        for x, y in places.routes.get((arrow.source, arrow.target), ()):
            near, far = (x, x + BOX_WIDE) if comes < 0 else (x + BOX_WIDE, x)
            track.curve((near, y), -comes * _BEND, -comes * _BEND)
            track.straight((far, y))
        side = places.corners[arrow.target][0] + (BOX_WIDE + _BESIDE if comes > 0 else -_BESIDE)
        track.curve((side, end[1]), -comes * _BEND, -comes * _BEND)
        track.straight(end)
    path = Path(track.vertices, track.codes)
    color = look.pop("color")
    sheet.draw(PathPatch(path, facecolor="none", edgecolor=color, zorder=2, **look))
    sheet.reach(*track.vertices)


def _is_level(places: Places, arrow: _Arrow) -> bool:
    """Whether the arrow stays in its column."""
    return places.column_of[arrow.source] == places.column_of[arrow.target]


class _Track:
    """A path from `start` on, in lines and in curves that begin and end level."""

    def __init__(self, start: Point) -> None:
        self.vertices = [start]
        self.codes = [Path.MOVETO]

    def straight(self, to: Point) -> None:
        """A line to a point."""
        self.vertices.append(to)
        self.codes.append(Path.LINETO)

    def curve(self, to: Point, out: float, into: float) -> None:
        """A curve to a point, that goes `out` to the right at first and `into` it at last."""
        x, y = self.vertices[-1]
        self.vertices += [(x + out, y), (to[0] - into, to[1]), to]
        self.codes += [Path.CURVE4] * 3


def _head(sheet: Sheet, tip: Point, way: tuple[int, int], color: str) -> None:
    """The head of an arrow that points `way`."""
    (x, y), (across, down) = tip, way
    back = (x - across * _HEAD, y - down * _HEAD)
    half = _HEAD * 0.45
    corners = [
        (x, y),
        (back[0] + down * half, back[1] + across * half),
        (back[0] - down * half, back[1] - across * half),
        (x, y),
    ]
    codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]
    sheet.draw(PathPatch(Path(corners, codes), facecolor=color, edgecolor="none", zorder=3))
