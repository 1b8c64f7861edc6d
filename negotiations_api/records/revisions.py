"""Which revisions of a negotiation its history tells of."""

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from negotiations_api.models import Change, Negotiation, change_of


def first_known(session: Session, negotiation: Negotiation) -> int:
    """The first revision of `negotiation` that its history tells of."""
    own = select(change_of.c.revision).where(change_of.c.negotiation_id == negotiation.id)
    first = session.scalar(own.order_by(change_of.c.revision).limit(1))
    if first is None:
        return negotiation.revision
    is_made = session.scalar(
        own.join(Change, Change.id == change_of.c.change_id).where(
            change_of.c.revision == first,
            Change.noun == Negotiation.noun,
            Change.record_id == negotiation.id,
            Change.before.is_(None),
        )
    )
    return int(first if is_made is not None else first - 1)


def revision_on(session: Session, negotiation: Negotiation, day: str) -> int | None:
    """The revision of `negotiation` at the end of a day (UTC); None if nothing is known of then."""
    own = change_of.c.negotiation_id == negotiation.id
    changes = select(func.max(change_of.c.revision)).join(
        Change, Change.id == change_of.c.change_id
    )
    midnight = dt.datetime.fromisoformat(day).replace(tzinfo=dt.UTC) + dt.timedelta(days=1)
    last = session.scalar(changes.where(own, Change.at < midnight))
    first = first_known(session, negotiation)
    return None if last is None or last < first else last
