"""Commitments: what a party undertook or did."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from negotiations_api.compare.commitment import CommitmentStatus, Delivers
from negotiations_api.models.audience import exposed
from negotiations_api.models.base import (
    Attributed,
    Date,
    Id,
    OwnedBySlug,
    Prose,
    choice,
    dates,
    in_negotiation,
    unique_slug,
)
from negotiations_api.models.citation import Citing
from negotiations_api.models.demand import Demand
from negotiations_api.models.meeting import Meeting
from negotiations_api.models.party import Party


class Commitment(OwnedBySlug, Attributed, Citing):
    """What a party undertook or did: made on `date`, due by `deadline`, so since `status_since`."""

    __tablename__ = "commitment"
    __table_args__ = (
        *unique_slug(),
        in_negotiation("demand_id", "demand"),
        in_negotiation("meeting_id", "meeting"),
        *dates("date", "deadline", "status_since"),
        Index(None, "demand_id"),
        Index(None, "meeting_id"),
        Index(None, "negotiation_id", "date"),
    )
    noun = "commitment"

    party_id: Mapped[int] = mapped_column(Id, ForeignKey("party.id"), index=True)
    demand_id: Mapped[int] = mapped_column(Id)
    delivers: Mapped[Delivers] = mapped_column(choice(Delivers, "delivers"))
    text: Mapped[Prose | None]
    meeting_id: Mapped[int | None] = mapped_column(Id)
    status: Mapped[CommitmentStatus] = mapped_column(choice(CommitmentStatus, "status"))
    date: Mapped[Date]
    deadline: Mapped[Date | None]
    status_since: Mapped[Date | None]

    party: Mapped[Party] = relationship()
    demand: Mapped[Demand] = relationship(primaryjoin="foreign(Commitment.demand_id) == Demand.id")
    meeting: Mapped[Meeting | None] = relationship(
        primaryjoin="foreign(Commitment.meeting_id) == Meeting.id"
    )

    def refusals(self) -> list[tuple[str, str]]:
        """It delivers nothing that fewer see than the commitment."""
        return [*super().refusals(), *exposed("/demand", self.demand, None)]
