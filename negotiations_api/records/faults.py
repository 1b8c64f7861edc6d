"""What can be wrong with a request on the record."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong: a JSON Pointer (RFC 6901) to it, and what would be right."""

    pointer: str
    detail: str
    line: int | None = None


class Invalid(ValueError):
    """Input that breaks the rules of the record; `faults` has every one that was found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{fault.pointer}: {fault.detail}" for fault in faults))
        self.faults = tuple(faults)

    def in_text(self, line: Callable[[str], int | None]) -> "Invalid":
        """The same faults with the lines, by JSON Pointer, of the text that they stand in."""
        return Invalid(
            [
                fault if fault.line else replace(fault, line=line(fault.pointer))
                for fault in self.faults
            ]
        )


class Missing(LookupError):
    """A record that an address names and that is not there."""


@dataclass(frozen=True, slots=True, order=True)
class Other:
    """A record that is in the way: its noun, its key, and the slug of its negotiation, if any."""

    noun: str
    key: str
    negotiation: str | None = None


class Conflict(Exception):
    """A request that the state of the record does not allow; `others` are in its way."""

    def __init__(self, detail: str, others: Sequence[Other] = ()) -> None:
        super().__init__(detail)
        self.others = tuple(others)


def pointer(*steps: str | int) -> str:
    """The JSON Pointer of a path of names and indexes."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)


def faults_of(messages: Any, at: str = "") -> Iterator[Fault]:
    """The messages of a marshmallow ValidationError, one fault each, in the order found."""
    if isinstance(messages, Mapping):
        for name, below in messages.items():
            yield from faults_of(below, at if name == "_schema" else at + pointer(name))
    elif isinstance(messages, list):
        for message in messages:
            yield Fault(at, _plain(str(message)))


_PLAIN = {
    "Missing data for required field.": "This field is required.",
    "Field may not be null.": "This field cannot be null: give it a value.",
    "Invalid input type.": "Write an object here, in braces.",
    "Not a valid list.": "Write a list here, in square brackets.",
    "Unknown field.": "There is no such field here.",
}


def _plain(message: str) -> str:
    return _PLAIN.get(message, message)
