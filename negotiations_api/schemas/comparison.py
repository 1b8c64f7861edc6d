"""The schemas of what the comparison core answers."""

from typing import Any

from marshmallow import Schema, fields

from negotiations_api.compare.alignment import Alignment
from negotiations_api.compare.change import Change
from negotiations_api.compare.date import FOREVER
from negotiations_api.compare.position import ConditionKind, Position, Stance
from negotiations_api.schemas.demand import ScaleSchema
from negotiations_api.schemas.fields import Choice, Date, Identifier, Number, Slug, Text


class ComparedPartySchema(Schema):
    """A party, as a comparison names it."""

    slug = Slug(required=True)
    name = Text(500, required=True)


class ComparedIssueSchema(Schema):
    """An issue, as a comparison names it."""

    slug = Slug(required=True)
    title = Text(500, required=True)


class ComparedConditionSchema(Schema):
    """A condition of a compared position."""

    kind = Choice(ConditionKind, required=True)
    demands = fields.List(Slug(), required=True)
    text = Text(20_000, required=True, allow_none=True)


class ComparedCitationSchema(Schema):
    """A citation of a compared position, with what one needs of its source."""

    source = Slug(required=True)
    title = Text(500, required=True)
    published_on = Date(required=True, allow_none=True)
    url = Text(2000, required=True, allow_none=True)
    quotation = Text(20_000, required=True, allow_none=True)
    quoted = Text(500, required=True, allow_none=True)
    locator = Text(500, required=True, allow_none=True)


def _end(position: Position) -> str | None:
    return None if position.ends_on == FOREVER else position.ends_on


class ComparedPositionSchema(Schema):
    """A position as a comparison shows it."""

    id = fields.String(required=True, metadata=Identifier().metadata)
    date = Date(required=True)
    until = Date(required=True, allow_none=True)
    ends_on = fields.Function(
        _end,
        metadata={
            "description": "The last day on which it holds; null while there is no end.",
            "type": ["string", "null"],
            "format": "date",
        },
    )
    stance = Choice(Stance, required=True)
    conditions = fields.List(fields.Nested(ComparedConditionSchema), required=True)
    value = Number(required=True, allow_none=True)
    reservation_value = Number(required=True, allow_none=True)
    salience = Number(required=True, allow_none=True)
    confidence = Number(required=True, allow_none=True)
    deadline = Date(required=True, allow_none=True)
    summary = Text(20_000, required=True, allow_none=True)
    meeting = Slug(required=True, allow_none=True)
    citations = fields.List(fields.Nested(ComparedCitationSchema), required=True)


class NamedDemandSchema(Schema):
    """A demand, as a comparison names it."""

    slug = Slug(required=True)
    title = Text(500, required=True)
    part_of = Slug(required=True, allow_none=True)
    addressed_to = fields.List(Slug(), required=True)
    deadline = Date(required=True, allow_none=True)
    scale = fields.Nested(ScaleSchema, required=True, allow_none=True)


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


class TotalsSchema(Schema):
    """How many demands there are of each kind."""

    demands = fields.Integer(required=True)
    recorded_by_both = fields.Integer(required=True)
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


class AnswerSchema(Schema):
    """What every answer that is derived from a negotiation says of it."""

    negotiation = Slug(required=True)
    revision = fields.Integer(
        required=True, metadata={"description": "The revision of the negotiation it was read at."}
    )


class ComparisonSchema(AnswerSchema):
    """Where two sides differ."""

    left = fields.Nested(ComparedSideSchema, required=True)
    right = fields.Nested(ComparedSideSchema, required=True)
    issues = fields.List(fields.Nested(DemandsOfIssueSchema), required=True)
    totals = fields.Nested(TotalsSchema, required=True)


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


def answer(schema: Schema, negotiation: str, revision: int, body: Any) -> dict[str, Any]:
    """`body` as `schema` shows it, with the negotiation and the revision that it was read at."""
    dumped: dict[str, Any] = schema.dump(body)
    return {"negotiation": negotiation, "revision": revision} | dumped
