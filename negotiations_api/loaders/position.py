"""Positions: whole ones, or only what is measured of them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from negotiations_api.compare import position as core
from negotiations_api.compare.period import Period
from negotiations_api.loaders.citation import load_citations
from negotiations_api.loaders.grouped import slugs
from negotiations_api.models import Demand, Meeting, Negotiation, Party, Position
from negotiations_api.models.identifier import format_id
from negotiations_api.models.position import Condition, condition_demand

Which = ColumnElement[bool]
"""Which positions of a negotiation are wanted."""


def holding(day: str, parties: Iterable[str] | None = None) -> Which:
    """Those that hold on a day (``YYYY-MM-DD``), of some parties (slugs) or of all."""
    on_the_day = and_(Position.begins_on <= day, Position.ends_on >= day)
    return on_the_day if parties is None else and_(_of(parties), on_the_day)


def taken(period: Period, parties: Iterable[str] | None = None) -> Which:
    """Those that were taken in a period, of some parties (slugs) or of all."""
    in_time = Position.begins_on.between(period.first_day, period.last_day)
    return in_time if parties is None else and_(_of(parties), in_time)


def _of(parties: Iterable[str]) -> Which:
    return Position.party_id.in_(select(Party.id).where(Party.slug.in_(sorted(set(parties)))))


Stand = tuple[str, str, core.Stance, float | None, float | None]
"""(party, demand, stance, value, salience), the first two as slugs."""


def load_stances(session: Session, negotiation: Negotiation, which: Which) -> Iterable[Stand]:
    """What is measured of positions, in the order of their dates."""
    rows: Iterable[Any] = session.execute(
        select(Party.slug, Demand.slug, Position.stance, Position.value, Position.salience)
        .join(Party, Party.id == Position.party_id)
        .join(Demand, Demand.id == Position.demand_id)
        .where(Position.negotiation_id == negotiation.id, which)
        .order_by(Position.begins_on)
    )
    return rows


def load_positions(
    session: Session, negotiation: Negotiation, *which: Which, cited: bool = True
) -> list[core.Position]:
    """The positions that are any of `which`, with their citations unless they are not `cited`."""
    wanted = and_(Position.negotiation_id == negotiation.id, or_(*which))
    rows = session.execute(
        select(
            Position.id,
            Party.slug.label("party"),
            Demand.slug.label("demand"),
            Meeting.slug.label("meeting"),
            *(getattr(Position, name) for name in _PLAIN),
        )
        .join(Party, Party.id == Position.party_id)
        .join(Demand, Demand.id == Position.demand_id)
        .outerjoin(Meeting, Meeting.id == Position.meeting_id)
        .where(wanted)
    ).all()
    conditions = _conditions(session, wanted)
    citations = load_citations(session, Position, wanted) if cited else defaultdict(tuple)
    return [
        core.Position(
            id=format_id(row.id),
            party=row.party,
            demand=row.demand,
            meeting=row.meeting,
            conditions=tuple(conditions[row.id]),
            citations=citations[row.id],
            **{name: getattr(row, name) for name in _PLAIN},
        )
        for row in rows
    ]


_PLAIN = (
    "date",
    "until",
    "ends_on",
    "stance",
    "value",
    "reservation_value",
    "salience",
    "confidence",
    "deadline",
    "summary",
)
"""The columns of a position that the core takes as they are."""


def _conditions(
    session: Session, wanted: ColumnElement[bool]
) -> defaultdict[int, list[core.Condition]]:
    demands = slugs(
        session,
        select(condition_demand.c.condition_id, Demand.slug)
        .join(Demand, Demand.id == condition_demand.c.demand_id)
        .join(Condition, Condition.id == condition_demand.c.condition_id)
        .join(Position, Position.id == Condition.position_id)
        .where(wanted)
        .order_by(Demand.slug),
    )
    conditions: defaultdict[int, list[core.Condition]] = defaultdict(list)
    for position_id, condition_id, kind, text in session.execute(
        select(Condition.position_id, Condition.id, Condition.kind, Condition.text)
        .join(Position, Position.id == Condition.position_id)
        .where(wanted)
        .order_by(Condition.position_id, Condition.ordinal)
    ):
        conditions[position_id].append(core.Condition(kind, demands[condition_id], text))
    return conditions
