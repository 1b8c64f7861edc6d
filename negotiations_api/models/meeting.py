"""Meetings: who met where and when, about what, with which outcome."""

from sqlalchemy import Column, ForeignKey, Index, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from negotiations_api.compare.meeting import Level, Outcome
from negotiations_api.models.audience import exposed
from negotiations_api.models.base import (
    Base,
    Date,
    Id,
    Line,
    OwnedBySlug,
    Part,
    Prose,
    choice,
    dates,
    unique_slug,
)
from negotiations_api.models.citation import Citing
from negotiations_api.models.demand import Demand
from negotiations_api.models.party import Party

agenda_item = Table(
    "agenda_item",
    Base.metadata,
    Column("meeting_id", Id, ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True),
    Column("demand_id", Id, ForeignKey("demand.id"), primary_key=True, index=True),
)


class Attendance(Part):
    """Somebody at a meeting: for which party, who, and as what."""

    __tablename__ = "attendance"

    meeting_id: Mapped[int] = mapped_column(
        Id, ForeignKey("meeting.id", ondelete="CASCADE"), index=True
    )
    party_id: Mapped[int] = mapped_column(Id, ForeignKey("party.id"), index=True)
    delegate: Mapped[Line | None]
    role: Mapped[Line | None]

    party: Mapped[Party] = relationship()


class Meeting(OwnedBySlug, Citing):
    """A meeting of the parties, or of some of them."""

    __tablename__ = "meeting"
    __table_args__ = (
        *unique_slug(),
        *dates("starts_on", "ends_on"),
        Index(None, "negotiation_id", "starts_on"),
    )
    noun = "meeting"

    title: Mapped[Line]
    summary: Mapped[Prose | None]
    starts_on: Mapped[Date]
    ends_on: Mapped[Date | None]
    place: Mapped[Line | None]
    host_id: Mapped[int | None] = mapped_column(Id, ForeignKey("party.id"), index=True)
    level: Mapped[Level] = mapped_column(choice(Level, "level"))
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome, "outcome"), default=Outcome.UNKNOWN)

    host: Mapped[Party | None] = relationship()
    attendance: Mapped[list[Attendance]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by=Attendance.ordinal
    )
    agenda: Mapped[list[Demand]] = relationship(secondary=agenda_item, order_by=Demand.slug)

    def refusals(self) -> list[tuple[str, str]]:
        """Nothing is on its agenda that fewer see than the meeting."""
        return [
            *super().refusals(),
            *(
                fault
                for index, demand in enumerate(self.agenda)
                for fault in exposed(f"/agenda/{index}", demand, None)
            ),
        ]
