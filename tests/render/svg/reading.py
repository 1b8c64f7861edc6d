"""Reading a picture: its texts, where they stand, and whether one stands on another."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import cos, radians, sin
from pathlib import Path
from xml.etree import ElementTree as ET

import matplotlib as mpl
from PIL import ImageFont

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
PIXELS_PER_POINT = 4 / 3
_PRECISE = 100

Point = tuple[float, float]


@dataclass(frozen=True)
class Label:
    """A text on a picture, with the four corners that its letters keep within."""

    text: str
    size: float
    corners: tuple[Point, Point, Point, Point]


@dataclass(frozen=True)
class Marker:
    """A marker on a picture, and where its middle is."""

    shape: str
    at: Point


def root_of(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def texts_of(svg: str) -> list[str]:
    return ["".join(element.itertext()) for element in root_of(svg).iter(f"{SVG}text")]


def labels_of(svg: str) -> list[Label]:
    return [_label(element) for element in root_of(svg).iter(f"{SVG}text")]


def markers_of(svg: str) -> list[Marker]:
    return [
        Marker(use.attrib[HREF], (float(use.attrib["x"]), float(use.attrib["y"])))
        for use in root_of(svg).iter(f"{SVG}use")
    ]


def styles_of(svg: str) -> list[str]:
    return [path.attrib.get("style", "") for path in root_of(svg).iter(f"{SVG}path")]


def size_of(svg: str) -> Point:
    _, _, wide, high = map(float, root_of(svg).attrib["viewBox"].split())
    return wide, high


def overlaps(svg: str) -> list[tuple[str, str]]:
    """The pairs of texts of which one stands on the other."""
    labels = sorted(labels_of(svg), key=lambda label: min(x for x, _ in label.corners))
    found, open_labels = [], list[Label]()
    for label in labels:
        start = min(x for x, _ in label.corners)
        open_labels = [o for o in open_labels if max(x for x, _ in o.corners) > start]
        found += [(o.text, label.text) for o in open_labels if _meet(o, label)]
        open_labels.append(label)
    return found


def _meet(one: Label, other: Label) -> bool:
    """Whether no straight line parts the two (separating axis theorem), but for half a point."""
    for label in (one, other):
        for (ax, ay), (bx, by) in pairwise(label.corners[:3]):
            length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5 or 1.0
            axis = ((bx - ax) / length, (by - ay) / length)
            spans = [[x * axis[0] + y * axis[1] for x, y in each.corners] for each in (one, other)]
            if min(max(spans[0]), max(spans[1])) - max(min(spans[0]), min(spans[1])) < 0.5:
                return False
    return True


def _label(element: ET.Element) -> Label:
    text = "".join(element.itertext())
    style = element.attrib["style"]
    size = float(_said(style, "font-size").removesuffix("px"))
    wide = _width(text, size, bold="font-weight: 700" in style)
    start = {"start": 0.0, "middle": -wide / 2, "end": -wide}[_said(style, "text-anchor")]
    x, y = float(element.attrib["x"]), float(element.attrib["y"])
    turned = re.search(r"rotate\((\S+)", element.attrib.get("transform", ""))
    angle = radians(float(turned[1])) if turned else 0.0
    top, bottom = -0.73 * size, 0.2 * size
    box = [(start, top), (start + wide, top), (start + wide, bottom), (start, bottom)]
    corners = [
        (x + a * cos(angle) - b * sin(angle), y + a * sin(angle) + b * cos(angle)) for a, b in box
    ]
    return Label(text, size, (corners[0], corners[1], corners[2], corners[3]))


def _said(style: str, name: str) -> str:
    found = re.search(rf"{name}: ([^;]+)", style)
    assert found, f"no {name} in {style}"
    return found[1]


def _width(text: str, size: float, *, bold: bool) -> float:
    """The width in DejaVu Sans; of wide characters (Unicode annex 11), which it lacks, one em."""
    font = _font("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")
    wide = [c for c in text if unicodedata.east_asian_width(c) in "WF"]
    rest = "".join(c for c in text if unicodedata.east_asian_width(c) not in "WF")
    return size * (font.getlength(rest) / _PRECISE + len(wide))


@cache
def _font(name: str) -> ImageFont.FreeTypeFont:
    path = Path(mpl.get_data_path(), "fonts", "ttf", name)
    return ImageFont.truetype(path, _PRECISE, layout_engine=ImageFont.Layout.BASIC)
