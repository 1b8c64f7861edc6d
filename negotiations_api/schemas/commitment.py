"""The schema of commitments."""

from typing import Any

from marshmallow import validates_schema

from negotiations_api.compare.commitment import CommitmentStatus, Delivers
from negotiations_api.schemas.base import AttributedSchema, in_order
from negotiations_api.schemas.citation import citations
from negotiations_api.schemas.fields import Choice, Date, Reference, Slug, prose


class CommitmentSchema(AttributedSchema):
    """What a party undertook or did."""

    slug = Slug(required=True, metadata={"examples": ["prk-suspends-tests"]})
    party = Reference("party", required=True)
    demand = Reference("demand", required=True)
    delivers = Choice(Delivers, load_default=Delivers.WHOLLY)
    text = prose(allow_none=True, load_default=None)
    meeting = Reference("meeting", allow_none=True, load_default=None)
    status = Choice(CommitmentStatus, required=True)
    date = Date(required=True, metadata={"description": "When it was undertaken or done."})
    deadline = Date(allow_none=True, load_default=None)
    status_since = Date(allow_none=True, load_default=None)
    citations = citations()

    @validates_schema(skip_on_field_errors=False)
    def _dates(self, data: dict[str, Any], **_: Any) -> None:
        in_order(data, "date", "status_since")
