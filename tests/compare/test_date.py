"""Imprecise dates, against the calendar of the standard library."""

import calendar
import datetime as dt
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiations_api.compare.date import (
    FOREVER,
    Precision,
    day_before,
    eve,
    first_day,
    is_date,
    last_day,
    precision,
    today,
)

DAYS = st.dates()
LENGTHS = {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10}
COARSE_FIRST = list(LENGTHS)


@st.composite
def imprecise(draw: st.DrawFn) -> str:
    """A date at any precision."""
    return draw(DAYS).isoformat()[: draw(st.sampled_from([4, 7, 10]))]


@given(DAYS, st.sampled_from(Precision))
@settings(deadline=None)
def test_a_day_of_the_calendar_is_a_date_at_every_precision(day: dt.date, how: Precision) -> None:
    assert is_date(day.isoformat()[: LENGTHS[how]])


@given(DAYS, st.sampled_from(Precision))
@settings(deadline=None)
def test_the_precision_is_what_is_known(day: dt.date, how: Precision) -> None:
    assert precision(day.isoformat()[: LENGTHS[how]]) is how


@given(st.integers(0, 9999), st.integers(0, 99), st.integers(0, 99))
@settings(deadline=None)
def test_only_days_of_the_calendar_are_dates(year: int, month: int, day: int) -> None:
    exists = (
        year >= 1
        and 1 <= month <= 12
        and 1 <= day <= 28 + max(calendar.monthrange(year, month)[1] - 28, 0)
    )
    assert is_date(f"{year:04}-{month:02}-{day:02}") is exists


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("0000", id="year zero"),
        pytest.param("0000-01-01", id="a day of year zero"),
        pytest.param("2019-00", id="month zero"),
        pytest.param("2019-13", id="a thirteenth month"),
        pytest.param("2019-04-00", id="day zero"),
        pytest.param("2019-04-31", id="the 31st of April"),
        pytest.param("2019-02-30", id="the 30th of February"),
        pytest.param("2019-02-29", id="a leap day of no leap year"),
        pytest.param("1900-02-29", id="a leap day of a century"),
        pytest.param("19", id="a century"),
        pytest.param("201", id="three digits"),
        pytest.param("02019", id="five digits"),
        pytest.param("-2019", id="a negative year"),
        pytest.param("2019-4", id="a month of one digit"),
        pytest.param("2019-04-1", id="a day of one digit"),
        pytest.param("2019-", id="a hyphen at the end"),
        pytest.param("20190412", id="no hyphens"),
        pytest.param("2019/04/12", id="slashes"),
        pytest.param("2019-W15", id="a week"),
        pytest.param("2019-W15-5", id="a day of a week"),
        pytest.param("2019-102", id="a day of a year"),
        pytest.param("2019-04-12T00:00", id="a time"),
        pytest.param("2019-04-12\n", id="a newline at the end"),
        pytest.param("2019\n", id="a newline after a year"),
        pytest.param(" 2019", id="a space at the beginning"),
        pytest.param("٢٠١٩", id="Arabic digits"),
        pytest.param("2019-04-1\uff12", id="a fullwidth digit"),
    ],
)
def test_what_has_another_shape_or_is_not_in_the_calendar_is_no_date(text: str) -> None:
    assert not is_date(text)


@given(imprecise(), st.integers(0, 10), st.sampled_from(["", "-", "0", "9", "\n", " ", "T"]))
@settings(deadline=None)
def test_a_date_is_nothing_but_the_beginning_of_a_day(date: str, at: int, put: str) -> None:
    text = date[:at] + put + date[at:]
    beginnings = [day.isoformat()[:length] for day in _day(text) for length in LENGTHS.values()]
    assert is_date(text) is (text in beginnings)


def _day(text: str) -> list[dt.date]:
    """The day that begins with the digits of a text, if there is one."""
    digits = "".join(character for character in text if character.isdigit())
    try:
        return [dt.date(int(digits[:4]), int(digits[4:6] or 1), int(digits[6:] or 1))]
    except ValueError:
        return []


