"""Accounts: what one party reports of a meeting."""

from dataclasses import dataclass

from negotiations_api.compare.meeting import Outcome
from negotiations_api.compare.position import Citation, Party


@dataclass(frozen=True, slots=True)
class Claim:
    """What an account affirms or denies on a topic that the accounts of a meeting share."""

    topic: str
    affirmed: bool
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """One party's report of a meeting (its slug); `outcome` is the one that it claims."""

    slug: str
    meeting: str
    party: Party
    date: str
    speaker: str | None = None
    outcome: Outcome | None = None
    summary: str | None = None
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
