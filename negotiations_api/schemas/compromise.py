"""The schemas of compromises."""

from marshmallow import Schema, fields

from negotiations_api.compare.compromise import Zone
from negotiations_api.schemas.answer import (
    AnswerSchema,
    ComparedPartySchema,
    DemandOfIssueSchema,
    maybe,
)
from negotiations_api.schemas.fields import Choice, Date, Flag, Identifier, Number


class ScaledPositionSchema(Schema):
    """A party's value on a scale."""

    party = fields.Nested(ComparedPartySchema, required=True)
    id = fields.String(required=True, attribute="position.id", metadata=Identifier().metadata)
    value = Number(required=True, attribute="position.value")
    reservation_value = Number(
        required=True, allow_none=True, attribute="position.reservation_value"
    )
    salience = Number(required=True, allow_none=True, attribute="position.salience")
    capability = Number(
        required=True,
        allow_none=True,
        attribute="party.weight",
        metadata={"description": "The weight of the participant."},
    )
    influence = maybe(
        0,
        1,
        "Salience times capability, each as a share, 50 where not recorded: what the value weighs.",
    )


class ZoneOfPossibleAgreementSchema(Schema):
    """The zone of possible agreement (ZOPA)."""

    zone = Choice(Zone, required=True)
    low = maybe()
    high = maybe()
    is_complete = Flag(
        required=True,
        metadata={"description": "Whether all have said how far they would go."},
    )


class CompromiseSchema(Schema):
    """What the values of the parties on one demand come to."""

    demand = fields.Nested(DemandOfIssueSchema, required=True)
    positions = fields.List(fields.Nested(ScaledPositionSchema), required=True)
    without_value = fields.List(
        fields.Nested(ComparedPartySchema),
        required=True,
        metadata={"description": "Recorded on it, but without a value, or rejecting it."},
    )
    mean = maybe(description="The weighted mean.")
    median = maybe(description="The weighted median: the middle of median_low and median_high.")
    median_low = maybe()
    median_high = maybe()
    nash = maybe(description="The Nash bargaining point; null unless all reservations are known.")
    zone = fields.Nested(ZoneOfPossibleAgreementSchema, required=True)


class CompromisesSchema(AnswerSchema):
    """What could be agreed on demands with a scale."""

    on = Date(required=True)
    demands = fields.List(fields.Nested(CompromiseSchema), required=True)
