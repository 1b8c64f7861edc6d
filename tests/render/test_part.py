"""The values and parts of a record in words."""

from typing import Any

import pytest

from negotiations_api.render.part import part_words, value_words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "0"),
        (None, ""),
        (False, "false"),
        (True, "true"),
        (0.1, "0.1"),
        (["a", "b"], "a, b"),
        (["Korea, North", "DPRK"], "Korea, North; DPRK"),
        ({"min": -1, "max": 1, "unit": None, "min_means": None, "max_means": None}, "-1 to 1"),
        ({"x": 1, "y": None, "z": "b"}, "x: 1, z: b"),
    ],
)
def test_every_kind_of_value_has_its_words(value: Any, words: str) -> None:
    assert value_words(value) == words


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({"slug": "cvid", "title": "All of it"}, "cvid: All of it"),
        ({"slug": "prk", "name": "North Korea"}, "prk: North Korea"),
        ({"party": "prk", "role": "host"}, "prk"),
    ],
)
def test_a_record_in_the_place_of_its_slug_is_named(record: dict[str, Any], words: str) -> None:
    assert value_words(record) == words


@pytest.mark.parametrize(
    ("name", "part", "words"),
    [
        ("claims", {"topic": "offer", "affirmed": True, "text": "New."}, "affirmed offer: New."),
        ("claims", {"topic": "offer", "affirmed": False, "text": None}, "denied offer"),
        ("attendance", {"party": "a", "delegate": "A. B.", "role": "envoy"}, "a: A. B., envoy"),
        ("attendance", {"party": "a", "delegate": None, "role": None}, "a"),
        ("member_of", {"party": "un", "since": "1991", "until": None}, "un, since 1991"),
        ("identifiers", {"scheme": "cow", "value": "731"}, "cow: 731"),
        ("citations", {"source": "wire", "quotation": "x", "quoted": None}, 'wire: "x"'),
        ("citations", {"source": "wire", "quoted": "A.", "quotation": None}, "wire: (A.)"),
        ("unheard-of", {"a": 1, "b": None, "c": ["x"]}, "a: 1, c: x"),
    ],
)
def test_a_part_is_one_readable_line(name: str, part: dict[str, Any], words: str) -> None:
    assert part_words(name, part) == words


def test_expanded_records_inside_parts_are_named() -> None:
    wire = {"slug": "wire", "title": "A wire report"}
    assert part_words("citations", {"source": wire, "quotation": None}) == "wire: A wire report"
    cvid = {"slug": "cvid", "title": "All of it"}
    condition = {"kind": "precondition", "demands": [cvid], "text": None}
    assert part_words("conditions", condition) == "only after cvid"
