"""Events: anything else that is dated and matters."""

from dataclasses import dataclass
from enum import StrEnum


class EventKind(StrEnum):
    """What sort of event it is."""

    DEADLINE = "deadline"
    MEASURE = "measure"
    VISIT = "visit"
    STATEMENT = "statement"
    INVITATION = "invitation"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Event:
    """A dated event; `parties` and `issues` are the slugs of those that it concerns."""

    slug: str
    title: str
    kind: EventKind
    date: str
    until: str | None = None
    text: str | None = None
    parties: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
