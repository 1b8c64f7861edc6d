"""The queries of the FastAPI peers: once as its users write them, once the SQL of the service."""

from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from bench.peers.tables import (
    Citation,
    Condition,
    Demand,
    Issue,
    Meeting,
    Negotiation,
    Participant,
    Party,
    Position,
    Source,
    condition_demand,
    demand_addressee,
)

WHOLE = (
    joinedload(Position.party),
    joinedload(Position.demand),
    joinedload(Position.meeting),
    selectinload(Position.conditions).selectinload(Condition.demands),
    selectinload(Position.citations).joinedload(Citation.source),
)


def negotiation_of(slug: str) -> Select[Any]:
    """The negotiation."""
    return select(Negotiation).where(Negotiation.slug == slug)


def party_of(slug: str) -> Select[Any]:
    """A party."""
    return select(Party).where(Party.slug == slug)


def page(negotiation_id: int, limit: int) -> Select[Any]:
    """The first positions of a negotiation, by date."""
    return (
        select(Position)
        .where(Position.negotiation_id == negotiation_id)
        .order_by(Position.date, Position.id)
        .limit(limit)
        .options(*WHOLE)
    )


def one(negotiation: str, position: int) -> Select[Any]:
    """One position."""
    return (
        select(Position)
        .join(Negotiation, Negotiation.id == Position.negotiation_id)
        .where(Negotiation.slug == negotiation, Position.id == position)
        .options(*WHOLE)
    )


def demands_by_orm(negotiation_id: int) -> Select[Any]:
    """The demands of a negotiation as objects."""
    return (
        select(Demand)
        .join(Demand.issue)
        .where(Demand.negotiation_id == negotiation_id)
        .order_by(Issue.slug, Demand.slug)
        .options(
            joinedload(Demand.issue), joinedload(Demand.part_of), selectinload(Demand.addressed_to)
        )
    )


def held_by_window(negotiation_id: int, parties: list[int], day: str) -> Select[Any]:
    """The latest position of each party on each demand: numbered by a window, the first taken."""
    ranked = (
        select(
            Position.id,
            func.row_number()
            .over(
                partition_by=(Position.demand_id, Position.party_id),
                order_by=Position.begins_on.desc(),
            )
            .label("rank"),
        )
        .where(
            Position.negotiation_id == negotiation_id,
            Position.party_id.in_(parties),
            Position.begins_on <= day,
        )
        .subquery()
    )
    return (
        select(Position)
        .join(ranked, ranked.c.id == Position.id)
        .where(ranked.c.rank == 1, or_(Position.until.is_(None), Position.until >= day))
        .options(
            joinedload(Position.meeting),
            selectinload(Position.conditions).selectinload(Condition.demands),
            selectinload(Position.citations).joinedload(Citation.source),
        )
    )


def by_interval(negotiation_id: int, parties: list[int] | None, day: str) -> dict[str, Select[Any]]:
    """What a comparison or a matrix needs, as plain rows, with validity as it is stored."""
    wanted = [
        Position.negotiation_id == negotiation_id,
        Position.begins_on <= day,
        Position.ends_on >= day,
    ]
    if parties is not None:
        wanted.append(Position.party_id.in_(parties))
    whole = Demand.__table__.alias("whole")
    plain = ("date", "until", "stance", "value", "reservation_value", "salience", "confidence")
    return {
        "positions": select(
            Position.id,
            Position.party_id,
            Position.demand_id,
            func.nullif(Position.ends_on, "9999-12-31").label("ends_on"),
            *(getattr(Position, name) for name in (*plain, "deadline", "summary")),
            Meeting.slug.label("meeting"),
        )
        .outerjoin(Meeting, Meeting.id == Position.meeting_id)
        .where(*wanted),
        "conditions": select(Condition.position_id, Condition.id, Condition.kind, Condition.text)
        .join(Position, Position.id == Condition.position_id)
        .where(*wanted)
        .order_by(Condition.position_id, Condition.ordinal),
        "awaited": select(condition_demand.c.condition_id, Demand.slug)
        .join(Demand, Demand.id == condition_demand.c.demand_id)
        .join(Condition, Condition.id == condition_demand.c.condition_id)
        .join(Position, Position.id == Condition.position_id)
        .where(*wanted)
        .order_by(Demand.slug),
        "citations": select(
            Citation.position_id,
            Source.slug.label("source"),
            Source.title,
            Source.published_on,
            Source.url,
            Citation.quotation,
            Citation.quoted,
            Citation.locator,
        )
        .join(Source, Source.id == Citation.source_id)
        .join(Position, Position.id == Citation.position_id)
        .where(*wanted)
        .order_by(Citation.position_id, Citation.ordinal),
        "demands": select(
            Demand.id,
            Demand.slug,
            Demand.title,
            Demand.deadline,
            Demand.scale_min,
            Demand.scale_max,
            Demand.scale_unit,
            Demand.scale_min_means,
            Demand.scale_max_means,
            Issue.slug.label("issue"),
            Issue.title.label("issue_title"),
            whole.c.slug.label("part_of"),
        )
        .join(Issue, Issue.id == Demand.issue_id)
        .outerjoin(whole, whole.c.id == Demand.part_of_id)
        .where(Demand.negotiation_id == negotiation_id)
        .order_by(Issue.slug, Demand.slug),
        "addressees": select(demand_addressee.c.demand_id, Party.slug)
        .join(Party, Party.id == demand_addressee.c.party_id)
        .join(Demand, Demand.id == demand_addressee.c.demand_id)
        .where(Demand.negotiation_id == negotiation_id)
        .order_by(Party.slug),
    }


def participants(negotiation_id: int) -> Select[Any]:
    """The parties of a negotiation."""
    return (
        select(Party)
        .join(Participant, Participant.party_id == Party.id)
        .where(Participant.negotiation_id == negotiation_id)
        .order_by(Party.slug)
    )


def named(slug: str, party: str, demand: str) -> Select[Any]:
    """The ids of a negotiation, a participant and a demand, by their slugs."""
    return (
        select(Negotiation.id, Participant.party_id, Demand.id)
        .join(Participant, Participant.negotiation_id == Negotiation.id)
        .join(Party, Party.id == Participant.party_id)
        .join(Demand, Demand.negotiation_id == Negotiation.id)
        .where(Negotiation.slug == slug, Party.slug == party, Demand.slug == demand)
    )


def neighbours(demand_id: int, party_id: int, begins_on: str) -> tuple[Select[Any], Select[Any]]:
    """The position before a day, and the one after."""
    history = select(Position).where(Position.demand_id == demand_id, Position.party_id == party_id)
    return (
        history.where(Position.begins_on < begins_on).order_by(Position.begins_on.desc()).limit(1),
        history.where(Position.begins_on > begins_on).order_by(Position.begins_on).limit(1),
    )
