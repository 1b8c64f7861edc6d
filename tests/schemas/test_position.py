"""The rules of positions and their conditions."""

from typing import Any

import pytest

from negotiations_api.compare.position import Stance
from tests.schemas.records import faults, read

CONDITION = {"kind": "precondition", "demands": ["cvid"]}


def conditional(*conditions: Any) -> dict[str, str]:
    """What is said of a conditional position with these conditions."""
    return faults("positions", stance="conditional", conditions=list(conditions))


@pytest.mark.parametrize(
    "condition",
    [
        CONDITION,
        {"kind": "reciprocal", "demands": ["cvid", "peace-treaty"]},
        {"kind": "precondition", "text": "A change of climate."},
        {"kind": "precondition", "demands": [], "text": "A change of climate."},
        {"kind": "reciprocal", "demands": ["cvid"], "text": "In one year."},
        {"kind": "reciprocal", "demands": ["cvid"], "text": None},
    ],
)
def test_a_condition_waits_for_demands_or_a_text(condition: dict[str, Any]) -> None:
    position = read("positions", stance="conditional", conditions=[condition])
    assert condition.items() <= position["conditions"][0].items()


@pytest.mark.parametrize(
    "condition",
    [
        {"kind": "precondition"},
        {"kind": "precondition", "demands": []},
        {"kind": "precondition", "text": None},
        {"kind": "precondition", "demands": [], "text": None},
    ],
)
def test_a_condition_that_waits_for_nothing_is_refused(condition: dict[str, Any]) -> None:
    said = conditional(CONDITION, condition)
    assert list(said) == ["/conditions/1/demands"]
    assert "name one or more demands, or write a text" in said["/conditions/1/demands"]


def test_a_condition_has_a_kind() -> None:
    assert conditional({"demands": ["cvid"]}) == {"/conditions/0/kind": "This field is required."}


def test_a_condition_names_each_demand_once() -> None:
    said = conditional({"kind": "precondition", "demands": ["cvid", "cvid"]})
    assert said == {"/conditions/0/demands/1": "'cvid' stands here twice; name it once."}


@pytest.mark.parametrize("fields", [{}, {"conditions": []}])
def test_a_conditional_position_without_conditions_is_refused_with_an_example(
    fields: dict[str, Any],
) -> None:
    said = faults("positions", stance="conditional", **fields)
    assert list(said) == ["/conditions"]
    assert '{"kind": "precondition", "demands": ["cvid"]}' in said["/conditions"]


@pytest.mark.parametrize("stance", [stance for stance in Stance if stance != "conditional"])
def test_another_stance_with_conditions_is_refused(stance: Stance) -> None:
    said = faults("positions", stance=stance.value, conditions=[CONDITION])
    assert list(said) == ["/conditions"]
    assert f"'{stance.value}'" in said["/conditions"]


@pytest.mark.parametrize("stance", [stance for stance in Stance if stance != "conditional"])
def test_another_stance_has_no_conditions(stance: Stance) -> None:
    assert read("positions", stance=stance.value, conditions=[])["stance"] is stance


@pytest.mark.parametrize("item", ["cvid", 1, True, None, []])
def test_a_condition_that_is_no_object_is_refused(item: Any) -> None:
    assert list(conditional(item)) == ["/conditions/0"]


@pytest.mark.parametrize(
    ("date", "until"),
    [
        ("2019-04-12", "2019-04-12"),
        ("2019-04-12", "2019-04"),
        ("2019-04-12", "2019"),
        ("2019", "2019-01-01"),
        ("2019", "2019"),
        ("2019-04", "2019-04-01"),
        ("2019-04-12", "2020"),
    ],
)
def test_a_position_may_end_on_any_day_from_its_first_on(date: str, until: str) -> None:
    assert read("positions", date=date, until=until)["until"] == until


@pytest.mark.parametrize(
    ("date", "until"),
    [
        ("2019-04-12", "2019-04-11"),
        ("2019-04-12", "2019-03"),
        ("2019-04-12", "2018"),
        ("2019", "2018-12-31"),
        ("2019-04", "2019-03-31"),
        ("2019", "2018"),
    ],
)
def test_a_position_that_ends_before_it_begins_is_refused(date: str, until: str) -> None:
    assert faults("positions", date=date, until=until) == {
        "/until": f"{until} is before date {date}: give {date} or later."
    }


@pytest.mark.parametrize("field", ["salience", "confidence"])
@pytest.mark.parametrize("value", [0, 100, 12.5])
def test_salience_and_confidence_go_from_0_to_100(field: str, value: float) -> None:
    assert read("positions", **{field: value})[field] == value


@pytest.mark.parametrize("field", ["salience", "confidence"])
@pytest.mark.parametrize("value", [-1, 100.5, float("nan"), float("inf")])
def test_salience_and_confidence_beyond_it_are_refused(field: str, value: float) -> None:
    assert faults("positions", **{field: value}) == {f"/{field}": "Give a number from 0 to 100."}


@pytest.mark.parametrize("field", ["value", "reservation_value"])
def test_a_value_may_be_any_number(field: str) -> None:
    assert read("positions", **{field: -1e6})[field] == -1e6


def test_a_position_is_of_a_participant() -> None:
    assert read("positions", party="prk")["participant"] == "prk"


def test_a_fault_with_the_party_points_to_the_party() -> None:
    assert list(faults("positions", party="PRK")) == ["/party"]


def test_everything_that_is_wrong_with_a_position_is_said_at_once() -> None:
    said = faults(
        "positions",
        party="USA",
        stance="conditional",
        conditions=[{"kind": "before"}, "x"],
        until="2018",
        salience=101,
        confidence="high",
        deadline="soon",
        summary="",
        citations=[{"quotation": 1}],
        sumary="x",
    )
    assert set(said) == {
        "/party",
        "/conditions/0/kind",
        "/conditions/0/demands",
        "/conditions/1",
        "/until",
        "/salience",
        "/confidence",
        "/deadline",
        "/summary",
        "/citations/0/source",
        "/citations/0/quotation",
        "/sumary",
    }


def test_the_rule_on_conditions_is_told_beside_other_faults() -> None:
    assert set(faults("positions", stance="conditional", salience=101, until="2018")) == {
        "/conditions",
        "/salience",
        "/until",
    }
