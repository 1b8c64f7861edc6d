"""The conditions and citations of positions that have been imported."""

import json
from typing import Any, cast

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from negotiations_api.models import Position
from negotiations_api.models.citation import Citation
from negotiations_api.models.identifier import new_id
from negotiations_api.models.position import Condition, condition_demand
from negotiations_api.models.staging import import_row
from negotiations_api.records.imports.staging import Run

_row = import_row.c
_CHUNK = 2000


def write_parts(session: Session, run: Run) -> None:
    """Write the parts of the positions that have been made of staged rows."""
    line = 0
    while rows := session.execute(
        select(_row.line, _row.parts, Position.id)
        .select_from(import_row)
        .join(
            Position,
            (Position.demand_id == _row.demand_id)
            & (Position.party_id == _row.party_id)
            & (Position.begins_on == _row.begins_on),
        )
        .where(_row.run_id == run.id, _row.line > line, _row.parts.is_not(None))
        .order_by(_row.line)
        .limit(_CHUNK)
    ).all():
        _write(session, [(position, json.loads(parts)) for _, parts, position in rows])
        line = rows[-1].line


def _write(session: Session, parts_of: list[tuple[int, Any]]) -> None:
    conditions, waits, citations = [], [], []
    for position_id, parts in parts_of:
        for ordinal, condition in enumerate(parts["conditions"]):
            made = new_id()
            waits += [
                {"condition_id": made, "demand_id": demand} for demand in condition["demands"]
            ]
            conditions.append(
                {
                    "id": made,
                    "ordinal": ordinal,
                    "position_id": position_id,
                    "kind": condition["kind"],
                    "text": condition["text"],
                }
            )
        citations += [
            {"id": new_id(), "ordinal": ordinal, "position_id": position_id} | citation
            for ordinal, citation in enumerate(parts["citations"])
        ]
    for table, rows in (
        (cast("Table", Condition.__table__), conditions),
        (condition_demand, waits),
        (cast("Table", Citation.__table__), citations),
    ):
        if rows:
            session.connection().execute(insert(table), rows)
