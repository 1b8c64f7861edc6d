"""From rows to what `compare/` takes: every query that a comparison needs.

Rows are read as plain tuples, with a fixed number of queries whatever the number of demands.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from negotiations_api.compare import position as core
from negotiations_api.models import (
    Demand,
    Issue,
    Meeting,
    Negotiation,
    Participant,
    Party,
    Position,
    Source,
)
from negotiations_api.models.citation import Citation
from negotiations_api.models.demand import demand_addressee
from negotiations_api.models.identifier import format_id
from negotiations_api.compare.participant import Role
from negotiations_api.models.position import Condition, condition_demand


def load_participants(session: Session, negotiation: Negotiation) -> list[core.Party]:
    """The parties in a negotiation: the principals first, then the others, each by slug."""
    rows = session.execute(
        select(Party.slug, Party.name, Participant.role)
        .join(Participant, Participant.party_id == Party.id)
        .where(Participant.negotiation_id == negotiation.id)
        .order_by(Party.slug)
    ).all()
    principals_first = sorted(rows, key=lambda row: row.role is not Role.PRINCIPAL)
    return [core.Party(row.slug, row.name) for row in principals_first]


def load_demands(session: Session, negotiation: Negotiation) -> list[core.Demand]:
    """All demands of a negotiation."""
    whole = Demand.__table__.alias("whole")
    addressees = _grouped(
        session.execute(
            select(demand_addressee.c.demand_id, Party.slug)
            .join(Party, Party.id == demand_addressee.c.party_id)
            .join(Demand, Demand.id == demand_addressee.c.demand_id)
            .where(Demand.negotiation_id == negotiation.id)
            .order_by(Party.slug)
        )
    )
    rows = session.execute(
        select(
            Demand.id,
            Demand.slug,
            Demand.title,
            Demand.deadline,
            Demand.scale,
            Issue.slug.label("issue"),
            Issue.title.label("issue_title"),
            whole.c.slug.label("part_of"),
        )
        .join(Issue, Issue.id == Demand.issue_id)
        .outerjoin(whole, whole.c.id == Demand.part_of_id)
        .where(Demand.negotiation_id == negotiation.id)
    )
    return [
        core.Demand(
            slug=row.slug,
            title=row.title,
            issue=core.Issue(row.issue, row.issue_title),
            part_of=row.part_of,
            addressed_to=tuple(slug for (slug,) in addressees[row.id]),
            deadline=row.deadline,
            scale=row.scale,
        )
        for row in rows
    ]


def load_positions(
    session: Session, negotiation: Negotiation, holding: Sequence[tuple[int | None, str]]
) -> list[core.Position]:
    """The positions that hold for any (party id, day) of `holding`; None is every party."""
    wanted = and_(
        Position.negotiation_id == negotiation.id, or_(*(_holds(*side) for side in holding))
    )
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
    citations = _citations(session, wanted)
    return [
        core.Position(
            id=format_id(row.id),
            party=row.party,
            demand=row.demand,
            meeting=row.meeting,
            conditions=tuple(conditions[row.id]),
            citations=tuple(citations[row.id]),
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


def _holds(party_id: int | None, day: str) -> ColumnElement[bool]:
    on_the_day = and_(Position.begins_on <= day, Position.ends_on >= day)
    return on_the_day if party_id is None else and_(Position.party_id == party_id, on_the_day)


def _conditions(
    session: Session, wanted: ColumnElement[bool]
) -> defaultdict[int, list[core.Condition]]:
    demands = _grouped(
        session.execute(
            select(condition_demand.c.condition_id, Demand.slug)
            .join(Demand, Demand.id == condition_demand.c.demand_id)
            .join(Condition, Condition.id == condition_demand.c.condition_id)
            .join(Position, Position.id == Condition.position_id)
            .where(wanted)
            .order_by(Demand.slug)
        )
    )
    grouped: defaultdict[int, list[core.Condition]] = defaultdict(list)
    for position_id, condition_id, kind, text in session.execute(
        select(Condition.position_id, Condition.id, Condition.kind, Condition.text)
        .join(Position, Position.id == Condition.position_id)
        .where(wanted)
        .order_by(Condition.position_id, Condition.ordinal)
    ):
        slugs = tuple(slug for (slug,) in demands[condition_id])
        grouped[position_id].append(core.Condition(kind, slugs, text))
    return grouped


def _citations(
    session: Session, wanted: ColumnElement[bool]
) -> defaultdict[int, list[core.Citation]]:
    grouped: defaultdict[int, list[core.Citation]] = defaultdict(list)
    rows: Iterable[Any] = session.execute(
        select(
            Citation.position_id,
            Source.slug,
            Source.title,
            Source.published_on,
            Source.url,
            Citation.quotation,
            Citation.quoted,
            Citation.locator,
        )
        .join(Source, Source.id == Citation.source_id)
        .join(Position, Position.id == Citation.position_id)
        .where(wanted)
        .order_by(Citation.position_id, Citation.ordinal)
    )
    for position_id, *columns in rows:
        grouped[position_id].append(core.Citation(*columns))
    return grouped


def _grouped(rows: Iterable[Any]) -> defaultdict[int, list[tuple[Any, ...]]]:
    """Rows by their first column."""
    grouped: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for key, *rest in rows:
        grouped[key].append(tuple(rest))
    return grouped
