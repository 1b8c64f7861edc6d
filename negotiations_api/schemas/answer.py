"""What every answer to a question says, and how it names what the record has."""

from typing import Any

from marshmallow import Schema, fields

from negotiations_api.compare.position import ConditionKind, Stance
from negotiations_api.models.identifier import LENGTH
from negotiations_api.schemas.demand import ScaleSchema
from negotiations_api.schemas.fields import (
    Choice,
    Date,
    Identifier,
    Number,
    Slug,
    Text,
    line,
    prose,
)


class AnswerSchema(Schema):
    """What every answer that is derived from a negotiation says of it."""

    negotiation = Slug(required=True)
    revision = fields.Integer(
        required=True, metadata={"description": "The revision of the negotiation it was read at."}
    )


class AcrossSchema(Schema):
    """What every answer that is derived from several negotiations says of them."""

    revisions = fields.Dict(
        keys=Slug(),
        values=fields.Integer(),
        required=True,
        metadata={"description": "The revision that each negotiation (slug) was read at."},
    )


class ComparedPartySchema(Schema):
    """A party, as a comparison names it."""

    slug = Slug(required=True)
    name = line(required=True)


class ComparedIssueSchema(Schema):
    """An issue, as a comparison names it."""

    slug = Slug(required=True)
    title = line(required=True)


class ComparedConditionSchema(Schema):
    """A condition of a compared position."""

    kind = Choice(ConditionKind, required=True)
    demands = fields.List(Slug(), required=True)
    text = prose(required=True, allow_none=True)


class ComparedCitationSchema(Schema):
    """A citation of a compared position, with what one needs of its source."""

    source = Slug(required=True)
    title = line(required=True)
    published_on = Date(required=True, allow_none=True)
    url = Text(2000, required=True, allow_none=True)
    quotation = prose(required=True, allow_none=True)
    quoted = line(required=True, allow_none=True)
    locator = line(required=True, allow_none=True)


class ComparedPositionSchema(Schema):
    """A position as a comparison shows it."""

    id = Text(LENGTH, required=True, metadata=Identifier().metadata)
    date = Date(required=True)
    until = Date(required=True, allow_none=True)
    ends_on = Date(
        required=True,
        allow_none=True,
        attribute="last_day",
        metadata={"description": "The last day on which it holds; null while there is no end."},
    )
    stance = Choice(Stance, required=True)
    conditions = fields.List(fields.Nested(ComparedConditionSchema), required=True)
    value = Number(required=True, allow_none=True)
    reservation_value = Number(required=True, allow_none=True)
    salience = Number(required=True, allow_none=True)
    confidence = Number(required=True, allow_none=True)
    deadline = Date(required=True, allow_none=True)
    summary = prose(required=True, allow_none=True)
    meeting = Slug(required=True, allow_none=True)
    citations = fields.List(fields.Nested(ComparedCitationSchema), required=True)


class NamedDemandSchema(Schema):
    """A demand, as a comparison names it."""

    slug = Slug(required=True)
    title = line(required=True)
    part_of = Slug(required=True, allow_none=True)
    addressed_to = fields.List(Slug(), required=True)
    deadline = Date(required=True, allow_none=True)
    scale = fields.Nested(ScaleSchema, required=True, allow_none=True)


class DemandOfIssueSchema(NamedDemandSchema):
    """A demand, with the slug of its issue."""

    issue = Slug(required=True, attribute="issue.slug")


def maybe(low: float | None = None, high: float | None = None, description: str = "") -> Number:
    """A number that is null where it is not defined."""
    metadata = {"description": description} if description else {}
    return Number(low, high, required=True, allow_none=True, metadata=metadata)


def slugs(description: str = "") -> fields.List[str]:
    """A list of slugs."""
    return fields.List(
        Slug(), required=True, metadata={"description": description} if description else {}
    )


class Spelt(Text):
    """A period, as it was asked for."""

    def __init__(self) -> None:
        super().__init__(
            40,
            required=True,
            allow_none=True,
            metadata={"description": "The period, as asked for: 2018-06/2019."},
        )

    def show(self, value: Any) -> Any:
        """How it was written."""
        return value.text
