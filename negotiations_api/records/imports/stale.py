"""Staged rows that do not fit any more: the negotiation has changed since they were read."""

from sqlalchemy import and_, delete, exists, or_, select
from sqlalchemy.orm import Session

from negotiations_api.models import Demand, Meeting, Negotiation, Participant
from negotiations_api.models.staging import import_row
from negotiations_api.records.faults import Fault
from negotiations_api.records.imports.staging import Run

_row = import_row.c


def lock_referred(session: Session, negotiation: Negotiation) -> None:
    """Let nobody take away what positions refer to before the end of the transaction.

    The locks are those that the checks of foreign keys would take.
    """
    for referred in (Participant, Demand, Meeting):
        session.connection().execute(
            select(referred.id)
            .where(referred.negotiation_id == negotiation.id)
            .with_for_update(read=True, key_share=True)
        )


def stale(session: Session, run: Run, negotiation: Negotiation) -> list[Fault]:
    """Take out the rows that do not fit any more; say of each what has changed."""
    owner = negotiation.id
    scale = Demand.__table__.c
    off_scale = [
        and_(value.is_not(None), ~value.between(scale.scale_min, scale.scale_max))
        for value in (_row.value, _row.reservation_value)
    ]
    no_scale = and_(
        scale.scale_min.is_(None),
        or_(_row.value.is_not(None), _row.reservation_value.is_not(None)),
    )
    checks = {
        "/party": ~exists().where(
            Participant.negotiation_id == owner, Participant.party_id == _row.party_id
        ),
        "/demand": ~exists().where(Demand.negotiation_id == owner, Demand.id == _row.demand_id),
        "/meeting": and_(
            _row.meeting_id.is_not(None),
            ~exists().where(Meeting.negotiation_id == owner, Meeting.id == _row.meeting_id),
        ),
        "/value": exists().where(Demand.id == _row.demand_id, or_(no_scale, *off_scale)),
    }
    faults = []
    for at, condition in checks.items():
        of_run = (_row.run_id == run.id, condition)
        what = "The scale of the demand" if at == "/value" else "What it names"
        detail = f"{what} has changed while the file was read: import it again."
        faults += [
            Fault(at, detail, line) for line in session.scalars(select(_row.line).where(*of_run))
        ]
        session.execute(delete(import_row).where(*of_run))
    return faults
