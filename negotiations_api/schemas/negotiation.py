"""The schema of negotiations."""

from typing import Any

from marshmallow import validates_schema

from negotiations_api.models.negotiation import NegotiationStatus
from negotiations_api.schemas.base import RecordSchema, in_order
from negotiations_api.schemas.fields import Choice, Date, Slug, line, prose


class NegotiationSchema(RecordSchema):
    """The talks."""

    slug = Slug(required=True, metadata={"examples": ["us-dprk"]})
    title = line(required=True)
    summary = prose(allow_none=True, load_default=None)
    status = Choice(NegotiationStatus, load_default=NegotiationStatus.ACTIVE)
    starts_on = Date(allow_none=True, load_default=None)
    ends_on = Date(allow_none=True, load_default=None)

    @validates_schema(skip_on_field_errors=False)
    def _dates(self, data: dict[str, Any], **_: Any) -> None:
        in_order(data, "starts_on", "ends_on")
