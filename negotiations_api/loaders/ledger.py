"""What is measured of all positions of a negotiation, kept between requests.

Kept by revision: a reader that is at another one asks only for what has changed since, so that a
write through any process is seen by the next read through any other.
"""

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator
from math import nan
from typing import Any

import numpy as np
from sqlalchemy import Executable, String, select, type_coerce
from sqlalchemy.orm import Session

from negotiations_api.compare.ledger import (
    Ledger,
    day_number,
    empty_ledger,
    table_of,
    table_on,
    updated,
)
from negotiations_api.compare.period import Period
from negotiations_api.compare.position import Demand
from negotiations_api.compare.table import STANCES, PositionTable
from negotiations_api.loaders.grouped import slugs_by_id
from negotiations_api.models import Demand as DemandRow
from negotiations_api.models import Negotiation, Participant, Party, Position

_CHUNK = 20_000
_COLUMNS = (
    Position.id,
    Position.party_id,
    Position.demand_id,
    Position.begins_on,
    Position.ends_on,
    type_coerce(Position.stance, String),
    Position.value,
    Position.salience,
)


class Ledgers:
    """The ledgers of negotiations, those that were used last, as many as fit into `room` bytes."""

    def __init__(self, room: int) -> None:
        self.room = room
        self._kept: OrderedDict[int, tuple[int, Ledger]] = OrderedDict()
        self._lock = threading.Lock()
        self._loading: defaultdict[int, threading.Lock] = defaultdict(threading.Lock)

    def of(self, session: Session, negotiation: Negotiation) -> Ledger:
        """The ledger of a negotiation, at the revision that the session sees."""
        with self._lock:
            loading = self._loading[negotiation.id]
        with loading:  # whoever comes meanwhile waits, and does not load it once more
            revision, kept = self._kept.get(negotiation.id, (-1, empty_ledger()))
            if revision == negotiation.revision:
                self._keep(negotiation.id, revision, kept)
                return kept
            if revision > negotiation.revision:
                # A replica that is behind: what is kept is newer, and stays.
                return load_ledger(session, negotiation)
            if revision < negotiation.removed_at or not self.room:
                ledger = load_ledger(session, negotiation)
            else:
                changed = load_ledger(session, negotiation, since=revision)
                ledger = updated(kept, changed) if len(changed.ids) else kept
            self._keep(negotiation.id, negotiation.revision, ledger)
            return ledger

    def _keep(self, negotiation_id: int, revision: int, ledger: Ledger) -> None:
        with self._lock:
            self._kept.pop(negotiation_id, None)
            if ledger.size <= self.room:
                self._kept[negotiation_id] = (revision, ledger)
            while sum(ledger.size for _, ledger in self._kept.values()) > self.room:
                gone, _ = self._kept.popitem(last=False)
                self._loading.pop(gone, None)


def load_ledger(session: Session, negotiation: Negotiation, since: int = -1) -> Ledger:
    """The positions of a negotiation, those that were written after the revision `since`."""
    statement = select(*_COLUMNS).where(Position.negotiation_id == negotiation.id)
    if since >= 0:
        statement = statement.where(Position.revision > since)
    parts = list(_parts(session, statement.order_by(Position.id)))
    if not parts:
        return empty_ledger()
    return Ledger(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _parts(session: Session, statement: Executable) -> Iterator[tuple[Any, ...]]:
    """The columns of the ledger, piece by piece: as rows they would take ten times the memory."""
    days = _Days()
    stances = {stance.value: code for code, stance in enumerate(STANCES)}
    result = session.execute(statement, execution_options={"yield_per": _CHUNK})
    for rows in result.partitions():
        ids, parties, demands, begins, ends, said, values, saliences = zip(*rows, strict=True)
        yield (
            np.array(ids, np.int64),
            np.array(parties, np.int64),
            np.array(demands, np.int64),
            np.array([days[day] for day in begins], np.int32),
            np.array([days[day] for day in ends], np.int32),
            np.array([stances[stance] for stance in said], np.int8),
            _numbers(values),
            _numbers(saliences),
        )


def load_table(
    ledger: Ledger,
    session: Session,
    negotiation: Negotiation,
    parties: Iterable[str],
    demands: Iterable[Demand],
    when: str | Period,
) -> PositionTable:
    """The table of parties (slugs) and demands, on a day (``YYYY-MM-DD``) or over a period."""
    party_ids = slugs_by_id(
        session,
        select(Party.id, Party.slug)
        .join(Participant, Participant.party_id == Party.id)
        .where(Participant.negotiation_id == negotiation.id),
    )
    demand_ids = slugs_by_id(
        session,
        select(DemandRow.id, DemandRow.slug).where(DemandRow.negotiation_id == negotiation.id),
    )
    asked, by_slug = set(parties), {demand.slug: demand for demand in demands}
    rows = {identifier: slug for identifier, slug in party_ids.items() if slug in asked}
    columns = {
        identifier: by_slug[slug] for identifier, slug in demand_ids.items() if slug in by_slug
    }
    if isinstance(when, Period):
        return table_of(ledger, when, rows, columns)
    return table_on(ledger, when, rows, columns)


class _Days(dict[str, int]):
    """The numbers of days: there are few of them, and many positions."""

    def __missing__(self, day: str) -> int:
        self[day] = day_number(day)
        return self[day]


def _numbers(values: tuple[float | None, ...]) -> Any:
    return np.array([nan if value is None else value for value in values], np.float64)
