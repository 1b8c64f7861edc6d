"""The conditions and citations of positions that have been imported."""

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from negotiations_api.models import Position
from negotiations_api.models.staging import import_row
from negotiations_api.records.imports.staging import Run
from negotiations_api.records.position_parts import write_parts_of

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
        write_parts_of(session, [(position, json.loads(parts)) for _, parts, position in rows])
        line = rows[-1].line
