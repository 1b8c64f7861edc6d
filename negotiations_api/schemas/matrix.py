"""The schema of a matrix."""

from marshmallow import Schema, fields

from negotiations_api.schemas.answer import (
    AnswerSchema,
    ComparedIssueSchema,
    ComparedPartySchema,
    ComparedPositionSchema,
    NamedDemandSchema,
)
from negotiations_api.schemas.fields import Date


class MatrixRowSchema(Schema):
    """One demand and where each party stands on it."""

    demand = fields.Nested(NamedDemandSchema, required=True)
    issue = fields.Nested(ComparedIssueSchema, required=True, attribute="demand.issue")
    positions = fields.List(
        fields.Nested(ComparedPositionSchema, allow_none=True),
        required=True,
        metadata={"description": "In the order of parties; null: not recorded."},
    )


class MatrixSchema(AnswerSchema):
    """Who stands where."""

    on = Date(required=True)
    parties = fields.List(fields.Nested(ComparedPartySchema), required=True)
    rows = fields.List(fields.Nested(MatrixRowSchema), required=True)
    recorded = fields.Integer(
        required=True, metadata={"description": "How many positions are recorded."}
    )
