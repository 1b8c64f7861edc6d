"""Accounts: one party's report of a meeting, with what it affirms and denies."""

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from negotiations_api.compare.meeting import Outcome
from negotiations_api.models.audience import Limited, by_audience
from negotiations_api.models.base import (
    Attributed,
    Date,
    Id,
    Line,
    OwnedBySlug,
    Part,
    Prose,
    choice,
    dates,
    in_negotiation,
    string,
    unique_slug,
)
from negotiations_api.models.citation import Citing
from negotiations_api.models.meeting import Meeting
from negotiations_api.models.party import Party


class Claim(Part):
    """What an account says on a topic that the accounts of a meeting share."""

    __tablename__ = "claim"
    __table_args__ = (UniqueConstraint("account_id", "topic"),)

    account_id: Mapped[int] = mapped_column(Id, ForeignKey("account.id", ondelete="CASCADE"))
    topic: Mapped[str] = mapped_column(string(80))
    affirmed: Mapped[bool]
    text: Mapped[Prose | None]


class Account(OwnedBySlug, Limited, Attributed, Citing):
    """One party's report of a meeting. Accounts are kept apart and never merged."""

    __tablename__ = "account"
    __table_args__ = (
        *unique_slug(),
        in_negotiation("meeting_id", "meeting"),
        *dates("date"),
        Index(None, "meeting_id"),
        by_audience(),
    )
    noun = "account"

    meeting_id: Mapped[int] = mapped_column(Id)
    party_id: Mapped[int] = mapped_column(Id, ForeignKey("party.id"), index=True)
    speaker: Mapped[Line | None]
    date: Mapped[Date]
    outcome: Mapped[Outcome | None] = mapped_column(choice(Outcome, "outcome"))
    summary: Mapped[Prose | None]

    meeting: Mapped[Meeting] = relationship(primaryjoin="foreign(Account.meeting_id) == Meeting.id")
    party: Mapped[Party] = relationship()
    claims: Mapped[list[Claim]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by=Claim.ordinal
    )
