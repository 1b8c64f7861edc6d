"""What all fields share: they read strictly, describe themselves, and know near misses."""

import difflib
from collections.abc import Iterable
from typing import Any

from marshmallow import fields


def near_miss(word: str, known: Iterable[str]) -> str:
    """``; did you mean 'x'?`` where something known is near to `word`, else nothing."""
    spelt = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower(), spelt, n=1, cutoff=0.6)
    return f"; did you mean '{spelt[near[0]]}'?" if near else ""


def one(noun: str) -> str:
    """`noun` with its article: ``a demand``, ``an account``."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def repeated(words: Iterable[str | None]) -> list[tuple[int, str]]:
    """Which of `words` stand further up already, with their index; None is not looked at."""
    seen: set[str] = set()
    twice = []
    for index, word in enumerate(words):
        if word is not None and word in seen:
            twice.append((index, word))
        elif word is not None:
            seen.add(word)
    return twice


class Strict(fields.Field[Any]):
    """A field that reads by `read` and shows by `show`, and describes itself for the contract."""

    def describe(self, **properties: Any) -> None:
        """Add properties of JSON Schema, where the declaration does not give them."""
        self.metadata = properties | dict(self.metadata)

    def read(self, value: Any) -> Any:
        """The value of what came in, which is not null. Raises ValidationError."""
        return value

    def show(self, value: Any) -> Any:
        """What goes out for a value that is not None."""
        return value

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        return self.read(value)

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> Any:
        return None if value is None else self.show(value)
