"""The schemas of agreement."""

from marshmallow import Schema, fields

from negotiations_api.compare.measure import Measure, Weights
from negotiations_api.schemas.answer import (
    AnswerSchema,
    ComparedPartySchema,
    DemandOfIssueSchema,
    Spelt,
    maybe,
)
from negotiations_api.schemas.fields import Choice, Date, Slug


class PairAgreementSchema(Schema):
    """How close two parties are."""

    left = Slug(required=True)
    right = Slug(required=True)
    value = maybe(
        -1,
        1,
        "By the measure, over the n demands that both are recorded on; null where it is not "
        "defined, as with nothing in common.",
    )
    n = fields.Integer(required=True)
    coverage = maybe(0, 1, "The share of n in the demands on which either of the two is recorded.")


class SetAgreementSchema(Schema):
    """How close all the parties are together."""

    alpha = maybe(description="Krippendorff's alpha; null where it is not defined.")
    n = fields.Integer(
        required=True, metadata={"description": "Demands that two or more are recorded on."}
    )
    positions = fields.Integer(required=True)


class DemandAgreementSchema(Schema):
    """How united the parties are on one demand."""

    demand = fields.Nested(DemandOfIssueSchema, required=True)
    n = fields.Integer(required=True)
    stances = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    rice = maybe(0, 1, "Rice's index of cohesion (1925); null without any clear yes or no.")
    agreement_index = maybe(
        0, 1, "The agreement index of Hix, Noury and Roland (2005); null without positions."
    )


class AgreementSchema(AnswerSchema):
    """How close every pair of parties is."""

    on = Date(required=True, allow_none=True)
    period = Spelt()
    measure = Choice(Measure, required=True)
    weights = Choice(Weights, required=True)
    parties = fields.List(fields.Nested(ComparedPartySchema), required=True)
    pairs = fields.List(fields.Nested(PairAgreementSchema), required=True)
    together = fields.Nested(SetAgreementSchema, required=True)
    demands = fields.List(fields.Nested(DemandAgreementSchema), required=True)
