"""Commitments: what a party undertook or did."""

from dataclasses import dataclass
from enum import StrEnum


class Delivers(StrEnum):
    """How much of its demand a commitment delivers."""

    WHOLLY = "wholly"
    PARTLY = "partly"


class CommitmentStatus(StrEnum):
    """What became of a commitment."""

    PLEDGED = "pledged"
    IN_PROGRESS = "in_progress"
    DELIVERED = "delivered"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    BREACHED = "breached"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class Commitment:
    """What `party` undertook on `date`, and how it stands with it since `status_since`.

    `party`, `demand` and `meeting` are slugs; without `status_since`, so since `date`.
    """

    slug: str
    party: str
    demand: str
    delivers: Delivers
    status: CommitmentStatus
    date: str
    status_since: str | None = None
    deadline: str | None = None
    text: str | None = None
    meeting: str | None = None
