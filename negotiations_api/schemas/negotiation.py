"""The schema of negotiations."""

from types import MappingProxyType
from typing import Any

from marshmallow import validates_schema

from negotiations_api.models.negotiation import NegotiationStatus, Visibility
from negotiations_api.schemas.base import RecordSchema, in_order
from negotiations_api.schemas.fields import Choice, Date, Slug, line, prose


class NegotiationSchema(RecordSchema):
    """The talks."""

    implied = MappingProxyType({"visibility": Visibility.PUBLIC.value})

    slug = Slug(required=True, metadata={"examples": ["us-dprk"]})
    title = line(required=True)
    summary = prose(allow_none=True, load_default=None)
    status = Choice(NegotiationStatus, load_default=NegotiationStatus.ACTIVE)
    starts_on = Date(allow_none=True, load_default=None)
    ends_on = Date(allow_none=True, load_default=None)
    # No default: whoever writes the rest anew does not thereby open what was closed.
    visibility = Choice(
        Visibility,
        metadata={
            "description": "private: only tokens that are good for it see that it is there. "
            "Left out: as it is, and public of a new one."
        },
    )

    @validates_schema(skip_on_field_errors=False)
    def _dates(self, data: dict[str, Any], **_: Any) -> None:
        in_order(data, "starts_on", "ends_on")
