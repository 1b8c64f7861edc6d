"""Periods of time, against the days of the calendar."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiations_api.compare.date import first_day, last_day
from negotiations_api.compare.period import ALWAYS, MalformedPeriod, Period, parse_period

DAYS = st.dates(dt.date(2018, 1, 1), dt.date(2019, 12, 31))
ENDS = (first_day, last_day)
LENGTHS = st.sampled_from([4, 7, 10])
DATES = st.builds(lambda day, length: day.isoformat()[:length], DAYS, LENGTHS)
PERIODS = st.tuples(DATES, DATES).filter(lambda ends: first_day(ends[0]) <= last_day(ends[1]))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        pytest.param("2019", "2019-01-01", "2019-12-31", id="a year"),
        pytest.param("2020-02", "2020-02-01", "2020-02-29", id="a month"),
        pytest.param("2019-02-28", "2019-02-28", "2019-02-28", id="a day"),
        pytest.param("2018-06/2019-02", "2018-06-01", "2019-02-28", id="from month to month"),
        pytest.param("2018/2019-02-28", "2018-01-01", "2019-02-28", id="from a year to a day"),
        pytest.param("2019/2019", "2019-01-01", "2019-12-31", id="a year twice"),
        pytest.param("2019-06/2019", "2019-06-01", "2019-12-31", id="the rest of a year"),
        pytest.param("2019/2019-06", "2019-01-01", "2019-06-30", id="a year up to a month of it"),
        pytest.param("2018-06-12/..", "2018-06-12", "9999-12-31", id="no end"),
        pytest.param("../2018-06", "0001-01-01", "2018-06-30", id="no beginning"),
        pytest.param("../..", "0001-01-01", "9999-12-31", id="always"),
    ],
)
def test_a_period_is_from_the_first_day_of_its_beginning_to_the_last_of_its_end(
    text: str, first: str, last: str
) -> None:
    assert parse_period(text) == Period(text, first, last)


def test_always_is_the_period_that_is_open_at_both_ends() -> None:
    assert parse_period(ALWAYS.text) == ALWAYS


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("..", id="open, without a slash"),
        pytest.param("/", id="a slash alone"),
        pytest.param("2019/", id="no end written"),
        pytest.param("/2019", id="no beginning written"),
        pytest.param("2018/2019/2020", id="three dates"),
        pytest.param(".../2019", id="three dots"),
        pytest.param("2018..2019", id="dots between dates"),
        pytest.param("2018 / 2019", id="spaces"),
        pytest.param("2019-13", id="a thirteenth month"),
        pytest.param("2018/2019-02-29", id="a day that does not exist"),
        pytest.param("2018/2019\n", id="a newline at the end"),
        pytest.param("last year", id="words"),
        pytest.param("2018-06-12T00:00/2019", id="a time"),
    ],
)
def test_what_is_no_period_is_refused_with_what_would_be_one(text: str) -> None:
    with pytest.raises(MalformedPeriod, match="is no period: write 2019, 2018-06/2019-02-28"):
        parse_period(text)


def test_long_nonsense_is_not_repeated_in_full() -> None:
    with pytest.raises(MalformedPeriod) as refused:
        parse_period("x" * 10_000)
    assert len(str(refused.value)) < 200


@given(DATES, DATES)
@settings(deadline=None)
def test_a_period_that_ends_before_it_begins_is_refused_with_the_one_that_does_not(
    start: str, end: str
) -> None:
    if first_day(start) <= last_day(end):
        assert parse_period(f"{start}/{end}").text == f"{start}/{end}"
        return
    with pytest.raises(MalformedPeriod) as refused:
        parse_period(f"{start}/{end}")
    suggestion = str(refused.value).rpartition(" ")[2]
    assert suggestion == f"{end}/{start}"
    assert parse_period(suggestion).text == suggestion


@given(PERIODS, DAYS)
@settings(deadline=None)
def test_a_period_contains_its_days_and_no_others(ends: tuple[str, str], day: dt.date) -> None:
    first, last = (dt.date.fromisoformat(end(d)) for end, d in zip(ENDS, ends, strict=True))
    assert parse_period("/".join(ends)).overlaps(day.isoformat()) is (first <= day <= last)


@pytest.mark.parametrize(
    ("date", "until", "overlaps"),
    [
        pytest.param("2018", None, True, id="a year that began before it"),
        pytest.param("2019", None, True, id="a year that ends after it"),
        pytest.param("2018-05", None, False, id="the month before it"),
        pytest.param("2019-03", None, False, id="the month after it"),
        pytest.param("2018-05-31", "2018-06-01", True, id="until its first day"),
        pytest.param("2018-05", "2018-05-31", False, id="until the day before it"),
        pytest.param("2019-02-28", "2020", True, id="from its last day"),
        pytest.param("2017", "2020", True, id="all the time"),
    ],
)
def test_what_lasts_overlaps_a_period_that_has_any_day_of_it(
    date: str, until: str | None, overlaps: bool
) -> None:
    assert parse_period("2018-06/2019-02").overlaps(date, until) is overlaps


@given(DATES)
@settings(deadline=None)
def test_every_date_is_in_always(date: str) -> None:
    assert ALWAYS.overlaps(date)
