"""Bringing back: an earlier state of a record, or one that has been deleted, as a new change.

A negotiation that has been deleted comes back with all that it owned: `negotiation_back.py`.
"""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.orm import Session

from negotiations_api.models import Action, Negotiation, Owned, Record
from negotiations_api.models.identifier import format_id
from negotiations_api.records.assign import load
from negotiations_api.records.faults import Conflict, Fault, Invalid, Other
from negotiations_api.records.history import (
    Entry,
    Which,
    check_known,
    read_newest,
    read_oldest,
)
from negotiations_api.records.noting import schema_of, state_of, writable
from negotiations_api.records.seen import State
from negotiations_api.records.talks import find_talks
from negotiations_api.records.write import create, replace
from negotiations_api.schemas.change import RestoreSchema

MOST_AT_ONCE = 1000
"""So many deletions are looked through at a time.

Of one name no more than these: what was deleted under it before them does not come back.
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
        with of_the_state():
            last = last_deletion(session, Which(talks, model.noun, key), state["id"])
            written = writable(schema, state)
            return create(session, model, schema, written, negotiation, (state, last[1]))
    if state["id"] != format_id(record.id):
        raise Conflict(
            f"Another {model.noun} stands in its place, '{record.key}': delete that first.",
            [Other(model.noun, record.key, negotiation.slug if negotiation else None)],
        )
    with of_the_state():
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
        raise invalid("", "It has not been changed since it was recorded.")
    if newest.before is None:
        raise invalid("", "Its last change is that it was recorded: delete it to undo that.")
    return newest.before


def _after_change(session: Session, which: Which, identifier: int) -> State:
    """The state that a change has left, or that it has ended."""
    found = next(iter(read_newest(session, which, 1, change=identifier)), None)
    if found is None:
        said = f"There is no change '{format_id(identifier)}' in its history."
        raise invalid("/change", said)
    state = found.after or found.before
    assert state is not None
    return state


def _at_revision(session: Session, which: Which, record: Record | None, revision: int) -> State:
    talks = which.talks
    if talks is None:
        said = "No negotiation owns it, so it has no revisions: name a change of its history."
        raise invalid("/revision", said)
    if revision > talks.revision:
        said = f"'{talks.slug}' is at revision {talks.revision}: give that or an earlier one."
        raise invalid("/revision", said)
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
        raise invalid("/revision", f"It was not there at revision {revision}: give another one.")
    return state


def last_deletion(session: Session, which: Which, identifier: str) -> tuple[Entry, State]:
    """The last deletion of the record with an id, and what it was then."""
    for deleted in read_newest(
        session, dataclasses.replace(which, action=Action.DELETED), MOST_AT_ONCE
    ):
        if deleted.before is not None and deleted.before["id"] == identifier:
            return deleted, deleted.before
    raise Conflict("It was deleted too many deletions ago to be brought back: make it anew.")


@contextmanager
def of_the_state() -> Iterator[None]:
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


def invalid(pointer: str, detail: str) -> Invalid:
    """One fault of what was asked for, at a JSON Pointer."""
    return Invalid([Fault(pointer, detail)])
