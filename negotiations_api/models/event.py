"""Events: anything else that is dated and matters."""

from sqlalchemy import Column, ForeignKey, Index, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from negotiations_api.compare.event import EventKind
from negotiations_api.models.base import (
    Base,
    Date,
    Id,
    Line,
    OwnedBySlug,
    Prose,
    choice,
    dates,
    unique_slug,
)
from negotiations_api.models.citation import Citing
from negotiations_api.models.issue import Issue
from negotiations_api.models.party import Party

event_party = Table(
    "event_party",
    Base.metadata,
    Column("event_id", Id, ForeignKey("event.id", ondelete="CASCADE"), primary_key=True),
    Column("party_id", Id, ForeignKey("party.id"), primary_key=True, index=True),
)

event_issue = Table(
    "event_issue",
    Base.metadata,
    Column("event_id", Id, ForeignKey("event.id", ondelete="CASCADE"), primary_key=True),
    Column("issue_id", Id, ForeignKey("issue.id"), primary_key=True, index=True),
)


class Event(OwnedBySlug, Citing):
    """A deadline, a measure that comes into force, a visit: dated, with those it concerns."""

    __tablename__ = "event"
    __table_args__ = (
        *unique_slug(),
        *dates("date", "until"),
        Index(None, "negotiation_id", "date"),
    )
    noun = "event"

    title: Mapped[Line]
    text: Mapped[Prose | None]
    kind: Mapped[EventKind] = mapped_column(choice(EventKind, "kind"))
    date: Mapped[Date]
    until: Mapped[Date | None]

    parties: Mapped[list[Party]] = relationship(secondary=event_party, order_by=Party.slug)
    issues: Mapped[list[Issue]] = relationship(secondary=event_issue, order_by=Issue.slug)
