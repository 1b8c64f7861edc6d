"""Positions: where one party stands on one demand from a date on, and on what conditions."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Table,
    func,
    text,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from negotiations_api.compare.date import FOREVER, first_day
from negotiations_api.compare.position import ConditionKind, Stance
from negotiations_api.models.audience import Limited, by_audience, exposed
from negotiations_api.models.base import (
    Attributed,
    Base,
    Date,
    Id,
    Part,
    Prose,
    between,
    choice,
    dates,
    in_negotiation,
)
from negotiations_api.models.citation import Citing
from negotiations_api.models.demand import Demand
from negotiations_api.models.identifier import format_id
from negotiations_api.models.meeting import Meeting
from negotiations_api.models.participant import Participant
from negotiations_api.models.search import Searchable

condition_demand = Table(
    "condition_demand",
    Base.metadata,
    Column("condition_id", Id, ForeignKey("condition.id", ondelete="CASCADE"), primary_key=True),
    Column("demand_id", Id, ForeignKey("demand.id"), primary_key=True, index=True),
)


SAID = (
    "date",
    "until",
    "stance",
    "value",
    "reservation_value",
    "salience",
    "confidence",
    "deadline",
    "summary",
)
"""The columns of a position that have what the party says as it was recorded."""


class Condition(Part):
    """What a conditional position waits for: any of some demands, and/or a text."""

    __tablename__ = "condition"

    position_id: Mapped[int] = mapped_column(
        Id, ForeignKey("position.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[ConditionKind] = mapped_column(choice(ConditionKind, "kind"))
    text: Mapped[Prose | None]

    demands: Mapped[list[Demand]] = relationship(secondary=condition_demand, order_by=Demand.slug)


class Position(Limited, Attributed, Citing, Searchable):
    """Where one party stands on one demand from a date on.

    `begins_on` and `ends_on` are the first and the last day (``YYYY-MM-DD``) on which it holds, as
    whoever sees everything sees it; `records/succession.py` keeps the latter right, which makes no
    new version of it. They are stored so that a question as of a day is a range comparison
    on an index and not a window over the history. `revision` is that of the negotiation at which it
    was last written, or its end moved, `created_revision` the one at which it was created
    (`models/position_revisions.py`); 0 is before these were kept.
    """

    __tablename__ = "position"
    __table_args__ = (
        # What a party says to all and what it says to some may begin on the same day.
        Index(
            "uq_position_demand_id_party_id_begins_on_audience",
            *("demand_id", "party_id", "begins_on", text("coalesce(audience_id, 0)")),
            unique=True,
        ),
        Index(None, "negotiation_id", "date", "id"),  # the order of lists
        Index(None, "negotiation_id", "revision"),
        ForeignKeyConstraint(
            ["negotiation_id", "party_id"],
            ["participant.negotiation_id", "participant.party_id"],
        ),
        in_negotiation("demand_id", "demand"),
        in_negotiation("meeting_id", "meeting"),
        between("salience", 0, 100),
        between("confidence", 0, 100),
        CheckConstraint("begins_on = substr(date || '-01-01', 1, 10)", name="begins_on"),
        # The day before it begins is the end of one that is superseded on the day it begins.
        CheckConstraint("length(ends_on) = 10", name="ends_on"),
        *dates("date", "until", "deadline"),
        # By the party first, so that it serves where one stands in all negotiations, too; then by
        # the end, so that what is superseded is not looked through for what holds today.
        Index(None, "party_id", "negotiation_id", "ends_on", "begins_on", "demand_id"),
        # Most have none, and an entry for each of a million would only take time and room.
        Index(
            None,
            "meeting_id",
            postgresql_where=text("meeting_id IS NOT NULL"),
            sqlite_where=text("meeting_id IS NOT NULL"),
        ),
        by_audience(),
    )
    noun = "position"
    searched_by = ("summary", "conditions.text", "citations.quotation", "citations.quoted")

    # That it belongs to a negotiation which is there follows from its demand and its participant:
    # a third check of the same takes a ninth of the time in which a million of them are written.
    negotiation_id: Mapped[int] = mapped_column(Id, sort_order=-8)
    party_id: Mapped[int] = mapped_column(Id)
    demand_id: Mapped[int] = mapped_column(Id)
    date: Mapped[Date]
    until: Mapped[Date | None]
    begins_on: Mapped[Date]
    ends_on: Mapped[Date] = mapped_column(default=FOREVER)
    stance: Mapped[Stance] = mapped_column(choice(Stance, "stance"))
    value: Mapped[float | None]
    reservation_value: Mapped[float | None]
    salience: Mapped[float | None]
    confidence: Mapped[float | None]
    deadline: Mapped[Date | None]
    summary: Mapped[Prose | None]
    meeting_id: Mapped[int | None] = mapped_column(Id)

    # For whoever keeps what is measured of the positions, and asks what has changed since.
    revision: Mapped[int] = mapped_column(default=0, server_default="0", sort_order=11)
    created_revision: Mapped[int] = mapped_column(default=0, server_default="0", sort_order=12)

    participant: Mapped[Participant] = relationship(
        primaryjoin="and_(foreign(Position.party_id) == Participant.party_id, "
        "Position.negotiation_id == Participant.negotiation_id)"
    )
    demand: Mapped[Demand] = relationship(primaryjoin="foreign(Position.demand_id) == Demand.id")
    meeting: Mapped[Meeting | None] = relationship(
        primaryjoin="foreign(Position.meeting_id) == Meeting.id"
    )
    conditions: Mapped[list[Condition]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by=Condition.ordinal
    )

    @property
    def key(self) -> str:
        """Its id: what it says may be corrected, its address stays."""
        return format_id(self.id)

    @property
    def derived(self) -> str | None:
        """Its last day, which the next position of its history may set."""
        return self.last_day

    @hybrid_property
    def last_day(self) -> str | None:
        """The last day on which it holds, None while there is no end."""
        return None if self.ends_on == FOREVER else self.ends_on

    @last_day.inplace.expression
    @classmethod
    def _last_day(cls) -> ColumnElement[str | None]:
        return func.nullif(cls.ends_on, FOREVER)

    @validates("date")
    def _begin(self, _: str, date: str) -> str:
        """Keep the first day in step with the date; the last day waits for the others."""
        self.begins_on = first_day(date)
        if self.ends_on is None or self.ends_on < self.begins_on:
            self.ends_on = FOREVER
        return date

    def refusals(self) -> list[tuple[str, str]]:
        """Values off the scale, conditions that wait for the demand itself, limits not met.

        It refers to no demand that fewer see than the position.
        """
        wrong = [*super().refusals(), *self.exposed("/demand", self.demand)]
        wrong += [
            (f"/{name}", message)
            for name in ("value", "reservation_value")
            if (message := self._off_scale(getattr(self, name)))
        ]
        wrong += [
            (
                f"/conditions/{index}/demands",
                f"A position on '{self.demand.slug}' cannot wait for it: name another demand.",
            )
            for index, condition in enumerate(self.conditions)
            if self.demand in condition.demands
        ]
        wrong += [
            fault
            for index, condition in enumerate(self.conditions)
            for demand in condition.demands
            for fault in exposed(f"/conditions/{index}/demands", demand, self.audience)
        ]
        return wrong

    def _off_scale(self, value: float | None) -> str | None:
        scale = self.demand.scale
        if value is None:
            return None
        if scale is None:
            return (
                f"Demand '{self.demand.slug}' has no scale: leave the value out, "
                "or give the demand one."
            )
        if scale.min <= value <= scale.max:
            return None
        span = f"{scale.min:.15g} to {scale.max:.15g}"
        return f"{value:.15g} is off the scale of '{self.demand.slug}': give {span}."
