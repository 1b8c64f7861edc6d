"""Citations: the use of a source by one record."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from negotiations_api.models.audience import Limitable, Limited, by_audience
from negotiations_api.models.base import Id, Line, Part, Prose, Record
from negotiations_api.models.source import Source

CITING = ("demand", "position", "meeting", "account", "commitment", "event")


class Citation(Part, Limitable):
    """A use of a source by exactly one record: a quotation, who is quoted, and where it stands."""

    __tablename__ = "citation"
    __table_args__ = (
        CheckConstraint(
            " + ".join(f"CASE WHEN {noun}_id IS NULL THEN 0 ELSE 1 END" for noun in CITING)
            + " = 1",
            name="one_record",
        ),
        by_audience(),
    )

    demand_id: Mapped[int | None] = mapped_column(
        Id, ForeignKey("demand.id", ondelete="CASCADE"), index=True
    )
    position_id: Mapped[int | None] = mapped_column(
        Id, ForeignKey("position.id", ondelete="CASCADE"), index=True
    )
    meeting_id: Mapped[int | None] = mapped_column(
        Id, ForeignKey("meeting.id", ondelete="CASCADE"), index=True
    )
    account_id: Mapped[int | None] = mapped_column(
        Id, ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    commitment_id: Mapped[int | None] = mapped_column(
        Id, ForeignKey("commitment.id", ondelete="CASCADE"), index=True
    )
    event_id: Mapped[int | None] = mapped_column(
        Id, ForeignKey("event.id", ondelete="CASCADE"), index=True
    )
    source_id: Mapped[int] = mapped_column(Id, ForeignKey("source.id"), index=True)
    quotation: Mapped[Prose | None]
    quoted: Mapped[Line | None]
    locator: Mapped[Line | None]

    source: Mapped[Source] = relationship()


class Citing(Record):
    """A record that rests on sources."""

    __abstract__ = True

    @declared_attr
    def citations(cls) -> Mapped[list[Citation]]:
        """Its citations, in order."""
        return relationship(
            cascade="all, delete-orphan", passive_deletes=True, order_by=Citation.ordinal
        )

    def refusals(self) -> list[tuple[str, str]]:
        """What is limited as a whole has no citation that is limited by itself."""
        if not isinstance(self, Limited) or self.audience is None:
            return []
        return [
            (
                f"/citations/{index}/audience",
                f"The {self.noun} is limited to '{self.audience.slug}' as a whole: leave this out.",
            )
            for index, citation in enumerate(self.citations)
            if citation.audience is not None
        ]
