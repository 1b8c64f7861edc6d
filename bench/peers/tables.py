"""The tables as somebody maps them who writes the service with SQLAlchemy's ORM."""

import datetime as dt
from typing import ClassVar

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Integer, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

Id = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """The declarative base."""

    type_annotation_map: ClassVar = {dt.datetime: DateTime(timezone=True), int: Id}


demand_addressee = Table(
    "demand_addressee",
    Base.metadata,
    Column("demand_id", Id, ForeignKey("demand.id"), primary_key=True),
    Column("party_id", Id, ForeignKey("party.id"), primary_key=True),
)
condition_demand = Table(
    "condition_demand",
    Base.metadata,
    Column("condition_id", Id, ForeignKey("condition.id"), primary_key=True),
    Column("demand_id", Id, ForeignKey("demand.id"), primary_key=True),
)


class Negotiation(Base):
    """The talks."""

    __tablename__ = "negotiation"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    revision: Mapped[int]


class Party(Base):
    """Who can hold a position."""

    __tablename__ = "party"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    name: Mapped[str]


class Participant(Base):
    """A party in a negotiation."""

    __tablename__ = "participant"
    id: Mapped[int] = mapped_column(primary_key=True)
    negotiation_id: Mapped[int] = mapped_column(ForeignKey("negotiation.id"))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))


class Issue(Base):
    """A subject."""

    __tablename__ = "issue"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    title: Mapped[str]


class Meeting(Base):
    """Where a position was stated."""

    __tablename__ = "meeting"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]


class Source(Base):
    """What is cited."""

    __tablename__ = "source"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    title: Mapped[str]
    published_on: Mapped[str | None]
    url: Mapped[str | None]


class Demand(Base):
    """What is asked for."""

    __tablename__ = "demand"
    id: Mapped[int] = mapped_column(primary_key=True)
    negotiation_id: Mapped[int] = mapped_column(ForeignKey("negotiation.id"))
    slug: Mapped[str]
    title: Mapped[str]
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"))
    part_of_id: Mapped[int | None] = mapped_column(ForeignKey("demand.id"))
    deadline: Mapped[str | None]
    scale_min: Mapped[float | None]
    scale_max: Mapped[float | None]
    scale_unit: Mapped[str | None]
    scale_min_means: Mapped[str | None]
    scale_max_means: Mapped[str | None]
    issue: Mapped[Issue] = relationship()
    part_of: Mapped["Demand | None"] = relationship(remote_side="Demand.id")
    addressed_to: Mapped[list[Party]] = relationship(
        secondary=demand_addressee, order_by=Party.slug
    )


class Condition(Base):
    """What a position waits for."""

    __tablename__ = "condition"
    id: Mapped[int] = mapped_column(primary_key=True)
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    kind: Mapped[str]
    text: Mapped[str | None]
    ordinal: Mapped[int]
    demands: Mapped[list[Demand]] = relationship(secondary=condition_demand, order_by=Demand.slug)


class Citation(Base):
    """What a position rests on."""

    __tablename__ = "citation"
    id: Mapped[int] = mapped_column(primary_key=True)
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    quotation: Mapped[str | None]
    quoted: Mapped[str | None]
    locator: Mapped[str | None]
    ordinal: Mapped[int]
    source: Mapped[Source] = relationship()


class Position(Base):
    """Where a party stands on a demand from a date on."""

    __tablename__ = "position"
    id: Mapped[int] = mapped_column(primary_key=True)
    negotiation_id: Mapped[int] = mapped_column(ForeignKey("negotiation.id"))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    demand_id: Mapped[int] = mapped_column(ForeignKey("demand.id"))
    date: Mapped[str]
    until: Mapped[str | None]
    begins_on: Mapped[str]
    ends_on: Mapped[str]
    stance: Mapped[str]
    value: Mapped[float | None]
    reservation_value: Mapped[float | None]
    salience: Mapped[float | None]
    confidence: Mapped[float | None]
    deadline: Mapped[str | None]
    summary: Mapped[str | None]
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))
    version: Mapped[int]
    created_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]
    party: Mapped[Party] = relationship()
    demand: Mapped[Demand] = relationship()
    meeting: Mapped[Meeting | None] = relationship()
    conditions: Mapped[list[Condition]] = relationship(order_by=Condition.ordinal)
    citations: Mapped[list[Citation]] = relationship(order_by=Citation.ordinal)

    @property
    def shown_end(self) -> str | None:
        """The last day on which it holds; None while there is no end."""
        return None if self.ends_on == "9999-12-31" else self.ends_on
