"""Who writes in a transaction, and why: what the history of the record tells of each change."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session, UOWTransaction

from negotiations_api.models import Attributed


@dataclass(frozen=True, slots=True)
class Authorship:
    """The name of who writes, the id of the request, and the reason that was given; if known."""

    name: str | None = None
    request_id: str | None = None
    reason: str | None = None


def authorship(session: Session) -> Authorship:
    """Who writes in the transaction of `session`."""
    known: Authorship = session.info.get("authorship", Authorship())
    return known


@event.listens_for(Session, "before_flush")
def _attribute(session: Session, _: UOWTransaction, __: Any) -> None:
    """Let the records that the flush writes tell who recorded them, and who has changed them."""
    name = authorship(session).name
    for record in session.new:
        if isinstance(record, Attributed):
            record.recorded_by = record.changed_by = name
    for record in session.dirty:
        # Who changes a record touches it; what is written without that only makes room.
        if isinstance(record, Attributed) and inspect(record).attrs["updated_at"].history.added:
            record.changed_by = name
