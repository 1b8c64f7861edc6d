"""The schemas of compared accounts."""

from marshmallow import Schema, fields

from negotiations_api.compare.contradictions import Finding, Word
from negotiations_api.compare.meeting import Outcome
from negotiations_api.schemas.answer import (
    AnswerSchema,
    ComparedCitationSchema,
    ComparedPartySchema,
    slugs,
)
from negotiations_api.schemas.fields import Choice, Date, Flag, Slug, line, prose


class ComparedMeetingSchema(Schema):
    """The meeting that is reported of."""

    slug = Slug(required=True)
    title = line(required=True)
    starts_on = Date(required=True)
    ends_on = Date(required=True, allow_none=True)
    outcome = Choice(Outcome, required=True)


class ComparedAccountSchema(Schema):
    """An account, without its claims."""

    slug = Slug(required=True, attribute="account.slug")
    party = fields.Nested(ComparedPartySchema, required=True, attribute="account.party")
    is_third_party = Flag(required=True)
    speaker = line(required=True, allow_none=True, attribute="account.speaker")
    date = Date(required=True, attribute="account.date")
    outcome = Choice(Outcome, required=True, allow_none=True, attribute="account.outcome")
    summary = prose(required=True, allow_none=True, attribute="account.summary")
    citations = fields.List(
        fields.Nested(ComparedCitationSchema), required=True, attribute="account.citations"
    )


class ComparedClaimSchema(Schema):
    """What one account says on a topic."""

    affirmed = Flag(required=True)
    text = prose(required=True, allow_none=True)


class ComparedTopicSchema(Schema):
    """What the accounts say on one topic."""

    topic = Slug(required=True)
    finding = Choice(Finding, required=True)
    claims = fields.List(
        fields.Nested(ComparedClaimSchema, allow_none=True),
        required=True,
        metadata={"description": "In the order of the accounts; null: left out."},
    )
    affirmed_by = slugs("Parties.")
    denied_by = slugs("Parties.")
    third_parties = Choice(
        Word,
        required=True,
        allow_none=True,
        metadata={"description": "What third parties say; null where none has given an account."},
    )


class ClaimedOutcomeSchema(Schema):
    """An outcome, and the accounts that claim it."""

    outcome = Choice(
        Outcome, required=True, allow_none=True, metadata={"description": "null: no claim."}
    )
    accounts = slugs()


class ComparedAccountsSchema(AnswerSchema):
    """The accounts of a meeting side by side."""

    meeting = fields.Nested(ComparedMeetingSchema, required=True)
    accounts = fields.List(fields.Nested(ComparedAccountSchema), required=True)
    topics = fields.List(
        fields.Nested(ComparedTopicSchema),
        required=True,
        metadata={"description": "Contradictions first."},
    )
    outcomes = fields.List(fields.Nested(ClaimedOutcomeSchema), required=True)
    outcomes_differ = Flag(required=True)
