"""Positions over HTTP: what is refused, and how one supersedes another."""

from typing import Any

import pytest

from tests.api.samples import HERE
from tests.client import Client

POSITIONS = f"{HERE}/positions"


def position(date: str, stance: str = "accept", **more: Any) -> dict[str, Any]:
    return {"party": "alpha", "demand": "treaty", "date": date, "stance": stance} | more


def ends(world: Client) -> dict[str, str | None]:
    items = world.get(f"{POSITIONS}?party=alpha&demand=treaty").get_json()["items"]
    return {item["date"]: item["ends_on"] for item in items}


def test_a_later_position_ends_the_earlier_one_the_day_before(world: Client) -> None:
    world.create(POSITIONS, position("2019"))
    world.create(POSITIONS, position("2020-03", "reject"))
    assert ends(world) == {"2019": "2020-02-29", "2020-03": None}


def test_a_position_put_in_between_ends_the_one_before_it_and_is_ended_by_the_next(
    world: Client,
) -> None:
    world.create(POSITIONS, position("2019"))
    world.create(POSITIONS, position("2021", "reject"))
    world.create(POSITIONS, position("2020-06-15", "reserve"))
    assert ends(world) == {"2019": "2020-06-14", "2020-06-15": "2020-12-31", "2021": None}


def test_deleting_a_position_lets_the_one_before_it_hold_on(world: Client) -> None:
    world.create(POSITIONS, position("2019"))
    second = world.create(POSITIONS, position("2020", "reject")).headers["Location"]
    world.delete(second, "*")
    assert ends(world) == {"2019": None}


def test_correcting_a_date_moves_the_position_in_its_history(world: Client) -> None:
    first = world.create(POSITIONS, position("2019")).headers["Location"]
    world.create(POSITIONS, position("2020", "reject"))
    world.patch(first, {"date": "2021-05"}, "*")
    assert ends(world) == {"2020": "2021-04-30", "2021-05": None}


def test_moving_a_position_to_another_demand_mends_both_histories(world: Client) -> None:
    world.create(POSITIONS, position("2019"))
    second = world.create(POSITIONS, position("2020", "reject")).headers["Location"]
    world.create(POSITIONS, position("2018", demand="prisoners"))
    world.patch(second, {"demand": "prisoners"}, "*")
    assert ends(world) == {"2019": None}
    others = world.get(f"{POSITIONS}?demand=prisoners").get_json()["items"]
    assert [item["ends_on"] for item in others] == ["2019-12-31", None]


def test_until_ends_a_position_without_a_successor_on_its_last_day(world: Client) -> None:
    world.create(POSITIONS, position("2019", until="2020-02"))
    assert ends(world) == {"2019": "2020-02-29"}


def test_a_successor_ends_a_position_before_its_until(world: Client) -> None:
    world.create(POSITIONS, position("2019", until="2025"))
    world.create(POSITIONS, position("2020"))
    assert ends(world)["2019"] == "2019-12-31"


def test_another_party_supersedes_nothing(world: Client) -> None:
    world.create(POSITIONS, position("2019"))
    world.create(POSITIONS, position("2020", party="beta"))
    assert ends(world) == {"2019": None}


@pytest.mark.parametrize("date", ["2019-01-01", "2019-01", "2019"])
def test_two_positions_cannot_begin_on_one_day(world: Client, date: str) -> None:
    first = world.create(POSITIONS, position("2019")).headers["Location"]
    refused = world.post(POSITIONS, position(date, "reject"))
    assert refused.status_code == 409
    assert "2019-01-01" in refused.get_json()["detail"]
    assert refused.get_json()["others"] == [{"noun": "position", "href": first}]


def test_a_correction_cannot_move_a_position_onto_another(world: Client) -> None:
    world.create(POSITIONS, position("2019"))
    second = world.create(POSITIONS, position("2020", "reject")).headers["Location"]
    assert world.patch(second, {"date": "2019-01-01"}, "*").status_code == 409
    assert ends(world) == {"2019": "2019-12-31", "2020": None}


