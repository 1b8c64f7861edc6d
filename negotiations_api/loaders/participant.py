"""Participants."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from negotiations_api.compare import participant as core
from negotiations_api.models import Negotiation, Participant, Party


def load_participants(session: Session, negotiation: Negotiation) -> list[core.Participant]:
    """The parties in a negotiation: the principals first, then the others, each by slug."""
    rows = session.execute(
        select(Party.slug, Party.name, Participant.role, Participant.weight)
        .join(Participant, Participant.party_id == Party.id)
        .where(Participant.negotiation_id == negotiation.id)
        .order_by(Party.slug)
    )
    participants = [core.Participant(*row) for row in rows]
    return sorted(participants, key=lambda one: one.role is not core.Role.PRINCIPAL)
