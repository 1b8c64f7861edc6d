"""Deleting what others refer to is a conflict that says what refers to it."""

from typing import Any

import pytest

from tests.api.samples import HERE, SAMPLES
from tests.client import Client

BY_NOUN = {sample.noun: sample for sample in SAMPLES}


@pytest.mark.parametrize(
    ("address", "noun"),
    [
        ("/v1/parties/alpha", "party"),  # a membership of gamma's
        ("/v1/parties/delta", "participant"),
        ("/v1/parties/beta", "demand"),
        ("/v1/parties/delta", "meeting"),
        ("/v1/parties/alpha", "account"),
        ("/v1/parties/beta", "commitment"),
        ("/v1/parties/delta", "event"),
        ("/v1/issues/peace-treaty", "demand"),
        ("/v1/issues/peace-treaty", "event"),
        ("/v1/sources/treaty", "position"),
        ("/v1/sources/treaty", "meeting"),
        ("/v1/sources/treaty", "account"),
        (f"{HERE}/participants/alpha", "position"),
        (f"{HERE}/participants/alpha", "participant"),  # delta supports it
        (f"{HERE}/demands/treaty", "demand"),  # fence is part of it
        (f"{HERE}/demands/treaty", "position"),
        (f"{HERE}/demands/withdrawal", "position"),  # a condition names it
        (f"{HERE}/demands/prisoners", "meeting"),  # the agenda names it
        (f"{HERE}/demands/prisoners", "commitment"),
        (f"{HERE}/meetings/summit", "position"),
        (f"{HERE}/meetings/summit", "account"),
        (f"{HERE}/meetings/summit", "commitment"),
    ],
)
def test_what_is_referred_to_stays_until_that_is_gone(
    world: Client, address: str, noun: str
) -> None:
    sample = BY_NOUN[noun]
    referring = world.create(sample.collection, sample.payload).headers["Location"]
    refused = world.delete(address, "*")
    assert refused.status_code == 409
    assert {"noun": noun, "href": referring} in refused.get_json()["others"]
    assert world.get(address).status_code == 200


def test_what_is_no_longer_referred_to_can_go(world: Client) -> None:
    sample = BY_NOUN["account"]
    referring = world.create(sample.collection, sample.payload).headers["Location"]
    assert world.delete(f"{HERE}/meetings/summit", "*").status_code == 409
    world.delete(referring, "*")
    assert world.delete(f"{HERE}/meetings/summit", "*").status_code == 204


def test_a_negotiation_takes_all_that_it_owns_with_it(world: Client) -> None:
    for sample in SAMPLES:
        if sample.is_owned:
            world.create(sample.collection, sample.payload)
    assert world.delete(HERE, "*").status_code == 204
    world.create("/v1/negotiations", {"slug": "border", "title": "Border talks, again"})
    for sample in SAMPLES:
        if sample.is_owned:
            assert world.get(sample.collection).get_json()["items"] == []
    assert world.delete("/v1/parties/alpha", "*").status_code == 204


def test_many_referrers_are_named_by_a_few(world: Client) -> None:
    for number in range(30):
        demand = {"slug": f"d{number}", "title": "D", "issue": "sanctions-relief"}
        world.create(f"{HERE}/demands", demand)
    refused = world.delete("/v1/issues/sanctions-relief", "*")
    assert 0 < len(refused.get_json()["others"]) < 10


def test_what_refers_in_two_ways_is_named_by_a_few(world: Client) -> None:
    for number in range(10):
        position: dict[str, Any] = {
            "party": "alpha",
            "demand": "prisoners",
            "date": f"20{number + 30}",
            "stance": "accept",
        }
        if number % 2:
            condition = {"kind": "reciprocal", "demands": ["prisoners"]}
            position |= {"demand": "treaty", "stance": "conditional", "conditions": [condition]}
        world.create(f"{HERE}/positions", position)
    refused = world.delete(f"{HERE}/demands/prisoners", "*")
    assert [other["noun"] for other in refused.get_json()["others"]].count("position") == 5
