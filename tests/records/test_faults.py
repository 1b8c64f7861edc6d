"""Faults and the pointers to them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from negotiations_api.records.faults import Fault, Invalid, faults_of, pointer
from negotiations_api.records.strict_yaml import read_yaml
from negotiations_api.schemas.position import PositionSchema

RFC_6901 = {"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5} | {
    'k"l': 6,
    " ": 7,
    "m~n": 8,
}


def follow(at: str, value: Any) -> Any:
    """The part of `value` that a JSON Pointer points to (RFC 6901, section 4)."""
    for step in at.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        value = value[int(name) if isinstance(value, list) else name]
    return value


def nested(path: list[str | int]) -> Any:
    """A value with 'here' at the end of `path`."""
    value: Any = "here"
    for step in reversed(path):
        value = {step: value} if isinstance(step, str) else [None] * step + [value]
    return value


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((), ""),
        (("foo",), "/foo"),
        (("foo", 0), "/foo/0"),
        (("",), "/"),
        (("a/b",), "/a~1b"),
        (("m~n",), "/m~0n"),
        (("~1",), "/~01"),
        (("/~",), "/~1~0"),
        ((" ",), "/ "),
    ],
)
def test_a_pointer_is_escaped_as_rfc_6901_says(steps: tuple[str | int, ...], expected: str) -> None:
    assert pointer(*steps) == expected


@pytest.mark.parametrize(("name", "value"), RFC_6901.items())
def test_a_pointer_leads_to_the_part_in_the_example_of_rfc_6901(name: str, value: Any) -> None:
    assert follow(pointer(name), RFC_6901) == value


@given(st.lists(st.text("ab/~01 ", max_size=5) | st.integers(0, 3), max_size=5))
def test_a_pointer_leads_back_to_where_it_was_made(path: list[str | int]) -> None:
    assert follow(pointer(*path), nested(path)) == "here"


def test_each_message_is_one_fault_in_the_order_found() -> None:
    messages = {"title": ["First.", "Second."], "citations": {1: {"source": ["Third."]}}}
    assert list(faults_of(messages)) == [
        Fault("/title", "First."),
        Fault("/title", "Second."),
        Fault("/citations/1/source", "Third."),
    ]


def test_a_message_on_a_whole_object_points_to_the_object() -> None:
    messages = {"_schema": ["All."], "scale": {"_schema": ["Part."], "min": ["Field."]}}
    assert list(faults_of(messages)) == [
        Fault("", "All."),
        Fault("/scale", "Part."),
        Fault("/scale/min", "Field."),
    ]


def test_a_name_with_a_slash_is_escaped_in_the_pointer_to_its_fault() -> None:
    assert list(faults_of({"a/b": {"c~d": ["No."]}})) == [Fault("/a~1b/c~0d", "No.")]


def test_faults_of_a_part_stand_below_the_part() -> None:
    assert list(faults_of({"date": ["No."]}, "/positions/3")) == [Fault("/positions/3/date", "No.")]


def test_no_messages_are_no_faults() -> None:
    assert list(faults_of({})) == []


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ({}, Fault("/date", "This field is required.")),
        ({"party": None}, Fault("/party", "This field cannot be null: ")),
        ({"citations": "x"}, Fault("/citations", "Write a list here, in square brackets.")),
        ({"citations": ["x"]}, Fault("/citations/0", "Write an object here, in braces.")),
        ([], Fault("", "Write an object here, in braces.")),
    ],
)
def test_what_marshmallow_says_is_said_in_the_words_of_the_service(
    value: Any, fault: Fault
) -> None:
    with pytest.raises(ValidationError) as refused:
        PositionSchema().load(value)
    said = {found.pointer: found.detail for found in faults_of(refused.value.messages)}
    assert said[fault.pointer].startswith(fault.detail)


def test_invalid_input_says_every_fault() -> None:
    assert (
        str(Invalid([Fault("/a", "First."), Fault("/b", "Second.")])) == "/a: First.; /b: Second."
    )


def test_faults_get_the_lines_of_the_text_that_they_stand_in() -> None:
    tree = read_yaml(b"a: 1\nb:\n  - 2\n  - 3\n")
    invalid = Invalid([Fault("/b/1", "No."), Fault("/b/0/c", "No."), Fault("/d", "No.")])
    assert [fault.line for fault in invalid.in_text(tree.line).faults] == [4, 3, 1]
