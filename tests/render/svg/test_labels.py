"""Labels in a line or two."""

from hypothesis import given, settings
from hypothesis import strategies as st

from negotiations_api.render.svg.labels import labels
from negotiations_api.render.svg.lettering import width

ROOM = 120.0
LONG = "Adopt a new constitution with guarantees for minorities and regions by 2020"


def test_a_short_text_is_one_line() -> None:
    [label] = labels(["A treaty"], ["treaty"], ROOM)
    assert (label.lines, label.slug) == (("A treaty",), "")


def test_a_longer_one_has_a_second_line() -> None:
    [label] = labels(["A treaty that ends the war for good"], ["treaty"], ROOM)
    assert (len(label.lines), label.slug) == (2, "")
    assert " ".join(label.lines) == "A treaty that ends the war for good"


def test_one_that_is_cut_shows_its_slug() -> None:
    [label] = labels([LONG], ["constitution"], ROOM)
    assert label.lines[0].endswith("…")
    assert label.slug == "constitution"


def test_texts_that_are_the_same_show_their_slugs() -> None:
    found = labels(["A treaty", "A treaty", "A visit"], ["first", "second", "visit"], ROOM)
    assert [label.slug for label in found] == ["first", "second", ""]


def test_a_text_of_nothing_is_known_by_its_slug() -> None:
    [label] = labels(["  "], ["nothing"], ROOM)
    assert label.slug == "nothing"


@given(st.lists(st.text("ab W", max_size=60), min_size=1, max_size=8))
@settings(deadline=None)
def test_no_two_read_alike_and_each_has_room(texts: list[str]) -> None:
    found = labels(texts, [str(place) for place in range(len(texts))], ROOM)
    assert len({(label.lines, label.slug) for label in found}) == len(texts)
    assert all(width(line) <= ROOM for label in found for line in label.lines)
