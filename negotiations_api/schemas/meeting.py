"""The schema of meetings."""

from typing import Any

from marshmallow import fields, validates_schema

from negotiations_api.compare.meeting import Level, Outcome
from negotiations_api.schemas.base import RecordSchema, StrictSchema, in_order
from negotiations_api.schemas.citation import citations
from negotiations_api.schemas.fields import (
    Choice,
    Date,
    Reference,
    References,
    Several,
    Slug,
    line,
    prose,
)


class AttendanceSchema(StrictSchema):
    """Somebody at a meeting."""

    party = Reference("party", required=True)
    delegate = line(allow_none=True, load_default=None, metadata={"description": "Who it was."})
    role = line(allow_none=True, load_default=None, metadata={"description": "As what."})


class MeetingSchema(RecordSchema):
    """A meeting of the parties, or of some of them."""

    slug = Slug(required=True, metadata={"examples": ["hanoi"]})
    title = line(required=True)
    summary = prose(allow_none=True, load_default=None)
    starts_on = Date(required=True)
    ends_on = Date(allow_none=True, load_default=None)
    place = line(allow_none=True, load_default=None)
    host = Reference("party", allow_none=True, load_default=None)
    level = Choice(Level, required=True)
    outcome = Choice(Outcome, load_default=Outcome.UNKNOWN)
    attendance = Several(fields.Nested(AttendanceSchema), load_default=list)
    agenda = References("demand", load_default=list)
    citations = citations()

    @validates_schema(skip_on_field_errors=False)
    def _dates(self, data: dict[str, Any], **_: Any) -> None:
        in_order(data, "starts_on", "ends_on")
