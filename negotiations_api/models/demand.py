"""Demands: what somebody is asked, or offers, to do."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table
from sqlalchemy.orm import Mapped, composite, mapped_column, relationship

from negotiations_api.compare.position import Scale
from negotiations_api.models.audience import Limited, by_audience
from negotiations_api.models.base import (
    Base,
    Date,
    Id,
    Line,
    OwnedBySlug,
    Prose,
    dates,
    in_negotiation,
    string,
    unique_slug,
)
from negotiations_api.models.citation import Citing
from negotiations_api.models.issue import Issue
from negotiations_api.models.party import Party
from negotiations_api.models.search import Searchable

demand_addressee = Table(
    "demand_addressee",
    Base.metadata,
    Column("demand_id", Id, ForeignKey("demand.id", ondelete="CASCADE"), primary_key=True),
    Column("party_id", Id, ForeignKey("party.id"), primary_key=True, index=True),
)


class Demand(OwnedBySlug, Limited, Citing, Searchable):
    """One thing that somebody is asked, or offers, to do. Who wants it, positions say."""

    __tablename__ = "demand"
    __table_args__ = (
        *unique_slug(),
        in_negotiation("part_of_id", "demand"),
        CheckConstraint("part_of_id <> id", name="part_of_another"),
        CheckConstraint(
            "(scale_min IS NULL) = (scale_max IS NULL) AND NOT scale_min >= scale_max", name="scale"
        ),
        *dates("deadline"),
        Index(None, "negotiation_id", "issue_id"),
        by_audience(),
    )
    noun = "demand"
    searched_by = (
        *("slug", "title", "text", "scale_min_means", "scale_max_means"),
        *("citations.quotation", "citations.quoted"),
    )

    title: Mapped[Line]
    text: Mapped[Prose | None]
    issue_id: Mapped[int] = mapped_column(Id, ForeignKey("issue.id"), index=True)
    part_of_id: Mapped[int | None] = mapped_column(Id, index=True)
    deadline: Mapped[Date | None]
    scale: Mapped[Scale | None] = composite(
        mapped_column("scale_min", nullable=True),
        mapped_column("scale_max", nullable=True),
        mapped_column("scale_unit", string(80), nullable=True),
        mapped_column("scale_min_means", string(500), nullable=True),
        mapped_column("scale_max_means", string(500), nullable=True),
        return_none_on=lambda *values: all(value is None for value in values),
    )

    issue: Mapped[Issue] = relationship()
    part_of: Mapped["Demand | None"] = relationship(
        primaryjoin="foreign(Demand.part_of_id) == remote(Demand.id)"
    )
    addressed_to: Mapped[list[Party]] = relationship(
        secondary=demand_addressee, order_by=Party.slug
    )

    def refusals(self) -> list[tuple[str, str]]:
        """No demand is part of itself, directly or by way of others, or of what fewer see."""
        wrong = [*super().refusals(), *self.exposed("/part_of", self.part_of)]
        if self.is_in_circle("part_of"):
            wrong.append(("/part_of", f"'{self.slug}' would be part of itself: break the circle."))
        return wrong
