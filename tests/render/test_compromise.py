"""What could be agreed on demands with a scale, rendered."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from negotiations_api.compare.compromise import (
    Compromise,
    Compromises,
    ScaledPosition,
    Zone,
    ZoneOfAgreement,
)
from negotiations_api.compare.participant import Participant
from negotiations_api.compare.position import Party, Scale
from negotiations_api.render.compromise import compromise_page, compromise_table
from tests.compare.factories import demand, position
from tests.render.hostile import TEXTS, WIDTHS, check_page, check_table

SCALE = Scale(0.0, 100.0, "percent", "nothing", "everything")
HALFWAY = position(value=10.0, reservation_value=50.0, salience=80.0)
COMPROMISE = Compromise(
    demand=demand(title="Lift", scale=SCALE),
    positions=(
        ScaledPosition(Participant("usa", "United States", weight=100.0), HALFWAY, 0.8),
        ScaledPosition(Participant("prk", "North Korea"), position(value=90.0, party="prk"), 0.25),
    ),
    without_value=(Party("chn", "China"), Party("kor", "South Korea")),
    mean=29.047619,
    median=10.0,
    median_low=10.0,
    median_high=10.0,
    nash=None,
    zone=ZoneOfAgreement(Zone.UNKNOWN, None, None, is_complete=False),
)


def results_of(compromise: Compromise) -> dict[str, str]:
    """What the values come to, by name."""
    items = compromise_page(Compromises("2019-10-05", (compromise,))).sections[1].items
    return dict(item.split(": ", maxsplit=1) for item in items)


def test_a_demand_says_its_scale_and_who_gave_no_value() -> None:
    page = compromise_page(Compromises("2019-10-05", (COMPROMISE,)))
    assert page.title == "What could be agreed on 2019-10-05"
    assert page.sections[0].title == "sanctions-relief: Lift"
    assert page.sections[0].paragraphs == (
        "From 0 to 100 percent: 0 is nothing; 100 is everything.",
        "Recorded without a value, or rejecting the demand: chn, kor.",
    )


def test_a_scale_whose_ends_mean_nothing_in_particular_is_a_range() -> None:
    bare = replace(COMPROMISE, demand=demand(scale=Scale(0.5, 3.0)), without_value=())
    page = compromise_page(Compromises("2019-10-05", (bare,)))
    assert page.sections[0].paragraphs == ("From 0.5 to 3.",)


def test_the_positions_are_a_table() -> None:
    table = compromise_page(Compromises("2019-10-05", (COMPROMISE,))).sections[0].table
    assert table is not None
    assert table.rows == (
        ("usa", 10.0, 50.0, 80.0, 100.0, 0.8),
        ("prk", 90.0, None, None, None, 0.25),
    )


def test_a_result_is_rounded_or_not_defined() -> None:
    results = results_of(COMPROMISE)
    assert results["weighted mean"] == "29.048"
    assert results["Nash bargaining solution"] == "not defined"


@pytest.mark.parametrize(("high", "said"), [(10.0, "10"), (90.0, "10, from 10 to 90")])
def test_a_median_of_a_tie_says_its_range(high: float, said: str) -> None:
    assert results_of(replace(COMPROMISE, median_high=high))["weighted median"] == said


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        (ZoneOfAgreement(Zone.NON_EMPTY, 40.0, 50.0, is_complete=True), "from 40 to 50"),
        (ZoneOfAgreement(Zone.NON_EMPTY, 40.0, 40.0, is_complete=True), "40"),
        (
            ZoneOfAgreement(Zone.NON_EMPTY, 40.0, 50.0, is_complete=False),
            "at least from 40 to 50; not all have said how far they would go",
        ),
        (
            ZoneOfAgreement(Zone.EMPTY, None, None, is_complete=True),
            "empty; there is no value that all would accept",
        ),
        (
            ZoneOfAgreement(Zone.UNKNOWN, None, None, is_complete=False),
            "not known; not all have said how far they would go",
        ),
    ],
)
def test_a_zone_is_said_in_words(zone: ZoneOfAgreement, said: str) -> None:
    assert results_of(replace(COMPROMISE, zone=zone))["zone of possible agreement"] == said


def test_one_party_alone_makes_no_zone() -> None:
    alone = replace(COMPROMISE, positions=COMPROMISE.positions[:1])
    assert results_of(alone)["zone of possible agreement"] == (
        "not known; only one party has a value"
    )


def test_where_there_is_no_value_it_says_so() -> None:
    page = compromise_page(Compromises("2019-10-05", ()))
    assert page.sections[0].paragraphs == ("No value on a scale is recorded.",)


def test_the_table_has_a_row_for_each_demand_with_all_numbers() -> None:
    table = compromise_table(Compromises("2019-10-05", (COMPROMISE,)))
    assert dict(zip(table.header, table.rows[0], strict=True)) == {
        "demand": "sanctions-relief",
        "title": "Lift",
        "issue": "sanctions-relief",
        "unit": "percent",
        "scale_min": 0.0,
        "scale_max": 100.0,
        "values": 2,
        "mean": 29.047619,
        "median": 10.0,
        "median_low": 10.0,
        "median_high": 10.0,
        "nash": None,
        "zone": "unknown",
        "zone_low": None,
        "zone_high": None,
        "zone_is_complete": "false",
        "without_value": "chn kor",
    }


@given(TEXTS, WIDTHS)
@settings(deadline=None, max_examples=25)
def test_it_keeps_to_the_width_whatever_the_record_says(text: str, width: int) -> None:
    scale = Scale(0.0, 1e300, text, text, text)
    shown = Compromises(
        "2019-10-05", (replace(COMPROMISE, demand=demand(title=text, scale=scale)),)
    )
    check_page(compromise_page(shown), width)
    check_table(compromise_table(shown))
