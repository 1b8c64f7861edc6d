"""The schemas of convergence."""

from marshmallow import Schema, fields

from negotiations_api.compare.change import Change
from negotiations_api.compare.measure import Measure, Weights
from negotiations_api.schemas.answer import (
    AnswerSchema,
    ComparedPartySchema,
    ComparedPositionSchema,
    DemandOfIssueSchema,
    Spelt,
    maybe,
    slugs,
)
from negotiations_api.schemas.fields import Choice, Date, Slug


class ConvergencePointSchema(Schema):
    """The measure on one day."""

    on = Date(required=True)
    value = maybe(-1, 1, "Over the fixed demands, the mean over the pairs of parties.")
    recorded_value = maybe(-1, 1, "Over all demands that all parties are recorded on that day.")
    recorded = fields.Integer(required=True, metadata={"description": "How many these are."})
    entered = slugs("The demands that have come to them since the last point.")
    left = slugs("The demands that have gone from them since the last point.")


class MovedPositionSchema(ComparedPositionSchema):
    """A position before or after a move; its citations are left to the position's own address."""

    class Meta:
        """What is left out."""

        exclude = ("citations",)


class MoveSchema(Schema):
    """A change of one position, and by how much it moved the measure."""

    on = Date(required=True)
    party = Slug(required=True, attribute="after.party")
    demand = Slug(required=True, attribute="after.demand")
    before = fields.Nested(MovedPositionSchema, required=True)
    after = fields.Nested(MovedPositionSchema, required=True)
    change = Choice(Change, required=True)
    effect = maybe(-2, 2, "By how much the measure moved for it alone.")


class ConvergenceSchema(AnswerSchema):
    """Whether parties come closer."""

    measure = Choice(Measure, required=True)
    weights = Choice(Weights, required=True)
    period = Spelt()
    parties = fields.List(fields.Nested(ComparedPartySchema), required=True)
    demands = fields.List(
        fields.Nested(DemandOfIssueSchema),
        required=True,
        metadata={"description": "The fixed demands: all parties are recorded on them throughout."},
    )
    points = fields.List(fields.Nested(ConvergencePointSchema), required=True)
    moves = fields.List(
        fields.Nested(MoveSchema),
        required=True,
        metadata={"description": "The largest, the largest first."},
    )
