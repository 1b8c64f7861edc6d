"""Until when a position holds, against a count day by day on a small calendar."""

import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiations_api.compare.date import FOREVER, first_day, last_day
from negotiations_api.compare.validity import last_days

History = list[tuple[str, str | None]]

CALENDAR = [(dt.date(2019, 10, 1) + dt.timedelta(days=number)).isoformat() for number in range(300)]
DATES = [
    "2019-11",
    "2019-12",
    "2020",
    "2020-02",
    "2020-03",
    *(day for day in CALENDAR if "2019-11-25" <= day <= "2020-03-05"),
]


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Positions in any order, no two of which begin on one day or end before they begin."""
    dates = draw(st.lists(st.sampled_from(DATES), unique_by=first_day, max_size=6))
    return [(date, draw(untils(first_day(date)))) for date in dates]


def untils(begin: str) -> st.SearchStrategy[str | None]:
    """The ends that a position may give itself that begins on the day `begin`."""
    return st.none() | st.sampled_from([date for date in DATES if last_day(date) >= begin])


def holding(history: Sequence[tuple[str, str | None]], day: str) -> str | None:
    """The date of the position that holds: the latest that has begun, if it has not ended."""
    begun = [(first_day(date), date, until) for date, until in history if first_day(date) <= day]
    if not begun:
        return None
    _, date, until = max(begin for begin in begun)
    return None if until and last_day(until) < day else date


@given(histories())
@settings(deadline=None)
def test_a_position_holds_while_it_is_the_latest_that_has_begun_and_not_ended(
    history: History,
) -> None:
    in_order = sorted(history, key=lambda item: first_day(item[0]))
    ends = dict(zip((date for date, _ in in_order), last_days(in_order), strict=True))
    for day in CALENDAR:
        held = [date for date, end in ends.items() if first_day(date) <= day <= end]
        latest = holding(history, day)
        assert held == ([latest] if latest else [])


@given(histories())
@settings(deadline=None)
def test_every_position_holds_for_a_day_at_least(history: History) -> None:
    in_order = sorted(history, key=lambda item: first_day(item[0]))
    ends = last_days(in_order)
    assert all(first_day(date) <= end for (date, _), end in zip(in_order, ends, strict=True))


@given(histories())
@settings(deadline=None)
def test_the_plain_order_of_the_texts_is_order_enough(history: History) -> None:
    by_text = sorted(history, key=lambda item: item[0])
    by_day = sorted(history, key=lambda item: first_day(item[0]))
    assert last_days(by_text) == last_days(by_day)


@pytest.mark.parametrize(
    ("history", "ends"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([("2019", None)], [FOREVER], id="no end"),
        pytest.param([("2019", "2019")], ["2019-12-31"], id="until a year, to its last day"),
        pytest.param([("2019-04-12", "2019-04")], ["2019-04-30"], id="until the month it began in"),
        pytest.param(
            [("2019-04-12", "2019-04-12")], ["2019-04-12"], id="until the day on which it began"
        ),
        pytest.param(
            [("2019", None), ("2019-03", None)],
            ["2019-02-28", FOREVER],
            id="to the day before a successor that is known to a month",
        ),
        pytest.param(
            [("2019", "2019-01"), ("2019-03", None)],
            ["2019-01-31", FOREVER],
            id="to its own end, and nothing until the successor",
        ),
        pytest.param(
            [("2019", "2021"), ("2020", "2020-02")],
            ["2019-12-31", "2020-02-29"],
            id="not beyond its successor, nor again after that",
        ),
        pytest.param(
            [("0001", None), ("0001-01-02", None)],
            ["0001-01-01", FOREVER],
            id="at the beginning of the calendar",
        ),
    ],
)
def test_a_position_ends_before_its_successor_or_at_its_own_end(
    history: History, ends: list[str]
) -> None:
    assert last_days(history) == ends


def test_one_that_is_superseded_on_the_day_on_which_it_begins_never_holds() -> None:
    assert last_days([("2019-02", None), ("2019-02-01", None)]) == ["2019-01-31", FOREVER]
    assert last_days([("0001", None), ("0001", None)]) == ["0001-01-01", FOREVER]
