"""Numbers, lists and periods in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negotiations_api.compare.period import parse_period
from negotiations_api.render.words import count, kind, listed, number, numbers, period_words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.83333, "0.833"),
        (0.5, "0.5"),
        (1.0, "1"),
        (40.0, "40"),
        (12, "12"),
        (-0.0001, "0"),
        (-0.25, "-0.25"),
        (100.0, "100"),
        (1e20, "1e+20"),
    ],
)
def test_a_number_has_three_decimals_at_most(value: float, text: str) -> None:
    assert number(value) == text


@given(st.floats(-1e12, 1e12))
def test_a_number_is_at_most_half_a_thousandth_off(value: float) -> None:
    assert abs(float(number(value)) - value) <= 0.0005 + abs(value) * 1e-12


@given(st.lists(st.floats(-1e6, 1e6), min_size=1))
def test_the_numbers_of_a_column_say_the_same_as_each_alone(values: list[float]) -> None:
    column = numbers(values)
    assert [float(text) for text in column] == [float(number(value)) for value in values]
    assert len({len(text.partition(".")[2]) for text in column}) == 1


@pytest.mark.parametrize(
    ("names", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_a_list_has_an_and_before_the_last(names: list[str], text: str) -> None:
    assert listed(names) == text


def test_one_of_a_thing_is_not_many() -> None:
    assert [count(n, "party", "parties") for n in (0, 1, 2)] == [
        "0 parties",
        "1 party",
        "2 parties",
    ]


def test_a_kind_is_said_without_underscores() -> None:
    assert kind("agreed_to_continue") == "agreed to continue"


@pytest.mark.parametrize(
    ("text", "words"), [("2018/2019", "2018/2019"), ("../..", "the whole record")]
)
def test_a_period_is_said_as_it_was_written_but_for_an_open_one(text: str, words: str) -> None:
    assert period_words(parse_period(text)) == words
