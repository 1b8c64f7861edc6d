"""The schema of a page of a list."""

from functools import cache

from marshmallow import Schema, fields

from negotiations_api.schemas.fields import Included, Several


@cache
def listing_of(schema: type[Schema]) -> Schema:
    """The schema of a page of records."""
    name = schema.__name__.removesuffix("Schema")
    listing = Schema.from_dict(
        {
            "items": Several(fields.Nested(schema), required=True),
            "next": fields.String(
                required=True,
                allow_none=True,
                metadata={
                    "description": "The address of the next page; null on the last.",
                    "format": "uri-reference",
                },
            ),
            "included": Included(),
            "count": fields.Integer(
                metadata={"description": "How many there are in all, with count=exact."}
            ),
        },
        name=f"{name}ListSchema",
    )
    return listing()
