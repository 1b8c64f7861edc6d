"""Commitments."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from negotiations_api.compare import commitment as core
from negotiations_api.models import Commitment, Demand, Meeting, Negotiation, Party


def load_commitments(session: Session, negotiation: Negotiation) -> list[core.Commitment]:
    """All commitments of a negotiation, by date and slug."""
    rows: Iterable[Any] = session.execute(
        select(
            Commitment.slug,
            Party.slug,
            Demand.slug,
            Commitment.delivers,
            Commitment.status,
            Commitment.date,
            Commitment.status_since,
            Commitment.deadline,
            Commitment.text,
            Meeting.slug,
        )
        .join(Party, Party.id == Commitment.party_id)
        .join(Demand, Demand.id == Commitment.demand_id)
        .outerjoin(Meeting, Meeting.id == Commitment.meeting_id)
        .where(Commitment.negotiation_id == negotiation.id)
        .order_by(Commitment.date, Commitment.slug)
    )
    return [core.Commitment(*row) for row in rows]
