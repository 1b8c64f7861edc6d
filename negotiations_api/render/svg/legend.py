"""Legends: samples of what is on a picture, each with what it means."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from negotiations_api.render.svg.figure import INK, Look, Sheet
from negotiations_api.render.svg.lettering import NORMAL, width

SAMPLE_WIDTH, SAMPLE_HEIGHT = 20.0, 12.0
_GAP, _ROW = 18.0, 19.0


@dataclass(frozen=True, slots=True)
class Key:
    """A sample, drawn with its left upper corner at a point, and what it means."""

    sample: Callable[[Sheet, float, float], None]
    meaning: str


def legend(sheet: Sheet, x: float, y: float, keys: Sequence[Key]) -> None:
    """Keys side by side from the left upper corner (x, y), in rows as wide as the sheet."""
    at = x
    for key in keys:
        wide = SAMPLE_WIDTH + 5 + width(key.meaning, NORMAL)
        if at > x and at + wide > sheet.right:
            at, y = x, y + _ROW
        key.sample(sheet, at, y)
        sheet.write(at + SAMPLE_WIDTH + 5, y + SAMPLE_HEIGHT - 2.5, key.meaning)
        at += wide + _GAP
    sheet.reach((x, y + SAMPLE_HEIGHT))


def box_key(meaning: str, sign: str = "", ink: str = INK, **look: Any) -> Key:
    """A box, with a sign in it."""
    return Key(partial(_box, sign, ink, look), meaning)


def line_key(meaning: str, **look: Any) -> Key:
    """A line, or a marker."""
    return Key(partial(_line, look), meaning)


def _box(sign: str, ink: str, look: Look, sheet: Sheet, x: float, y: float) -> None:
    sheet.boxes([(x, y, SAMPLE_WIDTH, SAMPLE_HEIGHT)], **look)
    middle = (x + SAMPLE_WIDTH / 2, y + SAMPLE_HEIGHT - 2.9)
    sheet.write(*middle, sign, color=ink, bold=True, align="center")


def _line(look: Look, sheet: Sheet, x: float, y: float) -> None:
    middle = y + SAMPLE_HEIGHT / 2
    is_marker = look.get("linestyle") == "none"
    xs = [x + SAMPLE_WIDTH / 2] if is_marker else [x, x + SAMPLE_WIDTH]
    sheet.line(xs, [middle] * len(xs), **look)
