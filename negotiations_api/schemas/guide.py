"""The schemas of the way in."""

from marshmallow import Schema, fields

from negotiations_api.schemas.fields import line
from negotiations_api.schemas.problem import TYPE


class GuideSchema(Schema):
    """A short guide: what the service is, and where things are."""

    title = line(required=True)
    addresses = fields.Dict(keys=line(), values=line(), required=True)


class ProblemTypeSchema(Schema):
    """What a type of problem means."""

    type = fields.String(
        required=True, metadata={"format": "uri-reference", "pattern": TYPE, "maxLength": 80}
    )
    title = line(required=True)
    status = fields.Integer(required=True)
    advice = line(required=True)
