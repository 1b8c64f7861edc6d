"""Where one party stands in every negotiation."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from negotiations_api.compare import position as core
from negotiations_api.compare.standing import StandingInNegotiation, held
from negotiations_api.database.rights import visible
from negotiations_api.loaders.demand import load_demands_of
from negotiations_api.loaders.position import holding, load_positions_of
from negotiations_api.models import Demand, Negotiation, Participant, Party, Position

Taking = list[tuple[Negotiation, Participant]]
"""The negotiations that a party takes part in, each with what it is there."""


def load_taking_part(session: Session, party: Party) -> Taking:
    """The negotiations that a party takes part in, and that the caller sees, by slug."""
    rows = session.execute(
        select(Negotiation, Participant)
        .join(Participant, Participant.negotiation_id == Negotiation.id)
        .where(Participant.party_id == party.id, visible(session))
        .order_by(Negotiation.slug)
    )
    return [(negotiation, participant) for negotiation, participant in rows]


def load_standing(
    session: Session, party: Party, day: str, taking: Taking
) -> tuple[StandingInNegotiation, ...]:
    """The positions of a party that hold on a day (``YYYY-MM-DD``), by negotiation."""
    positions: defaultdict[int, list[core.Position]] = defaultdict(list)
    wanted = holding(day, [party.slug])
    for negotiation_id, position in load_positions_of(session, wanted):
        positions[negotiation_id].append(position)
    spoken_of = select(Position.demand_id).where(wanted)
    demands: defaultdict[int, list[core.Demand]] = defaultdict(list)
    for negotiation_id, demand in load_demands_of(session, Demand.id.in_(spoken_of)):
        demands[negotiation_id].append(demand)
    return tuple(
        StandingInNegotiation(
            negotiation.slug,
            negotiation.title,
            participant.role,
            held(demands[negotiation.id], positions[negotiation.id]),
        )
        for negotiation, participant in taking
    )
