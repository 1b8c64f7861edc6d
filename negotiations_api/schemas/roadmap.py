"""The schemas of roadmaps."""

from marshmallow import Schema, fields

from negotiations_api.compare.roadmap import Concession, Obstacle, Relaxation
from negotiations_api.schemas.answer import (
    AnswerSchema,
    ComparedConditionSchema,
    ComparedPartySchema,
    DemandOfIssueSchema,
    slugs,
)
from negotiations_api.schemas.fields import Choice, Date, Flag, Slug


class HeldConditionSchema(Schema):
    """A condition, and whose it is."""

    demand = Slug(required=True)
    party = Slug(required=True)
    index = fields.Integer(
        required=True, metadata={"description": "Its place among the position's conditions."}
    )
    condition = fields.Nested(ComparedConditionSchema, required=True)


class AssumptionSchema(Schema):
    """A concession."""

    demand = Slug(required=True)
    party = Slug(required=True)
    concession = Choice(Concession, required=True)


class PlannedDemandSchema(Schema):
    """A demand that a step delivers."""

    demand = fields.Nested(DemandOfIssueSchema, required=True)
    after = slugs("Demands of earlier steps that meet its conditions.")
    together_with = slugs("Demands of the same step that meet its conditions.")


class StepSchema(Schema):
    """What can be delivered together."""

    number = fields.Integer(required=True)
    demands = fields.List(fields.Nested(PlannedDemandSchema), required=True)


class BlockSchema(Schema):
    """One reason why a demand is blocked."""

    obstacle = Choice(Obstacle, required=True)
    party = Slug(required=True, allow_none=True, metadata={"description": "null: nobody named."})
    condition = fields.Nested(HeldConditionSchema, required=True, allow_none=True)
    waits_for = slugs("What would meet the condition; none of it becomes deliverable.")


class BlockedDemandSchema(Schema):
    """A demand that never becomes deliverable."""

    demand = fields.Nested(DemandOfIssueSchema, required=True)
    blocks = fields.List(fields.Nested(BlockSchema), required=True)


class OpeningSchema(Schema):
    """A smallest set of conditions to relax, and what that opens."""

    relaxation = Choice(Relaxation, required=True)
    conditions = fields.List(fields.Nested(HeldConditionSchema), required=True)
    opens = slugs("All demands that become deliverable.")
    is_exact = Flag(
        required=True,
        metadata={"description": "False: it is a bound, and fewer conditions may do."},
    )


class DeadlockSchema(Schema):
    """Demands that wait for each other, at least one of them beforehand."""

    demands = slugs()
    parties = slugs("Those who set the conditions.")
    conditions = fields.List(fields.Nested(HeldConditionSchema), required=True)
    openings = fields.List(
        fields.Nested(OpeningSchema),
        required=True,
        metadata={"description": "Empty where something else blocks it too."},
    )
    is_exact = Flag(
        required=True,
        metadata={"description": "Whether every search for openings was exact."},
    )


class ConcessionEffectSchema(AssumptionSchema):
    """A single concession, and what it would open."""

    demand = Slug(required=True, attribute="assumption.demand")
    party = Slug(required=True, attribute="assumption.party")
    concession = Choice(Concession, required=True, attribute="assumption.concession")
    opens = slugs("All demands that become deliverable.")


class RoadmapSchema(AnswerSchema):
    """What could be done, in which order, and what blocks the rest."""

    on = Date(required=True)
    parties = fields.List(fields.Nested(ComparedPartySchema), required=True)
    assumed = fields.List(fields.Nested(AssumptionSchema), required=True)
    delivered = fields.List(fields.Nested(DemandOfIssueSchema), required=True)
    steps = fields.List(fields.Nested(StepSchema), required=True)
    blocked = fields.List(fields.Nested(BlockedDemandSchema), required=True)
    deadlocks = fields.List(fields.Nested(DeadlockSchema), required=True)
    concessions = fields.List(
        fields.Nested(ConcessionEffectSchema),
        required=True,
        metadata={"description": "Those that open most first."},
    )
