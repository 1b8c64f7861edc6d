"""The schemas of timelines."""

from marshmallow import Schema, fields

from negotiations_api.compare.change import Change
from negotiations_api.compare.timeline import EntryKind
from negotiations_api.schemas.answer import AnswerSchema, Spelt, slugs
from negotiations_api.schemas.fields import Choice, Date, Slug, Text, prose


class EntrySchema(Schema):
    """One thing that happened."""

    kind = Choice(EntryKind, required=True)
    key = Text(80, required=True, metadata={"description": "The slug or id of the record."})
    date = Date(required=True)
    until = Date(required=True, allow_none=True)
    title = Text(1100, required=True)
    text = prose(required=True, allow_none=True)
    says = Text(
        80,
        required=True,
        allow_none=True,
        metadata={"description": "The stance, outcome, status or kind."},
    )
    change = Choice(
        Change,
        required=True,
        allow_none=True,
        metadata={
            "description": "How a position moved from the one before, if that held till then."
        },
    )
    parties = slugs()
    issues = slugs()
    demands = slugs()
    meeting = Slug(required=True, allow_none=True)


class TimelineSchema(AnswerSchema):
    """What happened, in order."""

    period = Spelt()
    entries = fields.List(fields.Nested(EntrySchema), required=True)
