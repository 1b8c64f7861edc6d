"""Meetings: who met where and when, with which outcome."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How high a meeting is."""

    SUMMIT = "summit"
    MINISTERIAL = "ministerial"
    ENVOY = "envoy"
    WORKING_LEVEL = "working_level"
    TECHNICAL = "technical"
    BACKCHANNEL = "backchannel"


class Outcome(StrEnum):
    """How a meeting ended."""

    AGREEMENT = "agreement"
    JOINT_STATEMENT = "joint_statement"
    PARTIAL_AGREEMENT = "partial_agreement"
    AGREED_TO_CONTINUE = "agreed_to_continue"
    NO_AGREEMENT = "no_agreement"
    BROKE_DOWN = "broke_down"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting; `parties` (slugs) attended or hosted it, `agenda` is slugs of demands."""

    slug: str
    title: str
    starts_on: str
    level: Level
    outcome: Outcome
    ends_on: str | None = None
    place: str | None = None
    summary: str | None = None
    parties: tuple[str, ...] = ()
    agenda: tuple[str, ...] = ()