@given(DAYS)
@settings(deadline=None)
def test_the_first_day_of_a_year_a_month_and_a_day(day: dt.date) -> None:
    text = day.isoformat()
    first_days = [first_day(text[:length]) for length in LENGTHS.values()]
    assert first_days == [
        day.replace(month=1, day=1).isoformat(),
        day.replace(day=1).isoformat(),
        text,
    ]


@given(st.dates(max_value=dt.date(9998, 12, 31)))
@settings(deadline=None)
def test_the_last_day_is_the_one_before_the_next_year_month_or_day_begins(day: dt.date) -> None:
    text = day.isoformat()
    next_month = (day.replace(day=1) + dt.timedelta(days=31)).replace(day=1)
    begin_next = [dt.date(day.year + 1, 1, 1), next_month, day + dt.timedelta(days=1)]
    last_days = [last_day(text[:length]) for length in LENGTHS.values()]
    assert last_days == [(begin - dt.timedelta(days=1)).isoformat() for begin in begin_next]


@pytest.mark.parametrize(
    ("month", "last"),
    [
        ("2019-02", "2019-02-28"),
        ("2020-02", "2020-02-29"),
        ("1900-02", "1900-02-28"),
        ("2000-02", "2000-02-29"),
        ("2019-04", "2019-04-30"),
        ("2019-12", "2019-12-31"),
        ("9999-12", "9999-12-31"),
    ],
)
def test_a_month_ends_on_its_last_day_also_in_leap_years(month: str, last: str) -> None:
    assert last_day(month) == last


@given(imprecise(), imprecise())
@settings(deadline=None)
def test_texts_sort_by_their_first_day_and_a_coarser_date_before_a_finer_one(
    one: str, other: str
) -> None:
    def key(date: str) -> tuple[str, int]:
        return first_day(date), COARSE_FIRST.index(precision(date))

    assert (one < other) is (key(one) < key(other))


def test_a_year_a_month_and_a_day_that_begin_together_sort_from_coarse_to_fine() -> None:
    for shuffled in itertools.permutations(["2019", "2019-01", "2019-01-01"]):
        assert sorted(shuffled) == ["2019", "2019-01", "2019-01-01"]


@given(imprecise(), DAYS)
@settings(deadline=None)
def test_a_date_compares_with_a_whole_day_like_its_first_day(date: str, day: dt.date) -> None:
    assert (date <= day.isoformat()) is (dt.date.fromisoformat(first_day(date)) <= day)


@given(imprecise())
@settings(deadline=None)
def test_a_date_compares_with_its_own_first_day_like_that_day(date: str) -> None:
    assert date <= first_day(date)


@given(imprecise())
@settings(deadline=None)
def test_no_day_of_a_date_comes_after_forever(date: str) -> None:
    assert first_day(date) <= last_day(date) <= FOREVER


@given(st.dates(min_value=dt.date(1, 1, 2)))
@settings(deadline=None)
def test_the_day_before_is_one_day_earlier(day: dt.date) -> None:
    assert day_before(day.isoformat()) == (day - dt.timedelta(days=1)).isoformat()


@pytest.mark.parametrize(
    ("day", "before"),
    [
        ("2020-03-01", "2020-02-29"),
        ("2019-03-01", "2019-02-28"),
        ("2019-01-01", "2018-12-31"),
        ("0001-01-02", "0001-01-01"),
    ],
)
def test_the_day_before_crosses_months_and_years(day: str, before: str) -> None:
    assert day_before(day) == before


def test_nothing_comes_before_the_first_day_of_the_calendar() -> None:
    with pytest.raises(OverflowError):
        day_before("0001-01-01")


def test_the_eve_is_the_day_before_but_of_the_first_day_itself() -> None:
    assert eve("2020-03-01") == "2020-02-29"
    assert eve("0001-01-02") == eve("0001-01-01") == "0001-01-01"


def test_today_is_the_day_in_utc() -> None:
    earliest = dt.datetime.now(dt.UTC).date()
    day = dt.date.fromisoformat(today())
    assert earliest <= day <= dt.datetime.now(dt.UTC).date()
