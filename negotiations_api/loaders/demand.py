"""Demands."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from negotiations_api.compare import position as core
from negotiations_api.loaders.grouped import rows_of, slugs
from negotiations_api.models import Demand, Issue, Negotiation, Party
from negotiations_api.models.demand import demand_addressee

_columns = Demand.__table__.c
_whole = Demand.__table__.alias("whole")
_DEMANDS = (
    select(
        Demand.id,
        Demand.negotiation_id,
        Demand.slug,
        Demand.title,
        Demand.deadline,
        Issue.slug,
        Issue.title,
        _whole.c.slug,
        _columns.scale_min,
        _columns.scale_max,
        _columns.scale_unit,
        _columns.scale_min_means,
        _columns.scale_max_means,
    )
    .join(Issue, Issue.id == Demand.issue_id)
    .outerjoin(_whole, _whole.c.id == Demand.part_of_id)
)
_ADDRESSEES = (
    select(demand_addressee.c.demand_id, Party.slug)
    .join(Party, Party.id == demand_addressee.c.party_id)
    .join(Demand, Demand.id == demand_addressee.c.demand_id)
    .order_by(Party.slug)
)


def load_demands(session: Session, negotiation: Negotiation) -> list[core.Demand]:
    """All demands of a negotiation."""
    wanted = Demand.negotiation_id == negotiation.id
    return [demand for _, demand in load_demands_of(session, wanted)]


def load_demands_of(
    session: Session, wanted: ColumnElement[bool]
) -> Iterator[tuple[int, core.Demand]]:
    """The wanted demands of any negotiation, each with the id of its negotiation."""
    addressees = slugs(session, _ADDRESSEES.where(wanted))
    rows = rows_of(session, _DEMANDS.where(wanted))
    issues: dict[str, core.Issue] = {}
    for identifier, owner, slug, title, deadline, about, issue_title, part_of, *scale in rows:
        issue = issues.get(about) or issues.setdefault(about, core.Issue(about, issue_title))
        demand = core.Demand(
            slug,
            title,
            issue,
            part_of,
            addressees.get(identifier, ()),
            deadline,
            None if scale[0] is None else core.Scale(*scale),
        )
        yield owner, demand
