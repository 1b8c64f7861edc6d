"""Participants: the parties in a negotiation, and their roles."""

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from negotiations_api.compare.participant import Role
from negotiations_api.models.base import Id, Owned, between, choice
from negotiations_api.models.party import Party


class Participant(Owned):
    """A party in a negotiation, with its role, whom it supports, and its capability (0-100)."""

    __tablename__ = "participant"
    __table_args__ = (
        UniqueConstraint("negotiation_id", "party_id"),
        ForeignKeyConstraint(
            ["negotiation_id", "supports_id"],
            ["participant.negotiation_id", "participant.party_id"],
        ),
        CheckConstraint("supports_id <> party_id", name="supports_another"),
        between("weight", 0, 100),
    )
    noun = "participant"

    party_id: Mapped[int] = mapped_column(Id, ForeignKey("party.id"), index=True)
    role: Mapped[Role] = mapped_column(choice(Role, "role"))
    supports_id: Mapped[int | None] = mapped_column(Id)
    weight: Mapped[float | None]

    party: Mapped[Party] = relationship()
    supports: Mapped["Participant | None"] = relationship(
        primaryjoin="and_(foreign(Participant.supports_id) == remote(Participant.party_id), "
        "Participant.negotiation_id == remote(Participant.negotiation_id))",
        remote_side="Participant.party_id",
    )

    @property
    def key(self) -> str:
        """The slug of its party."""
        return self.party.slug

    @property
    def slug(self) -> str:
        """The slug of its party: a participant has none of its own."""
        return self.party.slug

    def refusals(self) -> list[tuple[str, str]]:
        """No party supports itself, directly or by way of others."""
        if not self.is_in_circle("supports"):
            return []
        return [("/supports", "A party would support itself: name another one, or none.")]
