"""Demands."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from negotiations_api.compare import position as core
from negotiations_api.loaders.grouped import slugs
from negotiations_api.models import Demand, Issue, Negotiation, Party
from negotiations_api.models.demand import demand_addressee


def load_demands(session: Session, negotiation: Negotiation) -> list[core.Demand]:
    """All demands of a negotiation."""
    wanted = Demand.negotiation_id == negotiation.id
    return [demand for _, demand in load_demands_of(session, wanted)]


def load_demands_of(
    session: Session, wanted: ColumnElement[bool]
) -> Iterator[tuple[int, core.Demand]]:
    """The wanted demands of any negotiation, each with the id of its negotiation."""
    whole = Demand.__table__.alias("whole")
    addressees = slugs(
        session,
        select(demand_addressee.c.demand_id, Party.slug)
        .join(Party, Party.id == demand_addressee.c.party_id)
        .join(Demand, Demand.id == demand_addressee.c.demand_id)
        .where(wanted)
        .order_by(Party.slug),
    )
    rows = session.execute(
        select(
            Demand.id,
            Demand.negotiation_id,
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
        .where(wanted)
    )
    for row in rows:
        demand = core.Demand(
            slug=row.slug,
            title=row.title,
            issue=core.Issue(row.issue, row.issue_title),
            part_of=row.part_of,
            addressed_to=addressees[row.id],
            deadline=row.deadline,
            scale=row.scale,
        )
        yield row.negotiation_id, demand
