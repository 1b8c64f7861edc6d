"""The schema of demands."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from negotiations_api.schemas.audience import limited_to
from negotiations_api.schemas.base import RecordSchema, StrictSchema
from negotiations_api.schemas.citation import citations
from negotiations_api.schemas.fields import (
    Date,
    Number,
    Reference,
    References,
    Slug,
    Text,
    line,
    prose,
)


class ScaleSchema(StrictSchema):
    """A numeric scale: its ends, its unit, and what each end means."""

    min = Number(required=True)
    max = Number(required=True)
    unit = Text(80, allow_none=True, load_default=None)
    min_means = line(allow_none=True, load_default=None)
    max_means = line(allow_none=True, load_default=None)

    @validates_schema(skip_on_field_errors=False)
    def _ends(self, data: dict[str, Any], **_: Any) -> None:
        if "min" in data and "max" in data and data["min"] >= data["max"]:
            raise ValidationError(
                f"Give a number above min, which is {Number().show(data['min'])}.", "max"
            )


class DemandSchema(RecordSchema):
    """One thing that somebody is asked, or offers, to do."""

    slug = Slug(required=True, metadata={"examples": ["sanctions-relief"]})
    title = line(required=True)
    text = prose(allow_none=True, load_default=None)
    issue = Reference("issue", required=True)
    addressed_to = References(
        "party",
        load_default=list,
        metadata={"description": "The slugs of the parties who would have to deliver it."},
    )
    part_of = Reference("demand", allow_none=True, load_default=None)
    deadline = Date(allow_none=True, load_default=None)
    scale = fields.Nested(ScaleSchema, allow_none=True, load_default=None)
    citations = citations()
    audience = limited_to()
