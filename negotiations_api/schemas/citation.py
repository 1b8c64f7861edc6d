"""The schema of citations."""

from marshmallow import fields

from negotiations_api.schemas.base import StrictSchema
from negotiations_api.schemas.fields import Reference, Several, line, prose


class CitationSchema(StrictSchema):
    """The use of a source by one record."""

    source = Reference("source", required=True)
    quotation = prose(allow_none=True, load_default=None)
    quoted = line(allow_none=True, load_default=None, metadata={"description": "Who is quoted."})
    locator = line(
        allow_none=True, load_default=None, metadata={"description": "Where in the source."}
    )
    audience = Reference(
        "audience",
        allow_none=True,
        load_default=None,
        metadata={
            "description": "The audience to which it is limited; null: all see it who see the rest."
        },
    )


def citations() -> Several:
    """The citations of a record, in order."""
    return Several(fields.Nested(CitationSchema), load_default=list)
