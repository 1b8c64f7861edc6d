"""A dump that is made once shows what the schema's own dump shows."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, fields, post_dump

from negotiations_api.compare.date import FOREVER
from negotiations_api.compare.position import Citation, Condition, ConditionKind, Position, Stance
from negotiations_api.http import question
from negotiations_api.http.representations import json_bytes
from negotiations_api.schemas.answer import ComparedPositionSchema
from negotiations_api.schemas.compiled import compile_dump
from negotiations_api.schemas.fields import Choice, Number
from tests.api.test_questions import QUESTIONS
from tests.client import Client

texts = st.none() | st.text(max_size=8)
numbers = st.none() | st.floats(-1e18, 1e18) | st.integers(-100, 100).map(float)
positions = st.builds(
    Position,
    id=st.text(max_size=13),
    party=st.text(max_size=5),
    demand=st.text(max_size=5),
    date=st.sampled_from(["2019", "2019-04", "2019-04-12"]),
    ends_on=st.sampled_from(["2020-01-01", FOREVER]),
    stance=st.sampled_from(Stance),
    until=texts,
    conditions=st.lists(
        st.builds(
            Condition,
            kind=st.sampled_from(ConditionKind),
            demands=st.lists(st.text(max_size=4), max_size=2).map(tuple),
            text=texts,
        ),
        max_size=2,
    ).map(tuple),
    value=numbers,
    reservation_value=numbers,
    salience=numbers,
    confidence=numbers,
    deadline=texts,
    summary=texts,
    meeting=texts,
    citations=st.lists(
        st.builds(Citation, source=st.text(max_size=5), title=st.text(max_size=5), url=texts),
        max_size=2,
    ).map(tuple),
)
COMPILED = compile_dump(ComparedPositionSchema())


@given(positions)
def test_a_position_is_shown_as_its_schema_shows_it(position: Position) -> None:
    expected = ComparedPositionSchema().dump(position)
    shown = COMPILED(position)
    assert shown == expected
    assert json_bytes(shown) == json_bytes(expected)


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_every_answer_is_what_its_schema_shows(
    talks: object, client: Client, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    compared: list[tuple[Any, Any]] = []
    shown: Callable[..., Any] = question.shown

    def both(schema: type[Schema], computed: Any) -> Any:
        dumped, is_of_one = shown(schema, computed)
        compared.append((dumped, schema().dump(computed)))
        return dumped, is_of_one

    monkeypatch.setattr(question, "shown", both)
    # Asked about in some way that no other test asks, so that it is not known already.
    address = QUESTIONS[name]
    client.get(f"{address}{'&' if '?' in address else '?'}width=123")
    ((dumped, expected),) = compared
    assert json_bytes(dumped) == json_bytes(expected)
    assert dumped == expected


class Colour(StrEnum):
    RED = "red"


@dataclass
class Thing:
    name: Any = "thing"
    colour: Any = Colour.RED
    size: Any = 2.0
    inner: Any = None
    label: Any = "a label"


class Hooked(Schema):
    name = fields.String()

    @post_dump
    def _loud(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"NAME": data["name"].upper()}


class Foreign(fields.String):
    def _serialize(self, value: Any, attr: Any, obj: Any, **_: Any) -> Any:
        return f"<{value}>"


class Outer(Schema):
    called = Foreign(attribute="name")
    key = fields.String(attribute="label", data_key="Key")
    colour = Choice(Colour)
    size = Number()
    sizes = fields.Dict(keys=fields.String(), values=fields.Integer(), attribute="inner.size")
    inner = fields.Nested(lambda: Outer(only=("called", "size")), allow_none=True)


class Computed(Schema):
    name = fields.Function(lambda thing: thing.name * 2)


@pytest.mark.parametrize(
    ("schema", "thing"),
    [
        (Hooked(), Thing()),
        (Computed(), Thing()),
        (Outer(exclude=("inner",)), Thing(inner=Thing(size={"a": 1}))),
        (Outer(exclude=("sizes",)), Thing(inner=Thing("other", size=1.5))),
        (Outer(exclude=("sizes",)), Thing(colour=None, size=None)),
        (Outer(only=("size",)), Thing()),
    ],
)
def test_what_a_field_or_a_hook_does_in_its_own_way_is_left_to_it(
    schema: Schema, thing: Thing
) -> None:
    assert compile_dump(schema)(thing) == schema.dump(thing)
