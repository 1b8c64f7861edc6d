"""The schemas of comparisons."""

from marshmallow import Schema, fields

from negotiations_api.compare.alignment import Alignment
from negotiations_api.compare.change import Change
from negotiations_api.schemas.answer import (
    AcrossSchema,
    AnswerSchema,
    ComparedIssueSchema,
    ComparedPartySchema,
    ComparedPositionSchema,
    NamedDemandSchema,
    maybe,
    slugs,
)
from negotiations_api.schemas.fields import Choice, Date, Slug


class ComparedDemandSchema(Schema):
    """Both positions on a demand, and how they relate."""

    demand = fields.Nested(NamedDemandSchema, required=True)
    left = fields.Nested(
        ComparedPositionSchema,
        required=True,
        allow_none=True,
        metadata={"description": "null: not recorded."},
    )
    right = fields.Nested(
        ComparedPositionSchema,
        required=True,
        allow_none=True,
        metadata={"description": "null: not recorded."},
    )
    alignment = Choice(
        Alignment,
        required=True,
        allow_none=True,
        metadata={"description": "Between two parties; null between two dates of one."},
    )
    change = Choice(
        Change,
        required=True,
        allow_none=True,
        metadata={"description": "Between two dates of one party; null between two parties."},
    )
    distance = maybe(0, 1, "How far apart the positions are; null: not both are recorded.")


class TotalsSchema(Schema):
    """How many demands there are of each kind."""

    demands = fields.Integer(required=True)
    recorded_by_both = fields.Integer(required=True)
    coverage = maybe(0, 1, "The share of these in the demands that either is recorded on.")
    distance = maybe(0, 1, "How far apart the sides are: the mean over these; null: over none.")
    weighted_distance = maybe(0, 1, "The same, weighted by salience (50 where none is recorded).")
    left_recorded = fields.Integer(required=True)
    right_recorded = fields.Integer(required=True)
    left_acceptance = maybe(-1, 1, "The mean acceptance of the left side's stances.")
    right_acceptance = maybe(-1, 1, "The mean acceptance of the right side's stances.")
    alignments = fields.Dict(
        keys=fields.String(), values=fields.Integer(), required=True, allow_none=True
    )
    changes = fields.Dict(
        keys=fields.String(), values=fields.Integer(), required=True, allow_none=True
    )


class DemandsOfIssueSchema(Schema):
    """The compared demands of one issue."""

    issue = fields.Nested(ComparedIssueSchema, required=True)
    demands = fields.List(fields.Nested(ComparedDemandSchema), required=True)
    totals = fields.Nested(TotalsSchema, required=True)


class ComparedSideSchema(Schema):
    """One side: who, and on which day."""

    party = fields.Nested(ComparedPartySchema, required=True)
    date = Date(
        required=True, allow_none=True, metadata={"description": "As asked for; null: today."}
    )
    on = Date(required=True, metadata={"description": "The day that the date means."})


class ComparisonSchema(AnswerSchema):
    """Where two sides differ."""

    left = fields.Nested(ComparedSideSchema, required=True)
    right = fields.Nested(ComparedSideSchema, required=True)
    issues = fields.List(fields.Nested(DemandsOfIssueSchema), required=True)
    totals = fields.Nested(TotalsSchema, required=True)


class SideAcrossSchema(ComparedSideSchema):
    """One side: who, on which day, in which negotiation."""

    negotiation = Slug(required=True)


class CrossComparisonSchema(AcrossSchema):
    """Where two sides in two negotiations differ, on the issues that these share."""

    left = fields.Nested(SideAcrossSchema, required=True, attribute="comparison.left")
    right = fields.Nested(SideAcrossSchema, required=True, attribute="comparison.right")
    issues = fields.List(
        fields.Nested(DemandsOfIssueSchema), required=True, attribute="comparison.issues"
    )
    totals = fields.Nested(TotalsSchema, required=True, attribute="comparison.totals")
    only_left = slugs("Issues of the left negotiation only.")
    only_right = slugs("Issues of the right negotiation only.")