@pytest.mark.parametrize(
    ("change", "pointer", "advice"),
    [
        ({"party": "delta"}, "/party", "make it one first"),
        ({"party": "alfa"}, "/party", "'alpha'"),
        ({"demand": "traety"}, "/demand", "'treaty'"),
        ({"meeting": "sumit"}, "/meeting", "'summit'"),
        ({"stance": "conditional"}, "/conditions", "at least one condition"),
        (
            {"conditions": [{"kind": "precondition", "text": "x"}]},
            "/conditions",
            "make it 'conditional'",
        ),
        (
            {"stance": "conditional", "conditions": [{"kind": "precondition"}]},
            "/conditions/0/demands",
            "name one or more demands",
        ),
        (
            {"stance": "conditional", "conditions": [{"kind": "before", "text": "x"}]},
            "/conditions/0/kind",
            "precondition, reciprocal",
        ),
        (
            {
                "stance": "conditional",
                "conditions": [{"kind": "reciprocal", "demands": ["prisoners", "withdrawl"]}],
            },
            "/conditions/0/demands/1",
            "'withdrawal'",
        ),
        (
            {
                "stance": "conditional",
                "conditions": [{"kind": "reciprocal", "demands": ["treaty"]}],
            },
            "/conditions/0/demands",
            "name another demand",
        ),
        ({"value": 11}, "/value", "give 0 to 10"),
        ({"reservation_value": -1}, "/reservation_value", "give 0 to 10"),
        ({"demand": "prisoners", "value": 1}, "/value", "has no scale"),
        ({"salience": 101}, "/salience", "from 0 to 100"),
        ({"date": "2019-02-30"}, "/date", "2019-04-12"),
        ({"until": "2018"}, "/until", "2019 or later"),
        ({"citations": [{"source": "treety"}]}, "/citations/0/source", "'treaty'"),
    ],
)
def test_each_refusal_names_the_field_and_says_what_would_be_right(
    world: Client, change: dict[str, Any], pointer: str, advice: str
) -> None:
    refused = world.post(POSITIONS, position("2019") | change)
    assert refused.status_code == 422
    errors = {error["pointer"]: error["detail"] for error in refused.get_json()["errors"]}
    assert list(errors) == [pointer]
    assert advice in errors[pointer]
    assert world.get(POSITIONS).get_json()["items"] == []


def test_a_demand_of_another_negotiation_is_no_condition(world: Client) -> None:
    world.create("/v1/negotiations", {"slug": "other", "title": "Other talks"})
    demand = {"slug": "elsewhere", "title": "E", "issue": "peace-treaty"}
    world.create("/v1/negotiations/other/demands", demand)
    waits = {"kind": "precondition", "demands": ["elsewhere"]}
    refused = world.post(POSITIONS, position("2019", "conditional", conditions=[waits]))
    assert refused.get_json()["errors"][0]["pointer"] == "/conditions/0/demands/0"


def test_a_demand_cannot_be_part_of_itself_by_way_of_others(world: Client) -> None:
    world.patch(f"{HERE}/demands/prisoners", {"part_of": "treaty"}, "*")
    world.patch(f"{HERE}/demands/withdrawal", {"part_of": "prisoners"}, "*")
    refused = world.patch(f"{HERE}/demands/treaty", {"part_of": "withdrawal"}, "*")
    assert refused.status_code == 422
    assert refused.get_json()["errors"][0]["pointer"] == "/part_of"


def test_a_scale_cannot_leave_a_position_outside(world: Client) -> None:
    world.create(POSITIONS, position("2019", value=8))
    refused = world.patch(f"{HERE}/demands/treaty", {"scale": {"min": 0, "max": 5}}, "*")
    assert refused.status_code == 409
    assert (
        world.patch(f"{HERE}/demands/treaty", {"scale": {"min": 0, "max": 8}}, "*").status_code
        == 200
    )


def test_all_that_is_wrong_with_a_record_is_said_at_once(world: Client) -> None:
    position = {"party": "alhpa", "demand": "treatey", "date": "2020-02-30", "stance": "agree"}
    answer = world.post(f"{HERE}/positions", position)
    assert answer.status_code == 422
    errors = {error["pointer"]: error["detail"] for error in answer.get_json()["errors"]}
    assert set(errors) == {"/party", "/demand", "/date", "/stance"}
    assert "did you mean 'alpha'" in errors["/party"]
    assert "did you mean 'treaty'" in errors["/demand"]
