"""Bringing back: an earlier state of a record, or one that has been deleted, as a new change."""

import dataclasses
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from negotiations_api.database.rights import check_may_show, rights_of
from negotiations_api.models import Action, Audience, Negotiation, Owned, Position, Record
from negotiations_api.models.identifier import format_id
from negotiations_api.records.assign import load
from negotiations_api.records.faults import Conflict, Fault, Invalid, Other
from negotiations_api.records.history import (
    Entry,
    Which,
    check_known,
    point_of,
    read_newest,
    read_oldest,
)
from negotiations_api.records.loading import load_document
from negotiations_api.records.noting import schema_of, state_of, writable
from negotiations_api.records.positions_back import bring_positions
from negotiations_api.records.seen import State
from negotiations_api.records.talks import Talks, find_talks, hides_something
from negotiations_api.records.write import create, replace
from negotiations_api.schemas.base import RecordSchema
from negotiations_api.schemas.change import RestoreSchema
from negotiations_api.schemas.document import SECTIONS
from negotiations_api.schemas.negotiation import NegotiationSchema

_MOST = 1000
"""So many deletions are looked through at a time.

Of one name no more than these: what was deleted under it before them does not come back.
"""

MOST_RECORDS = 15_000
"""The most records that a negotiation which comes back may own: nobody else writes meanwhile.

So many positions take 6 to 7 s.
"""


def restore(
    session: Session,
    model: type[Record],
    key: str,
    record: Record | None,
    negotiation: Negotiation | None,
    payload: Any,
) -> Record:
    """Make the record of `model` that `key` stands for what it was, and flush it.

    `record` is what stands there now, if anything does. Raises Invalid, Conflict, and Missing for
    what has never been there.
    """
    asked = load(RestoreSchema(), payload)
    talks = None
    if issubclass(model, Owned) and negotiation is not None:
        talks = find_talks(session, negotiation.slug)
    elif model is Negotiation:
        talks = find_talks(session, key)
    state = _wanted(session, Which(talks, model.noun, key), model, record, asked)
    schema = schema_of(model)()
    if record is None:
        with _of_the_state():
            last = _last_deletion(session, Which(talks, model.noun, key), state["id"])
            written = writable(schema, state)
            return create(session, model, schema, written, negotiation, (state, last[1]))
    if state["id"] != format_id(record.id):
        raise Conflict(
            f"Another {model.noun} stands in its place, '{record.key}': delete that first.",
            [Other(model.noun, record.key, negotiation.slug if negotiation else None)],
        )
    with _of_the_state():
        replace(session, record, schema, writable(schema, state), negotiation, Action.RESTORED)
    return record


def _wanted(
    session: Session,
    which: Which,
    model: type[Record],
    record: Record | None,
    asked: dict[str, Any],
) -> State:
    """The state that is asked for. Raises Invalid if there is none."""
    newest = next(iter(read_newest(session, which, 1)), None)
    if newest is None and record is None:
        assert which.key is not None
        check_known(session, model, which.key, which.talks)
    if "change" in asked:
        return _after_change(session, which, asked["change"])
    if "revision" in asked:
        return _at_revision(session, which, record, asked["revision"])
    if newest is None:
        raise _invalid("", "It has not been changed since it was recorded.")
    if newest.before is None:
        raise _invalid("", "Its last change is that it was recorded: delete it to undo that.")
    return newest.before


def _after_change(session: Session, which: Which, identifier: int) -> State:
    """The state that a change has left, or that it has ended."""
    found = next(iter(read_newest(session, which, 1, change=identifier)), None)
    if found is None:
        said = f"There is no change '{format_id(identifier)}' in its history."
        raise _invalid("/change", said)
    state = found.after or found.before
    assert state is not None
    return state


def _at_revision(session: Session, which: Which, record: Record | None, revision: int) -> State:
    talks = which.talks
    if talks is None:
        said = "No negotiation owns it, so it has no revisions: name a change of its history."
        raise _invalid("/revision", said)
    if revision > talks.revision:
        said = f"'{talks.slug}' is at revision {talks.revision}: give that or an earlier one."
        raise _invalid("/revision", said)
    state: State | None
    before = next(iter(read_newest(session, which, 1, (revision + 1, 0))), None)
    after = next(iter(read_oldest(session, which, 1, (revision + 1, -1))), None)
    if before is not None:
        state = before.after
    elif after is not None:
        state = after.before  # from before there was a history, or imported
    else:
        state = state_of(record) if record is not None else None
    if state is None or (before is None and state.get("created_revision", 0) > revision):
        raise _invalid("/revision", f"It was not there at revision {revision}: give another one.")
    return state


def _last_deletion(session: Session, which: Which, identifier: str) -> tuple[Entry, State]:
    """The last deletion of the record with an id, and what it was then."""
    for deleted in read_newest(session, dataclasses.replace(which, action=Action.DELETED), _MOST):
        if deleted.before is not None and deleted.before["id"] == identifier:
            return deleted, deleted.before
    raise Conflict("It was deleted too many deletions ago to be brought back: make it anew.")


def restore_negotiation(session: Session, slug: str, payload: Any) -> Negotiation:
    """Bring back a negotiation that was deleted, with all that went with it, and flush it.

    The last one that there was under the slug, or the one that the change that is asked for has
    deleted. Raises Invalid if something that it refers to is gone, Conflict if it is too large, and
    Forbidden if it would be seen by others than when it was last deleted, but for administrators.
    """
    asked = load(RestoreSchema(), payload)
    if "revision" in asked:
        said = "A deleted negotiation comes back as it was when it was deleted: leave this out."
        raise _invalid("/revision", said)
    talks = find_talks(session, slug)
    of_it = Which(talks, Negotiation.noun, slug, Action.DELETED)
    deleted = next(iter(read_newest(session, of_it, 1, change=asked.get("change"))), None)
    if deleted is None:
        said = "A deleted negotiation comes back as it was when it was deleted: name that change."
        raise _invalid("/change", said)
    assert deleted.before is not None
    last, state = _last_deletion(session, of_it, deleted.before["id"])
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
    with _of_the_state():
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
    while some := read_oldest(session, later, _MOST, point):
        for entry in some:
            if entry.before is not None:
                versions[entry.record_id] = {"version": entry.before["version"]}
        point = point_of(some[-1])
    return versions


@contextmanager
def _of_the_state() -> Iterator[None]:
    """Say of faults that they are of the state, and not of what was sent."""
    try:
        yield
    except Invalid as error:
        raise Invalid(
            [
                Fault("", f"As it was, it cannot be now: {f.pointer}: {f.detail}")
                for f in error.faults
            ]
        ) from None


def _invalid(pointer: str, detail: str) -> Invalid:
    return Invalid([Fault(pointer, detail)])
