"""A record that is written by whoever does not see everything, as it sees it."""

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from negotiations_api.database.sight import sight_in
from negotiations_api.models import Change, Owned, Position, Record
from negotiations_api.records.numbering import hidden_changes
from negotiations_api.records.succession import show_end


def show_as_seen(session: Session, record: Record) -> None:
    """Let a record that was read or flushed show the version and the end that the caller sees."""
    if not isinstance(record, Owned):
        return
    sight = sight_in(session, record.negotiation_id)
    if sight is None:
        return
    if isinstance(record, Position):
        show_end(session, record)
    hidden = hidden_changes(session, record.negotiation_id, sight)
    of_it = select(Change.id, Change.before, Change.after).where(
        Change.noun == record.noun,
        Change.record_id == record.id,
        Change.before.is_not(None),
        Change.after.is_not(None),
    )
    versions = 0
    for row in session.execute(of_it):
        if row.id in hidden:
            before, after = orjson.loads(row.before), orjson.loads(row.after)
            versions += after["version"] - before["version"]
    record.hidden_versions = versions
