"""The schema of events."""

from typing import Any

from marshmallow import validates_schema

from negotiations_api.compare.event import EventKind
from negotiations_api.schemas.base import RecordSchema, in_order
from negotiations_api.schemas.citation import citations
from negotiations_api.schemas.fields import Choice, Date, References, Slug, line, prose


class EventSchema(RecordSchema):
    """Anything else that is dated and matters."""

    slug = Slug(required=True, metadata={"examples": ["xi-visits-pyongyang"]})
    title = line(required=True)
    text = prose(allow_none=True, load_default=None)
    kind = Choice(EventKind, required=True)
    date = Date(required=True)
    until = Date(allow_none=True, load_default=None)
    parties = References("party", load_default=list)
    issues = References("issue", load_default=list)
    citations = citations()

    @validates_schema(skip_on_field_errors=False)
    def _dates(self, data: dict[str, Any], **_: Any) -> None:
        in_order(data, "date", "until")
