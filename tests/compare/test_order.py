"""The order in which demands are shown."""

import pytest
from hypothesis import given, settings

from negotiations_api.compare.order import in_order
from negotiations_api.compare.position import Demand
from tests.compare.demand_lists import demand_lists
from tests.compare.factories import NUCLEAR, SANCTIONS, demand


def slugs(demands: list[Demand]) -> list[str]:
    """Their slugs."""
    return [each.slug for each in demands]


def test_a_part_follows_its_whole() -> None:
    demands = [demand("a", part_of="z"), demand("b"), demand("z")]
    assert slugs(in_order(demands)) == ["b", "z", "a"]


def test_a_part_of_a_part_stands_between_its_whole_and_what_follows() -> None:
    demands = [
        demand("reactor", part_of="yongbyon"),
        demand("cvid"),
        demand("missiles", part_of="cvid"),
        demand("freeze"),
        demand("yongbyon", part_of="cvid"),
    ]
    assert slugs(in_order(demands)) == ["cvid", "missiles", "yongbyon", "reactor", "freeze"]


def test_a_part_of_a_demand_of_another_issue_stands_among_its_own() -> None:
    demands = [demand("a", NUCLEAR, part_of="z"), demand("b", NUCLEAR), demand("z", SANCTIONS)]
    assert slugs(in_order(demands)) == ["a", "b", "z"]


def test_a_part_of_a_demand_that_is_not_there_stands_on_its_own() -> None:
    demands = [demand("b"), demand("a", part_of="elsewhere")]
    assert slugs(in_order(demands)) == ["a", "b"]


@pytest.mark.parametrize(
    "wholes",
    [
        pytest.param({"a": "a"}, id="itself"),
        pytest.param({"a": "b", "b": "a"}, id="each other"),
        pytest.param({"a": "b", "b": "c", "c": "a", "d": "a"}, id="a ring, and a part of it"),
    ],
)
def test_demands_that_are_parts_of_each_other_are_each_given_once(wholes: dict[str, str]) -> None:
    demands = [demand(slug, part_of=whole) for slug, whole in wholes.items()]
    assert sorted(slugs(in_order(demands))) == sorted(wholes)


@given(demand_lists())
@settings(deadline=None)
def test_a_part_never_stands_before_its_whole_unless_that_is_a_part_of_it(
    demands: list[Demand],
) -> None:
    by_slug = {each.slug: each for each in demands}

    def wholes(part: Demand) -> set[str]:
        found: set[str] = set()
        step: Demand | None = by_slug.get(part.part_of or "")
        while step and step.issue == part.issue and step.slug not in found:
            found.add(step.slug)
            step = by_slug.get(step.part_of or "")
        return found

    order = slugs(in_order(demands))
    early = [
        (part.slug, whole.slug)
        for part in demands
        if (whole := by_slug.get(part.part_of or "")) is not None
        and whole.issue == part.issue
        and part.slug not in wholes(whole)
        and order.index(part.slug) <= order.index(whole.slug)
    ]
    assert early == []
