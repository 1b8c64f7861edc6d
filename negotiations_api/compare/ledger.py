"""All positions of a negotiation as columns of numbers, from which a table of any day is taken.

A million positions take some 50 MB so, where a million objects take a gigabyte; and what is
measured of them, on any day or over any period, is arithmetic on whole columns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from math import nan

import numpy as np
from numpy.typing import NDArray

from negotiations_api.compare.period import Period
from negotiations_api.compare.position import Demand, Stance
from negotiations_api.compare.score import RANGE
from negotiations_api.compare.table import (
    NOT_RECORDED,
    STANCES,
    Numbers,
    PositionTable,
    acceptance_of,
    filled,
    last_of_each,
)

_REJECT = STANCES.index(Stance.REJECT)


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """Positions, each a place in every column, in the order of their `ids`.

    `parties` and `demands` are ids, `begins_on` and `ends_on` days as the number YYYYMMDD,
    `stances` places in `STANCES`; `values` and `saliences` are NaN where none is recorded.
    """

    ids: NDArray[np.int64]
    parties: NDArray[np.int64]
    demands: NDArray[np.int64]
    begins_on: NDArray[np.int32]
    ends_on: NDArray[np.int32]
    stances: NDArray[np.int8]
    values: Numbers
    saliences: Numbers

    @property
    def size(self) -> int:
        """The memory that it takes, in bytes."""
        return sum(getattr(self, field.name).nbytes for field in fields(self))


def empty_ledger() -> Ledger:
    """No positions."""
    whole = np.empty(0, np.int64)
    day = np.empty(0, np.int32)
    number = np.empty(0, np.float64)
    return Ledger(whole, whole, whole, day, day, np.empty(0, np.int8), number, number)


def day_number(day: str) -> int:
    """``YYYY-MM-DD`` as the number YYYYMMDD."""
    return int(day.replace("-", ""))


def updated(ledger: Ledger, changed: Ledger) -> Ledger:
    """`ledger` with the positions of `changed`, which replace those with the same ids."""
    places = np.searchsorted(ledger.ids, changed.ids)
    is_there = np.zeros(len(changed.ids), np.bool_)
    within = places < len(ledger.ids)
    is_there[within] = ledger.ids[places[within]] == changed.ids[within]
    columns = {}
    for field in fields(Ledger):
        column = getattr(ledger, field.name).copy()
        news = getattr(changed, field.name)
        column[places[is_there]] = news[is_there]
        columns[field.name] = np.insert(column, places[~is_there], news[~is_there])
    return replace(ledger, **columns)


def table_on(
    ledger: Ledger, day: str, parties: Mapping[int, str], demands: Mapping[int, Demand]
) -> PositionTable:
    """The table of the positions that hold on a day (``YYYY-MM-DD``).

    Of the parties (slugs by id) and demands that are given.
    """
    number = day_number(day)
    return _table(
        ledger, (ledger.begins_on <= number) & (ledger.ends_on >= number), parties, demands
    )


def table_of(
    ledger: Ledger, period: Period, parties: Mapping[int, str], demands: Mapping[int, Demand]
) -> PositionTable:
    """The table of the positions taken in a period, of each party its last on a demand."""
    first, last = day_number(period.first_day), day_number(period.last_day)
    taken = (ledger.begins_on >= first) & (ledger.begins_on <= last)
    # One that is superseded on the day on which it begins has never held.
    return _table(ledger, taken & (ledger.ends_on >= ledger.begins_on), parties, demands)


def _table(
    ledger: Ledger,
    which: NDArray[np.bool_],
    parties: Mapping[int, str],
    demands: Mapping[int, Demand],
) -> PositionTable:
    """The table of some of the positions, of which a later one replaces an earlier one."""
    rows, party_slugs = _places(ledger.parties, parties)
    columns, demand_slugs = _places(
        ledger.demands, {identifier: demand.slug for identifier, demand in demands.items()}
    )
    chosen = np.flatnonzero(which & (rows >= 0) & (columns >= 0))
    chosen = chosen[np.argsort(ledger.begins_on[chosen], kind="stable")]
    shape = (len(party_slugs), len(demand_slugs))
    cells = rows[chosen] * len(demand_slugs) + columns[chosen]
    at, last = last_of_each(cells, shape[0] * shape[1])
    chosen = chosen[last]
    stances = np.full(shape, NOT_RECORDED, np.int8)
    stances.flat[at] = ledger.stances[chosen]
    return PositionTable(
        parties=tuple(party_slugs),
        demands=tuple(demand_slugs),
        acceptance=acceptance_of(stances),
        scaled=filled(shape, at, _scaled(ledger, chosen, columns[chosen], demand_slugs, demands)),
        salience=filled(shape, at, ledger.saliences[chosen]),
        stances=stances,
    )


def _places(ids: NDArray[np.int64], slugs: Mapping[int, str]) -> tuple[NDArray[np.intp], list[str]]:
    """Where each of `ids` stands in the order of `slugs`, -1 for others; and that order."""
    order = sorted(slugs.values())
    place_of = {slug: place for place, slug in enumerate(order)}
    known = np.array(sorted(slugs), np.int64)
    places = np.array([place_of[slugs[identifier]] for identifier in known.tolist()], np.intp)
    if not len(known):
        return np.full(len(ids), -1, np.intp), order
    found = np.minimum(np.searchsorted(known, ids), len(known) - 1)
    return np.where(known[found] == ids, places[found], -1), order


def _scaled(
    ledger: Ledger,
    chosen: NDArray[np.intp],
    columns: NDArray[np.intp],
    slugs: Sequence[str],
    demands: Mapping[int, Demand],
) -> Numbers:
    """The accepted values of the chosen positions on the scales of their demands (`score.py`)."""
    accepted = np.where(ledger.stances[chosen] == _REJECT, nan, ledger.values[chosen])
    if np.isnan(accepted).all():
        return accepted
    scales = {demand.slug: demand.scale for demand in demands.values()}
    of_column = [scales[slug] for slug in slugs]
    least = np.array([nan if scale is None else scale.min for scale in of_column])[columns]
    most = np.array([nan if scale is None else scale.max for scale in of_column])[columns]
    scaled: Numbers = (accepted - least) / (most - least) * RANGE - 1
    return scaled
