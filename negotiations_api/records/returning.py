"""Records that come back after they were deleted: the same ones, with the id that they had."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Table, bindparam, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from negotiations_api.models import Attributed, Position, Record
from negotiations_api.models.identifier import parse_id
from negotiations_api.records.seen import State


def like(model: type[Record], state: State) -> Record:
    """A record of `model` that is to be the one which had that state; nothing else is set yet."""
    record = model(
        id=parse_id(state["id"]), created_at=dt.datetime.fromisoformat(state["created_at"])
    )
    if isinstance(record, Position):
        record.created_revision = state["created_revision"]
    return record


def continue_from(session: Session, record: Record, state: State, version: int) -> None:
    """Let a record that has been flushed go on after `version`, the last one that it had.

    So no ETag comes to stand for two things. Who recorded it is who it was.
    """
    continue_all(session, [(record, state, version)])


def continue_all(session: Session, returned: Sequence[tuple[Record, State, int]]) -> None:
    """Let each of many records go on so, with a statement for each kind."""
    given: dict[type[Record], list[dict[str, Any]]] = defaultdict(list)
    for record, state, version in returned:
        values: dict[str, Any] = {"version": version + 1, "updated_at": record.updated_at}
        if isinstance(record, Attributed):
            values["recorded_by"] = state.get("recorded_by")
        for name, value in values.items():
            set_committed_value(record, name, value)
        given[type(record)].append(values | {"record_id": record.id})
    for model, rows in given.items():
        table = cast("Table", model.__table__)
        columns: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "record_id"}
        which = table.c.id == bindparam("record_id")
        # By the connection: a flush begins with the first version of whatever is new.
        session.connection().execute(update(table).where(which).values(columns), rows)
