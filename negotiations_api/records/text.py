"""What JSON and YAML share: strict texts, and what is refused in both, with its place."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from negotiations_api.records.faults import pointer

DEEPEST = 64
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
"""A number as JSON writes it: group 2 is its fraction, group 3 its exponent."""

_UNSTORABLE = re.compile("[\\0\ud800-\udfff]")


class Malformed(ValueError):
    """A text that is no JSON, or no YAML, that the service reads; `at` points to what is wrong."""

    def __init__(self, detail: str, at: str | None = None) -> None:
        super().__init__(detail)
        self.at = at


@dataclass(slots=True)
class Tree:
    """What a text says, and the line (from 1) of each part of it by JSON Pointer, if known."""

    value: Any
    lines: Mapping[str, int] = field(default_factory=dict)

    def line(self, at: str) -> int | None:
        """The line of the part that `at` points to, or of the nearest part around it."""
        while at not in self.lines:
            if not at:
                return None
            at = at.rpartition("/")[0]
        return self.lines[at]


class Ambiguous(dict[str, Any]):
    """An object in which a name stands twice."""


@dataclass(slots=True)
class Refused:
    """Stands for a number that is refused, until its place is known."""

    detail: str


def decode(body: bytes) -> str:
    """The text of a body in UTF-8, without a byte order mark. Raises Malformed."""
    try:
        return body.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise Malformed(f"The text is not UTF-8, at byte {error.start}.") from None


def integer(text: str) -> int | Refused:
    """The integer that `text` writes, within 64 bits."""
    # Looked at before it is converted: the time that takes grows with the square of the digits.
    if len(text.lstrip("+-0")) > 19 or not -(2**63) <= int(text) < 2**63:
        return Refused(f"An integer lies beyond 64 bits: {text[:24]}")
    return int(text)


def real(text: str) -> float | Refused:
    """The finite number that `text` writes."""
    number = float(text)
    return number if math.isfinite(number) else Refused(f"A number is too large: {text[:24]}")


def refuse_depth(at: str) -> NoReturn:
    """Raise Malformed for what is nested too deep."""
    raise Malformed(f"Nested deeper than {DEEPEST} levels{f', at {at[:200]}' if at else ''}.")


def inspect(value: Any, at: str = "", depth: int = 0) -> None:
    """Raise Malformed for what is refused in `value`, which stands at `at`."""
    if isinstance(value, str):
        _inspect_text(value, at)
    elif isinstance(value, Refused):
        raise Malformed(f"{value.detail}, at '{at}'.")
    elif isinstance(value, dict | list):
        if depth >= DEEPEST:
            refuse_depth(at)
        if isinstance(value, Ambiguous):
            _refuse_repeated(value["pairs"], at)
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for step, item in items:
            if isinstance(step, str):
                _inspect_text(step, at)
            inspect(item, at + pointer(step), depth + 1)


def _refuse_repeated(names: list[str], at: str) -> NoReturn:
    where = f"the object at '{at}'" if at else "one object"
    seen: set[str] = set()
    for name in names:
        _inspect_text(name, at)
        if name in seen:
            raise Malformed(f"'{name[:80]}' stands twice in {where}.")
        seen.add(name)
    raise AssertionError("No name stands twice.")


def _inspect_text(text: str, at: str) -> None:
    found = _UNSTORABLE.search(text)
    if found is not None:
        what = "the character NUL" if found[0] == "\0" else "half a surrogate pair"
        raise Malformed(f"A text has {what}, at '{at}'.", at)
