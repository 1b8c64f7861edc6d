"""Positions: whole ones, or only what is measured of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from operator import itemgetter

from sqlalchemy import ColumnElement, String, and_, or_, select, true, tuple_, type_coerce
from sqlalchemy.orm import Session

from negotiations_api.compare import position as core
from negotiations_api.compare.period import Period
from negotiations_api.loaders.citation import load_citations
from negotiations_api.loaders.grouped import rows_of
from negotiations_api.models import (
    Demand,
    Issue,
    Meeting,
    Negotiation,
    Party,
    Position,
)
from negotiations_api.models.demand import demand_addressee
from negotiations_api.models.identifier import format_id
from negotiations_api.models.position import Condition, condition_demand

Which = ColumnElement[bool]
"""Which positions of a negotiation are wanted."""

_STANCES = {stance.value: stance for stance in core.Stance}

# Written once: to put a statement together takes as long as to run it for a dozen rows.
_POSITIONS = (
    select(
        Position.negotiation_id,
        Position.id,
        Party.slug,
        Demand.slug,
        Position.date,
        Position.ends_on,
        type_coerce(Position.stance, String),
        Position.until,
        Position.value,
        Position.reservation_value,
        Position.salience,
        Position.confidence,
        Position.deadline,
        Position.summary,
        Meeting.slug,
    )
    .join(Party, Party.id == Position.party_id)
    .join(Demand, Demand.id == Position.demand_id)
    .outerjoin(Meeting, Meeting.id == Position.meeting_id)
)
_CONDITIONS = (
    select(Condition.position_id, Condition.id, Condition.kind, Condition.text, Demand.slug)
    .join(Position, Position.id == Condition.position_id)
    .outerjoin(condition_demand, condition_demand.c.condition_id == Condition.id)
    .outerjoin(Demand, Demand.id == condition_demand.c.demand_id)
    .order_by(Condition.position_id, Condition.ordinal, Condition.id, Demand.slug)
)


def holding(day: str, parties: Iterable[str] | None = None) -> Which:
    """Those that hold on a day (``YYYY-MM-DD``), of some parties (slugs) or of all."""
    on_the_day = and_(Position.begins_on <= day, Position.ends_on >= day)
    return on_the_day if parties is None else and_(_of(parties), on_the_day)


def taken(period: Period, parties: Iterable[str] | None = None) -> Which:
    """Those that were taken in a period, of some parties (slugs) or of all."""
    in_time = Position.begins_on.between(period.first_day, period.last_day)
    return in_time if parties is None else and_(_of(parties), in_time)


def perhaps_in(period: Period, parties: Iterable[str] | None = None) -> Which:
    """Those whose date may lie in a period, since of some no more than the year is known."""
    new_year = f"{period.first_day[:4]}-01-01"
    return taken(replace(period, first_day=new_year), parties)


def with_others_of_their_successions(negotiation: Negotiation, *which: Which) -> Which:
    """Those that are all of `which`, and any others of the same parties on the same demands."""
    successions = select(Position.demand_id, Position.party_id).where(
        Position.negotiation_id == negotiation.id, *which
    )
    return tuple_(Position.demand_id, Position.party_id).in_(successions)


def held_by(party_id: int, day: str) -> Which:
    """Those of one party that hold on a day (``YYYY-MM-DD``).

    By its id, so that each of several finds its own way into the index.
    """
    on_the_day = and_(Position.begins_on <= day, Position.ends_on >= day)
    return and_(Position.party_id == party_id, on_the_day)


def any_of(which: Iterable[Which]) -> Which:
    """Those that are any of `which`."""
    return or_(*which)


def of_addressees() -> Which:
    """Those of the parties that a demand is addressed to, on that demand."""
    addressed = select(demand_addressee.c.demand_id, demand_addressee.c.party_id)
    return tuple_(Position.demand_id, Position.party_id).in_(addressed)


def on_scales() -> Which:
    """Those on demands that have a scale."""
    scale_min = Demand.__table__.c.scale_min
    return Position.demand_id.in_(select(Demand.id).where(scale_min.is_not(None)))


def about(issue: str | None, demand: str | None) -> Which:
    """Those on the demands of an issue, or on one demand (slugs); None is any."""
    if issue is None and demand is None:
        return true()
    wanted = select(Demand.id).join(Issue, Issue.id == Demand.issue_id)
    if issue is not None:
        wanted = wanted.where(Issue.slug == issue)
    if demand is not None:
        wanted = wanted.where(Demand.slug == demand)
    return Position.demand_id.in_(wanted)


def _of(parties: Iterable[str]) -> Which:
    return Position.party_id.in_(select(Party.id).where(Party.slug.in_(sorted(set(parties)))))


def load_positions(
    session: Session, negotiation: Negotiation, *which: Which, cited: bool = True
) -> list[core.Position]:
    """The positions that are all of `which`, with their citations unless they are not `cited`."""
    wanted = and_(Position.negotiation_id == negotiation.id, *which)
    return [position for _, position in load_positions_of(session, wanted, cited=cited)]


def load_positions_of(
    session: Session, wanted: Which, *, cited: bool = True
) -> Iterator[tuple[int, core.Position]]:
    """The wanted positions in any negotiation, each with the id of its negotiation."""
    rows = rows_of(session, _POSITIONS.where(wanted))
    is_conditional = any(row[6] == core.Stance.CONDITIONAL for row in rows)
    conditions = _conditions(session, wanted) if is_conditional else {}
    citations = load_citations(session, Position, wanted) if cited and rows else {}
    # By their places: there may be thousands, and names take three times as long.
    for (
        owner,
        identifier,
        party,
        demand,
        date,
        ends_on,
        stance,
        until,
        value,
        reservation_value,
        salience,
        confidence,
        deadline,
        summary,
        meeting,
    ) in rows:
        position = core.Position(
            format_id(identifier),
            party,
            demand,
            date,
            ends_on,
            _STANCES[stance],
            until,
            tuple(conditions.get(identifier, ())),
            value,
            reservation_value,
            salience,
            confidence,
            deadline,
            summary,
            meeting,
            citations.get(identifier, ()),
        )
        yield owner, position


def _conditions(
    session: Session, wanted: ColumnElement[bool]
) -> defaultdict[int, list[core.Condition]]:
    """The conditions of the wanted positions, by the id of the position, in order."""
    rows = rows_of(session, _CONDITIONS.where(wanted))
    conditions: defaultdict[int, list[core.Condition]] = defaultdict(list)
    for (position_id, _, kind, text), demands in groupby(rows, key=itemgetter(0, 1, 2, 3)):
        slugs = tuple(row[4] for row in demands if row[4] is not None)
        conditions[position_id].append(core.Condition(kind, slugs, text))
    return conditions
