"""The ledger gives the tables that the positions give one by one."""

from dataclasses import fields
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from negotiations_api.compare.ledger import (
    Ledger,
    day_number,
    empty_ledger,
    table_of,
    table_on,
    updated,
)
from negotiations_api.compare.period import parse_period
from negotiations_api.compare.position import Scale, Stance
from negotiations_api.compare.table import STANCES, tabulate
from tests.compare.factories import demand
from tests.compare.test_table import same

PARTIES = {7: "usa", 3: "prk", 9: "chn"}
DEMANDS = {20: demand("tonnes", scale=Scale(10, 50)), 10: demand("freeze"), 30: demand("end")}
DAYS = ["2018-01-01", "2018-06-12", "2019-02-28", "2019-10-05", "9999-12-31"]

Row = tuple[int, int, int, str, str, Stance, float | None, float | None]


def ledger_of(rows: list[Row]) -> Ledger:
    """The ledger of (id, party, demand, begins_on, ends_on, stance, value, salience)."""
    ordered = sorted(rows)
    columns: list[list[Any]] = [list(column) for column in zip(*ordered, strict=True)]
    if not columns:
        return empty_ledger()
    nan = float("nan")
    return Ledger(
        ids=np.array(columns[0], np.int64),
        parties=np.array(columns[1], np.int64),
        demands=np.array(columns[2], np.int64),
        begins_on=np.array([day_number(day) for day in columns[3]], np.int32),
        ends_on=np.array([day_number(day) for day in columns[4]], np.int32),
        stances=np.array([STANCES.index(stance) for stance in columns[5]], np.int8),
        values=np.array([nan if value is None else value for value in columns[6]]),
        saliences=np.array([nan if value is None else value for value in columns[7]]),
    )


@st.composite
def rows(draw: st.DrawFn) -> list[Row]:
    """Positions, no two of one party on one demand beginning on the same day."""
    made: dict[tuple[int, int, str], Row] = {}
    for _ in range(draw(st.integers(0, 20))):
        party, about = draw(st.sampled_from([7, 3, 8])), draw(st.sampled_from([20, 10, 40]))
        begins, ends = sorted((draw(st.sampled_from(DAYS)), draw(st.sampled_from(DAYS))))
        made[party, about, begins] = (
            draw(st.integers(1, 2**40)),
            party,
            about,
            begins,
            ends,
            draw(st.sampled_from(list(Stance))),
            draw(st.none() | st.floats(10, 50)),
            draw(st.none() | st.floats(0, 100)),
        )
    return list({row[0]: row for row in made.values()}.values())


def plain(some: list[Row]) -> list[tuple[str, str, Stance, float | None, float | None]]:
    """The rows of those that are asked about, as `tabulate` takes them, in order."""
    return [
        (PARTIES[party], DEMANDS[about].slug, stance, value, salience)
        for _, party, about, begins, _, stance, value, salience in sorted(some, key=lambda r: r[3])
        if party in PARTIES and about in DEMANDS
    ]


@given(rows(), st.sampled_from(DAYS))
def test_a_table_of_a_day_is_that_of_the_positions_that_hold(some: list[Row], day: str) -> None:
    # Of several that hold, which no history has, the last one counts.
    held = [row for row in some if row[3] <= day <= row[4]]
    expected = tabulate(list(PARTIES.values()), list(DEMANDS.values()), plain(held))
    assert same(table_on(ledger_of(some), day, PARTIES, DEMANDS), expected)


@given(rows(), st.sampled_from(["2018", "2018-06/2019-02", "../..", "2019/.."]))
def test_a_table_of_a_period_is_that_of_the_positions_taken(some: list[Row], text: str) -> None:
    period = parse_period(text)
    taken = [row for row in some if period.first_day <= row[3] <= period.last_day]
    expected = tabulate(list(PARTIES.values()), list(DEMANDS.values()), plain(taken))
    assert same(table_of(ledger_of(some), period, PARTIES, DEMANDS), expected)


@given(rows(), rows())
def test_what_has_changed_replaces_what_was_there(before: list[Row], changed: list[Row]) -> None:
    made = updated(ledger_of(before), ledger_of(changed))
    expected = ledger_of(
        list(({row[0]: row for row in before} | {row[0]: row for row in changed}).values())
    )
    for field in fields(Ledger):
        one, other = getattr(made, field.name), getattr(expected, field.name)
        assert np.array_equal(one, other, equal_nan=field.name in {"values", "saliences"})
        assert one.dtype == other.dtype


def test_a_million_positions_take_less_than_sixty_megabytes() -> None:
    row: Row = (1, 7, 20, "2018-01-01", "9999-12-31", Stance.ACCEPT, None, None)
    assert ledger_of([row]).size * 1_000_000 < 60_000_000
