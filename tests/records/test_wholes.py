"""Parts and wholes by name."""

from hypothesis import given
from hypothesis import strategies as st

from negotiations_api.records.wholes import in_circle, wholes_first

names = st.sampled_from("abcdefg")
wholes_of = st.dictionaries(names, st.none() | names | st.just("elsewhere"))


def ancestors(wholes: dict[str, str | None], name: str) -> list[str]:
    """What `name` is part of, and what that is part of, until something comes again."""
    found: list[str] = []
    step = wholes.get(name)
    while step is not None and step not in found:
        found.append(step)
        step = wholes.get(step)
    return found


def test_what_leads_into_a_circle_is_not_in_it() -> None:
    assert in_circle({"a": "b", "b": "c", "c": "b", "d": "d", "e": "x", "f": None}) == set("bcd")


@given(wholes_of)
def test_those_are_in_a_circle_that_are_part_of_themselves(wholes: dict[str, str | None]) -> None:
    assert in_circle(wholes) == {name for name in wholes if name in ancestors(wholes, name)}


@given(wholes_of)
def test_wholes_come_before_their_parts_and_each_name_once(wholes: dict[str, str | None]) -> None:
    order = list(wholes_first(wholes))
    assert sorted(order) == sorted(wholes)
    for name in wholes.keys() - in_circle(wholes):
        whole = wholes[name]
        if whole in wholes and whole not in in_circle(wholes):
            assert order.index(whole) < order.index(name)
