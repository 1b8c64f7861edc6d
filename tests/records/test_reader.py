"""Readers: what they read is what the schema would dump of the records."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from marshmallow import Schema, fields, post_dump, pre_dump
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from negotiations_api.database import Access, Database
from negotiations_api.models import (
    Audience,
    Demand,
    Issue,
    Meeting,
    Negotiation,
    Owned,
    Participant,
    Party,
    Position,
    Record,
    Source,
)
from negotiations_api.records.assign import assign
from negotiations_api.records.faults import Missing
from negotiations_api.records.find import eager, in_scope, key_column
from negotiations_api.records.reader import Reader, reader_of
from negotiations_api.records.resolve import Found, look_up
from negotiations_api.records.write import create
from negotiations_api.schemas.audience import AudienceSchema
from negotiations_api.schemas.base import RecordSchema, StrictSchema
from negotiations_api.schemas.citation import CitationSchema
from negotiations_api.schemas.demand import DemandSchema
from negotiations_api.schemas.document import SECTIONS
from negotiations_api.schemas.fields import Choice, Reference, Several, Slug, Strict, line
from negotiations_api.schemas.negotiation import NegotiationSchema
from negotiations_api.schemas.position import PositionSchema
from tests.records.drawn import records

KINDS: dict[type[Record], type[RecordSchema]] = {Negotiation: NegotiationSchema} | {
    section.model: section.schema for section in SECTIONS.values()
}
REFERRED: tuple[type[Record], ...] = (Party, Issue, Source, Participant, Demand, Meeting, Audience)
STRANGERS = ("stranger-a", "stranger-b", "stranger-c")
every_kind = pytest.mark.parametrize("model", KINDS, ids=lambda model: model.noun)


def dumped(session: Session, model: type[Record], schema: RecordSchema) -> list[dict[str, Any]]:
    """What the schema dumps of all records of `model`, by id."""
    statement = in_scope(model, None).options(*eager(schema, model)).order_by(model.id)
    found = session.scalars(statement).unique().all()
    shown: list[dict[str, Any]] = schema.dump(found, many=True)
    return shown


def read(session: Session, model: type[Record], schema: RecordSchema) -> list[dict[str, Any]]:
    """What a reader reads of all records of `model`, by id."""
    return Reader(model, schema).read(session, in_scope(model, None).order_by(model.id))


def instances_read(session: Session, reader: Reader) -> int:
    """How many instances are made while all records of a reader are read."""
    made: list[Record] = []

    def note(record: Record, _: Any) -> None:
        made.append(record)

    event.listen(reader.model, "load", note)
    try:
        assert reader.read(session, in_scope(reader.model, None))
    finally:
        event.remove(reader.model, "load", note)
    return len(made)


def check_alike(session: Session, model: type[Record], schema: RecordSchema) -> None:
    """What is read is what is dumped, to the order of the fields."""
    shown, expected = read(session, model, schema), dumped(session, model, schema)
    assert shown == expected
    assert list(map(repr, shown)) == list(map(repr, expected))  # 1 is no 1.0, nor True
    assert shown


@pytest.fixture
def divided(talks: Database) -> Database:
    """The example talks, with an audience."""
    with talks.transaction(Access.WRITE) as session:
        negotiation = session.scalars(select(Negotiation)).one()
        team = {"slug": "prk-team", "title": "The team", "members": ["desk"]}
        create(session, Audience, AudienceSchema(), team, negotiation)
    return talks


@every_kind
def test_what_is_read_is_what_would_be_dumped(divided: Database, model: type[Record]) -> None:
    with divided.transaction(Access.READ) as session:
        check_alike(session, model, KINDS[model]())


@every_kind
def test_no_kind_of_record_has_to_be_read_as_instances(
    divided: Database, model: type[Record]
) -> None:
    with divided.transaction(Access.READ) as session:
        assert instances_read(session, Reader(model, KINDS[model]())) == 0


@every_kind
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_whatever_is_written_is_read_as_it_would_be_dumped(
    divided: Database, model: type[Record], data: st.DataObject
) -> None:
    with divided.transaction(Access.CATALOGUE, is_trial=True) as session:
        negotiation = session.scalars(select(Negotiation)).one()
        for slug in STRANGERS if model is Participant else ():
            session.add(Party(slug=slug, name=slug, kind="state"))
        session.flush()
        found = look_up(session, negotiation, everything(session))
        known = {
            other.noun: [slug for noun, slug in found if noun == other.noun] for other in REFERRED
        }
        if model is Participant:
            known["party"] = list(STRANGERS)
        schema = KINDS[model]()
        for one in data.draw(records(model, schema, known)):
            session.add(made(model, schema, one, found, negotiation))
        session.flush()
        session.expunge_all()
        check_alike(session, model, schema)


def everything(session: Session) -> set[tuple[str, str]]:
    """All that can be referred to."""
    return {
        (model.noun, slug)
        for model in REFERRED
        for slug in session.scalars(in_scope(model, None).with_only_columns(key_column(model)))
    }


def made(
    model: type[Record],
    schema: RecordSchema,
    drawn: dict[str, Any],
    found: Found,
    negotiation: Negotiation,
) -> Record:
    record = model()
    assign(record, schema, drawn, found)
    if isinstance(record, Owned):
        record.negotiation_id = negotiation.id
    record.created_at, record.updated_at = drawn["created_at"], drawn["updated_at"]
    return record


class Shouted(Strict, fields.String):
    """Foreign, but a function of the value alone, as all strict fields are."""

    def show(self, value: Any) -> Any:
        return str(value).upper()


class LoudChoice(Choice):
    """A choice that is not shown as it is stored."""

    def show(self, value: Any) -> Any:
        return f"{super().show(value)}!"


class Renamed(DemandSchema):
    """Fields under other names, and with shows of their own."""

    class Meta(DemandSchema.Meta):
        exclude = ("title",)

    heading = Shouted(attribute="title")
    text = line(data_key="body")
    nothing = fields.String()


class LoudStance(PositionSchema):
    """A choice with a show of its own."""

    class Meta(PositionSchema.Meta):
        exclude = ("stance",)

    said = LoudChoice(PositionSchema().fields["stance"].enum, attribute="stance")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("model", "schema"),
    [
        (Demand, Renamed()),
        (Position, LoudStance()),
        (Position, PositionSchema(only=["conditions.kind", "summary", "citations"])),
        (Demand, DemandSchema(exclude=["citations", "scale.unit"])),
    ],
    ids=["other names", "another show", "only", "exclude"],
)
def test_fields_of_other_types_and_names_are_read_if_they_show_values(
    talks: Database, model: type[Record], schema: RecordSchema
) -> None:
    with talks.transaction(Access.READ) as session:
        assert instances_read(session, Reader(model, schema)) == 0
        check_alike(session, model, schema)


class Foreign(fields.Field[Any]):
    """A field that looks at the record."""

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> Any:
        return f"{value} of {obj.slug}"


class Reached(Slug):
    """A field with its own way to its value."""

    def get_value(self, obj: Any, attr: Any, accessor: Any = None, default: Any = None) -> Any:
        return obj.issue.title


class NamedReference(Reference):
    """A reference that shows more than a slug."""

    def show(self, value: Any) -> Any:
        return value.title


class WithHook(DemandSchema):
    @post_dump
    def _count(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return data | {"number": len(data)}


class WithFirstHook(DemandSchema):
    @pre_dump
    def _note(self, data: Any, **_: Any) -> Any:
        return data


class CitationWithHook(CitationSchema):
    @post_dump
    def _mark(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return data | {"marked": True}


class WithPartHook(DemandSchema):
    citations = Several(fields.Nested(CitationWithHook))


class WithFunction(DemandSchema):
    twice = fields.Function(lambda record: record.slug * 2)


class WithMethod(DemandSchema):
    length = fields.Method("count")

    def count(self, record: Any) -> int:
        return len(record.title)


class WithForeign(DemandSchema):
    class Meta(DemandSchema.Meta):
        exclude = ("title",)

    name = Foreign(attribute="title")


class WithReached(DemandSchema):
    issue_title = Reached()


class WithPath(DemandSchema):
    issue_title = fields.String(attribute="issue.title")


class WithProperty(DemandSchema):
    key_of_it = fields.String(attribute="key")


class WithName(DemandSchema):
    issue = NamedReference("issue")


class WithDefault(DemandSchema):
    colour = fields.String(dump_default="red")


class WithNoDefault(DemandSchema):
    colour = fields.String(dump_default=None)


class WithConstant(DemandSchema):
    kind = fields.Constant("demand")


class IssueShownSchema(StrictSchema):
    title = line()


class WithRecord(DemandSchema):
    class Meta(DemandSchema.Meta):
        exclude = ("issue",)

    about = fields.Nested(IssueShownSchema, attribute="issue")


class WithOwnDump(DemandSchema):
    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        value = super().get_attribute(obj, attr, default)
        return "Title" if attr == "title" else value


PARTICULAR: list[Callable[[], RecordSchema]] = [
    WithHook,
    WithFirstHook,
    WithPartHook,
    WithFunction,
    WithMethod,
    WithForeign,
    WithReached,
    WithPath,
    WithProperty,
    WithName,
    WithDefault,
    WithNoDefault,
    WithConstant,
    WithRecord,
    WithOwnDump,
]


@pytest.mark.parametrize("make", PARTICULAR, ids=lambda make: make.__name__)
def test_a_schema_that_does_more_is_left_to_dump_by_itself(
    talks: Database, make: Callable[[], RecordSchema]
) -> None:
    schema = make()
    reader = Reader(Demand, schema)
    with talks.transaction(Access.READ) as session:
        assert instances_read(session, reader) > 0
        check_alike(session, Demand, schema)
        found = reader.find(session, "cvid", "us-dprk")
        (shown,) = reader.dump(session, [found.row])
        assert shown in dumped(session, Demand, schema)
        assert (found.noun, found.key, found.version) == ("demand", "cvid", 1)
        assert found.derived is None


@every_kind
def test_a_record_is_found_by_what_stands_for_it(divided: Database, model: type[Record]) -> None:
    reader = reader_of(model, KINDS[model])
    with divided.transaction(Access.READ) as session:
        record = session.scalars(in_scope(model, None).limit(1)).one()
        owner = "us-dprk" if issubclass(model, Owned) else None
        found = reader.find(session, record.key, owner)
        assert (found.id, found.key, found.version) == (record.id, record.key, record.version)
        assert found.derived == record.derived
        assert (found.negotiation and found.negotiation.slug) == owner
        assert reader.dump(session, [found.row]) == [KINDS[model]().dump(record)]
        for key in ("no-such-record", "NO SLUG", "0SAV1NDADV516", ""):
            with pytest.raises(Missing):
                reader.find(session, key, owner)
        if owner is not None:
            with pytest.raises(Missing, match="There is no negotiation 'us-drpk'"):
                reader.find(session, record.key, "us-drpk")


def test_what_is_not_asked_for_is_not_read(
    talks: Database, queries: Callable[[], list[str]]
) -> None:
    reader = reader_of(Position, PositionSchema, frozenset({"id", "stance"}))
    with talks.transaction(Access.READ) as session:
        start = len(queries())
        shown = reader.read(session, in_scope(Position, None))
        ran = [statement for statement in queries()[start:] if statement != "BEGIN"]
    assert all(list(one) == ["id", "stance"] for one in shown)
    assert len(ran) == 1
    assert not any(word in ran[0] for word in ("JOIN", "summary", "citation", "condition"))


def test_a_schema_that_shows_nothing_is_dumped(talks: Database) -> None:
    class Nothing(RecordSchema):
        class Meta(RecordSchema.Meta):
            fields = ()

    schema: Schema = Nothing()
    assert isinstance(schema, RecordSchema)
    with talks.transaction(Access.READ) as session:
        check_alike(session, Demand, schema)
