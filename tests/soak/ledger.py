"""What a writer was answered, which is what has to be there after a crash."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.soak.connection import JSON, Answer


@dataclass(frozen=True, order=True)
class Place:
    """Where a position stands: one a party, demand and day."""

    negotiation: str
    party: str
    demand: str
    date: str


@dataclass(frozen=True)
class Write:
    """A write, which can be sent again.

    `leaves` is the marker that the position at each place has when it is done, None if there is
    none any more. `success` is its status, `repeated` that of the same request when it was done.
    """

    method: str
    path: str
    leaves: Mapping[Place, str | None]
    success: int
    repeated: int
    body: Any = None
    media: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Ledger:
    """What one writer in a negotiation knows: nobody else writes to its places.

    `there` has the marker of each position, `revisions` those that it was told of, and `untold`
    counts the writes that were done and whose answer was lost. At most one write is in `doubt`.
    """

    negotiation: str
    there: dict[Place, str] = field(default_factory=dict)
    paths: dict[Place, str] = field(default_factory=dict)
    revisions: list[int] = field(default_factory=list)
    untold: int = 0
    doubt: Write | None = None

    def note(self, write: Write, answer: Answer) -> None:
        """Note a write that is done, and was acknowledged."""
        if answer.revision is not None:
            self.revisions.append(answer.revision)
        self._leave(write)
        if write.method == "POST":
            self.paths |= _addresses(write, answer)

    def note_untold(self, write: Write) -> None:
        """Note a write that is done, which no answer has told of."""
        self.untold += 1
        self._leave(write)

    def _leave(self, write: Write) -> None:
        for place, marker in write.leaves.items():
            if marker is None:
                self.there.pop(place, None)
                self.paths.pop(place, None)
            else:
                self.there[place] = marker


def _addresses(write: Write, answer: Answer) -> dict[Place, str]:
    """Where each position is that a POST has made."""
    if answer.status == 201:
        return dict.fromkeys(write.leaves, answer.headers["Location"])
    keys = answer.json()["keys"]
    return {place: f"{write.path}/{key}" for place, key in zip(write.leaves, keys, strict=True)}
