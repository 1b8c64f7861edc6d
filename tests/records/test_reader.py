"""Readers: what they read is what the schema would dump of the records."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from negotiations_api.database import Access, Database
from negotiations_api.models import Negotiation, Record
from negotiations_api.records.find import eager, in_scope
from negotiations_api.records.reader import Reader
from negotiations_api.schemas.base import RecordSchema
from negotiations_api.schemas.document import SECTIONS
from negotiations_api.schemas.negotiation import NegotiationSchema

KINDS: dict[type[Record], type[RecordSchema]] = {Negotiation: NegotiationSchema} | {
    section.model: section.schema for section in SECTIONS.values()
}
every_kind = pytest.mark.parametrize("model", KINDS, ids=lambda model: model.noun)


def dumped(session: Session, model: type[Record], schema: RecordSchema) -> list[dict[str, Any]]:
    """What the schema dumps of all records of `model`, by id."""
    statement = in_scope(model, None).options(*eager(schema, model)).order_by(model.id)
    records = session.scalars(statement).unique().all()
    shown: list[dict[str, Any]] = schema.dump(records, many=True)
    return shown


def read(session: Session, model: type[Record], schema: RecordSchema) -> list[dict[str, Any]]:
    """What a reader reads of all records of `model`, by id."""
    return Reader(model, schema).read(session, in_scope(model, None).order_by(model.id))


@every_kind
def test_what_is_read_is_what_would_be_dumped(talks: Database, model: type[Record]) -> None:
    with talks.transaction(Access.READ) as session:
        schema = KINDS[model]()
        shown = read(session, model, schema)
        assert shown == dumped(session, model, schema)
        assert [list(one) for one in shown] == [list(one) for one in dumped(session, model, schema)]
        assert shown


@every_kind
def test_no_kind_of_record_has_to_be_read_as_instances(model: type[Record]) -> None:
    assert not Reader(model, KINDS[model]()).is_particular
