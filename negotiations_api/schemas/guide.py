"""The schemas of the way in."""

from marshmallow import Schema, fields


class GuideSchema(Schema):
    """A short guide: what the service is, and where things are."""

    title = fields.String(required=True)
    addresses = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class ProblemTypeSchema(Schema):
    """What a type of problem means."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    advice = fields.String(required=True)
