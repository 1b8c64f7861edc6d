"""A provider of tokens that are not ours (`openid.py`), as far as whoever asks it has to know.

What checks such tokens takes memory, of each worker, and is imported only where there is one.
"""

from dataclasses import dataclass
from typing import Protocol

from negotiations_api.models.token import Scope


class BadToken(Exception):
    """A token that does not let anybody in; the text says why."""


class Unreachable(Exception):
    """The provider does not say by which keys its tokens are to be checked."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a token says of its bearer: its name, its scope, its negotiations.

    `negotiations` are slugs; None for all.
    """

    name: str
    scope: Scope | None
    negotiations: tuple[str, ...] | None


class Provider(Protocol):
    """Reads its tokens."""

    def read(self, text: str) -> Mapped:
        """What a token says of its bearer. Raises BadToken and Unreachable."""
        ...
