"""What a peer in Python does to write a position: the same as the service does."""

import datetime as dt
from typing import Any

from negotiations_api.models.identifier import new_id

FOREVER = "9999-12-31"


def day_before(day: str) -> str:
    """The day before, both as ``YYYY-MM-DD``."""
    return (dt.date.fromisoformat(day) - dt.timedelta(days=1)).isoformat()


def columns_of(
    taken: dict[str, Any], ids: tuple[int, int, int], following: str | None
) -> dict[str, Any]:
    """The columns of a new position; `following` is the first day of the next one."""
    begins_on = (taken["date"] + "-01-01")[:10]
    moment = dt.datetime.now(dt.UTC)
    negotiation, party, demand = ids
    return {
        "id": new_id(),
        "negotiation_id": negotiation,
        "party_id": party,
        "demand_id": demand,
        "date": taken["date"],
        "begins_on": begins_on,
        "ends_on": day_before(following) if following else FOREVER,
        "stance": taken["stance"],
        "salience": taken["salience"],
        "summary": taken["summary"],
        "version": 1,
        "created_at": moment,
        "updated_at": moment,
    }
