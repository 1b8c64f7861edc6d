"""The schemas of where one party stands everywhere."""

from marshmallow import Schema, fields

from negotiations_api.compare.participant import Role
from negotiations_api.schemas.answer import (
    AcrossSchema,
    ComparedPartySchema,
    ComparedPositionSchema,
    DemandOfIssueSchema,
)
from negotiations_api.schemas.fields import Choice, Date, Slug, line


class HeldPositionSchema(Schema):
    """A position with its demand."""

    demand = fields.Nested(DemandOfIssueSchema, required=True)
    position = fields.Nested(ComparedPositionSchema, required=True)


class StandingInNegotiationSchema(Schema):
    """Where the party stands in one negotiation."""

    negotiation = Slug(required=True)
    title = line(required=True)
    role = Choice(Role, required=True)
    positions = fields.List(fields.Nested(HeldPositionSchema), required=True)


class StandingSchema(AcrossSchema):
    """Where a party stands in every negotiation that it takes part in."""

    party = fields.Nested(ComparedPartySchema, required=True)
    on = Date(required=True)
    negotiations = fields.List(fields.Nested(StandingInNegotiationSchema), required=True)
