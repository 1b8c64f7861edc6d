"""Conditions, citations, claims and the like: read and changed one by one, with their record."""

from typing import Any

import pytest
from flask import Flask

from negotiations_api.http.operation import OperationView
from tests.api.samples import CITATION, HERE, SAMPLES, Sample
from tests.client import Client

PARTS: dict[str, dict[str, Any]] = {
    "identifiers": {"scheme": "isni", "value": "9"},
    "member_of": {"party": "beta", "since": "2005", "until": None},
    "citations": CITATION | {"quotation": "Another one."},
    "conditions": {"kind": "precondition", "demands": [], "text": "Another one."},
    "claims": {"topic": "another", "affirmed": True, "text": None},
    "attendance": {"party": "delta", "delegate": "D. Envoy", "role": None},
}
CHANGES: dict[str, dict[str, Any]] = {
    "identifiers": {"value": "10"},
    "member_of": {"until": "2010"},
    "citations": {"locator": "p. 9"},
    "conditions": {"kind": "reciprocal"},
    "claims": {"affirmed": False},
    "attendance": {"role": "observer"},
}
CASES = [(sample, name) for sample in SAMPLES for name in PARTS if name in sample.payload]

every_part = pytest.mark.parametrize(
    ("sample", "name"), CASES, ids=[f"{sample.noun}-{name}" for sample, name in CASES]
)


def add(world: Client, sample: Sample) -> str:
    return world.create(sample.collection, sample.payload).headers["Location"]


def test_every_list_of_parts_of_the_api_is_tested(app: Flask) -> None:
    views = app.view_functions.values()
    contracts = [view.operation for view in views if isinstance(view, OperationView)]
    names = {c.name.removeprefix("add_to_") for c in contracts if c.name.startswith("add_to_")}
    assert names == {f"{sample.noun}_{name}" for sample, name in CASES}


@every_part
def test_a_part_is_added_at_the_end(world: Client, sample: Sample, name: str) -> None:
    record = add(world, sample)
    before = world.get(record)
    added = world.create(f"{record}/{name}", PARTS[name])
    assert added.get_json() == PARTS[name]
    parts = world.get(record).get_json()[name]
    assert parts == [*before.get_json()[name], PARTS[name]]
    assert added.headers["Location"] == f"{record}/{name}/{len(parts) - 1}"
    assert world.get(added.headers["Location"]).get_json() == PARTS[name]
    assert world.get(f"{record}/{name}").get_json()["items"] == parts


@every_part
def test_a_part_is_changed_and_its_record_is_a_new_version(
    world: Client, sample: Sample, name: str
) -> None:
    record = add(world, sample)
    tag = world.get(record).headers["ETag"]
    address = f"{record}/{name}/0"
    assert world.get(address).headers["ETag"] == tag
    assert world.patch(address, CHANGES[name]).status_code == 428
    changed = world.patch(address, CHANGES[name], tag)
    assert changed.get_json() == sample.payload[name][0] | CHANGES[name]
    assert changed.headers["ETag"] == world.get(record).headers["ETag"] != tag
    assert world.put(address, PARTS[name], tag).status_code == 412
    replaced = world.put(address, PARTS[name], changed.headers["ETag"])
    assert replaced.get_json() == PARTS[name] == world.get(record).get_json()[name][0]


@every_part
def test_a_part_is_deleted_and_the_others_stay(world: Client, sample: Sample, name: str) -> None:
    record = add(world, sample)
    world.create(f"{record}/{name}", PARTS[name])
    assert world.delete(f"{record}/{name}/0").status_code == 428
    assert world.delete(f"{record}/{name}/0", "*").status_code == 204
    left = [*sample.payload[name][1:], PARTS[name]]
    assert world.get(record).get_json()[name] == left
    assert world.get(f"{record}/{name}/{len(left)}").status_code == 404


@every_part
@pytest.mark.parametrize("index", ["9", "-1", "x", "1e0", "0" * 30, "٣"])
def test_a_part_that_is_not_there_is_not_found(
    world: Client, sample: Sample, name: str, index: str
) -> None:
    answer = world.get(f"{add(world, sample)}/{name}/{index}")
    assert answer.status_code == 404


def test_the_last_condition_of_a_conditional_position_stays(world: Client) -> None:
    record = add(world, next(sample for sample in SAMPLES if sample.noun == "position"))
    assert world.delete(f"{record}/conditions/0", "*").status_code == 204
    refused = world.delete(f"{record}/conditions/0", "*")
    assert refused.status_code == 422
    assert "at least one condition" in refused.get_json()["detail"]


def test_what_is_wrong_with_a_part_is_pointed_at_in_the_part(world: Client) -> None:
    record = add(world, next(sample for sample in SAMPLES if sample.noun == "position"))
    refused = world.post(f"{record}/citations", {"source": "treety", "quotaton": "x"})
    assert {error["pointer"] for error in refused.get_json()["errors"]} == {"/quotaton"}
    refused = world.post(f"{record}/citations", {"source": "treety"})
    assert [error["pointer"] for error in refused.get_json()["errors"]] == ["/source"]
    refused = world.post(f"{record}/conditions", {"kind": "reciprocal", "demands": ["treaty"]})
    assert [error["pointer"] for error in refused.get_json()["errors"]] == ["/demands"]
    assert world.post(f"{record}/citations", "x").get_json()["errors"][0]["pointer"] == ""


@pytest.mark.parametrize("index", [0, 1])
def test_a_part_that_comes_to_repeat_another_is_pointed_at_in_the_body(
    world: Client, index: int
) -> None:
    record = add(world, next(sample for sample in SAMPLES if sample.noun == "account"))
    claims = [{"topic": f"topic-{number}", "affirmed": True} for number in range(12)]
    assert world.patch(record, {"claims": claims}, "*").status_code == 200
    refused = world.patch(f"{record}/claims/{index}", {"topic": "topic-11"}, "*")
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.get_json()["errors"]] == ["/topic"]


def test_a_part_of_a_record_that_is_not_there_is_not_found(world: Client) -> None:
    assert world.get(f"{HERE}/meetings/nope/citations").status_code == 404
    assert world.post(f"{HERE}/meetings/nope/citations", CITATION).status_code == 404
