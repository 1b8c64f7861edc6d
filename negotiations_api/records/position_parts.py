"""The parts of many positions, conditions and citations, written past the session."""

import json
from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from negotiations_api.models import Position
from negotiations_api.models.citation import Citation
from negotiations_api.models.identifier import new_id
from negotiations_api.models.position import Condition, condition_demand

Parts = dict[str, Any]
"""The conditions and citations of a position as JSON has them, what they refer to by its id."""


def parts_of(position: Position) -> Parts | None:
    """The conditions and citations of a position; None if it has none."""
    parts: Parts = {
        "conditions": [
            {
                "kind": condition.kind.value,
                "text": condition.text,
                "demands": sorted(demand.id for demand in condition.demands),
            }
            for condition in position.conditions
        ],
        "citations": [
            {
                "source_id": citation.source.id,
                "quotation": citation.quotation,
                "quoted": citation.quoted,
                "locator": citation.locator,
            }
            | ({"audience_id": citation.audience.id} if citation.audience else {})
            for citation in position.citations
        ],
    }
    return parts if any(parts.values()) else None


def parts_text(position: Position) -> str | None:
    """The same, as a text that is equal where they are."""
    parts = parts_of(position)
    return json.dumps(parts) if parts else None


def write_parts_of(session: Session, positions: Sequence[tuple[int, Parts]]) -> None:
    """Write the parts of positions, which are given by their ids."""
    conditions, waits, citations = [], [], []
    for position_id, parts in positions:
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
            {"id": new_id(), "ordinal": ordinal, "position_id": position_id, "audience_id": None}
            | citation
            for ordinal, citation in enumerate(parts["citations"])
        ]
    for table, rows in (
        (cast("Table", Condition.__table__), conditions),
        (condition_demand, waits),
        (cast("Table", Citation.__table__), citations),
    ):
        if rows:
            session.connection().execute(insert(table), rows)
