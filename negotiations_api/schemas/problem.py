"""The schema of problem documents (RFC 9457)."""

from marshmallow import Schema, fields


class ProblemErrorSchema(Schema):
    """One thing that is wrong: in the body (pointer) or in the query (parameter)."""

    pointer = fields.String(metadata={"description": "A JSON Pointer (RFC 6901) into the body."})
    parameter = fields.String(metadata={"description": "The name of a query parameter."})
    line = fields.Integer(metadata={"description": "The line of a YAML document."})
    detail = fields.String(required=True)


class ProblemOtherSchema(Schema):
    """A record that is in the way."""

    noun = fields.String(required=True)
    href = fields.String(required=True)


class ProblemSchema(Schema):
    """What went wrong, and what to do."""

    type = fields.String(required=True, metadata={"format": "uri-reference"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    errors = fields.List(fields.Nested(ProblemErrorSchema))
    others = fields.List(fields.Nested(ProblemOtherSchema))
