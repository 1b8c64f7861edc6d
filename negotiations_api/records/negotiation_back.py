"""Bringing back a negotiation that has been deleted, with all that it owned, as one change."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from negotiations_api.database.rights import check_may_show, rights_of
from negotiations_api.models import Action, Audience, Negotiation, Position
from negotiations_api.records.assign import load
from negotiations_api.records.faults import Conflict
from negotiations_api.records.history import Entry, Which, point_of, read_newest, read_oldest
from negotiations_api.records.loading import load_document
from negotiations_api.records.noting import writable
from negotiations_api.records.positions_back import bring_positions
from negotiations_api.records.restore import MOST_AT_ONCE, invalid, last_deletion, of_the_state
from negotiations_api.records.seen import State
from negotiations_api.records.talks import Talks, find_talks, hides_something
from negotiations_api.schemas.base import RecordSchema
from negotiations_api.schemas.change import RestoreSchema
from negotiations_api.schemas.document import SECTIONS
from negotiations_api.schemas.negotiation import NegotiationSchema

MOST_RECORDS = 15_000
"""The most records that a negotiation which comes back may own: nobody else writes meanwhile.

So many positions take 6 to 7 s.
"""


def restore_negotiation(session: Session, slug: str, payload: Any) -> Negotiation:
    """Bring back a negotiation that was deleted, with all that went with it, and flush it.

    The last one that there was under the slug, or the one that the change that is asked for has
    deleted. Raises Invalid if something that it refers to is gone, Conflict if it is too large, and
    Forbidden if it would be seen by others than when it was last deleted, but for administrators.
    """
    asked = load(RestoreSchema(), payload)
    if "revision" in asked:
        said = "A deleted negotiation comes back as it was when it was deleted: leave this out."
        raise invalid("/revision", said)
    talks = find_talks(session, slug)
    of_it = Which(talks, Negotiation.noun, slug, Action.DELETED)
    deleted = next(iter(read_newest(session, of_it, 1, change=asked.get("change"))), None)
    if deleted is None:
        said = "A deleted negotiation comes back as it was when it was deleted: name that change."
        raise invalid("/change", said)
    assert deleted.before is not None
    last, state = last_deletion(session, of_it, deleted.before["id"])
    if deleted.before["visibility"] != state["visibility"]:
        check_may_show(rights_of(session))
    states = _deleted_with(session, talks, deleted)
    if last.id != deleted.id:
        # An audience that has seen something stays, with those who are in it by now.
        states = [one for one in states if one[0] != Audience.noun]
        states += _deleted_with(session, talks, last, Audience.noun)
    document: dict[str, Any] = {}
    returning: dict[str, State] = {}
    # Most are positions, for which the way of a document would take ten times as long.
    positions = [state for noun, state in states if noun == Position.noun]
    for noun, state in states:
        if noun == Position.noun:
            continue
        name, schema = _OF_DOCUMENT[noun]
        written = writable(schema, state) | {"id": state["id"]}
        if noun == Negotiation.noun:
            document[name] = written
        else:
            document.setdefault(name, []).append(written)
        returning[state["id"]] = state
    with of_the_state():
        negotiation, _ = load_document(session, document, returning=returning)
        bring_positions(session, negotiation, positions)
    _go_on(session, negotiation)
    return negotiation


def _go_on(session: Session, negotiation: Negotiation) -> None:
    """Have a negotiation that comes back say of its history what it did, which is still its own."""
    # What is kept of it is from before positions went.
    values: dict[str, Any] = {"removed_at": Negotiation.revision + 1}
    if hides_something(session, negotiation.id):  # also if no audience comes back
        values["is_divided"] = True
    session.execute(
        update(Negotiation)
        .where(Negotiation.id == negotiation.id)
        .values(values | {"updated_at": Negotiation.updated_at})
        .execution_options(synchronize_session=False)
    )
    session.refresh(negotiation, ["removed_at", "is_divided"])


_OF_DOCUMENT: Mapping[str, tuple[str, RecordSchema]] = {
    Negotiation.noun: ("negotiation", NegotiationSchema()),
    **{section.model.noun: (name, section.schema()) for name, section in SECTIONS.items()},
}
"""Where a record of each noun stands in a document, and by which schema."""


def _deleted_with(
    session: Session, talks: Talks, deleted: Entry, noun: str | None = None
) -> list[tuple[str, State]]:
    """The last state of each record that went with the negotiation, and of itself; its noun.

    Of those of one `noun` only, if it is given. With the version that it was last deleted with:
    some may have come back meanwhile.
    """
    at = Which(talks, noun, since=deleted.revision, until=deleted.revision, action=Action.DELETED)
    found = read_newest(session, at, MOST_RECORDS + 1)
    if len(found) > MOST_RECORDS:
        raise Conflict(
            f"'{talks.slug}' owned more than {MOST_RECORDS:,} records, which cannot be brought "
            "back at once: load it from a document, or import it again."
        )
    versions = _versions_since(session, talks, deleted)
    return [
        (entry.noun, entry.before | versions.get(entry.record_id, {}))
        for entry in found
        if entry.before is not None
    ]


def _versions_since(session: Session, talks: Talks, deleted: Entry) -> dict[int | None, State]:
    """The last version of each record that was deleted after that deletion, by its id."""
    versions: dict[int | None, State] = {}
    point = point_of(deleted)
    later = Which(talks, action=Action.DELETED, since=point[0] + 1)
    while some := read_oldest(session, later, MOST_AT_ONCE, point):
        for entry in some:
            if entry.before is not None:
                versions[entry.record_id] = {"version": entry.before["version"]}
        point = point_of(some[-1])
    return versions
