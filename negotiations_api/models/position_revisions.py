"""At which revision of its negotiation each position was last written, and one last deleted.

A flush that writes positions marks them with the revision that its transaction will make. What is
written past the session (an import, the ends of positions) brings its own: `coming_revision`.
"""

from typing import Any

from sqlalchemy import ScalarSelect, Table, event, select, update
from sqlalchemy.orm import Session, UOWTransaction

from negotiations_api.models.negotiation import Negotiation
from negotiations_api.models.position import Position


def coming_revision(positions: Table) -> ScalarSelect[Any]:
    """The revision that a statement which writes `positions` will make, row by row."""
    return (
        select(Negotiation.revision + 1)
        .where(Negotiation.id == positions.c.negotiation_id)
        .scalar_subquery()
    )


@event.listens_for(Session, "before_flush")
def _mark(session: Session, _: UOWTransaction, __: Any) -> None:
    new = [record for record in session.new if isinstance(record, Position)]
    written = new + [
        record
        for record in session.dirty
        # Parts that change are rows of their own, and nothing that is measured.
        if isinstance(record, Position) and session.is_modified(record, include_collections=False)
    ]
    bereft = {record.negotiation_id for record in session.deleted if isinstance(record, Position)}
    owners = {record.negotiation_id for record in written}
    if not owners and not bereft:
        return
    # Nobody else raises it meanwhile: who writes positions has locked their negotiation.
    there = select(Negotiation.id, Negotiation.revision).where(Negotiation.id.in_(owners))
    revisions = {row.id: row.revision for row in session.execute(there)}
    for record in written:
        record.revision = revisions.get(record.negotiation_id, 0) + 1
    for record in new:
        # What comes back has one.
        record.created_revision = record.created_revision or record.revision
    if bereft:
        session.execute(
            update(Negotiation)
            .where(Negotiation.id.in_(bereft))
            .values(removed_at=Negotiation.revision + 1, updated_at=Negotiation.updated_at)
            .execution_options(synchronize_session=False)
        )
