"""Sides: how they are written and what they mean."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiations_api.compare.side import (
    MalformedSide,
    Side,
    parse_side,
    parse_sides,
    parse_sides_across,
)

TODAY = "2026-07-29"
SLUGS = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True)
SIDES = st.builds(
    lambda party, date: f"{party}@{date}" if date else party,
    SLUGS,
    st.sampled_from(["", "2019", "2020-02", "2019-04-12"]),
)


def test_a_party_alone_means_today() -> None:
    assert parse_side("usa", TODAY) == Side("usa", None, TODAY)


@pytest.mark.parametrize(
    ("date", "on"),
    [
        ("2019", "2019-12-31"),
        ("2020-02", "2020-02-29"),
        ("2019-04-12", "2019-04-12"),
    ],
)
def test_a_date_means_its_last_day(date: str, on: str) -> None:
    assert parse_side(f"prk@{date}", TODAY) == Side("prk", date, on)


def test_two_sides_are_read_left_to_right() -> None:
    left, right = parse_sides("usa...prk@2019", TODAY)
    assert (left, right) == (Side("usa", None, TODAY), Side("prk", "2019", "2019-12-31"))


def test_two_sides_may_be_one_party_on_two_dates() -> None:
    sides = parse_sides("prk@2018-06-12...prk@2019-10-05", TODAY)
    assert [side.on for side in sides] == ["2018-06-12", "2019-10-05"]


@given(SIDES, SIDES)
@settings(deadline=None)
def test_sides_are_written_as_they_are_read(left: str, right: str) -> None:
    sides = parse_sides(f"{left}...{right}", TODAY)
    assert [str(side) for side in sides] == [left, right]


@pytest.mark.parametrize("text", ["", "@", "@2019"])
def test_a_side_without_a_party_is_malformed(text: str) -> None:
    with pytest.raises(MalformedSide, match="a side begins with a party"):
        parse_side(text, TODAY)


@pytest.mark.parametrize("date", ["", "today", "2019-13", "2019-4", "2019@2020", "2019 "])
def test_a_side_with_what_is_no_date_is_malformed(date: str) -> None:
    with pytest.raises(MalformedSide, match=r"is no date: write usa@2019, usa@2019-04 or"):
        parse_side(f"usa@{date}", TODAY)


@pytest.mark.parametrize(
    "text", ["", "usa", "usa..prk", "usa...", "...prk", "...", "usa...prk...kor"]
)
def test_a_comparison_needs_two_sides_with_three_dots_between_them(text: str) -> None:
    with pytest.raises(MalformedSide, match="a comparison has two sides"):
        parse_sides(text, TODAY)


@pytest.mark.parametrize("text", ["us-dprk:usa", "us-dprk:usa...", "a:b...c:d...e:f"])
def test_a_comparison_across_negotiations_is_shown_how_it_is_written(text: str) -> None:
    with pytest.raises(MalformedSide, match=r"like us-dprk:usa\.\.\.iran-nuclear:irn"):
        parse_sides_across(text, TODAY)


def test_a_malformed_side_of_two_says_what_is_wrong_with_it() -> None:
    with pytest.raises(MalformedSide, match="'soon' is no date"):
        parse_sides("usa...prk@soon", TODAY)


@given(SLUGS, SIDES, SLUGS, SIDES)
@settings(deadline=None)
def test_sides_across_negotiations_are_written_as_they_are_read(
    here: str, left: str, there: str, right: str
) -> None:
    written = [f"{here}:{left}", f"{there}:{right}"]
    sides = parse_sides_across("...".join(written), TODAY)
    assert [str(side) for side in sides] == written
    assert [side.negotiation for side in sides] == [here, there]


@pytest.mark.parametrize("text", ["usa...talks:prk", "talks:usa...prk", ":usa...talks:prk"])
def test_a_side_across_negotiations_names_its_own(text: str) -> None:
    with pytest.raises(MalformedSide, match="begins with its negotiation, like us-dprk:usa"):
        parse_sides_across(text, TODAY)


def test_a_side_across_negotiations_names_a_party() -> None:
    with pytest.raises(MalformedSide, match="begins with a party"):
        parse_sides_across("talks:...talks:usa", TODAY)
